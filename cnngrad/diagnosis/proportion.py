"""Proportion: whether an answer is the right one times a number, and where that comes from."""

from collections.abc import Iterator
from fractions import Fraction
from math import floor, inf, prod

import numpy as np

from ..core.numbers import Array, approximately
from ..core.problem import Problem
from ..core.text import message
from .compare import Reading
from .rules import samples_of

_MOST_PARTS = 100_000
"""A factor with a larger denominator tells nothing."""
_SAME = 1e-9
"""How far apart, in parts of it, a factor may be in two cells."""
_LEAST_CELLS = 2
"""Cells other than 0 that have to agree on the factor."""


def factor_of(reading: Reading, truth: Array) -> Fraction | None:
    """The number by which all cells differ from the right ones; None where there is none.

    Of the factors that the written digits allow, it is the simplest.
    """
    given = reading.values.reshape(truth.shape)
    filled = np.ones(truth.shape, bool) if reading.blank is None else ~reading.blank
    exact = approximately(truth)
    counted = filled & (exact != 0)
    if int(counted.sum()) < _LEAST_CELLS:
        return None
    if reading.slack is None:
        ratios = reading.floats.reshape(truth.shape)[counted] / exact[counted]
        if float(ratios.max() - ratios.min()) > _SAME * float(np.abs(ratios).max()):
            return None
    slack = np.zeros(truth.shape) if reading.slack is None else reading.slack
    floats = reading.floats.reshape(truth.shape)
    if not (np.isfinite(floats[filled]).all() and np.isfinite(exact).all()):
        return None  # no float holds them
    slack = np.broadcast_to(slack.reshape(truth.shape) + 1e-12 * np.abs(floats), truth.shape)
    if (np.abs(floats[filled & (exact == 0)]) > slack[filled & (exact == 0)]).any():
        return None
    one, other = (
        (floats - slack)[counted] / exact[counted],
        (floats + slack)[counted] / exact[counted],
    )
    low, high = np.minimum(one, other).max(), np.maximum(one, other).min()
    if not -inf < low <= high < inf:
        return None
    factor = _simplest(Fraction(low), Fraction(high))
    if factor in (0, 1, -1) or factor.denominator > _MOST_PARTS:
        return None
    if reading.slack is None and given.dtype.kind != "f" and truth.dtype.kind != "f":
        same = given * factor.denominator == truth * factor.numerator
        if not bool(np.asarray(same | ~filled, bool).all()):
            return None
    return factor


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator between two numbers.

    >>> _simplest(Fraction(333, 1000), Fraction(334, 1000))
    Fraction(1, 3)
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -_simplest(-high, -low)
    whole = floor(low)
    if whole == low:
        return low
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))


def causes_of(factor: Fraction, problem: Problem) -> list[str]:
    """What usually makes this factor here: the numbers of the problem that equal it.

    >>> from cnngrad.layers import operation
    >>> given = {"A_prev": [[1, 2], [3, 4]], "W": [[1]], "dZ": [[1, 2], [3, 4]]}
    >>> causes_of(Fraction(1, 4), operation("conv-backward").problem(given, {}))
    ['the number of positions H·W']
    """
    size = abs(factor)
    number = size if size > 1 else 1 / size
    return [said for value, said in _numbers(problem) if value == number]


def _numbers(problem: Problem) -> Iterator[tuple[int, str]]:
    arrays = problem.arrays
    samples = samples_of(problem)
    if samples > 1:
        yield samples, message("the number of samples N")
    plane = prod(arrays["dZ"].shape[2:]) if "dZ" in arrays and arrays["dZ"].ndim > 2 else 1
    if plane > 1:
        yield plane, message("the number of positions H·W")
        if samples > 1:
            yield samples * plane, message("the number of samples times positions N·H·W")
    window = arrays["W"].shape[2:] if "W" in arrays else problem.settings.get("window", ())
    if prod(window) > 1:
        yield prod(window), message("the number of cells of the window k²")
        if len({*window}) == 1:
            yield window[0], message("the side of the window k")
    if "W" in arrays and len(arrays["W"]) > 1:
        yield len(arrays["W"]), message("the number of filters, or of units")
    if arrays["A_prev"].ndim > 1 and arrays["A_prev"].shape[1] > 1:
        yield arrays["A_prev"].shape[1], message("the number of input channels, or of inputs")
    yield 2, message("the 2 of a square's derivative, or the ½ of the loss")
