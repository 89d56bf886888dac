"""Where one cell of a window, a *tap*, meets the input: slices instead of indices."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis


class Reach(NamedTuple):
    """One tap along one axis, with the windows for which it lies in the input."""

    windows: slice
    """Those windows: cells of the output."""
    cells: slice
    """The cells of the input that the tap meets, window by window."""


@lru_cache(maxsize=64)
def reach(axis: Axis) -> tuple[Reach, ...]:
    """The reach of each tap of the window, in order.

    Where a tap falls on padding, or beyond it under ceil_mode, its windows are left out,
    so nothing needs a padded copy: ``output[windows] += weight * input[cells]``.

    >>> from cnngrad.core.shapes import axis
    >>> for tap in reach(axis(5, 3, stride=2, padding=(1, 1))):
    ...     print(tap.windows, tap.cells)
    slice(1, 3, None) slice(1, 4, 2)
    slice(0, 3, None) slice(0, 5, 2)
    slice(0, 2, None) slice(1, 4, 2)
    """
    return tuple(_reach(axis, tap * axis.dilation - axis.before) for tap in range(axis.window))


def _reach(axis: Axis, start: int) -> Reach:
    """The reach of a tap that lies on cell `start` (may be negative) in the first window."""
    first = max(0, -(start // axis.stride))
    last = min(axis.out - 1, (axis.size - 1 - start) // axis.stride)
    if last < first:
        return Reach(slice(0, 0), slice(0, 0))
    cells = slice(start + first * axis.stride, start + last * axis.stride + 1, axis.stride)
    return Reach(slice(first, last + 1), cells)


@lru_cache(maxsize=64)
def reaches_all(axis: Axis) -> bool:
    """Whether every cell of the input lies in some window.

    >>> from cnngrad.core.shapes import axis
    >>> reaches_all(axis(4, 2, stride=2)), reaches_all(axis(5, 2, stride=2))
    (True, False)
    """
    positions = range(axis.size)
    return len({cell for tap in reach(axis) for cell in positions[tap.cells]}) == axis.size


def unfilled(shape: tuple[int, ...], dtype: Any, rows: Axis, cols: Axis) -> NDArray[Any]:
    """An array for the gradient of every cell that some window reaches; the others are 0."""
    make = np.empty if reaches_all(rows) and reaches_all(cols) else np.zeros
    return make(shape, dtype)


class Phase(NamedTuple):
    """The cells of the padded input whose row, and column, leave one remainder by the stride.

    Within a phase the stride is 1: the next window meets the next cell. Laid out flat, line
    after line, each as long as a line of windows plus the widest shift, the cells that a tap
    meets in all windows are a *slice* of the phase, which begins `shift` cells later. So
    nothing is gathered; what runs over the end of a line stands for no window.
    """

    height: int
    width: int
    widest: int
    """The widest shift of any tap, of this phase or another: (height, width) holds it exactly."""
    plane: tuple[Any, ...]
    """Where the cells that are input stand in planes (…, height, width); the rest is padding."""
    cells: tuple[Any, ...]
    """The same cells in the input (…, H, W)."""
    taps: tuple[tuple[int, int, int], ...]
    """The taps (i, j) that meet this phase, each with its shift along the flat plane."""

    def load(self, channels: NDArray[Any]) -> NDArray[Any]:
        """The phase of channels (…, H, W), as planes (…, height, width); padding is 0."""
        cells = channels[self.cells]
        if cells.shape[-2:] == (self.height, self.width):  # nothing is padding: no need to copy
            return np.ascontiguousarray(cells)
        planes = np.zeros((*channels.shape[:-2], self.height, self.width), channels.dtype)
        planes[self.plane] = cells
        return planes

    def spaced(self, dZ: NDArray[Any]) -> NDArray[Any]:
        """Errors (P, OH, OW) laid out likewise, with 0 where no window is."""
        planes = np.zeros((len(dZ), self.height, self.width), dZ.dtype)
        planes[:, : dZ.shape[1], : dZ.shape[2]] = dZ
        return planes


@lru_cache(maxsize=64)
def phases(rows: Axis, cols: Axis) -> tuple[Phase, ...]:
    """The phases that any tap meets: only one if the stride is 1.

    >>> from cnngrad.core.shapes import axis
    >>> phase, = phases(axis(3, 2), axis(3, 2))
    >>> phase.height, phase.width, phase.taps
    (3, 3, ((0, 0, 0), (0, 1, 1), (1, 0, 3), (1, 1, 4)))
    >>> [phase.taps for phase in phases(axis(4, 2, stride=2), axis(4, 3))]
    [((0, 0, 0), (0, 1, 1), (0, 2, 2)), ((1, 0, 0), (1, 1, 1), (1, 2, 2))]
    """
    (height, row_phases), (width, col_phases) = _line_phases(rows), _line_phases(cols)
    return tuple(
        Phase(
            height,
            width,
            (height - rows.out) * width + width - cols.out,
            (..., row.windows, col.windows),
            (..., row.cells, col.cells),
            tuple((i, j, down * width + right) for i, down in ups for j, right in lefts),
        )
        for row, ups in row_phases
        for col, lefts in col_phases
    )


def _line_phases(axis: Axis) -> tuple[int, list[tuple[Reach, list[tuple[int, int]]]]]:
    """The phases of one axis: their length, and each one's input cells, taps and shifts."""
    length = axis.out + (axis.window - 1) * axis.dilation // axis.stride
    taps: dict[int, list[tuple[int, int]]] = {}
    for tap in range(axis.window):
        shift, remainder = divmod(tap * axis.dilation, axis.stride)
        taps.setdefault(remainder, []).append((tap, shift))
    longer = axis._replace(out=length)
    return length, [(_reach(longer, r - axis.before), shifts) for r, shifts in taps.items()]
