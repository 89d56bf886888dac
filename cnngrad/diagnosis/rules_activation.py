"""Mistakes with the derivative of an activation, wherever the error passes through one."""

from collections.abc import Callable, Iterator

import numpy as np

from ..core.functions import Function, Sigmoid, Softmax, Tanh, product
from ..core.numbers import Array, rounded
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
        message("The error behind the activation is the error before it."),
        "dZ = dA  # dA * f_prime(Z) is right",
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
        message("Cells with a small slope nearly vanish."),
        "dZ = dA * f_prime(Z) * f_prime(Z)  # once is right",
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
        message("With a sigmoid all slopes are alike, between 0.19 and 0.25."),
        "dZ = dA * f_prime(A)  # f_prime(Z) is right",
    ),
)
def derivative_at_activation(problem: Problem, name: str) -> Iterator[Variant]:
    """f'(a) for f'(z)."""
    if name == _behind(problem):
        yield Variant(derivative="at activation")


@RULES.rule(
    "softmax-diagonal-only",
    RuleWords(
        message("only the diagonal of the softmax's derivative used"),
        message("Your {name} is exactly what comes out when only s·(1 − s) of softmax is used."),
        message("Does an output of the softmax depend on one of its inputs, or on all of them?"),
        articles.ACTIVATION,
        message("The rows of the gradient of a softmax add up to 0; these do not."),
        "dZ = dA * s * (1 - s)  # s * (dA - (dA * s).sum(-1, keepdims=True)) is right",
    ),
)
def softmax_diagonal_only(problem: Problem, name: str) -> Iterator[Variant]:
    """s·(1 − s), as if the softmax acted cell by cell."""
    if name == _behind(problem) and _called(problem) == Softmax.name:
        yield Variant(derivative="diagonal")


@RULES.rule(
    "output-formula-at-input",
    RuleWords(
        message("formula of the output used at the input"),
        message(
            "Your {name} is exactly what comes out when the derivative's formula for a is worked"
            " out with z: z·(1 − z) of a sigmoid, 1 − z² of a tanh."
        ),
        message("σ' = σ·(1 − σ): what stands in the place of σ, the input or the output?"),
        articles.ACTIVATION,
        message("The derivative of a sigmoid lies between 0 and ¼; here it can be negative."),
        "dZ = dA * z * (1 - z)  # a = sigmoid(z); dA * a * (1 - a) is right",
    ),
)
def output_formula_at_input(problem: Problem, name: str) -> Iterator[Variant]:
    """z·(1 − z) for a·(1 − a), 1 − z² for 1 − a²."""
    if name == _behind(problem) and _called(problem) in _FORMULAS:
        yield Variant(derivative="output formula")


@RULES.rule(
    "activation-for-derivative",
    RuleWords(
        message("activation used in the place of its derivative"),
        message("Your {name} is exactly what comes out when the error is multiplied by f(z)."),
        message("By what does the error change on its way through f: by f(z), or by its slope?"),
        articles.ACTIVATION,
        message("With a ReLU the cells are as large as z where they should be 0 or the error."),
        "dZ = dA * relu(z)  # dA * (z > 0) is right",
    ),
)
def activation_for_derivative(problem: Problem, name: str) -> Iterator[Variant]:
    """f(z) multiplied in, not f'(z)."""
    if name == _behind(problem):
        yield Variant(derivative="activation")


def _behind(problem: Problem) -> str:
    """The result that is the error behind the activation."""
    return "dZ_prev" if "dW" in problem.names else "dA_prev"


def _called(problem: Problem) -> str:
    """The name of the activation; empty where there is none."""
    function = getattr(problem, "function", None)
    return "" if function is None else str(function.name)


_FORMULAS: dict[str, Callable[[Array], Array]] = {
    Sigmoid.name: lambda x: x * (1 - x),
    Tanh.name: lambda x: 1 - x**2,
}
"""The derivative as a formula of the output."""


def passed_back(
    function: Function, Z: Array, dA: Array, variant: Variant, A: Array | None = None
) -> Array:
    """The error at Z that follows from the error at A = f(Z), under a variant."""
    how = variant.derivative
    if how == "missing":
        return dA
    if how == "activation":
        return product(dA, function.forward(Z))
    if how == "diagonal":
        A = function.forward(Z)
        return product(dA, A * (1 - A))
    if how == "output formula":
        return product(dA, _FORMULAS[function.name](rounded(Z)))
    point = Z
    if how == "at activation":
        point = function.forward(Z) if A is None else A
    once: Array = function.backward(point, dA)
    if how != "twice":
        return np.asarray(once)
    slopes = function.derivative(Z)
    return product(once, slopes) if slopes.shape == Z.shape else function.backward(Z, once)
