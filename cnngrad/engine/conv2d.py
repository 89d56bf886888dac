"""Convolution of whole arrays, forward and backward, without terms or steps."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..shapes import Axis
from .taps import reach

Array = NDArray[Any]


def forward(A_prev: Array, W: Array, rows: Axis, cols: Axis, groups: int) -> Array:
    """Z of a convolution, without the bias.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    W : (C_out, C/groups, kH, kW)
    rows, cols
        The two axes of the sliding window.
    groups
        How many groups the channels fall into.

    Returns
    -------
    Z : (N, C_out, OH, OW)

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> A_prev, W = np.arange(9).reshape(1, 1, 3, 3), np.arange(4).reshape(1, 1, 2, 2)
    >>> forward(A_prev, W, axis(3, 2), axis(3, 2), 1)[0, 0]
    array([[19, 25],
           [37, 43]])
    """
    N, _, H, width = A_prev.shape
    C_out, depth, kH, kW = W.shape
    Z = np.zeros((N, groups, C_out // groups, rows.out, cols.out), A_prev.dtype)
    A_prev = A_prev.reshape(N, groups, depth, H, width)
    W = W.reshape(groups, C_out // groups, depth, kH, kW)
    for i in range(kH):
        for j in range(kW):
            (up, row), (left, column) = reach(rows, i), reach(cols, j)
            window = A_prev[..., row, column]
            shape = window.shape[-2:]
            flat = np.matmul(W[..., i, j], window.reshape(N, groups, depth, -1))
            Z[..., up, left] += flat.reshape(N, groups, C_out // groups, *shape)
    return Z.reshape(N, C_out, rows.out, cols.out)


def backward(
    A_prev: Array, W: Array, dZ: Array, rows: Axis, cols: Axis, groups: int
) -> tuple[Array, Array, Array]:
    """The gradients of a convolution: sums over the batch, never divided.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    W : (C_out, C/groups, kH, kW)
    dZ : (N, C_out, OH, OW)
    rows, cols
        The two axes of the sliding window.
    groups
        How many groups the channels fall into.

    Returns
    -------
    dA_prev, dW, db
        Of the shapes of A_prev, W and (C_out,).

    Examples
    --------
    >>> from cnngrad.shapes import axis
    >>> A_prev, W = np.arange(9).reshape(1, 1, 3, 3), np.arange(4).reshape(1, 1, 2, 2)
    >>> dZ = np.array([[[[-1, -2], [-3, -4]]]])
    >>> dA_prev, dW, db = backward(A_prev, W, dZ, axis(3, 2), axis(3, 2), 1)
    >>> dA_prev[0, 0]
    array([[  0,  -1,  -2],
           [ -2, -10, -10],
           [ -6, -17, -12]])
    >>> dW[0, 0]
    array([[-27, -37],
           [-57, -67]])
    >>> db
    array([-10])
    """
    N, _, H, width = A_prev.shape
    C_out, depth, kH, kW = W.shape
    grouped = A_prev.reshape(N, groups, depth, H, width)
    kernels = W.reshape(groups, C_out // groups, depth, kH, kW)
    errors = dZ.reshape(N, groups, C_out // groups, rows.out, cols.out)
    dA_prev, dW = np.zeros_like(grouped), np.zeros_like(kernels)
    for i in range(kH):
        for j in range(kW):
            (up, row), (left, column) = reach(rows, i), reach(cols, j)
            window = grouped[..., row, column]
            shape = window.shape
            window = window.reshape(N, groups, depth, -1)
            error = errors[..., up, left].reshape(N, groups, C_out // groups, -1)
            dW[..., i, j] = np.matmul(error, window.swapaxes(2, 3)).sum(0)
            share = np.matmul(kernels[..., i, j].swapaxes(1, 2), error)
            dA_prev[..., row, column] += share.reshape(shape)
    return dA_prev.reshape(A_prev.shape), dW.reshape(W.shape), dZ.sum((0, 2, 3))
