"""One step with all that is said and shown of it, whatever it is drawn on."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ..core.numbers import as_array
from ..core.problem import Problem
from ..core.text import Cells, say, series
from ..core.trace import Step, Trace
from . import sentences
from .layer_words import entry, words_of
from .plain_step import plain_step
from .step_context import StepContext
from .step_picture import StepPicture, alike, whole

Draw = Callable[[StepContext], StepPicture]
DrawAll = Callable[[Problem, Trace], StepPicture | None]


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
    value = scene.multiplied
    return StepView(
        step.number,
        len(trace),
        scene.worked_on if value is None else f"{scene.worked_on} = {value}",
        scene.colour,
        _place(problem, trace, step),
        _written((artist_of(problem, trace.plan.rule) or plain_step)(scene), problem),
    )


def overview(problem: Problem, trace: Trace) -> StepView | None:
    """All steps of a trace in one picture, where each cell stands on its own."""
    draw = overview_of(problem, trace.plan.rule)
    picture = draw(problem, trace) if draw else None
    if picture is None:
        return None
    return StepView(1, 1, "", "done", say(sentences.ALL_CELLS), _written(picture, problem))


def artist_of(problem: Problem, rule: str) -> Draw | None:
    """What draws a step of the result of this rule."""
    draw: Draw | None = entry(problem, "pictures", "PICTURES", rule)
    return draw


def overview_of(problem: Problem, rule: str) -> DrawAll | None:
    """What draws all steps of a result in one picture."""
    draw: DrawAll | None = entry(problem, "pictures", "OVERVIEWS", rule)
    return draw


def _written(picture: StepPicture, problem: Problem) -> StepPicture:
    """The picture, with its numbers written as in all of the problem."""
    numerals = problem.numerals
    return picture._replace(equations=[alike(parts, numerals) for parts in picture.equations])


def _place(problem: Problem, trace: Trace, step: Step) -> str:
    """Which sample and channels a step is about, where there are several."""
    window = step.window
    if window is None:
        return ""
    samples, channels = trace.plan.sources[:2]
    known = words_of(problem, trace.plan.rule)
    facts = [(known.sample, step.source[0])] if samples > 1 else []
    if channels > 1:
        facts.append((known.channel, step.source[1]))
    words = [say(sentence, index=index) for sentence, index in facts]
    if known.seen and window.among > 1:
        words.append(say(known.seen, channels=Cells(window.channels)))
    return series(words)


def _closing(problem: Problem, trace: Trace, step: Step) -> StepPicture:
    """The division by N: the sums before it, and what they become."""
    sums = whole(problem, trace.name, trace.plan.partial_result(trace.sources))
    done = whole(problem, trace.name, as_array(step.totals), "done")
    return StepPicture(
        say(sentences.CLOSING, divisor=step.divisor),
        [
            [
                replace(before, name="", title=say(sentences.SUM_FOR, title=before.title)),
                say(sentences.DIVIDED, divisor=step.divisor),
                after,
            ]
            for before, after in zip(sums, done, strict=True)
        ],
    )
