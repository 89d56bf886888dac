"""Exact arrays of decimals as whole numbers over one power of ten: a million without a `Fraction`.

A large file of decimals is read into such an array. Its cells become integers and fractions only
when somebody asks for cells; sums, shapes and floats are had without them.
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Array = np.ndarray[tuple[Any, ...], np.dtype[Any]]

_EXACT_IN_FLOAT, _EXACT_POWER = 2**53, 22
"""Whole numbers below this, and powers of ten up to this exponent, are floats exactly."""
_TABLE = 4_000_000
_OBJECT = np.dtype(object)


class DecimalArray(NDArrayOperatorsMixin):
    """An array `values / scale`, which looks like the array of its integers and fractions.

    Parameters
    ----------
    values
        Integers: int64, or Python's where they outgrow it.
    scale
        A power of ten.

    Examples
    --------
    >>> array = DecimalArray(np.array([[150, 200]]), 100)
    >>> array.tolist(), array.shape, array.astype(float).tolist()
    ([[Fraction(3, 2), 2]], (1, 2), [[1.5, 2.0]])
    """

    dtype = _OBJECT

    def __init__(self, values: Array, scale: int) -> None:
        self.values, self.scale = values, scale
        self.shape: tuple[int, ...] = values.shape
        self._cells: Array | None = None

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def cells(self) -> Array:
        """The integers and fractions themselves, made once."""
        if self._cells is None:
            self._cells = fractions_of(self.values, self.scale).astype(object, copy=False)
        return self._cells

    def reshape(self, *shape: Any) -> "DecimalArray":
        return DecimalArray(self.values.reshape(*shape), self.scale)

    def ravel(self) -> "DecimalArray":
        return self.reshape(-1)

    def tolist(self) -> Any:
        return self.cells.tolist()

    def astype(self, dtype: Any, copy: bool = True) -> Array:
        """The numbers in another kind: floats are the nearest to what was written."""
        if np.dtype(dtype) != np.float64:
            return self.cells.astype(dtype, copy=copy)
        if self.values.dtype != object and self.size:
            largest = max(abs(int(self.values.max())), abs(int(self.values.min())))
            if largest < _EXACT_IN_FLOAT and self.scale <= 10**_EXACT_POWER:
                return self.values / float(self.scale)
        quotients = (cell / self.scale for cell in self.values.ravel().tolist())
        return np.fromiter(quotients, np.float64, self.size).reshape(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cells)

    def __getitem__(self, key: Any) -> Any:
        found = self.values[key]
        if isinstance(found, np.ndarray):
            return DecimalArray(found, self.scale)
        value = Fraction(int(found), self.scale)
        return value.numerator if value.denominator == 1 else value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        cells = self.cells if dtype is None else self.astype(dtype)
        return cells.copy() if copy else cells

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [one.cells if isinstance(one, DecimalArray) else one for one in inputs]
        return getattr(ufunc, method)(*plain, **options)

    def __getattr__(self, name: str) -> Any:
        """All else that an array can do, its cells do."""
        if name.startswith("_") or name == "mask":
            raise AttributeError(name)
        return getattr(self.cells, name)

    def __repr__(self) -> str:
        return repr(self.cells)


class WrittenDecimals(DecimalArray):
    """Decimals with so many digits that one power of ten would make them very long.

    They stay digits and places, and the text that they were read from, until they are needed:
    as floats, which the text gives, or exactly.

    Parameters
    ----------
    digits
        Each number without its point, in one axis.
    places
        How many digits stand behind each point.
    text
        The numbers as they were written, with commas between them.
    shape
        The axes of the array.
    """

    def __init__(
        self, digits: Array, places: Array, text: bytes, shape: tuple[int, ...] | None = None
    ) -> None:
        self._digits, self._places, self._text = digits, places, text
        self.shape = digits.shape if shape is None else shape
        self._cells = None

    @cached_property
    def scale(self) -> int:  # type: ignore[override]
        scale: int = 10 ** int(self._places.max())
        return scale

    @cached_property
    def values(self) -> Array:  # type: ignore[override]
        most = int(self._places.max())
        powers = np.array([10 ** (most - k) for k in range(most + 1)], object)
        values: Array = self._digits.astype(object) * powers[self._places]
        return values.reshape(self.shape)

    def reshape(self, *shape: Any) -> DecimalArray:
        wanted = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        if -1 in wanted:
            wanted = np.empty(self.shape, np.int8).reshape(wanted).shape
        return WrittenDecimals(self._digits, self._places, self._text, tuple(wanted))

    def astype(self, dtype: Any, copy: bool = True) -> Array:
        if np.dtype(dtype) != np.float64:
            return self.cells.astype(dtype, copy=copy)
        return np.fromstring(self._text, np.float64, sep=",").reshape(self.shape)


def fractions_of(values: Array, scale: int) -> Array:
    """`values / scale` as integers and fractions; equal cells are one object.

    >>> fractions_of(np.array([4, 6]), 2), fractions_of(np.array([1, 2]), 2)
    (array([2, 3]), array([Fraction(1, 2), 1], dtype=object))
    """
    flat = values.ravel()
    if values.dtype != object and flat.size:
        least, most = int(flat.min()), int(flat.max())
        if least == most:
            quotient = _quotient(least, scale)
            kind = np.int64 if isinstance(quotient, int) else object
            return np.full(values.shape, quotient, kind)
        if most - least < min(_TABLE, 4 * flat.size + 100):
            present = np.zeros(most - least + 1, bool)
            present[flat - least] = True
            known = np.flatnonzero(present)
            if not ((known + least) % scale).any():
                return values // scale
            table = np.empty(present.size, object)
            table[known] = [_quotient(cell, scale) for cell in (known + least).tolist()]
            looked_up: Array = table[flat - least].reshape(values.shape)
            return looked_up
    known_cells: dict[int, int | Fraction] = {}
    cells = []
    for cell in flat.tolist():
        found = known_cells.get(cell)
        if found is None:
            found = known_cells[cell] = _quotient(cell, scale)
        cells.append(found)
    array = np.fromiter(cells, object, len(cells)).reshape(values.shape)
    if set(map(type, known_cells.values())) <= {int} and values.dtype != object:
        return values // scale
    return array


def _quotient(cell: int, scale: int) -> int | Fraction:
    return cell // scale if cell % scale == 0 else Fraction(cell, scale)
