"""Numbers: how they are read ("1/3", 2.5, -7) and kept exact. −0 is 0.

Exact arrays are integers over one common denominator, so that the integer engine does
all the work and each result is divided once, at the end.
"""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .decimals import DecimalArray, fractions_of
from .errors import NumberError, ShapeError
from .punctuation import mixed_number, plain_signs
from .text import say

Number = int | Fraction | float
Array = np.ndarray[tuple[Any, ...], np.dtype[Any]]  # numpy.typing takes time to load

_DECIMAL = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(rf"([+-]?{_DECIMAL})(?:\s*/\s*([+-]?{_DECIMAL}))?")
_LONGEST = 400  # characters; float64 itself ends at 309 digits
_GREATEST_EXPONENT = 308


def parse(text: str) -> int | Fraction:
    """Read a number exactly as it is written.

    Parameters
    ----------
    text
        An integer, a decimal, or a fraction of two of them; also with a typographic minus, in
        full-width forms, in quotes, or as ½ and 1½.

    Raises
    ------
    NumberError
        It is no number, not finite, divides by zero or is out of range.

    Examples
    --------
    >>> parse("1/3")
    Fraction(1, 3)
    >>> parse("2.5/4")
    Fraction(5, 8)
    >>> parse("-0"), parse("1e3"), parse("\N{MINUS SIGN}7")
    (0, 1000, -7)
    >>> parse("1½"), parse("－１／４")
    (Fraction(3, 2), Fraction(-1, 4))
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if len(text) > _LONGEST:
        raise NumberError(
            say("A number is too long."),
            found=say("{count} characters: {beginning}…", count=len(text), beginning=text[:20]),
            expected=say("at most {longest} characters", longest=_LONGEST),
        )
    match = _NUMBER.fullmatch(text)
    if match is None and not text.isalnum():
        text = plain_signs(text).strip()
        if text[:1] == text[-1:] and text[:1] in ("'", '"'):
            text = text[1:-1].strip()
        match = _NUMBER.fullmatch(text)
    if match is None:
        mixed = mixed_number(text)
        if mixed is not None:
            return simplest(mixed)
        if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            raise NumberError(
                say("A number is not finite."),
                found=text,
                expected=say("a finite number such as -3 or 5/8"),
            )
        raise NumberError(
            say("A cell holds no number."),
            found=f'"{text[:60]}"' if text else say("an empty cell"),
            expected=say("a number such as -3, 0.625 or 5/8"),
        )
    top, bottom = match.groups()
    if bottom is None:
        return _decimal(top)
    denominator = _decimal(bottom)
    if denominator == 0:
        raise NumberError(
            say("A fraction divides by zero."), found=text, expected=say("a finite number")
        )
    return simplest(Fraction(_decimal(top)) / denominator)


def _decimal(text: str) -> int | Fraction:
    if text.lstrip("+-").isdigit():
        return int(text)
    if abs(int(text.lower().partition("e")[2] or 0)) > _GREATEST_EXPONENT:
        raise NumberError(
            say("A number is out of range."),
            found=text,
            expected=say(
                "an exponent between -{greatest_exponent} and {greatest_exponent}",
                greatest_exponent=_GREATEST_EXPONENT,
            ),
        )
    return simplest(Fraction(Decimal(text)))


def simplest(number: Fraction) -> int | Fraction:
    """An integer where the fraction is one."""
    return number.numerator if number.denominator == 1 else number


def as_array(data: object) -> Array:
    """Take numbers of any kind as an array: int64, objects (large integers, fractions) or floats.

    Float arrays keep their precision; integers, `Fraction` and `Decimal` stay exact.

    Raises
    ------
    NumberError
        A cell is no number or not finite.
    ShapeError
        Nested lists are ragged.

    Examples
    --------
    >>> as_array([[1, 2], [3, 4]]).dtype
    dtype('int64')
    >>> as_array([1, Fraction(1, 3)])
    array([1, Fraction(1, 3)], dtype=object)
    """
    if isinstance(data, DecimalArray):
        return data  # type: ignore[return-value]  # an array in all but name
    # np.ma takes time to load; who has an array of its kind has loaded it.
    if hasattr(data, "mask") and isinstance(data, np.ma.MaskedArray) and data.mask.any():
        raise NumberError(
            say("The array is masked."),
            found=say("cells that are marked as missing"),
            expected=say("a number in every cell"),
            fix=say("fill them (array.filled(0)), or take a part of the array without them"),
        )
    try:
        array = np.asarray(data)
    except (ValueError, OverflowError):
        raise ShapeError(
            say("The lists are ragged: their rows differ in length or depth."),
            expected=say("rows of equal length"),
        ) from None
    kind = array.dtype.kind
    if kind == "f":
        if not np.isfinite(array).all():
            place = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
            raise NumberError(
                say("A number is not finite."),
                where=index(place),
                found=str(array[place]),
                expected=say("a finite number"),
            )
        return array + np.zeros((), array.dtype)  # -0.0 + 0.0 is 0.0
    if kind in "bi":
        return array.astype(np.int64, copy=array.flags.writeable)  # who may change it has its own
    if kind == "u":
        return compact(array.astype(object))
    if kind != "O":
        raise NumberError(
            say("The array holds no numbers."),
            found=say("dtype {dtype}", dtype=array.dtype),
            expected=say("numbers"),
        )
    return _from_objects(array)


def _from_objects(array: Array) -> Array:
    usual = array.ravel().tolist()
    if set(map(type, usual)) <= {int, Fraction}:
        simple = [cell.numerator if cell.denominator == 1 else cell for cell in usual]
        return compact(filled(simple, array.shape))
    cells: list[Any] = []
    for place, cell in np.ndenumerate(array):
        if isinstance(cell, (float, np.floating)):
            return as_array(_cast(array, np.dtype(np.float64)))
        if isinstance(cell, Decimal) and cell.is_finite():
            cells.append(simplest(Fraction(cell)))
        elif isinstance(cell, Fraction):
            cells.append(simplest(cell))
        elif hasattr(cell, "__index__"):
            cells.append(int(cell))
        else:
            raise NumberError(
                say("A cell holds no number."),
                where=index(place),
                found=f"{cell!r:.60}",
                expected=say("a number"),
            )
    return compact(filled(cells, array.shape))


def filled(cells: Iterable[Any], shape: tuple[int, ...]) -> Array:
    """An object array of these cells (`np.array` would look into each for a sequence)."""
    return np.fromiter(cells, object, math.prod(shape)).reshape(shape)


def compact(array: Array) -> Array:
    """An object array as int64 where all its cells are integers that fit, else as it is."""
    cells = array.ravel().tolist()
    if set(map(type, cells)) <= {int} and min(cells, default=0) >= -(2**63):
        return array.astype(np.int64) if max(cells, default=0) < 2**63 else array
    return array


def rounded(array: Array) -> Array:
    """The same numbers in float64.

    Raises
    ------
    NumberError
        A number is too large for float64.
    """
    return _floats(array, np.dtype(np.float64))


def _floats(array: Array, dtype: np.dtype[Any]) -> Array:
    if array.dtype == dtype:
        return array
    floats = _cast(array, dtype)
    if not np.isfinite(floats).all():
        raise too_large("A number", dtype)
    return floats


def _cast(array: Array, dtype: np.dtype[Any]) -> Array:
    try:
        with np.errstate(over="ignore"):
            return array.astype(dtype)
    except OverflowError:
        raise too_large("A number", dtype) from None
    except (TypeError, ValueError):
        raise NumberError(say("A cell holds no number."), expected=say("numbers only")) from None


def too_large(what: str, dtype: np.dtype[Any], where: str = "") -> NumberError:
    """The error of a number beyond the range of a kind of floats."""
    return NumberError(
        say("{what} is too large for {dtype}.", what=what, dtype=dtype),
        where=where,
        expected=say("numbers below {max:.2g}", max=np.finfo(dtype).max),
        fix=say("compute exactly (--exact; in Python, give integers or fractions)")
        if dtype == np.float64
        else say("give the arrays as float64"),
    )


def all_finite(name: str, array: Array) -> Array:
    """The same array: a result in which every number is finite.

    Raises
    ------
    NumberError
        A cell is too large for its kind of floats; the cell is named.
    """
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        first = np.argwhere(~np.isfinite(np.atleast_1d(array)))[0]
        where = name + index(tuple(map(int, first))) if array.ndim else name
        raise too_large(name, array.dtype, where)
    return array


def rounded_to(array: Array, digits: int) -> Array:
    """Floats with so many digits behind the point; what is too large to have any stays.

    >>> rounded_to(np.array([0.123456, 1e308]), 4)
    array([1.235e-001, 1.000e+308])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        short: Array = np.round(array, digits)
    return np.where(np.isfinite(short), short, array)


