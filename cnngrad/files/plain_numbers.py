"""Large texts of nothing but numbers, read all at once: rows of a table, or nested lists of JSON.

Whatever is not plainly such a text (words, quotes, exponents in a table, blank cells, rows of
unequal length) is left to the readers that look at every cell; both read the same numbers.
"""

import math
import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.decimals import DecimalArray, WrittenDecimals
from ..core.numbers import Array
from .dialect import dialect

LARGE = 20_000
"""Bytes from which a text is worth it."""
_WIDE = 64
"""Cells from which each row is read by itself."""
_INSIDE_NUMBERS = b"0123456789+-. "
_KINDS = bytes.maketrans(b"123456789+-.eE", b"0" * 14)
_BLANKS = (b" ", b"\t", b"\v", b"\f", b"\r")
_MOST_DIGITS = 2**63 - 1
_MOST_PLACES = 60


def plain_numbers(data: bytes) -> Any:
    """The array of a large text that holds nothing but numbers; None where it is no such text."""
    if len(data) < LARGE:
        return None
    head = data[:100].lstrip()[:1]
    return plain_list(data) if head == b"[" else plain_table(data)


def plain_table(data: bytes, large: int = LARGE) -> Any:
    r"""The matrix, or the channels and samples, of a large CSV text; None where it is not plain.

    >>> plain_table(b"1,2\n3,4\n", 0)
    array([[1, 2],
           [3, 4]])
    >>> plain_table(b"0.5,2\n3,4\n", 0)
    array([[Fraction(1, 2), 2],
           [3, 4]], dtype=object)
    >>> plain_table(b"1,x\n3,4\n", 0) is None
    True
    """
    said = dialect()
    if len(data) < large or said.decimal_mark == "," or said.header is True:
        return None
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    separator = _separator(data[:10_000])
    end = data.find(b"\n")
    if separator is None or end < 0:
        return None
    first = data[:end].removeprefix(b"\xef\xbb\xbf")
    if separator != b",":
        if b"," in data:
            return None
        data, first = data.replace(separator, b","), first.replace(separator, b",")
    width = first.count(b",") + 1
    counted = b",".join([b"%d" % k for k in range(width)])
    if first.replace(b" ", b"") == counted and said.header is None and b"." in data[end:][:1000]:
        return None  # perhaps a header, which is told
    if len(first) != end:
        data = data.removeprefix(b"\xef\xbb\xbf")
    whole = _wide_rows(data, width) if width >= _WIDE else None
    return _narrow_rows(data, width) if whole is None else whole


def _wide_rows(data: bytes, width: int) -> Any:
    """The array of rows that are read one by one; None where one is no row of plain numbers."""
    if _misread(data):
        return None
    lines = data.split(b"\n")
    del data
    while lines and not lines[-1]:
        lines.pop()
    kept = _grid([bool(line) for line in lines])
    if kept is None:
        return None
    shape = (*kept, width)
    rows = [line for line in lines if line]
    decimal = b"." in rows[0]
    values = np.empty((len(rows), width), np.int64)
    places = None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k, row in enumerate(rows):
            if decimal:
                same = _same_places(row, width)
                if same is None or places not in (None, same):
                    return None
                places, row = same, row.translate(None, b".")
            try:
                cells = np.fromstring(row, np.int64, sep=",")
            except (ValueError, DeprecationWarning):  # what is no number stops NumPy
                return None
            if cells.size != width or row.rstrip()[-1:] == b",":
                return None
            values[k] = cells
    if _saturated(values):
        return None
    values.flags.writeable = False  # so that nobody needs a copy
    array = values.reshape(shape)
    return array if places is None else DecimalArray(array, 10**places)


def _grid(filled: list[bool]) -> tuple[int, ...] | None:
    """Samples, channels and rows of lines, some of them blank; None where they differ in number.

    >>> _grid([True, True]), _grid([True, False, True]), _grid([True, False, False, True])
    ((2,), (2, 1), (2, 1, 1))
    """
    if all(filled):
        return (len(filled),)
    text = "".join("x" if line else " " for line in filled)
    samples = [sample.split(" ") for sample in re.split(" {2,}", text)]
    counts = {len(sample) for sample in samples}
    heights = {len(channel) for sample in samples for channel in sample}
    if len(counts) > 1 or len(heights) > 1 or 0 in heights:
        return None
    channels, height = counts.pop(), heights.pop()
    return (len(samples), channels, height) if len(samples) > 1 else (channels, height)


