"""Messages between the program and the worker that runs a person's code: JSON and plain arrays.

Nothing that comes from the worker is executed or unpickled: a frame is a line of JSON, which says
how many bytes of which arrays follow.
"""

import json
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from ...core.numbers import Array

KINDS = "biuf"
"""Kinds of numbers that an array may have on its way."""


def send(stream: IO[bytes], message: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write one frame."""
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    shapes = [[name, array.dtype.str, list(array.shape)] for name, array in plain.items()]
    stream.write(json.dumps({**message, "arrays": shapes}).encode() + b"\n")
    for array in plain.values():
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read one frame.

    Raises
    ------
    EOFError
        The other side has ended.
    """
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    message: dict[str, Any] = json.loads(line)
    arrays = {}
    for name, kind, shape in message.pop("arrays"):
        dtype = np.dtype(kind)
        if dtype.kind not in KINDS:
            raise EOFError
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        data = stream.read(size)
        if len(data) != size:
            raise EOFError
        arrays[name] = np.frombuffer(data, dtype).reshape(shape)
    return message, arrays
