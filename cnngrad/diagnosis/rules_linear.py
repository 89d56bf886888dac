"""Mistakes in layers with weights: the bias, and the mean over the samples."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..core.text import message
from . import articles
from .rules import RuleSet, RuleWords, samples_of
from .rules_descent import UPDATED
from .rules_sliding import FORWARD
from .variants import Variant

RULES = RuleSet()

PARAMETERS = ("dW", "db")


@RULES.rule(
    "bias-missing",
    RuleWords(
        message("bias left out"),
        message("Your {name} is exactly what comes out when the bias b is not added."),
        message("What is added to the sum of a window before it becomes a cell of Z?"),
        articles.CONV_FORWARD,
    ),
)
def bias_missing(problem: Any, name: str) -> Iterator[Variant]:
    """The bias not added."""
    if name == "Z" and "b" in problem.given:
        yield Variant(bias="missing")


@RULES.rule(
    "not-divided-by-n",
    RuleWords(
        message("not divided by N"),
        message(
            "Your {name} is exactly what comes out when it is not divided by the number of"
            " samples N."
        ),
        message("Is this gradient the sum over the samples of the batch, or their mean?"),
        articles.BATCH,
    ),
)
def not_divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """dW and db left as sums over the samples."""
    samples = samples_of(problem)
    if samples == 1 or problem.settings.get("batch") != "mean":
        return
    if name in PARAMETERS:
        yield Variant(factor=Fraction(samples))
    elif name in UPDATED:
        yield Variant(mean="not by N")


@RULES.rule(
    "divided-by-n",
    RuleWords(
        message("divided by N where it must not be"),
        message(
            "Your {name} is exactly what comes out when it is divided by the number of samples N"
            " once too often."
        ),
        message("Which gradients are a mean over the batch, and which belong to a single sample?"),
        articles.BATCH,
    ),
)
def divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """dA_prev divided, dW and db divided under `sum`, or divided a second time."""
    samples = samples_of(problem)
    if samples > 1 and name in UPDATED:
        yield Variant(mean="by N again")
    elif samples > 1 and name not in FORWARD:
        yield Variant(factor=Fraction(1, samples))
