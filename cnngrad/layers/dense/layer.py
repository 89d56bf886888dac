"""The fully connected layer: Z = A_prev·Wᵀ + b, one row a sample, one row of W a unit.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the fully connected stage.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ...core.batch import divisor
from ...core.errors import SettingError, ShapeError
from ...core.functions import FUNCTIONS, Function, function, without_minus_zero
from ...core.layer import Layer
from ...core.numbers import Array, alike, divided, hold, largest
from ...core.problem import Operation, Problem, cells_of, masked
from ...core.relation import INPUT, OUTPUT, WEIGHT, Channels, Relation, Samples
from ...core.shapes import by
from ...core.terms import gathered, spread, summed
from ...core.text import joined, message, say
from ...core.trace import Factor, Index, Plan, Term, Trace
from . import spec


class Dense(Problem):
    """What forward and backward share."""

    called = message("fully connected layer")
    kinds = ("dense",)

    def fit(self) -> None:
        samples, n_in = self.arrays["A_prev"].shape
        units, taken = self.arrays["W"].shape
        if taken != n_in:
            raise ShapeError(
                say("W does not fit A_prev."),
                found=say(
                    "W {W} takes {taken} numbers a sample; A_prev {shape} has {n_in}",
                    W=self.form("W"),
                    taken=taken,
                    shape=by(self.given["A_prev"].shape),
                    n_in=n_in,
                ),
                expected=say(
                    "W of shape {shape}: one row for each unit", shape=self.form("W", (units, n_in))
                )
                if self.settings["dense_layout"] == "out-in"
                else say(
                    "W of shape {shape}: one column for each unit",
                    shape=self.form("W", (units, n_in)),
                ),
                fix=self._turned(),
            )
        if "b" in self.given and self.given["b"].size != units:
            raise ShapeError(
                say("b does not fit the units."),
                found=say("{size} numbers", size=self.given["b"].size),
                expected=say("{units}: one for each row of W", units=units),
            )
        self._fit_error((samples, units))

    def _turned(self) -> str:
        """Which matrix would fit if it were turned, if there is one."""
        rows = {
            name: self.given[name].reshape(1, -1)
            for name in ("A_prev", "dZ", "Z_prev")
            if name in self.given and self.given[name].ndim == 2 and self.given[name].shape[1] == 1
        }
        if "A_prev" in rows and self.would_fit(rows):
            return say(
                "give {names} in one row: a column is one number for each of several samples",
                names=joined(rows),
            )
        return say("give its transpose") if self.would_fit({"W": self.given["W"].T}) else ""

    def _fit_error(self, output: Index) -> None:
        """Nothing to check where there is no error."""

    @cached_property
    def relation(self) -> Relation:
        """Which cells of Z, W and A_prev meet: each unit meets every number of its sample."""
        samples, n_in = self.arrays["A_prev"].shape
        return Relation([Samples(samples), Channels(len(self.arrays["W"]), n_in)])

    @property
    def output(self) -> Index:
        """The shape of Z and dZ in full rank."""
        return self.arrays["A_prev"].shape[0], self.arrays["W"].shape[0]

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        image = ranks["A_prev"]
        return self.ranked({**ranks, "Z": image, "dA_prev": image, "dW": ranks["W"], "db": 1})


class DenseForward(Dense):
    """Z = A_prev·Wᵀ + b."""

    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    options = spec.FORWARD.settings
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
                gathered(
                    self.relation,
                    OUTPUT,
                    self.as_factors["A_prev"],
                    INPUT,
                    self.as_factors["W"],
                    self.as_factors.get("b"),
                ),
                lambda _: None,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["Z"], k),
            )
        )


class DenseBackward(Dense):
    """dA_prev, dW and db of a fully connected layer, and dZ_prev where there is an activation."""

    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
    options = spec.BACKWARD.settings
    forward = DenseForward

    def _turned_error(self) -> str:
        """That a column would fit as a row, or what else is left to do."""
        errors = self.given["dZ"]
        if errors.ndim == 2 and self.would_fit({"dZ": errors.T}):
            return say("give its transpose: a row for each sample, a column for each unit")
        return say("give dZ in that shape, or weights with another number of rows")

    def _fit_error(self, output: Index) -> None:
        if self.arrays["dZ"].shape != output:
            rank = self.given["A_prev"].ndim
            raise ShapeError(
                say("dZ does not fit the output of this fully connected layer."),
                found=say("dZ {shape}", shape=by(self.given["dZ"].shape)),
                expected=say(
                    "dZ {shape}: {units} units for each of {samples} samples",
                    shape=by(output[2 - rank :]),
                    units=output[1],
                    samples=output[0],
                )
                if output[0] > 1
                else say("dZ {shape}: one number for each unit", shape=by(output[2 - rank :])),
                fix=self._turned_error(),
            )
        if self.function is None and "Z_prev" in self.given:
            raise SettingError(
                say("Z_prev is given, but no activation."),
                expected=say("--activation, or the key activation in a problem file"),
            )
        if self.function is not None and "Z_prev" not in self.given:
            raise ShapeError(
                say("The activation's derivative needs Z_prev."),
                expected=say("--z, or the key z in a problem file: what the activation was given"),
            )
        if "Z_prev" in self.arrays and self.arrays["Z_prev"].shape != self.arrays["A_prev"].shape:
            raise ShapeError(
                say("Z_prev does not fit A_prev."),
                found=say("Z_prev {shape}", shape=by(self.given["Z_prev"].shape)),
                expected=say(
                    "Z_prev {shape}, as A_prev is f(Z_prev)", shape=by(self.given["A_prev"].shape)
                ),
            )

    @cached_property
    def function(self) -> Function | None:
        """The activation between Z_prev and A_prev."""
        name, slope = self.settings["activation"], self.settings["slope"]
        corner = self.settings["corner_slope"]
        if name is None:
            if slope is not None:
                raise SettingError(say("slope is given, but no activation."))
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

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        return {**super().ranks, "dZ_prev": self.given["A_prev"].ndim}

    @classmethod
    def keeps_fractions(cls, settings: Mapping[str, Any]) -> bool:
        name = settings.get("activation")
        return name is None or FUNCTIONS[name].rational

    @property
    def corner(self) -> str:
        return self.function.name if self.function else ""

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
        relation, dZ = self.relation, self.as_factors["dZ"]
        shape, terms, contributors = {
            "dA_prev": (
                self.arrays["A_prev"].shape,
                spread(relation, OUTPUT, dZ, INPUT, self.as_factors["W"]),
                lambda cell: relation.contributors(INPUT, cell, OUTPUT),
            ),
            "dW": (
                self.arrays["W"].shape,
                spread(relation, OUTPUT, dZ, WEIGHT, self.as_factors["A_prev"]),
                lambda cell: relation.contributors(WEIGHT, cell, OUTPUT),
            ),
            "db": (self.output[1:], summed(dZ), lambda cell: relation.along(1, cell[0])),
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


FORWARD = Operation(spec.FORWARD, (DenseForward,))
BACKWARD = Operation(spec.BACKWARD, (DenseBackward,))
LAYERS = {"dense": Layer(DenseBackward, takes="rows", gives="rows", sizes=("units",), drawn=_drawn)}
