"""Chainer on problems of `tests.frameworks`."""

import chainer
import chainer.functions as f
import numpy as np
from serve import errors, pair, serve

chainer.config.dtype = np.float64


def _variable(values):
    return chainer.Variable(np.array(values, float))


def _symmetric(problem):
    padding = problem.get("padding", 0)
    return tuple(first for first, _ in padding) if isinstance(padding, list) else padding


def _run(problem, function, names):
    inputs = [_variable(problem[name]) for name in names]
    output = function(*inputs)
    dZ = errors(problem, output.shape)
    output.grad = dZ
    output.backward()
    return {"dZ": dZ, **{f"d{n}": v.grad for n, v in zip(names, inputs, strict=True)}}, output.data


def conv(problem):
    options = {"stride": pair(problem.get("stride", 1)), "pad": _symmetric(problem)}
    options |= {"dilate": pair(problem.get("dilation", 1)), "groups": problem.get("groups", 1)}
    names = ("A_prev", "W", "b")
    found, Z = _run(problem, lambda x, W, b: f.convolution_2d(x, W, b, **options), names)
    return {"Z": Z, **found}


def _pool(problem, pool, **options):
    options |= {"stride": pair(problem["stride"])} if "stride" in problem else {}
    options |= {"pad": _symmetric(problem)} if "padding" in problem else {}
    window = pair(problem["window"])
    found, A = _run(problem, lambda x: pool(x, window, **options), ("A_prev",))
    return {"A": A, **found}


def max_pool(problem):
    covers = {"cover_all": problem["ceil_mode"]} if "ceil_mode" in problem else {}
    return _pool(problem, f.max_pooling_2d, **covers)


def dense(problem):
    found, Z = _run(problem, f.linear, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": f.mean_squared_error,
    "softmax-cross-entropy": lambda out, y: f.softmax_cross_entropy(out, y.astype(np.int32)),
    "binary-cross-entropy": lambda out, y: f.sigmoid_cross_entropy(out, y.astype(np.int32)),
}
ACTIVATIONS = {"identity": lambda z: z, "relu": f.relu, "leaky-relu": f.leaky_relu}


def network(problem):
    x, W, b = (_variable(problem[name]) for name in ("A_prev", "W", "b"))
    out = ACTIVATIONS[problem["activation"]](f.linear(x, W, b))
    loss = LOSSES[problem["loss"]](out, np.array(problem["Y"], float))
    loss.backward()
    return {"loss": loss.data, "dA_prev": x.grad, "dW": W.grad, "db": b.grad}


serve(
    {"chainer": chainer.__version__},
    {
        "conv": conv,
        "max-pool": max_pool,
        "average-pool": lambda problem: _pool(problem, f.average_pooling_2d),
        "dense": dense,
        "network": network,
    },
)
