"""Answers that are far too large for what is asked: their shape is looked at before their cells."""

import io
import math
import zipfile
from collections.abc import Iterator, Mapping

import numpy as np

from ..core.errors import FileError
from ..core.limits import in_bytes
from ..core.shapes import by
from ..core.text import Count, say
from ..core.trace import Index
from ..files.source import ARRAYS, Source

_SPARE_BYTES, _BYTES_A_CELL = 1_000_000, 1_000
"""A text may be so long, and so much longer for each number that is asked for."""
_SPARE_CELLS = 100_000


def refuse_outsized(source: Source, shapes: Mapping[str, Index]) -> None:
    """Refuse a file that holds far more than an answer, before its cells are read.

    Parameters
    ----------
    source
        The file.
    shapes
        The shapes of the results that can be handed in.

    Raises
    ------
    FileError
        It does; what is in it and what belongs there are told.
    """
    asked = sum(map(math.prod, shapes.values()))
    if source.kind in (".npy", ".npz"):
        for shape in _shapes_in(source):
            if math.prod(shape) > _SPARE_CELLS + 4 * asked:
                raise _too_large(source, by(shape), asked)
    elif source.kind not in ARRAYS and len(source.data) > _SPARE_BYTES + _BYTES_A_CELL * asked:
        raise _too_large(source, in_bytes(len(source.data)), asked)


def _too_large(source: Source, found: str, asked: int) -> FileError:
    return FileError(
        say("This is far too large to be the answer."),
        where=source.name,
        found=found,
        expected=say("{count:# number|# numbers}", count=Count(asked)),
    )


def _shapes_in(source: Source) -> Iterator[Index]:
    """The shapes that NumPy files say their arrays have; none of what is damaged."""
    try:
        if source.kind == ".npy":
            yield _shape(io.BytesIO(source.data))
            return
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield _shape(io.BytesIO(member.read(_HEADER_BYTES)))
    except Exception:  # whoever reads it says what is wrong with it
        return


_HEADER_BYTES = 20_000


def _shape(file: io.BytesIO) -> Index:
    version = np.lib.format.read_magic(file)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape: Index = read(file)[0]
    return shape
