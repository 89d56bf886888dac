"""A whole problem, told in order: what is given, the steps of each result, the result.

What the terminal prints, the page shows and the handouts set in type is this story.
"""

import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ..core.descent import updated
from ..core.numbers import index
from ..core.numerals import Numerals
from ..core.problem import Problem
from ..core.settings import said
from ..core.text import Count, Span
from ..core.trace import Trace
from . import captions, sentences
from .descent import descent
from .formula import added, ends, equals
from .step_picture import CORNER, WHOLE_CELLS, Matrix, Parts, whole
from .step_view import StepView, overview, panel

MAX_STEPS_SHOWN = 16
"""Steps up to which a terminal shows all unless told otherwise."""
FIRST_STEPS, LAST_STEPS = 3, 2
"""Of a longer trace, so many from either end."""


class Selection(NamedTuple):
    """Which steps to show: all of them, none, some by number, or as many as make sense."""

    first: int | None = None
    last: int | None = None
    sensible: bool = True
    most: int | None = None
    """Where there is no room for more steps than these: of more, those at the two ends."""

    @property
    def numbered(self) -> bool:
        """Whether steps are asked for by their numbers."""
        return not self.sensible and self.first is not None

    def ranges(self, count: int) -> list[tuple[int, int]]:
        """The chosen steps as (first, last), counted from 1; between two, some are left out."""
        if not self.sensible:
            if self.first is None:
                return []
            last = count if self.last is None else min(self.last, count)
            return self._ends(self.first, last, self.most) if self.first <= last else []
        few = MAX_STEPS_SHOWN if self.most is None else self.most
        return self._ends(1, count, FIRST_STEPS + LAST_STEPS if count > few else None)

    @staticmethod
    def _ends(first: int, last: int, most: int | None) -> list[tuple[int, int]]:
        if most is None or last - first < most or last - first < FIRST_STEPS + LAST_STEPS:
            return [(first, last)]
        head = max(most - LAST_STEPS, FIRST_STEPS)
        return [(first, first + head - 1), (last - LAST_STEPS + 1, last)]


ALL = Selection(1, None, sensible=False)
NONE = Selection(None, None, sensible=False)


