"""How all the numbers of one problem are written, so that no sum mixes decimals and fractions."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from .notation import WIDEST, Notation, decimals_of, lengths, notation
from .numbers import Array, Number


@dataclass(frozen=True)
class Numerals:
    """How all the numbers of one problem are written: as decimals (True), as fractions (False).

    None leaves it to each matrix. Call it to write a number.
    """

    given: bool | None = None
    """Those that a person gave."""
    computed: bool | None = None

    def __call__(self, number: Number, given: bool = False) -> str:
        """One number."""
        if type(number) is int:
            return str(number)
        return self.notation([number], given).write(number)

    def notation(self, numbers: Iterable[Number], given: bool = False, places: int = 0) -> Notation:
        """For the numbers of one matrix."""
        return notation(numbers, given, self.given if given else self.computed, places)


BY_MATRIX = Numerals()
"""Nothing is settled."""
_LOOKED_AT = 10_000  # numbers of an array, to settle how it is written


def numerals(given: Iterable[Array], results: Iterable[Array]) -> Numerals:
    """Settle how to write a problem.

    Numbers are given as decimals if all of them end and are hardly longer than as fractions.
    So are the results, unless a division gives them more digits than multiplying can: 2.5 / 4
    is 5/8.

    >>> import numpy as np
    >>> halves = np.array([Fraction(1, 2), Fraction(7, 10)], object)
    >>> numerals([halves, halves], [halves * halves])
    Numerals(given=True, computed=True)
    >>> numerals([halves, np.array([Fraction(1, 3)], object)], [])
    Numerals(given=False, computed=False)
    """
    parts = [part for part in map(_broken, given) if part]
    computed = _broken(*results)
    fraction, decimal = lengths(cell for part in parts for cell in part)
    if parts and decimal > fraction + 1:
        return Numerals(False, False)
    long_fraction, long_decimal = lengths(computed)
    if not parts:
        decimals = long_decimal < long_fraction if computed else None
        return Numerals(decimals, decimals)
    places = sum(max(map(_places, part)) for part in parts)
    short = long_decimal <= WIDEST and all(_places(cell) <= places for cell in computed)
    return Numerals(True, short)


def _broken(*arrays: Array) -> list[Fraction]:
    """The fractions among the numbers of arrays."""
    cells = (array.ravel()[:_LOOKED_AT].tolist() for array in arrays if array.dtype.kind == "O")
    return [cell for part in cells for cell in part if isinstance(cell, Fraction)]


def _places(cell: Fraction) -> int:
    """Digits behind the decimal point of a fraction that ends."""
    return len(decimals_of(cell).partition(".")[2])
