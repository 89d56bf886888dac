"""The suite under every Python to be had, with the oldest and the newest packages admitted.

`python -m tests.compatibility` makes an environment for each, runs the tests in it, and prints a
table (Markdown) at the end. `--only oldest`, `--python python3.13` (repeatable) leave the rest out;
what follows `--` goes to pytest. The oldest version of a package is the lowest that the project
admits and that can be installed as a wheel under that Python.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SHOWN = ("numpy", "rich", "typer", "textual", "distributed", "pillow", "pytest")


class Row(NamedTuple):
    """What came of one environment."""

    python: str
    which: str
    versions: dict[str, str]
    result: str
    good: bool


def run(*words: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [os.fspath(word) for word in words], cwd=folder, capture_output=True, text=True, check=False
    )


def pythons() -> Iterator[Path]:
    """The interpreters on this machine that the project admits, one of each version."""
    named = [shutil.which(f"python3.{minor}") for minor in range(11, 30)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [Path(path) for path in named if path] + sorted(pyenv.glob("versions/*/bin/python3"))
    admitted = SpecifierSet(PROJECT["requires-python"])
    seen = set()
    for path in [Path(sys.executable), *found]:
        told = run(path, "-c", "import platform; print(platform.python_version())")
        version = told.stdout.strip()
        if told.returncode == 0 and version in admitted and version not in seen:
            seen.add(version)
            yield path


def requirements(extra: str = "test") -> dict[str, Requirement]:
    """What the project and an extra of it ask for, the extras named in that one included."""
    found: dict[str, Requirement] = {}
    for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"][extra]):
        one = Requirement(text)
        if one.name == PROJECT["name"]:
            for inner in one.extras:
                found |= requirements(inner)
        else:
            found[one.name] = one
    return found


def oldest(python: Path, requirement: Requirement) -> str:
    """The lowest version that is admitted and has a wheel for this Python, as `name==version`."""
    told = run(python, "-m", "pip", "index", "versions", requirement.name).stdout
    listed = re.search(r"^Available versions: (.*)$", told, re.MULTILINE)
    for version in sorted(understood(listed[1].split(", ") if listed else [])):
        if version in requirement.specifier:
            pinned = f"{requirement.name}=={version}"
            options = "--dry-run", "--no-deps", "--ignore-installed", "--only-binary", ":all:"
            if run(python, "-m", "pip", "install", *options, pinned).returncode == 0:
                return pinned
    raise SystemExit(f"no version of {requirement} can be had for {python}")


def understood(texts: list[str]) -> Iterator[Version]:
    """The versions among those that an index lists; very old ones were not numbered by any rule."""
    for text in texts:
        with suppress(InvalidVersion):
            yield Version(text)


def tried(interpreter: Path, which: str, folder: Path, words: list[str]) -> Row:
    """Make an environment and run the suite in it."""
    run(interpreter, "-m", "venv", folder)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    told = run(python, "-c", "import platform; print(platform.python_version())").stdout.strip()
    pins = []
    if which == "oldest":
        pins = [oldest(python, requirement) for requirement in requirements().values()]
    done = run(python, "-m", "pip", "install", "-q", "-e", f"{ROOT}[test]", *pins)
    if done.returncode:
        return Row(told, which, {}, "cannot be installed: " + done.stderr.strip()[-300:], False)
    listed = run(python, "-m", "pip", "list", "--format", "freeze").stdout
    versions = dict(line.split("==") for line in listed.splitlines() if "==" in line)
    done = run(python, "-m", "pytest", *words)
    print(done.stdout[-6000:] + done.stderr[-2000:] if done.returncode else "", file=sys.stderr)
    summary = done.stdout.strip().splitlines()[-1].strip("= ") if done.stdout.strip() else "died"
    return Row(told, which, versions, summary, done.returncode == 0)


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = [("Python", "packages", *SHOWN, "tests"), ("---",) * (len(SHOWN) + 3)]
    for row in rows:
        versions = (row.versions.get(name, "–") for name in SHOWN)
        lines.append((row.python, row.which, *versions, row.result))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> int:
    """Read the options, try each environment, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.compatibility", description=__doc__)
    parser.add_argument("--python", action="append", metavar="PROGRAM", type=Path)
    parser.add_argument("--only", choices=["oldest", "newest"])
    parser.add_argument("words", nargs="*", metavar="PYTEST'S WORDS")
    asked = parser.parse_args()
    rows = []
    for interpreter in asked.python or pythons():
        for which in [asked.only] if asked.only else ["oldest", "newest"]:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(tried(interpreter, which, Path(folder) / "venv", asked.words))
            print(table(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    print(table(rows))
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
