"""What the picture of a step is drawn from: problem, trace, step and screen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..exact import Number, notation, plain
from ..problem import Problem
from ..trace import Index, Step, Trace, cell_name
from . import sentences
from .blocks import Block
from .formula import overlap
from .look import Look, plane_title
from .theme import step_colour

Parts = list[Block | str]
Cell = tuple[int, ...]


class Picture(NamedTuple):
    """What one step shows."""

    words: str
    equations: list[Parts]
    """One line of matrices for each channel that the step touches."""
    sums: Sequence[str] = ()
    """Sums spelled out: overlaps, or the formula of the output cell."""
    left_out: int = 0
    """Channels that are not drawn."""


@dataclass(frozen=True)
class Scene:
    """One step of one trace, to be drawn on one screen."""

    problem: Problem
    trace: Trace
    step: Step
    look: Look

    @property
    def colour(self) -> str:
        """The step's colour."""
        return step_colour(self.step.number)

    def cell(self, name: str, place: Index) -> str:
        """A cell as the person who gave the matrix would write it."""
        return cell_name(name, place, self.problem.ranks[name])

    def words(self, sentence: str | None = None, **facts: str) -> str:
        """The sentence of this step, with what it says of window and value filled in."""
        rule, window = self.trace.plan.rule, self.step.window
        if window is not None:
            facts["rows"] = sentences.span(window.rows)
            facts["columns"] = sentences.span(window.columns)
        if self.step.terms:
            facts["value"] = plain(self.step.terms[0].left.value)
        words = (sentence or sentences.STEP[rule]).format(**facts)
        if self._leaves_the_input():
            words += " " + sentences.PADDING[rule]
        return words

    def _leaves_the_input(self) -> bool:
        window = self.step.window
        if window is None:
            return False
        if "W" in self.problem.arrays:
            height, width = self.problem.arrays["W"].shape[-2:]
        else:
            height, width = self.problem.settings["window"]
        return bool(len(window.rows) < height or len(window.columns) < width)

    def overlaps(self) -> list[str]:
        """The sums of the cells that earlier steps have already filled."""
        return [
            overlap(self.cell(self.trace.name, term.target), before, term.value)
            for term, before in zip(self.step.terms, self.step.before, strict=True)
            if self.trace.filled(term.target, self.step.source)
        ]

    def given(
        self, name: str, leading: Index, lit: Collection[Cell], peaks: Collection[Cell] = ()
    ) -> Block:
        """One plane of a given matrix, with cells lit in the step's colour."""
        plane = _plane(self.problem.cells[name], leading)
        return self._lit(plane_title(self.problem, name, leading), plane, lit, peaks, True)

    def result(self, leading: Index, lit: Collection[Cell], peaks: Collection[Cell] = ()) -> Block:
        """One plane of the result as it stands after the step."""
        plane = _plane(self.step.totals, leading)
        title = plane_title(self.problem, self.trace.name, leading)
        return self._lit(title, plane, lit, peaks, False, self._widest())

    def _widest(self) -> int:
        """Characters of the finished result's widest cell, where it is small."""
        done = self.problem.results[self.trace.name]
        if done.size > 1_000 or self.trace.plan.divisor > 1:
            return 0
        write = notation(done.ravel().tolist()).write
        return max(len(write(cell)) for cell in done.ravel().tolist())

    def _lit(
        self,
        title: str,
        plane: Sequence[Sequence[Number]],
        lit: Collection[Cell],
        peaks: Collection[Cell],
        given: bool,
        least: int = 0,
    ) -> Block:
        bright = set(peaks or lit)
        cells = set(lit) | bright

        def style(i: int, j: int) -> str:
            if (i, j) in bright:
                return self.colour
            return f"{self.colour}-soft" if (i, j) in cells else ""

        around = ({i for i, _ in cells}, {j for _, j in cells}) if cells else None
        return self.look.plane(title, plane, style, around, given, least)

    def kernel(self, leading: Index) -> Block:
        """One plane of W, all of it yellow."""
        plane = _plane(self.problem.cells["W"], leading)
        title = plane_title(self.problem, "W", leading)
        return self.look.plane(title, plane, lambda _i, _j: "kernel", given=True)

    def patch(self, size: tuple[int, ...], values: Mapping[Cell, Number]) -> Block:
        """What the step adds, the size of the window; what falls into the padding is `·`."""
        rows = [[values.get((i, j)) for j in range(size[1])] for i in range(size[0])]
        return self.look.holed("adds", rows, self.colour)


def _plane(nested: Any, leading: Index) -> Any:
    for i in leading:
        nested = nested[i]
    return nested
