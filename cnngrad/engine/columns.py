"""Convolution by columns: every window of the input becomes one column of a matrix.

Then the layer is one matrix product, ``Z = W · columns``, and so are its gradients:
``dW = dZ · columnsᵀ`` and ``Wᵀ · dZ``, whose columns are folded back onto the cells that
they were taken from. The samples stand innermost (C, H, W, n), so that even the narrowest
image is copied and added in long runs.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from .taps import reach

Array = NDArray[Any]


def forward(A_prev: Array, W: Array, rows: Axis, cols: Axis, groups: int) -> Array:
    """Z, without the bias: (N, C_out, OH, OW)."""
    N, C_out = len(A_prev), len(W)
    kernels = W.reshape(groups, C_out // groups, -1)
    Z = np.empty((N, C_out, rows.out, cols.out), A_prev.dtype)
    for block in blocks(N, W[0].size * groups * rows.out * cols.out):
        columns = unfold(innermost(A_prev[block]), rows, cols)
        product = np.matmul(kernels, columns.reshape(groups, kernels.shape[2], -1))
        Z[block] = outermost(product.reshape(C_out, rows.out, cols.out, -1))
    return Z


def backward(
    A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis, groups: int
) -> tuple[Array, Array]:
    """dA_prev and dW: the columns are copied, used for dW, and overwritten by their gradients."""
    N, C_out = len(A_prev), len(W)
    kernels = W.reshape(groups, C_out // groups, -1)
    taps = kernels.shape[2]
    dA_prev, dW = np.zeros(A_prev.shape, A_prev.dtype), np.zeros(kernels.shape, W.dtype)
    for block in blocks(N, W[0].size * groups * rows.out * cols.out):
        columns = unfold(innermost(A_prev[block]), rows, cols)
        matrix = columns.reshape(groups, taps, -1)
        errors = innermost(dZ[block]).reshape(groups, C_out // groups, -1)
        dW += np.matmul(errors, matrix.swapaxes(1, 2))
        np.matmul(kernels.swapaxes(1, 2), errors, out=matrix)  # a view of the columns
        fold(columns, innermost(dA_prev[block]), rows, cols)
    return dA_prev, dW.reshape(W.shape)


def unfold(cells: Array, rows: Axis, cols: Axis) -> Array:
    """Copy (C, H, W, n) into the columns (C, kH, kW, OH, OW, n); padding is 0.

    First along the rows' width, then along the height: kH + kW copies instead of kH · kW.
    """
    C, H, _, n = cells.shape
    wide = np.zeros((C, cols.window, H, cols.out, n), cells.dtype)
    for j, (windows, met) in enumerate(reach(cols)):
        wide[:, j, :, windows] = cells[:, :, met]
    columns = np.zeros((C, rows.window, cols.window, rows.out, cols.out, n), cells.dtype)
    for i, (windows, met) in enumerate(reach(rows)):
        columns[:, i, :, windows] = wide[:, :, met]
    return columns


def fold(columns: Array, cells: Array, rows: Axis, cols: Axis) -> None:
    """Add columns onto the cells (C, H, W, n) that `unfold` took them from, in opposite order."""
    C, _, _, _, _, n = columns.shape
    wide = np.zeros((C, cols.window, rows.size, cols.out, n), columns.dtype)
    for i, (windows, met) in enumerate(reach(rows)):
        lines = wide[:, :, met]
        lines += columns[:, i, :, windows]
    for j, (windows, met) in enumerate(reach(cols)):
        lines = cells[:, :, met]
        lines += wide[:, j, :, windows]


def blocks(samples: int, cells: int) -> list[slice]:
    """As many samples at a time as fill columns of about 500,000 cells (4 MB) together.

    Images of which fewer than 8 fit are taken one by one: their own lines are longer runs.
    """
    n = 2**19 // cells
    n = n if n >= 8 else 1
    return [slice(first, first + n) for first in range(0, samples, n)]


def innermost(samples: Array) -> Array:
    """(n, C, H, W) seen as (C, H, W, n)."""
    return samples.transpose(1, 2, 3, 0)


def outermost(samples: Array) -> Array:
    """(C, H, W, n) seen as (n, C, H, W)."""
    return samples.transpose(3, 0, 1, 2)
