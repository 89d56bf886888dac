"""Reading an answer: what was handed in, with the decimals that the student wrote."""

import json
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import CnngradError, FileError, NumberError, UsageError, nearest
from ..core.numbers import Array, Number, as_array, compact, filled, nearest_float, parse
from ..core.punctuation import plain_signs
from ..core.text import message, say, series
from ..core.trace import Index
from ..diagnosis.answer_matrix import (
    EXACT,
    MACHINE,
    MACHINE_DIGITS,
    NOT_FILLED_IN,
    SINGLE,
    AnswerMatrix,
    WrittenNumber,
)
from ..files.arrays import array_of, text_of
from ..files.json_text import BrokenJsonError, nested_array, read_json
from ..files.source import ARRAYS, AbsentError, Source, open_source
from ..files.text_matrix import begins_as_json, passages, read_after_json, read_passage
from .network_answers import of_input, of_layers
from .outsized import refuse_outsized

_NOTHING = " _?…–—-."
"""What people leave, or put, where they have no number."""
_DECIMAL_COMMA = re.compile(r"\s*[+\-\N{MINUS SIGN}]?\d+,\d+\s*")
COMMA = message("write {point}: decimals stand behind a point")

_MACHINE_DIGITS = {4: 7, 8: 12}
"""By the bytes of a float: as many digits are no person's rounding."""
_SINGLE_DIGITS = range(7, 10)
"""So many digits a float32 is printed with."""
_READ_DIGIT_BY_DIGIT = 50_000
_SHORT = 18


class UnnamedError(UsageError):
    """A single matrix does not say which result it is."""


Answer = dict[str, AnswerMatrix]
"""What was handed in, by the name of the gradient."""


def written(text: str, bytes_of_float: int = 8) -> WrittenNumber:
    """Read a number and keep how precisely it was written.

    >>> from cnngrad.diagnosis.answer_matrix import BLANK
    >>> written("0.60").decimals, written("5/8").decimals, written("-7").decimals
    (2, -1, -1)
    >>> written("0.3333333333333333").decimals == MACHINE, written(" _ ").decimals == BLANK
    (True, True)
    """
    if not text.isascii():
        text = plain_signs(text)
    if text.removeprefix("-").isdecimal() and len(text) < _SHORT:  # `parse` takes its time
        return WrittenNumber(int(text), EXACT)
    try:
        value = parse(text)
    except NumberError as error:
        if not text.strip(_NOTHING):
            return NOT_FILLED_IN
        if _DECIMAL_COMMA.fullmatch(text):
            error.fix = say(COMMA, point=text.strip().replace(",", "."))
        raise
    mantissa, _, exponent = text.strip().lower().partition("e")
    digits = mantissa.partition(".")[2]
    if "/" in text or not (digits or exponent):
        return WrittenNumber(value, EXACT)
    significant = len(mantissa.replace(".", "").lstrip("+-\N{MINUS SIGN}0"))
    decimals = len(digits) - int(exponent or 0)
    of_a_float = significant <= MACHINE_DIGITS or _spelt_out(value, decimals)
    if significant >= _MACHINE_DIGITS[bytes_of_float] and of_a_float:
        return WrittenNumber(value, MACHINE)
    if decimals <= 0 and significant in _SINGLE_DIGITS:
        return WrittenNumber(value, SINGLE)
    return WrittenNumber(value, decimals if decimals > 0 else EXACT)


def _spelt_out(value: Number, decimals: int) -> bool:
    """Whether more digits than a float has are those of a float, as C prints them when asked."""
    near = nearest_float(value)
    return isfinite(near) and round(Fraction(near), decimals) == value


def answer_matrix_of(data: object) -> AnswerMatrix:
    """An array, or nested lists, as a sheet.

    >>> answer_matrix_of([[1.5, 2.25]]).decimals
    array([[1, 2]], dtype=int16)
    """
    array = as_array(data)
    if array.dtype.kind != "f":
        return AnswerMatrix(array)
    if array.size > _READ_DIGIT_BY_DIGIT:
        return AnswerMatrix(array, np.full(array.shape, MACHINE, np.int16))
    size = max(array.itemsize, 4)
    cells = [written(str(cell.item() if size == 8 else cell), size) for cell in array.flat]
    return answer_matrix_of_cells(filled(cells, array.shape))


def answer_matrix_of_cells(cells: Array) -> AnswerMatrix:
    """An array of what `written` gave, split into values and decimals."""
    known = cells.ravel().tolist()
    values = compact(filled([cell.value for cell in known], cells.shape))
    decimals = [cell.decimals for cell in known]
    if all(count == EXACT for count in decimals):
        return AnswerMatrix(values)
    return AnswerMatrix(values, np.array(decimals, np.int16).reshape(cells.shape))


