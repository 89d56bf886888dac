"""A verdict in the terminal: right cells and wrong cells, and what most likely happened."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.explanation import explain
from ...core.numbers import Array, index
from ...core.numerals import Numerals
from ...core.problem import Problem
from ...core.text import Count, say, series
from ...core.trace import Index
from ...grading import verdict_texts as texts
from ...grading.marked_result import MarkedResult, Mistake
from ...grading.messages import (
    FULL,
    RULE,
    article,
    cell_messages,
    distinct,
    explanation,
    in_a_word,
    shape_hint,
    summary,
    unexplained,
)
from ...grading.verdict import Verdict
from ...layers.rules import rule_words
from ...pictures import captions
from ...pictures.step_picture import planes
from .display import Display
from .document import heading, rule
from .explanation import explanation_block
from .layout import Block, flow, indented, matrix, stacked, text, wrapped

RIGHT_MARK, WRONG_MARK = "✓", "✗"
PLANES = 4
"""So many channels of one gradient are drawn."""
SIDE = 12
"""Rows and columns up to which a plane is drawn whole; else what lies around its first mistake."""
BEFORE, AFTER = 3, 6
MISTAKES = 3
SLIPS = 6


def verdict_blocks(
    problem: Problem, verdict: Verdict, level: int, look: Display
) -> Iterator[Block]:
    """Draw a verdict, gradient by gradient.

    Parameters
    ----------
    problem
        What was asked.
    verdict
        How it was answered.
    level
        1: where; 2: what rule, without the solution; 3: everything.
    look
        For what screen.
    """
    yield heading(problem, look)
    yield stacked([_score(verdict), Block([[]])])
    for marked in verdict.gradients.values():
        yield from _gradient(problem, marked, level, look)
    if level >= RULE and any(marked.mistakes for marked in verdict.gradients.values()):
        yield wrapped(" " + say(texts.WHICH_ARTICLE), look.width - 1, "faint")
    if verdict.missing:
        said = say(texts.NOT_HANDED_IN, names=series(verdict.missing))
        yield wrapped(" " + said, look.width - 1, "faint")


def network_verdict_blocks(
    problems: Mapping[str, Problem], verdict: Verdict, level: int, look: Display
) -> Iterator[Block]:
    """Draw the verdict on a whole network, result by result; `problems` are its layers'."""
    yield stacked([_score(verdict), Block([[]])])
    for name, marked in verdict.gradients.items():
        layer, _, result = name.rpartition(".")
        problem = problems.get(layer)
        if problem is not None:
            yield from _gradient(problem, replace(marked, name=result), level, look, name)
            continue
        mark = RIGHT_MARK if marked.correct else WRONG_MARK
        yield rule(name, look)
        said = indented(wrapped(f"{mark} {summary(marked)}", look.width - 3))
        yield stacked([said, Block([[]])])
    if verdict.missing:
        said_missing = say(texts.NOT_HANDED_IN, names=series(verdict.missing))
        yield wrapped(" " + said_missing, look.width - 1, "faint")


def _score(verdict: Verdict) -> Block:
    said = in_a_word(verdict.score, verdict.max_score, verdict.correct)
    mark, style = (RIGHT_MARK, "right") if verdict.correct else (WRONG_MARK, "wrong")
    return Block([[(" ", ""), (f" {mark} {said} ", style)]])


def _gradient(
    problem: Problem, marked: MarkedResult, level: int, look: Display, called: str = ""
) -> Iterator[Block]:
    width = look.width - 3
    yield rule(called or marked.name, look)
    mark = RIGHT_MARK if marked.correct else WRONG_MARK
    said = " ".join([mark, summary(marked), *shape_hint(marked, level)])
    yield stacked([indented(wrapped(said, width)), Block([[]])])
    yield stacked([indented(_matrices(problem, marked, level, width)), Block([[]])])
    if not marked.correct and level >= RULE:
        yield from _diagnosis(problem, marked, level, width)
    if not marked.correct and level >= FULL and marked.shape_right:
        yield from _worked_out(problem, marked, look)


