"""`exercise --practice`: an exercise solved at the terminal, row by row, with hints."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from ...core.errors import ExitCode, NumberError, UsageError
from ...core.numbers import filled
from ...core.problem import Problem
from ...core.punctuation import plain_signs
from ...core.text import say
from ...diagnosis.answer_matrix import WrittenNumber, as_written
from ...grading.answers import answer_matrix_of_cells, written
from ...grading.exercises import Wish, exercises
from ...grading.marker import Marker
from ...grading.messages import RULE
from ...grading.verdict import Verdict
from ...show.print import worksheet
from ...show.terminal import practice as phrases
from ...show.terminal.layout import Block, text, wrapped
from ..screen import Screen

HINTS = 4
BEGINNINGS = 3
"""Hints before anything is entered; each says more than the one before."""
NO = ("n", "no", "q", "quit")


class _Shown(Exception):  # noqa: N818 - no error: the person asks for the solution
    """The solution is wanted."""


class _Left(Exception):  # noqa: N818 - no error either
    """The person wants to stop."""


class _Score(NamedTuple):
    right: int = 0
    asked: int = 0


def practise(wish: Wish, seed: int, screen: Screen) -> ExitCode:
    """Ask one exercise after another until the person has had enough.

    Raises
    ------
    UsageError
        There is no terminal to answer at.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(say(phrases.NOBODY), fix=say(phrases.NOBODY_MEND))
    with suppress(ImportError):  # line editing, where the system has it
        import readline  # noqa: F401
    score = _Score()
    try:
        while True:
            for right in _one(wish, seed, screen):  # each counts, also where the next is left
                score = _Score(score.right + right, score.asked + 1)
            if input(say(phrases.ANOTHER)).strip().lower() in NO:
                break
            seed += 1
    except _Left:
        pass
    except (KeyboardInterrupt, EOFError):
        screen.show([text(""), text(say(phrases.LEFT))])
        return ExitCode.INTERRUPTED
    screen.show([text(phrases.score(score.right, score.asked))])
    return ExitCode.DONE if score.right == score.asked else ExitCode.WRONG_ANSWER


def _one(wish: Wish, seed: int, screen: Screen) -> Iterator[bool]:
    """Ask one exercise; tell of each of its results, as it comes, whether it was solved."""
    problem = next(exercises(wish, seed))
    problem = replace(problem, title=worksheet.title(problem, seed))
    screen.show(worksheet.posed(problem, screen.look))
    screen.show([text(""), wrapped(say(phrases.WELCOME), screen.look.width - 1, "faint"), text("")])
    marker = Marker(problem)
    for name in problem.names:
        yield _Question(problem, name, marker, screen).solved()


class _Question:
    """One result that is asked for, with what was entered so far."""

    def __init__(self, problem: Problem, name: str, marker: Marker, screen: Screen) -> None:
        self.problem = problem
        self.name = name
        self.marker = marker
        self.screen = screen
        self.places = [
            (title, row, (rows, columns))
            for title, rows, columns in worksheet.empty(problem, [name])
            for row in range(rows)
        ]
        self.rows: list[list[WrittenNumber]] = [[] for _ in self.places]
        self.verdict: Verdict | None = None
        self.judged: list[list[WrittenNumber]] = []
        """The rows that the verdict is about."""
        self.level = 0
        self.begun = 0
        """How much was said to who has not entered anything yet."""

    def solved(self) -> bool:
        """Ask until it is right; False where the solution was shown instead."""
        problem, name, look = self.problem, self.name, self.screen.look
        open_rows = list(range(len(self.places)))
        try:
            while open_rows:
                self._fill(open_rows)
                self._say()
                marked = self._judge().gradients[name]
                right = marked.right
                self._say(phrases.entered(problem, name, marked.given, right, look))
                rows = right.reshape(len(self.places), -1)
                open_rows = [k for k, row in enumerate(rows) if not row.all()]
                if open_rows:
                    self._hint()
                    self._say(text(f"  {say(phrases.WRONG)}", "faint"))
        except _Shown:
            self._say()
            self._say(phrases.solution(problem, name, look))
            return False
        self._say(text(f"  {say(phrases.RIGHT)}", "heading"))
        return True

    def _say(self, *blocks: Block) -> None:
        """Show something and an empty line below it."""
        self.screen.show([*blocks, text("")])

    def _reply(self, words: str) -> None:
        """Answer what was typed at the prompt."""
        self._say()
        self._say(wrapped(words, self.screen.look.width - 3, indent="  "))

    def _judge(self) -> Verdict:
        """Mark what stands there now; the hints begin again."""
        cells = [cell for row in self.rows for cell in row]
        sheet = answer_matrix_of_cells(filled(cells, self.problem.shapes[self.name]))
        verdict = self.marker.check({self.name: sheet})
        self.verdict, self.judged, self.level = verdict, [*self.rows], 0
        return verdict

    def _fill(self, places: list[int]) -> None:
        """Ask for some rows, in order; `back` returns to the one before."""
        k = 0
        while k < len(places):
            said = self._ask(places[k])
            k = max(k - 1, 0) if said == "back" else k + (said == "row")

    def _ask(self, place: int) -> str:
        """Ask for one row once; `row` where it came, `back`, or "" where it must be asked again."""
        title, row, shape = self.places[place]
        known = self.rows[place]
        kept = [as_written(cell.value, cell.decimals) for cell in known] if known else None
        said = input(phrases.prompt(title, row, shape, kept)).strip()
        word = said.lower()
        if word in ("quit", "q", "exit"):
            raise _Left
        if word == "show":
            raise _Shown
        if (said and not said.strip("? ")) or word == "help":
            self._reply(say(phrases.WELCOME))
        elif word == "hint":
            self._say()
            self._hint()
        elif word == "back":
            if place:
                return "back"
            self._reply(say(phrases.NOTHING_BEFORE))
        elif not said and known:
            return "row"
        else:
            return self._taken(place, said, shape[1])
        return ""

    def _taken(self, place: int, said: str, count: int) -> str:
        """Read a row that was entered; a complaint and "" where it cannot be."""
        words = plain_signs(said).strip("[](),;").replace(",", " ").replace(";", " ").split()
        try:
            cells = [written(word) for word in words]
        except NumberError as error:
            example = " ".join(map(str, range(1, count + 1)))
            complaint = say(phrases.NO_NUMBER, found=error.found, example=example)
        else:
            if len(cells) == count:
                self.rows[place] = cells
                return "row"
            complaint = phrases.wrong_length(len(cells), count)
        self._reply(complaint)
        return ""

    def _hint(self) -> None:
        """Say more of what is wrong than before; where a row was entered again, of what is now."""
        if self.verdict is None:
            self.begun = min(self.begun + 1, BEGINNINGS)
            look = self.screen.look
            self._say(phrases.beginning(self.problem, self.name, self.begun, look))
            return
        if self.rows != self.judged:
            self._judge()
        if self.level == HINTS:
            self._say(text(f"  {say(phrases.NO_MORE)}"))
            return
        self.level += 1
        judged = self.verdict.json(min(self.level, RULE))["gradients"][self.name]
        self._say(phrases.hint(self.problem, self.name, judged, self.level, self.screen.look))
