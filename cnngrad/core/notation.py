"""How numbers are written for people: as integers, fractions or decimals, alike in a matrix."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .numbers import Number, as_float

WIDEST = 12
"""Characters; a longer fraction or decimal is rounded and said to be."""


class Notation(NamedTuple):
    """How the numbers of one matrix are written."""

    write: Callable[[Number], str]
    rounded: bool
    """Some digits are left out."""


_shown_digits: int | None = None


@contextmanager
def shown_digits(digits: int | None) -> Iterator[None]:
    """Write all that is computed with so many digits behind the point; None is as it is best read.

    >>> with shown_digits(2):
    ...     plain(Fraction(5, 8)), plain(Fraction(-1, 3)), plain(7), plain(Fraction(1, 2))
    ('0.63', '-0.33', '7', '0.5')
    """
    global _shown_digits
    before, _shown_digits = _shown_digits, digits
    try:
        yield
    finally:
        _shown_digits = before


def in_full(number: Number) -> str:
    """A number that a rule multiplies by, such as 1/4: never rounded."""
    if _shown_digits is None:
        return plain(number)
    with shown_digits(None):
        return plain(number)


def digits_shown() -> int | None:
    """How many digits are asked for."""
    return _shown_digits


def _with_digits(cells: Sequence[Number], digits: int) -> Notation:
    """Numbers rounded to so many digits, halves away from 0; what has fewer keeps those."""

    def write(number: Number) -> str:
        value = Fraction(number)
        whole = (2 * abs(value.numerator) * 10**digits + value.denominator) // (
            2 * value.denominator
        )
        text = str(whole).rjust(digits + 1, "0")
        if digits:
            text = f"{text[:-digits]}.{text[-digits:]}"
            text = text.rstrip("0").rstrip(".") if Fraction(text) == abs(value) else text
        return f"-{text}" if value < 0 and whole else text

    return Notation(write, any(Fraction(write(cell)) != cell for cell in cells))


def plain(number: Number, given: bool = False) -> str:
    """A number on its own: `-3`, `5/8`, `0.1` (rounded to six digits where it is a float).

    >>> plain(Fraction(5, 8)), plain(Fraction(-7)), plain(0.30000000000000004)
    ('5/8', '-7', '0.3')
    >>> plain(Fraction(5, 2)), plain(Fraction(5, 2), given=True)
    ('5/2', '2.5')
    """
    return notation([number], given).write(number)


def notation(
    numbers: Iterable[Number],
    given: bool = False,
    decimals: bool | None = None,
    places: int = 0,
) -> Notation:
    """Choose how to write the numbers of one matrix, all in the same way.

    Fractions stay fractions unless decimals are exact and shorter; numbers that a person
    gave are decimals also where both are equally long, as `2.5` for 5/2.

    Parameters
    ----------
    numbers
        The numbers.
    given
        Whether a person gave them.
    decimals
        What has been settled for the problem that they belong to, if anything: decimals where
        they end, or fractions where they are not too long.
    places
        Digits behind the point that floats need, where the usual ones hide what matters.

    Examples
    --------
    >>> notation([Fraction(5, 8), Fraction(1, 2)]).write(Fraction(1, 2))
    '1/2'
    >>> notation([Fraction(37, 100)]).write(Fraction(37, 100))
    '0.37'
    >>> notation([Fraction(5, 2)], given=True).write(Fraction(5, 2))
    '2.5'
    """
    cells = list(numbers)
    if _shown_digits is not None and not given:
        return _with_digits(cells, _shown_digits)
    if any(isinstance(cell, float) for cell in cells):
        return _float_notation(cells, places)
    broken = [cell for cell in cells if isinstance(cell, Fraction)]
    if not broken:
        return Notation(str, False)
    fraction, decimal = lengths(broken)
    if decimals is None:
        decimals = decimal < fraction + given
    if decimal <= WIDEST and (decimals or fraction > WIDEST):
        return Notation(decimals_of, False)
    if fraction > WIDEST:
        return Notation(_float_notation(cells).write, True)
    return Notation(str, False)


def lengths(broken: Iterable[Fraction]) -> tuple[int, float]:
    """Characters of the longest as a fraction and as a decimal, infinite where one has no end."""
    fraction, decimal = 0, 0.0
    for cell in broken:
        fraction = max(fraction, len(str(cell)))
        ends = _terminates(cell.denominator)
        decimal = max(decimal, len(decimals_of(cell)) if ends else math.inf)
    return fraction, decimal


def _terminates(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def decimals_of(number: Number) -> str:
    """A fraction whose decimals end, written out."""
    value = Fraction(number)
    digits = 0
    while value.denominator != 1:
        value *= 10
        digits += 1
    text = str(abs(value.numerator)).rjust(digits + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def _digits(number: Number) -> float | Decimal:
    value = as_float(number)
    return value if isinstance(value, float) else Decimal(value)


def _float_notation(cells: list[Number], places: int = 0) -> Notation:
    largest_cell = max(abs(as_float(cell)) for cell in cells)
    if largest_cell and not 1e-4 <= largest_cell < 1e7:
        return Notation(lambda number: f"{_digits(number):.4e}" if number else "0", True)
    digits = 6 if largest_cell < 1 else 5 - math.floor(math.log10(largest_cell))
    digits = max(digits, 1, places)

    def write(number: Number) -> str:
        text = f"{float(number):.{digits}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text

    return Notation(write, any(float(write(cell)) != cell for cell in cells))


def approximate(number: Number) -> str:
    """A fraction's decimals, for a reader who thinks in them: `≈ 0.333333`; empty for others.

    >>> approximate(Fraction(1, 3)), approximate(Fraction(5, 8)), approximate(3)
    ('≈ 0.333333', '= 0.625', '')
    """
    if not isinstance(number, Fraction):
        return ""
    if _shown_digits is not None:
        shown = _with_digits([number], _shown_digits)
        return f"{'≈' if shown.rounded else '='} {shown.write(number)}"
    sign = "=" if _terminates(number.denominator) and len(decimals_of(number)) < 9 else "≈"
    return f"{sign} {_float_notation([number]).write(number)}"
