"""Convolution backward by flat planes: all windows of one tap are one shifted plane.

A channel is laid out as one long row of cells, padding included, each of its lines as
long as a line of dZ plus the widest shift. The errors are laid out likewise, with zeros in
the gap at the end of each line. Then the cells that tap (i, j) meets, for every window, are
a *slice* of that row, which begins ``shift`` cells later: nothing is gathered, and what
runs over the end of a line meets a zero. A stride splits the input into phases (taps.py),
within which it is 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..shapes import Axis
from .taps import Phase, phases

Array = NDArray[Any]


def shifted(A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis) -> tuple[Array, Array]:
    """dA_prev and dW of a convolution without groups, for many channels.

    One sample at a time, and for each tap one matrix product a gradient:
    dW[tap] += dZ · cellsᵀ and d(cells) += W[tap]ᵀ · dZ, where cells is the shifted plane.
    """
    C_out, C, kH, kW = W.shape
    kernels = np.ascontiguousarray(W.transpose(2, 3, 1, 0))
    dA_prev, dW = np.zeros_like(A_prev), np.zeros((kH, kW, C_out, C), W.dtype)
    for n in range(len(A_prev)):
        for phase in phases(rows, cols):
            errors = phase.spaced(dZ[n]).reshape(C_out, -1)
            errors = errors[:, : errors.shape[1] - phase.widest]
            plane = phase.load(A_prev[n])
            gradient = np.zeros_like(plane)
            flat, flat_gradient = plane.reshape(C, -1), gradient.reshape(C, -1)
            for i, j, shift in phase.taps:
                windows = slice(shift, shift + errors.shape[1])
                dW[i, j] += errors @ flat[:, windows].T
                flat_gradient[:, windows] += kernels[i, j] @ errors
            dA_prev[n][phase.cells] = gradient[phase.plane]
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
    for phase in phases(rows, cols):
        taps = (..., [i for i, _, _ in phase.taps], [j for _, j, _ in phase.taps])
        weights = kernels[taps].reshape(groups, depth, -1)
        step = max(1, 2**15 // (phase.height * phase.width))
        for first in range(0, groups, step):
            block = slice(first, first + step)
            channels = slice(first * depth, (first + step) * depth)
            filters = slice(first * C_out // groups, (first + step) * C_out // groups)
            total: Any = 0
            for n in range(len(A_prev)):
                stack = _stack(dZ[n, filters], phase)
                stack = stack.reshape(len(weights[block]), -1, stack.shape[-1])
                gradient = np.matmul(weights[block], stack)
                plane = phase.load(A_prev[n, channels])
                dA_prev[n, channels][phase.cells] = gradient.reshape(plane.shape)[phase.plane]
                cells = plane.reshape(gradient.shape)
                total = total + np.matmul(cells, stack.swapaxes(1, 2))
            dW[block][taps] = total.reshape(kernels[block][taps].shape)
    return dA_prev, dW.swapaxes(1, 2).reshape(W.shape)


def _stack(dZ: Array, phase: Phase) -> Array:
    """Planes of dZ (F, OH, OW), once for each tap: (F, taps, height · width)."""
    F = len(dZ)
    margin, size = max(shift for _, _, shift in phase.taps), phase.height * phase.width
    errors = np.zeros((F, margin + size), dZ.dtype)
    errors[:, margin:] = phase.spaced(dZ).reshape(F, size)
    stack = np.empty((F, len(phase.taps), size), dZ.dtype)
    for t, (_, _, shift) in enumerate(phase.taps):
        stack[:, t] = errors[:, margin - shift : margin - shift + size]
    return stack
