"""Mistakes in an activation on its own, as it stands in a network."""

from collections.abc import Iterator

import numpy as np

from ...core.functions import product
from ...core.numbers import Array, Scaled, alike
from ...core.problem import Problem
from ...diagnosis.variants import Recipe, Rulebook
from .layer import Activation

BOOK = Rulebook()


@BOOK.rule("activation-derivative-missing")
def activation_derivative_missing(problem: Activation, name: str) -> Iterator[Recipe]:
    """The error sent on as it is, without f'(z)."""
    del problem
    if name == "dA_prev":
        yield Recipe(share="derivative missing")


@BOOK.rule("activation-derivative-twice")
def activation_derivative_twice(problem: Activation, name: str) -> Iterator[Recipe]:
    """f'(z) multiplied in twice."""
    del problem
    if name == "dA_prev":
        yield Recipe(share="derivative twice")


@BOOK.rule("derivative-at-activation")
def derivative_at_activation(problem: Activation, name: str) -> Iterator[Recipe]:
    """f'(a) for f'(z)."""
    del problem
    if name == "dA_prev":
        yield Recipe(share="derivative at activation")


class ActivationCook:
    """Computes the error before an activation by any recipe; knows nothing of other layers."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def cook(self, name: str, recipe: Recipe) -> Scaled | None:
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
