"""One step with all that is said and shown of it, whatever it is drawn on."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from ..core.numbers import as_array
from ..core.problem import Problem
from ..core.text import Cells
from ..core.trace import Step, Trace
from . import sentences
from .step_context import StepContext
from .step_picture import StepPicture, alike, whole

HOMES = {
    "conv": "convolution.pictures",
    "max": "pooling.pictures",
    "average": "pooling.pictures",
    "dense": "dense.pictures",
    "activation": "elementwise",
    "flatten": "elementwise",
    "loss": "elementwise",
}
"""Which module of views draws the rules of a kind of layer."""


class StepView(NamedTuple):
    """A step, ready to be drawn."""

    number: int
    total: int
    """Of so many steps."""
    cell: str
    """The cell now at work and its value; "" in the closing step."""
    colour: str
    """The name of the step's style."""
    place: str
    """Which sample and channels it is about, where there are several."""
    picture: StepPicture


def panel(problem: Problem, trace: Trace, step: Step) -> StepView:
    """Describe one step.

    Parameters
    ----------
    problem
        What is asked.
    trace
        The trace that the step is of.
    step
        The step; its totals are read now, so describe it before you take the next.
    """
    if step.divisor > 1:
        return StepView(step.number, len(trace), "", "done", "", _closing(problem, trace, step))
    scene = StepContext(problem, trace, step)
    cell, value, name = scene.cell(trace.name, step.source), None, trace.plan.source
    if name in problem.arrays:
        cell, value = scene.cell(name, step.source), problem.arrays[name][step.source]
    elif name in problem.names:
        cell, value = scene.cell(name, step.source), step.terms[0].left.value
    return StepView(
        step.number,
        len(trace),
        cell if value is None else f"{cell} = {problem.numerals(value, given=True)}",
        scene.colour,
        _place(problem, step),
        _written(_artist(trace.plan.rule)(scene), problem),
    )


def overview(problem: Problem, trace: Trace) -> StepView | None:
    """All steps of a trace in one picture, where each cell stands on its own."""
    module = _home(trace.plan.rule)
    draw = getattr(module, "OVERVIEWS", {}).get(trace.plan.rule)
    picture = draw(problem, trace) if draw else None
    if picture is None:
        return None
    return StepView(1, 1, "", "done", sentences.ALL_CELLS, _written(picture, problem))


def _home(rule: str) -> ModuleType:
    module = HOMES[rule.partition(".")[0]]
    if module == "elementwise":
        return import_module(".elementwise", __package__)
    return import_module(f"..layers.{module}", __package__)


def _written(picture: StepPicture, problem: Problem) -> StepPicture:
    """The picture, with its numbers written as in all of the problem."""
    numerals = problem.numerals
    return picture._replace(equations=[alike(parts, numerals) for parts in picture.equations])


def _artist(rule: str) -> Callable[[StepContext], StepPicture]:
    module = _home(rule)
    artist: Callable[[StepContext], StepPicture] = module.PICTURES[rule]
    return artist


def _place(problem: Problem, step: Step) -> str:
    if step.window is None:
        return ""
    samples, channels = problem.arrays["A_prev"].shape[:2]
    words = [sentences.SAMPLE.format(index=step.source[0])] if samples > 1 else []
    if "W" not in problem.arrays:
        if channels > 1:
            words.append(sentences.CHANNEL.format(index=step.source[1]))
        return ", ".join(words)
    if problem.arrays["W"].shape[0] > 1:
        words.append(sentences.FILTER.format(index=step.source[1]))
    if channels > 1:
        seen = step.window.channels
        words.append(sentences.INPUT_CHANNELS.format(channels=Cells(seen)))
    return ", ".join(words)


def _closing(problem: Problem, trace: Trace, step: Step) -> StepPicture:
    """The division by N: the sums before it, and what they become."""
    sums = whole(problem, trace.name, trace.plan.partial_result(trace.sources))
    done = whole(problem, trace.name, as_array(step.totals), "done")
    return StepPicture(
        sentences.CLOSING.format(divisor=step.divisor),
        [
            [
                replace(before, name="", title=sentences.SUM_FOR.format(title=before.title)),
                sentences.DIVIDED.format(divisor=step.divisor),
                after,
            ]
            for before, after in zip(sums, done, strict=True)
        ],
    )
