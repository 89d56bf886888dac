"""What the picture of a step is drawn from: problem, trace and step."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..core.layouts import ordered
from ..core.numbers import Number
from ..core.numerals import Numerals
from ..core.problem import Problem
from ..core.sliding import axis_names
from ..core.text import Cells, Count, say
from ..core.trace import Index, Step, Trace, cell_name
from . import sentences
from .formula import overlap
from .layer_words import words_of
from .step_picture import Matrix, holed, plane, plane_title
from .theme import step_colour

Cell = tuple[int, ...]


class StepContext(NamedTuple):
    """One step of one trace, to be drawn."""

    problem: Problem
    trace: Trace
    step: Step

    @property
    def colour(self) -> str:
        """The step's colour."""
        return step_colour(self.step.number)

    @property
    def write(self) -> Numerals:
        """How the problem's numbers are written."""
        return self.problem.numerals

    def cell(self, name: str, place: Index) -> str:
        """A cell as the person who gave the matrix would write it."""
        return cell_name(name, place, self.problem.ranks[name])

    @property
    def worked_on(self) -> str:
        """The cell that the step works on, as it is named: mostly of dZ, else of the result."""
        name = self.trace.plan.source
        known = name in self.problem.arrays or name in self.problem.names
        return self.cell(name if known else self.trace.name, self.step.source)

    @property
    def multiplied(self) -> str | None:
        """The number in the cell that the step multiplies, written; None where it has none."""
        name = self.trace.plan.source
        if name in self.problem.arrays:
            return self.write(self.problem.arrays[name][self.step.source], given=True)
        if name in self.problem.names:  # an error that the problem itself computes
            return self.write(self.step.terms[0].left.value)
        return None

    def words(self, sentence: str = "", outside: str = "", **facts: object) -> str:
        """The sentence of this step, with what it says of window and value filled in.

        Parameters
        ----------
        sentence
            Another than the rule's own.
        outside
            What to say of a window that leaves the input, instead of the rule's own words.
        **facts
            What else the sentences name.
        """
        known, window = words_of(self.problem, self.trace.plan.rule), self.step.window
        facts |= {"name": self.trace.name, "terms": Count(len(self.step.terms))}
        if window is not None:
            if not all(window.spans):
                return say(sentences.ALL_PADDING)
            facts["window"] = window_words(window.spans)
        if self.multiplied is not None:
            facts["value"] = self.multiplied
        words = say(sentence or known.step, **facts)
        if self.leaves_the_input:
            words += " " + say(outside or known.outside, **facts)
        return words

    @property
    def leaves_the_input(self) -> bool:
        """Whether a part of the window lies in the padding, or beyond it."""
        window = self.step.window
        return window is not None and not window.whole

    def overlaps(self) -> list[str]:
        """The sums of the cells that earlier steps have already filled."""
        return [
            overlap(self.cell(self.trace.name, term.target), before, term.value, self.write)
            for term, before in zip(self.step.terms, self.step.before, strict=True)
            if self.trace.filled(term.target, self.step.source)
        ]

    def given(
        self, name: str, leading: Index, lit: Collection[Cell], peaks: Collection[Cell] = ()
    ) -> Matrix:
        """One plane of a given matrix, with cells lit in the step's colour."""
        cells = _chosen(self.problem.cells[name], leading)
        return self._lit(name, leading, cells, lit, peaks, True)

    def result(self, leading: Index, lit: Collection[Cell], peaks: Collection[Cell] = ()) -> Matrix:
        """One plane of the result as it stands after the step.

        Where each step computes one cell whole, the cells of later steps are not there yet.
        """
        cells = _chosen(self.step.totals, leading)
        if len(self.trace.shape) == 1:  # shown as one row
            cells, lit = [cells], [(0, *place) for place in lit]
            drawn = self._lit(self.trace.name, (), cells, lit, (), False, self._widest())
            return replace(drawn, vector=True)
        pending = self._cell_by_cell
        if pending:
            cells = [
                [n if (*leading, i, j) <= self.step.source else None for j, n in enumerate(row)]
                for i, row in enumerate(cells)
            ]
        drawn = self._lit(self.trace.name, leading, cells, lit, peaks, False, self._widest())
        return replace(drawn, pending=pending)

    @property
    def _cell_by_cell(self) -> bool:
        """Whether a step computes one cell whole, as on the way forward."""
        source, step = self.trace.plan.source, self.step
        if source in self.problem.arrays or source in self.problem.names:
            return False
        if len(step.source) != len(self.trace.shape):
            return False
        return all(term.target == step.source for term in step.terms)

    def _widest(self) -> int:
        """Characters of the finished result's widest cell, where it is small."""
        done = self.problem.results[self.trace.name]
        if done.size > 1_000 or self.trace.plan.divisor > 1:
            return 0
        write = self.write.notation(done.ravel().tolist()).write
        return max(len(write(cell)) for cell in done.ravel().tolist())

    def _lit(
        self,
        name: str,
        leading: Index,
        numbers: Sequence[Sequence[Number | None]],
        lit: Collection[Cell],
        peaks: Collection[Cell],
        given: bool,
        least: int = 0,
    ) -> Matrix:
        bright = set(peaks or lit)
        cells = set(lit) | bright

        def style(i: int, j: int) -> str:
            if (i, j) in bright:
                return self.colour
            return f"{self.colour}-soft" if (i, j) in cells else ""

        around = ({i for i, _ in cells}, {j for _, j in cells})
        title = plane_title(self.problem, name, leading)
        drawn = plane(
            name, title, numbers, style, around, leading=leading, given=given, least=least
        )
        return self._as_shown(drawn)

    def _as_shown(self, drawn: Matrix) -> Matrix:
        """The same with rows and columns changed over, where the matrix is shown so."""
        turned = ordered(self.problem.ranks[drawn.name]).turned
        return drawn.transposed() if turned else drawn

    @property
    def flipped(self) -> bool:
        """Whether the kernel is turned by 180°: a true convolution."""
        return bool(self.problem.settings.get("flip"))

    def kernel(self, leading: Index) -> Matrix:
        """One plane of W as it lies on a window, all of it yellow."""
        cells = _chosen(self.problem.cells["W"], leading)
        title = plane_title(self.problem, "W", leading)
        drawn = plane("W", title, cells, lambda _i, _j: "kernel", leading=leading, given=True)
        if self.flipped:
            drawn = replace(
                drawn,
                title=say("{matrix} turned", matrix=title),
                cells=[row[::-1] for row in self._from_last(drawn.cells)],
                rows=self._from_last(drawn.rows),
                columns=drawn.columns[::-1],
            )
        return self._as_shown(drawn)

    def _from_last(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows of a plane from the last one; the channels of one row of cells stay."""
        return rows if self.problem.arrays["A_prev"].ndim == 3 else rows[::-1]

    def patch(self, size: tuple[int, ...], values: Mapping[Cell, Number]) -> Matrix:
        """What the step adds, the size of the window; what falls into the padding is `·`."""
        rows = [[values.get((i, j)) for j in range(size[1])] for i in range(size[0])]
        return holed(say(sentences.ADDS), rows, self.colour)


def window_words(spans: Sequence[tuple[int, ...]]) -> str:
    """Where a window lies, along each spatial axis.

    >>> window_words(((0, 1), (2,)))
    'rows 0–1, column 2'
    """
    cells = dict(zip(axis_names(len(spans)), map(Cells, spans), strict=True))
    return say(sentences.WINDOW[len(spans) - 1], **cells)


def _chosen(nested: Any, leading: Index) -> Any:
    for i in leading:
        nested = nested[i]
    return nested
