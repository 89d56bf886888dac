"""Pooling of whole arrays, forward and backward, without terms or steps."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..shapes import Axis
from .taps import reach

Array = NDArray[Any]


def max_forward(A_prev: Array, rows: Axis, cols: Axis) -> tuple[Array, Array]:
    """The greatest cell of each window, and which of its taps that is.

    Padding never wins; of equal cells the first in row-major order does.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    A : (N, C, OH, OW)
    where : (N, C, OH, OW)
        The winning tap ``ki * cols.window + kj``, in the smallest integers that hold it.

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> A_prev = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    >>> A, where = max_forward(A_prev, axis(4, 2, stride=2), axis(4, 2, stride=2))
    >>> A[0, 0]
    array([[6, 8],
           [3, 4]])
    >>> where[0, 0]
    array([[3, 3],
           [0, 3]], dtype=uint8)
    """
    A = _lowest(A_prev, rows, cols)
    where = np.zeros(A.shape, np.min_scalar_type(rows.window * cols.window - 1))
    # Backwards, so that among equals the first has the last word.
    for tap, windows, cells in reversed(list(_taps(rows, cols))):
        wins = A_prev[cells] >= A[windows]
        np.maximum(A[windows], A_prev[cells], out=A[windows])
        np.copyto(where[windows], tap, where=wins)
    return A, where


def max_backward(
    A_prev: Array, dZ: Array, rows: Axis, cols: Axis, ties: Literal["first", "last", "all"]
) -> Array:
    """The gradient of max pooling: each error goes to the greatest cell of its window.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    dZ : (N, C, OH, OW)
    rows, cols
        The two axes of the sliding window.
    ties
        Which of equal cells receives the error. With ``"all"`` each gets the whole of it.

    Returns
    -------
    dA_prev : (N, C, H, W)

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> A_prev, dZ = np.array([[[[1, 2], [2, 0]]]]), np.array([[[[3]]]])
    >>> for ties in ("first", "last", "all"):
    ...     max_backward(A_prev, dZ, axis(2, 2), axis(2, 2), ties)[0, 0].tolist()
    [[0, 3], [0, 0]]
    [[0, 0], [3, 0]]
    [[0, 3], [3, 0]]
    """
    A = _greatest(A_prev, rows, cols)
    dA_prev = np.zeros_like(A_prev)
    free = np.ones(A.shape, bool)
    taps = list(_taps(rows, cols))
    for _, windows, cells in reversed(taps) if ties == "last" else taps:
        hit = A_prev[cells] == A[windows]
        if ties != "all":
            hit &= free[windows]
            free[windows] ^= hit
        dA_prev[cells] += dZ[windows] * hit
    return dA_prev


def tie_counts(A_prev: Array, rows: Axis, cols: Axis) -> NDArray[np.int64]:
    """How many cells of each window equal its maximum.

    Returns
    -------
    counts : (N, C, OH, OW)

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> tie_counts(np.array([[[[1, 2, 0], [2, 0, 0]]]]), axis(2, 2), axis(3, 2))[0, 0]
    array([[2, 1]])
    """
    A = _greatest(A_prev, rows, cols)
    counts = np.zeros(A.shape, np.int64)
    for _, windows, cells in _taps(rows, cols):
        counts[windows] += A_prev[cells] == A[windows]
    return counts


def sum_forward(A_prev: Array, rows: Axis, cols: Axis) -> Array:
    """The plain sum of each window; padding counts as 0.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    A : (N, C, OH, OW)

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> sum_forward(np.array([[[[1, 2], [3, 4]]]]), axis(2, 2), axis(2, 2))
    array([[[[10]]]])
    """
    A = np.zeros((*A_prev.shape[:2], rows.out, cols.out), A_prev.dtype)
    for _, windows, cells in _taps(rows, cols):
        A[windows] += A_prev[cells]
    return A


def sum_backward(dZ: Array, rows: Axis, cols: Axis) -> Array:
    """Each cell of dZ, added onto every input cell of its window.

    Parameters
    ----------
    dZ : (N, C, OH, OW)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    dA_prev : (N, C, H, W)

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> sum_backward(np.array([[[[1, 5]]]]), axis(2, 2), axis(3, 2))[0, 0]
    array([[1, 6, 5],
           [1, 6, 5]])
    """
    dA_prev = np.zeros((*dZ.shape[:2], rows.size, cols.size), dZ.dtype)
    for _, windows, cells in _taps(rows, cols):
        dA_prev[cells] += dZ[windows]
    return dA_prev


def _taps(rows: Axis, cols: Axis) -> Iterator[tuple[int, Any, Any]]:
    """Each tap of the window in row-major order: its number, its windows and its cells."""
    for i, row in enumerate(reach(rows)):
        for j, col in enumerate(reach(cols)):
            tap = i * cols.window + j
            yield tap, (..., row.windows, col.windows), (..., row.cells, col.cells)


def _lowest(A_prev: Array, rows: Axis, cols: Axis) -> Array:
    """An output full of what no cell of the input is below."""
    A = np.empty((*A_prev.shape[:2], rows.out, cols.out), A_prev.dtype)
    A[...] = A_prev.min()
    return A


def _greatest(A_prev: Array, rows: Axis, cols: Axis) -> Array:
    """The greatest cell of each window."""
    A = _lowest(A_prev, rows, cols)
    for _, windows, cells in _taps(rows, cols):
        np.maximum(A[windows], A_prev[cells], out=A[windows])
    return A
