"""Mistakes in the step of gradient descent, W := W − α·dW, of any layer that has parameters."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from ..core.descent import descended, updated
from ..core.names import gradient_of
from ..core.numbers import Scaled, alike, divided
from ..core.problem import Problem
from .variants import RuleSet, Simulator, Variant, samples_of

RULES = RuleSet()

UPDATED = ("W", "b")
"""The parameters after the step."""
ERRORS = ("dA_prev", "dZ_prev")
TOO_EARLY = "weights updated first"


@RULES.rule("weights-updated-first")
def weights_updated_first(problem: Any, name: str) -> Iterator[Variant]:
    """dA_prev computed with the weights after the update."""
    if name in ERRORS and problem.settings.get("learning_rate") is not None:
        yield Variant(layer=(TOO_EARLY,))


@RULES.rule("update-sign")
def update_sign(problem: Any, name: str) -> Iterator[Variant]:
    """The gradient added to the parameters, not taken from them."""
    del problem
    if name in UPDATED:
        yield Variant(layer=("sign",))


@RULES.rule("learning-rate-missing")
def learning_rate_missing(problem: Any, name: str) -> Iterator[Variant]:
    """The whole gradient taken from the parameters."""
    del problem
    if name in UPDATED:
        yield Variant(layer=("rate",))


@RULES.rule("not-divided-by-n")
def not_divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """The parameters updated with the sum over the samples."""
    if name in UPDATED and problem.settings.get("batch") == "mean" and samples_of(problem) > 1:
        yield Variant(divide="not by N")


@RULES.rule("divided-by-n")
def divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """The parameters updated with a gradient that is divided once too often."""
    if name in UPDATED and samples_of(problem) > 1:
        yield Variant(divide="by N again")


def descending(simulate: Simulator, problem: Problem, name: str, recipe: Variant) -> Scaled | None:
    """What the step makes of a parameter, where its gradient is computed by the recipe."""
    slope = simulate.simulate(gradient_of(name), recipe._replace(layer=(), divide=""))
    if slope is None or name not in problem.given:
        return None
    values, scale = slope
    samples = samples_of(problem)
    if recipe.divide == "not by N":
        values = values * samples
    elif recipe.divide == "by N again":
        values, scale = (values / samples, scale) if _float(values) else (values, scale * samples)
    if "sign" in recipe.layer:
        values = -values
    rate = 1 if "rate" in recipe.layer else problem.settings["learning_rate"]
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
