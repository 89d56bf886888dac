#!/usr/bin/env bash
# TensorFlow 2.21.0, CPU: tf.nn.leaky_relu of a float64 tensor multiplies by its slope in float32.
# The slope 0.2 at −1 should give −0.2 and the gradient 0.2 to the 16 digits of float64. Seen:
# 0.20000000298023224, which is 0.2 in float32, forward and back; so in keras.layers.LeakyReLU.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0
"$work/venv/bin/python" - <<'PY'
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

x = tf.Variable([-1.0], dtype=tf.float64)
with tf.GradientTape() as tape:
    y = tf.nn.leaky_relu(x, alpha=0.2)
dx = tape.gradient(y, x)
print("tensorflow", tf.__version__, y.dtype.name, y.numpy().tolist(), dx.numpy().tolist())
assert tf.__version__ == "2.21.0"
assert y.dtype == dx.dtype == tf.float64
assert y.numpy().tolist() == [-0.20000000298023224]
assert dx.numpy().tolist() == [0.20000000298023224]
PY
