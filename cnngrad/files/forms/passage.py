"""A passage of text that holds one matrix: its lines, and where in them something is wrong."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ...core.errors import CnngradError
from ...core.text import say
from ...core.widths import screen_width

_SHOWN_BEFORE, _SHOWN = 30, 60


@dataclass(slots=True)
class Row:
    """One row of a matrix in a text."""

    line: int
    """Which line of the passage it stands in."""
    cells: list[str]
    columns: list[int] = field(default_factory=list)
    """Where each cell begins in its line."""
    quoted: set[int] = field(default_factory=set)
    """Which cells stand in quotes."""


class Passage(NamedTuple):
    """Lines of a source, in plain signs and as they were written."""

    source: str
    """What the source is called."""
    first: int
    """The number of the first line."""
    plain: list[str]
    original: list[str]
    name: str = ""
    """What the matrix is called in its heading."""

    @property
    def text(self) -> str:
        return "\n".join(self.plain)

    def line(self, k: int) -> str:
        """Where line `k` of the passage stands."""
        return say("{source}, line {line}", source=self.source, line=self.first + k)

    def cell(self, k: int, cell: int) -> str:
        """Where a cell of line `k` stands; lines and cells are counted from 0."""
        return say(
            "{source}, line {line}, cell {cell}",
            source=self.source,
            line=self.first + k,
            cell=cell + 1,
        )

    def pointed(self, k: int, column: int, length: int) -> str:
        """Line `k` with carets under some of its signs, in columns of the screen."""
        return pointed(self.original[k], column, length)

    def at_offset(self, error: CnngradError, offset: int, length: int = 1) -> CnngradError:
        """The error with the place of a sign of `text`."""
        before = self.text[:offset]
        k = before.count("\n")
        column = offset - (before.rfind("\n") + 1)
        error.source = self.pointed(k, column, length)
        place = say(
            "{source}, line {line}, column {column}",
            source=self.source,
            line=self.first + k,
            column=column + 1,
        )
        return error.at(place)


def pointed(text: str, column: int, length: int) -> str:
    """A line with carets under some of its signs; a long line is cut around them.

    >>> print(pointed("１，x", 2, 1))
    １，x
        ^
    """
    text = text.replace("\t", " ").rstrip()
    start = max(column - _SHOWN_BEFORE, 0)
    shown = text[start : start + _SHOWN]
    before = screen_width(text[start:column]) + max(column - max(len(text), start), 0)
    under = screen_width(text[column : column + min(length, _SHOWN_BEFORE)])
    return f"{shown}\n{' ' * before}{'^' * max(under, 1)}"
