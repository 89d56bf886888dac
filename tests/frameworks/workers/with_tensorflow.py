"""TensorFlow on problems of `tests.frameworks`."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
from serve import errors, pair, serve, sides


def _padding(problem):
    padding = problem["padding"]
    if isinstance(padding, str):
        return padding.upper()
    return [[0, 0], *sides(problem), [0, 0]]


def _taken(problem, names, made):
    inputs = [tf.Variable(problem[name], dtype=tf.float64) for name in names]
    with tf.GradientTape() as tape:
        output = made(*inputs)
    dZ = errors(problem, output.shape)
    found = tape.gradient(output, inputs, output_gradients=tf.constant(dZ))
    return {"dZ": dZ, **{f"d{name}": g for name, g in zip(names, found, strict=True)}}, output


def conv(problem):
    def made(x, W, b):
        stride, dilation = pair(problem["stride"]), pair(problem.get("dilation", 1))
        return tf.nn.conv2d(x, W, stride, _padding(problem), dilations=dilation) + b

    found, Z = _taken(problem, ("A_prev", "W", "b"), made)
    return {"Z": Z, **found}


def _pool(problem, pool):
    found, A = _taken(
        problem,
        ("A_prev",),
        lambda x: pool(x, pair(problem["window"]), pair(problem["stride"]), _padding(problem)),
    )
    return {"A": A, **found}


def dense(problem):
    made = lambda x, W, b: tf.linalg.matmul(x, W) + b  # noqa: E731
    found, Z = _taken(problem, ("A_prev", "W", "b"), made)
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": lambda y, out: tf.keras.losses.MeanSquaredError()(y, out),
    "softmax-cross-entropy": lambda y, out: tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(y, tf.int64), out)
    ),
    "binary-cross-entropy": lambda y, out: tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(y, out)
    ),
}
ACTIVATIONS = {"identity": lambda z: z, "relu": tf.nn.relu, "leaky-relu": tf.nn.leaky_relu}


def network(problem):
    tf.keras.backend.set_floatx("float64")
    x, W, b = (tf.Variable(problem[name], dtype=tf.float64) for name in ("A_prev", "W", "b"))
    y = tf.constant(problem["Y"], dtype=tf.float64)
    with tf.GradientTape() as tape:
        out = ACTIVATIONS[problem["activation"]](tf.linalg.matmul(x, W) + b)
        loss = LOSSES[problem["loss"]](y, out)
    dx, dW, db = tape.gradient(loss, [x, W, b])
    return {"loss": loss, "dA_prev": dx, "dW": dW, "db": db}


serve(
    {"tensorflow": tf.__version__},
    {
        "conv": conv,
        "max-pool": lambda problem: _pool(problem, tf.nn.max_pool2d),
        "average-pool": lambda problem: _pool(problem, tf.nn.avg_pool2d),
        "dense": dense,
        "network": network,
    },
)
