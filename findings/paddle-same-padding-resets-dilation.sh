#!/usr/bin/env bash
# PaddlePaddle 3.3.1, CPU: conv2d with padding="SAME" computes with dilation 1 whatever is asked.
# 5×5 cells 0 … 24, a 3×3 kernel of ones, dilation 2. With the padding written out, [2, 2, 2, 2],
# the middle is the sum of 0 2 4 10 12 14 20 22 24 = 108. Seen with "SAME": the sum of the nine
# neighbours instead, and at the corner 0+1+5+6 = 12 for 0+2+10+12 = 24.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check paddlepaddle==3.3.1
"$work/venv/bin/python" - <<'PY'
import paddle
import paddle.nn.functional as F

x = paddle.arange(25, dtype="float64").reshape([1, 1, 5, 5])
w = paddle.ones([1, 1, 3, 3], dtype="float64")
numbers = F.conv2d(x, w, padding=[2, 2, 2, 2], dilation=2)
same = F.conv2d(x, w, padding="SAME", dilation=2)
undilated = F.conv2d(x, w, padding="SAME", dilation=1)
print("paddle", paddle.__version__, "numbers", numbers[0, 0, 0, 0].item(), "SAME", same[0, 0, 0, 0].item())
assert paddle.__version__ == "3.3.1"
assert numbers.shape == same.shape
assert numbers[0, 0, 0, 0].item() == 24
assert same[0, 0, 0, 0].item() == 12
assert bool((same == undilated).all())
PY
