"""Reading an answer: what was handed in, with the decimals that the student wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from ..errors import CnngradError, FileError, UsageError, nearest
from ..exact import Array, Number, as_array, compact, filled, parse
from ..files.arrays import array_of
from ..files.csvtext import inline, read_csv
from ..files.jsontext import nested_array, read_json
from ..files.source import Source, open_source

EXACT, MACHINE = -1, -2
"""In place of a number of decimals: the number stands for itself; or it is a computer's float."""

_MACHINE_DIGITS = {4: 7, 8: 12}
"""By the bytes of a float: as many digits are no person's rounding."""
_READ_DIGIT_BY_DIGIT = 50_000
_SHORT = 18


@dataclass(frozen=True, slots=True)
class Written:
    """A number as a person wrote it."""

    value: Number
    decimals: int


class Sheet(NamedTuple):
    """One matrix that was handed in."""

    values: Array
    """Integers, fractions or, where there are very many, floats."""
    decimals: Array | None = None
    """How many decimals each cell was written with; None where all stand for themselves."""


Answer = dict[str, Sheet]
"""What was handed in, by the name of the gradient."""


def written(text: str, bytes_of_float: int = 8) -> Written:
    """Read a number and keep how precisely it was written.

    >>> written("0.60").decimals, written("5/8").decimals, written("-7").decimals
    (2, -1, -1)
    >>> written("0.3333333333333333").decimals == MACHINE
    True
    """
    if text.isdecimal() and len(text) < _SHORT:  # most cells, and `parse` takes its time
        return Written(int(text), EXACT)
    value = parse(text)
    mantissa, _, exponent = text.strip().lower().partition("e")
    digits = mantissa.partition(".")[2]
    if "/" in text or not (digits or exponent):
        return Written(value, EXACT)
    significant = len(mantissa.replace(".", "").lstrip("+-\N{MINUS SIGN}0"))
    if significant >= _MACHINE_DIGITS[bytes_of_float]:
        return Written(value, MACHINE)
    decimals = len(digits) - int(exponent or 0)
    return Written(value, decimals if decimals > 0 else EXACT)


def sheet_of(data: object) -> Sheet:
    """An array, or nested lists, as a sheet.

    >>> sheet_of([[1.5, 2.25]]).decimals
    array([[1, 2]], dtype=int16)
    """
    array = as_array(data)
    if array.dtype.kind != "f":
        return Sheet(array)
    if array.size > _READ_DIGIT_BY_DIGIT:
        return Sheet(array, np.full(array.shape, MACHINE, np.int16))
    size = max(array.itemsize, 4)
    cells = [written(str(cell.item() if size == 8 else cell), size) for cell in array.flat]
    return _collected(filled(cells, array.shape))


def _collected(cells: Array) -> Sheet:
    """Split what was read into values and decimals."""
    known = cells.ravel().tolist()
    values = compact(filled([cell.value for cell in known], cells.shape))
    decimals = [cell.decimals for cell in known]
    if all(count == EXACT for count in decimals):
        return Sheet(values)
    return Sheet(values, np.array(decimals, np.int16).reshape(cells.shape))


def read_answer(
    given: str, names: Iterable[str], gradient: str | None = None, option: str = "the answer"
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

    Raises
    ------
    CnngradError
        It cannot be read, or does not say which result it is.
    """
    return answer_of(open_source(given, option), names, gradient, option)


def answer_of(
    source: Source,
    names: Iterable[str],
    gradient: str | None = None,
    option: str = "the answer",
) -> Answer:
    """The answer that a source holds; raises as `read_answer` does."""
    names = list(names)
    if gradient is not None and gradient not in names:
        raise UsageError(
            f"The problem has no result {gradient}.",
            expected=", ".join(names),
            mend=nearest(gradient, names),
        )
    try:
        answer = _read(source, names, gradient, option)
    except CnngradError as error:
        raise (error if source.name in error.where else error.at(source.name)) from None
    if gradient is None:
        return answer
    if gradient not in answer:
        raise FileError(
            f"The answer has no {gradient}.", where=source.name, found=", ".join(answer)
        )
    return {gradient: answer[gradient]}


def _read(source: Source, names: list[str], gradient: str | None, option: str) -> Answer:
    if source.kind == ".json":
        data = read_json(source, written)
        if isinstance(data, dict):
            return _from_object(data, names)
        return {_only(names, gradient): _collected(nested_array(data, "the answer", written))}
    if source.kind == ".npz":
        wanted = [gradient] if gradient else names
        return _from_archive(source, wanted)
    if source.kind == ".npy":
        return {_only(names, gradient): sheet_of(array_of(source, option))}
    if source.name == option:
        source = source._replace(data=inline(source.text()).encode())
    return {_only(names, gradient): _collected(read_csv(source, written))}


def _only(names: list[str], gradient: str | None) -> str:
    if gradient is not None:
        return gradient
    if len(names) == 1:
        return names[0]
    raise UsageError(
        "The answer is a single matrix and does not say which result it is.",
        expected=f"--gradient {names[0]}, or another of {', '.join(names)}",
        mend=f'or hand in a JSON object such as {{"{names[0]}": …, "{names[1]}": …}}',
    )


def _from_archive(source: Source, names: list[str]) -> Answer:
    answer: Answer = {}
    for name in names:
        try:
            answer[name] = sheet_of(array_of(source, source.name, (name,)))
        except FileError as error:
            if "not in this object" not in error.fact or (name == names[-1] and not answer):
                raise
    return answer


def _from_object(data: Mapping[str, Any], names: list[str]) -> Answer:
    known = {name.lower(): name for name in names}
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if key in ("results", "updated") and isinstance(value, dict):
            flat |= value
        elif key.lower() in known or isinstance(value, list):
            flat[key] = value
    answer: Answer = {}
    for key, value in flat.items():
        if key.lower() not in known:
            raise FileError(
                "The answer has an unknown key.",
                found=f'"{key}"',
                expected=", ".join(names),
                mend=nearest(key, names),
            )
        answer[known[key.lower()]] = _collected(nested_array(value, key, written))
    if not answer:
        raise FileError(
            "The answer holds none of the problem's results.",
            found="the keys " + ", ".join(data) if data else "no keys",
            expected=", ".join(names),
            mend=nearest(next(iter(data)), names) if data else "",
        )
    return answer


def half_unit(decimals: int) -> Fraction:
    """How far a number rounded to so many decimals may lie from the exact one.

    >>> half_unit(2)
    Fraction(1, 200)
    """
    return Fraction(1, 2 * 10**decimals)
