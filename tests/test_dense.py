"""The fully connected layer: by hand, term by term, and against PyTorch."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proofs import proven

import cnngrad
from cnngrad.core.descent import updated
from cnngrad.core.errors import SettingError, ShapeError
from cnngrad.layers import operation
from cnngrad.layers.dense.layer import DenseBackward, DenseForward

A_PREV = [[1, 2, 3], [4, 5, 6]]
W = [[1, 0, 2], [0, 1, -1]]
DZ = [[1, -2], [3, 4]]


def backward(*, setting: dict[str, Any] | None = None, **given: Any) -> DenseBackward:
    arrays = {"A_prev": np.array(A_PREV), "W": np.array(W), "dZ": np.array(DZ)}
    return DenseBackward({**arrays, **given}, setting or {})


def test_forward_by_hand() -> None:
    assert cnngrad.dense(A_PREV, W, [10, 20]).tolist() == [[17, 19], [26, 19]]
    assert cnngrad.dense([1, 2, 3], W).tolist() == [7, -1]


def test_backward_by_hand() -> None:
    gradients = cnngrad.dense_backward(A_PREV, W, DZ, batch="sum")
    assert gradients.dA_prev.tolist() == [[1, -2, 4], [3, 4, 2]]
    assert gradients.dW.tolist() == [[13, 17, 21], [14, 16, 18]]
    assert gradients.db.tolist() == [4, 2]


def test_mean_divides_dW_and_db_but_never_dA_prev() -> None:
    gradients = cnngrad.dense_backward(A_PREV, W, DZ)
    assert gradients.dA_prev.tolist() == [[1, -2, 4], [3, 4, 2]]
    assert gradients.dW.tolist() == [
        [Fraction(13, 2), Fraction(17, 2), Fraction(21, 2)],
        [7, 8, 9],
    ]
    assert gradients.db.tolist() == [2, 1]


def test_leading_axes_are_all_samples() -> None:
    A_prev = np.arange(12).reshape(2, 2, 3)
    dZ = np.arange(8).reshape(2, 2, 2)
    flat = cnngrad.dense_backward(A_prev.reshape(4, 3), W, dZ.reshape(4, 2))
    gradients = cnngrad.dense_backward(A_prev, W, dZ)
    assert cnngrad.dense(A_prev, W).shape == (2, 2, 2)
    assert gradients.dA_prev.shape == (2, 2, 3)
    assert gradients.dA_prev.reshape(4, 3).tolist() == flat.dA_prev.tolist()
    assert gradients.dW.tolist() == flat.dW.tolist()


def test_integers_do_not_overflow_and_floats_keep_their_kind() -> None:
    assert cnngrad.dense([2**62, 2**62], [[2, 2]]).tolist() == [2**64]
    assert cnngrad.dense(np.ones(2, np.float32), np.ones((1, 2), np.float32)).dtype == np.float32
    assert cnngrad.dense([Fraction(1, 3)], [[3]], [Fraction(1, 2)]).tolist() == [Fraction(3, 2)]


def test_a_step_is_one_cell_of_dZ_times_a_row() -> None:
    first = next(backward().trace("dA_prev").steps())
    assert first.source == (0, 0)
    assert [(t.target, t.left.value, t.right.name, t.right.value) for t in first.terms] == [
        ((0, 0), 1, "W", 1),
        ((0, 1), 1, "W", 0),
        ((0, 2), 1, "W", 2),
    ]
    second = next(backward().trace("dW").steps(2, 2))
    assert [(t.target, t.right.place, t.value) for t in second.terms] == [
        ((1, 0), (0, 0), -2),
        ((1, 1), (0, 1), -4),
        ((1, 2), (0, 2), -6),
    ]


def test_the_error_goes_on_through_the_activation() -> None:
    problem = backward(
        Z_prev=np.array([[1, -2, 0], [3, 4, 5]]), setting={"activation": "relu", "batch": "sum"}
    )
    assert problem.names == ("dA_prev", "dW", "db", "dZ_prev")
    assert problem.results["dZ_prev"].tolist() == [[1, 0, 0], [3, 4, 2]]
    (term,) = problem.trace("dZ_prev").terms_of((1, 2))
    assert (term.left.name, term.left.value, term.right.name, term.right.value) == (
        "dA_prev",
        2,
        "relu'(Z_prev)",
        1,
    )


def test_a_step_of_gradient_descent() -> None:
    problem = backward(
        b=np.array([0, 1]), setting={"learning_rate": Fraction(1, 10), "batch": "sum"}
    )
    after = updated(problem)
    assert after["W"].tolist() == [
        [Fraction(-3, 10), Fraction(-17, 10), Fraction(-1, 10)],
        [Fraction(-14, 10), Fraction(-6, 10), Fraction(-28, 10)],
    ]
    assert after["b"].tolist() == [Fraction(-4, 10), Fraction(8, 10)]
    assert updated(backward()) == {}


@pytest.mark.parametrize(
    ("arrays", "fact", "hint"),
    [
        ({"W": [[1, 2]]}, "W does not fit A_prev.", "1×3"),
        ({"W": [[1, 2], [3, 4], [5, 6]]}, "W does not fit A_prev.", "3×3"),
        ({"dZ": [[1, 2, 3]]}, "dZ does not fit", "2×2"),
        ({"b": [1, 2, 3]}, "b does not fit the units.", "2: one for each row"),
        ({"A_prev": [[[1, 2, 3]]]}, "A_prev has 3 axes.", "a row for each sample"),
    ],
)
def test_shapes_that_do_not_fit(arrays: Any, fact: str, hint: str) -> None:
    given: dict[str, Any] = {name: np.array(data) for name, data in arrays.items()}
    with pytest.raises(ShapeError) as told:
        backward(**given)
    assert fact in told.value.fact
    assert hint in str(told.value)


def test_activation_and_z_belong_together() -> None:
    with pytest.raises(ShapeError, match="needs Z_prev"):
        backward(setting={"activation": "relu"})
    with pytest.raises(SettingError, match="no activation"):
        backward(Z_prev=np.array(A_PREV))
    with pytest.raises(SettingError) as told:
        backward(Z_prev=np.array(A_PREV), setting={"activation": "sigmod"})
    assert told.value.fix == 'did you mean "sigmoid"?'
    with pytest.raises(SettingError, match="tanh has no slope"):
        backward(Z_prev=np.array(A_PREV), setting={"activation": "tanh", "slope": 1})


numbers = st.one_of(st.integers(-9, 9), st.fractions(-3, 3, max_denominator=12))


@st.composite
def problems(draw: Any) -> DenseBackward:
    samples, n_in, units = draw(st.tuples(*[st.integers(1, 4)] * 3))

    def array(*shape: int) -> Any:
        cells = [draw(numbers) for _ in range(int(np.prod(shape)))]
        return np.array(cells, object).reshape(shape)

    given = {
        "A_prev": array(samples, n_in),
        "W": array(units, n_in),
        "dZ": array(samples, units),
        "Z_prev": array(samples, n_in),
    }
    name = draw(st.sampled_from(["identity", "relu", "leaky-relu"]))
    options = {"activation": name, "batch": draw(st.sampled_from(["mean", "sum"]))}
    made = operation("dense-backward").problem(given, options)
    assert isinstance(made, DenseBackward)
    return made


@proven(60)
@given(problems(), st.data())
def test_trace_and_engine_agree_exactly(problem: DenseBackward, data: Any) -> None:
    for name in problem.names:
        trace = problem.trace(name)
        assert trace.total() == problem.results[name].tolist()
        start = data.draw(st.integers(1, len(trace)))
        assert [s.totals for s in trace.steps(start)][-1] == problem.results[name].tolist()
        cell = tuple(data.draw(st.integers(0, size - 1)) for size in trace.shape)
        terms = sum(term.value for term in trace.terms_of(cell))
        assert Fraction(terms) / trace.plan.divisor == problem.results[name][cell]
    forward = DenseForward({name: problem.given[name] for name in ("A_prev", "W")})
    assert forward.trace("Z").total() == forward.results["Z"].tolist()


@proven(30)
@given(st.tuples(*[st.integers(1, 6)] * 3), st.integers(0, 2**32 - 1))
def test_parity_with_torch(sizes: tuple[int, int, int], seed: int) -> None:
    torch = pytest.importorskip("torch")
    samples, n_in, units = sizes
    random = np.random.default_rng(seed)
    A, W, b, dZ = (
        random.normal(size=shape)
        for shape in ((samples, n_in), (units, n_in), (units,), (samples, units))
    )
    leaves = [torch.tensor(array, requires_grad=True) for array in (A, W, b)]
    Z = torch.nn.functional.linear(*leaves)
    Z.backward(torch.tensor(dZ))
    np.testing.assert_allclose(cnngrad.dense(A, W, b), Z.detach().numpy(), atol=1e-12)
    gradients = cnngrad.dense_backward(A, W, dZ, batch="sum")
    for mine, leaf in zip(gradients, leaves, strict=True):
        np.testing.assert_allclose(mine, leaf.grad.numpy(), atol=1e-12)


def test_steps_as_csv_name_the_cell_that_each_works_through(cnngrad):
    arguments = ["--input", "1 0 3", "--weights", "1 0 2; 0 1 -1", "--dz", "1 -2"]
    arguments += ["--activation", "relu", "--z", "1 -4 3", "--steps", "all", "--format", "csv"]
    lines = cnngrad("dense-backward", *arguments).out.splitlines()
    assert 'dW,2,"dZ[0,1]",-2,,,,,-2 0 -6' in lines
    assert lines[-2:] == ['dZ_prev,2,"dA_prev[0,1]",-2,,,,,0', 'dZ_prev,3,"dA_prev[0,2]",4,,,,,4']
