"""Each gradient against central differences: (f(x + h) − f(x − h)) / 2h, in float64.

Where the function has a corner (a tie in max pooling, ReLU at 0) the slopes to the left and
right differ however small the step; any number between them is a fair answer there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from ..core.batch import LOSS_MEAN
from ..core.errors import NumberError, SettingError
from ..core.layouts import Axes
from ..core.names import gradient_of
from ..core.numbers import Array, index, rounded
from ..core.problem import Problem
from ..core.text import say
from ..core.trace import Index
from . import Network, backward

TOLERANCE = 1e-6
"""The greatest difference that counts as none, relative to the greatest slope of a gradient."""
MOST_CELLS = 2_000
"""Cells of one gradient that are checked; of a larger one, that many are, evenly spread."""

_STEP = float(np.cbrt(np.finfo(np.float64).eps))
_FINER = (1.0, 1 / 16, 1 / 256)
_CORNERS_SHOWN = 5


DOT, LOSS, SUM_OF_LOSSES = "dot", "loss", "sum-of-losses"


class Objective(NamedTuple):
    """What one gradient is the derivative of."""

    name: str
    """The gradient: `dW`."""
    at: Array
    """The matrix that it is taken with respect to, in float64."""
    gradient: Array
    """What the program says, in the same shape."""
    outputs: Callable[[Array], Array]
    """Numbers whose sum is the objective, as the matrix takes other values."""
    divisor: int = 1
    """What the sum is divided by: N for dW and db under `batch="mean"`."""
    layer: str = ""
    differentiated: str = DOT
    """What f is: one of `DOT`, `LOSS` and `SUM_OF_LOSSES`."""
    order: Axes = ()
    """The order in which a person writes the axes of the matrix."""


class Corner(NamedTuple):
    """A cell where the function has no derivative."""

    cell: Index
    analytic: float
    left: float
    right: float


@dataclass(frozen=True)
class Checked:
    """One gradient held against its differences."""

    name: str
    layer: str
    shape: Index
    cells: int
    """How many were checked."""
    greatest: float
    """The greatest difference, corners left out."""
    cell: Index
    """Where it is."""
    analytic: float
    numeric: float
    tolerance: float
    nondifferentiable_cells: tuple[Corner, ...]
    corner_count: int
    differentiated: str = DOT
    """What f is: Σ dZ·Z, the loss, or the sum of the samples' losses."""
    divisor: int = 1
    """What a sum over the samples is divided by."""
    order: Axes = ()
    """The order in which a person writes its axes, where that is another than the program's."""

    def place(self, cell: Index) -> Index:
        """A cell by the indices that a person gives it."""
        return tuple(cell[i] for i in self.order) if self.order else cell

    @property
    def passed(self) -> bool:
        """Whether no cell differs by more than the tolerance."""
        return self.greatest <= self.tolerance

    @property
    def called(self) -> str:
        """The gradient with its layer: `conv1.dW`."""
        return f"{self.layer}.{self.name}" if self.layer else self.name


def check_gradients(subject: Problem | Network) -> list[Checked]:
    """Hold every gradient of a backward problem or a network against central differences.

    A problem's objective is Σ dZ·Z, a network's is its loss. The step is the cube root of
    float64's precision, times the size of the number that is moved.

    Parameters
    ----------
    subject
        A backward problem, or a network.

    Raises
    ------
    SettingError
        The problem has no gradients.

    Examples
    --------
    >>> import numpy as np
    >>> from cnngrad.layers.dense.layer import DenseBackward
    >>> given = {"A_prev": np.array([1, 2]), "W": np.array([[3, 4]]), "dZ": np.array([5])}
    >>> [(check.name, check.passed) for check in check_gradients(DenseBackward(given))]
    [('dA_prev', True), ('dW', True), ('db', True)]
    """
    objectives = _of_network if isinstance(subject, Network) else _of_problem
    return [check(objective) for objective in objectives(subject)]  # type: ignore[arg-type]


def _of_problem(problem: Problem) -> Iterator[Objective]:
    if problem.forward is None:
        raise SettingError(
            say("Only a backward problem has gradients to check."),
            found=problem.op,
            expected=say("conv-backward, pool-backward, dense-backward or network-backward"),
        )
    problem = problem.computed(exact=False)
    results = {name: _float(array) for name, array in problem.results.items()}
    for name, gradient in results.items():
        outputs, at = problem.objective(name)
        yield Objective(
            name,
            _float(at),
            gradient,
            outputs,
            problem.trace(name).plan.divisor,
            order=_order(problem, name, gradient),
        )


def _of_network(network: Network) -> Iterator[Objective]:
    network = network.computed(exact=False).notation_choice
    walk = backward(network)
    loss = network.loss
    before = loss.between if network.batch == LOSS_MEAN else 1

    def called(divisor: int) -> str:
        return LOSS if divisor == loss.between else SUM_OF_LOSSES

    yield Objective(
        "dA_prev",
        network.input,
        walk.results["dA_prev"],
        lambda values: replace(network, input=values).loss.each(),
        before,
        differentiated=called(before),
        order=_order(walk.layers[0].backward, "dA_prev", network.input),
    )
    for k, layer in enumerate(walk.layers):
        for name, at in layer.spec.parameters.items():
            gradient = layer.results[gradient_of(name)].reshape(at.shape)
            moved = partial(_losses, network, k, name)
            divisor = before * int(getattr(layer.backward, "divisor", 1))
            yield Objective(
                gradient_of(name),
                at,
                gradient,
                moved,
                divisor,
                layer.spec.name,
                called(divisor),
                _order(layer.backward, name, at),
            )


