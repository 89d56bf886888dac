"""The same numbers as PyTorch, where it is installed (the `parity` extra)."""

import numpy as np
import pytest
from hypothesis import given
from problems import convolutions, integers, poolings

from proofs import proven

torch = pytest.importorskip("torch", reason="PyTorch is not installed (the parity extra)")
functional = torch.nn.functional
PROVEN = proven(120)


def leaf(array):
    return torch.tensor(array.astype(float), requires_grad=True)


def same(ours, theirs):
    assert ours.shape == tuple(theirs.shape)
    assert np.allclose(ours.astype(float), theirs.detach().numpy(), rtol=1e-12, atol=1e-12)


@PROVEN
@given(convolutions("conv-backward", integers))
def test_convolution(problem):
    geometry = problem.geometry
    (top, bottom), (left, right) = (
        (axis.before, axis.after) for axis in (geometry.rows, geometry.columns)
    )
    a, w = leaf(problem.arrays["A_prev"]), leaf(problem.arrays["W"])
    b = torch.zeros(w.shape[0], dtype=torch.float64, requires_grad=True)
    Z = functional.conv2d(
        functional.pad(a, (left, right, top, bottom)),
        w,
        b,
        problem.settings["stride"],
        0,
        problem.settings["dilation"],
        problem.settings["groups"],
    )
    dZ = torch.tensor(problem.arrays["dZ"].astype(float))
    Z.backward(dZ)
    results = problem.compute()
    samples = problem.divisor
    same(results["dA_prev"], a.grad)
    same(results["dW"], w.grad / samples)
    same(results["db"], b.grad / samples)


def theirs_padding(problem):
    """PyTorch pools with symmetric padding of at most half the window."""
    padding, window = problem.settings["padding"], problem.settings["window"]
    if isinstance(padding, str):
        return None
    if any(before != after for before, after in padding):
        return None
    sides = tuple(before for before, _ in padding)
    return sides if all(2 * p <= k for p, k in zip(sides, window, strict=True)) else None


@PROVEN
@given(poolings("pool-backward", integers, mode="max"))
def test_max_pooling(problem):
    padding = theirs_padding(problem)
    if padding is None or problem.settings["ties"] != "first":
        return
    a = leaf(problem.arrays["A_prev"])
    Z = functional.max_pool2d(
        a,
        problem.settings["window"],
        problem.settings["stride"],
        padding,
        problem.settings["dilation"],
        problem.settings["ceil_mode"],
    )
    Z.backward(torch.tensor(problem.arrays["dZ"].astype(float)))
    same(problem.compute()["dA_prev"], a.grad)


@PROVEN
@given(poolings("pool-backward", integers, mode="average"))
def test_average_pooling(problem):
    padding = theirs_padding(problem)
    if padding is None or problem.settings["dilation"] != (1, 1):
        return
    a = leaf(problem.arrays["A_prev"])
    Z = functional.avg_pool2d(
        a,
        problem.settings["window"],
        problem.settings["stride"],
        padding,
        problem.settings["ceil_mode"],
        problem.settings["count_include_pad"],
        problem.settings["divisor_override"],
    )
    Z.backward(torch.tensor(problem.arrays["dZ"].astype(float)))
    same(problem.compute()["dA_prev"], a.grad)