def _narrow_rows(data: bytes, width: int) -> Any:
    """The array of rows that are read some thousand at a time."""
    data = data.rstrip(b"\n")
    skeleton = data.translate(None, _INSIDE_NUMBERS)
    shape: tuple[int, ...] = (data.count(b"\n") + 1,)
    row = b"," * (width - 1) + b"\n"
    if b"\n\n" in data:
        lines = data.split(b"\n")
        kept = _grid([bool(line) for line in lines])
        if kept is None:
            return None
        shape, data = kept, b"\n".join([line for line in lines if line])
        del lines
        skeleton = data.translate(None, _INSIDE_NUMBERS)
    if skeleton != (row * math.prod(shape))[:-1]:
        return None
    del skeleton
    whole = _numbers(data.replace(b"\n", b","), width * math.prod(shape))
    return None if whole is None else whole.reshape(*shape, width)


def _separator(head: bytes) -> bytes | None:
    for sign in (b"\t", b";", b","):
        if sign in head:
            return sign
    return b"," if b" " not in head.strip() else None  # a single column


def plain_list(data: bytes, large: int = LARGE) -> Any:
    """The array of large nested lists of JSON; None where they are not plain, or ragged.

    >>> plain_list(b"[[1, 2], [3, 4]]", 0)
    array([[1, 2],
           [3, 4]])
    >>> plain_list(b"[[1, 2], [3]]", 0) is None
    True
    """
    if len(data) < large:
        return None
    skeleton = data.translate(None, _INSIDE_NUMBERS + b"eE\n\r\t")
    shape = _shape(skeleton)
    if shape is None:
        return None
    del skeleton
    kinds = data.translate(_KINDS, b" \n\r\t")
    if b"0[" in kinds or b"]0" in kinds:  # a number outside of its list
        return None
    del kinds
    size = math.prod(shape)
    cells = data.translate(None, b"[]")
    if cells[-1:].isspace():
        cells = cells.rstrip()
    numbers = _numbers(cells, size)
    if numbers is None:
        numbers = _numbers(_without_blanks(cells, size), size)
    return None if numbers is None else numbers.reshape(shape)


def _without_blanks(cells: bytes, size: int) -> bytes:
    """The cells without the blanks of indented JSON, unless a blank parts two numbers."""
    if len(cells.replace(b",", b" ").split()) != size:
        return b""
    return cells.translate(None, b" \n\r\t")


def _shape(skeleton: bytes) -> tuple[int, ...] | None:
    """The shape of nested lists by their brackets and commas alone; None where it has none."""
    axes = len(skeleton) - len(skeleton.lstrip(b"["))
    if not 1 <= axes <= 4:
        return None
    part, shape = skeleton[axes - 1 : skeleton.find(b"]") + 1], []
    shape.append(part.count(b",") + 1)
    if part != b"[" + b"," * (shape[0] - 1) + b"]":
        return None
    for depth in range(axes - 2, -1, -1):
        end = skeleton.find(b"]" * (axes - depth))
        whole = skeleton[depth : end + axes - depth]
        count, rest = divmod(len(whole) - 1, len(part) + 1)
        if rest or whole != b"[" + b",".join([part] * count) + b"]":
            return None
        shape.append(count)
        part = whole
    return tuple(reversed(shape)) if part == skeleton else None


def _numbers(cells: bytes, size: int) -> "Array | DecimalArray | None":
    """Numbers with commas between them, in one axis: int64, or exact decimals."""
    if b"e" in cells or b"E" in cells:
        written = _without_exponents(cells)
        if written is None:
            return None
        cells = written
    if b"." not in cells:
        return _integers(cells, size)
    signs = np.frombuffer(cells, np.uint8)
    if _strange(signs, signs == ord(",")):
        cells = _without_blanks(cells, size)
        signs = np.frombuffer(cells, np.uint8)
        if _strange(signs, signs == ord(",")):
            return None
    if (same := _same_places(cells, size)) is not None:
        integers = _integers(cells.translate(None, b"."), size)
        return None if integers is None else DecimalArray(integers, 10**same)
    places = _places(signs, size)
    del signs
    if places is None:
        return None
    most, least = int(places.max()), int(places.min())
    integers = _integers(cells.translate(None, b"."), size)
    if integers is None or most > _MOST_PLACES:
        return None
    largest = max(abs(int(integers.max())), abs(int(integers.min())))
    if most < 19 and largest * 10 ** (most - least) < _MOST_DIGITS:
        powers = np.array([10 ** (most - k) for k in range(most + 1)], np.int64)
        values = powers[places]
        values *= integers
        return DecimalArray(values, 10**most)
    return WrittenDecimals(integers, places, cells)


