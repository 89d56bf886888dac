"""Who handed in what: the answer files of a class, and the problem that each answers."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...core.errors import FileError
from ...core.text import say, series
from ...files.source import KINDS

ANSWER = "answer"
"""A file of this name answers for the folder that it lies in."""
PROBLEM = "problem.json"
UNPOSED = "-"


KEYS = "keys"
"""The folder of the keys, which holds no answers."""
_HANDED_OUT = (PROBLEM, "worksheet.md", "key.md", "key.json")


class Submission(NamedTuple):
    """One answer that is to be marked."""

    name: str
    path: str
    """The answer file; "" where nothing was handed in."""
    problem: str = ""
    """The problem file, where each student has one of their own; `UNPOSED` where it is missing."""
    unread: str = ""
    """Where nothing was handed in: the student's files that are no answers."""


class Collected(NamedTuple):
    """What lies in the folder of a class."""

    answers: list[Submission]
    unread: list[str]
    """Files that are no answers, seen from the folder."""


class _Files(NamedTuple):
    """The files of a folder."""

    answers: list[str]
    unread: list[str]


def collected(problem: Path, folder: Path | None = None, glob: str = "") -> Collected:
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
            say("The folder with the answers is missing."),
            expected=say("cnngrad grade PROBLEM FOLDER"),
            fix=say("only a folder of problems, one a student, may hold the answers itself"),
        )
    found, unread = _answers(folder, glob, except_for=problem)
    if not found:
        raise _nothing(folder, glob, unread)
    answers = [Submission(name, path) for name, path in found.items()]
    for path in unread:  # a student's folder with an answer in it, but of another kind
        owner, slash, file = path.partition("/")
        if slash and owner not in found and os.path.splitext(file)[0].lower() == ANSWER:
            answers.append(Submission(owner, "", unread=file))
    return Collected(sorted(answers), unread)


def _each_their_own(problems: Path, folder: Path, glob: str) -> Collected:
    posed = {
        _text(entry.name): os.path.join(entry.path, PROBLEM)
        for entry in os.scandir(problems)
        if entry.is_dir() and os.path.isfile(os.path.join(entry.path, PROBLEM))
    }
    if not posed:
        raise FileError(
            say("There are no problems in this folder."),
            where=str(problems),
            expected=say(
                "a folder for each student with a {problem} in it, or a problem file",
                problem=PROBLEM,
            ),
            fix=say("cnngrad exercise OP --count 30 --output DIR makes such a folder"),
        )
    found, unread = _answers(folder, glob, except_for=None)
    if not found and folder != problems:
        raise _nothing(folder, glob, unread)
    beside: dict[str, list[str]] = {}
    for path in unread:
        owner, _, file = path.rpartition("/")
        beside.setdefault(owner or os.path.splitext(file)[0], []).append(file)
    answers = [
        Submission(
            name,
            found.get(name, ""),
            posed.get(name, UNPOSED),
            "" if name in found else ", ".join(beside.get(name, ())),
        )
        for name in sorted({*posed, *found})
    ]
    return Collected(answers, unread)


def _nothing(folder: Path, glob: str, unread: list[str]) -> FileError:
    subfolders = [] if glob else sorted(sub for sub in folder.iterdir() if sub.is_dir())
    deeper = [sub for sub in subfolders if _files(sub).answers]
    if deeper:
        return FileError(
            say("There are no answers in this folder."),
            where=str(folder),
            fix=say("there are some in {file}", file=deeper[0]),
        )
    return FileError(
        say("There are no answers in this folder."),
        where=str(folder),
        found=series(unread[:5]),
        expected=glob
        or say(
            "files ending in {kinds}, or folders with an {answer} in them",
            kinds=series(KINDS),
            answer=ANSWER,
        ),
        fix=say("--glob says which files are answers, such as --glob '*/homework1.json'"),
    )


def _answers(folder: Path, glob: str, except_for: Path | None) -> tuple[dict[str, str], list[str]]:
    """Path by name (a name that two files have is the file's whole name), and what is unread."""
    if not folder.is_dir():
        raise FileError(
            say("This is not a folder.") if folder.exists() else say("There is no such folder."),
            where=str(folder),
            expected=say("a folder with one answer a student"),
        )
    try:
        paths, unread = (_matching(folder, glob), []) if glob else _files(folder)
    except OSError as error:
        raise FileError(
            say("The folder cannot be read."), where=str(folder), found=error.strerror or ""
        ) from None
    own = except_for and except_for.name
    kept = [p for p in paths if os.path.basename(p) != own or not _same(p, except_for)]
    names = {path: _name(path, folder) for path in kept}
    often = Counter(names.values())
    found = {
        (name if often[name] == 1 else Path(os.path.relpath(path, folder)).as_posix()): path
        for path, name in names.items()
    }
    return found, sorted(unread)


def _name(path: str, folder: Path) -> str:
    parent, file = os.path.split(path)
    stem = _stem(file)
    own_folder = stem.lower() == ANSWER and parent != str(folder)
    return _text(os.path.basename(parent) if own_folder else stem)


def _text(name: str) -> str:
    r"""A file's name, which may be no text, as text: an odd byte is written \xff."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _stem(file: str) -> str:
    """A file's name without its ending; some systems hide one and add another.

    >>> _stem("anna.json"), _stem("answer.json.txt"), _stem("a.b.json")
    ('anna', 'answer', 'a.b')
    """
    stem, ending = os.path.splitext(file)
    while ending.lower() in KINDS:
        file = stem
        stem, ending = os.path.splitext(file)
    return file


def _same(path: str, other: Path | None) -> bool:
    return other is not None and os.path.exists(other) and os.path.samefile(path, other)


def _matching(folder: Path, glob: str) -> list[str]:
    try:
        return [str(path) for path in folder.glob(glob) if path.is_file()]
    except (ValueError, NotImplementedError) as error:
        raise FileError(say("--glob is not understood."), found=glob, expected=str(error)) from None


def _files(folder: Path) -> _Files:
    """Files that can be read, the answers one folder further down, and what else there is."""
    files = _Files([], [])
    for entry in os.scandir(str(folder)):
        if entry.name.startswith(".") or entry.name == KEYS:
            continue
        if not entry.is_dir():
            _sort_in(entry, entry.name, _can_be_read(entry), files)
            continue
        for inner in os.scandir(entry.path):
            is_answer = _can_be_read(inner) and _stem(inner.name).lower() == ANSWER
            if not inner.name.startswith("."):
                _sort_in(inner, f"{entry.name}/{inner.name}", is_answer, files)
                files.unread.extend(_deeper(inner, f"{entry.name}/{inner.name}"))
    return files


def _deeper(folder: "os.DirEntry[str]", name: str) -> Iterator[str]:
    """Files that lie too deep to be an answer."""
    if folder.is_dir():
        for path, _, files in os.walk(folder.path):
            inside = Path(name, os.path.relpath(path, folder.path))
            yield from (_text((inside / file).as_posix()) for file in files)


def _sort_in(entry: "os.DirEntry[str]", name: str, is_answer: bool, files: _Files) -> None:
    if is_answer:
        files.answers.append(entry.path)
    elif not entry.is_dir() and entry.name not in _HANDED_OUT:
        files.unread.append(_text(name))


def _can_be_read(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a file, and none that nobody may ever write to, such as a pipe."""
    return entry.is_file() and os.path.splitext(entry.name)[1].lower() in KINDS
