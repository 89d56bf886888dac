"""Common denominators: how many digits the exact sums of fractions need."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm, log10

from .numbers import Array

MAX_DIGITS = 2_000
"""Of a common denominator; with more, fractions are computed in float64 unless told otherwise."""


def common_digits(arrays: Iterable[Array]) -> int:
    """Digits of the common denominator of products of these arrays' numbers, about.

    >>> import numpy as np
    >>> common_digits([np.array([Fraction(1, 3), Fraction(1, 7)], object), np.array([1, 2])])
    2
    """
    return sum(_digits(array) for array in arrays if array.dtype == object)


def _digits(array: Array) -> int:
    denominators = {cell.denominator for cell in array.ravel().tolist() if type(cell) is Fraction}
    if not denominators:
        return 0
    common = 1
    for denominator in denominators:
        common = lcm(common, denominator)
        if common.bit_length() > 4 * MAX_DIGITS:  # the least common one may have as many
            return round(sum(log10(one) for one in denominators))
    return len(str(common))
