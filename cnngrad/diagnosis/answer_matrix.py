"""Answer matrix: what was handed in, with the decimals that the student wrote."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ..core.notation import plain
from ..core.numbers import Array, Number, as_float

EXACT, MACHINE, BLANK, SINGLE = -1, -2, -3, -4
"""In place of a number of decimals: the number stands for itself; it is a computer's float; there
is none, as the cell was not filled in; or it is a float32 without decimals, such as 1.2345679e8.
"""
MACHINE_DIGITS = 17
"""A float64 says no more; a person's 30 digits mean each of them."""
UNFILLED = "_"
"""Stands for a cell that is not filled in."""


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as a person wrote it."""

    value: Number
    decimals: int


NOT_FILLED_IN = WrittenNumber(0, BLANK)


class AnswerMatrix(NamedTuple):
    """One matrix that was handed in."""

    values: Array
    """Integers, fractions or, where there are very many, floats; 0 where nothing is filled in."""
    decimals: Array | None = None
    """How many decimals each cell was written with; None where all stand for themselves."""

    @property
    def blank(self) -> Array | None:
        """Which cells are not filled in; None where all are."""
        blank = None if self.decimals is None else self.decimals == BLANK
        return None if blank is None or not blank.any() else blank

    def text(self, k: int) -> str:
        """A cell, counted row by row, as its student wrote it."""
        decimals = EXACT if self.decimals is None else int(self.decimals.flat[k])
        return as_written(self.values.item(k), decimals)


def as_written(value: Number, decimals: int = EXACT) -> str:
    """A number as a person wrote it; only a computer's many digits are cut short.

    >>> as_written(Fraction(5, 4), 2), as_written(Fraction(5, 4)), as_written(0, BLANK)
    ('1.25', '5/4', '_')
    """
    if decimals == BLANK:
        return UNFILLED
    if decimals in (MACHINE, SINGLE):
        return plain(as_float(value))
    if decimals == EXACT:
        return plain(value) if isinstance(value, float) else str(value)
    top, bottom = Fraction(value).as_integer_ratio()
    return f"{Decimal(top) / Decimal(bottom):.{decimals}f}"
