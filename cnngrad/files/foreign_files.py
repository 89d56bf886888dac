"""Files of other programs: Excel's .xlsx, MATLAB's .mat, .safetensors, PyTorch's .pt.

They need packages that come with the extra `files` (PyTorch for .pt); without them the message
names the one line that converts.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.errors import CnngradError, FileError, nearest
from ..core.numbers import Array
from ..core.text import message, say
from .source import AbsentError, Source

_CONVERTS = {
    ".xlsx": message("save the sheet as .csv; or pip install 'cnngrad[files]'"),
    ".mat": message("in MATLAB: writematrix(A, 'A.csv'); or pip install 'cnngrad[files]'"),
    ".safetensors": message(
        "np.save('x.npy', safetensors.numpy.load_file('x.safetensors')['NAME']);"
        " or pip install 'cnngrad[files]'"
    ),
    ".pt": message(
        "where PyTorch is installed: np.save('x.npy', torch.load('x.pt')['NAME'].numpy())"
    ),
}
_NEEDS = {
    ".xlsx": "openpyxl",
    ".mat": "SciPy",
    ".safetensors": "safetensors",
    ".pt": "PyTorch",
}


def read_foreign(source: Source, names: Sequence[str]) -> Array:
    """The array of a .mat, .safetensors or .pt file.

    Parameters
    ----------
    source
        The file.
    names
        What the array may be called in it, where it holds several.

    Raises
    ------
    FileError
        It cannot be read here, or holds no such array.
    """
    read = {".mat": _mat, ".safetensors": _safetensors}.get(source.kind, _torch)
    try:
        arrays = read(source)
    except ImportError:
        raise _missing(source) from None
    except CnngradError:
        raise
    except Exception as error:  # what damaged files make these packages raise is not documented
        raise _damaged(source, error) from None
    return _array(arrays[_chosen(arrays, names, source)], source)


def _missing(source: Source) -> FileError:
    kind = ".pt" if source.kind == ".pth" else source.kind
    return FileError(
        say("This kind of file needs a package that is not installed."),
        where=source.name,
        found=source.kind,
        expected=say("the package {package}", package=_NEEDS[kind]),
        fix=say(_CONVERTS[kind]),
    )


def _damaged(source: Source, error: Exception) -> FileError:
    return FileError(
        say("The file cannot be read."),
        where=source.name,
        found=(str(error) or type(error).__name__).splitlines()[0][:120],
        expected=say("a file of the kind {kind}", kind=source.kind),
    )


def _chosen(arrays: Iterable[str], names: Sequence[str], source: Source) -> str:
    there = list(arrays)
    if source.member:
        if source.member in there:
            return source.member
        raise AbsentError(
            say("There is no array of this name in the file."),
            where=source.name,
            found=source.member,
            expected=", ".join(there[:12]),
            fix=nearest(source.member, there),
        )
    for name in names:
        if name in there:
            return name
    if len(there) == 1:
        return there[0]
    raise AbsentError(
        say("The file holds several arrays, and none of this name.")
        if there
        else say("The file is empty."),
        where=source.name,
        found=", ".join(there[:12]),
        expected=" or ".join(names),
        fix=say("say which: {file}:{name}", file=source.name, name=there[0]) if there else "",
    )


def _array(value: Any, source: Source) -> Array:
    if hasattr(value, "toarray"):  # a sparse matrix
        value = value.toarray()
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise FileError(
            say("The array holds no plain numbers."),
            where=source.name,
            found=say("dtype {dtype}", dtype=str(array.dtype)),
            expected=say("integers or floats"),
        )
    return array


def _mat(source: Source) -> Mapping[str, Any]:
    from scipy.io import loadmat

    try:
        found = loadmat(io.BytesIO(source.data))
    except NotImplementedError:
        raise FileError(
            say("This .mat file is of MATLAB's version 7.3, which is HDF5."),
            where=source.name,
            expected=say("a .mat file of version 7 or older"),
            fix=say("in MATLAB: save('x.mat', 'A', '-v7')"),
        ) from None
    return {name: value for name, value in found.items() if not name.startswith("__")}


_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "U16": "<u2",
    "U32": "<u4",
    "U64": "<u8",
    "BOOL": "?",
}


def _safetensors(source: Source) -> Mapping[str, Any]:
    import safetensors

    deserialize: Any = safetensors.deserialize  # it has no types
    arrays = {}
    for name, tensor in deserialize(source.data):
        data, shape = bytes(tensor["data"]), tensor["shape"]
        if tensor["dtype"] == "BF16":  # the upper half of a float32
            upper = np.frombuffer(data, "<u2").astype(np.uint32) << 16
            arrays[name] = upper.view(np.float32).reshape(shape)
        elif tensor["dtype"] in _DTYPES:
            arrays[name] = np.frombuffer(data, _DTYPES[tensor["dtype"]]).reshape(shape)
    return arrays


def _torch(source: Source) -> Mapping[str, Any]:
    import torch

    found = torch.load(io.BytesIO(source.data), map_location="cpu", weights_only=True)
    if isinstance(found, torch.Tensor):
        found = {"": found}
    elif isinstance(found, Mapping) and isinstance(found.get("state_dict"), Mapping):
        found = found["state_dict"]
    if not isinstance(found, Mapping):
        raise FileError(
            say("The file holds no tensors by name."),
            where=source.name,
            found=type(found).__name__,
            expected=say(
                "a tensor, or tensors by name, as torch.save(model.state_dict(), …) writes"
            ),
        )
    tensors = {str(k): v for k, v in found.items() if isinstance(v, torch.Tensor)}
    return {
        name: (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).detach().numpy()
        for name, tensor in tensors.items()
    }


def sheet_text(source: Source, names: Sequence[str] = ()) -> str:
    """A sheet of an .xlsx file as lines of cells, tabs between them.

    Parameters
    ----------
    source
        The file.
    names
        What the sheet may be called, where there are several.

    Raises
    ------
    FileError
        It cannot be read here, has no such sheet, or a cell that holds an error.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise _missing(source) from None
    try:
        book = load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
        sheets = {sheet.title: [list(row) for row in sheet.values] for sheet in book.worksheets}
    except Exception as error:  # a damaged archive may raise anything
        raise _damaged(source, error) from None
    filled = {
        name: rows
        for name, rows in sheets.items()
        if any(cell is not None for row in rows for cell in row)
    }
    rows = filled[_chosen(filled, names, source)] if filled else []
    width = max(
        (k + 1 for row in rows for k, cell in enumerate(row) if cell is not None), default=0
    )
    lines = []
    for number, row in enumerate(rows, 1):
        cells = ["" if cell is None else str(cell).strip() for cell in row[:width]]
        for column, cell in enumerate(cells):
            if cell.startswith("#"):
                raise FileError(
                    say("A cell holds an error instead of a number."),
                    where=say(
                        "{source}, row {row}, column {column}",
                        source=source.name,
                        row=number,
                        column=column + 1,
                    ),
                    found=cell[:30],
                    expected=say("a number"),
                )
        cells += [""] * (width - len(cells))
        lines.append("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in cells))
    return "\n".join(lines)
