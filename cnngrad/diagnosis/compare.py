"""Comparing a sheet with an array: equal, or equal to the decimals that were written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import UsageError
from ..core.numbers import Array, approximately, nearest_float
from ..core.text import say
from ..core.trace import Index
from .answer_matrix import MACHINE, MACHINE_DIGITS, SINGLE, AnswerMatrix

MOST_DECIMALS = 15
"""More are not told apart in float64."""
_ENOUGH_DECIMALS = 2
_MACHINE = 1e-6
"""How far a computer's float may lie off, in parts of the largest cell."""
_NOISE = 1e-9
LEAST_DIGITS = 2
"""Fewer digits, leading zeros apart, do not show a value."""
_SINGLE, _DOUBLE = 2.0**-24, 2.0**-53
"""The unit of rounding of float32 and of float64."""
_LEEWAY = 2.0
"""How many units of rounding a sum may lie off for each square root of its terms."""


class Precision(NamedTuple):
    """How precise an answer has to be; as it was written, unless told otherwise."""

    decimals: int | None = None
    """Cells need to be right when rounded to so many decimals."""
    tolerance: Fraction | None = None
    """Cells may lie so far off."""

    @staticmethod
    def asked(decimals: int | None, tolerance: Fraction | float | None) -> "Precision":
        """The precision that somebody asks for.

        Raises
        ------
        UsageError
            It makes no sense.
        """
        if decimals is not None and not 0 <= decimals <= MOST_DECIMALS:
            raise UsageError(
                say("An answer cannot be right to so many decimals."),
                found=str(decimals),
                expected=say("0 to {most_decimals}", most_decimals=MOST_DECIMALS),
            )
        if tolerance is None:
            return Precision(decimals)
        if not isfinite(tolerance) or tolerance < 0:
            raise UsageError(
                say("The tolerance makes no sense."),
                found=str(tolerance),
                expected=say("a number that is not negative, such as 0.01"),
            )
        return Precision(decimals, Fraction(tolerance).limit_denominator(10**MOST_DECIMALS))


@dataclass(frozen=True)
class Reading:
    """A sheet made ready to be compared."""

    values: Array
    floats: Array
    slack: Array | None
    """How far each cell may lie off, in float64; None where all cells are exact."""
    blank: Array | None = None
    """Which cells are not filled in; None where all are."""
    fine: Mapping[int, Fraction] = field(default_factory=dict)
    """How far cells with more digits than a float has may lie off, by their number."""

    @property
    def shape(self) -> Index:
        """The shape in which it was handed in, or in which it was understood."""
        return self.values.shape

    @property
    def filled(self) -> int:
        """How many cells are filled in."""
        return self.values.size - (0 if self.blank is None else int(self.blank.sum()))

    def reshaped(self, shape: Index) -> "Reading":
        """The same cells in another shape."""
        slack = None if self.slack is None else self.slack.reshape(shape)
        blank = None if self.blank is None else self.blank.reshape(shape)
        values, floats = self.values.reshape(shape), self.floats.reshape(shape)
        return Reading(values, floats, slack, blank, self.fine)

    def equals(self, array: Array) -> Array:
        """Which cells equal those of an array of the same shape; one left open equals none."""
        same = self._near(array)
        return same if self.blank is None else same & ~self.blank

    def fits(self, array: Array) -> bool:
        """Whether all cells that are filled in equal those of an array of the same shape."""
        same = self._near(array)
        return bool((same if self.blank is None else same | self.blank).all())

    def _near(self, array: Array) -> Array:
        same: Array
        if array.dtype.kind == "f" or self.values.dtype.kind == "f":
            same = self.floats == array
        else:
            same = np.asarray(self.values == array, bool)
        if self.slack is None:
            return same
        off = np.abs(self.floats - approximately(array))
        near: Array = off <= self.slack * (1 + _NOISE) + _NOISE * _NOISE
        close: Array = same | (near & (self.slack > 0))
        if array.dtype.kind != "f":
            for k, allowed in self.fine.items():
                close.flat[k] = abs(self.values.item(k) - array.item(k)) <= allowed
        return close


class Sums(NamedTuple):
    """What the cells of a result are summed from, to tell how far a computer's floats may lie off.

    By how many terms there are at most, and the sum of their absolute values, cell by cell.
    """

    terms: int
    sizes: Array

    def slack(self, unit: float) -> Array:
        """How far a sum in floats of this unit of rounding may lie off."""
        slack: Array = _LEEWAY * unit * max(self.terms, 1) ** 0.5 * self.sizes
        return slack


