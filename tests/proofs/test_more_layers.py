"""Proof against PyTorch's autograd: all options together, in one, two and three dimensions.

The suite takes 60 random problems of each kind; `pytest tests/proofs --times 5` takes 300.
"""

import numpy as np
import pytest

from cnngrad.layers import operation
from proofs import times

torch = pytest.importorskip("torch")
F = torch.nn.functional

EACH = 60
FINE = {"rtol": 1e-10, "atol": 1e-11}


def integers(rng, low, high, dims):
    return tuple(int(x) for x in rng.integers(low, high, dims))


def tensors(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def agrees(problem, expected, stepwise):
    """Every result is what PyTorch says, and, on some problems, what the steps add up to."""
    for name, tensor in expected.items():
        value = tensor.detach().numpy()
        assert np.allclose(problem.results[name], value, **FINE), (name, problem.settings)
        if stepwise:
            total = np.array(problem.trace(name).total()).reshape(value.shape)
            assert np.allclose(total, value, **FINE), (name, problem.settings)


def drawn(family):
    """Random problems of a family until there are enough that PyTorch takes."""
    rng = np.random.default_rng(None if times() > 1 else 19)
    count = 0
    while count < EACH * times():
        dims = int(rng.integers(1, 4))
        yielded = family(rng, dims)
        if yielded is not None:
            count += 1
            yield count, yielded


def convolution(rng, dims, transposed=False):
    groups = int(rng.integers(1, 3))
    samples, c, o = int(rng.integers(1, 3)), *(groups * int(x) for x in rng.integers(1, 3, 2))
    stride, dilation = integers(rng, 1, 4, dims), integers(rng, 1, 3, dims)
    padding, kernel = integers(rng, 0, 3, dims), integers(rng, 1, 4, dims)
    size = integers(rng, 1 if transposed else 4, 5 if transposed else 8, dims)
    more = {}
    if transposed:
        most = map(max, stride, dilation)
        more = {"output_padding": tuple(int(rng.integers(0, high)) for high in most)}
    A_prev = rng.normal(size=(samples, c, *size))
    W = rng.normal(size=(c, o // groups, *kernel) if transposed else (o, c // groups, *kernel))
    b = rng.normal(size=o)
    a, w, bias = tensors(A_prev, W, b)
    function = getattr(F, f"conv{'_transpose' if transposed else ''}{dims}d")
    asked = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    try:
        z = function(a, w, bias, **asked, **more)
    except RuntimeError:
        return None
    if 0 in z.shape:
        return None
    dZ = rng.normal(size=z.shape)
    z.backward(torch.tensor(dZ))
    settings = {**asked, **more, "dims": dims, "padding": tuple((p, p) for p in padding)}
    return {"A_prev": A_prev, "W": W, "b": b}, dZ, settings, {"Z": z}, (a, w, bias)


@pytest.mark.parametrize("transposed", [False, True])
def test_convolutions(transposed):
    family = "conv-transpose" if transposed else "conv"
    for k, (given, dZ, settings, forward, leaves) in drawn(
        lambda rng, dims: convolution(rng, dims, transposed)
    ):
        agrees(operation(f"{family}-forward").problem(given, settings), forward, k % 10 == 0)
        back = operation(f"{family}-backward").problem(
            {**given, "dZ": dZ}, {**settings, "batch": "sum"}
        )
        gradients = dict(zip(("dA_prev", "dW", "db"), (leaf.grad for leaf in leaves), strict=True))
        agrees(back, gradients, k % 10 == 0)


def pooling(rng, dims):
    mode = "max" if rng.integers(2) else "average"
    samples, c = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    window, stride = integers(rng, 1, 4, dims), integers(rng, 1, 4, dims)
    padding = tuple(min(int(rng.integers(0, 2)), k // 2) for k in window)
    dilation = integers(rng, 1, 3, dims) if mode == "max" else (1,) * dims
    settings = {"ceil_mode": bool(rng.integers(2))}
    asked = {"stride": stride, "padding": padding, **settings}
    if mode == "max":
        asked["dilation"] = dilation
    else:
        settings["count_include_pad"] = asked["count_include_pad"] = bool(rng.integers(2))
    A_prev = rng.integers(0, 4, (samples, c, *integers(rng, 4, 8, dims))).astype(float)
    (a,) = tensors(A_prev)
    function = getattr(F, f"{'max' if mode == 'max' else 'avg'}_pool{dims}d")
    try:
        z = function(a, window, **asked)
    except RuntimeError:
        return None
    dZ = rng.normal(size=z.shape)
    z.backward(torch.tensor(dZ))
    settings |= {"mode": mode, "window": window, "stride": stride, "dilation": dilation}
    settings |= {"dims": dims, "padding": tuple((p, p) for p in padding)}
    return A_prev, dZ, settings, z, a


def test_poolings():
    for k, (A_prev, dZ, settings, z, a) in drawn(pooling):
        given = {"A_prev": A_prev}
        agrees(operation("pool-forward").problem(given, settings), {"A": z}, k % 10 == 0)
        back = operation("pool-backward").problem({**given, "dZ": dZ}, settings)
        agrees(back, {"dA_prev": a.grad}, k % 10 == 0)


def normalisation(rng, dims):
    shape = (int(rng.integers(1, 4)), int(rng.integers(1, 4)), *integers(rng, 1, 5, dims))
    if shape[0] * np.prod(shape[2:]) == 1:
        return None
    A_prev = rng.normal(size=shape) * 3 + 1
    gamma, beta = rng.normal(size=shape[1]), rng.normal(size=shape[1])
    epsilon = float(rng.choice([1e-5, 1e-3, 0.1, 1]))
    a, g, b = tensors(A_prev, gamma, beta)
    A = F.batch_norm(a, None, None, g, b, training=True, eps=epsilon)
    dZ = rng.normal(size=shape)
    A.backward(torch.tensor(dZ))
    given = {"A_prev": A_prev, "gamma": gamma, "beta": beta}
    return given, dZ, {"epsilon": repr(epsilon), "dims": dims}, A, (a, g, b)


@pytest.mark.parametrize("form", ["steps", "closed"])
def test_batch_normalisation(form):
    for k, (given, dZ, settings, A, leaves) in drawn(normalisation):
        agrees(operation("batch-norm-forward").problem(given, settings), {"A": A}, k % 10 == 0)
        asked = {**settings, "batch": "sum", "form": form}
        back = operation("batch-norm-backward").problem({**given, "dZ": dZ}, asked)
        names = ("dA_prev", "dgamma", "dbeta")
        gradients = dict(zip(names, (leaf.grad for leaf in leaves), strict=True))
        agrees(back, gradients, k % 10 == 0)


def test_batch_normalisation_is_exact_where_its_roots_are():
    given = {"A_prev": [[1, 3], [5, 7]], "gamma": [3], "dZ": [[1, 0], [0, 2]]}
    problem = operation("batch-norm-backward").problem(given, {"epsilon": 4})
    assert problem.exact
    assert [str(cell) for cell in problem.results["dA_prev"].ravel()] == [
        "1/2",
        "-2/3",
        "-5/6",
        "1",
    ]
    rounded = operation("batch-norm-backward").problem(given, {"epsilon": 1})
    assert not rounded.exact
    assert rounded.results["dA_prev"].dtype == np.float64
