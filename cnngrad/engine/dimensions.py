"""Convolution and pooling in one, two or three dimensions, by the engine of two.

A row is an image of one row. A block is worked plane by plane: each plane of the output is the sum
of what the planes of its window give in two dimensions.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from . import average, blocks, conv2d, maximum

Array = NDArray[Any]
Lines = Sequence[Axis]
"""The spatial axes of the sliding window."""

_ONE = Axis(1, 1, 1, 1, 0, 0, 1)
"""The rows of an image of one row."""


def forward(A_prev: Array, W: Array, lines: Lines, groups: int) -> Array:
    """Z of a convolution, without the bias.

    Parameters
    ----------
    A_prev : (N, C, …)
    W : (C_out, C/groups, …)
    lines
        The spatial axes of the sliding window.
    groups
        How many groups the channels fall into.

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> forward(np.array([[[1, 2, 3]]]), np.array([[[1, 10]]]), [axis(3, 2)], 1)
    array([[[21, 32]]])
    """
    if len(lines) == 2:
        return conv2d.forward(A_prev, W, lines[0], lines[1], groups)
    if len(lines) == 1:
        return conv2d.forward(A_prev[:, :, None], W[:, :, None], _ONE, lines[0], groups)[:, :, 0]
    depth, rows, cols = lines
    Z = np.zeros((len(A_prev), len(W), depth.out, rows.out, cols.out), A_prev.dtype)
    for i, k, z in _planes(depth):
        image, kernel = _plane(A_prev, z), _plane(W, k)
        Z[:, :, i] += conv2d.forward(image, kernel, rows, cols, groups)
    return Z


def backward(
    A_prev: Array, W: Array, dZ: Array, lines: Lines, groups: int
) -> tuple[Array, Array, Array]:
    """dA_prev, dW and db of a convolution: sums over the batch, never divided.

    Parameters
    ----------
    A_prev, W, lines, groups
        As for `forward`.
    dZ : (N, C_out, …)
    """
    if len(lines) == 2:
        return conv2d.backward(A_prev, W, dZ, lines[0], lines[1], groups)
    if len(lines) == 1:
        image, kernel, errors = A_prev[:, :, None], W[:, :, None], dZ[:, :, None]
        dA, dW, db = conv2d.backward(image, kernel, errors, _ONE, lines[0], groups)
        return dA[:, :, 0], dW[:, :, 0], db
    depth, rows, cols = lines
    dA, dW = np.zeros(A_prev.shape, dZ.dtype), np.zeros(W.shape, dZ.dtype)
    for i, k, z in _planes(depth):
        image, kernel, errors = _plane(A_prev, z), _plane(W, k), _plane(dZ, i)
        dA_part, dW_part, _ = conv2d.backward(image, kernel, errors, rows, cols, groups)
        dA[:, :, z] += dA_part
        dW[:, :, k] += dW_part
    return dA, dW, dZ.sum((0, 2, 3, 4))


def sums(A_prev: Array, lines: Lines) -> Array:
    """The sum of each window of an average pooling, not yet divided."""
    if len(lines) == 2:
        return average.forward(A_prev, lines[0], lines[1])
    if len(lines) == 1:
        return average.forward(A_prev[:, :, None], _ONE, lines[0])[:, :, 0]
    depth, rows, cols = lines
    A = np.zeros((*A_prev.shape[:2], depth.out, rows.out, cols.out), A_prev.dtype)
    for i, _, z in _planes(depth):
        A[:, :, i] += average.forward(_plane(A_prev, z), rows, cols)
    return A


def spread(dZ: Array, lines: Lines) -> Array:
    """Each cell of dZ, already divided, added onto every input cell of its window."""
    if len(lines) == 2:
        return average.backward(dZ, lines[0], lines[1])
    if len(lines) == 1:
        return average.backward(dZ[:, :, None], _ONE, lines[0])[:, :, 0]
    depth, rows, cols = lines
    dA = np.zeros((*dZ.shape[:2], depth.size, rows.size, cols.size), dZ.dtype)
    for i, _, z in _planes(depth):
        dA[:, :, z] += average.backward(_plane(dZ, i), rows, cols)
    return dA


def maxima(A_prev: Array, lines: Lines) -> Array:
    """The greatest cell of each window."""
    if len(lines) == 2:
        rows, cols = lines
        return maximum.forward(A_prev, rows, cols)[0]
    if len(lines) == 1:
        return maximum.forward(A_prev[:, :, None], _ONE, lines[0])[0][:, :, 0]
    return blocks.maxima(A_prev, lines)


def tie_counts(A_prev: Array, lines: Lines) -> Array:
    """In how many cells of each window its maximum stands."""
    if len(lines) == 2:
        return maximum.tie_counts(A_prev, lines[0], lines[1])
    if len(lines) == 1:
        return maximum.tie_counts(A_prev[:, :, None], _ONE, lines[0])[:, :, 0]
    return blocks.tie_counts(A_prev, lines)


def to_maxima(A_prev: Array, dZ: Array, lines: Lines, ties: str) -> Array:
    """Each error to the cell that is its window's maximum, or to all of them.

    Parameters
    ----------
    A_prev, dZ, lines
        As above.
    ties
        "first", "last", "first-column" or "all".
    """
    if len(lines) == 1:
        return to_maxima(A_prev[:, :, None], dZ[:, :, None], (_ONE, lines[0]), ties)[:, :, 0]
    if len(lines) == 3:
        return blocks.to_maxima(A_prev, dZ, lines, ties)
    rows, cols = lines
    if ties == "all":
        return maximum.backward_to_all(A_prev, dZ, rows, cols)
    if ties == "first-column":  # the first in row-major order of the image on its side
        _, where = maximum.forward(A_prev.swapaxes(2, 3), cols, rows)
        onto = maximum.backward(where, dZ.swapaxes(2, 3), cols, rows)
        return np.ascontiguousarray(onto.swapaxes(2, 3))
    _, where = maximum.forward(A_prev, rows, cols, "last" if ties == "last" else "first")
    return maximum.backward(where, dZ, rows, cols)


def _planes(depth: Axis) -> list[tuple[int, int, int]]:
    """(plane of the output, of the kernel as it lies there, of the input) that meet."""
    straight = depth._replace(flipped=False)
    return [(i, k, z) for i in range(depth.out) for k, z in straight.taps(i)]


def _plane(array: Array, z: int) -> Array:
    return np.ascontiguousarray(array[:, :, z])
