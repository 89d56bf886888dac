"""Pooling of whole arrays, forward and backward, without terms or steps."""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import repeat
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..shapes import Axis
from .taps import phases, unfilled

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
    A = np.empty((*A_prev.shape[:2], rows.out, cols.out), A_prev.dtype)
    where = np.empty(A.shape, np.min_scalar_type(rows.window * cols.window - 1))
    for block, cells in _blocks(_roomy(A_prev)):
        _merged(A)[block], _merged(where)[block] = _winners(cells, rows, cols, np.greater)
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
    dA_prev = np.zeros(A_prev.shape, dZ.dtype)
    offsets = _offsets(rows, cols)
    for block, cells in _blocks(_roomy(A_prev)):
        errors, gradient = _merged(dZ)[block], _merged(dA_prev)[block]
        if ties == "all":
            met = _met(cells, rows, cols, _below(cells)).values()
            greatest, flat = reduce(np.maximum, met), _flat(errors, rows, cols)
            _spread((flat * (rivals == greatest) for rivals in met), rows, cols, gradient)
        else:
            beats = np.greater if ties == "first" else np.greater_equal
            _, winners = _winners(cells, rows, cols, beats)
            positions = offsets.take(winners)
            positions += _starts(len(cells), rows, cols)
            np.add.at(gradient.reshape(-1), positions.reshape(-1), errors.reshape(-1))
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
    counts = np.empty((*A_prev.shape[:2], rows.out, cols.out), np.int64)
    for block, cells in _blocks(_roomy(A_prev)):
        met = _met(cells, rows, cols, _below(cells)).values()
        greatest = reduce(np.maximum, met)
        equal = sum(rivals == greatest for rivals in met)
        _merged(counts)[block] = _windows(equal, rows, cols)
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
    A = np.empty((*A_prev.shape[:2], rows.out, cols.out), A_prev.dtype)
    for block, cells in _blocks(A_prev):
        for axes in _passes(rows, cols):
            cells = _windows(reduce(np.add, _met(cells, *axes, 0).values()), *axes)
        _merged(A)[block] = cells
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
    dA_prev = unfilled((*dZ.shape[:2], rows.size, cols.size), dZ.dtype, rows, cols)
    for block, gradient in _blocks(dA_prev):
        errors = _merged(dZ)[block]
        *earlier, last = reversed(_passes(rows, cols))
        for axes in earlier:
            lines = np.zeros((len(errors), axes[0].size, axes[1].size), dZ.dtype)
            _spread(repeat(_flat(errors, *axes)), *axes, lines)
            errors = lines
        _spread(repeat(_flat(errors, *last)), *last, gradient)
    return dA_prev


# Everything below works on planes (P, H, W): the channels of all samples, some at a time.


def _merged(array: Array) -> Array:
    """(N, C, H, W) as planes (N · C, H, W)."""
    return array.reshape(-1, *array.shape[2:])


