"""Flax on problems of `tests.frameworks`: its layers with their own defaults."""

import itertools

import flax
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import linen as nn
from serve import errors, pair, serve

jax.config.update("jax_enable_x64", True)
COUNT = itertools.count(1)
WORDS = {"same": "SAME", "valid": "VALID", "same-lower": "SAME_LOWER"}


def _padding(problem):
    if "padding" not in problem:
        return {}
    padding = problem["padding"]
    return {"padding": WORDS[padding] if isinstance(padding, str) else padding}


def _run(problem, function, names):
    inputs = [jnp.array(problem[name], float) for name in names]
    if next(COUNT) % 50 == 0:
        jax.clear_caches()  # every problem has shapes of its own, and they add up
    output, back = jax.vjp(function, *inputs)
    dZ = errors(problem, output.shape)
    return {
        "dZ": dZ,
        **{f"d{n}": g for n, g in zip(names, back(jnp.array(dZ)), strict=True)},
    }, output


def conv(problem):
    kernel = np.shape(problem["W"])
    layer = nn.Conv(
        kernel[3],
        kernel[:2],
        strides=problem.get("stride", 1),
        kernel_dilation=problem.get("dilation", 1),
        feature_group_count=problem.get("groups", 1),
        param_dtype=jnp.float64,
        **_padding(problem),
    )

    def made(x, W, b):
        return layer.apply({"params": {"kernel": W, "bias": b}}, x)

    found, Z = _run(problem, made, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


def _pool(problem, pool, **options):
    options |= _padding(problem)
    if "stride" in problem:
        options["strides"] = tuple(pair(problem["stride"]))
    window = tuple(pair(problem["window"]))
    found, A = _run(problem, lambda x: pool(x, window, **options), ("A_prev",))
    return {"A": A, **found}


def average_pool(problem):
    counts = {name: problem[name] for name in ("count_include_pad",) if name in problem}
    return _pool(problem, nn.avg_pool, **counts)


def _dense(x, W, b):
    layer = nn.Dense(W.shape[1], param_dtype=jnp.float64)
    return layer.apply({"params": {"kernel": W, "bias": b}}, x)


def dense(problem):
    found, Z = _run(problem, _dense, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": lambda out, y: optax.squared_error(out, y),
    "softmax-cross-entropy": lambda out, y: optax.softmax_cross_entropy_with_integer_labels(
        out, y.astype(int)
    ),
    "binary-cross-entropy": lambda out, y: optax.sigmoid_binary_cross_entropy(out, y),
}
ACTIVATIONS = {"identity": lambda z: z, "relu": nn.relu, "leaky-relu": nn.leaky_relu}


def network(problem):
    y = jnp.array(problem["Y"], float)

    def loss(x, W, b):
        out = ACTIVATIONS[problem["activation"]](_dense(x, W, b))
        return jnp.mean(LOSSES[problem["loss"]](out, y))

    inputs = [jnp.array(problem[name], float) for name in ("A_prev", "W", "b")]
    value, (dx, dW, db) = jax.value_and_grad(loss, (0, 1, 2))(*inputs)
    return {"loss": value, "dA_prev": dx, "dW": dW, "db": db}


serve(
    {"jax": jax.__version__, "flax": flax.__version__},
    {
        "conv": conv,
        "max-pool": lambda problem: _pool(problem, nn.max_pool),
        "average-pool": average_pool,
        "dense": dense,
        "network": network,
    },
)