# ---- the matrices -----------------------------------------------------------------------------


def compared(problem: Problem, marked: MarkedResult, width: int) -> Block:
    """What was handed in beside what is right, wrong cells lit."""
    return _matrices(problem, marked, FULL, width)


def _matrices(problem: Problem, marked: MarkedResult, level: int, width: int) -> Block:
    if not marked.shape_right:
        return _as_handed_in(problem, marked, level, width)
    shape = full_shape(problem, marked.name)
    given = np.arange(marked.cells).reshape(shape)
    right, truth = marked.right.reshape(shape), marked.truth.reshape(shape)
    drawn, shown = [], 0
    parts = [planes(problem, marked.name, array.tolist()) for array in (given, truth, right)]
    all_planes = list(zip(*parts, strict=True))
    worth = [p for p in all_planes if marked.correct or not all(map(all, p[2][2]))]
    for (title, _, cells), (_, _, truths), (_, _, flags) in worth[:PLANES]:
        shown += 1
        rows, columns = _part(flags)
        name = say(texts.YOURS, name=title)
        yours = _plane(name, cells, marked.given.text, flags, rows, columns, width)
        pair = [yours]
        if level >= FULL and not all(map(all, flags)):
            name = say(texts.EXPECTED, name=title)
            pair.append(
                _plane(name, truths, marked.key or problem.numerals, None, rows, columns, width)
            )
        drawn.append(flow(pair, width, gap=4))
    left_out = len(worth) - shown
    if left_out:
        drawn.append(text(say(captions.CHANNELS, count=Count(left_out)), "faint"))
    return stacked(drawn, gap=1)


def full_shape(problem: Problem, name: str) -> Index:
    """The shape of a result, or of an updated parameter, in full rank."""
    if name in problem.names:
        return problem.trace(name).shape
    return tuple(problem.arrays[name].shape)


def _part(flags: Sequence[Sequence[bool]]) -> tuple[range, range]:
    """The rows and columns that are shown: all, or those around the first wrong cell."""
    wrong = next(
        ((i, j) for i, row in enumerate(flags) for j, ok in enumerate(row) if not ok), None
    )
    i, j = wrong or (0, 0)
    return _around(i, len(flags)), _around(j, len(flags[0]))


def _around(place: int, size: int) -> range:
    if size <= SIDE:
        return range(size)
    return range(max(place - BEFORE, 0), min(place + AFTER, size))


def _plane(
    title: str,
    cells: Sequence[Sequence[Any]],
    write: Callable[[Any], str] | Numerals,
    flags: Sequence[Sequence[bool]] | None,
    rows: range,
    columns: range,
    width: int,
) -> Block:
    """One plane; with flags, every number carries its mark."""
    cut = len(rows) < len(cells) or len(columns) < len(cells[0])
    shown = [[cells[i][j] for j in columns] for i in rows]
    if isinstance(write, Numerals):
        write = write.notation(cell for row in shown for cell in row).write
    written = [[write(cell) for cell in row] for row in shown]
    marks = None
    if flags is not None:
        marks = [[f" {RIGHT_MARK if flags[i][j] else WRONG_MARK}" for j in columns] for i in rows]

    def style(i: int, j: int) -> str:
        if flags is None:
            return "done"
        return "right" if flags[rows[i]][columns[j]] else "wrong"

    return matrix(
        title,
        written,
        style=style,
        width=width,
        brackets=False,
        rows=rows if cut else None,
        columns=columns if cut else None,
        marks=marks,
    )


