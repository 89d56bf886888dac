"""Convolution backward by flat planes: all windows of one tap are one shifted plane.

A channel is laid out as one long row of cells, padding included, each of its lines as
long as a line of dZ plus the widest shift. The errors are laid out likewise, with zeros in
the gap at the end of each line. Then the cells that tap (i, j) meets, for every window, are
a *slice* of that row, which begins ``shift`` cells later: nothing is gathered, and what
runs over the end of a line meets a zero. A stride splits the input into phases (taps.py),
within which it is 1.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..shapes import Axis
from .taps import phases

Array = NDArray[Any]


class Layout(NamedTuple):
    """One phase of the input, rows and columns together."""

    height: int
    width: int
    plane: tuple[Any, ...]
    """Where the input's cells stand in planes (…, height, width)."""
    cells: tuple[Any, ...]
    """The same cells in the input (…, H, W)."""
    taps: list[tuple[int, int, int]]
    """Each tap i, j of this phase with its shift along the flat plane."""

    def load(self, channels: Array) -> Array:
        """Planes of channels (C, H, W): (C, height, width), padding and gaps 0."""
        plane = np.zeros((len(channels), self.height, self.width), channels.dtype)
        plane[self.plane] = channels[self.cells]
        return plane


def layouts(rows: Axis, cols: Axis) -> Iterator[Layout]:
    """All phases of the input that windows reach."""
    (height, row_phases), (width, col_phases) = phases(rows), phases(cols)
    for row in row_phases:
        for col in col_phases:
            taps = [(i, j, y * width + x) for i, y in row.taps for j, x in col.taps]
            yield Layout(
                height, width, (..., row.plane, col.plane), (..., row.cells, col.cells), taps
            )


def shifted(A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis) -> tuple[Array, Array]:
    """dA_prev and dW of a convolution without groups, for many channels.

    One sample at a time, and for each tap one matrix product a gradient:
    dW[tap] += dZ · cellsᵀ and d(cells) += W[tap]ᵀ · dZ, where cells is the shifted plane.
    """
    C_out, C, kH, kW = W.shape
    kernels = np.ascontiguousarray(W.transpose(2, 3, 1, 0))
    dA_prev, dW = np.zeros_like(A_prev), np.zeros((kH, kW, C_out, C), W.dtype)
    for n in range(len(A_prev)):
        for layout in layouts(rows, cols):
            errors = np.zeros((C_out, rows.out, layout.width), dZ.dtype)
            errors[:, :, : cols.out] = dZ[n]
            errors = errors.reshape(C_out, -1)[:, : (rows.out - 1) * layout.width + cols.out]
            plane = layout.load(A_prev[n])
            gradient = np.zeros_like(plane)
            flat, flat_gradient = plane.reshape(C, -1), gradient.reshape(C, -1)
            for i, j, shift in layout.taps:
                windows = slice(shift, shift + errors.shape[1])
                dW[i, j] += errors @ flat[:, windows].T
                flat_gradient[:, windows] += kernels[i, j] @ errors
            dA_prev[n][layout.cells] = gradient[layout.plane]
    return dA_prev, dW.transpose(2, 3, 0, 1)


def stacked(
    A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis, groups: int
) -> tuple[Array, Array]:
    """dA_prev and dW of a convolution in groups, as many groups at a time as fit the cache.

    A group has few channels (one, if depthwise): products of single taps would be too small.
    So the planes of dZ are shifted instead, backwards, and stacked tap by tap. One batch of
    products of W with the stack is dA_prev, one of the stack with the cells is dW.
    """
    C_out, depth, kH, kW = W.shape
    kernels = W.reshape(groups, C_out // groups, depth, kH, kW).transpose(0, 2, 1, 3, 4)
    dA_prev, dW = np.zeros_like(A_prev), np.zeros_like(kernels)
    for layout in layouts(rows, cols):
        taps = (..., [i for i, _, _ in layout.taps], [j for _, j, _ in layout.taps])
        weights = kernels[taps].reshape(groups, depth, -1)
        step = max(1, 2**15 // (layout.height * layout.width))
        for first in range(0, groups, step):
            block = slice(first, first + step)
            channels = slice(first * depth, (first + step) * depth)
            filters = slice(first * C_out // groups, (first + step) * C_out // groups)
            total: Any = 0
            for n in range(len(A_prev)):
                stack = _stack(dZ[n, filters], layout)
                stack = stack.reshape(len(weights[block]), -1, stack.shape[-1])
                gradient = np.matmul(weights[block], stack)
                plane = layout.load(A_prev[n, channels])
                dA_prev[n, channels][layout.cells] = gradient.reshape(plane.shape)[layout.plane]
                cells = plane.reshape(gradient.shape)
                total = total + np.matmul(cells, stack.swapaxes(1, 2))
            dW[block][taps] = total.reshape(kernels[block][taps].shape)
    return dA_prev, dW.swapaxes(1, 2).reshape(W.shape)


def _stack(dZ: Array, layout: Layout) -> Array:
    """Planes of dZ (F, OH, OW), once for each tap: (F, taps, height · width)."""
    F, OH, OW = dZ.shape
    margin, size = max(shift for _, _, shift in layout.taps), layout.height * layout.width
    errors = np.zeros((F, margin + size), dZ.dtype)
    errors[:, margin:].reshape(F, layout.height, layout.width)[:, :OH, :OW] = dZ
    stack = np.empty((F, len(layout.taps), size), dZ.dtype)
    for t, (_, _, shift) in enumerate(layout.taps):
        stack[:, t] = errors[:, margin - shift : margin - shift + size]
    return stack
