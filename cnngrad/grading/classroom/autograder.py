"""Gradescope's autograder: the files that mark one problem there, without anything else."""

import shutil
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

REQUIRED = ("numpy>=2.0", "rich>=13.9", "typer>=0.28,<0.29")
"""What the program needs, where it is not installed as a package that says so itself."""

PACKAGE = "cnngrad"

_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when the image of the autograder is built.
set -euo pipefail
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get update
    apt-get install -y python3.11 python3.11-venv
    python=python3.11
fi
"$python" -m venv /autograder/venv
/autograder/venv/bin/python -m pip install {requirements}
"""

_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission; the marks go to results/results.json.
set -u
root="${{AUTOGRADER_ROOT:-/autograder}}"
python="$root/venv/bin/python"
[ -x "$python" ] || python=python3
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/class" "$root/results"
cp -R -P "$root/submission" "$work/class/student"
PYTHONPATH="$root/source" "$python" -m {package} grade "$root/source/problem.json" \\
    "$work/class" --gradescope "$work/out" --hint-level {level} --quiet \\
    2>"$work/errors" >"$work/marks"
if [ -f "$work/out/student/results.json" ]; then
    cp "$work/out/student/results.json" "$root/results/results.json"
else
    PYTHONPATH="$root/source" "$python" - "$work/errors" "$root/results/results.json" <<'PYTHON'
import json, sys

with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
    reason = file.read() or "The autograder could not be run."
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump({{"score": 0, "output": reason, "tests": []}}, file)
PYTHON
fi
"""


def autograder_files(problem: str, level: int = 2) -> dict[str, bytes]:
    """The files by name, but for the program itself.

    Parameters
    ----------
    problem
        The problem file that all answer.
    level
        What students are told: 1 where, 2 what rule, 3 the solution.
    """
    quoted = " ".join(f"'{requirement}'" for requirement in requirements())
    return {
        "problem.json": problem.encode(),
        "setup.sh": _SETUP.format_map({"requirements": quoted}).encode(),
        "run_autograder": _RUN.format_map({"package": PACKAGE, "level": level}).encode(),
    }


def requirements() -> Sequence[str]:
    """What the program needs to run."""
    try:
        stated = metadata.requires(PACKAGE) or ()
    except metadata.PackageNotFoundError:
        stated = ()
    own = [one for one in stated if "extra ==" not in one]
    return own or REQUIRED


def copy_program(folder: Path) -> None:
    """Put the program itself beside the files, as it is here."""
    here = Path(__file__).parents[2]
    waste = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(here, folder / PACKAGE, ignore=waste, dirs_exist_ok=True)
