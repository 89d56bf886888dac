"""Convolution of whole arrays, forward and backward, without terms or steps.

Both are matrix products; what differs is what is copied to make them so. There are three
forms. A small problem looks its cells up by an index (gathering.py). A larger one copies
slices: columns of A_prev (columns.py) or, for backward, stacks of shifted dZ (planes.py).
Stacks are taken where they are not much larger than columns would be, and for groups.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from . import columns, digits, gathering, planes

Array = NDArray[Any]


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
    >>> from cnngrad.core.shapes import axis
    >>> A_prev, W = np.arange(9).reshape(1, 1, 3, 3), np.arange(4).reshape(1, 1, 2, 2)
    >>> forward(A_prev, W, axis(3, 2), axis(3, 2), 1)[0, 0]
    array([[19, 25],
           [37, 43]])
    """
    if A_prev.dtype.kind == "i" and _exact_in_float64(W.size, A_prev, W):
        floats = forward(A_prev.astype(np.float64), W.astype(np.float64), rows, cols, groups)
        return floats.astype(A_prev.dtype)
    if A_prev.dtype.kind == "O":

        def by_floats(images: Array, kernels: Array) -> list[Array]:
            return [forward(images, kernels, rows, cols, groups)]

        if found := digits.multiplied(by_floats, [A_prev], [W], W[0].size):
            return found[0]
    if _few(A_prev, W, rows, cols):
        return gathering.forward(A_prev, W, rows, cols, groups)
    Z = np.empty((len(A_prev), len(W), rows.out, cols.out), A_prev.dtype)
    for windows, cells, band in _bands(A_prev.shape[1], W, rows, cols):
        Z[:, :, windows] = columns.forward(A_prev[:, :, cells], W, band, cols, groups)
    return Z


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
    >>> from cnngrad.core.shapes import axis
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
    # No gradient sums more products than W has cells (dA_prev) or dZ has (dW and db).
    terms = max(W.size, dZ.size)
    if dZ.dtype.kind == "O":

        def by_floats(images: Array, kernels: Array, errors: Array) -> tuple[Array, Array]:
            return backward(images, kernels, errors, rows, cols, groups)[:2]

        if found := digits.multiplied(by_floats, [A_prev, W], [dZ], terms):
            return found[0], found[1], dZ.sum((0, 2, 3))
    if dZ.dtype.kind == "i" and _exact_in_float64(terms, A_prev, W, dZ):
        images, kernels, errors = (array.astype(np.float64) for array in (A_prev, W, dZ))
        floats = backward(images, kernels, errors, rows, cols, groups)
        dA_prev, dW, db = (gradient.astype(dZ.dtype) for gradient in floats)
        return dA_prev, dW, db
    if _few(A_prev, W, rows, cols):
        dA_prev, dW = gathering.backward(A_prev, W, dZ, rows, cols, groups)
        return dA_prev, dW, dZ.sum((0, 2, 3))
    stacks = groups > 1 or _stacks_pay(W, rows, cols)
    form, copied = (planes, len(W) // groups) if stacks else (columns, A_prev.shape[1])
    bands = _bands(copied, W, rows, cols)
    if len(bands) == 1:
        dA_prev, dW = form.backward(A_prev, W, dZ, rows, cols, groups)
        return dA_prev, dW, dZ.sum((0, 2, 3))
    dA_prev, dW = np.zeros(A_prev.shape, A_prev.dtype), np.zeros(W.shape, W.dtype)
    for windows, cells, band in bands:
        part = A_prev[:, :, cells], W, dZ[:, :, windows], band, cols, groups
        dA_part, dW_part = form.backward(*part)
        dA_prev[:, :, cells] += dA_part  # the bands' windows overlap
        dW += dW_part
    return dA_prev, dW, dZ.sum((0, 2, 3))


def _few(A_prev: Array, W: Array, rows: Axis, cols: Axis) -> bool:
    """Whether there are so few cells to look up that a call costs more (measured)."""
    cells = A_prev.size + len(A_prev) * len(W) * rows.out * cols.out
    return bool(W[0, 0].size * cells <= 2**15)


def _bands(channels: int, W: Array, rows: Axis, cols: Axis) -> list[tuple[slice, slice, Axis]]:
    """As many lines of windows at a time as copies of 16 MB hold of a sample: mostly all.

    For each band: its windows, the lines of the input that they reach, and their axis there.
    """
    lines = max(1, 2**24 // (channels * W[0, 0].size * cols.out * W.itemsize))
    firsts = range(0, rows.out, lines)
    bands = [slice(first, min(first + lines, rows.out)) for first in firsts]
    return [(band, *rows.band(band.start, band.stop)) for band in bands]


def _stacks_pay(W: Array, rows: Axis, cols: Axis) -> bool:
    """Whether stacks of dZ are at most half as large again as columns of A_prev.

    Stacks hold, for each tap, a plane of every filter; columns hold every window's cell of
    every channel, and must be folded back, which costs about that half (measured).
    """
    stacks = len(W) * planes.plane_size(rows, cols)
    return bool(2 * stacks <= 3 * W.shape[1] * rows.out * cols.out)


def _exact_in_float64(terms: int, *arrays: Array) -> bool:
    """Whether float64 computes sums of so many products of two of these arrays exactly.

    It holds every whole number up to 2⁵³, and its matrix products are up to 20 times faster
    than those of int64. (`abs` would overflow at the least integer, so ends are compared.)
    """
    ends = [max(int(array.max()), -int(array.min()), 1) for array in arrays]
    *_, second, first = sorted(ends)
    return terms * second * first < 2**53
