"""A student's answer laid beside the steps: which cells are right, which are not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ...core.notation import plain
from ...core.numbers import Array
from ...core.problem import Problem
from ...core.shapes import by
from ...core.text import Count, say
from ...diagnosis.answer_matrix import AnswerMatrix
from ...diagnosis.compare import Precision, reading, understood
from ...pictures.step_picture import Matrix
from ..terminal.display import Display
from ..terminal.layout import Block, equation, flow, stacked, text
from . import words
from .navigator import CellRef, Navigator, marked


class Sheets(NamedTuple):
    """One result as it was handed in, in full rank."""

    values: Array
    right: Array
    """Which cells are right."""


class Overlay:
    """An answer, compared cell by cell with the results of a problem.

    Parameters
    ----------
    problem
        What was asked.
    answer
        What was handed in, by the name of the result.
    """

    def __init__(self, problem: Problem, answer: Mapping[str, AnswerMatrix]) -> None:
        self._known: dict[str, Sheets] = {}
        self._unfit: dict[str, str] = {}
        for name, sheet in answer.items():
            truth = problem.results[name]
            read = reading(sheet, truth, Precision())
            if not understood(read.shape, truth.shape):
                self._unfit[name] = say(
                    words.OTHER_SHAPE, name=name, found=by(read.shape), expected=by(truth.shape)
                )
                continue
            fitted, full = read.reshaped(truth.shape), problem.trace(name).shape
            right = fitted.equals(truth).reshape(full)
            self._known[name] = Sheets(fitted.values.reshape(full), right)

    def block(self, walk: Navigator, look: Display) -> Block:
        """The answer's matrices for this step, in which the wrong cells are lit."""
        name = walk.trace.name
        if name not in self._known:
            return text(self._unfit.get(name, say(words.NOT_ANSWERED, name=name)), "heading")
        sheets = self._known[name]
        right, cells = int(sheets.right.sum()), sheets.right.size
        said = words.ALL_RIGHT if right == cells else words.SOME_RIGHT
        heading = text(say(said, name=name, right=Count(right), cells=Count(cells)), "heading")
        style = "wrong" if look.colour else "pink"
        shown = [m for m in walk.matrices if m.name == name]
        drawn = [look.draw(marked(self._beside(sheets, m, style))) for m in shown]
        return stacked(
            [heading, Block([[]]), flow([equation([d], look.width) for d in drawn], look.width)]
        )

    def _beside(self, sheets: Sheets, shown: Matrix, style: str) -> Matrix:
        """The same part of the answer as is shown of the result."""
        places = [
            [shown.place(i, j) for j in range(len(shown.columns))] for i in range(len(shown.rows))
        ]
        return replace(
            shown,
            title=say(words.YOURS, title=shown.title),
            cells=[[sheets.values.item(*place) for place in row] for row in places],
            styles=[["" if sheets.right[place] else style for place in row] for row in places],
            given=True,
        )

    def said(self, spot: CellRef) -> str:
        """What was answered for a cell, and whether it is right; "" where nothing was."""
        sheets = self._known.get(spot.name)
        if sheets is None:
            return ""
        sentence = words.RIGHT if sheets.right[spot.place] else words.WRONG
        return say(sentence, value=plain(sheets.values.item(*spot.place), given=True))