def _places(signs: Array, size: int) -> Array | None:
    """How many digits each number has behind its point; None where one has two points."""
    points = np.flatnonzero(signs == ord(".")).astype(np.int32)
    ends = np.append(np.flatnonzero(signs == ord(",")).astype(np.int32), np.int32(signs.size))
    if ends.size != size:
        return None
    if points.size == size:
        if (points > ends).any() or (points[1:] < ends[:-1]).any():
            return None
        ends -= points
        ends -= 1
        return ends
    owner = np.searchsorted(ends, points)
    if owner.size > 1 and (np.diff(owner) == 0).any():
        return None
    places = np.zeros(size, np.int32)
    places[owner] = ends[owner] - points - 1
    return places


def _same_places(cells: bytes, size: int) -> int | None:
    """How many digits every number has behind its point; None where they differ."""
    first = cells.partition(b",")[0].rstrip() if len(cells) < 1000 else cells[:1000].split(b",")[0]
    if b"." not in first:
        return None
    places = len(first) - first.index(b".") - 1
    shift = places + 1
    signs = np.frombuffer(cells, np.uint8)
    point, comma = signs == ord("."), signs == ord(",")
    if _strange(signs, comma):
        return None
    same = np.array_equal(comma[shift:], point[:-shift])  # a point stands just before each comma
    return places if same and point[-shift] and np.count_nonzero(point) == size else None


def _misread(cells: bytes) -> bool:
    """Whether there is a cell that NumPy would read though it holds no number.

    It reads a lone sign, and a blank before a comma, as 0.
    """
    signs = np.frombuffer(cells, np.uint8)
    minus = signs == ord("-")
    if b"+" in cells or minus[-1] or (minus[:-1] & (signs[1:] < ord("0"))).any():
        return True
    if not any(blank in cells for blank in _BLANKS):
        return False
    return _strange(signs, (signs == ord(",")) | (signs == ord("\n")))


def _strange(signs: Array, comma: Array) -> bool:
    """Whether a blank stands before a comma or the end, or what is no digit behind a point."""
    blank = signs <= ord(" ")
    if blank[-1:].any():
        return True
    found = blank[:-1]
    found &= comma[1:]
    if found.any():
        return True
    np.less(signs[1:], ord("0"), out=found)
    found &= signs[:-1] == ord(".")
    return bool(np.greater(found, comma[1:], out=found).any())  # a comma may follow a point


def _saturated(integers: Array) -> bool:
    """Whether a number was too large, which NumPy reads as the largest there is."""
    if not integers.size:
        return False
    return int(integers.max()) >= _MOST_DIGITS or int(integers.min()) <= -_MOST_DIGITS


def _integers(cells: bytes, size: int) -> Array | None:
    """Whole numbers with commas between them; None where anything else stands in the text."""
    if not cells or _misread(cells):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = np.fromstring(cells, np.int64, sep=",")
        except (ValueError, DeprecationWarning):  # what is no number stops NumPy
            return None
    if found.size != size or cells.rstrip()[-1:] == b",":
        return None
    if _saturated(found):
        return None
    found.flags.writeable = False  # so that nobody needs a copy
    return found


_WITH_EXPONENT = re.compile(rb"[^,]*[eE][^,]*")


def _without_exponents(cells: bytes) -> bytes | None:
    """The same numbers written without exponents, such as the 1e-05 of a float's print."""
    from decimal import Decimal, InvalidOperation

    def written(match: "re.Match[bytes]") -> bytes:
        value = Decimal(match[0].decode().strip())
        if abs(value.adjusted()) > _MOST_PLACES:
            raise InvalidOperation
        return f"{value:f}".encode()

    try:
        return b",".join(
            [
                _WITH_EXPONENT.sub(written, part) if b"e" in part or b"E" in part else part
                for part in _pieces(cells)
            ]
        )
    except InvalidOperation:
        return None


def _pieces(cells: bytes, size: int = 100) -> Sequence[bytes]:
    """The cells in pieces of some bytes, so that few are searched for an exponent."""
    pieces, start = [], 0
    while start < len(cells):
        end = cells.find(b",", start + size)
        end = len(cells) if end < 0 else end
        pieces.append(cells[start:end])
        start = end + 1
    if cells.endswith(b","):
        pieces.append(b"")
    return pieces
