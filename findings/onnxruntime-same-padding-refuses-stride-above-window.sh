#!/usr/bin/env bash
# ONNX Runtime 1.32.0, CPU: MaxPool with auto_pad=SAME_UPPER refuses a stride above the window.
# A row of 4 cells, window 1, stride 2: the output has ceil(4/2) = 2 cells and needs no padding.
# Seen: "padding values must be non-negative"; with auto_pad=VALID the same window and stride run.
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
x = np.array([[[[1, 2, 3, 4]]]], np.float32)


def pooled(word):
    node = helper.make_node(
        "MaxPool", ["x"], ["y"], kernel_shape=[1, 1], strides=[1, 2], auto_pad=word
    )
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    made = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "one", [given], [made])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})[0]


assert onnxruntime.__version__ == "1.32.0"
print("VALID", pooled("VALID").tolist())
assert pooled("VALID").tolist() == [[[[1.0, 3.0]]]]
try:
    print(pooled("SAME_UPPER"))
except Exception as error:
    print("SAME_UPPER", str(error).splitlines()[0])
    assert "padding values must be non-negative" in str(error)
else:
    raise SystemExit("it computes now")
PY
