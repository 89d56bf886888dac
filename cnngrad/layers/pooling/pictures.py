"""The steps of pooling as pictures."""

from itertools import product

from ...core.explanation import Explanation, written
from ...core.numbers import Number
from ...core.relation import OUTPUT, WEIGHT
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

PLANES = 4
"""Of a step that touches more planes of the input, so many are drawn."""


def max_forward(scene: StepContext) -> StepPicture:
    """The maximum of a window and where it stands."""
    (term,) = scene.step.terms
    place = scene.cell("A_prev", term.left.place)
    return StepPicture(
        scene.words(top=scene.write(term.value), place=place),
        _gathered(scene, [term.left.place]),
        left_out=_left_out(scene),
    )


def max_backward(scene: StepContext) -> StepPicture:
    """The whole error to the maximum."""
    pool = _pooling(scene)
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
        _left_out(scene),
        say(sentences.OVERLAP),
    )


def average_forward(scene: StepContext) -> StepPicture:
    """The sum of a window, divided by its cells."""
    terms = scene.step.terms
    numbers = added([scene.write(term.left.value, given=True) for term in terms])
    value = sum(term.value for term in terms)
    parts = _parts(scene)
    cell = scene.cell("A", scene.step.source)
    return StepPicture(
        scene.words(parts=parts),
        _gathered(scene, [term.left.place for term in terms]),
        [f"{cell} = ({numbers}) / {parts} = {scene.write(value)}"],
        _left_out(scene),
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
        sentence,
        _routed(scene, receivers, image=False),
        scene.overlaps(),
        _left_out(scene),
        say(sentences.OVERLAP),
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


def average_notes(explanation: Explanation) -> CellNotes:
    """What a window that leaves the input is divided by, and by which setting."""
    problem = explanation.problem
    assert isinstance(problem, AveragePooling)
    windows: dict[str, Index] = {}
    for term in explanation.terms:
        if term.left.name == "dZ":
            windows[written(problem, term.left)] = term.left.place
    if explanation.trace.name == "A":
        windows[explanation.label] = explanation.cell
    own = []
    for label, window in windows.items():
        divisor = int(problem.divisors[window[2:]])
        present = len(problem.places(window))
        if problem.settings.get("divisor_override") or present == problem.area:
            continue
        facts = {"window": label, "divisor": divisor, "present": Count(present)}
        if divisor == present:
            sentence = words.PRESENT_ONLY
        elif problem.overhang_counts and problem.settings["ceil_mode"]:
            sentence = words.ALL_COUNTS
        else:
            sentence = words.PADDING_COUNTS
        own.append(say(sentence, **facts))
    return CellNotes(None, tuple(own), ())


NOTES = {
    "max.dA_prev": max_notes,
    "average.dA_prev": average_notes,
    "average.A": average_notes,
}
PICTURES = {
    "max.A": max_forward,
    "max.dA_prev": max_backward,
    "average.A": average_forward,
    "average.dA_prev": average_backward,
}


def _pooling(scene: StepContext) -> Pooling:
    pool = scene.problem
    assert isinstance(pool, Pooling)
    return pool


def _parts(scene: StepContext) -> str:
    """What the window is divided by."""
    pool = scene.problem
    assert isinstance(pool, AveragePooling)
    return str(pool.divisors[scene.step.source[2:]])


def _planes(scene: StepContext) -> list[tuple[Index, Index]]:
    """The planes of the window and of A_prev that meet: of a block, one for each of its depth."""
    axes = _pooling(scene).relation.parts(OUTPUT, scene.step.source)[:-2]
    return [
        (tuple(i for pair in pairs for i in pair[0]), tuple(i for pair in pairs for i in pair[1]))
        for pairs in product(*axes)
    ]


def _left_out(scene: StepContext) -> int:
    return max(len(_planes(scene)) - PLANES, 0)


def _lit(scene: StepContext, plane: Index) -> dict[Index, Index]:
    """The cells of a window in one plane of A_prev, and where they lie in the window."""
    met = _pooling(scene).relation.read(OUTPUT, scene.step.source, WEIGHT)
    return {place[-2:]: (0, *tap)[-2:] for tap, place in met if place[:-2] == plane}


def _window(scene: StepContext, plane: Index, peaks: list[Index]) -> Matrix:
    """A plane of A_prev with the window lit, and the cells that count most in it."""
    bright = [place[-2:] for place in peaks if place[:-2] == plane]
    return scene.given("A_prev", plane, list(_lit(scene, plane)), peaks=bright)


def _gathered(scene: StepContext, peaks: list[Index]) -> list[Parts]:
    source = scene.step.source
    equations: list[Parts] = [
        [_window(scene, plane, peaks)] for _, plane in _planes(scene)[:PLANES]
    ]
    equations[-1] += ["→", scene.result(source[:-2], [source[-2:]])]
    return equations


def _routed(scene: StepContext, receivers: list[Index], image: bool = True) -> list[Parts]:
    source = scene.step.source
    values = {term.target: term.value for term in scene.step.terms}
    size = (1, *(line.window for line in _pooling(scene).axes))[-2:]
    equations: list[Parts] = []
    for _, plane in _planes(scene)[:PLANES]:
        lit = _lit(scene, plane)
        bright = [place[-2:] for place in receivers if place[:-2] == plane]
        parts: Parts = [
            scene.result(plane, list(lit), peaks=bright),
            "+=",
            scene.given("dZ", source[:-2], [source[-2:]]),
            "→",
        ]
        if image:
            parts += [_window(scene, plane, receivers), "="]
        adds: dict[Index, Number] = {
            tap: values.get((*plane, *cell), 0) for cell, tap in lit.items()
        }
        equations.append([*parts, scene.patch(size, adds)])
    return equations
