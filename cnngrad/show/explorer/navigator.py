"""A walk through the steps of a problem: which result, which step, which cell. No screen yet."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ...core.problem import Problem
from ...core.text import say
from ...core.trace import Index, Step, Trace
from ...pictures import reasons
from ...pictures.step_context import StepContext
from ...pictures.step_picture import Matrix, StepPicture, alike, plane
from ...pictures.step_view import StepView, panel


class CellRef(NamedTuple):
    """A cell of a matrix."""

    name: str
    place: Index
    """In full rank."""


class MarkedCells(str):
    """The name of a style that knows the cell that it is for, all the way to the screen."""

    spot: CellRef

    def __new__(cls, style: str, spot: CellRef) -> "MarkedCells":
        made = super().__new__(cls, style)
        made.spot = spot
        return made


class Navigator:
    """Where a person is in a problem.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to walk through; all of them unless told otherwise.
    """

    def __init__(self, problem: Problem, names: tuple[str, ...] = ()) -> None:
        self.problem = problem
        self.names = names or tuple(problem.names)
        self.spot: CellRef | None = None
        self.show(self.names[0])

    def show(self, name: str) -> None:
        """Turn to another result, at the same step as far as it has as many."""
        number = getattr(self, "number", 1)
        self.trace: Trace = self.problem.trace(name)
        self._ahead: Iterator[Step] = iter(())
        self.number = 0
        self.go(number)
        terms = self.step.terms
        self.spot = CellRef(name, terms[-1].target if terms else (0,) * len(self.trace.shape))

    def turn(self, by: int) -> None:
        """Turn to the next result or the one before."""
        place = self.names.index(self.trace.name) + by
        self.show(self.names[place % len(self.names)])

    def go(self, number: int) -> None:
        """Go to a step, counted from 1; beyond either end, to the last or the first."""
        number = min(max(number, 1), len(self.trace))
        if number == self.number:
            return
        if number != self.number + 1:
            self._ahead = self.trace.steps(number)
        step = next(self._ahead, None)
        if step is None:
            self._ahead = self.trace.steps(number)
            step = next(self._ahead)
        self.number, self.step = number, step
        # The totals go on changing with the trace: describe the step now.
        summed = len(step.terms) == 1 and step.terms[0].left.name in self.problem.cells
        describe = _sum if summed and len(self.trace.shape) == 1 else panel
        self.panel = _marked(describe(self.problem, self.trace, step))

    @property
    def matrices(self) -> list[Matrix]:
        """The matrices of the step whose cells have a name, in the order in which they stand."""
        return [
            part
            for parts in self.panel.picture.equations
            for part in parts
            if isinstance(part, Matrix) and part.name
        ]

    def hop(self, by: int) -> None:
        """Put the cursor on the next matrix or the one before."""
        shown = self.matrices
        here = self._here(shown)
        matrix = shown[(here[0] + by) % len(shown)] if here else shown[0]
        self._put(matrix, *_lit(matrix))

    def move(self, down: int, right: int) -> None:
        """Move the cursor within its matrix."""
        shown = self.matrices
        here = self._here(shown)
        if here is None:
            self.hop(0)
            return
        matrix, i, j = shown[here[0]], here[1] + down, here[2] + right
        i = min(max(i, 0), len(matrix.cells) - 1)
        self._put(matrix, i, min(max(j, 0), len(matrix.cells[0]) - 1))

    def _put(self, matrix: Matrix, i: int, j: int) -> None:
        self.spot = CellRef(matrix.name, matrix.place(i, j))

    def _here(self, shown: list[Matrix]) -> tuple[int, int, int] | None:
        """The cursor as matrix, row and column on the screen; None where it is not shown."""
        if self.spot is None:
            return None
        for k, matrix in enumerate(shown):
            if matrix.name != self.spot.name:
                continue
            for i in range(len(matrix.cells)):
                for j in range(len(matrix.cells[0])):
                    if matrix.place(i, j) == self.spot.place:
                        return k, i, j
        return None


def _sum(problem: Problem, trace: Trace, step: Step) -> StepView:
    """A step of a vector such as db: one cell of dZ is added to one of its cells."""
    (term,) = step.terms
    error, leading = term.left, step.source[:-2]
    scene = StepContext(problem, trace, step)
    totals = list(step.totals)
    result = plane(
        trace.name,
        trace.name,
        [totals],
        lambda _i, j: scene.colour if (j,) == term.target else "",
        ({0}, set(term.target)),
        vector=True,
    )
    given = scene.given(error.name, leading, [step.source[-2:]])
    cell, value = scene.cell(error.name, error.place), scene.write(error.value, given=True)
    words = say(reasons.ADDED, value=value, cell=scene.cell(trace.name, term.target))
    equation = alike([result, "+=", given], scene.write)
    picture = StepPicture(words, [equation], scene.overlaps())
    return StepView(step.number, len(trace), f"{cell} = {value}", scene.colour, "", picture)


def _lit(matrix: Matrix) -> tuple[int, int]:
    """The first lit cell of a matrix, or its first cell."""
    for i, row in enumerate(matrix.styles):
        for j, style in enumerate(row):
            if style:
                return i, j
    return 0, 0


def _marked(shown: StepView) -> StepView:
    """The same panel, in which every style knows its cell."""
    equations = [
        [marked(part) if isinstance(part, Matrix) and part.name else part for part in parts]
        for parts in shown.picture.equations
    ]
    return shown._replace(picture=shown.picture._replace(equations=equations))


def marked(matrix: Matrix) -> Matrix:
    """The same matrix, in which every style knows its cell."""
    styles: list[list[str]] = [
        [
            MarkedCells(style, CellRef(matrix.name, matrix.place(i, j)))
            for j, style in enumerate(row)
        ]
        for i, row in enumerate(matrix.styles)
    ]
    return replace(matrix, styles=styles)
