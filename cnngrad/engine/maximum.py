"""Max pooling of whole arrays: forward remembers where the maximum was, backward goes there.

Forward has two forms. The cells of a few windows are looked up by an index (gathering.py). Of
many, the cells that each tap meets are compared, tap after tap (sliding.py).
"""

from functools import lru_cache, reduce
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from . import gathering
from .sliding import blocks, flat, merged, met, passes, spans, spread, windows

Array = NDArray[Any]


def forward(
    A_prev: Array, rows: Axis, cols: Axis, ties: Literal["first", "last"] = "first"
) -> tuple[Array, Array]:
    """The greatest cell of each window, and which of its taps that is; padding never wins.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    rows, cols
        The two axes of the sliding window.
    ties
        Which of equal cells is remembered, in row-major order.

    Returns
    -------
    A : (N, C, OH, OW)
    where : (N, C, OH, OW)
        The winning tap ``ki * cols.window + kj``, in the smallest integers that hold it.

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> A_prev = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    >>> A, where = forward(A_prev, axis(4, 2, stride=2), axis(4, 2, stride=2))
    >>> A[0, 0]
    array([[6, 8],
           [3, 4]])
    >>> where[0, 0]
    array([[3, 3],
           [0, 3]], dtype=uint8)
    """
    if _few(A_prev, rows, cols):
        return _gathered(A_prev, rows, cols, ties)
    A = np.empty((*A_prev.shape[:2], rows.out, cols.out), A_prev.dtype)
    where = np.empty(A.shape, _integer(rows, cols))
    beats = np.greater if ties == "first" else np.greater_equal
    for block, cells in blocks(_roomy(A_prev)):
        merged(A)[block], merged(where)[block] = _winners(cells, rows, cols, beats)
    return A, where


def backward(where: Array, dZ: Array, rows: Axis, cols: Axis) -> Array:
    """The gradient of max pooling: each error goes to the cell that won its window.

    Parameters
    ----------
    where : (N, C, OH, OW)
        What forward remembers.
    dZ : (N, C, OH, OW)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    dA_prev : (N, C, H, W)

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> side = axis(2, 2)
    >>> for ties in ("first", "last"):
    ...     _, where = forward(np.array([[[[1, 2], [2, 0]]]]), side, side, ties)
    ...     backward(where, np.array([[[[3]]]]), side, side)[0, 0].tolist()
    [[0, 3], [0, 0]]
    [[0, 0], [3, 0]]
    """
    N, C, _, _ = dZ.shape
    planes, cells = N * C, rows.size * cols.size
    dA_prev = np.zeros((planes, cells), dZ.dtype)
    starts, taps = _starts(rows, cols), _taps(rows, cols)
    won, errors = where.reshape(planes, -1), dZ.reshape(planes, -1)
    for block in spans(planes, cells):
        winners = taps.take(won[block])
        winners += starts
        if planes > 1:
            winners += np.arange(0, len(winners) * cells, cells)[:, None]
        np.add.at(dA_prev[block].reshape(-1), winners.reshape(-1), errors[block].reshape(-1))
    return dA_prev.reshape(N, C, rows.size, cols.size)


def backward_to_all(A_prev: Array, dZ: Array, rows: Axis, cols: Axis) -> Array:
    """The same, but where several cells are the maximum, each receives the whole error.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    dZ : (N, C, OH, OW)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    dA_prev : (N, C, H, W)

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> A_prev, dZ = np.array([[[[1, 2], [2, 0]]]]), np.array([[[[3]]]])
    >>> backward_to_all(A_prev, dZ, axis(2, 2), axis(2, 2))[0, 0].tolist()
    [[0, 3], [3, 0]]
    """
    dA_prev = np.zeros(A_prev.shape, dZ.dtype)
    for block, cells in blocks(_roomy(A_prev)):
        taps = met(cells, rows, cols, _below(cells)).values()
        greatest, errors = reduce(np.maximum, taps), flat(merged(dZ)[block], rows, cols)
        parts = (errors * (rivals == greatest) for rivals in taps)
        spread(parts, rows, cols, merged(dA_prev)[block])
    return dA_prev


