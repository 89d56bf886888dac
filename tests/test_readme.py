"""Every command that README shows runs, and every command is shown."""

import re
import shlex

import pytest
from conftest import ROOT

from cnngrad.cli.app import COMMANDS

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.replace("\\\n", " ").splitlines() if line]
SHOWN = [line for line in LINES if line.startswith("cnngrad ")]
MADE = {"needs a terminal": ("explore", "--practice"), "needs a cluster": ("--dask",)}


def runnable(line):
    return not any(word in line for words in MADE.values() for word in words)


@pytest.mark.parametrize("line", list(filter(runnable, SHOWN)))
def test_a_command_in_readme_runs(cnngrad, monkeypatch, tmp_path, line):
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)
    command = shlex.split(line, comments=True)
    run = cnngrad(*command[1:])
    assert run.code in (0, 1), run.err
    assert run.out or "--output" in command or "--copy" in command


def test_the_two_commands_are_complete_and_work_on_the_samples():
    venvs = [line for line in LINES if line.startswith("python3 -m venv")]
    assert len(venvs) == 2
    assert ".venv/bin/cnngrad conv-backward --input samples/convolution/A_prev.csv" in venvs[0]
    assert venvs[1].endswith(".venv-test/bin/pytest")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown(command):
    assert any(line.split()[1] == command for line in SHOWN)


def test_every_file_that_readme_points_to_exists():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
