"""How a function wants its arrays laid out, and how what it gives back is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from ...core.numbers import Array
from ...core.trace import Index

VECTORS = ("b", "db", "gamma", "beta", "dgamma", "dbeta")
IMAGES = ("A_prev", "dZ", "Z", "A", "dA_prev")

Layout = Literal["nchw", "nhwc"]
KernelLayout = Literal["oihw", "hwio", "ohwi", "iohw", "hwoi"]
DenseLayout = Literal["out-in", "in-out"]
Vector = Literal["vector", "last axis", "column", "row", "number"]

_KERNELS: dict[KernelLayout, tuple[int, ...]] = {
    "oihw": (0, 1, 2, 3),
    "hwio": (2, 3, 1, 0),
    "ohwi": (0, 2, 3, 1),
}
_TRANSPOSED_KERNELS: dict[KernelLayout, tuple[int, ...]] = {
    "iohw": (0, 1, 2, 3),
    "oihw": (1, 0, 2, 3),
    "hwoi": (2, 3, 1, 0),
    "hwio": (2, 3, 0, 1),
    "ohwi": (1, 2, 3, 0),
}
"""Of a transposed convolution, whose W is (C_in, C_out, kH, kW) in full rank."""


@dataclass(frozen=True)
class Presentation:
    """The layout of every array, as one function takes and gives it.

    Parameters
    ----------
    layout, kernel_layout, dense_layout
        Where the channels stand.
    rank
        Axes of an image: 4 with samples, 3 without, 2 where one channel is all there is; of a
        dense layer 2, or 1 for a single sample.
    kernel_rank
        Axes of a kernel: 4, 3 for filters of one channel, 2 for one filter of one channel.
    columns
        Of a dense layer: whether a column is a sample.
    bias
        In which shape one number a channel is given.
    transposed
        Whether W is that of a transposed convolution.
    rows
        Whether images are rows of numbers, one a channel: (N, C).
    """

    layout: Layout = "nchw"
    kernel_layout: KernelLayout = "oihw"
    dense_layout: DenseLayout = "out-in"
    rank: int = 4
    kernel_rank: int = 4
    columns: bool = False
    bias: Vector = "vector"
    transposed: bool = False
    rows: bool = False

    @property
    def _order(self) -> tuple[int, ...]:
        """How the axes of a kernel stand."""
        return (_TRANSPOSED_KERNELS if self.transposed else _KERNELS)[self.kernel_layout]

    def shown(self, name: str, array: Array, dense: bool) -> Array:
        """An array of full rank as the function takes it."""
        if name in VECTORS:
            return _vector(array, self.bias)
        if name == "W":
            return np.ascontiguousarray(self._weights(array, dense))
        if dense:
            if self.rank == 1:
                return np.array(array[0])
            return np.ascontiguousarray(array.T if self.columns else array)
        if name not in IMAGES or array.ndim != 4:
            return array
        if self.rows:
            return np.ascontiguousarray(array[:, :, 0, 0])
        if self.layout == "nhwc":
            array = array.transpose(0, 2, 3, 1)
        if self.rank < 4:
            array = array[0]
        if self.rank == 2:
            channel = -1 if self.layout == "nhwc" else 0
            if array.shape[channel] == 1:
                array = array.squeeze(channel)
        return np.ascontiguousarray(array)

    def _weights(self, array: Array, dense: bool) -> Array:
        if dense:
            return array.T if self.dense_layout == "in-out" else array
        if self.kernel_rank == 2:
            one: Array = array[0, 0]
            return one
        if self.kernel_rank == 3:
            return array[:, 0] if array.shape[1] == 1 else array[0]
        return array.transpose(self._order)

    def read(self, name: str, array: Array, shape: Index, dense: bool) -> Array:
        """What came back, in full rank where its shape allows that; else as it is."""
        if len(shape) == 1:  # db
            return array.reshape(-1) if array.size == shape[0] else array
        if not shape:
            return array.reshape(()) if array.size == 1 else array
        if name == "dW":
            expected = self.shown("W", np.zeros(shape), dense).shape
        else:
            expected = self.shown(name, np.zeros(shape), dense).shape
        if array.shape != expected:
            return self._odd(array, dense)
        return self._back(name, array, dense).reshape(shape)

    def _back(self, name: str, array: Array, dense: bool) -> Array:
        if dense:
            turned = self.dense_layout == "in-out" if name == "dW" else self.columns
            return array.T if turned else array
        if name == "dW":
            if self.kernel_rank < 4:
                return array
            return array.transpose(np.argsort(self._order))
        if self.rows:
            return array[:, :, None, None]
        if self.layout == "nhwc" and array.ndim >= 3:
            return np.moveaxis(array, -1, -3)
        return array

    def full(self, name: str, array: Array, dense: bool) -> Array:
        """What `shown` has laid out, in full rank again."""
        if name in VECTORS:
            return array.reshape(-1)
        if dense:
            turned = self.dense_layout == "in-out" if name == "W" else self.columns
            return array.T if turned else array.reshape((1,) * (2 - array.ndim) + array.shape)
        if name == "W":
            if self.kernel_rank == 3:
                return array[:, None] if self.rank == 2 else array[None]
            if self.kernel_rank == 2:
                return array[None, None]
            return array.transpose(np.argsort(self._order))
        if self.rows:
            return array[:, :, None, None]
        if self.layout == "nhwc" and array.ndim >= 3:
            array = np.moveaxis(array, -1, -3)
        return array.reshape((1,) * (4 - array.ndim) + array.shape)

    def _odd(self, array: Array, dense: bool) -> Array:
        """An array of a wrong size, in the right order of axes where it has as many."""
        if not dense and self.layout == "nhwc" and array.ndim == self.rank and array.ndim >= 3:
            array = np.moveaxis(array, -1, -3)
        if not dense and array.ndim == self.rank and self.rank < 4:
            array = array.reshape((1,) * (4 - array.ndim) + array.shape)
        return array

    def expected_shape(self, name: str, shape: Index, dense: bool) -> Index:
        """The shape in which a result of this full shape is to come back."""
        return self.shown("W" if name == "dW" else name, np.zeros(shape), dense).shape

    def fits(self, given: Mapping[str, Array]) -> bool:
        """Whether a problem's arrays can be laid out so: one sample for a rank without samples."""
        samples, channels = (*given["A_prev"].shape, 1)[:2]
        if self.rows:
            return given["A_prev"].shape[2:] == (1, 1)
        if "W" not in given or given["W"].ndim != 4:
            if given["A_prev"].ndim == 2:
                return self.rank > 1 or samples == 1
            return (self.rank == 4 or samples == 1) and (self.rank > 2 or channels == 1)
        filters, inputs = given["W"].shape[:2]
        if self.rank < 4 and samples > 1:
            return False
        if self.rank == 2 and channels > 1:
            return False
        if self.kernel_rank == 2:
            return bool(filters == inputs == 1)
        if self.kernel_rank == 3:
            return bool(inputs == 1 if self.rank == 2 else filters == 1)
        return True


