"""Convolution of whole arrays, forward and backward, without terms or steps."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..shapes import Axis
from . import columns, planes

Array = NDArray[Any]

FLOAT64_EXACT = 2**53
"""Up to here float64 holds every whole number, so sums of them are exact, in any order."""


def forward(A_prev: Array, W: Array, rows: Axis, cols: Axis, groups: int) -> Array:
    """Z of a convolution, without the bias.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    W : (C_out, C/groups, kH, kW)
    rows, cols
        The two axes of the sliding window.
    groups
        How many groups the channels fall into.

    Returns
    -------
    Z : (N, C_out, OH, OW)

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> A_prev, W = np.arange(9).reshape(1, 1, 3, 3), np.arange(4).reshape(1, 1, 2, 2)
    >>> forward(A_prev, W, axis(3, 2), axis(3, 2), 1)[0, 0]
    array([[19, 25],
           [37, 43]])
    """
    if A_prev.dtype.kind == "i" and _greatest(A_prev) * _greatest(W) * W.size < FLOAT64_EXACT:
        return forward(_floats(A_prev), _floats(W), rows, cols, groups).astype(np.int64)
    return columns.forward(A_prev, W, rows, cols, groups)


def backward(
    A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis, groups: int
) -> tuple[Array, Array, Array]:
    """The gradients of a convolution: sums over the batch, never divided.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    W : (C_out, C/groups, kH, kW)
    dZ : (N, C_out, OH, OW)
    rows, cols
        The two axes of the sliding window.
    groups
        How many groups the channels fall into.

    Returns
    -------
    dA_prev, dW, db
        Of the shapes of A_prev, W and (C_out,).

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> A_prev, W = np.arange(9).reshape(1, 1, 3, 3), np.arange(4).reshape(1, 1, 2, 2)
    >>> dZ = np.array([[[[-1, -2], [-3, -4]]]])
    >>> dA_prev, dW, db = backward(A_prev, W, dZ, axis(3, 2), axis(3, 2), 1)
    >>> dA_prev[0, 0]
    array([[  0,  -1,  -2],
           [ -2, -10, -10],
           [ -6, -17, -12]])
    >>> dW[0, 0]
    array([[-27, -37],
           [-57, -67]])
    >>> db
    array([-10])
    """
    if dZ.dtype.kind == "i" and _sums_fit(A_prev, W, dZ):
        floats = backward(_floats(A_prev), _floats(W), _floats(dZ), rows, cols, groups)
        dA_prev, dW, db = (gradient.astype(np.int64) for gradient in floats)
        return dA_prev, dW, db
    if groups > 1 or _stacks_pay(W, rows, cols):
        dA_prev, dW = planes.backward(A_prev, W, dZ, rows, cols, groups)
    else:
        dA_prev, dW = columns.backward(A_prev, W, dZ, rows, cols)
    return dA_prev, dW, dZ.sum((0, 2, 3))


def _stacks_pay(W: Array, rows: Axis, cols: Axis) -> bool:
    """Whether stacks of dZ are at most half as large again as columns of A_prev.

    Stacks hold, for each tap, a plane of every filter; columns hold every window's cell of
    every channel, and must be folded back, which costs about that half (measured).
    """
    stacks = len(W) * planes.plane_size(rows, cols)
    return bool(2 * stacks <= 3 * W.shape[1] * rows.out * cols.out)


def _sums_fit(A_prev: Array, W: Array, dZ: Array) -> bool:
    """Whether float64, with its fast matrix products, computes these integers exactly.

    No gradient sums more products than W has cells (dA_prev) or dZ has (dW and db).
    """
    product = _greatest(dZ) * max(_greatest(A_prev), _greatest(W), 1)
    return product * max(W.size, dZ.size) < FLOAT64_EXACT


def _greatest(array: Array) -> int:
    """The greatest absolute value (``abs`` itself would overflow at the least integer)."""
    return max(int(array.max()), -int(array.min()))


def _floats(array: Array) -> Array:
    return array.astype(np.float64)