def tie_counts(A_prev: Array, rows: Axis, cols: Axis) -> NDArray[np.int64]:
    """How many cells of each window equal its maximum.

    Returns
    -------
    counts : (N, C, OH, OW)

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> tie_counts(np.array([[[[1, 2, 0], [2, 0, 0]]]]), axis(2, 2), axis(3, 2))[0, 0]
    array([[2, 1]])
    """
    counts = np.empty((*A_prev.shape[:2], rows.out, cols.out), np.int64)
    for block, cells in blocks(_roomy(A_prev)):
        taps = met(cells, rows, cols, _below(cells)).values()
        greatest = reduce(np.maximum, taps)
        equal = sum(rivals == greatest for rivals in taps)
        merged(counts)[block] = windows(equal, rows, cols)
    return counts


def _roomy(A_prev: Array) -> Array:
    """A_prev, as Python integers if it holds the least int64: padding must be less still."""
    if A_prev.dtype.kind == "i" and A_prev.min() == np.iinfo(A_prev.dtype).min:
        return A_prev.astype(object)
    return A_prev


def _below(cells: Array) -> Any:
    """A number that is less than all cells: what padding counts as in max pooling."""
    return -np.inf if cells.dtype.kind == "f" else int(cells.min()) - 1


def _few(A_prev: Array, rows: Axis, cols: Axis) -> bool:
    """Whether there are so few cells to look up that a call costs more (measured)."""
    windows = len(A_prev) * A_prev.shape[1] * rows.out * cols.out
    return bool(windows * rows.window * cols.window <= 2**12)


@lru_cache(maxsize=64)
def _integer(rows: Axis, cols: Axis) -> np.dtype[Any]:
    """The smallest kind of integer that numbers the taps."""
    return np.min_scalar_type(rows.window * cols.window - 1)


def _gathered(A_prev: Array, rows: Axis, cols: Axis, ties: str) -> tuple[Array, Array]:
    """A and where, from a copy of every window's cells."""
    cells = _roomy(A_prev)
    taps = gathering.gather(cells, gathering.cells(rows, cols), _below(cells))
    if ties == "first":
        where = taps.argmax(2)
    else:
        where = taps.shape[2] - 1 - taps[:, :, ::-1].argmax(2)
    shape = (*A_prev.shape[:2], rows.out, cols.out)
    A = np.maximum.reduce(taps, 2).astype(A_prev.dtype, copy=False)
    return A.reshape(shape), where.astype(_integer(rows, cols)).reshape(shape)


def _winners(cells: Array, rows: Axis, cols: Axis, beats: np.ufunc) -> tuple[Array, Array]:
    """The greatest cell of each window (P, OH, OW), and the number of the tap that it is.

    Of equal cells, the first in row-major order is the first of its line, and its line is
    the first among the lines: so it may be found along lines first, then across.
    """
    integer = _integer(rows, cols).type
    below = _below(cells)
    won: Any = None
    for axes in passes(rows, cols):
        rivals = met(cells, *axes, below)
        numbers: dict[Any, Any] = {(i, j): integer(i * cols.window + j) for i, j in rivals}
        if won is not None:
            numbers = {tap: j + numbers[tap] for tap, j in met(won, *axes, 0).items()}
        order = sorted(rivals)
        cells, won = _race([rivals[tap] for tap in order], [numbers[tap] for tap in order], beats)
        cells, won = windows(cells, *axes), windows(won, *axes)
    return cells, won


def _race(taps: list[Array], numbers: list[Any], beats: np.ufunc) -> tuple[Array, Array]:
    """The greatest of what taps meet, window by window, and the number that came with it.

    Numbers grow from tap to tap, so that `maximum` records the last that was better than
    all before; that is many times faster than a masked assignment.
    """
    greatest = taps[0].copy()
    won = np.zeros(greatest.shape, numbers[0].dtype)
    won += numbers[0]
    for rivals, number in zip(taps[1:], numbers[1:], strict=True):
        better = beats(rivals, greatest).view(np.uint8)
        np.maximum(greatest, rivals, out=greatest)
        np.maximum(won, better * number, out=won)
    return greatest, won


@lru_cache(maxsize=64)
def _starts(rows: Axis, cols: Axis) -> NDArray[np.intp]:
    """Where each window (OH · OW) begins, as an index into a flat plane."""
    down, across = (np.arange(axis.out) * axis.stride - axis.before for axis in (rows, cols))
    return (down[:, None] * cols.size + across).reshape(-1)


@lru_cache(maxsize=64)
def _taps(rows: Axis, cols: Axis) -> NDArray[np.intp]:
    """Where each tap lies, counted from the beginning of its window."""
    down, across = (np.arange(axis.window) * axis.dilation for axis in (rows, cols))
    return (down[:, None] * cols.size + across).reshape(-1)
