#!/usr/bin/env bash
# OpenVINO 2026.4.1, CPU: what an average pooling with rounding "ceil" divides by depends on padding.
# A window that reaches beyond the input divides by the cells that it has where nothing is padded,
# but by its whole size, cells beyond the padded input included, where padding counts.
# Ones. 1×3, window 2, stride 2, no padding: 1 1. 1×2, window 3, stride 2, padding 1: 2/3 and 1/3,
# although the second window has only 2 cells in the padded input (1/2 in PyTorch).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openvino==2026.4.1
"$work/venv/bin/python" - <<'PY'
import numpy as np
import openvino as ov
from openvino import opset14 as ops


def average(cells, window, padding):
    x = ops.parameter([1, 1, 1, cells], np.float32)
    y = ops.avg_pool(x, [1, 2], [0, padding], [0, padding], [1, window], False, "ceil", "explicit")
    model = ov.Model([y], [x], "one")
    compiled = ov.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return compiled([np.ones((1, 1, 1, cells), np.float32)])[compiled.output(0)].ravel().tolist()


plain, padded = average(3, 2, 0), average(2, 3, 1)
print("openvino", ov.__version__, "no padding:", plain, "padding 1:", padded)
assert ov.__version__.startswith("2026.4.1")
assert plain == [1.0, 1.0]
assert np.allclose(padded, [2 / 3, 1 / 3])
PY
