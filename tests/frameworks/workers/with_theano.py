"""Theano-PyMC on problems of `tests.frameworks`; it runs on Python 3.9."""
# ruff: noqa: B905

import os
import tempfile

FLAGS = {
    "floatX": "float64",
    "mode": "FAST_RUN",
    "optimizer": "fast_compile",
    "device": "cpu",
    "blas.ldflags": "",
    "base_compiledir": tempfile.mkdtemp(),
}
os.environ["THEANO_FLAGS"] = ",".join(f"{name}={value}" for name, value in FLAGS.items())
import numpy as np
import theano
import theano.tensor as t
from serve import errors, pair, serve
from theano.tensor.nnet import conv2d
from theano.tensor.signal.pool import pool_2d

RANKS = {1: t.dvector, 2: t.dmatrix, 4: t.dtensor4}


def _run(problem, function, names):
    arrays = [np.array(problem[name], float) for name in names]
    inputs = [RANKS[array.ndim](name) for name, array in zip(names, arrays)]
    output = function(*inputs)
    error = RANKS[output.ndim]("dZ")
    given = t.grad(t.sum(output * error), inputs)
    value = theano.function(inputs, output)(*arrays)
    dZ = errors(problem, value.shape)
    found = theano.function([*inputs, error], given, on_unused_input="ignore")(*arrays, dZ)
    return {"dZ": dZ, **{f"d{n}": g for n, g in zip(names, found)}}, value


def conv(problem):
    options = {"subsample": tuple(pair(problem.get("stride", 1)))}
    options["filter_dilation"] = tuple(pair(problem.get("dilation", 1)))
    padding = problem.get("padding", 0)
    options["border_mode"] = "valid" if padding in (0, "valid") else tuple(p for p, _ in padding)

    def made(x, W, b):
        return conv2d(x, W, **options) + b.dimshuffle("x", 0, "x", "x")

    found, Z = _run(problem, made, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


def _pool(problem, mode):
    options = {"stride": tuple(pair(problem["stride"]))} if "stride" in problem else {}
    if "padding" in problem:
        options["pad"] = tuple(first for first, _ in problem["padding"])
    if "ceil_mode" in problem:
        options["ignore_border"] = not problem["ceil_mode"]
    window = tuple(pair(problem["window"]))
    found, A = _run(problem, lambda x: pool_2d(x, window, mode=mode, **options), ("A_prev",))
    return {"A": A, **found}


def average_pool(problem):
    return _pool(problem, f"average_{'inc' if problem['count_include_pad'] else 'exc'}_pad")


def dense(problem):
    found, Z = _run(problem, lambda x, W, b: t.dot(x, W.T) + b, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


serve(
    {"theano": theano.__version__},
    {
        "conv": conv,
        "max-pool": lambda problem: _pool(problem, "max"),
        "average-pool": average_pool,
        "dense": dense,
    },
)
