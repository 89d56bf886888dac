"""Mistakes that people make with every kind of layer."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..core.text import message
from . import articles
from .rules import SCALED, RuleSet, RuleWords, samples_of
from .rules_descent import UPDATED
from .variants import Variant

RULES = RuleSet()

ERROR_IGNORED = RuleWords(
    message("error left out"),
    message(
        "Your {name} is exactly what comes out when dZ is never multiplied in, as if every cell of"
        " it were 1."
    ),
    message("What is the local derivative multiplied by on its way back?"),
    articles.ERROR,
    message("The answer does not change when dZ does."),
    "dW[a, b] = window.sum()  # (window * dZ).sum() is right",
)

PARAMETERS = ("dW", "db")


@RULES.rule(
    "transposed",
    RuleWords(
        message("axes swapped"),
        message("Your {name} is exactly the right one with its axes swapped."),
        message("Are rows and columns (or samples and channels) where they belong?"),
        articles.SHAPES,
        message("The numbers are right and stand in the wrong places."),
        "dW = dW.T  # without the transpose",
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
        message("All signs are turned, no number is wrong otherwise."),
        "dZ = Y - A  # A - Y is right",
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
        message("All samples have the same gradient, or dW is N times too large."),
        "dA_prev = dA_prev.sum(axis=0)  # each sample keeps its own",
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
        message("The gradient does not change when the other samples do."),
        "dW = dZ[0].T @ A_prev[0]  # over all samples",
    ),
)
def batch_first_sample(problem: Any, name: str) -> Iterator[Variant]:
    """Only the first sample of the batch taken."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in PARAMETERS:
        yield Variant(error="first sample")
        if problem.settings.get("batch") == "mean":
            yield Variant(error="first sample", factor=Fraction(samples))
    else:
        yield Variant(after=("first sample then zeros",))
        yield Variant(after=("first sample",))
        yield Variant(after=("first sample everywhere",))


@RULES.rule(
    "batch-last-sample",
    RuleWords(
        message("only the last sample taken"),
        message(
            "Your {name} is exactly what comes out when only the last sample of the batch counts."
        ),
        message("How many samples does the batch have? Is anything left of the first of them?"),
        articles.BATCH,
        message("It is what is left where each sample overwrites the one before it."),
        "dW = dW_of(sample)  # dW += dW_of(sample) is right",
    ),
    cells=2,
)
def batch_last_sample(problem: Any, name: str) -> Iterator[Variant]:
    """Only the last sample of the batch taken, or left over."""
    samples = samples_of(problem)
    if samples == 1:
        return
    if name in PARAMETERS:
        yield Variant(error="last sample")
        if problem.settings.get("batch") == "mean":
            yield Variant(error="last sample", factor=Fraction(samples))
    else:
        yield Variant(after=("last sample then zeros",))
        yield Variant(after=("last sample",))
        yield Variant(after=("last sample everywhere",))


@RULES.rule(
    SCALED,
    RuleWords(
        message("multiplied by a constant"),
        message("Your {name} is exactly the right one multiplied by one number everywhere."),
        message("Compare a few cells with the right ones: is it always the same number of times?"),
        articles.BATCH,
        message("Divide your cells by the right ones: the quotient is everywhere the same."),
        "dW = dW * 2  # the 2 of a square's derivative belongs into dZ, or nowhere",
    ),
)
def scaled(problem: Any, name: str) -> Iterator[Variant]:
    """Any constant factor; the answer itself tells which, so there are no variants."""
    del problem, name
    yield from ()


@RULES.rule("error-ignored", ERROR_IGNORED, cells=2)
def error_ignored(problem: Any, name: str) -> Iterator[Variant]:
    """The local derivative handed in, with 1 in the place of every cell of dZ."""
    if "dZ" in problem.given and name not in UPDATED:
        yield Variant(error="ones")