def approximately(array: Array) -> Array:
    """The same numbers in float64, ±∞ where one is too large: to compare, never to be shown.

    >>> approximately(np.array([Fraction(1, 4), -(10**400)], object))
    array([0.25, -inf])
    """
    with np.errstate(over="ignore"):
        try:
            return array.astype(np.float64)
        except OverflowError:
            cells = (nearest_float(cell) for cell in array.ravel().tolist())
            return np.fromiter(cells, np.float64, array.size).reshape(array.shape)


def nearest_float(number: Number) -> float:
    """A number as a float, ±∞ where it is too large: to compare, never to be shown.

    >>> nearest_float(Fraction(1, 4)), nearest_float(10**400)
    (0.25, inf)
    """
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def exactly(array: Array) -> Array:
    """Floats as the decimals that they are written with: 0.1 becomes 1/10."""
    if array.dtype.kind != "f":
        return array
    return compact(filled((simplest(Fraction(str(x))) for x in array.flat), array.shape))


class Scaled(NamedTuple):
    """An array as `values / scale`; integers over a common denominator, or floats over 1."""

    values: Array
    scale: int


def alike(*arrays: object) -> list[Scaled]:
    """Bring arrays to one kind: all floats where one is, else integers over a scale.

    Floats are at least float32: a sum in float16 soon stands still.

    A NumPy array is taken to be as `as_array` makes it; lists are read first.

    >>> alike([Fraction(1, 2), Fraction(1, 3)], [2])
    [Scaled(values=array([3, 2]), scale=6), Scaled(values=array([2]), scale=1)]
    """
    known = [array if isinstance(array, np.ndarray) else as_array(array) for array in arrays]
    floats = [array.dtype for array in known if array.dtype.kind == "f"]
    if floats:
        dtype = np.result_type(np.float32, *floats)
        return [Scaled(_floats(array, dtype), 1) for array in known]
    return [_over_common_denominator(array) for array in known]


