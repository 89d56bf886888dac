"""How wide the screen is and whether it has colours; matrices drawn for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from ..exact import Number, notation
from ..problem import Problem
from ..trace import Index
from .blocks import Block, Style, matrix

WHOLE = 12
"""Rows and columns up to which a step shows a matrix whole; beyond, what lies around the window."""


@dataclass(frozen=True)
class Look:
    """What a view is drawn for.

    Parameters
    ----------
    width
        Characters in a line.
    colour
        Whether lit cells are coloured; else they carry brackets.
    """

    width: int = 80
    colour: bool = False

    def plane(
        self,
        title: str,
        plane: Sequence[Sequence[Number]],
        style: Style = lambda _row, _column: "",
        around: tuple[Collection[int], Collection[int]] | None = None,
        given: bool = False,
        least: int = 0,
    ) -> Block:
        """One matrix; with `around`, a large one is cut to the rows and columns near those."""
        rows = _near(around[0], len(plane)) if around else range(len(plane))
        columns = _near(around[1], len(plane[0])) if around else range(len(plane[0]))
        write = notation((plane[i][j] for i, j in product(rows, columns)), given).write
        cut = len(rows) < len(plane) or len(columns) < len(plane[0])
        return matrix(
            title,
            [[write(plane[i][j]) for j in columns] for i in rows],
            style=lambda i, j: style(rows[i], columns[j]),
            width=self.width,
            brackets=not self.colour,
            rows=rows if cut else None,
            columns=columns if cut else None,
            least=least,
        )

    def holed(self, title: str, rows: Sequence[Sequence[Number | None]], style: str) -> Block:
        """A matrix in one style in which some cells are not there: `·`."""
        write = notation(cell for row in rows for cell in row if cell is not None).write
        return matrix(
            title,
            [["·" if cell is None else write(cell) for cell in row] for row in rows],
            style=lambda i, j: "" if rows[i][j] is None else style,
            width=self.width,
            brackets=False,
        )


def _near(lit: Collection[int], size: int) -> range:
    if size <= WHOLE:
        return range(size)
    return range(max(min(lit) - 1, 0), min(max(lit) + 2, size))


def plane_title(problem: Problem, name: str, leading: Index) -> str:
    """The name of one plane, with as many leading indices as the matrix was given.

    `dA_prev` for a matrix, `dA_prev[1]` for a channel, `dA_prev[0,1]` in a batch.
    """
    shown = leading[len(leading) - max(problem.ranks[name] - 2, 0) :]
    return name + (f"[{','.join(map(str, shown))}]" if shown else "")


def planes(problem: Problem, name: str, full: Any) -> list[tuple[str, Any]]:
    """Every plane of nested lists in full rank, with its title; a vector is one row."""
    if not isinstance(full[0], list):
        return [(name, [full])]
    if not isinstance(full[0][0], list):
        return [(name, full)]
    return [
        (plane_title(problem, name, (n, c)), full[n][c])
        for n, c in product(range(len(full)), range(len(full[0])))
    ]
