"""A matrix from whatever holds it."""

import io
import warnings
from pathlib import Path

import numpy as np

from ..core.errors import CnngradError, FileError, nearest
from ..core.numbers import Array, as_array
from ..core.text import say
from .csv_text import inline, is_inline, read_csv
from .json_text import nested_array, read_json
from .source import BINARY_LIMIT, Source, open_source


def read_array(
    given: str, option: str, names: tuple[str, ...] = (), folder: Path | None = None
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

    Raises
    ------
    CnngradError
        It cannot be read, or holds something else than numbers.

    Examples
    --------
    >>> read_array("1 1/2; -3 0.25", "--dz")
    array([[1, Fraction(1, 2)], [-3, Fraction(1, 4)]], dtype=object)
    """
    return array_of(open_source(given, option, folder), option, names)


def array_of(source: Source, option: str, names: tuple[str, ...] = ()) -> Array:
    """The matrix that a source holds; raises as `read_array` does."""
    if source.kind == ".json":
        data = read_json(source)
        if isinstance(data, dict):
            data = _chosen(data, names, source.name)
        try:
            return nested_array(data, names[0] if names else "data")
        except CnngradError as error:
            raise error.at(source.name) from None
    if source.kind == ".npy":
        return _numpy(source, lambda file: np.load(file, allow_pickle=False))
    if source.kind == ".npz":
        return _numpy(source, lambda file: _from_archive(file, names, source.name))
    if source.name == option or is_inline(source):
        source = source._replace(data=inline(source.text()).encode())
    return read_csv(source)


def _chosen(data: dict[str, object], names: tuple[str, ...], where: str) -> object:
    results = data.get("results")
    for known in (data, results if isinstance(results, dict) else {}):
        for name in names:
            if name in known:
                return known[name]
    raise FileError(
        say("The matrix is not in this object."),
        where=where,
        found="the keys " + ", ".join(list(data)[:8]) if data else say("no keys"),
        expected=" or ".join(names),
        fix=nearest(names[0], data) if names else "",
    )


def _from_archive(file: io.BytesIO, names: tuple[str, ...], where: str) -> Array:
    import zipfile

    with zipfile.ZipFile(file) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > BINARY_LIMIT:
            raise FileError(say("The archive unpacks to more than 2 GB."), where=where)
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        if len(arrays.files) == 1:
            only: Array = arrays[arrays.files[0]]
            return only
        chosen: Array = arrays[str(_chosen({n: n for n in arrays.files}, names, where))]
        return chosen


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
