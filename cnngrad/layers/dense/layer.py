"""The fully connected layer: Z = A_prev·Wᵀ + b, one row a sample, one row of W a unit.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the fully connected stage.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ...core.batch import DEFAULT, divisor
from ...core.errors import SettingError, ShapeError
from ...core.functions import FUNCTIONS, Function, function, without_minus_zero
from ...core.layer import Layer
from ...core.numbers import Array, alike, as_array, divided, hold, largest
from ...core.problem import Gradients, Operand, Operation, Problem, cells_of, masked
from ...core.settings import DENSE_LAYOUT, LIKE, Setting, batch, choice, number
from ...core.shapes import by
from ...core.text import say
from ...core.trace import Factor, Index, Plan, Term, Trace

_ROWS = "the numbers of one sample (n) or a row for each sample (N, n)"
_WEIGHTS = "a row for each unit (n_out, n_in)"

A_PREV = Operand("A_prev", "input", rank=2, least=1, forms=_ROWS)
W = Operand("W", "weights", rank=2, least=1, forms=_WEIGHTS)
B = Operand("b", "bias", optional=True, vector=True)
DZ = Operand("dZ", "dz", rank=2, least=1, forms=_ROWS)
Z_PREV = Operand("Z_prev", "z", optional=True, rank=2, least=1, forms=_ROWS)


def _activation(value: object) -> str | None:
    return None if value is None else choice("activation", *FUNCTIONS)(value)


LAYOUTS = (DENSE_LAYOUT, LIKE)
SETTINGS = (
    Setting("batch", batch, DEFAULT),
    Setting("activation", _activation, None),
    Setting("slope", number("slope", optional=True), None),
    Setting("corner_slope", number("corner_slope", optional=True), None),
    Setting("learning_rate", number("learning_rate", optional=True), None),
    *LAYOUTS,
)


def dense(
    A_prev: object,
    W: object,
    b: object = None,
    *,
    dense_layout: str | None = None,
    like: str | None = None,
) -> Array:
    """Multiply each sample by the weights: Z = A_prev·Wᵀ + b.

    Parameters
    ----------
    A_prev
        Input, shape (..., n_in): the last axis is one sample's numbers.
    W
        Weights, shape (n_out, n_in): one row for each unit.
    b
        One number for each unit.
    dense_layout
        "out-in", or "in-out" where W has a column for each unit: (n_in, n_out).
    like
        A framework such as "keras", whose conventions hold for what is not given here.

    Returns
    -------
    Array
        Z, shape (..., n_out). Integers and fractions stay exact; float arrays keep their
        dtype.

    Raises
    ------
    ShapeError, NumberError
        The arrays do not fit each other.

    Examples
    --------
    >>> dense([1, 2, 3], [[1, 0, 2], [0, 1, -1]], [10, 20])
    array([17, 19])
    """
    rows, leading = _rows(A_prev)
    given: dict[str, Any] = {"A_prev": rows, "W": W, "b": b}
    settings = {"dense_layout": dense_layout, "like": like}
    Z = DenseForward.from_layout(given, settings).results["Z"]
    return Z.reshape(*leading, Z.shape[-1])


def dense_backward(
    A_prev: object,
    W: object,
    dZ: object,
    *,
    batch: str | None = None,
    dense_layout: str | None = None,
    like: str | None = None,
) -> Gradients:
    """Gradients of a fully connected layer.

    dA_prev: every cell of dZ times its unit's row of W. dW: every cell of dZ times its
    sample's row of A_prev. db: the sum of dZ over the samples. dW and db are divided by the
    number of samples N under `batch="mean"`; dA_prev is never divided.

    Parameters
    ----------
    A_prev, W, dense_layout, like
        As for `dense`; N is the product of the leading axes.
    dZ
        The error at the output, shape (..., n_out).
    batch
        "mean" (unless `like` says otherwise) or "sum".

    Returns
    -------
    Gradients
        `.dA_prev` in the shape of A_prev, `.dW` in the shape of W, `.db` (n_out,).

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other.

    Examples
    --------
    >>> gradients = dense_backward([1, 2, 3], [[1, 0, 2], [0, 1, -1]], [1, -2])
    >>> gradients.dA_prev
    array([ 1, -2,  4])
    >>> gradients.dW
    array([[ 1,  2,  3],
           [-2, -4, -6]])
    >>> gradients.db
    array([ 1, -2])
    """
    rows, leading = _rows(A_prev)
    errors, _ = _rows(dZ)
    given: dict[str, Any] = {"A_prev": rows, "W": W, "dZ": errors}
    settings = {"batch": batch, "dense_layout": dense_layout, "like": like}
    results = DenseBackward.from_layout(given, settings).results_in_layout
    dA_prev = results["dA_prev"].reshape(*leading, rows.shape[-1])
    return Gradients(dA_prev, results["dW"], results["db"])


def _rows(data: object) -> tuple[Array, Index]:
    """An array with all its leading axes made one, and what they were."""
    array = as_array(data)
    if array.ndim < 3 or not array.size:
        return array, array.shape[:-1]
    return array.reshape(-1, array.shape[-1]), array.shape[:-1]


class Dense(Problem):
    """What forward and backward share."""

    called = "fully connected layer"
    kinds = ("dense",)

    def fit(self) -> None:
        samples, n_in = self.arrays["A_prev"].shape
        units, taken = self.arrays["W"].shape
        if taken != n_in:
            raise ShapeError(
                "W does not fit A_prev.",
                found=f"W {self.form('W')} takes {taken} numbers a sample;"
                f" A_prev {by(self.given['A_prev'].shape)} has {n_in}",
                expected=f"W of shape {self.form('W', (units, n_in))}: one row for each unit"
                if self.settings["dense_layout"] == "out-in"
                else f"W of shape {self.form('W', (units, n_in))}: one column for each unit",
                fix="give its transpose" if units == n_in else "",
            )
        if "b" in self.given and self.given["b"].size != units:
            raise ShapeError(
                "b does not fit the units.",
                found=f"{self.given['b'].size} numbers",
                expected=f"{units}: one for each row of W",
            )
        self._fit_error((samples, units))

    def _fit_error(self, output: Index) -> None:
        """Nothing to check where there is no error."""

    @property
    def output(self) -> Index:
        """The shape of Z and dZ in full rank."""
        return self.arrays["A_prev"].shape[0], self.arrays["W"].shape[0]

    @property
    def ranks(self) -> Mapping[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        image = ranks["A_prev"]
        return self.ranked({**ranks, "Z": image, "dA_prev": image, "dW": ranks["W"], "db": 1})


class DenseForward(Dense):
    """Z = A_prev·Wᵀ + b."""

    op = "dense-forward"
    operands = (A_PREV, W, B)
    options = LAYOUTS
    names = ("Z",)

    @property
    def work(self) -> int:
        return cells_of(self.arrays["A_prev"].shape) * self.output[1]

    def compute(self) -> dict[str, Array]:
        a, w, b = alike(self.arrays["A_prev"], self.arrays["W"], self.arrays.get("b", [0]))
        rows, weights, bias = a.values, w.values, b.values
        scale = lcm(a.scale * w.scale, b.scale)
        times = scale // (a.scale * w.scale)
        if rows.dtype.kind != "f":
            bias = bias.astype(object) * (scale // b.scale)
            bound = times * rows.shape[1] * largest(rows) * largest(weights) + largest(bias)
            rows, weights, bias = hold(bound, rows, weights, bias)
        Z = np.matmul(rows, weights.T)
        return {"Z": divided(without_minus_zero((Z * times if times > 1 else Z) + bias), scale)}

    def trace(self, name: str) -> Trace:
        return Trace(
            Plan(
                name,
                "dense.Z",
                self.output,
                self.output,
                self._terms,
                lambda _: None,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["Z"], k),
            )
        )

    def _terms(self, cell: Index) -> list[Term]:
        n, o = cell
        terms = []
        for i, (a, w) in enumerate(zip(self.cells["A_prev"][n], self.cells["W"][o], strict=True)):
            terms.append(Term(cell, Factor("A_prev", (n, i), a), Factor("W", (o, i), w), a * w))
        if "b" in self.cells:
            bias = Factor("b", (o,), self.cells["b"][o])
            terms.append(Term(cell, bias, Factor("", (), 1), bias.value))
        return terms


class DenseBackward(Dense):
    """dA_prev, dW and db of a fully connected layer, and dZ_prev where there is an activation."""

    op = "dense-backward"
    operands = (A_PREV, W, B, DZ, Z_PREV)
    options = SETTINGS
    forward = DenseForward

    def _fit_error(self, output: Index) -> None:
        if self.arrays["dZ"].shape != output:
            rank = self.given["A_prev"].ndim
            raise ShapeError(
                "dZ does not fit the output of this fully connected layer.",
                found=f"dZ {by(self.given['dZ'].shape)}",
                expected=f"dZ {by(output[2 - rank :])}:"
                f" {output[1]} units for each of {output[0]} samples"
                if output[0] > 1
                else f"dZ {by(output[2 - rank :])}: one number for each unit",
                fix="give dZ in that shape, or weights with another number of rows",
            )
        if self.function is None and "Z_prev" in self.given:
            raise SettingError(
                "Z_prev is given, but no activation.",
                expected="--activation, or the key activation in a problem file",
            )
        if self.function is not None and "Z_prev" not in self.given:
            raise ShapeError(
                "The activation's derivative needs Z_prev.",
                expected="--z, or the key z in a problem file: what the activation was given",
            )
        if "Z_prev" in self.arrays and self.arrays["Z_prev"].shape != self.arrays["A_prev"].shape:
            raise ShapeError(
                "Z_prev does not fit A_prev.",
                found=f"Z_prev {by(self.given['Z_prev'].shape)}",
                expected=f"Z_prev {by(self.given['A_prev'].shape)}, as A_prev is f(Z_prev)",
            )

    @cached_property
    def function(self) -> Function | None:
        """The activation between Z_prev and A_prev."""
        name, slope = self.settings["activation"], self.settings["slope"]
        corner = self.settings["corner_slope"]
        if name is None:
            if slope is not None:
                raise SettingError("slope is given, but no activation.")
            if corner is not None:
                raise SettingError(say("corner_slope is given, but no activation."))
            return None
        return function(name, slope, corner)

    @classmethod
    def kinds_of(cls, settings: Mapping[str, object]) -> tuple[str, ...]:
        return (str(settings.get("activation") or ""), *cls.kinds)

    @property
    def names(self) -> tuple[str, ...]:
        names = ("dA_prev", "dW", "db")
        return names if self.function is None else (*names, "dZ_prev")

    @property
    def ranks(self) -> Mapping[str, int]:
        return {**super().ranks, "dZ_prev": self.given["A_prev"].ndim}

    @classmethod
    def keeps_fractions(cls, settings: Mapping[str, Any]) -> bool:
        name = settings.get("activation")
        return name is None or FUNCTIONS[name].rational

    @property
    def nondifferentiable_cells(self) -> int:
        if self.function is None or not self.function.corner:
            return 0
        return int(np.sum((self.given["Z_prev"] == 0) & (self.results["dA_prev"] != 0)))

    @property
    def work(self) -> int:
        return 2 * cells_of(self.arrays["A_prev"].shape) * self.output[1]

    @property
    def divisor(self) -> int:
        """What dW and db are divided by: N, or 1 under `batch="sum"`."""
        return divisor(self.settings["batch"], self.output[0])

    def compute(self) -> dict[str, Array]:
        results = self._from(self.arrays["dZ"], self.divisor)
        if self.function is not None:
            dZ_prev = self.function.backward(self.arrays["Z_prev"], results["dA_prev"])
            results["dZ_prev"] = dZ_prev
        return results

    @property
    def derived(self) -> Mapping[str, Array]:
        f = self.function
        if f is None:
            return {}
        return {f"{f.name}'(Z_prev)": f.derivative(self.arrays["Z_prev"])}

    def _from(self, dZ: Array, divisor: int) -> dict[str, Array]:
        a, w, z = alike(self.arrays["A_prev"], self.arrays["W"], dZ)
        rows, weights, errors = a.values, w.values, z.values
        if rows.dtype.kind != "f":
            samples, units = self.output
            bound = largest(errors) * max(units * largest(weights), samples * max(largest(rows), 1))
            rows, weights, errors = hold(bound, rows, weights, errors)
        dA_prev, dW = np.matmul(errors, weights), np.matmul(errors.T, rows)
        results = {
            "dA_prev": divided(dA_prev, w.scale * z.scale),
            "dW": divided(dW, a.scale * z.scale * divisor),
            "db": divided(errors.sum(0), z.scale * divisor),
        }
        return {name: without_minus_zero(array) for name, array in results.items()}

    def objective(self, name: str) -> tuple[Callable[[Array], Array], Array]:
        if name != "dZ_prev" or self.function is None:
            return super().objective(name)
        f, dA_prev = self.function, self.results["dA_prev"]
        return lambda values: dA_prev * f.forward(values), self.given["Z_prev"]

    def trace(self, name: str) -> Trace:
        if name == "dZ_prev":
            return self._trace_of_activation()
        terms, contributors, shape = {
            "dA_prev": (self._dA_prev, self._feeding_dA_prev, self.arrays["A_prev"].shape),
            "dW": (self._dW, self._feeding_unit, self.arrays["W"].shape),
            "db": (self._db, self._feeding_unit, self.output[1:]),
        }[name]
        return Trace(
            Plan(
                name,
                f"dense.{name}",
                shape,
                self.output,
                terms,
                lambda _: None,
                contributors,
                lambda k: self._from(masked(self.arrays["dZ"], k), 1)[name],
                1 if name == "dA_prev" else self.divisor,
            )
        )

    def _error(self, source: Index) -> Factor:
        n, o = source
        return Factor("dZ", source, self.cells["dZ"][n][o])

    def _dA_prev(self, source: Index) -> list[Term]:
        n, o = source
        dz = self._error(source)
        return [
            Term((n, i), dz, Factor("W", (o, i), w), dz.value * w)
            for i, w in enumerate(self.cells["W"][o])
        ]

    def _dW(self, source: Index) -> list[Term]:
        n, o = source
        dz = self._error(source)
        return [
            Term((o, i), dz, Factor("A_prev", (n, i), a), dz.value * a)
            for i, a in enumerate(self.cells["A_prev"][n])
        ]

    def _db(self, source: Index) -> list[Term]:
        dz = self._error(source)
        return [Term(source[1:], dz, Factor("", (), 1), dz.value)]

    def _feeding_dA_prev(self, cell: Index) -> Iterator[Index]:
        return ((cell[0], o) for o in range(self.output[1]))

    def _feeding_unit(self, cell: Index) -> Iterator[Index]:
        return ((n, cell[0]) for n in range(self.output[0]))

    def _trace_of_activation(self) -> Trace:
        assert self.function is not None
        f, Z_prev = self.function, self.arrays["Z_prev"]
        dA_prev, derivative = self.compute()["dA_prev"], f.derivative(Z_prev)

        def terms(source: Index) -> list[Term]:
            error = Factor("dA_prev", source, dA_prev.item(*source))
            return f.terms(error, derivative, "Z_prev")

        return Trace(
            Plan(
                "dZ_prev",
                "dense.dZ_prev",
                Z_prev.shape,
                Z_prev.shape,
                terms,
                lambda _: None,
                lambda cell: f.contributors(cell, Z_prev.shape),
                lambda k: f.backward(Z_prev, masked(dA_prev, k)),
                source="dA_prev",
            )
        )


def _drawn(sizes: Mapping[str, Any], given: Index, settings: Mapping[str, Any]) -> dict[str, Index]:  # noqa: ARG001
    units = sizes["units"]
    return {"W": (units, given[-1]), "b": (units,)}


FORWARD = Operation("dense-forward", {"": DenseForward})
BACKWARD = Operation("dense-backward", {"": DenseBackward})
LAYERS = {"dense": Layer(DenseBackward, takes="rows", gives="rows", sizes=("units",), drawn=_drawn)}
