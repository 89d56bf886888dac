"""Random command lines and files: `python -m tests.fuzz` runs as many as there is time for."""

import json
import subprocess
import sys

from conftest import ROOT
from fuzz.seeds import STARTS_A_PROCESS

from cnngrad.cli.app import COMMANDS
from proofs import times

NEEDS_A_TERMINAL = {"explore"}


def test_no_command_line_and_no_file_breaks_the_program(tmp_path):
    figures = tmp_path / "figures.json"
    how_many = "--executions", str(1000 * times()), "--seed", str(times())
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *how_many, "--json", figures],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    codes = json.loads(figures.read_text())["codes"]
    often = set(COMMANDS) - STARTS_A_PROCESS
    assert {name for name in codes if "0" in codes[name]} >= often - NEEDS_A_TERMINAL
    assert {name for name in codes if "3" in codes[name]} >= often - {"help"}  # it reads no data
