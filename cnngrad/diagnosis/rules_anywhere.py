"""Mistakes that people make with every kind of layer."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .variants import RuleSet, Variant, samples_of

RULES = RuleSet()

_PARAMETERS = ("dW", "db")


@RULES.rule("transposed")
def transposed(problem: Any, name: str) -> Iterator[Variant]:
    """Rows and columns swapped, or other axes in a wrong order."""
    for way in ("transposed", "reversed", "leading swapped"):
        yield Variant(after=(way,))
    if problem.ranks[name] == 4:
        yield Variant(after=("channels last",))


@RULES.rule("negated")
def negated(problem: Any, name: str) -> Iterator[Variant]:
    """Every sign turned."""
    del problem, name
    yield Variant(after=("negated",))


@RULES.rule("batch-summed")
def batch_summed(problem: Any, name: str) -> Iterator[Variant]:
    """The samples added up: dA_prev must keep them apart, dW and db need their mean."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in _PARAMETERS:
        if problem.settings.get("batch") == "mean":
            yield Variant(factor=Fraction(samples))
    else:
        yield Variant(after=("batch summed",))
        yield Variant(after=("batch summed everywhere",))
        yield Variant(after=("batch summed into the first",))


@RULES.rule("batch-first-sample")
def batch_first_sample(problem: Any, name: str) -> Iterator[Variant]:
    """Only the first sample of the batch taken."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in _PARAMETERS:
        yield Variant(samples="first")
        if problem.settings.get("batch") == "mean":
            yield Variant(samples="first", factor=Fraction(samples))
    else:
        yield Variant(after=("first sample then zeros",))
        yield Variant(after=("first sample",))
        yield Variant(after=("first sample everywhere",))


DIVISION = RuleSet()
"""The division by N, for layers with parameters."""


@DIVISION.rule("not-divided-by-n")
def not_divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """dW and db left as sums over the samples."""
    samples = samples_of(problem)
    if name in _PARAMETERS and samples > 1 and problem.settings.get("batch") == "mean":
        yield Variant(factor=Fraction(samples))


@DIVISION.rule("divided-by-n")
def divided_by_n(problem: Any, name: str) -> Iterator[Variant]:
    """dA_prev divided, dW and db divided under `sum`, or divided a second time."""
    samples = samples_of(problem)
    if samples > 1 and name.startswith("d"):
        yield Variant(factor=Fraction(1, samples))
