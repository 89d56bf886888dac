"""No command opens a connection, and pages load nothing."""

import json
import os
import re
import shlex
import subprocess
import sys

from conftest import PATIENCE, ROOT
from test_readme import SHOWN, runnable

WATCHED = """
import json, os, shlex, sys

seen = []

def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
        seen.append([event, str(arguments)[:200]])

sys.addaudithook(watch)
from cnngrad.cli import main

for line in json.loads(os.environ["LINES"]):
    before = len(seen)
    main(shlex.split(line, comments=True)[1:])
    for event in seen[before:]:
        event.append(line)
print("\\n" + json.dumps(seen))
"""


def test_no_command_opens_a_connection(tmp_path):
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    lines = [line for line in SHOWN if runnable(line)]
    lines += ["cnngrad --version", "cnngrad help", "cnngrad --help"]
    assert {shlex.split(line)[1] for line in lines} >= {"grade", "check", "exercise", "example"}
    run = subprocess.run(
        [sys.executable, "-c", WATCHED],
        cwd=tmp_path,
        env={**os.environ, "LINES": json.dumps(lines), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == []


def test_every_page_says_what_it_may_do(cnngrad, tmp_path):
    answers = ROOT / "samples" / "homework" / "convolution" / "answers"
    problem = answers.parent / "problem.json"
    pages = [tmp_path / f"{name}.html" for name in ("problem", "network", "marks")]
    assert cnngrad("conv-backward", "convolution", "--output", pages[0]).code == 0
    assert cnngrad("network-backward", "lenet_toy", "--output", pages[1]).code == 0
    assert cnngrad("grade", problem, answers, "--output", pages[2]).code == 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        rules = dict(rule.strip().split(" ", 1) for rule in policy.rstrip(";").split(";"))
        assert rules.pop("default-src") == "'none'"
        assert "'unsafe-inline'" not in rules.pop("script-src", "")
        assert rules.pop("style-src") == "'unsafe-inline'"
        allowed = "data:" if "img-src" in rules else None
        assert rules.pop("img-src", None) == allowed
        assert not re.search(r"https?://", "".join(rules.values()))
        assert not re.search(r"""(src|href)=["'](?!#|data:)""", text)
