"""Mistakes in an activation on its own, as it stands in a network."""

from collections.abc import Iterator

import numpy as np

from ...core.functions import product
from ...core.numbers import Array, Scaled, alike
from ...core.problem import Problem
from ...diagnosis.variants import RuleSet, Variant
from .layer import Activation

RULES = RuleSet()


@RULES.rule("activation-derivative-missing")
def activation_derivative_missing(problem: Activation, name: str) -> Iterator[Variant]:
    """The error sent on as it is, without f'(z)."""
    del problem
    if name == "dA_prev":
        yield Variant(share="derivative missing")


@RULES.rule("activation-derivative-twice")
def activation_derivative_twice(problem: Activation, name: str) -> Iterator[Variant]:
    """f'(z) multiplied in twice."""
    del problem
    if name == "dA_prev":
        yield Variant(share="derivative twice")


@RULES.rule("derivative-at-activation")
def derivative_at_activation(problem: Activation, name: str) -> Iterator[Variant]:
    """f'(a) for f'(z)."""
    del problem
    if name == "dA_prev":
        yield Variant(share="derivative at activation")


class ActivationSimulator:
    """Computes the error before an activation by any recipe; knows nothing of other layers."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def simulate(self, name: str, recipe: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if not isinstance(self.problem, Activation) or name != "dA_prev":
            return None
        dA_prev = self._error(self.problem, recipe.share)
        return alike(self.problem.shown(name, dA_prev))[0]

    @staticmethod
    def _error(problem: Activation, how: str) -> Array:
        Z, dA, function = problem.arrays["A_prev"], problem.arrays["dZ"], problem.function
        if how == "derivative missing":
            return dA
        if how == "derivative at activation":
            return np.asarray(function.backward(function.forward(Z), dA))
        once: Array = function.backward(Z, dA)
        slopes = function.derivative(Z)
        if how != "derivative twice":
            return once
        if slopes.shape == Z.shape:
            return product(once, slopes)
        return np.asarray(function.backward(Z, once))