def _vector(array: Array, form: Vector) -> Array:
    flat = array.reshape(-1)
    if form == "last axis":
        return flat.reshape(1, 1, 1, -1)
    if form == "column":
        return flat.reshape(-1, 1)
    if form == "row":
        return flat.reshape(1, -1)
    return flat[0] if form == "number" and flat.size == 1 else flat


def presentations(op: str, kind: str) -> Iterator[Presentation]:
    """The layouts that a function may want, the likeliest first."""
    if op.startswith("dense"):
        yield from _dense(kind)
        return
    if op.startswith(("activation", "loss")):
        yield Presentation()
        return
    if op.startswith("batch-norm"):
        yield Presentation(rows=True)
        yield Presentation()
        yield Presentation("nhwc")
        yield Presentation(rows=True, bias="row")
        return
    if op.startswith("conv-transpose"):
        for kernel_layout in _TRANSPOSED_KERNELS:
            last = kernel_layout not in ("iohw", "oihw")
            layout: Layout = "nhwc" if last else "nchw"
            bias: Vector = "last axis" if last else "vector"
            yield Presentation(layout, kernel_layout, transposed=True, bias=bias)
        return
    first = Presentation()
    channels_last = Presentation("nhwc", "hwio", bias="last axis")
    ordered = [first, channels_last]
    if kind == "deeplearning.ai":
        ordered.reverse()
    yield from ordered
    if op.startswith("conv"):
        yield Presentation("nhwc", "ohwi")
        yield Presentation("nhwc", "oihw")
        yield Presentation("nchw", "hwio")
        yield Presentation(rank=3)
        yield Presentation("nhwc", "hwio", rank=3)
        yield Presentation("nhwc", "ohwi", rank=3)
        yield Presentation(rank=2, kernel_rank=2, bias="number")
        yield Presentation(rank=2, kernel_rank=3)
        yield Presentation("nhwc", "oihw", rank=2, kernel_rank=3)
        yield Presentation(rank=3, kernel_rank=3)
    else:
        yield Presentation(rank=2)
        yield Presentation(rank=3)
        yield Presentation("nhwc", rank=3)


def _dense(kind: str) -> Iterator[Presentation]:
    rows = Presentation(rank=2)
    turned = Presentation(rank=2, dense_layout="in-out")
    columns = Presentation(rank=2, columns=True, bias="column")
    yield from {
        "cs231n": [turned, rows, columns],
        "deeplearning.ai": [columns, rows, turned],
    }.get(kind, [rows, turned, columns])
    yield Presentation(rank=2, dense_layout="in-out", bias="row")
    yield Presentation(rank=1)
    yield Presentation(rank=1, dense_layout="in-out")


def told(presentation: Presentation) -> dict[str, str]:
    """The fields that are not as in the article, by name."""
    usual = Presentation()
    return {
        field.name: str(getattr(presentation, field.name))
        for field in fields(presentation)
        if getattr(presentation, field.name) != getattr(usual, field.name)
    }
