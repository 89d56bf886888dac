"""Header rows and index columns of tables, as pandas, R and spreadsheets write them."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from ...core.errors import NumberError
from ...core.text import say
from ..dialect import dialect, guessed
from .passage import Passage, Row

_WHOLE = re.compile(r"\d+")
_BROKEN = re.compile(r"[+-]?(?:\d*\.\d*|\d+\.?[eE][+-]?\d+|\d*\.\d+[eE][+-]?\d+)")
_RESULT = re.compile(r"d?[A-Z](?:_prev)?|d?b")
"""What the results are called: alone in a line, such a word is no header."""


def without_header(
    passage: Passage,
    rows: list[Row],
    number: Callable[[str], Any],
    decimal_comma: bool = False,
) -> list[Row]:
    """The rows of a table without its header and its index column, if it has them.

    Parameters
    ----------
    passage
        Where the rows stand, for what is told.
    rows
        All rows that are not empty.
    number
        Reads a single cell.
    decimal_comma
        Whether a comma inside a cell is its decimal mark.
    """
    said = dialect().header
    if len(rows) < 2 or said is False:
        return rows
    first, body = rows[0], rows[1:]
    width = len(body[0].cells)
    if any(len(row.cells) != width for row in body):
        return rows
    head = first.cells
    if len(head) == width - 1 and _names_columns(head, number) and _is_index(body):
        if said is None:
            _tell(passage, first, index=True)
        return _without_column(body)
    if len(head) != width:
        return rows
    corner = head[0] == "" or (0 in first.quoted and _quoted_index(body))
    if width > 1 and corner and _names_columns(head[1:], number) and _is_index(body):
        if said is None:
            _tell(passage, first, index=True)
        return _without_column(body)
    if said or _is_header(head, body, number, decimal_comma):
        if said is None:
            _tell(passage, first, index=False, words=not _counts(head))
        return body
    return rows


def _without_column(rows: list[Row]) -> list[Row]:
    for row in rows:
        row.cells = row.cells[1:]
        row.columns = row.columns[1:]
        row.quoted = {k - 1 for k in row.quoted}
    return rows


def _counts(cells: Sequence[str], starts: tuple[int, ...] = (0,)) -> bool:
    """Whether cells count up from 0 (or from another start)."""
    return any(all(cell == str(k) for k, cell in enumerate(cells, start)) for start in starts)


def _is_word(cell: str, number: Callable[[str], Any]) -> bool:
    """Whether a cell names something; a mark of a cell that is left open does not."""
    if not any(sign.isalpha() for sign in cell) or cell.lower().strip("+-") in ("nan", "inf"):
        return False
    try:
        number(cell)
    except NumberError:
        return True
    return False


def _names_columns(head: Sequence[str], number: Callable[[str], Any]) -> bool:
    if len(head) == 1 and _RESULT.fullmatch(head[0]):
        return False
    return _counts(head, (0, 1)) or all(_is_word(cell, number) for cell in head)


def _is_index(rows: list[Row]) -> bool:
    column = [row.cells[0] for row in rows]
    words = all(any(sign.isalpha() for sign in cell) for cell in column)
    quoted = all(0 in row.quoted for row in rows)
    return all(column) and (words or quoted or _counts(column, (0, 1)))


def _quoted_index(rows: list[Row]) -> bool:
    """Whether only the first column is in quotes, as R writes the names of rows."""
    return all(row.quoted == {0} for row in rows)


def _is_header(
    head: Sequence[str],
    body: list[Row],
    number: Callable[[str], Any],
    decimal_comma: bool,
) -> bool:
    if all(_is_word(cell, number) for cell in head):
        return True
    cells = [cell.replace(",", ".") if decimal_comma else cell for r in body for cell in r.cells]
    return _counts(head) and all(_BROKEN.fullmatch(cell) for cell in cells if cell)


def _tell(passage: Passage, first: Row, index: bool, words: bool = False) -> None:
    line = " ".join(passage.original[first.line].split())[:40]
    facts = {"source": passage.source, "line": line}
    if index:
        guessed(
            say(
                '{source}: the line "{line}" is taken for a header and the first column for an'
                " index; --header no reads them as data",
                **facts,
            )
        )
    elif words:
        guessed(say('{source}: the line "{line}" is taken for a header', **facts))
    else:
        guessed(
            say(
                '{source}: the line "{line}" is taken for a header; --header no reads it as data',
                **facts,
            )
        )