def _order(problem: Problem, name: str, array: Array) -> Axes:
    """The order in which a person writes the axes of a matrix of a layer."""
    return problem.order_of(name, array.ndim, problem.settings)


def _losses(network: Network, k: int, name: str, values: Array) -> Array:
    """Each sample's loss as one parameter of one layer takes other values."""
    layers = list(network.layers)
    layers[k] = replace(layers[k], parameters={**layers[k].parameters, name: values})
    return replace(network, layers=tuple(layers)).loss.each()


@np.errstate(over="ignore", invalid="ignore")
def check(objective: Objective) -> Checked:
    """Hold one gradient against central differences.

    Raises
    ------
    NumberError
        The numbers are so large that their differences are beyond float64.
    """
    at, gradient = objective.at, objective.gradient
    slopes = _Slopes(objective)
    tolerance = max(TOLERANCE * float(np.abs(gradient).max()), slopes.noise(_FINER[0]))
    cells = _cells(at.shape)
    worst = (-1.0, cells[0], 0.0, 0.0)
    nondifferentiable_cells = []
    for cell in cells:
        analytic = float(gradient[cell])
        found = _at(slopes, cell, analytic, tolerance)
        reached = (found.left, found.right) if isinstance(found, Corner) else (found,)
        if not np.isfinite((tolerance, *reached)).all():
            raise NumberError(
                say("The numbers are too large for differences to be taken in float64."),
                where=f"{objective.layer}.{objective.name}".lstrip(".") + index(cell),
                fix=say("check the same problem with smaller numbers"),
            )
        if isinstance(found, Corner):
            nondifferentiable_cells.append(found)
        elif abs(found - analytic) > worst[0]:
            worst = (abs(found - analytic), cell, analytic, found)
    greatest, place, analytic, numeric = worst
    return Checked(
        objective.name,
        objective.layer,
        at.shape,
        len(cells),
        max(greatest, 0.0),
        place,
        analytic,
        numeric,
        tolerance,
        tuple(nondifferentiable_cells[:_CORNERS_SHOWN]),
        len(nondifferentiable_cells),
        objective.differentiated,
        objective.divisor,
        objective.order,
    )


class _Slopes:
    """One-sided slopes of an objective in one of its numbers."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.here = objective.outputs(objective.at)
        self.size = float(np.abs(objective.at).max()) or 1.0

    def step(self, cell: Index, finer: float) -> float:
        """A power of two, so that x + h and x − h are hardly rounded."""
        size = max(abs(float(self.objective.at[cell])), self.size)
        return float(2.0 ** np.round(np.log2(_STEP * size * finer)))

    def noise(self, finer: float) -> float:
        """What rounding alone may make of a slope."""
        sizes = float(np.abs(self.here).sum()) + 1e-300
        eps = float(np.finfo(np.float64).eps)
        return 8 * eps * sizes / (_STEP * self.size * finer * self.objective.divisor)

    def at(self, cell: Index, finer: float) -> tuple[float, float]:
        """The slopes to the left and to the right."""
        h = self.step(cell, finer)
        right = self._moved(cell, h) - self.here
        left = self.here - self._moved(cell, -h)
        scale = h * self.objective.divisor
        return float(left.sum()) / scale, float(right.sum()) / scale

    def _moved(self, cell: Index, h: float) -> Array:
        values = self.objective.at.copy()
        values[cell] += h
        return self.objective.outputs(values)


def _at(slopes: _Slopes, cell: Index, analytic: float, tolerance: float) -> float | Corner:
    """The slope at a cell, or the corner that stands there.

    A difference is looked at again with finer steps: a corner nearby disappears then, one at
    the cell itself stays.
    """
    first: tuple[float, float] | None = None
    for finer in _FINER:
        left, right = slopes.at(cell, finer)
        first = first or (left, right)
        numeric = (left + right) / 2
        allowed = max(tolerance, slopes.noise(finer))
        if abs(numeric - analytic) <= allowed:
            return numeric
    gap, coarse = abs(right - left), abs(first[1] - first[0])  # type: ignore[index]
    between = min(left, right) - allowed <= analytic <= max(left, right) + allowed
    if between and gap > max(coarse / 2, allowed):
        return Corner(cell, analytic, left, right)
    return sum(first) / 2  # type: ignore[arg-type]


def _cells(shape: Index) -> list[Index]:
    size = int(np.prod(shape))
    chosen = np.unique(np.linspace(0, size - 1, min(size, MOST_CELLS)).astype(int))
    return [tuple(map(int, np.unravel_index(k, shape))) for k in chosen]


def _float(array: Array) -> Array:
    return array if array.dtype == np.float64 else rounded(array)
