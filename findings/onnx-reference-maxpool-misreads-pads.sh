#!/usr/bin/env bash
# ONNX 1.23.2: the reference evaluator's MaxPool reads `pads` in pairs by axis, not as the operator
# says (all beginnings, then all ends); AveragePool reads them right.
# 4×4 cells, window 2×3, pads 0 1 0 1: nothing above and below, one cell left and right, so the
# output is 3×4. Seen: MaxPool 4×3, AveragePool 3×4.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "onnx==1.23.2"
"$work/venv/bin/python" - <<'PY'
import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)


def shape(op):
    node = helper.make_node(op, ["x"], ["y"], kernel_shape=[2, 3], pads=[0, 1, 0, 1])
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    made = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "one", [given], [made])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)])
    return ReferenceEvaluator(model).run(None, {"x": x})[0].shape[2:]


print("onnx", onnx.__version__, "MaxPool", shape("MaxPool"), "AveragePool", shape("AveragePool"))
assert onnx.__version__ == "1.23.2"
assert shape("AveragePool") == (3, 4)
assert shape("MaxPool") == (4, 3)
PY
