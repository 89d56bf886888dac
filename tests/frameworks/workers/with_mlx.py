"""MLX on problems of `tests.frameworks`, in float32 on the processor."""

from importlib.metadata import version

import mlx.core as mx
import mlx.nn as nn
import numpy as np
from serve import errors, pair, serve

mx.set_default_device(mx.cpu)


def _array(values):
    return mx.array(np.array(values, np.float32))


def _symmetric(problem):
    padding = problem.get("padding", 0)
    return tuple(first for first, _ in padding) if isinstance(padding, list) else padding


def _run(problem, function, names):
    inputs = [_array(problem[name]) for name in names]
    output = function(*inputs)
    dZ = errors(problem, output.shape)
    _, found = mx.vjp(function, inputs, [_array(dZ)])
    return {
        "dZ": dZ,
        **{f"d{n}": np.array(g) for n, g in zip(names, found, strict=True)},
    }, np.array(output)


def conv(problem):
    options = {name: problem[name] for name in ("stride", "dilation", "groups") if name in problem}
    for name in ("stride", "dilation"):
        if name in options:
            options[name] = tuple(pair(options[name]))

    def made(x, W, b):
        return mx.conv2d(x, W, padding=_symmetric(problem), **options) + b

    found, Z = _run(problem, made, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


def _pool(problem, layer):
    options = {"padding": _symmetric(problem)} if "padding" in problem else {}
    options |= {"stride": tuple(pair(problem["stride"]))} if "stride" in problem else {}
    found, A = _run(problem, layer(tuple(pair(problem["window"])), **options), ("A_prev",))
    return {"A": A, **found}


def _dense(x, W, b):
    return mx.addmm(b, x, W.T)


def dense(problem):
    found, Z = _run(problem, _dense, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": lambda out, y: nn.losses.mse_loss(out, y),
    "softmax-cross-entropy": lambda out, y: nn.losses.cross_entropy(
        out, y.astype(mx.int32), reduction="mean"
    ),
    "binary-cross-entropy": lambda out, y: nn.losses.binary_cross_entropy(out, y),
}
ACTIVATIONS = {"identity": lambda z: z, "relu": nn.relu, "leaky-relu": nn.leaky_relu}


def network(problem):
    y = _array(problem["Y"])

    def loss(x, W, b):
        return LOSSES[problem["loss"]](ACTIVATIONS[problem["activation"]](_dense(x, W, b)), y)

    inputs = [_array(problem[name]) for name in ("A_prev", "W", "b")]
    value, found = mx.value_and_grad(loss, (0, 1, 2))(*inputs)
    dx, dW, db = (np.array(gradient) for gradient in found)
    return {"loss": np.array(value), "dA_prev": dx, "dW": dW, "db": db}


serve(
    {"mlx": version("mlx")},
    {
        "conv": conv,
        "max-pool": lambda problem: _pool(problem, nn.MaxPool2d),
        "average-pool": lambda problem: _pool(problem, nn.AvgPool2d),
        "dense": dense,
        "network": network,
    },
)
