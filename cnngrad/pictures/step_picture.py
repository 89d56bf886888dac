"""What a step shows, as data: a sentence, matrices with their lit cells, and sums.

The terminal, the page, the figure and the handouts draw this, each in its own way; none of
them works out anything.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ..core.explanation import rank_of
from ..core.layouts import ordered
from ..core.numbers import Array, Number
from ..core.numerals import BY_MATRIX, Numerals
from ..core.problem import Problem
from ..core.text import say
from ..core.trace import Index
from . import captions

WHOLE = 12
"""Rows and columns up to which a step shows a matrix whole; beyond, what lies around the window."""
WHOLE_CELLS = 2_000
"""Cells up to which a matrix that was given, or a result, is shown whole."""
CORNER = 8
"""Rows and columns that are shown of a matrix too large to show."""

HOLE = "·"
"""What stands for a number that is not there: it fell into the padding."""

Style = Callable[[int, int], str]
"""The style of the cell in a row and column (see `theme`); "" where it is not lit."""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """One matrix to be drawn, or the part of it that is shown."""

    title: str
    """What stands above it: `dA_prev[0,1]`."""
    name: str
    """The matrix that it is a plane of; "" where it is none, as what a step adds."""
    leading: Index = ()
    """The indices that choose the plane."""
    cells: list[list[Number | None]]
    """The numbers that are shown; None is a hole."""
    styles: list[list[str]]
    """Of each number that is shown."""
    rows: Sequence[int]
    """The indices of the rows that are shown."""
    columns: Sequence[int]
    """The indices of the columns that are shown."""
    cut: bool = False
    """Whether rows or columns are left out."""
    vector: bool = False
    """Whether it is a list of numbers, shown as one row."""
    given: bool = False
    """Whether a person wrote the numbers, and may have preferred decimals."""
    numerals: Numerals = BY_MATRIX
    """How the numbers of the problem are written."""
    places: int = 0
    """Digits behind the point that its floats need; see `descent`."""
    least: int = 0
    """Characters that a number takes at least, so that nothing moves from step to step."""
    loose: bool = False
    """Whether it stands for itself, all of it lit: brackets would tell nothing."""
    pending: bool = False
    """Whether cells are not there because they are not computed yet."""
    turned: bool = False
    """Whether rows and columns are changed over, as in weights (in, out)."""

    @cached_property
    def written(self) -> list[list[str]]:
        """The numbers as they are written, all in one notation."""
        known = (cell for row in self.cells for cell in row if cell is not None)
        write = self.numerals.notation(known, self.given, self.places).write
        return [[HOLE if cell is None else write(cell) for cell in row] for row in self.cells]

    @property
    def size(self) -> int:
        """How many cells are shown."""
        return len(self.rows) * len(self.columns)

    def place(self, i: int, j: int) -> Index:
        """The full index of a number by where it is shown."""
        if self.vector:
            return (self.columns[j],)
        row, column = self.rows[i], self.columns[j]
        return (*self.leading, column, row) if self.turned else (*self.leading, row, column)

    def transposed(self) -> "Matrix":
        """The same with rows and columns changed over."""
        return replace(
            self,
            cells=[list(column) for column in zip(*self.cells, strict=True)],
            styles=[list(column) for column in zip(*self.styles, strict=True)],
            rows=self.columns,
            columns=self.rows,
            turned=not self.turned,
        )


Parts = list[Matrix | str]
"""Matrices with operators between them."""


def alike(parts: Parts, numerals: Numerals) -> Parts:
    """The same, with the numbers of all matrices written in the same way."""
    return [
        replace(part, numerals=numerals) if isinstance(part, Matrix) else part for part in parts
    ]


def operands(parts: Parts) -> Iterator[Parts]:
    """Each matrix with the operators before it, which begin a new line where one must begin."""
    waiting: Parts = []
    for part in parts:
        waiting.append(part)
        if isinstance(part, Matrix):
            yield waiting
            waiting = []
    if waiting:
        yield waiting


class StepPicture(NamedTuple):
    """What one step shows."""

    words: str
    equations: list[Parts]
    """One line of matrices for each channel that the step touches."""
    sums: Sequence[str] = ()
    """Sums spelled out: overlaps, or the formula of the output cell."""
    left_out: int = 0
    """Channels that are not drawn."""
    label: str = ""
    """What the sums are."""

    @property
    def cells(self) -> int:
        """How many cells are drawn."""
        drawn = (part for parts in self.equations for part in parts if isinstance(part, Matrix))
        return sum(matrix.size for matrix in drawn)

    @property
    def legend(self) -> list[str]:
        """What a dot in the place of a number means, where there is one."""
        drawn = [part for parts in self.equations for part in parts if isinstance(part, Matrix)]
        holed = [m for m in drawn if any(cell is None for row in m.cells for cell in row)]
        meanings = {
            captions.HOLES: any(not matrix.pending for matrix in holed),
            captions.PENDING: any(matrix.pending for matrix in holed),
        }
        return [say(words) for words, meant in meanings.items() if meant]


def plane(
    name: str,
    title: str,
    cells: Sequence[Sequence[Number | None]],
    style: Style = lambda _row, _column: "",
    around: tuple[Collection[int], Collection[int]] | None = None,
    *,
    leading: Index = (),
    vector: bool = False,
    given: bool = False,
    least: int = 0,
) -> Matrix:
    """One plane of a matrix; with `around`, a large one is cut to the rows and columns near those.

    The numbers are copied, so that the picture stays what it is when the trace goes on.
    """
    rows = _near(around[0], len(cells)) if around else range(len(cells))
    columns = _near(around[1], len(cells[0])) if around else range(len(cells[0]))
    return Matrix(
        title=title,
        name=name,
        leading=leading,
        cells=[[cells[i][j] for j in columns] for i in rows],
        styles=[[style(i, j) for j in columns] for i in rows],
        rows=rows,
        columns=columns,
        cut=len(rows) < len(cells) or len(columns) < len(cells[0]),
        vector=vector,
        given=given,
        least=least,
    )


def holed(title: str, rows: Sequence[Sequence[Number | None]], style: str) -> Matrix:
    """A matrix in one style in which some cells are not there."""
    return Matrix(
        title=title,
        name="",
        cells=[list(row) for row in rows],
        styles=[["" if cell is None else style for cell in row] for row in rows],
        rows=range(len(rows)),
        columns=range(len(rows[0])),
        loose=True,
    )


def _near(lit: Collection[int], size: int) -> range:
    if size <= WHOLE or not lit:
        return range(min(size, WHOLE))
    return range(max(min(lit) - 1, 0), min(max(lit) + 2, size))


def plane_title(problem: Problem, name: str, leading: Index) -> str:
    """The name of one plane, with as many leading indices as the matrix was given.

    `dA_prev` for a matrix, `dA_prev[1]` for a channel, `dA_prev[0,1]` in a batch.
    """
    return name + ordered(rank_of(problem, name)).title(leading)


def whole(
    problem: Problem, name: str, array: Array, style: str = "", given: bool = False
) -> list[Matrix]:
    """All planes of a matrix in full rank; of a large one, the corner of the first."""
    vector = array.ndim == 1
    turned = not vector and ordered(rank_of(problem, name)).turned
    if array.size > WHOLE_CELLS:
        shown = [_corner(problem, name, array, given)]
    else:
        shown = planes(problem, name, array.tolist())
    return [
        replace(
            plane(
                name,
                title,
                cells,
                lambda _i, _j: style,
                leading=leading,
                vector=vector,
                given=given,
            ),
            numerals=problem.numerals,
            turned=turned,
        )
        for title, leading, cells in shown
    ]


def _corner(problem: Problem, name: str, array: Array, given: bool) -> tuple[str, Index, Any]:
    shape = problem.given[name].shape if given else problem.results[name].shape
    corner = array[(..., slice(CORNER), slice(CORNER))] if array.ndim > 1 else array[:CORNER]
    leading = (0,) * (corner.ndim - 2)
    rows = corner[leading].tolist() if corner.ndim > 1 else [corner.tolist()]
    if array.ndim > 1:
        rows = _as_shown(problem, name, rows)
    return f"{name} {problem.form(name, shape)}", leading, rows


def _as_shown(problem: Problem, name: str, rows: Any) -> Any:
    """A plane with rows and columns changed over, where the matrix is shown so."""
    if not ordered(rank_of(problem, name)).turned:
        return rows
    return [list(column) for column in zip(*rows, strict=True)]


def planes(problem: Problem, name: str, full: Any) -> list[tuple[str, Index, Any]]:
    """Every plane of nested lists in full rank, with title and leading indices.

    A vector is one row.
    """
    if not isinstance(full[0], list):
        return [(name, (), [full])]
    if not isinstance(full[0][0], list):
        return [(name, (), _as_shown(problem, name, full))]
    return [
        (plane_title(problem, name, leading), leading, _as_shown(problem, name, cells))
        for leading, cells in _planes(full)
    ]


def _planes(nested: Any) -> Iterator[tuple[Index, Any]]:
    """Every plane of nested lists, with the indices that choose it."""
    if not isinstance(nested[0][0], list):
        yield (), nested
        return
    for i, inner in enumerate(nested):
        for leading, cells in _planes(inner):
            yield (i, *leading), cells
