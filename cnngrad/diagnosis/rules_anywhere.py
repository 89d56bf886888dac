"""Mistakes that people make with every kind of layer."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..core.text import message
from . import articles
from .rules import RuleSet, RuleWords, samples_of
from .variants import Variant

RULES = RuleSet()

PARAMETERS = ("dW", "db")


@RULES.rule(
    "transposed",
    RuleWords(
        message("axes swapped"),
        message("Your {name} is exactly the right one with its axes swapped."),
        message("Are rows and columns (or samples and channels) where they belong?"),
        articles.SHAPES,
    ),
)
def transposed(problem: Any, name: str) -> Iterator[Variant]:
    """Rows and columns swapped, or other axes in a wrong order."""
    yield Variant(after=("transposed",))
    yield Variant(after=("reversed",))
    yield Variant(after=("leading swapped",))
    if problem.ranks[name] == 4:
        yield Variant(after=("channels last",))


@RULES.rule(
    "negated",
    RuleWords(
        message("sign turned"),
        message("Your {name} is exactly the right one with every sign turned."),
        message("Is there a minus sign too many, or too few?"),
        articles.ERROR,
    ),
)
def negated(problem: Any, name: str) -> Iterator[Variant]:
    """Every sign turned."""
    del problem, name
    yield Variant(after=("negated",))


@RULES.rule(
    "batch-summed",
    RuleWords(
        message("samples of the batch added up"),
        message(
            "Your {name} is exactly what comes out when the samples of the batch are added up."
        ),
        message("Does each sample have its own error here, and where is the mean taken?"),
        articles.BATCH,
    ),
)
def batch_summed(problem: Any, name: str) -> Iterator[Variant]:
    """The samples added up: dA_prev must keep them apart, dW and db need their mean."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in PARAMETERS:
        if problem.settings.get("batch") == "mean":
            yield Variant(factor=Fraction(samples))
    else:
        yield Variant(after=("batch summed",))
        yield Variant(after=("batch summed everywhere",))
        yield Variant(after=("batch summed into the first",))


@RULES.rule(
    "batch-first-sample",
    RuleWords(
        message("only the first sample taken"),
        message(
            "Your {name} is exactly what comes out when only the first sample of the batch counts."
        ),
        message("How many samples does the batch have? Does each of them take part?"),
        articles.BATCH,
    ),
)
def batch_first_sample(problem: Any, name: str) -> Iterator[Variant]:
    """Only the first sample of the batch taken."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in PARAMETERS:
        yield Variant(samples="first")
        if problem.settings.get("batch") == "mean":
            yield Variant(samples="first", factor=Fraction(samples))
    else:
        yield Variant(after=("first sample then zeros",))
        yield Variant(after=("first sample",))
        yield Variant(after=("first sample everywhere",))
