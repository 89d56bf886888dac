"""ONNX Runtime on problems of `tests.frameworks`: forward only, models made node by node."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from serve import pair, serve

WORDS = {"same": "SAME_UPPER", "same-lower": "SAME_LOWER", "valid": "VALID"}
onnxruntime.set_default_logger_severity(4)


def _attributes(problem, names):
    found = {}
    for name, called in names.items():
        if name in problem:
            found[called] = problem[name] if name == "groups" else pair(problem[name])
    if "padding" in problem:
        padding = problem["padding"]
        if isinstance(padding, str):
            found["auto_pad"] = WORDS[padding]
        else:
            (top, bottom), (left, right) = padding
            found["pads"] = [top, left, bottom, right]
    for name in ("ceil_mode", "count_include_pad"):
        if name in problem:
            found[name] = int(problem[name])
    return found


def _run(op, problem, names, attributes):
    arrays = {name: np.array(problem[name], np.float32) for name in names}
    inputs = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape) for n, a in arrays.items()
    ]
    output = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    node = helper.make_node(op, list(arrays), ["out"], **attributes)
    graph = helper.make_graph([node], "one", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    return session.run(None, arrays)[0]


CONV = {"stride": "strides", "dilation": "dilations", "groups": "group"}
POOL = {"stride": "strides", "window": "kernel_shape", "dilation": "dilations"}


serve(
    {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
    {
        "conv": lambda p: {"Z": _run("Conv", p, ("A_prev", "W", "b"), _attributes(p, CONV))},
        "max-pool": lambda p: {"A": _run("MaxPool", p, ("A_prev",), _attributes(p, POOL))},
        "average-pool": lambda p: {"A": _run("AveragePool", p, ("A_prev",), _attributes(p, POOL))},
        "dense": lambda p: {"Z": _run("Gemm", p, ("A_prev", "W", "b"), {"transB": 1})},
    },
)
