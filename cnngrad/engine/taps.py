"""Where one cell of a window, a *tap*, meets the input: slices instead of padded copies."""

from functools import lru_cache
from typing import NamedTuple

from ..shapes import Axis


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

    >>> from cnngrad.shapes import axis
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


class Phase(NamedTuple):
    """The cells of the padded input whose position leaves one remainder by the stride.

    Within a phase the stride is 1: the next window meets the next cell. So all windows
    of a tap, taken together, are the phase itself, shifted.
    """

    plane: slice
    """The phase's cells that are input; the rest is padding."""
    cells: slice
    """The same cells, in the input."""
    taps: tuple[tuple[int, int], ...]
    """The taps that meet this phase, each with its shift in cells of the phase."""


@lru_cache(maxsize=64)
def phases(axis: Axis) -> tuple[int, tuple[Phase, ...]]:
    """How many cells each phase has that windows reach, and the phases that taps meet.

    >>> from cnngrad.shapes import axis
    >>> length, (even, odd) = phases(axis(5, 3, stride=2, padding=(1, 1)))
    >>> length
    4
    >>> even.plane, even.cells, even.taps  # cells −1, 1, 3, 5: the first and last are padding
    (slice(1, 3, None), slice(1, 4, 2), ((0, 0), (2, 1)))
    >>> odd.plane, odd.cells, odd.taps
    (slice(0, 3, None), slice(0, 5, 2), ((1, 0),))
    """
    length = axis.out + (axis.window - 1) * axis.dilation // axis.stride
    met: dict[int, list[tuple[int, int]]] = {}
    for tap in range(axis.window):
        shift, remainder = divmod(tap * axis.dilation, axis.stride)
        met.setdefault(remainder, []).append((tap, shift))
    return length, tuple(
        Phase(*_reach(axis._replace(out=length), remainder - axis.before), tuple(taps))
        for remainder, taps in met.items()
    )