def reading(
    sheet: AnswerMatrix,
    truth: Array,
    precision: Precision,
    sums: Callable[[], Sums] | None = None,
) -> Reading:
    """Make a sheet ready to be compared with the truth and with what mistakes give.

    Parameters
    ----------
    sheet, truth, precision
        What was handed in, what is right, and how precise it has to be.
    sums
        What the cells are summed from; asked for where floats of a computer were handed in.
    """
    values = sheet.values
    floats = approximately(values)
    fine: dict[int, Fraction] = {}
    if precision == Precision() and sheet.decimals is not None:
        digits = sheet.decimals.ravel()
        for k in np.flatnonzero(digits > MOST_DECIMALS).tolist():
            unit = 10 ** int(digits[k])
            if abs(values.item(k)) * unit >= 10**MACHINE_DIGITS:
                fine[k] = Fraction(1, 2 * unit)
    slack = _slack(sheet, floats, truth, precision)
    if sheet.decimals is not None and precision == Precision() and sums is not None:
        slack = _with_floats(sheet, floats, truth, slack, sums)
    return Reading(values, floats, slack, sheet.blank, fine)


def _with_floats(
    sheet: AnswerMatrix,
    floats: Array,
    truth: Array,
    slack: Array | None,
    sums: Callable[[], Sums],
) -> Array | None:
    """The slack, wider where a cell is a float as a computer prints it."""
    if not understood(floats.shape, truth.shape) or sheet.decimals is None:
        return slack
    decimals = sheet.decimals
    digits = significant_digits(floats, decimals)
    machine = decimals == MACHINE
    narrow = (decimals == SINGLE) | ((decimals > 0) & (digits >= 7) & (digits <= 9))
    with np.errstate(over="ignore"):
        narrow |= machine & (floats.astype(np.float32) == floats)
    off = np.abs(floats - approximately(truth).reshape(floats.shape))
    if not ((narrow | machine) & (off > (0 if slack is None else slack))).any():
        return slack
    known = sums()
    single = known.slack(_SINGLE).reshape(floats.shape)
    double = known.slack(_DOUBLE).reshape(floats.shape)
    wider = np.where(narrow, single, np.where(machine, double, 0.0))
    return wider if slack is None else np.maximum(slack, wider)


def significant_digits(floats: Array, decimals: Array) -> Array:
    """How many digits were written, without the zeros before them."""
    with np.errstate(over="ignore"):
        written = np.rint(np.abs(floats) * 10.0 ** decimals.clip(0, MOST_DECIMALS))
    digits: Array = np.where(written >= 1, np.floor(np.log10(written.clip(1))) + 1, 0)
    return digits


def _slack(sheet: AnswerMatrix, floats: Array, truth: Array, precision: Precision) -> Array | None:
    shape = sheet.values.shape
    least = _largest(truth) * _MACHINE if truth.dtype.kind == "f" else 0.0
    if precision.tolerance is not None:
        return np.full(shape, max(nearest_float(precision.tolerance), least))
    if precision.decimals is not None:
        return np.full(shape, max(0.5 * 10.0**-precision.decimals, least))
    if sheet.decimals is None:
        return np.full(shape, least) if least else None
    decimals = sheet.decimals.astype(np.float64)
    shows = (decimals >= _ENOUGH_DECIMALS) & (significant_digits(floats, decimals) >= LEAST_DIGITS)
    slack: Array = np.where(shows, 0.5 * 10.0 ** -decimals.clip(0), 0.0)
    if (sheet.decimals == MACHINE).any():
        least = _largest(truth) * _MACHINE  # a computer's 3.0 may stand for 2.9999999999999996
    return np.maximum(slack, least)


def _largest(truth: Array) -> float:
    """The largest absolute value, to measure by; 1 where all is 0."""
    if not truth.size:
        return 1.0
    top: Any = max(abs(truth.max()), abs(truth.min()))
    return min(nearest_float(top), float(np.finfo(np.float64).max)) or 1.0


def understood(shape: Index, wanted: Index) -> bool:
    """Whether a shape is the wanted one but for axes of size 1.

    Leading ones may be added or missing; a vector may lie along any axis.

    >>> understood((1, 1, 3, 3), (3, 3)), understood((3, 1), (3,)), understood((3, 1), (1, 3))
    (True, True, False)
    """
    if len(wanted) == 1:
        return sorted(shape, reverse=True)[:1] in ([wanted[0]], []) and _cells(shape) == wanted[0]
    return _without_leading_ones(shape) == _without_leading_ones(wanted)


def _without_leading_ones(shape: Index) -> Index:
    while len(shape) > 2 and shape[0] == 1:
        shape = shape[1:]
    return (1,) * (2 - len(shape)) + shape


def _cells(shape: Index) -> int:
    cells = 1
    for size in shape:
        cells *= size
    return cells
