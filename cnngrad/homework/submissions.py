"""Who handed in what: the answer files of a class, and the problem that each answers."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..errors import FileError
from ..files.source import KINDS

ANSWER = "answer"
"""A file of this name answers for the folder that it lies in."""
PROBLEM = "problem.json"
UNPOSED = "-"


class Submission(NamedTuple):
    """One answer that is to be marked."""

    name: str
    path: str
    """The answer file; "" where nothing was handed in."""
    problem: str = ""
    """The problem file, where each student has one of their own; `UNPOSED` where it is missing."""


def submissions(problem: Path, folder: Path | None = None, glob: str = "") -> list[Submission]:
    """Find the answers, sorted by name.

    Parameters
    ----------
    problem
        A problem file that all answer; or a folder with one folder a student, in each a
        `problem.json`, as `exercise --count` makes it.
    folder
        Where the answers lie: `anna.json`, or `anna/answer.json`. With a folder of problems,
        the answers may lie beside them.
    glob
        Which files are answers; unless given, all whose ending can be read.

    Raises
    ------
    FileError
        There is no such folder, or nothing in it that could be marked.
    """
    if problem.is_dir():
        return _each_their_own(problem, folder or problem, glob)
    if folder is None:
        raise FileError(
            "The folder with the answers is missing.",
            expected="cnngrad grade PROBLEM FOLDER",
            mend="only a folder of problems, one a student, may hold the answers itself",
        )
    found = _answers(folder, glob, except_for=problem)
    if not found:
        raise _nothing(folder, glob)
    return sorted(Submission(name, path) for name, path in found.items())


def _each_their_own(problems: Path, folder: Path, glob: str) -> list[Submission]:
    posed = {
        entry.name: os.path.join(entry.path, PROBLEM)
        for entry in os.scandir(problems)
        if entry.is_dir() and os.path.isfile(os.path.join(entry.path, PROBLEM))
    }
    if not posed:
        raise FileError(
            "There are no problems in this folder.",
            where=str(problems),
            expected=f"a folder for each student with a {PROBLEM} in it, or a problem file",
            mend="cnngrad exercise OP --count 30 --output DIR makes such a folder",
        )
    found = _answers(folder, glob, except_for=None)
    if not found:
        raise _nothing(folder, glob)
    names = sorted({*posed, *found})
    return [Submission(name, found.get(name, ""), posed.get(name, UNPOSED)) for name in names]


def _nothing(folder: Path, glob: str) -> FileError:
    deeper = [sub for sub in sorted(folder.iterdir()) if sub.is_dir() and _readable(sub)]
    if deeper and not glob:
        return FileError(
            "There are no answers in this folder.",
            where=str(folder),
            mend=f"there are some in {deeper[0]}",
        )
    return FileError(
        "There are no answers in this folder.",
        where=str(folder),
        expected=glob or f"files ending in {', '.join(KINDS)}, or folders with an {ANSWER} in them",
        mend="--glob says which files are answers, such as --glob '*/homework1.json'",
    )


def _answers(folder: Path, glob: str, except_for: Path | None) -> dict[str, str]:
    """Path by name; a name that two files have is the file's whole name."""
    if not folder.is_dir():
        fact = "This is not a folder." if folder.exists() else "There is no such folder."
        raise FileError(fact, where=str(folder), expected="a folder with one answer a student")
    try:
        paths = _matching(folder, glob) if glob else _readable(folder)
    except OSError as error:
        raise FileError(
            "The folder cannot be read.", where=str(folder), found=error.strerror or ""
        ) from None
    own = except_for and except_for.name
    kept = [p for p in paths if os.path.basename(p) != own or not _same(p, except_for)]
    names = {path: _name(path, folder) for path in kept}
    often = Counter(names.values())
    return {
        (name if often[name] == 1 else Path(os.path.relpath(path, folder)).as_posix()): path
        for path, name in names.items()
    }


def _name(path: str, folder: Path) -> str:
    parent, file = os.path.split(path)
    stem = os.path.splitext(file)[0]
    name = os.path.basename(parent) if stem == ANSWER and parent != str(folder) else stem
    return os.fsencode(name).decode("utf-8", "replace")


def _same(path: str, other: Path | None) -> bool:
    return other is not None and os.path.exists(other) and os.path.samefile(path, other)


def _matching(folder: Path, glob: str) -> Iterable[str]:
    try:
        return [str(path) for path in folder.glob(glob) if path.is_file()]
    except (ValueError, NotImplementedError) as error:
        raise FileError("--glob is not understood.", found=glob, expected=str(error)) from None


def _readable(folder: Path) -> list[str]:
    """Files that can be read, and the answers one folder further down."""
    paths = []
    for entry in os.scandir(str(folder)):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            paths += [
                inner.path
                for inner in os.scandir(entry.path)
                if os.path.splitext(inner.name)[0] == ANSWER and _is_answer(inner.name)
            ]
        elif _is_answer(entry.name):
            paths.append(entry.path)
    return paths


def _is_answer(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in KINDS
