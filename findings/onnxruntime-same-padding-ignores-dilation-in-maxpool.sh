#!/usr/bin/env bash
# ONNX Runtime 1.32.0, CPU: MaxPool with auto_pad=SAME_UPPER pads as if the dilation were 1.
# A row 1 2 3 4 5, window 3, dilation 2: the window spans 5 cells, so "same" pads 2 on both sides
# and gives 5 cells, 3 4 5 4 5. Seen: padding 1 and 3 cells; Conv refuses the combination instead.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0
"$work/venv/bin/python" - <<'PY'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper

onnxruntime.set_default_logger_severity(4)
x = np.array([[[1, 2, 3, 4, 5]]], np.float32)


def pooled(**padding):
    node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[3], dilations=[2], **padding)
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    made = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "one", [given], [made])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"x": x})[0].ravel().tolist()


right, same = pooled(pads=[2, 2]), pooled(auto_pad="SAME_UPPER")
print("onnxruntime", onnxruntime.__version__, "pads 2, 2:", right, "SAME_UPPER:", same)
assert onnxruntime.__version__ == "1.32.0"
assert right == [3, 4, 5, 4, 5]
assert same != right
assert len(same) == 3
PY