def _as_handed_in(problem: Problem, marked: MarkedResult, level: int, width: int) -> Block:
    """An answer of the wrong shape as it is, and the expected one beside it."""
    yours, expected = [], []
    if marked.given.values.size:
        sheet = marked.given.values
        given = _lifted(np.arange(sheet.size).reshape(sheet.shape))
        for title, cells in _plain_planes(marked.name, given)[:PLANES]:
            rows, columns = range(min(len(cells), SIDE)), range(min(len(cells[0]), SIDE))
            wrong = [[False] * len(cells[0])] * len(cells)
            name = say(texts.YOURS, name=title)
            yours.append(_plane(name, cells, marked.given.text, wrong, rows, columns, width))
    if level >= FULL:
        full = marked.truth.reshape(full_shape(problem, marked.name)).tolist()
        for title, _, truths in planes(problem, marked.name, full)[:PLANES]:
            rows, columns = range(min(len(truths), SIDE)), range(min(len(truths[0]), SIDE))
            name = say(texts.EXPECTED, name=title)
            expected.append(
                _plane(name, truths, marked.key or problem.numerals, None, rows, columns, width)
            )
    if len(yours) == len(expected) == 1:
        return flow([*yours, *expected], width, gap=4)
    return stacked([flow(blocks, width, gap=4) for blocks in (yours, expected) if blocks], gap=1)


def _lifted(array: Array) -> Array:
    return array.reshape((1,) * (2 - array.ndim) + array.shape)


def _plain_planes(name: str, array: Array) -> list[tuple[str, list[list[object]]]]:
    leading = array.shape[:-2]
    return [
        (name + (index(place) if place else ""), array[place].tolist())
        for place in np.ndindex(*leading)
    ]


# ---- what happened ----------------------------------------------------------------------------


def _diagnosis(problem: Problem, marked: MarkedResult, level: int, width: int) -> Iterator[Block]:
    if marked.mistakes:
        yield text(f" {say(texts.LIKELY)}", "heading")
        mistakes = distinct(marked)
        for mistake in mistakes[:MISTAKES]:
            yield indented(_mistake(problem, marked, mistake, level, width))
        if len(mistakes) > 1:
            said = [say(texts.NOT_TOLD_APART)]
            if (more := len(mistakes) - MISTAKES) > 0:
                said.append(say(texts.MORE_FIT, count=more))
            yield stacked([indented(wrapped(" ".join(said), width, "faint")), Block([[]])])
    elif marked.slips:
        yield text(f" {say(texts.LIKELY_SLIPS)}", "heading")
        yield stacked([indented(_slips(marked, level, width)), Block([[]])])
    elif marked.shape_right:
        yield stacked([indented(wrapped(unexplained(marked), width)), Block([[]])])


def _mistake(
    problem: Problem, marked: MarkedResult, mistake: Mistake, level: int, width: int
) -> Block:
    titles = (f"{say(rule_words(code).title)} ({code})" for code in mistake.codes)
    blocks = [wrapped(f"• {' + '.join(titles)}", width, "title")]
    said = " ".join(explanation(marked, mistake, level))
    blocks.append(wrapped(said, width, indent="  "))
    parts = dict.fromkeys(article(code, problem.op) for code in mistake.codes)
    blocks += [wrapped(say(texts.ARTICLE, article=a), width, "faint", "  ") for a in parts]
    return stacked([*blocks, Block([[]])])


def _slips(marked: MarkedResult, level: int, width: int) -> Block:
    """Every wrong cell with its likeliest slip, and what other slips would give the same."""
    said = cell_messages(marked, level)
    lines = [wrapped(words, width) for words in said[:SLIPS]]
    if (more := len(said) - SLIPS) > 0:
        lines.append(text(say(texts.MORE_SLIPS, count=Count(more)), "faint"))
    return stacked(lines)


def _worked_out(problem: Problem, marked: MarkedResult, look: Display) -> Iterator[Block]:
    """A wrong cell as the sum of its terms: the one that was spoken of, or the first."""
    if marked.name not in problem.names:
        return
    overlap = marked.mistakes[0].overlap if marked.mistakes else None
    cell = marked.wrong_cells[0] if overlap is None else overlap.cell
    yield text(
        f" {say(texts.WORKED_OUT) if overlap is None else say(texts.THIS_WORKED_OUT)}", "heading"
    )
    narrow = Display(look.width - 2, look.colour)
    alike = problem.written_as(marked.key) if marked.key else problem
    found = explain(alike, marked.label(cell))
    yield stacked([Block([[]]), indented(explanation_block(found, narrow))])
