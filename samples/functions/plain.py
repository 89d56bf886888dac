"""A convolution layer and pooling in plain arrays: images are N, C, H, W. All of it is right."""

import numpy as np


def conv_forward(A_prev, W, b, stride=1, padding=0):
    """Z = A_prev ∗ W + b, window by window."""
    kh, kw = W.shape[2:]
    padded = np.pad(A_prev, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = (padded.shape[2] - kh) // stride + 1
    columns = (padded.shape[3] - kw) // stride + 1
    Z = np.zeros((len(A_prev), len(W), rows, columns))
    for i in range(rows):
        for j in range(columns):
            y, x = i * stride, j * stride
            window = padded[:, None, :, y : y + kh, x : x + kw]
            Z[:, :, i, j] = (window * W).sum((2, 3, 4)) + b
    return Z


def conv_backward(dZ, A_prev, W, stride=1, padding=0):
    """dA_prev, dW and db: every cell of dZ sends its share back to the window it came from."""
    kh, kw = W.shape[2:]
    padded = np.pad(A_prev, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    d_padded, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for n, f, i, j in np.ndindex(dZ.shape):
        rows = slice(i * stride, i * stride + kh)
        columns = slice(j * stride, j * stride + kw)
        d_padded[n, :, rows, columns] += W[f] * dZ[n, f, i, j]
        dW[f] += padded[n, :, rows, columns] * dZ[n, f, i, j]
    height, width = A_prev.shape[2:]
    dA_prev = d_padded[:, :, padding : padding + height, padding : padding + width]
    return dA_prev, dW, dZ.sum((0, 2, 3))


def max_pool_backward(dZ, A_prev, window, stride):
    """The whole error goes to the cell that was the maximum."""
    dA_prev = np.zeros(A_prev.shape)
    for n, c, i, j in np.ndindex(dZ.shape):
        y, x = i * stride, j * stride
        part = A_prev[n, c, y : y + window, x : x + window]
        row, column = np.unravel_index(part.argmax(), part.shape)
        dA_prev[n, c, y + row, x + column] += dZ[n, c, i, j]
    return dA_prev


def avg_pool_backward(dZ, A_prev, window, stride):
    """The error is shared equally by the window."""
    dA_prev = np.zeros(A_prev.shape)
    for n, c, i, j in np.ndindex(dZ.shape):
        y, x = i * stride, j * stride
        dA_prev[n, c, y : y + window, x : x + window] += dZ[n, c, i, j] / window**2
    return dA_prev
