"""Mistakes in a fully connected layer and its activation."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ...core.functions import product
from ...core.numbers import Array, Scaled, alike
from ...diagnosis.rules_descent import TOO_EARLY, UPDATED, after_the_step, descending
from ...diagnosis.variants import RuleSet, Variant
from .layer import Dense, DenseBackward

RULES = RuleSet()


@RULES.rule("weights-not-transposed")
def weights_not_transposed(problem: Dense, name: str) -> Iterator[Variant]:
    """dZ·Wᵀ for dZ·W, or A_prev·W for A_prev·Wᵀ."""
    units, inputs = problem.arrays["W"].shape
    if units == inputs and name in ("dA_prev", "dZ_prev", "Z"):
        yield Variant(kernel=("transposed",))


@RULES.rule("activation-derivative-missing")
def activation_derivative_missing(problem: Dense, name: str) -> Iterator[Variant]:
    """The error sent on as it is, without f'(z)."""
    del problem
    if name == "dZ_prev":
        yield Variant(share="derivative missing")


@RULES.rule("activation-derivative-twice")
def activation_derivative_twice(problem: Dense, name: str) -> Iterator[Variant]:
    """f'(z) multiplied in twice; or once already in dA_prev."""
    if name == "dZ_prev":
        yield Variant(share="derivative twice")
    elif name == "dA_prev" and "dZ_prev" in problem.names:
        yield Variant(share="derivative already")


@RULES.rule("derivative-at-activation")
def derivative_at_activation(problem: Dense, name: str) -> Iterator[Variant]:
    """f'(a) for f'(z)."""
    del problem
    if name == "dZ_prev":
        yield Variant(share="derivative at activation")


@RULES.rule("bias-missing")
def bias_missing(problem: Dense, name: str) -> Iterator[Variant]:
    """The bias not added."""
    if name == "Z" and "b" in problem.given:
        yield Variant(amount="no bias")


class DenseSimulator:
    """Computes all results of a fully connected layer by any recipe."""

    def __init__(self, problem: Dense) -> None:
        self.problem = problem
        floats = any(a.dtype.kind == "f" for a in problem.arrays.values())
        kind = np.dtype(np.float64 if floats else object)
        self.arrays = {name: a.astype(kind) for name, a in problem.arrays.items()}

    def simulate(self, name: str, recipe: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if name in UPDATED:
            return descending(self, self.problem, name, recipe)
        if TOO_EARLY in recipe.layer:
            return DenseSimulator(after_the_step(self.problem)).simulate(
                name, recipe._replace(layer=())
            )
        if name == "Z":
            values = np.matmul(self.arrays["A_prev"], self._weights(recipe).T)
            if "b" in self.arrays and recipe.amount != "no bias":
                values = values + self.arrays["b"]
        elif name in ("dW", "db"):
            values = self._parameter(name, recipe)
        else:
            values = self._error(name, recipe)
        return alike(self.problem.shown(name, values))[0]

    def _weights(self, recipe: Variant) -> Array:
        W = self.arrays["W"]
        return W.T if recipe.kernel else W

    def _parameter(self, name: str, recipe: Variant) -> Array:
        assert isinstance(self.problem, DenseBackward)
        errors, images = self.arrays["dZ"], self.arrays["A_prev"]
        if recipe.samples == "first":
            errors, images = errors[:1], images[:1]
        values = errors.sum(0) if name == "db" else np.matmul(errors.T, images)
        divisor = self.problem.divisor
        quotient: Array = values * (Fraction(1, divisor) if values.dtype == object else 1 / divisor)
        return quotient

    def _error(self, name: str, recipe: Variant) -> Array:
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
