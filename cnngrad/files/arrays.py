"""A matrix from whatever holds it."""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..core.errors import CnngradError, FileError, nearest
from ..core.numbers import Array, as_array, parse
from ..core.text import say, series
from .json_text import BrokenJsonError, nested_array, read_json
from .plain_numbers import plain_numbers
from .source import ARRAYS, BINARY_LIMIT, AbsentError, Source, open_source


def read_array(
    given: str,
    option: str,
    names: tuple[str, ...] = (),
    folder: Path | None = None,
    *,
    within: bool = False,
) -> Array:
    """Read a matrix from a file, from standard input (`-`), or from the text itself.

    Parameters
    ----------
    given
        A path, `-`, or numbers: `[[1, 2], [3, 4]]` or `1 2; 3 4`.
    option
        Where it was given, for messages: `--dz`.
    names
        What the matrix is called in a JSON object or .npz that holds several.
    folder
        Where relative paths start.
    within
        Whether a file must lie in that folder.

    Raises
    ------
    CnngradError
        It cannot be read, or holds something else than numbers.

    Examples
    --------
    >>> read_array("1 1/2; -3 0.25", "--dz")
    array([[1, Fraction(1, 2)], [-3, Fraction(1, 4)]], dtype=object)
    """
    return array_of(open_source(given, option, folder, within=within), names)


def array_of(source: Source, names: tuple[str, ...] = ()) -> Array:
    """The matrix that a source holds; raises as `read_array` does."""
    if source.kind in ARRAYS and source.kind != ".xlsx":
        return _of_file(source, names)
    if source.kind != ".xlsx":
        plain: Array | None = plain_numbers(source.data)
        if plain is not None:
            return plain
    from .text_matrix import begins_as_json, named, passages, read_after_json, read_passage

    text = text_of(source, names)
    if begins_as_json(text):
        try:
            data = read_json(source)
        except BrokenJsonError as error:
            return read_after_json(error, source, text, parse)
        if isinstance(data, dict):
            data = _chosen(data, names, source.name)
        try:
            return nested_array(data, names[0] if names else "data")
        except CnngradError as error:
            raise error.at(source.name) from None
    return read_passage(named(passages(source.name, text), names, source.name), parse)


def text_of(source: Source, names: Sequence[str]) -> str:
    """The text of a source; of a workbook, that of the sheet of one of these names."""
    if source.kind != ".xlsx":
        return source.text()
    from .foreign_files import sheet_text

    return sheet_text(source, names)


def _of_file(source: Source, names: tuple[str, ...]) -> Array:
    if source.member:
        names = (source.member,)
    if source.kind == ".npy":
        return _numpy(source, lambda file: _numbers_in(np.load(file, allow_pickle=False), source))
    if source.kind == ".npz":
        return _numpy(source, lambda file: _from_archive(file, names, source))
    from .foreign_files import read_foreign

    try:
        return as_array(read_foreign(source, names))
    except CnngradError as error:
        raise (error if source.name in error.where else error.at(source.name)) from None


def _numbers_in(array: Array, source: Source) -> Array:
    """The array, unless it holds raw bytes, as bfloat16 is saved."""
    if array.dtype.kind == "V":
        raise FileError(
            say("NumPy has no name for the kind of these numbers, and saved them as raw bytes."),
            where=source.name,
            found=say("dtype {dtype}, as of bfloat16", dtype=str(array.dtype)),
            expected=say("integers or floats"),
            fix=say(
                "save them as float32: np.save('x.npy', x.astype('float32')), or x.float() in"
                " PyTorch"
            ),
        )
    return array


def _chosen(data: dict[str, object], names: tuple[str, ...], where: str) -> object:
    printed = [data.get("fractions"), data.get("results")]
    for known in (data, *(part for part in printed if isinstance(part, dict))):
        for name in names:
            if name in known:
                return known[name]
    raise AbsentError(
        say("The matrix is not in this object."),
        where=where,
        found=say("the keys {keys}", keys=series(list(data)[:8])) if data else say("no keys"),
        expected=" or ".join(names),
        fix=nearest(names[0], data) if names else "",
    )


def _from_archive(file: io.BytesIO, names: tuple[str, ...], source: Source) -> Array:
    import zipfile

    where = source.name

    with zipfile.ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > BINARY_LIMIT:
            raise FileError(say("The archive unpacks to more than 2 GB."), where=where)
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        if len(arrays.files) == 1 and not source.member:
            return _numbers_in(arrays[arrays.files[0]], source)
        name = str(_chosen({n: n for n in arrays.files}, names, where))
        return _numbers_in(arrays[name], source)


def _inside(data: bytes, error: Exception) -> str:
    """What is wrong with a NumPy file; NumPy takes one of another kind for a pickle."""
    if not data.startswith((b"\x93NUMPY", b"PK")):
        return "a file of another kind"
    words = (str(error) or type(error).__name__).splitlines()[0][:120]
    return say("a damaged header") if " at 0x" in words else words


def _numpy(source: Source, load: object) -> Array:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of NumPy, for arrays that Python 2 saved
            array = load(io.BytesIO(source.data))  # type: ignore[operator]
    except CnngradError:
        raise
    except Exception as error:  # a damaged header is parsed as Python, and may end anyhow
        raise FileError(
            say("The NumPy file cannot be read."),
            where=source.name,
            found=_inside(source.data, error),
            expected=say("an array saved with np.save or np.savez"),
        ) from None
    try:
        return as_array(array)
    except CnngradError as error:
        raise error.at(source.name) from None
