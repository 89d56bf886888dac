"""Tables as Markdown, R, MATLAB and Octave print them."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.errors import FileError, ShapeError
from ...core.numbers import Array, compact, exactly, parse
from ...core.text import say
from ..csv_text import array_of_rows, read_lines
from ..dialect import dialect, guessed
from .passage import Passage, Row
from .table_header import without_header

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_SLICE = re.compile(r"\s*[A-Za-z_]\w*\(:,:,(\d+(?:,\d+)?)\)\s*=\s*")
_COLUMNS = re.compile(
    r"\s*Columns?\s+\d+(?:\s+(?:through|thru|and|to)\s+\d+)?\s*:?\s*", re.IGNORECASE
)
_SCALE = re.compile(r"\s*(\d+(?:\.\d*)?[eE][+-]?\d+)\s*\*\s*")
_R_VECTOR = re.compile(r"\s*\[\d+\](?=\s+\S)")
_MATRIX_WORDS = re.compile(r"\s*(?:Diagonal Matrix|Permutation Matrix)\s*")


def is_markdown(lines: list[str]) -> bool:
    """Whether lines are a table of Markdown.

    >>> is_markdown(["| 1 | 2 |", "|---|---|"]), is_markdown(["1 | 2", "--|--"])
    (True, True)
    """
    kept = [line for line in lines if line.strip()]
    return (
        any("|" in line for line in kept)
        and any(_RULE.fullmatch(line) and "-" in line and "|" in line for line in kept)
    ) or (len(kept) > 0 and all(line.strip().startswith("|") for line in kept))


def read_markdown(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read a table of Markdown.

    Parameters
    ----------
    passage
        The lines.
    number
        Reads a single cell.
    """
    rows: list[Row] = []
    for k, line in enumerate(passage.plain):
        if not line.strip() or _RULE.fullmatch(line):
            continue
        if "|" not in line:
            raise FileError(
                say("A line does not belong to the table."),
                where=passage.line(k),
                source=line[:80],
                expected=say("cells between |"),
            )
        inner = line.strip().removeprefix("|").removesuffix("|")
        start = line.index(inner)
        row = Row(k, [], [])
        for cell in inner.split("|"):
            row.columns.append(start + len(cell) - len(cell.lstrip(" *`$")))
            row.cells.append(cell.strip(" *`$\t"))
            start += len(cell) + 1
        rows.append(row)
    if rows and not any(rows[0].cells):  # a header that is left empty
        rows = rows[1:]
    elif len(rows) > 1:
        whole = len(rows)
        rows = without_header(passage, rows, number)
        if len(rows) == whole and dialect().header is None and _under_header(passage.plain):
            guessed(
                say(
                    '{source}: the header "{line}" is read as a row of numbers; --header yes'
                    " leaves it out",
                    source=passage.source,
                    line=" ".join(rows[0].cells)[:40],
                )
            )
    return array_of_rows(passage, [[rows]] if rows else [], False, number)


def _under_header(lines: list[str]) -> bool:
    """Whether the second line is the rule that stands under a header."""
    kept = [line for line in lines if line.strip()]
    return len(kept) > 1 and _RULE.fullmatch(kept[1]) is not None


def is_matrix_of_r(lines: list[str]) -> bool:
    """Whether lines are a matrix as R prints it, under `[,1] [,2]`.

    >>> is_matrix_of_r(["     [,1] [,2]", "[1,]    1    2"])
    True
    """
    head = next((line for line in lines if line.strip()), "")
    return re.fullmatch(r"\s*\[,1\](?:\s+\[,\d+\])*\s*", head) is not None


