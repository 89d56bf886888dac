"""Mistakes with the derivative of an activation, wherever the error passes through one."""

from collections.abc import Iterator

import numpy as np

from ..core.functions import Function, product
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.text import message
from . import articles
from .rules import RuleSet, RuleWords
from .variants import Variant

RULES = RuleSet()


@RULES.rule(
    "activation-derivative-missing",
    RuleWords(
        message("derivative of the activation left out"),
        message("Your {name} is exactly what comes out when the error is not multiplied by f'(z)."),
        message("The error passes through the activation. What is it multiplied by there?"),
        articles.ACTIVATION,
    ),
)
def activation_derivative_missing(problem: Problem, name: str) -> Iterator[Variant]:
    """The error sent on as it is, without f'(z)."""
    if name == _behind(problem):
        yield Variant(derivative="missing")


@RULES.rule(
    "activation-derivative-twice",
    RuleWords(
        message("derivative of the activation multiplied in twice"),
        message(
            "Your {name} is exactly what comes out when f'(z) is multiplied in once too often."
        ),
        message("How often does the error pass through the activation?"),
        articles.ACTIVATION,
    ),
)
def activation_derivative_twice(problem: Problem, name: str) -> Iterator[Variant]:
    """f'(z) multiplied in twice; or once already in dA_prev."""
    if name == _behind(problem):
        yield Variant(derivative="twice")
    elif name == "dA_prev" and "dZ_prev" in problem.names:
        yield Variant(derivative="already")


@RULES.rule(
    "derivative-at-activation",
    RuleWords(
        message("derivative taken at a instead of z"),
        message(
            "Your {name} is exactly what comes out when the derivative is taken at a = f(z), as"
            " f'(a), not at z."
        ),
        message("At which point is the derivative taken: before the activation, or after it?"),
        articles.ACTIVATION,
    ),
)
def derivative_at_activation(problem: Problem, name: str) -> Iterator[Variant]:
    """f'(a) for f'(z)."""
    if name == _behind(problem):
        yield Variant(derivative="at activation")


def _behind(problem: Problem) -> str:
    """The result that is the error behind the activation."""
    return "dZ_prev" if "dW" in problem.names else "dA_prev"


def passed_back(function: Function, Z: Array, dA: Array, variant: Variant) -> Array:
    """The error at Z that follows from the error at f(Z), under a variant."""
    how = variant.derivative
    if how == "missing":
        return dA
    point = function.forward(Z) if how == "at activation" else Z
    once: Array = function.backward(point, dA)
    if how != "twice":
        return np.asarray(once)
    slopes = function.derivative(Z)
    return product(once, slopes) if slopes.shape == Z.shape else function.backward(Z, once)
