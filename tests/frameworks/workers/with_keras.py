"""Keras on TensorFlow, on problems of `tests.frameworks`: its layers with their own defaults."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf
from serve import errors, pair, serve

keras.config.set_floatx("float64")


def _run(problem, layer, parameters=()):
    x = tf.Variable(problem["A_prev"], dtype=tf.float64)
    layer.build(x.shape)
    if parameters:
        layer.set_weights([np.array(problem[name], float) for name in parameters])
    with tf.GradientTape() as tape:
        output = layer(x)
    dZ = errors(problem, output.shape)
    targets = [x, *(weight.value for weight in layer.weights)]
    found = tape.gradient(output, targets, output_gradients=tf.constant(dZ))
    return {
        "dZ": dZ,
        **{f"d{n}": g for n, g in zip(("A_prev", *parameters), found, strict=True)},
    }, output


def conv(problem):
    kernel = np.shape(problem["W"])
    options = {"dilation_rate": problem.get("dilation", 1), "groups": problem.get("groups", 1)}
    options |= {"strides": problem.get("stride", 1)}
    options |= {"padding": problem["padding"]} if "padding" in problem else {}
    found, Z = _run(problem, keras.layers.Conv2D(kernel[3], kernel[:2], **options), ("W", "b"))
    return {"Z": Z, **found}


def _pool(problem, layer):
    options = {"strides": pair(problem["stride"])} if "stride" in problem else {}
    options |= {"padding": problem["padding"]} if "padding" in problem else {}
    found, A = _run(problem, layer(pair(problem["window"]), **options))
    return {"A": A, **found}


def dense(problem):
    found, Z = _run(problem, keras.layers.Dense(np.shape(problem["W"])[1]), ("W", "b"))
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": keras.losses.MeanSquaredError(),
    "softmax-cross-entropy": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    "binary-cross-entropy": keras.losses.BinaryCrossentropy(from_logits=True),
}
ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": keras.layers.ReLU(),
    "leaky-relu": keras.layers.LeakyReLU(),
}


def network(problem):
    x = tf.Variable(problem["A_prev"], dtype=tf.float64)
    layer = keras.layers.Dense(np.shape(problem["W"])[1])
    layer.build(x.shape)
    layer.set_weights([np.array(problem[name], float) for name in ("W", "b")])
    y = tf.constant(problem["Y"], dtype=tf.float64)
    with tf.GradientTape() as tape:
        loss = LOSSES[problem["loss"]](y, ACTIVATIONS[problem["activation"]](layer(x)))
    targets = [x, *(weight.value for weight in layer.weights)]
    dx, dW, db = tape.gradient(loss, targets)
    return {"loss": loss, "dA_prev": dx, "dW": dW, "db": db}


serve(
    {"keras": keras.__version__, "tensorflow": tf.__version__},
    {
        "conv": conv,
        "max-pool": lambda problem: _pool(problem, keras.layers.MaxPooling2D),
        "average-pool": lambda problem: _pool(problem, keras.layers.AveragePooling2D),
        "dense": dense,
        "network": network,
    },
)
