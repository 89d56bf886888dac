"""Octave's text format, as `save` writes it: matrices by name, whole numbers in column order."""

import math
import re
from collections.abc import Callable
from typing import Any

from ...core.errors import FileError, NumberError, ShapeError
from ...core.numbers import Array, compact, filled
from ...core.shapes import by
from ...core.text import Count, say
from .passage import Passage

_FACT = re.compile(r"\s*[#%]\s*(name|type|rows|columns|ndims|dims)\s*:\s*(.*?)\s*$")


_MOST_CELLS = 20_000_000


def _size(text: str, passage: Passage) -> int:
    """A number of rows, columns or axes."""
    if not text.isascii() or not text.isdecimal():
        raise FileError(
            say("The size of the matrix cannot be read."),
            where=passage.source,
            found=say('"{text}"', text=text[:30]),
            expected=say("a whole number, as Octave writes it"),
        )
    return int(text[:12])


def is_octave(text: str) -> bool:
    """Whether a text is in Octave's text format.

    >>> is_octave("# name: A" + chr(10) + "# type: matrix"), is_octave("# a comment")
    (True, False)
    """
    return re.search(r"^\s*[#%]\s*type\s*:", text, re.MULTILINE) is not None


def name_in(line: str) -> str:
    """The name of a matrix that begins with this line; empty if none does."""
    match = _FACT.match(line)
    return match[2] if match and match[1] == "name" else ""


def read_octave(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read one matrix of a file in Octave's text format.

    A matrix of two axes stands row by row; an array with `ndims`, as all integer types have,
    stands column by column.

    Parameters
    ----------
    passage
        The lines from the name of the matrix to the next name.
    number
        Reads a single cell.

    Raises
    ------
    FileError
        It holds something else than numbers.
    ShapeError
        It has fewer or more numbers than it says.
    """
    facts: dict[str, str] = {}
    words: list[tuple[int, re.Match[str]]] = []
    for k, line in enumerate(passage.plain):
        if match := _FACT.match(line):
            facts.setdefault(match[1], match[2])
        elif not line.lstrip().startswith(("#", "%")):
            words.extend((k, found) for found in re.finditer(r"\S+", line))
    kind = facts.get("type", "")
    if not re.fullmatch(r"(?:u?int\d+ |float )?(?:matrix|scalar)|diagonal matrix", kind):
        raise FileError(
            say("This variable of Octave holds no plain matrix."),
            where=passage.source,
            found=say('type "{kind}"', kind=kind),
            expected=say("a matrix or a scalar of numbers"),
            fix=say("full(x) makes a full matrix, double(x) numbers"),
        )
    if "ndims" in facts:
        axes = _size(facts["ndims"], passage)
        shape = tuple(_size(match[0], passage) for _, match in words[:axes])
        words = words[axes:]
    elif "scalar" in kind:
        shape = (1, 1)
    else:
        shape = tuple(_size(facts.get(axis, ""), passage) for axis in ("rows", "columns"))
    size = math.prod(shape)
    if len(shape) > 4 or size > _MOST_CELLS:
        raise ShapeError(
            say("The matrix is too large, or has more than four axes."),
            where=passage.source,
            found=by(shape),
        )
    given = min(shape) if kind == "diagonal matrix" else size
    if given != len(words) or size == 0:
        raise ShapeError(
            say("The matrix is not whole."),
            where=passage.source,
            found=say("{count:# number|# numbers}", count=Count(len(words))),
            expected=say("{count:# number|# numbers}, as it says", count=Count(given)),
        )
    cells = []
    for k, match in words:
        try:
            cells.append(number(match[0]))
        except NumberError as error:
            error.source = passage.pointed(k, match.start(), len(match[0]))
            raise error.at(passage.line(k)) from None
    if kind == "diagonal matrix":
        zero, diagonal = number("0"), cells
        cells = [zero] * size
        for k, value in enumerate(diagonal):
            cells[k * shape[1] + k] = value
    if "ndims" not in facts:
        return compact(filled(cells, shape))
    return compact(filled(cells, shape[::-1]).transpose())
