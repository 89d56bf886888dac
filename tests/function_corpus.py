"""Functions of our own writing for the tests: right ones, and each with one line made wrong."""

from __future__ import annotations

from dataclasses import dataclass

CONV = """
import numpy as np

def conv_backward(dZ, A_prev, W, b=None, stride=1, padding=0, dilation=1):
    N, C, H, Wd = A_prev.shape
    F, _, kh, kw = W.shape
    padded = np.pad(A_prev, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dP = np.zeros(padded.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(F)
    for n in range(N):
        for f in range(F):
            for i in range(dZ.shape[2]):
                for j in range(dZ.shape[3]):
                    g = dZ[n, f, i, j]
                    r = slice(i * stride, i * stride + dilation * (kh - 1) + 1, dilation)
                    c = slice(j * stride, j * stride + dilation * (kw - 1) + 1, dilation)
                    dP[n, :, r, c] += W[f] * g
                    dW[f] += padded[n, :, r, c] * g
                    db[f] += g
    dA_prev = dP[:, :, padding : padding + H, padding : padding + Wd]
    return dA_prev, dW, db
"""

MAX = """
import numpy as np

def max_pool_backward(dout, x, pool_size, stride):
    dx = np.zeros(x.shape)
    N, C, H, W = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    y, z = i * stride, j * stride
                    part = x[n, c, y : y + pool_size, z : z + pool_size]
                    g = dout[n, c, i, j]
                    a, b = np.unravel_index(np.argmax(part), part.shape)
                    dx[n, c, y + a, z + b] += g
    return dx
"""

AVERAGE = """
import numpy as np

def avg_pool_backward(dout, x, pool_size, stride):
    dx = np.zeros(x.shape)
    N, C, H, W = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    y, z = i * stride, j * stride
                    g = dout[n, c, i, j]
                    dx[n, c, y : y + pool_size, z : z + pool_size] += g / (pool_size * pool_size)
    return dx
"""

DENSE = """
import numpy as np

def dense_backward(dZ, A_prev, W):
    dA_prev = dZ @ W
    dW = dZ.T @ A_prev
    db = dZ.sum(axis=0)
    return dA_prev, dW, db
"""

CONV_FORWARD = """
import numpy as np

def conv_forward(x, w, b, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh = (xp.shape[2] - kh) // stride + 1
    ow = (xp.shape[3] - kw) // stride + 1
    out = np.zeros((N, F, oh, ow))
    for i in range(oh):
        for j in range(ow):
            part = xp[:, None, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = (part * w).sum(axis=(2, 3, 4)) + b
    return out
"""

TRANSPOSED = """
import numpy as np

def conv_transpose_backward(dZ, A_prev, W, stride=1, padding=0):
    N, C, H, Wd = A_prev.shape
    _, F, kh, kw = W.shape
    P = np.pad(dZ, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dA, dW = np.zeros(A_prev.shape), np.zeros(W.shape)
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(Wd):
                    part = P[n, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    dA[n, c, i, j] = (part * W[c]).sum()
                    dW[c] += part * A_prev[n, c, i, j]
    return dA, dW, dZ.sum((0, 2, 3))
"""

BATCH_NORM = """
import numpy as np

def batchnorm_backward(dout, x, gamma, eps=1e-5):
    N = x.shape[0]
    mean, var = x.mean(0), x.var(0)
    root = np.sqrt(var + eps)
    x_hat = (x - mean) / root
    dgamma, dbeta = (dout * x_hat).sum(0), dout.sum(0)
    d_hat = dout * gamma
    dx = (N * d_hat - d_hat.sum(0) - x_hat * (d_hat * x_hat).sum(0)) / (N * root)
    return dx, dgamma, dbeta
"""

BATCH_NORM_CACHE = """
import numpy as np

def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get("eps", 1e-5)
    mean, var = x.mean(axis=0), x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta, (x_hat, gamma, var + eps)

def batchnorm_backward(dout, cache):
    x_hat, gamma, shifted = cache
    dgamma, dbeta = (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    d_hat = dout * gamma
    centred = d_hat - d_hat.mean(axis=0) - x_hat * (d_hat * x_hat).mean(axis=0)
    return centred / np.sqrt(shifted), dgamma, dbeta
"""


@dataclass(frozen=True)
class Wrong:
    """A function with one thing made wrong.

    `codes` names the rules of which each result may be told; any of them is true of it.
    """

    name: str
    source: str
    old: str
    new: str
    codes: tuple[str, ...]

    @property
    def code(self) -> str:
        assert self.old in self.source, self.name
        return self.source.replace(self.old, self.new)


