#!/usr/bin/env bash
# PaddlePaddle 3.3.1, CPU: the gradient of avg_pool2d of a float64 tensor divides in float32.
# Average of one window of 3 cells, error 1: each cell should receive 1/3 to the 16 digits of
# float64. Seen: 0.3333333432674408, which is 1/3 in float32; forward gives 1/3 in full.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check paddlepaddle==3.3.1
"$work/venv/bin/python" - <<'PY'
import paddle
import paddle.nn.functional as F

x = paddle.to_tensor([[[[1.0, 0.0, 0.0]]]], dtype="float64", stop_gradient=False)
y = F.avg_pool2d(x, [1, 3])
(dx,) = paddle.grad(y, [x], grad_outputs=paddle.ones_like(y))
print("paddle", paddle.__version__, dx.dtype, "forward", y.item(), "gradient", dx.numpy().tolist())
assert paddle.__version__ == "3.3.1"
assert y.item() == 1 / 3
assert dx.numpy().ravel().tolist() == [0.3333333432674408] * 3
PY
