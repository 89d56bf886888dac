"""JSON: numbers as they are written, and nested lists as arrays."""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np

from ..core.errors import CnngradError, FileError, NumberError, ShapeError
from ..core.numbers import Array, Number, compact, filled, parse
from ..core.text import Count, say
from .dialect import dialect
from .forms.passage import pointed
from .plain_numbers import LARGE, plain_list
from .source import Source

_LONG_LIST = re.compile(r"(:\s*)(\[[\[\]0-9eE.,+\-\s]{2000,}\])")
"""The value of a key that is nothing but numbers, commas and brackets."""
_MARK = "\\u0000"


class BrokenJsonError(FileError):
    """A text is no JSON."""


def read_json(
    source: Source,
    number: Callable[[str], Any] | None = parse,
    notes: list[str] | None = None,
) -> Any:
    """Read JSON; decimals become fractions, so that nothing is rounded.

    Parameters
    ----------
    source
        The text.
    number
        Reads a single number; None reads decimals as floats, which is quick.
    notes
        Where it is told that a key stands twice, and that the last counts; unless given, that
        is refused.

    Raises
    ------
    FileError
        It is no JSON (with line and column), nested too deeply, or a key stands twice.
    NumberError
        A number is not finite or out of range.
    """
    import json

    text = source.text()
    if number is parse and len(source.data) > LARGE:
        with suppress(json.JSONDecodeError, CnngradError, RecursionError):
            return _with_arrays(text)
    try:
        return json.loads(
            text,
            parse_float=number,
            parse_int=number,
            parse_constant=number or parse,
            object_pairs_hook=lambda pairs: _without_twins(pairs, notes),
        )
    except json.JSONDecodeError as error:
        lines = text.split("\n")
        line = lines[error.lineno - 1] if lines[error.lineno - 1 :] else ""
        raise BrokenJsonError(
            say("The JSON is broken."),
            where=say(
                "{source}, line {line}, column {column}",
                source=source.name,
                line=error.lineno,
                column=error.colno,
            ),
            source=pointed(line, error.colno - 1, 1),
            found=_what_is_wrong(error.msg),
        ) from None
    except RecursionError:
        raise FileError(
            say("The JSON is nested too deeply."),
            where=source.name,
            expected=say("at most 4 levels"),
        ) from None
    except CnngradError as error:
        raise error.at(_place(text, error.found, source.name)) from None


def _with_arrays(text: str) -> Any:
    """JSON whose long lists of numbers are arrays at once.

    Each is cut out and read by itself; a mark stands in its place for the reader of the rest. In
    a string the mark breaks the JSON, which is then read in the usual way.
    """
    import json

    arrays: list[Any] = []

    def cut(match: re.Match[str]) -> str:
        array = plain_list(match[2].encode(), 0)
        if array is None:
            return match[0]
        arrays.append(array)
        return f'{match[1]}{{"{_MARK}": {len(arrays) - 1}}}'

    def put_back(pairs: list[tuple[str, Any]]) -> Any:
        if len(pairs) == 1 and pairs[0][0] == "\0":
            return arrays[int(pairs[0][1])]
        return _without_twins(pairs, None)

    if _MARK in text:
        raise FileError(say("The JSON holds a mark of this program."))
    rest = _LONG_LIST.sub(cut, text)
    return json.loads(
        rest,
        parse_float=parse,
        parse_int=parse,
        parse_constant=parse,
        object_pairs_hook=put_back,
    )


def _what_is_wrong(message: str) -> str:
    return message[:1].lower() + message[1:]


def _place(text: str, token: str, name: str) -> str:
    match = re.search(re.escape(token), text) if token else None
    if match is None:
        return name
    line = text.count("\n", 0, match.start()) + 1
    return say(
        "{source}, line {line}, column {column}",
        source=name,
        line=line,
        column=match.start() - text.rfind("\n", 0, match.start()),
    )


