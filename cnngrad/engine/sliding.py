"""Windows that slide over planes (P, H, W): the channels of all samples, some at a time.

What a tap meets in all windows is a slice of a flat phase (taps.py), so that a window's cells
are compared or added tap by tap, over whole planes at once.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from .taps import phases

Array = NDArray[Any]


def merged(array: Array) -> Array:
    """(N, C, H, W) as planes (N · C, H, W)."""
    return array.reshape(-1, *array.shape[2:])


def blocks(array: Array) -> Iterator[tuple[slice, Array]]:
    """As many planes at a time as stay in the cache together with what is made of them."""
    planes = merged(array)
    for block in spans(len(planes), planes.shape[1] * planes.shape[2]):
        yield block, planes[block]


def spans(planes: int, cells: int) -> list[slice]:
    """The same for so many planes of so many cells: which are taken together."""
    step = max(1, 2**16 // cells)
    return [slice(first, first + step) for first in range(0, planes, step)]


def passes(rows: Axis, cols: Axis) -> list[tuple[Axis, Axis]]:
    """What to slide in turn: a small window at once, a larger one along lines, then across.

    The greatest of each line's greatest is the window's, and sums likewise; so kH + kW steps
    are enough, not kH · kW. For up to 3×3 cells the second pass costs more than it saves,
    and along a window of one cell there is nothing to slide.
    """
    if rows.window * cols.window <= 9 or 1 in (rows.window, cols.window):
        return [(rows, cols)]
    return [(_still(rows.size), cols), (rows, _still(cols.out))]


def _still(size: int) -> Axis:
    """An axis along which nothing slides."""
    return Axis(size, window=1, stride=1, dilation=1, before=0, after=0, out=size)


def met(cells: Array, rows: Axis, cols: Axis, padding: Any) -> dict[tuple[int, int], Array]:
    """For each tap (i, j), phase by phase, the cells that it meets, window after window.

    Each is a slice of a flat phase (taps.py), of its planes' length; the cells between the
    lines of windows stand for no window and are dropped by `windows`.
    """
    slices = {}
    for phase in phases(rows, cols):
        size = len(cells) * phase.height * phase.width
        line = np.full(size + phase.widest, padding, cells.dtype)
        line[:size].reshape(-1, phase.height, phase.width)[phase.plane] = cells[phase.cells]
        for i, j, shift in phase.taps:
            slices[i, j] = line[shift : shift + size]
    return slices


def spread(parts: Iterable[Array], rows: Axis, cols: Axis, gradient: Array) -> None:
    """The opposite of `met`: each tap's part, phase by phase, added onto the cells it meets.

    Cells that no tap meets keep what `gradient` holds.
    """
    part = iter(parts)
    for phase in phases(rows, cols):
        size = len(gradient) * phase.height * phase.width
        line = np.zeros(size + phase.widest, gradient.dtype)
        for _, _, shift in phase.taps:
            cells = line[shift : shift + size]
            cells += next(part)
        planes = line[:size].reshape(-1, phase.height, phase.width)
        gradient[phase.cells] = planes[phase.plane]


def windows(line: Array, rows: Axis, cols: Axis) -> Array:
    """The windows (P, OH, OW) among the cells of a flat phase."""
    phase = phases(rows, cols)[0]
    return line.reshape(-1, phase.height, phase.width)[:, : rows.out, : cols.out]


def flat(dZ: Array, rows: Axis, cols: Axis) -> Array:
    """The opposite of `windows`: errors (P, OH, OW) as a flat phase, 0 between them."""
    return phases(rows, cols)[0].spaced(dZ).reshape(-1)
