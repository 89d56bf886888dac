"""The report on a person's function in the terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ...core.text import Count, say
from ...grading.marker import Marker
from ...pictures import outline
from ...testing.mutation.mutants import Mutant
from ...testing.report import FunctionReport, Smallest
from ...testing.report_json import title, whole
from ...testing.report_text import sentences
from .display import Display
from .document import rule
from .layout import Block, flow, indented, stacked, text, wrapped
from .verdict import compared

_STYLES = {"right": "right", "wrong": "wrong", "heading": "heading", "text": "", "faint": "faint"}
_PRINTED_LINES = 12


def function_blocks(report: FunctionReport, look: Display) -> Iterator[Block]:
    """Draw a report.

    Parameters
    ----------
    report
        What was found.
    look
        For what screen.
    """
    yield Block([[(f" {report.calling.op} ", "banner"), (f"  {report.function}", "title")], []])
    for said in sentences(report):
        if said.kind in ("right", "wrong"):
            mark = "✓" if said.kind == "right" else "✗"
            yield stacked(
                [Block([[("  ", ""), (f" {mark} {said.text} ", said.kind)]]), Block([[]])]
            )
        elif said.kind == "heading":
            yield stacked([Block([[]]), text(f" {said.text}", "heading")])
        else:
            yield wrapped(said.text, look.width - 1, _STYLES[said.kind], indent="  ")
    if report.smallest is not None:
        yield from _smallest(report.smallest, look)
    if report.printed:
        yield from _printed(report.printed, look)


def mutant_blocks(
    function: str, every: Sequence[Mutant], survived: Sequence[Mutant], look: Display
) -> Iterator[Block]:
    """Draw which mistakes a person's tests catch, and which they let through."""
    yield Block([[(" mutants ", "banner"), (f"  {function}", "title")], []])
    if survived:
        said = say(
            "The tests let {left} of {mistakes:# mistake|# mistakes} through.",
            left=len(survived),
            mistakes=Count(len(every)),
        )
    else:
        said = say(
            "The tests catch {mistakes:the one mistake|all # mistakes}.", mistakes=Count(len(every))
        )
    mark, style = ("✗", "wrong") if survived else ("✓", "right")
    yield stacked([Block([[("  ", ""), (f" {mark} {said} ", style)]]), Block([[]])])
    left = Counter((mutant.result, mutant.code) for mutant in survived)
    every_count = Counter((mutant.result, mutant.code) for mutant in every)
    for (result, code), count in sorted(every_count.items()):
        through = left[result, code]
        mark = "✗" if through else "✓"
        words = say("{caught} of {count} caught", caught=count - through, count=count)
        line = f"  {mark} {result:<8} {title((code,))}: {words}"
        yield wrapped(line, look.width - 1, "wrong" if through else "", indent="      ")


def _smallest(smallest: Smallest, look: Display) -> Iterator[Block]:
    problem = smallest.rung.shown_problem
    yield stacked([Block([[]]), rule(say("The smallest problem that shows it"), look)])
    given = [look.draw(matrix) for matrix in outline.given(problem)]
    yield stacked([text("  " + outline.settings(problem), "faint"), Block([[]])])
    yield stacked([indented(flow(given, look.width - 3, gap=4)), Block([[]])])
    marker = Marker(problem)
    for name, array in smallest.answer.items():
        if name not in marker.names or not np.isfinite(np.asarray(array, np.float64)).all():
            continue
        answer = whole(array)
        if array.size == problem.results[name].size:
            answer = answer.reshape(problem.results[name].shape)
        marked = marker.check({name: answer}).gradients[name]
        if not marked.correct:
            yield stacked([indented(compared(problem, marked, look.width - 3)), Block([[]])])


def _printed(printed: str, look: Display) -> Iterator[Block]:
    yield stacked([Block([[]]), rule(say("What it printed"), look)])
    lines = printed.splitlines()
    for line in lines[:_PRINTED_LINES]:
        yield text(f"  {line[: look.width - 3]}", "faint")
    if len(lines) > _PRINTED_LINES:
        yield text("  …", "faint")
