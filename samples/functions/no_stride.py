"""A convolution's backward function with a mistake: the windows never move by the stride."""

import numpy as np


def conv_backward(dZ, A_prev, W, stride=1, padding=0):
    """dA_prev, dW and db; wrong as soon as the stride is above 1."""
    kh, kw = W.shape[2:]
    padded = np.pad(A_prev, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    d_padded, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for n, f, i, j in np.ndindex(dZ.shape):
        rows, columns = slice(i, i + kh), slice(j, j + kw)  # i * stride and j * stride are meant
        d_padded[n, :, rows, columns] += W[f] * dZ[n, f, i, j]
        dW[f] += padded[n, :, rows, columns] * dZ[n, f, i, j]
    height, width = A_prev.shape[2:]
    dA_prev = d_padded[:, :, padding : padding + height, padding : padding + width]
    return dA_prev, dW, dZ.sum((0, 2, 3))
