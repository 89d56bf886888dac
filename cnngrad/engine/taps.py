"""Where one cell of a window, a *tap*, meets the input: slices instead of padded copies."""

from ..shapes import Axis


def reach(axis: Axis, tap: int) -> tuple[slice, slice]:
    """The windows whose tap lies in the input, and the cells it meets there, as slices.

    Taps in the padding, or beyond it as under ceil_mode, are left out, so that nothing
    has to be padded: ``output[windows] += weight * input[cells]``.

    >>> from cnngrad.shapes import axis
    >>> reach(axis(5, 3, stride=2, padding=(1, 1)), 0)
    (slice(1, 3, None), slice(1, 4, 2))
    """
    shift = tap * axis.dilation - axis.before
    first = max(0, -(shift // axis.stride))
    last = min(axis.out - 1, (axis.size - 1 - shift) // axis.stride)
    if last < first:
        return slice(0, 0), slice(0, 0)
    cell = first * axis.stride + shift
    return slice(first, last + 1), slice(cell, last * axis.stride + shift + 1, axis.stride)
