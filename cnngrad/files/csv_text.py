"""Matrices as lines of text: comma, semicolon, tab or blanks between the cells.

A blank line starts the next channel, two blank lines the next sample (or filter);
`#` starts a comment.
"""

import re
from collections.abc import Callable
from typing import Any

from ..core.errors import NumberError, ShapeError
from ..core.numbers import Array, compact, filled, parse
from ..core.text import Count, say
from .source import STDIN, Source

Row = tuple[int, str, list[str]]


def read_csv(source: Source, number: Callable[[str], Any] = parse) -> Array:
    """Read a matrix, channels of it, or a batch.

    Parameters
    ----------
    source
        The text.
    number
        Reads a single cell.

    Raises
    ------
    NumberError
        A cell holds no number; line and cell are named.
    ShapeError
        Rows or channels differ in length, or there are no numbers.
    """
    delimiter, samples = _blocks(source)
    if not samples:
        raise ShapeError(
            say("There are no numbers."), where=source.name, found=say("only comments")
        )
    cells, shape = [], _shape(samples, source.name)
    for sample in samples:
        for channel in sample:
            for line, text, row in channel:
                for k, cell in enumerate(row):
                    try:
                        cells.append(number(cell))
                    except NumberError as error:
                        error.source = _pointed(text, k, cell, delimiter)
                        error.fix = error.fix or _fix(cell, delimiter)
                        raise error.at(f"{source.name}, line {line}, cell {k + 1}") from None
    return compact(filled(cells, shape))


def _blocks(source: Source) -> tuple[str, list[list[list[Row]]]]:
    """What stands between cells, and samples of channels of rows."""
    text = source.text()
    lines = [line.partition("#")[0] for line in text.splitlines()]
    delimiter = _delimiter("\n".join(lines))
    samples: list[list[list[Row]]] = []
    blanks = 2
    for number, (line, original) in enumerate(zip(lines, text.splitlines(), strict=True), 1):
        if not line.strip():
            blanks += not original.lstrip().startswith("#")
            continue
        if blanks > 1 or not samples:
            samples.append([[]])
        elif blanks == 1:
            samples[-1].append([])
        blanks = 0
        samples[-1][-1].append((number, original, _cells(line, delimiter)))
    return delimiter, samples


def _delimiter(text: str) -> str:
    for delimiter in "\t;,":
        if delimiter in text:
            return delimiter
    return " "


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    cells = [cell.strip() for cell in _split(line, delimiter)]
    if delimiter != ",":  # spreadsheets that write 2,5 for 2.5 separate cells otherwise
        cells = [re.sub(r"(?<=\d),(?=\d)", ".", cell, count=1) for cell in cells]
    return cells


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    import csv

    csv.field_size_limit(max(len(line), 1))  # of a file, which is not too large, any cell may be
    return next(csv.reader([line], delimiter=delimiter))


def _shape(samples: list[list[list[Row]]], name: str) -> tuple[int, ...]:
    first = samples[0][0]
    width, height, channels = len(first[0][2]), len(first), len(samples[0])
    for sample in samples:
        for channel in sample:
            for line, text, row in channel:
                if len(row) != width:
                    raise ShapeError(
                        say("The rows differ in length."),
                        where=say("{name}, line {line}", name=name, line=line),
                        source=text,
                        found=f"{Count(len(row)):# cell|# cells}",
                        expected=say("{width}, as in line {line}", width=width, line=first[0][0]),
                    )
            if len(channel) != height:
                raise ShapeError(
                    say("The channels differ in height."),
                    where=say(
                        "{name}, the channel that starts at line {line}",
                        name=name,
                        line=channel[0][0],
                    ),
                    found=f"{Count(len(channel)):# row|# rows}",
                    expected=say("{height}, as in the first channel", height=height),
                    fix=say("a blank line starts the next channel; is one missing or too much?"),
                )
        if len(sample) != channels:
            raise ShapeError(
                say("The samples differ in their number of channels."),
                where=say(
                    "{name}, the sample that starts at line {line}", name=name, line=sample[0][0][0]
                ),
                found=f"{Count(len(sample)):# channel|# channels}",
                expected=say("{channels}, as in the first sample", channels=channels),
                fix=say("two blank lines start the next sample, one the next channel"),
            )
    if len(samples) > 1:
        return len(samples), channels, height, width
    return (channels, height, width) if channels > 1 else (height, width)


def _fix(cell: str, delimiter: str) -> str:
    """What is probably meant by a cell that holds two numbers."""
    if len(cell.split()) < 2:
        return ""
    if delimiter == ",":
        return "separate cells in one way; a decimal has a point, as 0.11"
    return "in a file a semicolon separates cells; put each row on a line of its own"


def _pointed(text: str, k: int, cell: str, delimiter: str) -> str:
    """The line with a caret under its cell `k`; a long line is cut around it."""
    if delimiter == " ":
        column = [match.start() for match in re.finditer(r"\S+", text)][k]
    elif '"' in text:
        column = max(text.find(cell), 0)
    else:
        before, part = text.split(delimiter)[:k], text.split(delimiter)[k]
        column = sum(len(part) + 1 for part in before) + len(part) - len(part.lstrip())
    text = text.replace("\t", " ").rstrip()
    start = max(column - 30, 0)
    return f"{text[start : start + 60]}\n{' ' * (column - start)}{'^' * max(min(len(cell), 30), 1)}"


def is_inline(source: Source) -> bool:
    """Whether standard input is written as on the command line: one line, rows ended by `;`."""
    if source.name != STDIN:
        return False
    text = source.text().strip()
    rows = text.split(";")
    return "\n" not in text and len(rows) > 1 and any(len(row.split()) > 1 for row in rows)


def inline(text: str) -> str:
    r"""Numbers from the command line, as the lines of a file: `;` ends a row.

    >>> inline("-1 -2; -3 -4")
    '-1 -2\n-3 -4'
    """
    return "\n".join(row.strip() for row in text.strip().strip(";").split(";"))
