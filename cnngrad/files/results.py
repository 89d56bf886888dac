"""Results as JSON, CSV and NumPy files."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .. import __version__
from ..core.descent import updated
from ..core.errors import NumberError, UsageError
from ..core.numbers import Array, as_float, rounded
from ..core.problem import Problem
from ..core.settings import said
from ..core.text import say, series


def json_of(problem: Problem, names: Sequence[str]) -> dict[str, Any]:
    """Results as an object: the promise that `--format json` makes."""
    results = {name: problem.results_in_layout[name] for name in names}
    data: dict[str, Any] = {
        "cnngrad": __version__,
        "op": problem.op,
        "settings": settings_of(problem),
        "shapes": {name: list(shape) for name, shape in problem.shapes_in_layout.items()},
        "exact": problem.exact,
        "results": {name: numbers(array) for name, array in results.items()},
    }
    if after := updated(problem):
        data["updated"] = {name: numbers(array) for name, array in after.items()}
    if any(map(has_fractions, results.values())):
        data["fractions"] = {name: fractions(array) for name, array in results.items()}
    return data


def has_fractions(array: Array) -> bool:
    """Whether one of its numbers is a fraction."""
    return array.dtype == object and any(isinstance(cell, Fraction) for cell in array.flat)


def json_text(problem: Problem, names: Sequence[str]) -> str:
    """That object as text."""
    return dumped(json_of(problem, names))


def settings_of(problem: Problem) -> dict[str, Any]:
    """The settings that are in force, as JSON values."""
    return {
        name: as_float(value) if isinstance(value, Fraction) else value
        for name, value in said(problem.settings, problem.options).items()
    }


def numbers(array: Array) -> Any:
    """Nested lists of JSON numbers; fractions become decimals."""
    if array.dtype != object:
        return array.tolist()
    return _nested(array, lambda cell: as_float(cell) if isinstance(cell, Fraction) else cell)


def fractions(array: Array) -> Any:
    """Nested lists of strings such as "5/8"."""
    return _nested(array, str)


def _nested(array: Array, change: Any) -> Any:
    flat = np.empty(array.size, object)
    flat[:] = [change(cell) for cell in array.ravel().tolist()]
    return flat.reshape(array.shape).tolist()


def dumped(data: dict[str, Any]) -> str:
    """JSON with one line for each entry of the object and of the objects right inside it."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and value:
            inner = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f"  {json.dumps(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def csv_of(problem: Problem, names: Sequence[str]) -> str:
    """Results as lines of numbers; a name stands above each where there are several."""
    parts = []
    for name in names:
        title = f"# {name}\n" if len(names) > 1 else ""
        parts.append(title + csv_text(problem.results_in_layout[name]))
    return "\n\n".join(parts)


def csv_text(array: Array) -> str:
    """An array in the CSV dialect that this program reads: channels apart by a blank line."""
    if array.ndim > 2:
        gap = "\n" if array.ndim == 3 else "\n\n"
        return gap.join(csv_text(part) for part in array)
    rows = array.tolist() if array.ndim == 2 else [array.tolist()]
    return "".join(",".join(map(str, row)) + "\n" for row in rows)


def npy_bytes(problem: Problem, names: Sequence[str]) -> bytes:
    """The one result as a .npy file.

    Raises
    ------
    UsageError
        There are several results.
    """
    (name,) = one_array(names)
    file = io.BytesIO()
    np.save(file, numeric(name, problem.results_in_layout[name]), allow_pickle=False)
    return file.getvalue()


def one_array(names: Sequence[str]) -> Sequence[str]:
    """The name of the one result that a .npy file can hold; raises as `npy_bytes` does."""
    if len(names) > 1:
        raise UsageError(
            say("A .npy file holds one array."),
            found=series(names),
            fix=say("choose one with --gradient, or write a .npz file"),
        )
    return names


def npz_bytes(problem: Problem, names: Sequence[str]) -> bytes:
    """All results as a .npz file."""
    return npz_of({name: problem.results_in_layout[name] for name in names})


def npz_of(arrays: Mapping[str, Array]) -> bytes:
    """Arrays as a .npz file."""
    file = io.BytesIO()
    floats: dict[str, Any] = {name: numeric(name, array) for name, array in arrays.items()}
    np.savez(file, **floats)
    return file.getvalue()


def numeric(name: str, array: Array) -> Array:
    """An array as NumPy holds it: fractions, which have no type there, in float64.

    Raises
    ------
    NumberError
        A number is too large for that.
    """
    if array.dtype != object:
        return array
    try:
        return rounded(array)
    except NumberError:
        raise NumberError(
            say("{name} is too large for a NumPy file.", name=name),
            expected=say("numbers below 1.8e308"),
            fix=say("write a .json or .csv file, which keeps every digit"),
        ) from None


def rounds(arrays: Iterable[Array]) -> bool:
    """Whether a NumPy file changes some of these numbers.

    >>> rounds([np.array([2**80, Fraction(1, 2)])]), rounds([np.array([2**80 + 1])])
    (False, True)
    """
    exact = (array for array in arrays if array.dtype == object)
    return any((rounded(array).astype(object) != array).any() for array in exact)
