"""Profiles held against what is cheap to install: PyTorch, ONNX's reference, autograd and SciPy.

`python -m tests.frameworks` holds all profiles against their frameworks.
"""

import random
import sys

import numpy as np
import pytest
from frameworks.compare import Worker, compare
from frameworks.draw import problem
from frameworks.reach import REACH

import cnngrad

PROBLEMS = 60


def test_the_profile_of_pytorch_is_what_pytorch_does():
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
    reach, rng = REACH["pytorch"], random.Random(14)
    worker = Worker(reach, [sys.executable])
    states = []
    for k in range(PROBLEMS):
        asked = problem(reach.kinds[k % len(reach.kinds)], reach, rng)
        outcome = compare("pytorch", reach, asked, worker.ask(asked))
        assert outcome.state != "differs", outcome.words
        assert outcome.state != "cnngrad-refuses", outcome.words
        states.append(outcome.state)
    worker.close()
    assert states.count("agrees") > 0.9 * PROBLEMS


def test_the_profile_of_onnx_is_what_the_reference_of_onnx_does():
    onnx = pytest.importorskip("onnx", reason="ONNX is not installed: pip install onnx")
    from onnx.reference import ReferenceEvaluator

    # Its reference spreads the overhang of a ceil pooling over both ends, and adds the first
    # group's bias to all groups: faults that the profile does not follow.
    reach = REACH["onnx"]._replace(groups=False, ceil=(False, False), pool_dilation=False)
    rng = random.Random(14)
    agreed = 0
    for k in range(PROBLEMS):
        kind = reach.kinds[k % len(reach.kinds)]
        asked = problem(kind, reach, rng)
        if kind == "dense" or isinstance(asked.get("padding"), str):
            continue
        if kind == "max-pool" and len(set(np.ravel(asked.get("padding", 0)))) > 1:
            continue  # it reads `pads` by axis there: findings/
        found = {"Z" if kind == "conv" else "A": _reference(onnx, ReferenceEvaluator, asked)}
        outcome = compare("onnx", reach, asked, found)
        assert outcome.state in ("agrees", "not-a-number"), (outcome.words, asked)
        agreed += outcome.state == "agrees"
    assert agreed > 15


def _reference(onnx, evaluator, asked):
    op = {"conv": "Conv", "max-pool": "MaxPool", "average-pool": "AveragePool"}[asked["kind"]]
    names = {"stride": "strides", "dilation": "dilations", "window": "kernel_shape"}
    attributes = {
        called: list(np.broadcast_to(asked[name], 2).tolist())
        for name, called in names.items()
        if name in asked
    }
    if "padding" in asked:
        (top, bottom), (left, right) = asked["padding"]
        attributes["pads"] = [top, left, bottom, right]
    if "count_include_pad" in asked:
        attributes["count_include_pad"] = int(asked["count_include_pad"])
    inputs = ("A_prev", "W", "b") if op == "Conv" else ("A_prev",)
    arrays = {name: np.array(asked[name], np.float32) for name in inputs}
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    given = [helper.make_tensor_value_info(n, kind, a.shape) for n, a in arrays.items()]
    made = helper.make_tensor_value_info("out", kind, None)
    node = helper.make_node(op, list(arrays), ["out"], **attributes)
    model = helper.make_model(
        helper.make_graph([node], "one", given, [made]),
        opset_imports=[helper.make_opsetid("", 22)],
    )
    (out,) = evaluator(model).run(None, arrays)
    return out.tolist()


@pytest.mark.parametrize("seed", range(10))
def test_true_convolution_is_what_autograd_differentiates(seed):
    autograd = pytest.importorskip("autograd", reason="autograd is not installed")
    import autograd.numpy as anp
    from autograd.scipy.signal import convolve

    rng = np.random.default_rng(seed)
    size, kernel = rng.integers(3, 7, 2), rng.integers(1, 4, 2)
    image, weights = rng.integers(-4, 5, size) * 1.0, rng.integers(-3, 4, kernel) * 1.0
    dZ = rng.integers(-4, 5, size - kernel + 1) * 1.0

    def objective(image, weights):
        return anp.sum(dZ * convolve(image, weights, mode="valid"))

    found = cnngrad.conv2d_backward(image, weights, dZ, flip=True)
    assert found.dA_prev == pytest.approx(autograd.grad(objective, 0)(image, weights))
    assert found.dW == pytest.approx(autograd.grad(objective, 1)(image, weights))


@pytest.mark.parametrize("seed", range(10))
def test_both_convolutions_are_what_scipy_computes(seed):
    pytest.importorskip("scipy", reason="SciPy is not installed")
    from scipy.signal import convolve2d, correlate2d

    rng = np.random.default_rng(seed)
    size, kernel = rng.integers(3, 7, 2), rng.integers(1, 4, 2)
    image, weights = rng.integers(-4, 5, size) * 1.0, rng.integers(-3, 4, kernel) * 1.0
    plain, turned = (cnngrad.conv2d(image, weights, flip=flip) for flip in (False, True))
    assert plain == pytest.approx(correlate2d(image, weights, mode="valid"))
    assert turned == pytest.approx(convolve2d(image, weights, mode="valid"))
    if (kernel % 2).all():
        same = cnngrad.conv2d(image, weights, padding="same")
        assert same == pytest.approx(correlate2d(image, weights, mode="same"))
    # The gradient of a correlation is the full convolution of the error.
    dZ = rng.integers(-4, 5, size - kernel + 1) * 1.0
    found = cnngrad.conv2d_backward(image, weights, dZ)
    assert found.dA_prev == pytest.approx(convolve2d(dZ, weights, mode="full"))
