"""Mistakes in the step of gradient descent, W := W − α·dW, of any layer that has parameters."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from ..core.descent import descended, updated
from ..core.names import gradient_of
from ..core.numbers import Scaled, alike, divided
from ..core.problem import Problem
from ..core.text import message
from . import articles
from .rules import RuleSet, RuleWords, Simulator, samples_of
from .variants import Descent, Variant

RULES = RuleSet()

UPDATED = ("W", "b")
"""The parameters after the step."""
ERRORS = ("dA_prev", "dZ_prev")
TOO_EARLY: Descent = "weights updated first"


@RULES.rule(
    "weights-updated-first",
    RuleWords(
        message("weights updated too early"),
        message(
            "Your {name} is exactly what comes out when W is updated before the error goes back"
            " through it."
        ),
        message(
            "Which W did the forward pass use: the one before the update, or the one after it?"
        ),
        articles.UPDATE,
        message("With a small learning rate the numbers are nearly right."),
        "W -= lr * dW; dA_prev = dZ @ W  # dA_prev first",
    ),
)
def weights_updated_first(problem: Any, name: str) -> Iterator[Variant]:
    """dA_prev computed with the weights after the update."""
    if name in ERRORS and problem.settings.get("learning_rate") is not None:
        yield Variant(descent=(TOO_EARLY,))


@RULES.rule(
    "update-sign",
    RuleWords(
        message("update in the wrong direction"),
        message(
            "Your {name} is exactly what comes out when the gradient is added to the parameter,"
            " not taken from it."
        ),
        message("Does a step of gradient descent go up or down the slope?"),
        articles.UPDATE,
        message("The loss grows with every step."),
        "W = W + lr * dW  # W - lr * dW is right",
    ),
)
def update_sign(problem: Any, name: str) -> Iterator[Variant]:
    """The gradient added to the parameters, not taken from them."""
    del problem
    if name in UPDATED:
        yield Variant(descent=("sign turned",))


@RULES.rule(
    "learning-rate-missing",
    RuleWords(
        message("learning rate left out"),
        message(
            "Your {name} is exactly what comes out when the gradient is taken off without being"
            " multiplied by the learning rate."
        ),
        message("How large a part of the gradient does one step take?"),
        articles.UPDATE,
        message("The step is far too large."),
        "W = W - dW  # W - lr * dW is right",
    ),
)
def learning_rate_missing(problem: Any, name: str) -> Iterator[Variant]:
    """The whole gradient taken from the parameters."""
    del problem
    if name in UPDATED:
        yield Variant(descent=("rate missing",))


def descending(simulate: Simulator, problem: Problem, name: str, variant: Variant) -> Scaled | None:
    """What the step makes of a parameter, where its gradient is computed by the variant."""
    slope = simulate.simulate(gradient_of(name), variant._replace(descent=(), mean=""))
    if slope is None or name not in problem.given:
        return None
    values, scale = slope
    samples = samples_of(problem)
    if variant.mean == "not by N":
        values = values * samples
    elif variant.mean == "by N again":
        values, scale = (values / samples, scale) if _float(values) else (values, scale * samples)
    if "sign turned" in variant.descent:
        values = -values
    rate = 1 if "rate missing" in variant.descent else problem.settings["learning_rate"]
    before = problem.given[name]
    gradient = divided(values, scale)
    if gradient.shape != before.shape:
        return None
    return alike(descended(before, gradient, rate))[0]


def _float(values: Any) -> bool:
    return bool(values.dtype.kind == "f")


Posed = TypeVar("Posed", bound=Problem)


def after_the_step(problem: Posed) -> Posed:
    """The same problem with the weights as they are after the step."""
    return replace(problem, given={**problem.given, "W": updated(problem)["W"]})
