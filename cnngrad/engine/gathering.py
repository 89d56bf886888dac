"""Convolution of small problems by index: every cell is looked up where it is needed.

An index says, for each tap and window, which cell of a flat plane the tap meets; its inverse
says, for each tap and cell, which window meets the cell so. What they gather is multiplied as
a matrix, and nothing is added back. One look-up for each tap and cell is slower than copying
slices, but it is a single call, which is what counts where there are few.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis

Array = NDArray[Any]


def forward(A_prev: Array, W: Array, rows: Axis, cols: Axis, groups: int) -> Array:
    """Z, without the bias: (N, C_out, OH, OW)."""
    N, C_out = len(A_prev), len(W)
    columns = gather(A_prev, cells(rows, cols), 0).reshape(N, groups, W[0].size, -1)
    Z: Array = np.matmul(W.reshape(groups, C_out // groups, -1), columns)
    return Z.reshape(N, C_out, rows.out, cols.out)


def backward(
    A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis, groups: int
) -> tuple[Array, Array]:
    """dA_prev and dW: cells gathered for each window, and errors gathered for each cell."""
    N, (C_out, depth, kH, kW) = len(A_prev), W.shape
    filters, taps = C_out // groups, kH * kW
    errors = dZ.reshape(N, groups, filters, -1)
    columns = gather(A_prev, cells(rows, cols), 0).reshape(N, groups, depth * taps, -1)
    dW = np.matmul(errors, columns.swapaxes(2, 3)).sum(0)
    stack = gather(dZ, windows(rows, cols), 0).reshape(N, groups, filters * taps, -1)
    kernels = W.reshape(groups, filters, depth, taps).swapaxes(1, 2).reshape(groups, depth, -1)
    return np.matmul(kernels, stack).reshape(A_prev.shape), dW.reshape(W.shape)


class Index(NamedTuple):
    """Where in a flat plane to look."""

    places: NDArray[np.intp]
    leaves: bool
    """Whether a place lies beyond the plane, just after its end."""


def gather(planes: Array, index: Index, outside: Any) -> Array:
    """The cells of planes (N, C, H, W) at each place; beyond the plane is `outside`."""
    N, C, H, W = planes.shape
    flat = planes.reshape(N, C, -1)
    if index.leaves:
        flat = np.empty((N, C, H * W + 1), planes.dtype)
        flat[:, :, :-1], flat[:, :, -1] = planes.reshape(N, C, -1), outside
    gathered: Array = flat.take(index.places, 2)
    return gathered


@lru_cache(maxsize=64)
def cells(rows: Axis, cols: Axis) -> Index:
    """For each tap and window the cell that is met: (taps, OH · OW); padding lies beyond.

    >>> from cnngrad.core.shapes import axis
    >>> cells(axis(1, 1), axis(3, 2, padding=(1, 0))).places
    array([[3, 0, 1],
           [0, 1, 2]])
    """
    (down, inside_rows), (across, inside_cols) = _line(rows), _line(cols)
    places = down[:, None, :, None] * cols.size + across[:, None, :]
    inside = inside_rows[:, None, :, None] & inside_cols[:, None, :]
    places = np.where(inside, places, rows.size * cols.size)
    return Index(places.reshape(rows.window * cols.window, -1), not inside.all())


@lru_cache(maxsize=64)
def windows(rows: Axis, cols: Axis) -> Index:
    """For each tap and cell the window whose tap meets it: (taps, H · W); none lies beyond.

    >>> from cnngrad.core.shapes import axis
    >>> windows(axis(1, 1), axis(3, 2, padding=(1, 0))).places
    array([[1, 2, 3],
           [0, 1, 2]])
    """
    met = cells(rows, cols).places
    found = np.full((len(met), rows.size * cols.size + 1), met.shape[1])
    np.put_along_axis(found, met, np.arange(met.shape[1])[None], 1)
    return Index(found[:, :-1], True)


def _line(axis: Axis) -> tuple[Array, Array]:
    """Positions along one axis, (window, out), and which of them lie in the input."""
    starts = np.arange(axis.out) * axis.stride - axis.before
    places = np.arange(axis.window)[:, None] * axis.dilation + starts
    return places, (places >= 0) & (places < axis.size)
