"""Rounding for the screen: floats of a network with few digits, exact numbers as they are."""

import numpy as np

from ..core.numbers import Array, Number, rounded_to
from ..core.trace import Term

DECIMALS = 4


def short(array: Array) -> Array:
    """Floats with so few digits that a matrix of them fits the screen; exact numbers as they are.

    >>> short(np.array([0.123456, 12.0]))
    array([ 0.1235, 12.    ])
    """
    if array.dtype.kind != "f" or not array.size:
        return array
    greatest = float(np.abs(array).max())
    if greatest == 0:
        return array
    digits = max(DECIMALS, 2 - int(np.floor(np.log10(greatest))))
    return rounded_to(array, digits) + 0.0


def rounded_number(number: Number) -> Number:
    """The same for one number."""
    return float(short(np.array([number]))[0]) if isinstance(number, float) else number


def rounded_term(term: Term) -> Term:
    """A term with both factors so."""
    left = term.left._replace(value=rounded_number(term.left.value))
    return term._replace(
        left=left, right=term.right._replace(value=rounded_number(term.right.value))
    )
