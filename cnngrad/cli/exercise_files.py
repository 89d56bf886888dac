"""Files of exercises: for one person, or a class in which nobody learns another's problem."""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..core.errors import FileError, UsageError
from ..core.text import Count, say

if TYPE_CHECKING:
    from ..core.problem import Problem
    from .screen import Screen

_SHEET = ("problem.json", "worksheet.md")
_KEYS = "keys"
COMMAND_FILE = "command.txt"
"""Beside the keys of a class: what makes it again, which no student may know."""


class Place(NamedTuple):
    """Where the files of one exercise go."""

    sheet: Path
    """The folder of what is handed out."""
    key: Path
    answer: Path

    @property
    def files(self) -> list[Path]:
        """All of them."""
        return [*(self.sheet / name for name in _SHEET), self.key, self.answer]


def single(folder: Path) -> Place:
    """Where one exercise goes, key and all."""
    return Place(folder, folder / "key.md", folder / "key.json")


def of_class(folder: Path, names: Iterable[str]) -> list[Place]:
    """Where the exercises of a class go: a folder for each student, and one for the keys."""
    kept = folder / _KEYS
    return [Place(folder / name, kept / f"{name}.md", kept / f"{name}.json") for name in names]


def numbered(count: int) -> list[str]:
    """Names for students whose own are not known.

    >>> numbered(2)
    ['student01', 'student02']
    """
    return [f"student{k:0{max(len(str(count)), 2)}}" for k in range(1, count + 1)]


def of_roster(path: Path) -> list[str]:
    """The names of a class, one in a line or in the first column, fit to be names of folders.

    Raises
    ------
    FileError
        It cannot be read, or names nobody.
    """
    from ..files.source import open_source
    from ..grading.classroom.submissions import file_names

    source = open_source(os.fspath(path), "--roster")
    lines = [_first_cell(line) for line in source.text().splitlines()]
    names = [line for line in lines if line]
    if names and names[0].lower() in ("name", "names", "student", "students"):
        del names[0]
    if not names:
        raise FileError(
            say("The roster names nobody."),
            where=str(path),
            expected=say("a name in each line"),
        )
    return file_names(names)


def _first_cell(line: str) -> str:
    for separator in "\t;,":
        line = line.split(separator)[0]
    return line.strip().strip('"').strip()


def make_room(folder: Path, places: list[Place], force: bool) -> None:
    """Make the folder, and refuse before anything is written what must not be overwritten.

    Raises
    ------
    FileError
        A file exists; or the folder holds exercises of another class, or answers to it.
    """
    from ..files.atomic import check_free, make_folder

    for place in places:
        for path in place.files:
            check_free(path, force)
    known = {path for place in places for path in (*place.files, place.sheet)}
    known |= {folder / _KEYS, folder / _KEYS / COMMAND_FILE}
    others = [path for path in _of_exercises(folder) if path not in known]
    if others:
        raise FileError(
            say("The folder holds other exercises, or answers to them."),
            where=str(folder),
            found=str(others[0].relative_to(folder)),
            fix=say("choose an empty folder, so that no class is mixed with another"),
        )
    make_folder(folder)


def _of_exercises(folder: Path) -> Iterator[Path]:
    """What exercises have left in a folder: students' files, keys, and answers beside them."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.name in (*_SHEET, "key.md", "key.json"):
            yield entry
        elif entry.is_dir() and (entry.name == _KEYS or (entry / _SHEET[0]).exists()):
            yield from (path for path in sorted(entry.rglob("*")) if not path.is_dir())


def write_all(
    problems: Iterator["Problem"],
    places: list[Place],
    folder: Path,
    command: str,
    force: bool,
    screen: "Screen",
) -> None:
    """Write exercises, each whole.

    Parameters
    ----------
    problems, places
        What, and where; the first problem is made before a folder is.
    folder
        Where all of them go.
    command
        What makes them again.
    force
        Whether files that exist are written over.
    screen
        Where the progress is shown.
    """
    from ..files.atomic import make_folder, write_whole
    from ..show.print.worksheet import INTERRUPTED
    from .progress import progress
    from .streams import tell

    first = next(problems)  # what cannot be posed is told before a folder is made
    make_room(folder, places, force)
    for_class = bool(places) and places[0].sheet != folder
    if for_class:  # an old class is gone before the first sheet of a new one is there
        for path in (path for place in places for path in place.files):
            path.unlink(missing_ok=True)
        make_folder(folder / _KEYS)
        write_whole(folder / _KEYS / COMMAND_FILE, f"{command}\n".encode(), force)
    posed = progress(chain([first], problems), len(places), say("exercises"), screen)
    written = 0
    try:
        for place, problem in zip(places, posed, strict=True):
            _write_one(problem, place, "" if for_class else command, force)
            written += 1
    except KeyboardInterrupt:
        tell(say(INTERRUPTED, written=Count(written), total=Count(len(places)), folder=folder))
        raise


def _write_one(problem: "Problem", place: Place, command: str, force: bool) -> None:
    """The files of one exercise; what makes it again only where that gives away nobody else's."""
    from ..files.atomic import make_folder, write_whole
    from ..files.problem_writer import answer_text, problem_text
    from ..grading.exercises import listed
    from ..layers.rules import rule_words
    from ..show.print.worksheet import key_markdown, note, worksheet_markdown

    wrong = [
        (outcome.name, say(rule_words(outcome.code).title), outcome.values)
        for outcome in listed(problem)
    ]
    for folder in (place.sheet, place.key.parent):
        make_folder(folder)
    made = problem_text(problem, note(command) if command else "")
    write_whole(place.sheet / _SHEET[0], made.encode(), force)
    write_whole(place.sheet / _SHEET[1], worksheet_markdown(problem).encode(), force)
    write_whole(place.key, key_markdown(problem, wrong).encode(), force)
    write_whole(place.answer, answer_text(problem.results).encode(), force)


def names_of(count: int | None, roster: Path | None) -> list[str] | None:
    """The students of a class; None where there is only one exercise.

    Raises
    ------
    UsageError
        A number and a roster are given.
    """
    if roster is None:
        return None if count is None else numbered(count)
    if count is not None:
        raise UsageError(say("--roster says how many there are."), fix=say("leave --count out"))
    return of_roster(roster)
