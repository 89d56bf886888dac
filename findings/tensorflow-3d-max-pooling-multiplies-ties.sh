#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: 3-D max pooling, run eagerly, gives every tied cell the whole error; inside
# a tf.function, compiled by XLA or not, and in two dimensions only the first of them receives it.
# 2×2 (×1) ones, one window, error 4. Seen: eager 3-D [4, 4, 4, 4]; everything else [4, 0, 0, 0].
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "tensorflow-cpu==2.21.0"
"$work/venv/bin/python" - <<'PY'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf


def pooled(pool, shape):
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = pool(x, shape, shape, "VALID")
        return tf.reshape(tape.gradient(y, x, output_gradients=4 * tf.ones_like(y)), [-1])

    return gradient


flat, block = [1, 2, 2, 1], [1, 1, 2, 2, 1]
in_2d, in_3d = pooled(tf.nn.max_pool2d, flat), pooled(tf.nn.max_pool3d, block)
seen = {
    "2-D eager": in_2d(tf.ones(flat)),
    "3-D eager": in_3d(tf.ones(block)),
    "3-D in a function": tf.function(in_3d)(tf.ones(block)),
    "3-D compiled": tf.function(in_3d, jit_compile=True)(tf.ones(block)),
}
seen = {name: found.numpy().tolist() for name, found in seen.items()}
print("tensorflow", tf.__version__, seen)
assert tf.__version__ == "2.21.0"
assert seen.pop("3-D eager") == [4, 4, 4, 4]
assert all(found == [4, 0, 0, 0] for found in seen.values())
PY
