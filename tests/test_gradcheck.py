"""gradcheck: right gradients pass, wrong ones are caught, corners are told from mistakes."""

from typing import Any

import numpy as np
import pytest

from cnngrad.core.errors import SettingError
from cnngrad.core.functions import Sigmoid
from cnngrad.core.numbers import Array
from cnngrad.core.problem import Problem
from cnngrad.layers import operation
from cnngrad.layers.convolution.layer import ConvBackward
from cnngrad.layers.dense.layer import DenseBackward
from cnngrad.network import network_of
from cnngrad.network.gradcheck import check_gradients

random = np.random.default_rng(3)


def problem(op: str, settings: dict[str, Any], **shapes: tuple[int, ...]) -> Problem:
    given = {name: random.normal(size=shape) for name, shape in shapes.items()}
    return operation(op).problem(given, settings)


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize(
    ("op", "settings", "shapes"),
    [
        (
            "conv-backward",
            {"stride": 2, "padding": 1, "groups": 2, "batch": "mean"},
            {"A_prev": (2, 4, 5, 5), "W": (4, 2, 3, 3), "dZ": (2, 4, 3, 3)},
        ),
        ("pool-backward", {"window": 2}, {"A_prev": (2, 4, 4), "dZ": (2, 2, 2)}),
        (
            "pool-backward",
            {"mode": "average", "window": 3, "stride": 2, "padding": 1},
            {"A_prev": (5, 5), "dZ": (3, 3)},
        ),
        (
            "dense-backward",
            {"activation": "tanh"},
            {"A_prev": (3, 4), "W": (2, 4), "dZ": (3, 2), "Z_prev": (3, 4)},
        ),
    ],
)
def test_right_gradients_pass(op: str, settings: Any, shapes: Any, batch: str) -> None:
    if op != "pool-backward":
        settings = {**settings, "batch": batch}
    made = problem(op, settings, **shapes)
    checks = check_gradients(made)
    assert [check.name for check in checks] == list(made.names)
    for check in checks:
        assert check.passed
        assert check.corner_count == 0
        assert check.cells == np.prod(check.shape)


def test_numbers_of_any_size_are_checked() -> None:
    for scale in (1e-6, 1e9):
        given = {
            "A_prev": random.normal(size=(4, 4)) * scale,
            "W": random.normal(size=(2, 2)) / scale,
            "dZ": random.normal(size=(3, 3)) * scale,
        }
        checks = check_gradients(operation("conv-backward").problem(given, {}))
        assert all(check.passed for check in checks)
        assert all(check.tolerance > 0 for check in checks)


class WrongConv(ConvBackward):
    """dW without the last of its cells: a planted mistake."""

    def compute(self) -> dict[str, Array]:
        results = super().compute()
        results["dW"] = results["dW"].copy()
        results["dW"][0, 0, 1, 0] *= 1.001
        return results


def test_a_planted_mistake_is_caught_where_it_is() -> None:
    given = {name: random.normal(size=shape) for name, shape in (("A_prev", (3, 3)), ("W", (2, 2)))}
    checks = check_gradients(WrongConv({**given, "dZ": random.normal(size=(2, 2))}))
    verdicts = {check.name: check.passed for check in checks}
    assert verdicts == {"dA_prev": True, "dW": False, "db": True}
    wrong = checks[1]
    assert wrong.cell == (1, 0)
    assert wrong.greatest == pytest.approx(abs(wrong.analytic) / 1001, rel=1e-3)


def test_a_planted_wrong_derivative_is_caught_in_a_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = {
        "layers": [
            {"op": "dense", "weights": [[1, -1], [2, 1]]},
            {"op": "sigmoid"},
            {"op": "dense", "weights": [[1, 2]]},
        ],
        "input": [[0.3, 0.5]],
        "target": [[1]],
        "loss": "squared-error",
    }
    assert all(check.passed for check in check_gradients(network_of(data)))
    monkeypatch.setattr(Sigmoid, "slope", lambda self, Z: self.value(Z))  # f' = f
    checks = {check.called: check.passed for check in check_gradients(network_of(data))}
    assert checks == {"dA_prev": False, "dense1.dW": False, "dense2.dW": True}


@pytest.mark.parametrize("ties", ["first", "last", "all", "split"])
def test_a_tie_in_max_pooling_is_a_corner_not_a_mistake(ties: str) -> None:
    given = {"A_prev": [[1, 7], [7, 2]], "dZ": [[3]]}
    (check,) = check_gradients(
        operation("pool-backward").problem(given, {"window": 2} | {"ties": ties})
    )
    assert check.passed
    assert check.corner_count == (0 if ties == "split" else 2)
    for corner in check.nondifferentiable_cells:
        assert corner.left == pytest.approx(0)
        assert corner.right == pytest.approx(3)


def test_relu_at_zero_is_a_corner_not_a_mistake() -> None:
    given = {"A_prev": [[1, 0, -2]], "W": [[1, 1, 1]], "dZ": [[2]], "Z_prev": [[1, 0, -2]]}
    arrays = {name: np.array(data) for name, data in given.items()}
    checks = check_gradients(DenseBackward(arrays, {"activation": "relu"}))
    assert [check.corner_count for check in checks] == [0, 0, 0, 1]
    assert checks[-1].nondifferentiable_cells[0].cell == (0, 1)
    assert all(check.passed for check in checks)


class WrongAtCorner(DenseBackward):
    """A slope at the corner that lies on neither side of it nor between."""

    def compute(self) -> dict[str, Array]:
        results = super().compute()
        results["dZ_prev"] = results["dZ_prev"] + 5
        return results


def test_a_mistake_at_a_corner_is_still_a_mistake() -> None:
    given = {"A_prev": [[0]], "W": [[1]], "dZ": [[2]], "Z_prev": [[0]]}
    arrays = {name: np.array(data) for name, data in given.items()}
    checks = check_gradients(WrongAtCorner(arrays, {"activation": "relu"}))
    assert not checks[-1].passed


def test_a_corner_nearby_is_none() -> None:
    given = {"A_prev": [[1.0, 1.0 + 1e-7]], "dZ": [[1.0]]}
    (check,) = check_gradients(operation("pool-backward").problem(given, {"window": (1, 2)}))
    assert check.passed
    assert check.corner_count == 0


def test_of_a_large_gradient_cells_all_over_it_are_checked() -> None:
    made = problem("pool-backward", {"mode": "average", "window": 8}, A_prev=(64, 64), dZ=(8, 8))
    (check,) = check_gradients(made)
    assert (check.cells, check.shape, check.passed) == (2000, (64, 64), True)


def test_a_forward_problem_has_nothing_to_check() -> None:
    with pytest.raises(SettingError, match="Only a backward problem"):
        check_gradients(problem("conv-forward", {}, A_prev=(2, 2), W=(1, 1)))
