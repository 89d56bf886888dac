#!/usr/bin/env bash
# PaddlePaddle 3.3.1, CPU: the gradient of binary_cross_entropy_with_logits at a logit of exactly 0 is
# 1 too small. It is sigmoid(z) − y: 0.5 for the target 0 and −0.5 for the target 1.
# Seen: −0.5 and −1.5; 1e-9 beside 0 it is right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "paddlepaddle==3.3.1"
"$work/venv/bin/python" - <<'PY'
import paddle
import paddle.nn.functional as F


def gradient(logit, target):
    z = paddle.to_tensor([logit], dtype="float64", stop_gradient=False)
    y = paddle.to_tensor([target], dtype="float64")
    loss = F.binary_cross_entropy_with_logits(z, y, reduction="sum")
    return paddle.grad(loss, [z])[0].item()


zero = [gradient(0.0, target) for target in (0.0, 1.0)]
beside = [gradient(1e-9, target) for target in (0.0, 1.0)]
print("paddle", paddle.__version__, "at 0:", zero, "at 1e-9:", beside)
assert paddle.__version__ == "3.3.1"
assert zero == [-0.5, -1.5]
assert all(abs(found - right) < 1e-8 for found, right in zip(beside, [0.5, -0.5]))
PY
