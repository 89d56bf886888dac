"""What a student gets to read: a Markdown file with the score, the cells and the reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...core.problem import Problem
from ...core.text import message, say, series
from ...grading import verdict_texts as texts
from ...grading.classroom.marking import Points, Posed
from ...grading.marked_result import MarkedResult
from ...grading.messages import (
    FULL,
    RULE,
    cell_messages,
    in_a_word,
    mistake_message,
    summary,
    unexplained,
)
from ...grading.verdict import Verdict
from ...pictures.step_picture import planes
from ..terminal.practice import working
from ..terminal.verdict import RIGHT_MARK, WRONG_MARK, full_shape
from .markdown import escaped
from .worksheet import table

TITLE = message("Feedback for {name}")
MISSING = message("Not handed in, and counted as wrong: {names}.")
POINTS = message("Your score: {score:g} of {max_score:g} points.")
PART = message("{score:g} of {max_score:g} points.")
WORKING = message("Worked out: `{working}`")
NO_ANSWER = message("Your answer could not be marked:")
NOTES = message("Of the files that were handed in:")
MOST_CELLS = 400
"""A gradient with more cells is not shown cell by cell."""


def feedback(problem: Posed, verdict: Verdict, points: Points, level: int, name: str) -> str:
    """Write one student's feedback.

    Parameters
    ----------
    problem, verdict
        What was asked and how it was answered.
    points
        What it scores.
    level
        1: where; 2: what rule, without the solution; 3: everything.
    name
        The student's name.
    """
    parts = [f"# {escaped(say(TITLE, name=name))}"]
    if isinstance(problem, Problem) and problem.title:
        parts.append(escaped(problem.title))
    if points.weighted:
        parts.append(say(POINTS, score=points.score, max_score=points.max_score))
    else:
        correct = verdict.correct and not points.missing
        parts.append(in_a_word(int(points.score), int(points.max_score), correct))
    if points.missing:
        parts.append(say(MISSING, names=series(points.missing)))
    for marked in verdict.gradients.values():
        parts.append(f"## {marked.name}")
        if points.weighted:
            reached, most = points.parts[marked.name]
            parts.append(say(PART, score=reached, max_score=most))
        layer, _, result = marked.name.rpartition(".")
        one = problem if isinstance(problem, Problem) else problem.get(layer)
        if one is None:
            parts.append(summary(marked))
        else:
            parts += _said(one, replace(marked, name=result), level)
    return "\n\n".join(parts) + "\n"


def _said(problem: Problem, marked: MarkedResult, level: int) -> Iterator[str]:
    if marked.correct or level < RULE:
        yield summary(marked)
    elif marked.mistakes:
        yield mistake_message(marked, marked.mistakes[0], level)
    else:
        yield summary(marked)
        if marked.slips:
            yield "\n".join(f"- {said}" for said in cell_messages(marked, level))
        elif marked.shape_right:
            yield unexplained(marked)
    yield from _tables(problem, marked, level)
    if level >= FULL and marked.shape_right and not marked.correct and marked.name in problem.names:
        cell = marked.mistakes[0].overlap if marked.mistakes else None
        place = marked.wrong_cells[0] if cell is None else cell.cell
        yield say(WORKING, working=working(problem, marked.name, place))


def _tables(problem: Problem, marked: MarkedResult, level: int) -> Iterator[str]:
    """Every plane with a mark at each number, and at the last level how it should be."""
    if not marked.shape_right or marked.cells > MOST_CELLS:
        return
    shape = full_shape(problem, marked.name)
    arrays = (np.arange(marked.cells), marked.truth, marked.right)
    given, truths, flags = (planes(problem, marked.name, a.reshape(shape).tolist()) for a in arrays)
    for (title, _, yours), (_, _, truth), (_, _, right) in zip(given, truths, flags, strict=True):
        mine = marked.given.text
        cells = [
            [f"{mine(k)} {RIGHT_MARK if ok else WRONG_MARK}" for k, ok in zip(*rows, strict=True)]
            for rows in zip(yours, right, strict=True)
        ]
        yield _table(say(texts.YOURS, name=title), cells)
        if level >= FULL and not all(map(all, right)):
            numerals = marked.key or problem.numerals
            write = numerals.notation(cell for row in truth for cell in row).write
            expected = [[write(cell) for cell in row] for row in truth]
            yield _table(say(texts.EXPECTED, name=title), expected)


def _table(title: str, cells: list[list[str]]) -> str:
    return table(title, cells, range(len(cells)), range(len(cells[0])))


def no_answer(name: str, error: str) -> str:
    """What a student gets to read whose answer could not be marked."""
    title = escaped(say(TITLE, name=name))
    fenced = error.replace("```", "'''")
    return f"# {title}\n\n{say(NO_ANSWER)}\n\n```text\n{fenced}\n```\n"


def with_notes(words: str, notes: Sequence[str]) -> str:
    """The same with what was left out of the answer, or which of its files counts."""
    if not notes:
        return words
    listed = "\n".join(f"- {escaped(note)}" for note in notes)
    return f"{words}\n{say(NOTES)}\n\n{listed}\n"
