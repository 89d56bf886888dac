"""Mistakes in the step of gradient descent, W := W − α·dW, of any layer that has parameters."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from ..core.descent import descended, updated
from ..core.numbers import Scaled, alike, divided
from ..core.problem import Problem
from .variants import Cook, Recipe, Rulebook, samples_of

BOOK = Rulebook()

UPDATED = ("W", "b")
"""The parameters after the step."""
ERRORS = ("dA_prev", "dZ_prev")
TOO_EARLY = "weights updated first"


@BOOK.rule("weights-updated-first")
def weights_updated_first(problem: Any, name: str) -> Iterator[Recipe]:
    """dA_prev computed with the weights after the update."""
    if name in ERRORS and problem.settings.get("learning_rate") is not None:
        yield Recipe(layer=(TOO_EARLY,))


@BOOK.rule("update-sign")
def update_sign(problem: Any, name: str) -> Iterator[Recipe]:
    """The gradient added to the parameters, not taken from them."""
    del problem
    if name in UPDATED:
        yield Recipe(layer=("sign",))


@BOOK.rule("learning-rate-missing")
def learning_rate_missing(problem: Any, name: str) -> Iterator[Recipe]:
    """The whole gradient taken from the parameters."""
    del problem
    if name in UPDATED:
        yield Recipe(layer=("rate",))


@BOOK.rule("not-divided-by-n")
def not_divided_by_n(problem: Any, name: str) -> Iterator[Recipe]:
    """The parameters updated with the sum over the samples."""
    if name in UPDATED and problem.settings.get("batch") == "mean" and samples_of(problem) > 1:
        yield Recipe(divide="not by N")


@BOOK.rule("divided-by-n")
def divided_by_n(problem: Any, name: str) -> Iterator[Recipe]:
    """The parameters updated with a gradient that is divided once too often."""
    if name in UPDATED and samples_of(problem) > 1:
        yield Recipe(divide="by N again")


def descending(cook: Cook, problem: Problem, name: str, recipe: Recipe) -> Scaled | None:
    """What the step makes of a parameter, where its gradient is computed by the recipe."""
    slope = cook.cook(f"d{name}", recipe._replace(layer=(), divide=""))
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