def _over_common_denominator(array: Array) -> Scaled:
    if array.dtype.kind == "i":
        return Scaled(array, 1)
    if isinstance(array, DecimalArray):  # type: ignore[unreachable]  # an array in all but name
        return Scaled(array.values, array.scale)  # type: ignore[unreachable]
    ratios = [cell.as_integer_ratio() for cell in array.ravel().tolist()]
    denominators = {denominator for _, denominator in ratios}
    scale = math.lcm(*denominators)
    factors = {denominator: scale // denominator for denominator in denominators}
    integers = [numerator * factors[denominator] for numerator, denominator in ratios]
    try:
        return Scaled(np.fromiter(integers, np.int64, array.size).reshape(array.shape), scale)
    except OverflowError:
        return Scaled(filled(integers, array.shape), scale)


def largest(array: Array) -> int:
    """The largest absolute value of an integer array, as a Python integer."""
    return max(abs(int(array.max())), abs(int(array.min()))) if array.size else 0


def hold(bound: int, *arrays: Array) -> list[Array]:
    """Integer arrays in a dtype in which sums up to `bound` cannot overflow.

    `bound` is a proof: no sum of the computation at hand exceeds it. Floats pass through.
    """
    if arrays[0].dtype.kind == "f":
        return list(arrays)
    dtype = np.int64 if bound < 2**63 and all(a.dtype.kind == "i" for a in arrays) else object
    return [array.astype(dtype) for array in arrays]


def divided(values: Array, scale: int) -> Array:
    """`values / scale`: floats divided, integers as integers or `Fraction` objects.

    >>> divided(np.array([4, 6]), 2)
    array([2, 3])
    >>> divided(np.array([1, 2]), 2)
    array([Fraction(1, 2), 1], dtype=object)
    """
    if values.dtype.kind == "f":
        return values if scale == 1 else values / values.dtype.type(scale)
    if scale == 1:
        return values if values.dtype.kind == "i" else compact(values)
    quotients = fractions_of(values, scale)
    return quotients if values.dtype != object else compact(quotients)


def index(place: tuple[int, ...]) -> str:
    """An index as it is written: `[0,1]`."""
    return f"[{','.join(map(str, place))}]"


def as_float(number: Number) -> float | int:
    """A number as a float, or to the nearest integer where it is too large for one.

    >>> as_float(Fraction(1, 4)), as_float(Fraction(10**400, 3)) == 10**400 // 3
    (0.25, True)
    """
    try:
        return float(number)
    except OverflowError:
        return round(number)
