"""Results as JSON, CSV and NumPy files."""

import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..core.descent import updated
from ..core.errors import FileError, NumberError, UsageError
from ..core.numbers import Array, as_float, rounded
from ..core.problem import Problem
from ..core.settings import said


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
    if any(isinstance(cell, Fraction) for array in results.values() for cell in array.flat):
        data["fractions"] = {name: fractions(array) for name, array in results.items()}
    return data


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
    if len(names) > 1:
        raise UsageError(
            "A .npy file holds one array.",
            found=", ".join(names),
            fix="choose one with --gradient, or write a .npz file",
        )
    file = io.BytesIO()
    np.save(file, _numeric(names[0], problem.results_in_layout[names[0]]), allow_pickle=False)
    return file.getvalue()


def npz_bytes(problem: Problem, names: Sequence[str]) -> bytes:
    """All results as a .npz file."""
    return npz_of({name: problem.results_in_layout[name] for name in names})


def npz_of(arrays: Mapping[str, Array]) -> bytes:
    """Arrays as a .npz file."""
    file = io.BytesIO()
    numeric: dict[str, Any] = {name: _numeric(name, array) for name, array in arrays.items()}
    np.savez(file, **numeric)
    return file.getvalue()


def _numeric(name: str, array: Array) -> Array:
    """Fractions have no NumPy type: they are written in float64."""
    if array.dtype != object:
        return array
    try:
        return rounded(array)
    except NumberError:
        raise NumberError(
            f"{name} is too large for a NumPy file.",
            expected="numbers below 1.8e308",
            fix="write a .json or .csv file, which keeps every digit",
        ) from None


def rounds(arrays: Iterable[Array]) -> bool:
    """Whether a NumPy file changes some of these numbers.

    >>> rounds([np.array([2**80, Fraction(1, 2)])]), rounds([np.array([2**80 + 1])])
    (False, True)
    """
    exact = (array for array in arrays if array.dtype == object)
    return any((rounded(array).astype(object) != array).any() for array in exact)


def check_target(path: Path, force: bool) -> None:
    """Refuse a file that exists or cannot be made, before anything is computed.

    Raises
    ------
    FileError
        It exists (and `force` is not given), is a folder, or its folder does not exist.
    """
    check_free(path, force)
    if not path.parent.is_dir():
        raise FileError("The output's folder does not exist.", where=str(path.parent))


def check_free(path: Path, force: bool) -> None:
    """The same for a file whose folder will be made; raises likewise."""
    if path.is_dir():
        raise FileError("The output is a folder.", where=str(path), expected="a file name")
    if path.exists() and not force:
        raise FileError(
            "The output file exists already.",
            where=str(path),
            fix="choose another name, or overwrite it with --force",
        )


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where they do not exist.

    Raises
    ------
    FileError
        The system refuses to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            "The folder cannot be made.", where=str(error.filename), found=error.strerror or ""
        ) from None


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; large ones piece by piece.

    Raises
    ------
    FileError
        It cannot be written; what was there before stays.
    """
    import tempfile

    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines([data] if isinstance(data, bytes) else data)
            os.chmod(part, 0o666 & ~_umask())
            os.replace(part, path)
        except BaseException:
            os.unlink(part)
            raise
    except OSError as error:
        raise FileError(
            "The output cannot be written.", where=str(path), found=error.strerror or str(error)
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
