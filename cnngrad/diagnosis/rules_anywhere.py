"""Mistakes that people make with every kind of layer."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .variants import Recipe, Rulebook, samples_of

BOOK = Rulebook()

_PARAMETERS = ("dW", "db")


@BOOK.rule("transposed")
def transposed(problem: Any, name: str) -> Iterator[Recipe]:
    """Rows and columns swapped, or other axes in a wrong order."""
    for way in ("transposed", "reversed", "leading swapped"):
        yield Recipe(after=(way,))
    if problem.ranks[name] == 4:
        yield Recipe(after=("channels last",))


@BOOK.rule("negated")
def negated(problem: Any, name: str) -> Iterator[Recipe]:
    """Every sign turned."""
    del problem, name
    yield Recipe(after=("negated",))


@BOOK.rule("batch-summed")
def batch_summed(problem: Any, name: str) -> Iterator[Recipe]:
    """The samples added up: dA_prev must keep them apart, dW and db need their mean."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in _PARAMETERS:
        if problem.settings.get("batch") == "mean":
            yield Recipe(factor=Fraction(samples))
    else:
        yield Recipe(after=("batch summed",))
        yield Recipe(after=("batch summed everywhere",))
        yield Recipe(after=("batch summed into the first",))


@BOOK.rule("batch-first-sample")
def batch_first_sample(problem: Any, name: str) -> Iterator[Recipe]:
    """Only the first sample of the batch taken."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in _PARAMETERS:
        yield Recipe(samples="first")
        if problem.settings.get("batch") == "mean":
            yield Recipe(samples="first", factor=Fraction(samples))
    else:
        yield Recipe(after=("first sample then zeros",))
        yield Recipe(after=("first sample",))
        yield Recipe(after=("first sample everywhere",))


DIVISION = Rulebook()
"""The division by N, for layers with parameters."""


@DIVISION.rule("not-divided-by-n")
def not_divided_by_n(problem: Any, name: str) -> Iterator[Recipe]:
    """dW and db left as sums over the samples."""
    samples = samples_of(problem)
    if name in _PARAMETERS and samples > 1 and problem.settings.get("batch") == "mean":
        yield Recipe(factor=Fraction(samples))


@DIVISION.rule("divided-by-n")
def divided_by_n(problem: Any, name: str) -> Iterator[Recipe]:
    """dA_prev divided, dW and db divided under `sum`, or divided a second time."""
    samples = samples_of(problem)
    if samples > 1 and name.startswith("d"):
        yield Recipe(factor=Fraction(1, samples))
