"""How much it says that a slip fits: little where chance, or a slip in adding, does as well."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..core.numbers import Array, Number, nearest_float

_LEAST_UNIT = 1e-300
_REACH = 10
"""A slip that has nothing to do with any term is likely to be off by at most so many units."""
_CHANCE = 0.25
"""Of the numbers in reach, the part that claims may hit and still be believed."""


class ChanceModel(NamedTuple):
    """By how much each slip with a term changes a cell."""

    sizes: Array
    """Of the differences, without their signs."""
    ranks: Array
    """The likeliest kind of slip that makes each, counted from 0."""

    @staticmethod
    def of(differences: Sequence[tuple[Number, int]]) -> "ChanceModel":
        """Collect differences, each with the rank of its likeliest slip."""
        sizes = np.array([abs(nearest_float(off)) for off, _ in differences])
        return ChanceModel(sizes, np.array([rank for _, rank in differences], np.int64))

    def chance(self, off: Number, rank: int, slack: float) -> float:
        """How likely some slip of this kind, or a likelier one, fits whatever was written.

        Of all differences of the size of this one, it is the part that such slips make.
        """
        unit = max(1 / Fraction(off).denominator, 2 * slack, _LEAST_UNIT)
        reach = max(_REACH, abs(nearest_float(off)) / unit)
        hits = (self.ranks <= rank) & (self.sizes <= reach * unit * (1 + 1e-9))
        return float(hits.sum()) / (2 * reach)

    def believed(self, off: Number, rank: int, slack: float) -> bool:
        """Whether a slip of this kind is more than a chance hit."""
        return self.chance(off, rank, slack) <= _CHANCE


def one_off(off: Number) -> bool:
    """Whether a cell is off as by a slip in adding: by 1, by 2, or by 1 in another digit.

    >>> one_off(-1), one_off(10), one_off(Fraction(-1, 10)), one_off(3)
    (True, True, True, False)
    """
    size = abs(Fraction(off))
    if size in (1, 2):
        return True
    power = max(size.numerator, size.denominator)
    return min(size.numerator, size.denominator) == 1 and str(power).strip("0") == "1"


def by_chance(off: Number, rivals: int) -> bool:
    """Whether one of so many candidates may well hit a cell that is off by so much by chance.

    >>> by_chance(9, 6), by_chance(Fraction(15, 2), 6)
    (True, False)
    """
    size = abs(Fraction(off))
    return rivals > _CHANCE * 2 * max(_REACH, size.numerator)
