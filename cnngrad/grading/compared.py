"""Compared: one gradient of an answer held against the truth, before anything is said of it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..core.numbers import Array
from ..core.trace import Index
from ..diagnosis.answer_matrix import AnswerMatrix
from ..diagnosis.compare import Reading
from .slip_texts import NOT_FILLED_IN

_ONE_IN_THREE = 3
_MOST_SLIPS = 8


class Compared(NamedTuple):
    """One gradient of an answer, compared with the truth."""

    name: str
    sheet: AnswerMatrix
    read: Reading
    right: Array
    wrong: Array
    """Which cells are filled in, and wrong."""
    mistaken: int
    """How many they are."""
    misrounded: Mapping[Index, str] = {}
    """The wrong cells that are right but for their rounding."""
    shape_right: bool = True
    numbers_right: bool = False
    own_codes: tuple[str, ...] = ()
    """Rules that give it from one's own earlier result."""
    follows: str = ""
    """The earlier result from which it is right, where it is not the true one."""

    @property
    def faultless(self) -> bool:
        """Whether it is whole and every cell of it is right."""
        return self.shape_right and not self.mistaken and self.read.blank is None

    @property
    def given_shape(self) -> Index:
        """The shape in which it was handed in."""
        return self.sheet.values.shape

    @property
    def values(self) -> Array:
        """The numbers that were handed in, in the shape of the truth."""
        return self.read.values

    @property
    def own(self) -> bool:
        """Whether what follows from it can be worked out, and is not the true one.

        It is whole, and no cell of it is 0 where the true one is not.
        """
        if not self.shape_right or self.read.blank is not None or not self.mistaken:
            return False
        return not bool(((self.read.floats == 0) & self.wrong).any())

    @property
    def puzzling(self) -> int:
        """How many wrong cells are wrong by more than their rounding."""
        return self.mistaken - len(self.misrounded)

    @property
    def speaking(self) -> int:
        """How many cells can speak for a rule."""
        return self.mistaken if self.shape_right else self.read.filled

    @property
    def accounted_for(self) -> bool:
        """Whether it is plain to see what is wrong with each cell that is wrong."""
        return not self.puzzling

    @property
    def whole(self) -> bool:
        """Whether all that is wrong may be rounding to whole numbers, or the numbers of a rule."""
        codes = {*self.misrounded.values()}
        return bool(codes) and all(code.endswith(", whole") for code in codes)

    @property
    def known(self) -> dict[Index, str]:
        """Slips that are plain to see, by their cells."""
        if self.read.blank is None or not self.shape_right:
            return dict(self.misrounded)
        blank = np.argwhere(self.read.blank).tolist()
        return {**self.misrounded, **{tuple(place): NOT_FILLED_IN for place in blank}}

    @property
    def unknown(self) -> Array:
        """The wrong cells that need a closer look."""
        wrong = self.wrong.copy()
        for place in self.misrounded:
            wrong[place] = False
        return wrong

    @property
    def few(self) -> bool:
        """Whether so few cells are wrong that each may have its own small reason."""
        cells = self.read.filled
        few = min(max(cells // _ONE_IN_THREE, min(2, cells)), _MOST_SLIPS)
        return self.shape_right and 0 < self.puzzling <= few

    @property
    def mostly_wrong(self) -> bool:
        return 2 * self.puzzling >= self.read.filled

    @property
    def random(self) -> bool:
        """Whether it looks like no attempt at all, where no rule explains it."""
        if not self.shape_right or self.accounted_for:
            return False
        return not self.few or self.puzzling == self.read.filled
