"""tinygrad on problems of `tests.frameworks`, in float32 on the processor."""

import os
from importlib.metadata import version

os.environ.setdefault("DEV", "PYTHON")  # needs no compiler
import numpy as np
from serve import errors, pair, serve
from tinygrad import Tensor


def _tensor(values):
    return Tensor(np.array(values, np.float32))


def _padding(problem):
    if "padding" not in problem:
        return {}
    padding = problem["padding"]
    if isinstance(padding, list):
        (top, bottom), (left, right) = padding
        padding = (left, right, top, bottom)
    return {"padding": padding}


def _run(problem, function, names):
    inputs = [_tensor(problem[name]) for name in names]
    output = function(*inputs)
    dZ = errors(problem, output.shape)
    (output * Tensor(dZ.astype(np.float32))).sum().backward()
    found = {f"d{name}": tensor.grad.numpy() for name, tensor in zip(names, inputs, strict=True)}
    return {"dZ": dZ, **found}, output.numpy()


def conv(problem):
    options = {name: problem[name] for name in ("stride", "dilation", "groups") if name in problem}
    options |= _padding(problem)
    found, Z = _run(problem, lambda x, W, b: x.conv2d(W, b, **options), ("A_prev", "W", "b"))
    return {"Z": Z, **found}


def _pool(problem, pool, names):
    options = {name: problem[name] for name in names if name in problem} | _padding(problem)
    window = tuple(pair(problem["window"]))
    found, A = _run(problem, lambda x: pool(x, window, **options), ("A_prev",))
    return {"A": A, **found}


def dense(problem):
    found, Z = _run(problem, lambda x, W, b: x.linear(W.T, b), ("A_prev", "W", "b"))
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": lambda out, y: (out - y).square().mean(),
    "softmax-cross-entropy": lambda out, y: out.sparse_categorical_crossentropy(y.cast("int32")),
    "binary-cross-entropy": lambda out, y: out.binary_crossentropy_logits(y),
}
ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": lambda z: z.relu(),
    "leaky-relu": lambda z: z.leaky_relu(),
}


def network(problem):
    x, W, b = (_tensor(problem[name]) for name in ("A_prev", "W", "b"))
    out = ACTIVATIONS[problem["activation"]](x.linear(W.T, b))
    loss = LOSSES[problem["loss"]](out, Tensor(np.array(problem["Y"], np.float32)))
    loss.backward()
    found = {"dA_prev": x.grad.numpy(), "dW": W.grad.numpy(), "db": b.grad.numpy()}
    return {"loss": loss.numpy(), **found}


COUNTS = ("stride", "dilation", "ceil_mode", "count_include_pad")
serve(
    {"tinygrad": version("tinygrad")},
    {
        "conv": conv,
        "max-pool": lambda p: _pool(p, Tensor.max_pool2d, COUNTS[:3]),
        "average-pool": lambda p: _pool(p, Tensor.avg_pool2d, COUNTS),
        "dense": dense,
        "network": network,
    },
)
