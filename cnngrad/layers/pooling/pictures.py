"""The steps of pooling as pictures."""

from ...core.explanation import Explanation, written
from ...core.numbers import Number
from ...core.text import Count, say
from ...core.trace import Factor, Index
from ...pictures import sentences
from ...pictures.formula import added
from ...pictures.layer_words import CellNotes
from ...pictures.step_context import StepContext
from ...pictures.step_picture import Matrix, Parts, StepPicture
from . import words
from .layer import AveragePooling, MaxBackward
from .windows import Pooling


def max_forward(scene: StepContext) -> StepPicture:
    """The maximum of a window and where it stands."""
    n, c, i, j = scene.step.source
    (term,) = scene.step.terms
    place = scene.cell("A_prev", term.left.place)
    return StepPicture(
        scene.words(top=scene.write(term.value), place=place),
        [[_window(scene, [term.left.place]), "→", scene.result((n, c), [(i, j)])]],
    )


def max_backward(scene: StepContext) -> StepPicture:
    """The whole error to the maximum."""
    pool = scene.problem
    assert isinstance(pool, Pooling)
    taps = list(pool.taps(scene.step.source))
    top = max(value for _, value in taps)
    tied = sum(value == top for _, value in taps)
    receivers = [term.target for term in scene.step.terms]
    facts = {
        "top": scene.write(top),
        "place": " and ".join(scene.cell("A_prev", place) for place in receivers),
        "count": str(tied),
        "share": scene.write(scene.step.terms[0].value),
    }
    ties = words.TIES[pool.settings["ties"]] if tied > 1 else ""
    return StepPicture(
        scene.words(ties, **facts),
        _routed(scene, receivers),
        scene.overlaps(),
        label=sentences.OVERLAP,
    )


def average_forward(scene: StepContext) -> StepPicture:
    """The sum of a window, divided by its cells."""
    n, c, i, j = scene.step.source
    places = [term.left.place for term in scene.step.terms]
    numbers = added([scene.write(term.left.value, given=True) for term in scene.step.terms])
    value = scene.step.totals[n][c][i][j]
    parts = _parts(scene)
    cell = scene.cell("A", scene.step.source)
    return StepPicture(
        scene.words(parts=parts),
        [[_window(scene, places), "→", scene.result((n, c), [(i, j)])]],
        [f"{cell} = ({numbers}) / {parts} = {scene.write(value)}"],
    )


def average_backward(scene: StepContext) -> StepPicture:
    """The error in equal shares to every cell of the window."""
    receivers = [term.target for term in scene.step.terms]
    share = scene.step.terms[0].value if scene.step.terms else 0
    parts = _parts(scene)
    counted = words.INSIDE_ONLY if parts == str(len(receivers)) else ""
    sentence = scene.words(
        outside=counted, parts=parts, share=scene.write(share), count=Count(len(receivers))
    )
    return StepPicture(
        sentence, _routed(scene, receivers, image=False), scene.overlaps(), label=sentences.OVERLAP
    )


def max_notes(explanation: Explanation) -> CellNotes:
    """Where a maximum stands in several cells, and where a window's error went instead."""
    problem = explanation.problem
    assert isinstance(problem, MaxBackward)
    ties = problem.settings["ties"]
    own = [
        say(words.TIED[ties], error=written(problem, error), count=count)
        for error in dict.fromkeys(term.left for term in explanation.terms)
        if (count := len(problem.winners(error.place))) > 1
    ]
    sent: dict[Factor, list[str]] = {}
    for term in explanation.elsewhere:
        place = Factor("A_prev", term.target, term.value)
        sent.setdefault(term.left, []).append(written(problem, place))
    elsewhere = []
    for error, cells in sent.items():
        count = len(problem.winners(error.place))
        sentence = words.ELSEWHERE_TIED[ties] if count > 1 else words.ELSEWHERE
        facts = {"error": written(problem, error), "cells": " and ".join(cells), "count": count}
        elsewhere.append(say(sentence, **facts))
    alone = not own or ties not in ("all", "split")
    return CellNotes(None if alone else words.NOT_ALONE, tuple(own), tuple(elsewhere))


NOTES = {"max.dA_prev": max_notes}
PICTURES = {
    "max.A": max_forward,
    "max.dA_prev": max_backward,
    "average.A": average_forward,
    "average.dA_prev": average_backward,
}


def _parts(scene: StepContext) -> str:
    """What the window is divided by."""
    pool = scene.problem
    assert isinstance(pool, AveragePooling)
    return str(pool.divisors[scene.step.source[2:]])


def _window(scene: StepContext, peaks: list[Index]) -> Matrix:
    """A_prev with the window lit, and the cells that count most in it."""
    n, c = scene.step.source[:2]
    window = scene.step.window
    assert window is not None  # pooling has no closing step
    cells = [(y, x) for y in window.rows for x in window.columns]
    return scene.given("A_prev", (n, c), cells, peaks=[place[2:] for place in peaks])


def _routed(scene: StepContext, receivers: list[Index], image: bool = True) -> list[Parts]:
    n, c, i, j = scene.step.source
    window = scene.step.window
    assert window is not None  # pooling has no closing step
    lit = [(y, x) for y in window.rows for x in window.columns]
    values = {term.target[2:]: term.value for term in scene.step.terms}
    parts: Parts = [
        scene.result((n, c), lit, peaks=[place[2:] for place in receivers]),
        "+=",
        scene.given("dZ", (n, c), [(i, j)]),
        "→",
    ]
    if image:
        parts += [_window(scene, receivers), "="]
    pool = scene.problem
    assert isinstance(pool, Pooling)
    rows, columns = pool.axes
    cells: dict[tuple[int, ...], Number] = {
        (row, column): values.get((y, x), 0)
        for row, y in rows.taps(i)
        for column, x in columns.taps(j)
    }
    return [[*parts, scene.patch((rows.window, columns.window), cells)]]