def _blocks(array: Array) -> Iterator[tuple[slice, Array]]:
    """As many planes at a time as stay in the cache together with what is made of them."""
    planes = _merged(array)
    step = max(1, 2**16 // planes[0].size)
    for first in range(0, len(planes), step):
        block = slice(first, first + step)
        yield block, planes[block]


def _roomy(A_prev: Array) -> Array:
    """A_prev, as Python integers if it holds the least int64: padding must be less still."""
    if A_prev.dtype.kind == "i" and A_prev.min() == np.iinfo(A_prev.dtype).min:
        return A_prev.astype(object)
    return A_prev


def _below(cells: Array) -> Any:
    """A number that is less than all cells: what padding counts as in max pooling."""
    return -np.inf if cells.dtype.kind == "f" else int(cells.min()) - 1


def _passes(rows: Axis, cols: Axis) -> list[tuple[Axis, Axis]]:
    """What to slide in turn: a small window at once, a larger one along lines, then across.

    The greatest of each line's greatest is the window's, and sums likewise; so kH + kW steps
    are enough, not kH · kW. For up to 3×3 cells the second pass costs more than it saves.
    """
    if rows.window * cols.window <= 9:
        return [(rows, cols)]
    return [(_still(rows.size), cols), (rows, _still(cols.out))]


def _still(size: int) -> Axis:
    """An axis along which nothing slides."""
    return Axis(size, window=1, stride=1, dilation=1, before=0, after=0, out=size)


def _met(cells: Array, rows: Axis, cols: Axis, padding: Any) -> dict[tuple[int, int], Array]:
    """For each tap (i, j), phase by phase, the cells that it meets, window after window.

    Each is a slice of a flat phase (taps.py), of its planes' length; the cells between the
    lines of windows stand for no window and are dropped by `_windows`.
    """
    met = {}
    for phase in phases(rows, cols):
        size = len(cells) * phase.height * phase.width
        flat = np.full(size + phase.widest, padding, cells.dtype)
        flat[:size].reshape(-1, phase.height, phase.width)[phase.plane] = cells[phase.cells]
        for i, j, shift in phase.taps:
            met[i, j] = flat[shift : shift + size]
    return met


def _spread(parts: Iterable[Array], rows: Axis, cols: Axis, gradient: Array) -> None:
    """The opposite of `_met`: each tap's part, phase by phase, added onto the cells it meets.

    Cells that no tap meets keep what `gradient` holds.
    """
    part = iter(parts)
    for phase in phases(rows, cols):
        size = len(gradient) * phase.height * phase.width
        flat = np.zeros(size + phase.widest, gradient.dtype)
        for _, _, shift in phase.taps:
            met = flat[shift : shift + size]
            met += next(part)
        planes = flat[:size].reshape(-1, phase.height, phase.width)
        gradient[phase.cells] = planes[phase.plane]


def _windows(flat: Array, rows: Axis, cols: Axis) -> Array:
    """The windows (P, OH, OW) among the cells of a flat phase."""
    phase = phases(rows, cols)[0]
    return flat.reshape(-1, phase.height, phase.width)[:, : rows.out, : cols.out]


def _flat(dZ: Array, rows: Axis, cols: Axis) -> Array:
    """The opposite of `_windows`: errors (P, OH, OW) as a flat phase, 0 between them."""
    return phases(rows, cols)[0].spaced(dZ).reshape(-1)


def _winners(cells: Array, rows: Axis, cols: Axis, beats: np.ufunc) -> tuple[Array, Array]:
    """The greatest cell of each window (P, OH, OW), and the number of the tap that it is.

    Of equal cells, the first in row-major order is the first of its line, and its line is
    the first among the lines: so it may be found along lines first, then across.
    """
    integer = np.min_scalar_type(rows.window * cols.window - 1).type
    below = _below(cells)
    won: Any = None
    for axes in _passes(rows, cols):
        met = _met(cells, *axes, below)
        numbers: dict[Any, Any] = {(i, j): integer(i * cols.window + j) for i, j in met}
        if won is not None:
            numbers = {tap: j + numbers[tap] for tap, j in _met(won, *axes, 0).items()}
        order = sorted(met)
        cells, won = _race([met[tap] for tap in order], [numbers[tap] for tap in order], beats)
        cells, won = _windows(cells, *axes), _windows(won, *axes)
    return cells, won


def _race(met: list[Array], numbers: list[Any], beats: np.ufunc) -> tuple[Array, Array]:
    """The greatest of what taps meet, window by window, and the number that came with it.

    Numbers grow from tap to tap, so that `maximum` records the last that was better than
    all before; that is many times faster than a masked assignment.
    """
    greatest = met[0].copy()
    won = np.zeros(greatest.shape, numbers[0].dtype)
    won += numbers[0]
    for rivals, number in zip(met[1:], numbers[1:], strict=True):
        better = beats(rivals, greatest).view(np.uint8)
        np.maximum(greatest, rivals, out=greatest)
        np.maximum(won, better * number, out=won)
    return greatest, won


def _starts(planes: int, rows: Axis, cols: Axis) -> NDArray[np.intp]:
    """Where each window (P, OH, OW) begins, as an index into flat planes (P · H · W)."""
    tops = (np.arange(rows.out) * rows.stride - rows.before) * cols.size
    windows = tops[:, None] + np.arange(cols.out) * cols.stride - cols.before
    return np.arange(planes)[:, None, None] * (rows.size * cols.size) + windows


def _offsets(rows: Axis, cols: Axis) -> NDArray[np.intp]:
    """Where each tap lies, counted from the beginning of its window."""
    down = np.arange(rows.window) * rows.dilation * cols.size
    return (down[:, None] + np.arange(cols.window) * cols.dilation).reshape(-1)