def read_answer(
    given: str,
    names: Iterable[str],
    gradient: str | None = None,
    option: str = "the answer",
    shapes: Mapping[str, Index] | None = None,
) -> Answer:
    """Read an answer from a file, from standard input (`-`), or from the text itself.

    Parameters
    ----------
    given
        A JSON object with any of the names; or one matrix as JSON, CSV, NPY or numbers.
    names
        The results that the problem has.
    gradient
        Which of them a single matrix is; or the only one that is wanted of an object.
    option
        What to call inline numbers in a message.
    shapes
        Of the results, where what is far too large is to be refused before it is read.

    Raises
    ------
    CnngradError
        It cannot be read, or does not say which result it is.
    """
    names = list(names)
    try:
        source = open_source(given, option)
        if shapes is not None:
            refuse_outsized(source, shapes)
        return answer_of(source, names, gradient)
    except UnnamedError as error:
        error.expected = say(
            "--gradient {first}, or another of {names}", first=names[0], names=series(names)
        )
        error.fix = say("or {fix}", fix=error.fix)
        raise


class _Reader(NamedTuple):
    """How an answer is read: as it stands, or with what cannot be used left out and told."""

    names: list[str]
    gradient: str | None
    notes: list[str] | None = None
    """What was left out; None where that is refused."""

    def number(self, text: str) -> WrittenNumber:
        """A cell; one that holds no number counts as not filled in."""
        try:
            return written(text)
        except NumberError as error:
            if self.notes is None:
                raise
            found = error.found or text[:60]
            self.notes.append(say("{found} is no number and counts as left open", found=found))
            return NOT_FILLED_IN

    def left_out(self, error: CnngradError, what: str) -> None:
        """Go on without a result that cannot be read."""
        if self.notes is None:
            raise error
        reason = error.fact.rstrip(".")
        if error.found:
            reason = say("{fact}: {found}", fact=reason, found=error.found)
        self.notes.append(say("{what} is left out ({reason})", what=what, reason=reason))

    def cells(self, data: Any) -> Any:
        """JSON with each value that is no number, such as true, left open."""
        if isinstance(data, list):
            return [self.cells(cell) for cell in data]
        if self.notes is not None and isinstance(data, (bool, dict)):
            self.number(json.dumps(data, default=str)[:60])
            return ""
        return data


def tolerant_answer(
    source: Source, names: Iterable[str], gradient: str | None = None
) -> tuple[Answer, list[str]]:
    """The answer that a source holds, and what was left out of it because it cannot be read.

    A bad cell, key or heading costs what it holds and no more.

    Raises
    ------
    CnngradError
        Nothing in it can be read.
    """
    names = list(names)
    try:
        return answer_of(source, names, gradient), []
    except CnngradError as error:
        notes: list[str] = []
        try:
            answer = _read(source, _Reader(names, gradient, notes))
        except CnngradError:
            raise error from None
        if gradient is not None:
            answer = {name: cells for name, cells in answer.items() if name == gradient}
        if not answer:
            raise
        return answer, notes


def answer_of(
    source: Source,
    names: Iterable[str],
    gradient: str | None = None,
) -> Answer:
    """The answer that a source holds; raises as `read_answer` does."""
    names = list(names)
    if gradient is not None and gradient not in names:
        raise UsageError(
            say("The problem has no result {name}.", name=gradient)
            if gradient.strip()
            else say("The name of the gradient is empty."),
            expected=series(names),
            fix=nearest(gradient, names),
        )
    try:
        answer = _read(source, _Reader(names, gradient))
    except CnngradError as error:
        raise (error if source.name in error.where else error.at(source.name)) from None
    if gradient is None:
        return answer
    if gradient not in answer:
        raise FileError(
            say("The answer has no {gradient}.", gradient=gradient),
            where=source.name,
            found=series(answer),
        )
    return {gradient: answer[gradient]}


def _read(source: Source, reader: _Reader) -> Answer:
    names, gradient, _ = reader
    if source.kind in ARRAYS and source.kind not in (".npy", ".xlsx") and not source.member:
        wanted = [gradient] if gradient else names
        return _from_archive(source, wanted)
    if source.kind in ARRAYS and source.kind != ".xlsx":
        return {_only(names, gradient): answer_matrix_of(array_of(source))}
    text = text_of(source, [gradient] if gradient else names)
    if begins_as_json(text):
        try:
            data = _json(source, reader)
        except BrokenJsonError as error:
            cells = read_after_json(error, source, text, reader.number)
            return {_only(names, gradient): answer_matrix_of_cells(cells)}
        if isinstance(data, dict):
            return _from_object(data, reader)
        cells = nested_array(reader.cells(data), "the answer", reader.number)
        return {_only(names, gradient): answer_matrix_of_cells(cells)}
    return _from_text(source.name, text, reader)


