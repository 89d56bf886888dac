"""A whole problem as people read it: what is given, the steps of each result, the result."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from .. import exact
from ..exact import Array, notation, plain
from ..problem import Problem
from ..shapes import by
from ..trace import Trace
from . import sentences
from .blocks import Block, Line, flow, stacked, text, wrapped
from .formula import added
from .look import Look, planes
from .steps import indented, step_block

FEW = 16
"""Steps up to which all are shown unless told otherwise."""
FIRST, LAST = 3, 2
"""Of a longer trace, so many from either end."""
WHOLE_CELLS = 2_000
"""Cells up to which a result is printed whole."""
CORNER = 8
"""Rows and columns that are shown of a result too large to print."""


class Selection(NamedTuple):
    """Which steps to show: all of them, none, some by number, or as many as make sense."""

    first: int | None = None
    last: int | None = None
    sensible: bool = True

    def ranges(self, count: int) -> list[tuple[int, int]]:
        """The chosen steps as (first, last), counted from 1; between two, some are left out."""
        if not self.sensible:
            if self.first is None:
                return []
            last = count if self.last is None else min(self.last, count)
            return [(self.first, last)] if self.first <= last else []
        return [(1, count)] if count <= FEW else [(1, FIRST), (count - LAST + 1, count)]


ALL = Selection(1, None, sensible=False)
NONE = Selection(None, None, sensible=False)


def document(
    problem: Problem, names: Sequence[str], selection: Selection, look: Look
) -> Iterator[Block]:
    """Draw a problem, piece by piece, so that it can be printed as it is worked out.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to show, such as `dA_prev`.
    selection
        Which steps to show.
    look
        For what screen.
    """
    yield heading(problem, look)
    yield given(problem, look)
    for name in names:
        yield from _section(problem, problem.trace(name), selection, look)
    yield from _remarks(problem, names, look)


def heading(problem: Problem, look: Look) -> Block:
    """The operation, its title and its settings."""
    banner: Line = [(f" {problem.op} ", "banner")]
    blocks = [Block([banner])]
    if problem.title:
        blocks = [flow([*blocks, wrapped(problem.title, look.width - 3, "title")], look.width - 1)]
    settings = ", ".join(
        f"{name} {_setting(value)}" for name, value in problem.settings.items() if value is not None
    )
    blocks.append(indented(wrapped(settings, look.width - 3, "faint")))
    return stacked([*blocks, Block([[]])])


def _setting(value: object) -> str:
    """A setting in as few words as say it: (2, 2) is 2."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        parts = [_setting(part) for part in value]
        return parts[0] if len(set(parts)) == 1 else ",".join(parts)
    return str(value)


def given(problem: Problem, look: Look) -> Block:
    """The matrices as they were given."""
    narrow = Look(look.width - 3, look.colour)
    blocks = []
    for name in problem.given:
        style = "kernel" if name == "W" else ""
        blocks += _printed(problem, name, problem.arrays[name], narrow, style, as_given=True)
    return stacked([indented(flow(blocks, narrow.width, gap=4)), Block([[]])])


def _section(problem: Problem, trace: Trace, selection: Selection, look: Look) -> Iterator[Block]:
    yield _rule(trace.name, look)
    yield stacked(
        [indented(wrapped(sentences.INTRODUCTION[trace.plan.rule], look.width - 3)), Block([[]])]
    )
    if len(trace.shape) == 1:
        yield _sums(problem, trace, look)
    else:
        yield from _steps(problem, trace, selection, look)
    yield result(problem, trace.name, look)


def _steps(problem: Problem, trace: Trace, selection: Selection, look: Look) -> Iterator[Block]:
    ranges = selection.ranges(len(trace))
    for k, (first, last) in enumerate(ranges):
        if k:
            left_out = ranges[k - 1][1] + 1, first - 1
            words = sentences.LEFT_OUT.format(
                count=f"{left_out[1] - left_out[0] + 1:,}", first=left_out[0], last=left_out[1]
            )
            yield stacked([indented(wrapped(words, look.width - 3, "faint")), Block([[]])])
        for step in trace.steps(first, last):
            yield stacked([step_block(problem, trace, step, look), Block([[]])])


def _sums(problem: Problem, trace: Trace, look: Look) -> Block:
    """A vector such as db: one sum for each of its cells."""
    lines = []
    total = problem.results[trace.name].tolist()
    for o in range(min(trace.shape[0], CORNER)):
        terms = list(islice(trace.terms_of((o,)), 10_000))
        words = added([plain(term.value) for term in terms])
        name = f"{trace.name}{exact.index((o,))}"
        if trace.plan.divisor > 1:
            words = f"({words}) / {trace.plan.divisor}"
        lines.append(wrapped(f"{name} = {words} = {plain(total[o])}", look.width - 3))
    return stacked([indented(stacked(lines)), Block([[]])])


def _rule(name: str, look: Look) -> Block:
    line = f"── {name} "
    return Block([[(line + "─" * (look.width - 1 - len(line)), "heading")], []])


def result(problem: Problem, name: str, look: Look, note: str = "") -> Block:
    """The finished result, in green."""
    narrow = Look(look.width - 3, look.colour)
    full = problem.results[name]
    full = full.reshape(problem.trace(name).shape)
    blocks = _printed(problem, name, full, narrow, "done")
    lines = [indented(flow(blocks, narrow.width, gap=4))]
    if full.size > WHOLE_CELLS:
        words = sentences.TOO_LARGE.format(name=name, cells=f"{full.size:,}")
        lines += [Block([[]]), indented(wrapped(words, narrow.width, "faint"))]
    del note
    return stacked([text(f" {sentences.RESULT.format(name=name)}", "heading"), *lines, Block([[]])])


def _printed(
    problem: Problem, name: str, array: Array, look: Look, style: str, as_given: bool = False
) -> list[Block]:
    """All planes of a matrix; of a large one, the corner of the first."""
    if array.size > WHOLE_CELLS:
        corner = array[(..., slice(CORNER), slice(CORNER))] if array.ndim > 1 else array[:CORNER]
        while corner.ndim > 2:
            corner = corner[:1] if corner.shape[0] > 1 else corner[0]
        title = (
            f"{name} {by(problem.given[name].shape if as_given else problem.results[name].shape)}"
        )
        rows = corner.tolist() if corner.ndim == 2 else [corner.tolist()]
        return [look.plane(title, rows, lambda _i, _j: style, ((0,), (0,)), as_given)]
    return [
        look.plane(title, plane, lambda _i, _j: style, given=as_given)
        for title, plane in planes(problem, name, array.tolist())
    ]


def _remarks(problem: Problem, names: Sequence[str], look: Look) -> Iterator[Block]:
    words = [sentences.EXACT if problem.exact else sentences.FLOAT]
    cells = (
        cell for name in names for cell in problem.results[name].ravel()[:WHOLE_CELLS].tolist()
    )
    if problem.exact and notation(cells).rounded:
        words.append(sentences.ROUNDED)
    yield stacked(wrapped(" " + line, look.width - 1, "faint") for line in words)