class SizeBudget(NamedTuple):
    """About how many cells of steps a file has room for."""

    usual: int
    """Unless told which steps to show."""
    most: int
    """Of all the steps that are asked for."""

    def shared(self, count: int) -> "SizeBudget":
        """The room of each of so many results."""
        return SizeBudget(self.usual // count, self.most // count)


HANDOUT = SizeBudget(60_000, sys.maxsize)
PAGE = SizeBudget(60_000, 240_000)
NETWORK = SizeBudget(240_000, 240_000)
FIGURE = SizeBudget(15_000, 60_000)
ANIMATION = SizeBudget(4_000, 15_000)
"""A browser can hold no more than that and stay quick; in a figure, every cell is two shapes,
and an animation shows each step for a second and a half."""


def fitting(
    problem: Problem, name: str, selection: Selection, room: SizeBudget | None
) -> Selection:
    """The same selection with no more steps of a result than there is room for."""
    trace = problem.trace(name)
    if room is None or len(trace.shape) == 1:
        return selection
    cells = room.usual if selection.sensible else room.most
    first = panel(problem, trace, next(trace.steps(1, 1)))
    return selection._replace(most=cells // max(first.picture.cells, 1))


class Gap(NamedTuple):
    """Steps that are left out."""

    first: int
    last: int

    @property
    def steps(self) -> Span:
        """Their numbers."""
        return Span(self.first, self.last)

    @property
    def words(self) -> str:
        """That they are left out, for somebody who reads a file."""
        return captions.LEFT_OUT.format(steps=self.steps)

    @property
    def command(self) -> str:
        """That they are left out, and how to see them, for somebody at a command line."""
        steps = self.steps
        chosen = str(steps).replace("–", "-")
        return sentences.LEFT_OUT.format(count=Count(steps.size), steps=steps, chosen=chosen)


def around(ranges: Sequence[tuple[int, int]], count: int) -> tuple[list[Gap], list[Gap]]:
    """Of so many steps, those that are left out before the chosen ones, and behind them.

    >>> around([(1, 2)], 4)
    ([], [Gap(first=3, last=4)])
    """
    if not ranges:
        return [], []
    first, last = ranges[0][0], ranges[-1][1]
    return [Gap(1, first - 1)] * (first > 1), [Gap(last + 1, count)] * (last < count)


class Section(NamedTuple):
    """How one result comes about."""

    name: str
    introduction: str
    """Its rule, in one line."""
    steps: Iterator[StepView | Gap]
    """To be gone through once."""
    sums: list[str]
    """Of a vector such as db: one sum for each of its cells, instead of steps."""
    result: list[Matrix]
    note: str
    """That the result is not shown whole, and how to see it; "" where it is."""


def settings(problem: Problem) -> str:
    """The settings in one line."""
    return ", ".join(
        f"{name} {_setting(value, problem.numerals)}"
        for name, value in said(problem.settings, problem.options).items()
    )


def _setting(value: object, write: Numerals) -> str:
    """A setting in as few words as say it: (2, 2) is 2."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        parts = [_setting(part, write) for part in value]
        return parts[0] if len(set(parts)) == 1 else ",".join(parts)
    return write(value, given=True) if isinstance(value, Fraction) else str(value)


def given(problem: Problem) -> list[Matrix]:
    """The matrices as they were given; the kernel is yellow."""
    return [
        matrix
        for name in problem.given
        for matrix in whole(
            problem, name, problem.arrays[name], "kernel" if name == "W" else "", given=True
        )
    ]


def left_out(
    problem: Problem, names: Sequence[str], selection: Selection, room: SizeBudget | None
) -> Iterator[tuple[str, Gap]]:
    """Which steps of which result there is no room for."""
    for name in names:
        trace = problem.trace(name)
        chosen = fitting(problem, name, selection, room and room.shared(len(names)))
        if len(trace.shape) > 1 and not (selection.sensible and overview(problem, trace)):
            for before, after in pairwise(chosen.ranges(len(trace))):
                yield name, Gap(before[1] + 1, after[0] - 1)


def sections(
    problem: Problem, names: Sequence[str], selection: Selection, room: SizeBudget | None = None
) -> Iterator[Section]:
    """What there is to tell of each result; its steps are worked out as they are asked for.

    Parameters
    ----------
    problem, names, selection
        Which steps of which results.
    room
        How much of that a file has room for; without it, as a terminal shows them.
    """
    for name in names:
        chosen = fitting(problem, name, selection, room and room.shared(len(names)))
        trace = problem.trace(name)
        vector = len(trace.shape) == 1
        size = problem.results[name].size
        note = sentences.TOO_LARGE.format(name=name, cells=f"{size:,}")
        yield Section(
            name,
            sentences.INTRODUCTION[trace.plan.rule],
            iter(()) if vector else _steps(problem, trace, chosen),
            _sums(problem, trace) if vector else [],
            result(problem, name),
            note if size > WHOLE_CELLS else "",
        )


def result(problem: Problem, name: str) -> list[Matrix]:
    """The finished result, in green."""
    full = problem.results[name].reshape(problem.trace(name).shape)
    return whole(problem, name, full, "done")


def _steps(problem: Problem, trace: Trace, selection: Selection) -> Iterator[StepView | Gap]:
    if selection.sensible and (shown := overview(problem, trace)):
        yield shown
        return
    ranges = selection.ranges(len(trace))
    for k, (first, last) in enumerate(ranges):
        if k:
            yield Gap(ranges[k - 1][1] + 1, first - 1)
        for step in trace.steps(first, last):
            yield panel(problem, trace, step)


def _sums(problem: Problem, trace: Trace) -> list[str]:
    sums = []
    write = problem.numerals
    total = problem.results[trace.name].tolist()
    for o in range(min(trace.shape[0], CORNER)):
        sources = list(trace.plan.contributors((o,)))
        shown = [term for source in ends(sources) for term in trace.plan.terms(source)]
        words = added([write(term.value) for term in shown], len(sources))
        if trace.plan.divisor > 1:
            words = f"({words}) / {trace.plan.divisor}"
        name, result = trace.name + index((o,)), write(total[o])
        sign = equals(write, total[o], *(term.value for term in shown))
        sums.append(f"{name} = {words} {sign} {result}" if words != result else f"{name} = {words}")
    return sums


def descents(problem: Problem) -> list[tuple[str, list[Parts]]]:
    """For W and b, where there is a learning rate: the step in words and in matrices."""
    after = updated(problem)
    return list(descent(problem, after, problem.settings["learning_rate"])) if after else []


def remarks(problem: Problem, names: Sequence[str]) -> list[str]:
    """How exact the numbers are."""
    words = [sentences.EXACT if problem.exact else sentences.FLOAT]
    if not problem.rational:
        words = [sentences.IRRATIONAL]
    if problem.nondifferentiable_cells:
        kind = problem.settings.get("activation", problem.settings.get("mode"))
        facts = {
            "count": Count(problem.nondifferentiable_cells),
            "ties": problem.settings.get("ties"),
        }
        words.append(sentences.CORNERS[kind].format(**facts))
    shown = [(True, array) for array in problem.given.values()]
    shown += [(False, problem.results[name]) for name in names]
    if problem.exact and any(
        problem.numerals.notation(array.ravel()[:WHOLE_CELLS].tolist(), given).rounded
        for given, array in shown
    ):
        words.append(sentences.ROUNDED)
    return words
