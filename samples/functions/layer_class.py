"""Layers as classes: `forward` keeps what `backward` needs, which keeps dW and db."""

import numpy as np


class Conv2D:
    """A convolution; W is (C_out, C_in, k, k)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.W = np.random.default_rng(0).normal(size=shape)
        self.b = np.zeros(out_channels)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        """Z = x ∗ W + b."""
        p, s, k = self.padding, self.stride, self.W.shape[2]
        self.shape = x.shape
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        windows = np.lib.stride_tricks.sliding_window_view(self.padded, (k, k), axis=(2, 3))
        self.windows = windows[:, :, ::s, ::s]
        return np.einsum("ncijkl,fckl->nfij", self.windows, self.W) + self.b[:, None, None]

    def backward(self, dout):
        """The error that goes back; dW and db are kept."""
        p, s, k = self.padding, self.stride, self.W.shape[2]
        self.dW = np.einsum("nfij,ncijkl->fckl", dout, self.windows)
        self.db = dout.sum((0, 2, 3))
        d_padded = np.zeros_like(self.padded)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                share = np.einsum("nf,fckl->nckl", dout[:, :, i, j], self.W)
                d_padded[:, :, i * s : i * s + k, j * s : j * s + k] += share
        return d_padded[:, :, p : p + self.shape[2], p : p + self.shape[3]]


class Linear:
    """A fully connected layer; W is (n_in, n_out)."""

    def __init__(self, in_features, out_features):
        self.weights = np.zeros((in_features, out_features))
        self.bias = np.zeros((1, out_features))

    def forward(self, x):
        """Rows times W."""
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, grad_output):
        """The error that goes back; the gradients are kept."""
        self.grad_weights = self.x.T @ grad_output
        self.grad_bias = grad_output.sum(axis=0, keepdims=True)
        return grad_output @ self.weights.T
