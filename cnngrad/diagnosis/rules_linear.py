"""Mistakes in layers with weights: the bias, and the mean over the samples."""

from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import Any

from ..core.batch import MEAN
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
        message("Every cell of a channel is off by the same number, its bias."),
        "Z[i, j] = (window * W).sum()  # + b is missing",
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
        message("dW and db are N times too large, dA_prev is right."),
        "dW = dZ.T @ A_prev  # / N is missing",
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
        message("The gradient is N times too small."),
        "dA_prev = dA_prev / N  # dA_prev is never divided",
    ),
)
def divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """dA_prev divided, dW and db divided under `sum`, or divided a second time."""
    samples = samples_of(problem)
    if samples > 1 and name in UPDATED:
        yield Variant(mean="by N again")
    elif samples > 1 and name not in FORWARD:
        yield Variant(factor=Fraction(1, samples))


@RULES.rule(
    "divided-by-positions",
    RuleWords(
        message("divided by the number of positions"),
        message(
            "Your {name} is exactly what comes out when it is divided by the number of cells in a"
            " plane of dZ."
        ),
        message("A parameter is used at every position. Are its gradients added up, or averaged?"),
        articles.CONV_WEIGHTS,
        message("Every cell is smaller by the same factor: height times width of dZ."),
        "db = dZ.mean(axis=(0, 2, 3))  # dZ.sum(axis=(2, 3)).mean(axis=0) is right",
    ),
    cells=2,
)
def divided_by_positions(problem: Any, name: str) -> Iterator[Variant]:
    """The mean over the positions of a plane, with the mean over the samples or in its place."""
    dZ = problem.arrays.get("dZ")
    if name not in PARAMETERS or dZ is None or dZ.ndim < 4:
        return
    positions, samples = prod(dZ.shape[2:]), samples_of(problem)
    if positions > 1:
        yield Variant(factor=Fraction(1, positions))
        if samples > 1 and positions != samples and problem.settings.get("batch") == MEAN:
            yield Variant(factor=Fraction(samples, positions))


@RULES.rule(
    "bias-per-cell",
    RuleWords(
        message("one bias for each cell"),
        message("Your {name} is exactly dZ, with one number for each cell of the output."),
        message("How many biases does a channel have? Who shares them?"),
        articles.CONV_WEIGHTS,
        message("db has the shape of dZ, not one number for each channel."),
        "db = dZ  # dZ.sum(axis=(0, 2, 3)) / N is right",
    ),
)
def bias_per_cell(problem: Any, name: str) -> Iterator[Variant]:
    """dZ handed in for db."""
    dZ = problem.arrays.get("dZ")
    if name == "db" and dZ is not None:
        yield Variant(bias="one a cell")
        if dZ.ndim > 2 and samples_of(problem) > 1:
            yield Variant(bias="one a place")


@RULES.rule(
    "bias-in-sum",
    RuleWords(
        message("bias added inside the sum"),
        message(
            "Your {name} is exactly what comes out when the bias b is added once for every term"
            " of the sum, not once for every cell."
        ),
        message("How often is the bias added to one cell of Z?"),
        articles.CONV_FORWARD,
        message("Every cell of a channel is too large by the same multiple of its bias."),
        "z = (window * W + b).sum()  # (window * W).sum() + b is right",
    ),
    cells=2,
)
def bias_in_sum(problem: Any, name: str) -> Iterator[Variant]:
    """The bias added as often as there are terms."""
    if name == "Z" and "b" in problem.given:
        yield Variant(bias="in the sum")
