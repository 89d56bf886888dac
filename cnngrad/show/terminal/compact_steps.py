"""Steps in a line or two each, where so many are asked for that pictures would never end."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

from ...core.numbers import Number
from ...core.problem import Problem
from ...core.text import Cells, say, series, translated
from ...core.trace import Trace, cell_name
from ...core.widths import screen_width
from ...pictures import captions, sentences

AXES = (sentences.PLANES, sentences.ROWS, sentences.COLUMNS)
"""Where a window lies along each of its axes."""
CHUNK = 200
"""Steps that are handed on together."""


def compact_steps(
    problem: Problem, trace: Trace, first: int, last: int, width: int
) -> Iterator[list[str]]:
    """The lines of steps `first` to `last`, a few hundred steps at a time."""
    lines = _lines(problem, trace, first, last, width)
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _lines(problem: Problem, trace: Trace, first: int, last: int, width: int) -> Iterator[str]:
    total = len(trace)
    source_matrix, cells = problem.source_matrix(trace)
    rank, target_rank = problem.ranks[source_matrix], problem.ranks[trace.name]
    for number, source, window, values, divisor in trace.additions(first, last):
        if divisor > 1:
            yield say(sentences.CLOSING, divisor=divisor)
            continue
        value: Any = cells
        for i in source:
            value = value[i]
        place = ""
        if window is not None:
            words = map(translated, AXES[-len(window.spans) :])
            place = "   " + series(map(_said, words, window.spans))
        cell = cell_name(source_matrix, source, rank)
        step = say(captions.STEP, number=number, total=total)
        line = f" {step}   {cell} = {_written(value)}{place}"
        if len(values) == 1:  # as in max pooling: where it goes is what matters
            (term,) = trace.plan.terms(source)
            target = cell_name(trace.name, term.target, target_rank)
            adds = f"   {target} += {_written(term.value)}"
        else:
            adds = f"   {say(sentences.ADDS)} " + " ".join([_written(added) for added in values])
        if screen_width(line) + screen_width(adds) <= width:
            yield line + adds
            continue
        yield line
        while len(adds) > width:
            end = adds.rfind(" ", 8, width) if " " in adds[8:width] else width
            yield adds[:end]
            adds = " " * 7 + adds[end:]
        yield adds


@lru_cache(maxsize=4096)  # every line of windows has the same columns
def _said(words: str, cells: tuple[int, ...]) -> str:
    return say(words, cells=Cells(cells))


def _written(number: Number) -> str:
    """A number in few characters: a long fraction as six digits, like a float."""
    if isinstance(number, float) or (type(number) is Fraction and number.denominator > 9999):
        return f"{float(number) + 0:.6g}"  # -0.0 + 0 is 0.0
    return str(number)
