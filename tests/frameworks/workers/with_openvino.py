"""OpenVINO on problems of `tests.frameworks`: forward only."""

import numpy as np
import openvino as ov
from openvino import opset14 as ops
from serve import pair, serve, sides

WORDS = {"same": "same_upper", "same-lower": "same_lower", "valid": "valid"}
CORE = ov.Core()


def _run(problem, names, made):
    arrays = [np.array(problem[name], np.float32) for name in names]
    inputs = [ops.parameter(array.shape, np.float32) for array in arrays]
    model = ov.Model([made(*inputs)], inputs, "one")
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = CORE.compile_model(model, "CPU", options)
    return compiled(arrays)[compiled.output(0)]


def _placed(problem):
    padding = problem["padding"]
    if isinstance(padding, str):
        return [0, 0], [0, 0], WORDS[padding]
    (top, bottom), (left, right) = sides(problem)
    return [top, left], [bottom, right], "explicit"


def conv(problem):
    begin, end, word = _placed(problem)
    stride, dilation = pair(problem["stride"]), pair(problem.get("dilation", 1))

    def made(x, W, b):
        Z = ops.convolution(x, W, stride, begin, end, dilation, word)
        return ops.add(Z, ops.reshape(b, [1, -1, 1, 1], False))

    return {"Z": _run(problem, ("A_prev", "W", "b"), made)}


def _rounding(problem):
    return "ceil" if problem.get("ceil_mode") else "floor"


def max_pool(problem):
    begin, end, word = _placed(problem)
    stride, window = pair(problem["stride"]), pair(problem["window"])
    dilation = pair(problem.get("dilation", 1))

    def made(x):
        pooled = ops.max_pool(
            x, stride, dilation, begin, end, window, _rounding(problem), auto_pad=word
        )
        return pooled.output(0)

    return {"A": _run(problem, ("A_prev",), made)}


def average_pool(problem):
    begin, end, word = _placed(problem)
    stride, window = pair(problem["stride"]), pair(problem["window"])
    exclude = not problem["count_include_pad"]

    def made(x):
        return ops.avg_pool(x, stride, begin, end, window, exclude, _rounding(problem), word)

    return {"A": _run(problem, ("A_prev",), made)}


def dense(problem):
    def made(x, W, b):
        return ops.add(ops.matmul(x, W, False, True), b)

    return {"Z": _run(problem, ("A_prev", "W", "b"), made)}


serve(
    {"openvino": ov.__version__.split("-")[0]},
    {"conv": conv, "max-pool": max_pool, "average-pool": average_pool, "dense": dense},
)
