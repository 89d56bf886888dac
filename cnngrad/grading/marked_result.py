"""Marked result: which cells of one gradient are right, and what most likely happened in it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..core.layouts import Axes
from ..core.numbers import Array, Number, index
from ..core.numerals import BY_MATRIX, Numerals
from ..core.trace import Index
from ..diagnosis.answer_matrix import AnswerMatrix
from ..diagnosis.candidates import Codes
from ..diagnosis.slips import Slip


@dataclass(frozen=True)
class Overlap:
    """A wrong cell at the step where it was overwritten."""

    step: int
    cell: Index
    before: Number
    value: Number
    total: Number


@dataclass(frozen=True)
class Mistake:
    """A rule, or two at once, that give this answer."""

    codes: Codes
    overlap: Overlap | None = None
    besides: tuple[Index, ...] = ()
    """Wrong cells that it does not explain."""
    convention: str = ""
    """The convention under which all that was handed in is right, as `--accept` takes it."""
    profiles: tuple[str, ...] = ()
    """The frameworks that have this convention."""
    factor: Fraction | None = None
    """By what everything is multiplied, where that is all that is known."""
    causes: tuple[str, ...] = ()
    """What usually makes this factor here."""


@dataclass(frozen=True)
class MarkedResult:
    """One gradient of an answer, marked."""

    name: str
    given: AnswerMatrix
    truth: Array
    right: Array
    """Which cells are right, in the shape of the truth; none where the shape is wrong."""
    shape_right: bool = True
    numbers_right: bool = True
    """Under a wrong shape: whether all numbers are right, one after the other."""
    shape_comes_of: tuple[str, ...] = ()
    """Rules under which the gradient has the shape that was handed in."""
    mistakes: tuple[Mistake, ...] = ()
    slips: tuple[Slip, ...] = ()
    follows: str = ""
    """The earlier result of one's own from which it is right, where it is not the true one."""
    order: Axes = ()
    """The order in which a person writes its axes, where that is another than the program's."""

    def place(self, cell: Index) -> Index:
        """A cell by the indices that a person gives it."""
        return tuple(cell[i] for i in self.order) if self.order else cell

    def label(self, cell: Index) -> str:
        """A cell as a person writes it: `dA_prev[0,1]`."""
        return self.name + index(self.place(cell))

    def form(self, shape: Index) -> Index:
        """A shape of as many axes as a person writes it."""
        return self.place(shape) if len(shape) == len(self.order) else shape

    @cached_property
    def correct(self) -> bool:
        """Whether every cell is right."""
        return self.shape_right and self.score == self.cells

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(self.right.size)

    @cached_property
    def score(self) -> int:
        """How many cells are right."""
        return int(self.right.sum())

    @cached_property
    def wrong_cells(self) -> list[Index]:
        """The wrong cells, in the rank in which the matrix is shown."""
        if self.correct:  # most are, in a class
            return []
        return [tuple(place) for place in np.argwhere(~self.right).tolist()]

    @cached_property
    def blank(self) -> int:
        """How many cells are not filled in, of those that were handed in."""
        return 0 if self.given.blank is None else int(self.given.blank.sum())

    @property
    def wrong(self) -> int:
        """How many cells are filled in and wrong, under a right shape."""
        return self.cells - self.score - self.blank

    @property
    def blank_cells(self) -> set[Index]:
        """The cells that are not filled in, under a right shape."""
        blank = self.given.blank if self.shape_right else None
        if blank is None:
            return set()
        return {tuple(place) for place in np.argwhere(blank.reshape(self.truth.shape)).tolist()}

    @cached_property
    def key(self) -> Numerals | None:
        """How right numbers are written beside the answer, as it is: in decimals or fractions."""
        values, decimals = self.given
        if decimals is not None and (decimals > 0).any():
            return Numerals(True, True)
        if values.dtype == object and any(isinstance(cell, Fraction) for cell in values.flat):
            return Numerals(False, False)
        return None

    def expected(self, number: Number) -> str:
        """A right number beside the answer."""
        return (self.key or BY_MATRIX)(number)

    def written(self, place: Index) -> str:
        """A cell as its student wrote it, under a right shape."""
        return self.given.text(int(np.ravel_multi_index(place, self.truth.shape)))