def read_matrix_of_r(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read a matrix as R prints it; wide ones stand in parts, each under its own columns."""
    parts: list[list[str]] = []
    for line in passage.plain:
        if re.match(r"\s*\[,\d+\]", line):
            parts.append([" " * len(line)])
        elif parts:
            parts[-1].append(re.sub(r"^\s*\[\d+,\]", lambda m: " " * len(m[0]), line))
    first, arrays = 0, []
    for part in parts:
        original = passage.original[first : first + len(part)]
        whole = Passage(passage.source, passage.first + first, part, original)
        arrays.append(read_lines(_tight(whole), number).astype(object))
        first += len(part)
    if len({array.shape[0] for array in arrays}) > 1:
        raise ShapeError(say("The parts of the matrix differ in height."), where=passage.source)
    return compact(np.concatenate(arrays, axis=-1))


def is_vector_of_r(text: str) -> bool:
    """Whether a text is a vector as R prints it: `[1] 1 2 3`."""
    return re.match(r"\s*\[1\][ \t]+[^\s\];,\[]", text) is not None


def read_vector_of_r(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read a vector as R prints it, each line with the index of its first number."""
    cells = [
        (k, match)
        for k, line in enumerate(passage.plain)
        for match in re.finditer(r"\S+", _R_VECTOR.sub(lambda m: " " * len(m[0]), line, count=1))
    ]
    row = Row(0, [match[0] for _, match in cells], [match.start() for _, match in cells])
    return array_of_rows(passage, [[[row]]], False, number)


def is_matlab(lines: list[str]) -> bool:
    """Whether lines hold what only MATLAB and Octave print: parts of columns, pages, a scale."""
    return any(
        pattern.fullmatch(line)
        for line in lines
        for pattern in (_SLICE, _COLUMNS, _SCALE, _MATRIX_WORDS)
    )


def read_matlab(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read pages and parts of columns as MATLAB and Octave print them, times their scale.

    Pages `(:,:,k)` are channels, pages `(:,:,k,n)` channels of samples.
    """
    pages: list[list[Array]] = []
    scale: Any = 1
    counts: list[str] = []
    for key, first, plain in _parts(passage):
        if isinstance(key, re.Match) and key.re is _SLICE:
            counts.append(key[1])
        if isinstance(key, re.Match) and key.re is _SCALE:
            scale = parse(key[1])
        if isinstance(key, re.Match) and key.re is _COLUMNS and pages and pages[-1]:
            new_page = False
        else:
            new_page = True
        if not any(line.strip() for line in plain):
            if new_page and isinstance(key, re.Match) and key.re is _SLICE:
                pages.append([])
            continue
        trimmed = Passage(passage.source, passage.first + first, plain, passage.original[first:])
        array = read_lines(_tight(trimmed), number)
        if scale != 1:
            array = _scaled(array, scale)
        if new_page and not (pages and not pages[-1]):
            pages.append([])
        pages[-1].append(array)
    if not pages:
        raise ShapeError(say("There are no numbers."), where=passage.source)
    for page in pages:
        if len({array.shape[:-1] for array in page}) > 1:
            raise ShapeError(
                say("The parts of the columns differ in height."), where=passage.source
            )
    whole = [np.concatenate([a.astype(object) for a in page], axis=-1) for page in pages if page]
    if len({array.shape for array in whole}) > 1:
        raise ShapeError(
            say("The pages differ in size."),
            where=passage.source,
            expected=say("pages of the same rows and columns"),
        )
    if len(whole) == 1:
        return compact(whole[0])
    stacked = np.stack(whole)
    if counts and "," in counts[-1]:
        channels, samples = map(int, counts[-1].split(","))
        stacked = stacked.reshape(samples, channels, *stacked.shape[1:])
    return compact(stacked)


def _scaled(array: Array, scale: Any) -> Array:
    if array.dtype == object and not all(hasattr(cell, "as_integer_ratio") for cell in array.flat):
        raise FileError(
            say("A print with a common factor has too few digits to be marked."),
            found=say("a factor of {scale} above the numbers", scale=scale),
            fix=say("format long g prints each number whole; or save the matrix"),
        )
    return compact(exactly(array).astype(object) * scale)


def _parts(passage: Passage) -> list[tuple[Any, int, list[str]]]:
    """The lines between those that only say what follows, each with what stood above it."""
    parts: list[tuple[Any, int, list[str]]] = [(None, 0, [])]
    for k, line in enumerate(passage.plain):
        match = next(
            (m for p in (_SLICE, _COLUMNS, _SCALE, _MATRIX_WORDS) if (m := p.fullmatch(line))), None
        )
        if match:
            parts.append((match, k + 1, []))
        else:
            parts[-1][2].append(line)
    return parts


def _tight(passage: Passage) -> Passage:
    """The passage without the empty lines around and between its rows."""
    kept = [k for k, line in enumerate(passage.plain) if line.strip()]
    return Passage(
        passage.source,
        passage.first,
        [passage.plain[k] for k in kept],
        [passage.original[k] for k in kept],
    )
