"""Activations and losses: values, derivatives and terms."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proofs import proven

from cnngrad.core.errors import CnngradError, NumberError, SettingError, ShapeError
from cnngrad.core.functions import FUNCTIONS, function
from cnngrad.layers.activation.layer import ActivationBackward, ActivationForward
from cnngrad.layers.loss.layer import LOSSES, Loss, loss
from cnngrad.network.gradcheck import check_gradients


def activation(name: str, A_prev: Any, dZ: Any, slope: Any = None) -> ActivationBackward:
    given = {"A_prev": np.array(A_prev), "dZ": np.array(dZ)}
    return ActivationBackward(given, {"activation": name, "slope": slope})


def the_loss(name: str, output: Any, target: Any, joined: bool = False, **more: Any) -> Loss:
    form = next(form for form in loss(name) if bool(form.joined) == joined)
    return form({"A_prev": np.array(output), "Y": np.array(target)}, more)


@pytest.mark.parametrize(
    ("name", "values", "errors"),
    [
        ("identity", [-2, 0, 3], [10, 20, 30]),
        ("relu", [0, 0, 3], [0, 0, 30]),
        ("leaky-relu", [Fraction(-1, 50), 0, 3], [Fraction(1, 10), Fraction(1, 5), 30]),
    ],
)
def test_rational_functions_stay_exact(name: str, values: Any, errors: Any) -> None:
    A_prev, dZ = [-2, 0, 3], [10, 20, 30]
    forward = ActivationForward({"A_prev": np.array(A_prev)}, {"activation": name})
    assert forward.results["A"].tolist() == values
    problem = activation(name, A_prev, dZ)
    assert problem.exact
    assert problem.results["dA_prev"].tolist() == errors


def test_the_slope_of_the_leaky_relu() -> None:
    problem = activation("leaky-relu", [-4, 4], [3, 3], slope="1/3")
    assert problem.results["dA_prev"].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("name", "f", "derivative"),
    [
        ("sigmoid", lambda z: 1 / (1 + math.exp(-z)), lambda a: a * (1 - a)),
        ("tanh", math.tanh, lambda a: 1 - a * a),
    ],
)
def test_irrational_functions_are_rounded(name: str, f: Any, derivative: Any) -> None:
    problem = activation(name, [-2, 0, 3], [10, 20, 30])
    assert not problem.exact
    forward = ActivationForward({"A_prev": np.array([-2, 0, 3])}, {"activation": name})
    for cell, z in enumerate([-2, 0, 3]):
        assert forward.results["A"][cell] == pytest.approx(f(z), abs=1e-15)
        expected = (10, 20, 30)[cell] * derivative(f(z))
        assert problem.results["dA_prev"][cell] == pytest.approx(expected, abs=1e-14)


def test_extreme_numbers_neither_overflow_nor_warn() -> None:
    far = np.array([-1000.0, 1000.0])
    assert function("sigmoid").forward(far).tolist() == [0, 1]
    assert function("softmax").forward(far).tolist() == [0, 1]
    assert the_loss("softmax-cross-entropy", [1000.0, -1000.0], 1, joined=True).value == 2000
    assert the_loss("binary-cross-entropy", [1000.0], [0], joined=True).value == 1000


def test_relu_says_how_many_cells_stand_at_its_corner() -> None:
    assert activation("relu", [0, 1, 0], [1, 1, 1]).nondifferentiable_cells == 2
    assert activation("sigmoid", [0, 1, 0], [1, 1, 1]).nondifferentiable_cells == 0


@proven(60)
@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.sampled_from([(3,), (2, 3), (1, 1)]),
    st.integers(0, 2**32 - 1),
)
def test_trace_engine_and_differences_agree(name: str, shape: Any, seed: int) -> None:
    random = np.random.default_rng(seed)
    problem = activation(name, random.normal(size=shape), random.normal(size=shape))
    trace = problem.trace("dA_prev")
    total = np.array(trace.total()).reshape(shape)
    np.testing.assert_allclose(total, problem.results["dA_prev"], atol=1e-14)
    place = tuple(int(random.integers(size)) for size in trace.shape)
    terms = sum(term.value for term in trace.terms_of(place))
    full = problem.results["dA_prev"].reshape(trace.shape)
    assert terms == pytest.approx(full[place], abs=1e-14)
    forward = ActivationForward({"A_prev": problem.given["A_prev"]}, {"activation": name})
    assert np.array(forward.trace("A").total()).reshape(shape).tolist() == (
        forward.results["A"].tolist()
    )
    assert all(check.passed and not check.corner_count for check in check_gradients(problem))


def test_softmax_is_for_rows() -> None:
    with pytest.raises(ShapeError, match="rows of numbers"):
        activation("softmax", [[[1, 2]]], [[[1, 2]]])


# ---- losses ---------------------------------------------------------------------------------


def test_squared_error_by_hand() -> None:
    problem = the_loss("squared-error", [[3, 5], [1, 0]], [[1, 6], [1, 3]])
    assert problem.each().tolist() == [Fraction(5, 2), Fraction(9, 2)]
    assert problem.value == Fraction(7, 2)
    assert problem.results["dA_prev"].tolist() == [[2, -1], [0, -3]]
    assert problem.exact
    summed = the_loss("squared-error", [[3, 5], [1, 0]], [[1, 6], [1, 3]], batch="sum")
    assert summed.value == 7


def test_softmax_cross_entropy_by_hand() -> None:
    odds = np.log([[1.0, 2.0, 5.0], [2.0, 1.0, 1.0]])
    problem = the_loss("softmax-cross-entropy", odds, [2, 0], joined=True)
    assert problem.value == pytest.approx((math.log(8 / 5) + math.log(2)) / 2)
    np.testing.assert_allclose(
        problem.results["dA_prev"], [[1 / 8, 2 / 8, -3 / 8], [-1 / 2, 1 / 4, 1 / 4]], atol=1e-15
    )


@pytest.mark.parametrize("target", [1, [1], [0, 1, 0], [[0, 1, 0]]])
def test_a_class_number_and_a_one_hot_row_say_the_same(target: Any) -> None:
    problem = the_loss("softmax-cross-entropy", [1.0, 2.0, 3.0], target, joined=True)
    assert problem.arrays["Y"].ravel().tolist() == [0, 1, 0]


def test_binary_cross_entropy_with_and_without_its_sigmoid() -> None:
    z, y = np.array([[0.3, -1.2], [2.0, 0.0]]), np.array([[1, 0], [0, 1]])
    together = the_loss("binary-cross-entropy", z, y, joined=True)
    apart = the_loss("binary-cross-entropy", function("sigmoid").forward(z), y)
    assert together.value == pytest.approx(apart.value, abs=1e-14)
    back = activation("sigmoid", z, apart.results["dA_prev"]).results["dA_prev"]
    np.testing.assert_allclose(back, together.results["dA_prev"], atol=1e-14)


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_the_error_is_the_slope_of_the_loss(name: str) -> None:
    random = np.random.default_rng(5)
    for form in loss(name):
        output = random.uniform(0.1, 0.9, (3, 4))
        target = np.eye(4, dtype=int)[[1, 3, 0]]
        problem = form({"A_prev": output, "Y": target}, {"batch": "sum"})
        error = problem.results["dA_prev"]
        np.testing.assert_allclose(np.array(problem.trace("dA_prev").total())[0, 0], error)
        for cell in np.ndindex(3, 4):
            moved = [output.copy(), output.copy()]
            moved[0][cell] += 1e-5
            moved[1][cell] -= 1e-5
            up, down = (form({"A_prev": m, "Y": target}, {"batch": "sum"}).value for m in moved)
            assert (float(up) - float(down)) / 2e-5 == pytest.approx(
                error[cell], rel=1e-6, abs=1e-8
            )


@pytest.mark.parametrize(
    ("name", "output", "target", "kind", "words"),
    [
        ("squared-error", [1, 2], [1, 2, 3], ShapeError, "target 2"),
        ("binary-cross-entropy", [0.5, 1.5], [1, 0], NumberError, "outside 0 to 1"),
        ("binary-cross-entropy", [0.5, 1.0], [1, 0], NumberError, "no derivative"),
        ("binary-cross-entropy", [0.5, 0.5], [2, 0], NumberError, "outside 0 to 1"),
        ("softmax-cross-entropy", [1, 2, 3], [3], NumberError, "from 0 to 2"),
        ("softmax-cross-entropy", [1, 2, 3], [-1], NumberError, "from 0 to 2"),
        ("softmax-cross-entropy", [1, 2, 3], [Fraction(1, 2)], NumberError, "a whole number"),
        ("softmax-cross-entropy", [1, 2, 3], [1, 1, 0], NumberError, "add up to 1"),
        ("softmax-cross-entropy", [[1, 2, 3]], [0, 1], ShapeError, "one-hot rows 1×3"),
        ("softmax-cross-entropy", [[[1, 2, 3]]], [0], ShapeError, "flatten"),
    ],
)
def test_targets_that_make_no_sense(
    name: str, output: Any, target: Any, kind: type[CnngradError], words: str
) -> None:
    form = loss(name)[0]
    with pytest.raises(kind) as told:
        form({"A_prev": np.array(output), "Y": np.array(target)})
    assert words in str(told.value)


def test_an_unknown_loss_names_the_nearest() -> None:
    with pytest.raises(SettingError) as told:
        loss("softmax-crossentropy")
    assert told.value.fix == 'did you mean "softmax-cross-entropy"?'