def _without_twins(pairs: list[tuple[str, Any]], notes: list[str] | None) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key, value in pairs:
        if key in known and notes is None:
            raise FileError(
                say("A key stands twice."), found=f'"{key}"', fix=say("keep one of them")
            )
        if key in known and notes is not None:
            notes.append(say("{key} stands twice, and the last counts", key=key))
        known[key] = value
    return known


def plain_array(data: list[Any]) -> Array | None:
    """Nested lists of plain finite numbers as an array, quickly; None where they are no such.

    >>> plain_array([[1, 2], [3, 4.5]])
    array([[1. , 2. ],
           [3. , 4.5]])
    >>> plain_array([1, True]), plain_array([[1], [2, 3]])
    (None, None)
    """
    shape: list[int] = []
    level: list[Any] = [data]
    while (kinds := set(map(type, level))) == {list}:
        lengths = set(map(len, level))
        if len(lengths) > 1 or lengths == {0}:
            return None
        shape += lengths
        level = list(chain.from_iterable(level))
    if not kinds <= {int, float} or len(shape) > 4:
        return None
    try:
        array = np.array(level, float if float in kinds else np.int64).reshape(shape)
    except OverflowError:
        return None
    return array if np.isfinite(array).all() else None


def nested_array(data: object, name: str, number: Callable[[str], Any] = parse) -> Array:
    """Nested lists of numbers as an array; a string such as "1/3" is a number too.

    Parameters
    ----------
    data
        What `read_json` gave.
    name
        What the matrix is called.
    number
        Reads a number from a string.

    Raises
    ------
    NumberError
        A cell holds no number; its index is named.
    ShapeError
        The lists are ragged, or nested deeper than four levels.

    Examples
    --------
    >>> nested_array([[1, "1/2"]], "dZ")
    array([[1, Fraction(1, 2)]], dtype=object)
    """
    if hasattr(data, "tolist"):
        return data  # type: ignore[return-value]  # an array already
    shape: list[int] = []
    first: object = data
    while isinstance(first, list):
        shape.append(len(first))
        if len(shape) > 4:
            raise ShapeError(
                say("{name} has more than four axes.", name=name),
                found=say("lists nested five deep or more"),
                expected=say("at most four: samples, channels, rows, columns"),
            )
        first = first[0] if first else None
    if 0 in shape:
        raise ShapeError(say("{name} is empty.", name=name), expected=say("at least one number"))
    cells: list[Number] = []
    _collect(data, name, tuple(shape), cells, number)
    return compact(filled(cells, tuple(shape)))


def _collect(
    data: object,
    place: str,
    shape: tuple[int, ...],
    cells: list[Number],
    number: Callable[[str], Any],
) -> None:
    if not shape:
        cells.append(_number(data, place, number))
        return
    if not isinstance(data, list) or len(data) != shape[0]:
        raise ShapeError(
            say("The lists are ragged."),
            where=place,
            found=say("{count:# cell|# cells}", count=Count(len(data)))
            if isinstance(data, list)
            else _kind(data),
            expected=say(
                "a list of {count:# cell|# cells}, as in the first one", count=Count(shape[0])
            ),
        )
    for k, cell in enumerate(data):
        _collect(cell, f"{place}[{k}]", shape[1:], cells, number)


def _number(cell: object, place: str, number: Callable[[str], Any]) -> Number:
    if isinstance(cell, str):
        try:
            comma = dialect().decimal_mark == ","
            read: Number = number(cell.replace(",", ".") if comma else cell)
            return read
        except NumberError as error:
            raise error.at(place) from None
    if isinstance(cell, (bool, list, dict)) or cell is None:
        raise (ShapeError if isinstance(cell, list) else NumberError)(
            "A cell holds no number.",
            where=place,
            found=_kind(cell),
            expected='a number, or a string such as "1/3"',
        )
    return cell  # type: ignore[return-value]  # what remains is what `number` made


def _kind(value: object) -> str:
    """What a JSON value is, in JSON's own words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    for kind, word in ((list, "a list"), (dict, "an object"), (str, "a string")):
        if isinstance(value, kind):
            return word
    return f"the number {value}"
