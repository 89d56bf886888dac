"""Convolution backward by shifted planes of dZ, for many channels and for groups.

The error of a window goes to the cells that the window's taps meet. Seen from the cells:
tap (i, j) brings to each cell the error that lies `shift` cells before it in a flat phase
(taps.py). So dZ is copied once for each tap, shifted, and the copies are stacked. One
product of W with the stack is dA_prev, and one of the stack with the cells is dW. Nothing
is folded back, and the stack of a sample (small ones: of a few) is all that it keeps.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from .taps import phases, unfilled

Array = NDArray[Any]


def backward(
    A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis, groups: int
) -> tuple[Array, Array]:
    """dA_prev and dW; the groups stand in front, as a batch of matrix products."""
    C_out, depth, kH, kW = W.shape
    filters = C_out // groups
    taps = [tap for phase in phases(rows, cols) for tap in phase.taps]
    order = (..., [i for i, _, _ in taps], [j for _, j, _ in taps])
    kernels = W.reshape(groups, filters, depth, kH, kW)
    weights = kernels[order].transpose(0, 2, 3, 1)  # (groups, depth, taps, filters)
    dA_prev = unfilled(A_prev.shape, A_prev.dtype, rows, cols)
    dweights = np.zeros(weights.shape, W.dtype)
    for part in _parts(groups, filters * plane_size(rows, cols)):
        inputs = slice(part.start * depth, part.stop * depth)
        outputs = slice(part.start * filters, part.stop * filters)
        for samples, stack in _stacks(dZ[:, outputs], part.stop - part.start, rows, cols):
            cells = A_prev[samples, inputs].swapaxes(0, 1)
            gradient = dA_prev[samples, inputs].swapaxes(0, 1)
            _multiply(cells, gradient, stack, weights[part], dweights[part], rows, cols)
    dkernels = np.empty_like(kernels)
    dkernels[order] = dweights.transpose(0, 3, 1, 2)
    return dA_prev, dkernels.reshape(W.shape)


def plane_size(rows: Axis, cols: Axis) -> int:
    """Cells of one flat plane."""
    phase = phases(rows, cols)[0]
    return phase.height * phase.width


def _multiply(
    cells: Array,
    gradient: Array,
    stack: Array,
    weights: Array,
    dweights: Array,
    rows: Axis,
    cols: Axis,
) -> None:
    """Put some samples' dA_prev into `gradient` and add their dW to `dweights`, by phases.

    Parameters
    ----------
    cells, gradient : (groups · depth, n, H, W)
    stack : (groups, taps, filters, n, height · width)
    weights, dweights : (groups, depth, taps, filters)
    """
    groups, depth, _, _ = weights.shape
    first = 0
    for phase in phases(rows, cols):
        taps = slice(first, first + len(phase.taps))
        first = taps.stop
        errors = stack[:, taps].reshape(groups, len(phase.taps) * weights.shape[3], -1)
        met = phase.load(cells)
        share = np.matmul(weights[:, :, taps].reshape(groups, depth, -1), errors)
        gradient[phase.cells] = share.reshape(met.shape)[phase.plane]
        dW = np.matmul(met.reshape(groups, depth, -1), errors.swapaxes(1, 2))
        dweights[:, :, taps] += dW.reshape(dweights[:, :, taps].shape)


def _stacks(dZ: Array, groups: int, rows: Axis, cols: Axis) -> Iterator[tuple[slice, Array]]:
    """A few samples at a time, dZ shifted by each tap: (groups, taps, filters, n, cells).

    The next stack overwrites the last one.
    """
    N, channels, _, _ = dZ.shape
    phase, size = phases(rows, cols)[0], plane_size(rows, cols)
    shifts = [shift for phase in phases(rows, cols) for _, _, shift in phase.taps]
    n = min(N, max(1, 512 // size))
    errors = np.zeros((channels, n, phase.widest + size), dZ.dtype)
    stack = np.empty((groups, len(shifts), channels // groups, n, size), dZ.dtype)
    windows = errors[:, :, phase.widest :].reshape(channels, n, phase.height, phase.width)
    for first in range(0, N, n):
        samples = slice(first, first + n)
        count = len(dZ[samples])
        windows[:, :count, : rows.out, : cols.out] = dZ[samples].swapaxes(0, 1)
        for tap, shift in enumerate(shifts):
            start = phase.widest - shift
            shifted = errors[:, :, start : start + size]
            stack[:, tap] = shifted.reshape(stack[:, tap].shape)
        yield samples, stack[..., :count, :]


def _parts(groups: int, errors: int) -> Iterator[slice]:
    """As many groups at a time as give about 65,000 errors, so that stacks stay in the cache."""
    step = max(1, 2**16 // errors)
    for first in range(0, groups, step):
        yield slice(first, min(first + step, groups))
