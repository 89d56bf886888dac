"""What practice says, and the matrix that was entered with its wrong cells lit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.notation import plain
from ...core.numbers import Array
from ...core.problem import Problem
from ...core.text import Count, message, say, series
from ...core.trace import Index, Term, cell_name
from ...diagnosis.answer_matrix import AnswerMatrix
from ...grading.classroom.exports import messages
from ...pictures import formula
from ...pictures.step_picture import planes
from .cell_formula import letters
from .display import Display
from .layout import Block, flow, indented, matrix, stacked, text, wrapped

NOBODY = message("--practice asks questions, and there is no terminal to answer at.")
NOBODY_MEND = message(
    "without --practice, the exercise is printed; with --output DIR, it is written"
)

WELCOME = message(
    "Enter each row as numbers with blanks between them, such as 1 -2 1/2."
    " Instead of a row: hint, show (the solution), back, quit, or ? for this help."
)
ROW = message("{name} row {row}, {count} numbers: ")
ONLY_ROW = message("{name}, {count} numbers: ")
ONLY_NUMBER = message("{name}, one number: ")
AGAIN = message("{name} row {row}, {count} numbers, Enter keeps {kept}: ")
ONLY_AGAIN = message("{name}, {count} numbers, Enter keeps {kept}: ")

WRONG_LENGTH = message("That is {found} numbers, and {count} are asked for.")
ONE_FOUND = message("That is one number, and {count} are asked for.")
NO_NUMBER = message("{found} is no number. A row looks like: {example}")
BEGIN = message(
    "Begin with one cell, {cell}: {count:# product makes|# products make} it up. Which cells of"
    " {factors} meet in it?"
)
BEGIN_SHARE = message(
    "Begin with one cell, {cell}: {count:# term makes|# terms make} it up. Which cells of dZ send"
    " something to it, and what part of it?"
)
BEGIN_NOTHING = message("Begin with one cell, {cell}: does any window send something to it?")
IN_LETTERS = message("In letters: {cell} = {sum}")
IN_NUMBERS = message("In numbers: {cell} = {sum}")
NOTHING_BEFORE = message("This is the first row.")

RIGHT = message("Right.")
WRONG = message("Wrong cells are marked. Try again, or ask for a hint.")
WRONG_UNEXPLAINED = message("No known mistake gives this: work the marked cells out once more.")
WORKING = message("{cell} = {sum} = {value}")
NO_MORE = message("That was the last hint; show gives the solution.")
SOLUTION = message("{name}, as it should be:")
SCORE = message("{right} of {asked} right, without having been shown.")
NOTHING_ASKED = message("Left before the first answer was right.")
ANOTHER = message("Another one? Enter for yes, n for no: ")
LEFT = message("Stopped.")
WRONG_MARK = "✗"
"""Stands behind a wrong number, so that it is seen without colour."""


def prompt(name: str, row: int, shape: Index, kept: Sequence[str] | None) -> str:
    """What is asked for: one row of one plane, or a number on its own."""
    rows, count = shape
    if kept is not None:
        words = ONLY_AGAIN if rows == 1 else AGAIN
        return say(words, name=name, row=row, count=count, kept=" ".join(kept))
    if rows > 1:
        return say(ROW, name=name, row=row, count=count)
    return say(ONLY_NUMBER if count == 1 else ONLY_ROW, name=name, count=count)


def score(right: int, asked: int) -> str:
    """How many were right, of those that were answered to the end."""
    return say(SCORE, right=right, asked=asked) if asked else say(NOTHING_ASKED)


def wrong_length(found: int, count: int) -> str:
    """That a row has too many numbers or too few."""
    return say(ONE_FOUND if found == 1 else WRONG_LENGTH, found=found, count=count)


def entered(problem: Problem, name: str, given: AnswerMatrix, right: Array, look: Display) -> Block:
    """What was entered, with the wrong cells lit; `right` tells for each cell."""
    shape = problem.trace(name).shape
    values = planes(problem, name, np.arange(right.size).reshape(shape).tolist())
    truths = planes(problem, name, right.reshape(shape).tolist())
    width = look.width - 3
    blocks = []
    for (title, _, cells), (_, _, flags) in zip(values, truths, strict=True):
        numbers = [[given.text(k) for k in row] for row in cells]
        marks = [[" " if right else WRONG_MARK for right in row] for row in flags]
        lit = _lit(flags)
        blocks.append(matrix(title, numbers, style=lit, width=width, brackets=False, marks=marks))
    return indented(flow(blocks, width, gap=4))


def _lit(right: Sequence[Sequence[bool]]) -> Any:
    return lambda i, j: "right" if right[i][j] else "wrong"


def hint(
    problem: Problem, name: str, judged: Mapping[str, Any], level: int, look: Display
) -> Block:
    """Help with a wrong gradient.

    Parameters
    ----------
    problem, name
        The exercise, and the result that is wrong.
    judged
        What the verdict's JSON says of it at this level.
    level
        1: where; 2: what rule; 3: the first wrong cell in letters; 4: in numbers, not added up.
    look
        For what screen.
    """
    width = look.width - 3
    said = messages(judged)
    if level > 1 and not (judged["correct"] or judged["mistakes"] or judged["slips"]):
        said.append(say(WRONG_UNEXPLAINED))
    if level >= LETTERS and judged["wrong_cells"]:
        cell = tuple(judged["wrong_cells"][0])
        said.append(in_letters(problem, name, cell))
        if level > LETTERS:
            said.append(in_numbers(problem, name, cell))
    return indented(stacked(wrapped(words, width) for words in said))


LETTERS = 3
"""The level from which on a hint works a cell out."""


def beginning(problem: Problem, name: str, level: int, look: Display) -> Block:
    """Help for who does not know how to begin: 1: where; 2: a cell in letters; 3: in numbers."""
    trace = problem.trace(name)
    middle = tuple((size - 1) // 2 for size in problem.results[name].shape)
    terms = _terms(problem, name, middle)
    cell = cell_name(name, _full(trace.shape, middle), problem.ranks[name])
    factors = dict.fromkeys(f.name for term in terms for f in (term.left, term.right) if f.name)
    if not terms:
        said = [say(BEGIN_NOTHING, cell=cell)]
    elif len(factors) > 1:
        pair = series(factors)
        said = [say(BEGIN, cell=cell, count=Count(len(terms)), factors=pair)]
    else:
        said = [say(BEGIN_SHARE, cell=cell, count=Count(len(terms)))]
    if terms and level > 1:
        said = [in_letters(problem, name, middle)]
    if terms and level > 2:
        said.append(in_numbers(problem, name, middle))
    return indented(stacked(wrapped(words, look.width - 3) for words in said))


def _full(shape: Index, cell: Index) -> Index:
    return (0,) * (len(shape) - len(cell)) + tuple(cell)


def _terms(problem: Problem, name: str, cell: Index) -> list[Term]:
    trace = problem.trace(name)
    return list(trace.terms_of(_full(trace.shape, cell)))


def _summed(problem: Problem, name: str, parts: Sequence[str]) -> str:
    """Terms added up, and divided where the result is a mean."""
    divisor = problem.trace(name).plan.divisor
    total = formula.added(parts)
    return f"({total}) / {divisor}" if divisor > 1 and parts else total


def in_letters(problem: Problem, name: str, cell: Index) -> str:
    """A cell as the sum of its terms, in letters."""
    parts = [letters(problem, term) for term in _terms(problem, name, cell)]
    called = cell_name(name, _full(problem.trace(name).shape, cell), problem.ranks[name])
    return say(IN_LETTERS, cell=called, sum=_summed(problem, name, parts))


def in_numbers(problem: Problem, name: str, cell: Index) -> str:
    """A cell as the sum of its terms, in numbers that are not added up."""
    parts = [formula.product(term) for term in _terms(problem, name, cell)]
    called = cell_name(name, _full(problem.trace(name).shape, cell), problem.ranks[name])
    return say(IN_NUMBERS, cell=called, sum=_summed(problem, name, parts))


def working(problem: Problem, name: str, cell: Index) -> str:
    """One cell as the sum of its terms, and what they come to."""
    parts = [formula.product(term) for term in _terms(problem, name, cell)]
    called = cell_name(name, _full(problem.trace(name).shape, cell), problem.ranks[name])
    total = _summed(problem, name, parts)
    value = plain(problem.results[name].item(*cell))
    return say(WORKING, cell=called, sum=total, value=value)


def solution(problem: Problem, name: str, look: Display) -> Block:
    """The right numbers."""
    truth = problem.results[name]
    shown = entered(problem, name, AnswerMatrix(truth), truth == truth, look)
    return stacked([text("  " + say(SOLUTION, name=name)), shown])