W = Wrong
WRONG = [
    W("conv rotated", CONV, "+= W[f] * g", "+= W[f][:, ::-1, ::-1] * g", ("kernel-rotated",)),
    W("conv overwritten", CONV, "dP[n, :, r, c] +=", "dP[n, :, r, c] =", ("overlap-overwritten",)),
    W("conv dW overwritten", CONV, "dW[f] += ", "dW[f] = ", ("overlap-overwritten",)),
    W("conv db overwritten", CONV, "db[f] += g", "db[f] = g", ("overlap-overwritten",)),
    W(
        "conv no stride",
        CONV,
        "    for n in range(N):",
        "    stride = 1\n    for n in range(N):",
        ("stride-ignored",),
    ),
    W(
        "conv no dilation",
        CONV,
        "    for n in range(N):",
        "    dilation = 1\n    for n in range(N):",
        ("dilation-ignored",),
    ),
    W("conv not cropped", CONV, "return dA_prev", "return dP", ("padding-not-cropped",)),
    W(
        "conv cropped by -p",
        CONV,
        "dP[:, :, padding : padding + H, padding : padding + Wd]",
        "dP[:, :, : H, : Wd]",
        ("padding-not-cropped", "padding-other-side", "padding-ignored"),
    ),
    W("conv negated", CONV, "return dA_prev, dW", "return -dA_prev, dW", ("negated",)),
    W("conv dW negated", CONV, "return dA_prev, dW", "return dA_prev, -dW", ("negated",)),
    W(
        "conv dW turned",
        CONV,
        "return dA_prev, dW",
        "return dA_prev, dW[:, :, ::-1, ::-1]",
        ("gradient-rotated",),
    ),
    W("conv dA divided", CONV, "return dA_prev, dW", "return dA_prev / N, dW", ("divided-by-n",)),
    W(
        "conv first sample",
        CONV,
        "dW[f] += padded[n, :, r, c] * g",
        "dW[f] += padded[0, :, r, c] * dZ[0, f, i, j] * (n == 0)",
        ("batch-first-sample",),
    ),
    W(
        "conv one filter only",
        CONV,
        "dP[n, :, r, c] += W[f] * g",
        "dP[n, :, r, c] += W[f] * g * (f == F - 1)",
        ("channels-not-summed",),
    ),
    W("max every cell", MAX, "dx[n, c, y + a, z + b] += g", "part_ = dx[n, c, y : y + pool_size,"
      " z : z + pool_size]\n                    part_ += g", ("error-to-every-cell",)),
    W("max itself", MAX, "+= g", "+= part[a, b]", ("maximum-instead-of-error",)),
    W("max times error", MAX, "+= g", "+= g * part[a, b]", ("error-times-maximum",)),
    W("max corner", MAX, "dx[n, c, y + a, z + b]", "dx[n, c, y, z]", ("error-at-window-corner",)),
    W("max overwritten", MAX, "+= g", "= g", ("overlap-overwritten",)),
    W("max negated", MAX, "return dx", "return -dx", ("negated",)),
    W("max no stride", MAX, "y, z = i * stride, j * stride", "y, z = i, j", ("stride-ignored",)),
    W("average not divided", AVERAGE, "g / (pool_size * pool_size)", "g",
      ("not-divided-by-window",)),
    W("average by side", AVERAGE, "g / (pool_size * pool_size)", "g / pool_size",
      ("divided-by-window-side",)),
    W("average without error", AVERAGE, "g / (pool_size", "1 / (pool_size", ("error-ignored",)),
    W("average overwritten", AVERAGE, "+= g", "= g", ("overlap-overwritten",)),
    W("average negated", AVERAGE, "return dx", "return -dx", ("negated",)),
    W("average no stride", AVERAGE, "y, z = i * stride, j * stride", "y, z = i, j",
      ("stride-ignored",)),
    W("transposed negated", TRANSPOSED, "return dA,", "return -dA,", ("negated",)),
    W("batch norm negated", BATCH_NORM, "return dx", "return -dx", ("negated",)),
    W("batch norm dgamma negated", BATCH_NORM, "return dx, dgamma", "return dx, -dgamma",
      ("negated",)),
    W("dense dW turned", DENSE, "dZ.T @ A_prev", "(dZ.T @ A_prev).T", ("transposed",)),
    W("dense negated", DENSE, "dA_prev = dZ @ W", "dA_prev = -dZ @ W", ("negated",)),
    W("dense dA divided", DENSE, "dZ @ W", "dZ @ W / len(dZ)", ("divided-by-n",)),
    W("dense first sample", DENSE, "dZ.sum(axis=0)", "dZ[0]", ("batch-first-sample",)),
    W("forward rotated", CONV_FORWARD, "(part * w)", "(part * w[:, :, ::-1, ::-1])",
      ("kernel-rotated",)),
    W("forward no bias", CONV_FORWARD, " + b", "", ("bias-missing",)),
    W("forward one channel", CONV_FORWARD, "(part * w).sum(axis=(2, 3, 4))",
      "(part * w).sum(axis=(3, 4))[:, :, -1]", ("channels-not-summed",)),
]  # fmt: skip
RIGHT = {
    "conv": CONV,
    "max": MAX,
    "average": AVERAGE,
    "dense": DENSE,
    "conv forward": CONV_FORWARD,
    "transposed": TRANSPOSED,
    "transposed, other order of W": TRANSPOSED.replace("_, F, kh, kw", "F, _, kh, kw")
    .replace("W[c]).sum()", "W[:, c]).sum()")
    .replace("dW[c] +=", "dW[:, c] +="),
    "batch norm": BATCH_NORM,
    "batch norm with another epsilon": BATCH_NORM.replace(", eps=1e-5", "").replace(
        "+ eps", "+ 1e-8"
    ),
    "conv batch mean": CONV.replace("return dA_prev, dW, db", "return dA_prev, dW / N, db / N"),
    "max all ties": MAX.replace(
        "dx[n, c, y + a, z + b] += g",
        "dx[n, c, y : y + pool_size, z : z + pool_size] += (part == part.max()) * g",
    ),
    "conv true convolution": CONV.replace("+= W[f] * g", "+= W[f][:, ::-1, ::-1] * g").replace(
        "return dA_prev, dW", "return dA_prev, dW[:, :, ::-1, ::-1]"
    ),
    "conv other order": CONV.replace("return dA_prev, dW, db", "return dW, db, dA_prev"),
    "conv dictionary": CONV.replace(
        "return dA_prev, dW, db", "return {'dx': dA_prev, 'dw': dW, 'db': db}"
    ),
    "conv float32": CONV.replace("return dA_prev, dW", "return dA_prev.astype('float32'), dW"),
    "dense in-out": DENSE.replace("dZ @ W", "dZ @ W.T").replace("dZ.T @ A_prev", "A_prev.T @ dZ"),
    "one plane": """
import numpy as np

def conv_backward(delta, image, kernel):
    d_image, d_kernel = np.zeros(image.shape), np.zeros(kernel.shape)
    kh, kw = kernel.shape
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            d_image[i : i + kh, j : j + kw] += delta[i, j] * kernel
            d_kernel += delta[i, j] * image[i : i + kh, j : j + kw]
    return d_image, d_kernel
""",
    "one sample": """
import numpy as np

def conv_backward(dout, x, w):
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    kh, kw = w.shape[2:]
    for f in range(len(w)):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                dx[:, i : i + kh, j : j + kw] += dout[f, i, j] * w[f]
                dw[f] += dout[f, i, j] * x[:, i : i + kh, j : j + kw]
    return dx, dw, dout.sum((1, 2))
""",
    "course with words": """
import numpy as np

def conv_backward(dZ, A_prev, W, b, padding="same", stride=(1, 1)):
    m, h, w, c = A_prev.shape
    kh, kw, _, f = W.shape
    sh, sw = stride
    ph = pw = 0
    if padding == "same":
        ph = int(np.ceil(((h - 1) * sh + kh - h) / 2))
        pw = int(np.ceil(((w - 1) * sw + kw - w) / 2))
    P = np.pad(A_prev, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    dP, dW = np.zeros(P.shape), np.zeros(W.shape)
    for n, i, j, k in np.ndindex(dZ.shape):
        y, x = i * sh, j * sw
        dP[n, y : y + kh, x : x + kw] += W[..., k] * dZ[n, i, j, k]
        dW[..., k] += P[n, y : y + kh, x : x + kw] * dZ[n, i, j, k]
    return dP[:, ph : ph + h, pw : pw + w], dW, dZ.sum((0, 1, 2), keepdims=True)
""",
}


def loaded(source: str):
    """The first function that a text of Python defines."""
    names: dict[str, object] = {}
    exec(source, names)
    return next(
        value
        for name, value in names.items()
        if callable(value) and getattr(value, "__code__", None) and not name.startswith("_")
    )
