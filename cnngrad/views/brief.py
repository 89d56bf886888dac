"""Steps in a line or two each, where so many are asked for that pictures would never end."""

from collections.abc import Iterator
from itertools import islice

from ..exact import Number
from ..problem import Problem
from ..tracing import Step, Trace, cell_name
from . import sentences

CHUNK = 200
"""Steps that are handed on together."""


def brief_steps(
    problem: Problem, trace: Trace, first: int, last: int, width: int
) -> Iterator[list[str]]:
    """The lines of steps `first` to `last`, a few hundred steps at a time."""
    steps = trace.steps(first, last)
    while chunk := list(islice(_lines(problem, trace, steps, width), CHUNK)):
        yield chunk


def _lines(problem: Problem, trace: Trace, steps: Iterator[Step], width: int) -> Iterator[str]:
    total, name = len(trace), trace.plan.source
    rank = problem.ranks.get(name, problem.ranks[trace.name])
    given = problem.cells.get(name)
    for step in steps:
        if step.divisor > 1:
            yield sentences.CLOSING.format(divisor=step.divisor)
            continue
        cell = cell_name(name if given is not None else trace.name, step.source, rank)
        value: object = step.totals if given is None else given
        for i in step.source:
            value = value[i]  # type: ignore[index]
        place = ""
        if step.window is not None:
            rows, columns = sentences.span(step.window.rows), sentences.span(step.window.columns)
            place = f"   rows {rows}, columns {columns}"
        line = f" Step {step.number} of {total}   {cell} = {_written(value)}{place}"  # type: ignore[arg-type]
        if len(step.terms) == 1:  # as in max pooling: where it goes is what matters
            target = cell_name(trace.name, step.terms[0].target, problem.ranks[trace.name])
            adds = f"   {target} += {_written(step.terms[0].value)}"
        else:
            adds = "   adds " + " ".join([_written(term.value) for term in step.terms])
        if len(line) + len(adds) <= width:
            yield line + adds
            continue
        yield line
        while len(adds) > width:
            end = adds.rfind(" ", 8, width) if " " in adds[8:width] else width
            yield adds[:end]
            adds = " " * 7 + adds[end:]
        yield adds


def _written(number: Number) -> str:
    return f"{number + 0:.6g}" if isinstance(number, float) else str(number)
