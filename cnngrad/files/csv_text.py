"""Matrices as lines of text: comma, semicolon, tab or blanks between the cells.

In one line a semicolon ends a row, and a comma stands between cells. In several lines a semicolon
stands between cells, and a comma inside such a cell is the decimal mark. A blank line, or a line
of separators alone, starts the next channel, two of them the next sample (or filter).
"""

import re
from collections.abc import Callable
from typing import Any

from ..core.errors import CnngradError, NumberError, ShapeError
from ..core.numbers import Array, compact, filled
from ..core.text import Count, say, series
from .dialect import dialect, guessed
from .forms.passage import Passage, Row
from .forms.table_header import without_header

_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*")
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*')


Samples = list[list[list[Row]]]


def read_lines(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read a matrix, channels of it, or a batch.

    Parameters
    ----------
    passage
        The lines.
    number
        Reads a single cell.

    Raises
    ------
    NumberError
        A cell holds no number; line and cell are named.
    ShapeError
        Rows or channels differ in length, or there are no numbers.
    """
    return array_of_rows(passage, *_rows(passage, number), number)


def array_of_rows(
    passage: Passage, samples: Samples, decimal_comma: bool, number: Callable[[str], Any]
) -> Array:
    """The array of rows that a reader has found; raises as `read_lines` does."""
    if not samples:
        raise ShapeError(
            say("There are no numbers."), where=passage.source, found=say("only comments")
        )
    shape = _shape(samples, passage)
    cells = []
    for sample in samples:
        for channel in sample:
            for row in channel:
                for k, cell in enumerate(row.cells):
                    try:
                        cells.append(number(cell.replace(",", ".") if decimal_comma else cell))
                    except NumberError as error:
                        raise _told(error, passage, row, k) from None
    return compact(filled(cells, shape))


def _told(error: NumberError, passage: Passage, row: Row, k: int) -> CnngradError:
    cell = row.cells[k]
    column = row.columns[k] if k < len(row.columns) else 0
    error.source = passage.pointed(row.line, column, len(cell))
    error.fix = error.fix or _fix(cell)
    return error.at(passage.cell(row.line, k))


def _fix(cell: str) -> str:
    """What is probably meant by a cell that holds more than one number."""
    parts = cell.split()
    if len(parts) < 2:
        if _DECIMAL_COMMA.fullmatch(cell):
            return say("a decimal has a point, as 0.11; or say --decimal-mark ,")
        return ""
    if all(part.replace(".", "").lstrip("+-").isdigit() for part in parts):
        return say(
            "separate cells in one way; a decimal has a point, as 0.11, unless --decimal-mark ,"
            " is given"
        )
    return say("separate cells in one way")


def _rows(passage: Passage, number: Callable[[str], Any]) -> tuple[Samples, bool]:
    """Samples of channels of rows, and whether a comma is the decimal mark in them."""
    lines = [line.partition("#")[0] for line in passage.plain]
    start, forced = 0, ""
    for k, line in enumerate(lines):
        if line.strip():
            if match := _SEP_LINE.fullmatch(line):
                start, forced = k + 1, match[1]
            break
    filled_lines = [k for k in range(start, len(lines)) if lines[k].strip()]
    if not filled_lines:
        return [], False
    if len(filled_lines) == 1 and not forced and not _one_row(lines[filled_lines[0]]):
        return _in_one_line(passage, filled_lines[0], lines[filled_lines[0]])
    said = dialect().decimal_mark
    delimiter, decimal_comma = forced or _delimiter([lines[k] for k in filled_lines]), False
    if delimiter == "rows":  # a semicolon at the end of each row, as in MATLAB
        lines = [line.rstrip().removesuffix(";") for line in lines]
        delimiter = _delimiter([lines[k] for k in filled_lines])
    rows = [
        split(k, line, delimiter)
        for k in filled_lines
        for line in (lines[k].split(";") if delimiter == "," and said == "." else [lines[k]])
        if line.strip()
    ]
    decimal_comma = _decimal_commas(passage, rows)
    body = _without_trailing([row for row in rows if any(row.cells)])
    body = without_header(passage, body, number, decimal_comma)
    kept: dict[int, list[Row]] = {}
    for row in body:
        kept.setdefault(row.line, []).append(row)
    empty = {row.line for row in rows if not any(row.cells)}
    return _blocks(passage, kept, empty, start), decimal_comma


def _one_row(line: str) -> bool:
    """Whether a text of one line is a row whose cells a person has said to hold decimal commas."""
    parts = line.strip().strip(";").split(";")
    return (
        dialect().decimal_mark == ","
        and len(parts) > 1
        and all(_DECIMAL_COMMA.fullmatch(part) or part.strip().isdigit() for part in parts)
    )


def _in_one_line(passage: Passage, k: int, line: str) -> tuple[Samples, bool]:
    """Rows that `;` ends, in one line; `;;` starts the next channel, `;;;` the next sample."""
    parts: list[tuple[int, str]] = []
    offset = 0
    for part in line.split(";"):
        parts.append((offset, part))
        offset += len(part) + 1
    while parts and not parts[-1][1].strip():
        parts.pop()
    while parts and not parts[0][1].strip():
        parts.pop(0)
    comma = dialect().decimal_mark != "," and any("," in part for _, part in parts)
    tab = not comma and all("\t" in part for _, part in parts if part.strip())
    delimiter = "," if comma else "\t" if tab else " "
    samples: Samples = []
    blanks = 2
    for offset, part in parts:
        if not part.strip():
            blanks += 1
            continue
        row = split(k, part, delimiter)
        row.columns = [column + offset for column in row.columns]
        if blanks > 1:
            samples.append([[]])
        elif blanks == 1:
            samples[-1].append([])
        blanks = 0
        samples[-1][-1].append(row)
    rows = [row for sample in samples for channel in sample for row in channel]
    _without_trailing(rows)
    if dialect().decimal_mark is None and len(rows) > 1:
        _tell_in_one_line(passage, [part for _, part in parts if part.strip()], rows)
    return samples, dialect().decimal_mark == ","


def _tell_in_one_line(passage: Passage, parts: list[str], rows: list[Row]) -> None:
    if all(_DECIMAL_COMMA.fullmatch(part) for part in parts):
        guessed(
            say(
                "{source}: the comma stands between cells, {cells}; --decimal-mark , reads"
                " {decimal}",
                source=passage.source,
                cells=series([" ".join(row.cells) for row in rows[:3]], "; "),
                decimal=" ".join([part.strip().replace(",", ".") for part in parts[:3]]),
            )
        )
    elif all(len(row.cells) == 1 for row in rows):
        guessed(
            say(
                "{source}: a semicolon ends a row, so these are {rows} rows of one cell; a row is"
                " written with blanks, as {cells}",
                source=passage.source,
                rows=len(rows),
                cells=" ".join([row.cells[0] for row in rows[:3]]),
            )
        )


def _delimiter(lines: list[str]) -> str:
    """What stands between the cells of several lines; `rows` where `;` only ends each row."""
    said = dialect().decimal_mark
    text = "\n".join(lines)
    if "\t" in text:
        return "\t"
    if ";" in text:
        inner = [line.rstrip().removesuffix(";") for line in lines]
        if not any(";" in line for line in inner):
            cells = [cell for line in inner for cell in line.split(";")]
            single = all(_DECIMAL_COMMA.fullmatch(c) or len(_words(c)) == 1 for c in cells)
            if not single:
                return "rows"
        if said == "." and "," in text:
            return ","
        return ";"
    if "," in text and said != ",":
        return ","
    if '"' in text and '","' in text:
        return ","
    return " "


def _words(cell: str) -> list[str]:
    return cell.replace(",", " ").split()


def split(k: int, line: str, delimiter: str) -> Row:
    """The cells of a line, those in quotes without them, and where each begins."""
    if delimiter == " ":
        found = list(re.finditer(r'"[^"]*"|\S+', line))
        row = Row(k, [m[0] for m in found], [m.start() for m in found])
    elif '"' in line:
        row = Row(k, [], [])
        cell = re.compile(rf'\s*"(?:[^"]|"")*"\s*(?={re.escape(delimiter)}|$)|[^{delimiter}]*')
        at = 0
        while True:
            match = cell.match(line, at)
            assert match is not None  # the second form matches nothing too
            row.cells.append(match[0])
            row.columns.append(at + len(match[0]) - len(match[0].lstrip()))
            at = match.end() + 1
            if at > len(line):
                break
    else:
        row, at = Row(k, [], []), 0
        for cell_text in line.split(delimiter):
            row.cells.append(cell_text)
            row.columns.append(at + len(cell_text) - len(cell_text.lstrip()))
            at += len(cell_text) + 1
    for index, cell_text in enumerate(row.cells):
        if match := _QUOTED.fullmatch(cell_text):
            row.quoted.add(index)
            row.cells[index] = match[1].replace('""', '"').strip()
        else:
            row.cells[index] = cell_text.strip()
    return row


def _decimal_commas(passage: Passage, rows: list[Row]) -> bool:
    """Whether a comma inside a cell is its decimal mark; told where nobody has said so."""
    said = dialect().decimal_mark
    if said is not None:
        return said == ","
    for row in rows:
        for cell in row.cells:
            if "," in cell and _DECIMAL_COMMA.fullmatch(cell):
                guessed(
                    say(
                        "{source}: {cell} is read as {decimal}, with a decimal comma;"
                        " --decimal-mark . reads a comma between cells",
                        source=passage.source,
                        cell=cell,
                        decimal=cell.replace(",", "."),
                    )
                )
                return True
    return False


def _without_trailing(rows: list[Row]) -> list[Row]:
    """The rows without a separator that every one of them ends with."""
    while rows and all(len(row.cells) > 1 and not row.cells[-1] for row in rows):
        for row in rows:
            row.cells.pop()
    return rows


def _blocks(passage: Passage, kept: dict[int, list[Row]], empty: set[int], start: int) -> Samples:
    samples: Samples = []
    blanks = 2
    for k in range(start, len(passage.plain)):
        if k in kept:
            if blanks > 1 or not samples:
                samples.append([[]])
            elif blanks == 1:
                samples[-1].append([])
            blanks = 0
            samples[-1][-1].extend(kept[k])
        elif k in empty or not passage.plain[k].strip():
            blanks += 1
    return samples


def _shape(samples: Samples, passage: Passage) -> tuple[int, ...]:
    first = samples[0][0]
    width, height, channels = len(first[0].cells), len(first), len(samples[0])
    for sample in samples:
        for channel in sample:
            for row in channel:
                if len(row.cells) != width:
                    raise ShapeError(
                        say("The rows differ in length."),
                        where=passage.line(row.line),
                        source=passage.original[row.line].strip()[:200],
                        found=say("{count:# cell|# cells}", count=Count(len(row.cells))),
                        expected=say(
                            "{count}, as in line {line}",
                            count=width,
                            line=passage.first + first[0].line,
                        ),
                    )
            if len(channel) != height:
                raise ShapeError(
                    say("The channels differ in height."),
                    where=say(
                        "{source}, the channel that starts at line {line}",
                        source=passage.source,
                        line=passage.first + channel[0].line,
                    ),
                    found=say("{count:# row|# rows}", count=Count(len(channel))),
                    expected=say("{count}, as in the first channel", count=height),
                    fix=say("a blank line starts the next channel; is one missing or too much?"),
                )
        if len(sample) != channels:
            raise ShapeError(
                say("The samples differ in their number of channels."),
                where=say(
                    "{source}, the sample that starts at line {line}",
                    source=passage.source,
                    line=passage.first + sample[0][0].line,
                ),
                found=say("{count:# channel|# channels}", count=Count(len(sample))),
                expected=say("{count}, as in the first sample", count=channels),
                fix=say("two blank lines start the next sample, one the next channel"),
            )
    if len(samples) > 1:
        return len(samples), channels, height, width
    return (channels, height, width) if channels > 1 else (height, width)