def _from_text(source: str, text: str, reader: _Reader) -> Answer:
    """One matrix, or those under headings such as `# dW` or `dW =`."""
    names, gradient, _ = reader
    known = {name.lower(): name for name in names}
    found = passages(source, text)
    stated = [p for p in found if p.name.lower() in known]
    if len(found) == 1 and not stated:
        cells = read_passage(found[0], reader.number)
        return {_only(names, gradient): answer_matrix_of_cells(cells)}
    answer: Answer = {}
    for passage in found:
        name = known.get(passage.name.lower())
        if name is None and gradient is not None:
            continue
        if name is None:
            unknown = FileError(
                say("The answer has an unknown heading."),
                where=passage.line(0),
                found=say('"{name}"', name=passage.name),
                expected=series(names),
                fix=nearest(passage.name, names),
            )
            reader.left_out(unknown, passage.name)
            continue
        if name in answer:
            twice = FileError(say("A result stands twice."), where=passage.line(0), found=name)
            reader.left_out(twice, say("the second {name}", name=name))
            continue
        if gradient not in (None, name):
            continue
        try:
            answer[name] = answer_matrix_of_cells(read_passage(passage, reader.number))
        except CnngradError as error:
            reader.left_out(error, name)
    if not answer and gradient is not None:
        raise FileError(
            say("The answer has no {name}.", name=gradient),
            where=source,
            found=series(passage.name for passage in found if passage.name),
        )
    return answer


def _json(source: Source, reader: _Reader) -> Any:
    """The JSON, in which a cell may be left open: null, or the bare `_` of a worksheet."""
    try:
        data = read_json(source, reader.number, reader.notes)
    except BrokenJsonError:
        bare = _BARE.sub(b'"_"', source.data)
        if bare == source.data:
            raise
        data = read_json(source._replace(data=bare), reader.number, reader.notes)
    return _opened(data) if b"null" in source.data else data


_BARE = re.compile(rb"(?<=[\[,\s])[_?]+(?=\s*[,\]])")


def _opened(data: Any) -> Any:
    """The same with an empty text in place of each null in a list."""
    if isinstance(data, dict):
        return {key: _opened(value) for key, value in data.items()}
    if isinstance(data, list):
        return ["" if cell is None else _opened(cell) for cell in data]
    return data


def _only(names: list[str], gradient: str | None) -> str:
    if gradient is not None:
        return gradient
    if len(names) == 1:
        return names[0]
    raise UnnamedError(
        say("The answer is a single matrix and does not say which result it is."),
        expected=f"one of {', '.join(names)}",
        fix=f'hand in a JSON object such as {{"{names[0]}": …, "{names[1]}": …}}',
    )


def _from_archive(source: Source, names: list[str]) -> Answer:
    answer: Answer = {}
    for name in names:
        try:
            answer[name] = answer_matrix_of(array_of(source, (name,)))
        except AbsentError:
            if name == names[-1] and not answer:
                raise
    return answer


def _from_object(data: Mapping[str, Any], reader: _Reader) -> Answer:
    names = reader.names
    if "op" in data and isinstance(data.get("answer"), dict):  # a problem with its answer in it
        data = data["answer"]
    known = {name.lower(): name for name in names}
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if value is None:
            continue  # not handed in
        if key in ("results", "updated", "fractions") and isinstance(value, dict):
            flat |= {of_input(name, names): cells for name, cells in value.items()}
        elif key == "layers" and isinstance(value, (dict, list)):
            flat |= dict(of_layers(value))
        elif key.lower() in known or isinstance(value, list):
            flat[key] = value
    answer: Answer = {}
    for key, value in flat.items():
        if key.lower() not in known:
            unknown = FileError(
                say("The answer has an unknown key."),
                found=f'"{key}"',
                expected=series(names),
                fix=nearest(key, names),
            )
            reader.left_out(unknown, key)
            continue
        try:
            cells = nested_array(reader.cells(value), key, reader.number)
            answer[known[key.lower()]] = answer_matrix_of_cells(cells)
        except CnngradError as error:
            reader.left_out(error, key)
    if not answer:
        raise FileError(
            say("The answer holds none of the problem's results."),
            found=say("the keys {keys}", keys=series(data)) if data else say("no keys"),
            expected=series(names),
            fix=nearest(next(iter(data)), names) if data else "",
        )
    return answer
