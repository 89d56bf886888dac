"""Layers as deeplearning.ai's course calls them: channels last, W (f, f, C_prev, C), a cache."""

import numpy as np


def zero_pad(X, pad):
    """Zeros around height and width."""
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def conv_forward(A_prev, W, b, hparameters):
    """Z and the cache."""
    stride, pad = hparameters["stride"], hparameters["pad"]
    f, _, _, n_C = W.shape
    padded = zero_pad(A_prev, pad)
    n_H = (padded.shape[1] - f) // stride + 1
    n_W = (padded.shape[2] - f) // stride + 1
    Z = np.zeros((len(A_prev), n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(Z.shape):
        part = padded[i, h * stride : h * stride + f, w * stride : w * stride + f]
        Z[i, h, w, c] = (part * W[..., c]).sum() + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    """dA_prev, dW and db."""
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    padded = zero_pad(A_prev, pad)
    dA_pad, dW, db = np.zeros_like(padded), np.zeros_like(W), np.zeros_like(b)
    for i, h, w, c in np.ndindex(dZ.shape):
        rows = slice(h * stride, h * stride + f)
        columns = slice(w * stride, w * stride + f)
        dA_pad[i, rows, columns] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += padded[i, rows, columns] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    end_H, end_W = pad + A_prev.shape[1], pad + A_prev.shape[2]
    return dA_pad[:, pad:end_H, pad:end_W], dW, db


def pool_forward(A_prev, hparameters, mode="max"):
    """The maximum or the mean of each window."""
    f, stride = hparameters["f"], hparameters["stride"]
    n_H = (A_prev.shape[1] - f) // stride + 1
    n_W = (A_prev.shape[2] - f) // stride + 1
    A = np.zeros((len(A_prev), n_H, n_W, A_prev.shape[3]))
    for i, h, w, c in np.ndindex(A.shape):
        part = A_prev[i, h * stride : h * stride + f, w * stride : w * stride + f, c]
        A[i, h, w, c] = part.max() if mode == "max" else part.mean()
    return A, (A_prev, hparameters)


def pool_backward(dA, cache, mode="max"):
    """dA_prev: by a mask of the maxima, or shared equally."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for i, h, w, c in np.ndindex(dA.shape):
        rows = slice(h * stride, h * stride + f)
        columns = slice(w * stride, w * stride + f)
        if mode == "max":
            part = A_prev[i, rows, columns, c]
            dA_prev[i, rows, columns, c] += (part == part.max()) * dA[i, h, w, c]
        else:
            dA_prev[i, rows, columns, c] += dA[i, h, w, c] / (f * f)
    return dA_prev


def linear_backward(dZ, cache):
    """dA_prev, dW and db of a layer whose samples are columns; dW and db are means."""
    A_prev, W, b = cache
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m
