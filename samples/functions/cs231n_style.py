"""Layers as CS231n's assignments call them: `(x, w, b, conv_param)`, a cache, `(dout, cache)`."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """The output, and all that backward needs."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    hh, ww = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    h_out = 1 + (xp.shape[2] - hh) // stride
    w_out = 1 + (xp.shape[3] - ww) // stride
    out = np.zeros((x.shape[0], w.shape[0], h_out, w_out))
    for i in range(h_out):
        for j in range(w_out):
            part = xp[:, :, i * stride : i * stride + hh, j * stride : j * stride + ww]
            out[:, :, i, j] = np.einsum("nchw,fchw->nf", part, w) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """dx, dw and db."""
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    hh, ww = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            part = xp[:, :, i * stride : i * stride + hh, j * stride : j * stride + ww]
            dw += np.einsum("nf,nchw->fchw", dout[:, :, i, j], part)
            dxp[:, :, i * stride : i * stride + hh, j * stride : j * stride + ww] += np.einsum(
                "nf,fchw->nchw", dout[:, :, i, j], w
            )
    dx = dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    """The maximum of each window."""
    hh, ww, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    h_out, w_out = 1 + (x.shape[2] - hh) // s, 1 + (x.shape[3] - ww) // s
    out = np.zeros((*x.shape[:2], h_out, w_out))
    for i in range(h_out):
        for j in range(w_out):
            out[:, :, i, j] = x[:, :, i * s : i * s + hh, j * s : j * s + ww].max(axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    """By a mask, as most do it: every cell that equals the maximum gets the whole error."""
    x, pool_param = cache
    hh, ww, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        part = x[n, c, i * s : i * s + hh, j * s : j * s + ww]
        mask = part == part.max()
        dx[n, c, i * s : i * s + hh, j * s : j * s + ww] += mask * dout[n, c, i, j]
    return dx


def affine_forward(x, w, b):
    """Rows times W, which is (D, M)."""
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    """dx, dw and db."""
    x, w, b = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    """What is above 0."""
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    """The error where x was above 0."""
    return dout * (cache > 0)


def softmax_loss(x, y):
    """The mean over the samples, and its slope."""
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    dx = np.exp(logs)
    dx[rows, y] -= 1
    return -logs[rows, y].mean(), dx / len(x)
