#!/usr/bin/env bash
# TensorFlow.js 4.22.0, backend "cpu": the gradient of avgPool under "same" divides by the whole
# window, though forward divides by the cells present.
# One cell 1, window 2, "same": forward gives 1 (one cell present), so its gradient is 1.
# Seen: 0.25.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat > run.js <<'JS'
const say = console.log;
console.log = console.warn = console.info = () => {};
const tf = require("@tensorflow/tfjs");
tf.setBackend("cpu").then(() => {
  const x = tf.tensor4d([1], [1, 1, 1, 1]);
  const pool = (t) => tf.avgPool(t, 2, 2, "same");
  const forward = pool(x).dataSync()[0];
  const gradient = tf.grad(pool)(x).dataSync()[0];
  say("tfjs", tf.version.tfjs, "forward", forward, "gradient", gradient);
  if (tf.version.tfjs !== "4.22.0" || forward !== 1 || gradient !== 0.25) process.exit(1);
});
JS
node run.js
