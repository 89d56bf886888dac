#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: 3-D max pooling gives every tied cell the whole error; in two dimensions,
# and in three when compiled by XLA, only the first of them receives it.
# 2×2 (×1) ones, one window, error 4. Seen: 3-D [4, 4, 4, 4]; 2-D and compiled 3-D [4, 0, 0, 0].
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0
"$work/venv/bin/python" - <<'PY'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf


def gradient(shape, pool, window, jit):
    x = tf.Variable(tf.ones(shape))

    @tf.function(jit_compile=jit)
    def back():
        with tf.GradientTape() as tape:
            y = pool(x, window, window, "VALID")
        return tape.gradient(y, x, output_gradients=4 * tf.ones_like(y))

    return tf.reshape(back(), [-1]).numpy().tolist()


flat = gradient([1, 2, 2, 1], tf.nn.max_pool2d, [1, 2, 2, 1], False)
block = gradient([1, 1, 2, 2, 1], tf.nn.max_pool3d, [1, 1, 2, 2, 1], False)
compiled = gradient([1, 1, 2, 2, 1], tf.nn.max_pool3d, [1, 1, 2, 2, 1], True)
print("tensorflow", tf.__version__, "2-D", flat, "3-D", block, "3-D compiled", compiled)
assert tf.__version__ == "2.21.0"
assert flat == [4, 0, 0, 0]
assert block == [4, 4, 4, 4]
assert compiled == [4, 0, 0, 0]
PY
