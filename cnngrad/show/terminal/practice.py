"""What practice says, and the matrix that was entered with its wrong cells lit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.notation import plain
from ...core.numbers import Array
from ...core.problem import Problem
from ...core.text import message, say
from ...core.trace import Index, cell_name
from ...diagnosis.answer_matrix import AnswerMatrix
from ...grading.classroom.exports import messages
from ...pictures import formula
from ...pictures.step_picture import planes
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
NOTHING_YET = message("Enter {name} first; then there are hints on what is wrong in it.")
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
        1: where; 2: what rule; 3: everything, with the first wrong cell worked out.
    look
        For what screen.
    """
    width = look.width - 3
    said = messages(judged)
    if level > 1 and not (judged["correct"] or judged["mistakes"] or judged["slips"]):
        said.append(say(WRONG_UNEXPLAINED))
    if level >= 3 and judged["wrong_cells"]:
        said.append(working(problem, name, tuple(judged["wrong_cells"][0])))
    return indented(stacked(wrapped(words, width) for words in said))


def working(problem: Problem, name: str, cell: Index) -> str:
    """One cell as the sum of its terms."""
    trace = problem.trace(name)
    full = (0,) * (len(trace.shape) - len(cell)) + tuple(cell)
    terms = list(trace.terms_of(full))
    total = formula.added([formula.product(term) for term in terms])
    if trace.plan.divisor > 1 and terms:
        total = f"({total}) / {trace.plan.divisor}"
    value = plain(problem.results[name].item(*cell))
    rank = problem.ranks[name]
    return say(WORKING, cell=cell_name(name, full, rank), sum=total, value=value)


def solution(problem: Problem, name: str, look: Display) -> Block:
    """The right numbers."""
    truth = problem.results[name]
    shown = entered(problem, name, AnswerMatrix(truth), truth == truth, look)
    return stacked([text("  " + say(SOLUTION, name=name)), shown])
