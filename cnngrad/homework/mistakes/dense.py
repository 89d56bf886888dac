"""Mistakes in a fully connected layer, its activation and the update of its parameters."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from ...exact import Array, Scaled, alike
from ...functions import product
from ...ops.dense import Dense, DenseBackward
from ...update import descended
from .recipe import Recipe, Rulebook, samples_of

BOOK = Rulebook()

UPDATED = ("W", "b")
"""The parameters after one step of gradient descent."""


@BOOK.rule("weights-not-transposed")
def weights_not_transposed(problem: Dense, name: str) -> Iterator[Recipe]:
    """dZ·Wᵀ for dZ·W, or A_prev·W for A_prev·Wᵀ."""
    units, inputs = problem.arrays["W"].shape
    if units == inputs and name in ("dA_prev", "dZ_prev", "Z"):
        yield Recipe(kernel=("transposed",))


@BOOK.rule("activation-derivative-missing")
def activation_derivative_missing(problem: Dense, name: str) -> Iterator[Recipe]:
    """The error sent on as it is, without f'(z)."""
    del problem
    if name == "dZ_prev":
        yield Recipe(share="derivative missing")


@BOOK.rule("activation-derivative-twice")
def activation_derivative_twice(problem: Dense, name: str) -> Iterator[Recipe]:
    """f'(z) multiplied in twice; or once already in dA_prev."""
    if name == "dZ_prev":
        yield Recipe(share="derivative twice")
    elif name == "dA_prev" and "dZ_prev" in problem.names:
        yield Recipe(share="derivative already")


@BOOK.rule("derivative-at-activation")
def derivative_at_activation(problem: Dense, name: str) -> Iterator[Recipe]:
    """f'(a) for f'(z)."""
    del problem
    if name == "dZ_prev":
        yield Recipe(share="derivative at activation")


@BOOK.rule("weights-updated-first")
def weights_updated_first(problem: Dense, name: str) -> Iterator[Recipe]:
    """dA_prev computed with the weights after the update."""
    if name in ("dA_prev", "dZ_prev") and problem.settings.get("learning_rate") is not None:
        yield Recipe(padding="updated weights")


@BOOK.rule("update-sign")
def update_sign(problem: Dense, name: str) -> Iterator[Recipe]:
    """The gradient added to the parameters, not taken from them."""
    del problem
    if name in UPDATED:
        yield Recipe(layer=("sign",))


@BOOK.rule("learning-rate-missing")
def learning_rate_missing(problem: Dense, name: str) -> Iterator[Recipe]:
    """The whole gradient taken from the parameters."""
    del problem
    if name in UPDATED:
        yield Recipe(layer=("rate",))


@BOOK.rule("not-divided-by-n")
def not_divided_by_n(problem: Dense, name: str) -> Iterator[Recipe]:
    """The parameters updated with the sum over the samples."""
    if name in UPDATED and problem.settings["batch"] == "mean" and samples_of(problem) > 1:
        yield Recipe(divide="none")


@BOOK.rule("divided-by-n")
def divided_by_n(problem: Dense, name: str) -> Iterator[Recipe]:
    """The parameters updated with a gradient that is divided once too often."""
    if name in UPDATED and samples_of(problem) > 1:
        yield Recipe(divide="again")


@BOOK.rule("bias-missing")
def bias_missing(problem: Dense, name: str) -> Iterator[Recipe]:
    """The bias not added."""
    if name == "Z" and "b" in problem.given:
        yield Recipe(amount="no bias")


class DenseCook:
    """Computes all results of a fully connected layer by any recipe."""

    def __init__(self, problem: Dense) -> None:
        self.problem = problem
        floats = any(a.dtype.kind == "f" for a in problem.arrays.values())
        kind = np.dtype(np.float64 if floats else object)
        self.arrays = {name: a.astype(kind) for name, a in problem.arrays.items()}

    def cook(self, name: str, recipe: Recipe) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if name in UPDATED:
            return alike(self._updated(name, recipe))[0]
        if name == "Z":
            values = np.matmul(self.arrays["A_prev"], self._weights(recipe).T)
            if "b" in self.arrays and recipe.amount != "no bias":
                values = values + self.arrays["b"]
        elif name in ("dW", "db"):
            values = self._parameter(name, recipe)
        else:
            values = self._error(name, recipe)
        return alike(self.problem.shown(name, values))[0]

    def _weights(self, recipe: Recipe) -> Array:
        W = self.arrays["W"]
        if recipe.padding == "updated weights":
            W = descended(W, self._parameter("dW", Recipe()), self._rate())
        return W.T if recipe.kernel else W

    def _rate(self) -> Any:
        return self.problem.settings["learning_rate"]

    def _parameter(self, name: str, recipe: Recipe) -> Array:
        assert isinstance(self.problem, DenseBackward)
        errors, images = self.arrays["dZ"], self.arrays["A_prev"]
        if recipe.samples == "first":
            errors, images = errors[:1], images[:1]
        values = errors.sum(0) if name == "db" else np.matmul(errors.T, images)
        divisor = 1 if recipe.divide == "none" else self.problem.divisor
        if recipe.divide == "again":
            divisor *= len(self.arrays["dZ"])
        quotient: Array = values * (Fraction(1, divisor) if values.dtype == object else 1 / divisor)
        return quotient

    def _updated(self, name: str, recipe: Recipe) -> Array:
        slope = self._parameter(f"d{name}", recipe)
        rate = 1 if "rate" in recipe.layer else self._rate()
        slope = -slope if "sign" in recipe.layer else slope
        before = self.arrays[name]
        after = descended(before, slope, rate)
        return after.reshape(self.problem.given[name].shape)

    def _error(self, name: str, recipe: Recipe) -> Array:
        dA_prev: Array = np.matmul(self.arrays["dZ"], self._weights(recipe))
        how = recipe.share
        if name == "dA_prev" and not how:
            return dA_prev
        function = getattr(self.problem, "function", None)
        if function is None or how == "derivative missing":
            return dA_prev
        point = self.arrays["A_prev" if how == "derivative at activation" else "Z_prev"]
        dZ_prev: Array = function.backward(point, dA_prev)
        if how == "derivative twice":
            if function.derivative(point).shape == point.shape:
                return product(dZ_prev, function.derivative(point))
            return np.asarray(function.backward(point, dZ_prev))
        return dZ_prev
