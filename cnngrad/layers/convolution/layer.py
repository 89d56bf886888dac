"""Convolution, as in all frameworks: cross-correlation, the kernel is not flipped.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the convolution layer.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import lcm
from typing import Any, NamedTuple

from ...core.batch import DEFAULT, divisor
from ...core.errors import ShapeError
from ...core.layer import Layer
from ...core.numbers import Array, Number, alike, divided, hold, largest
from ...core.problem import Gradients, Operand, Operation, Problem, cells_of, masked
from ...core.settings import (
    KERNEL_LAYOUT,
    LAYOUT,
    LIKE,
    Setting,
    batch,
    count,
    flag,
    number,
)
from ...core.shapes import Axis, axis, pair, refuse_giants
from ...core.shapes import padding as read_padding
from ...core.trace import Factor, Index, Plan, Term, Trace, Window
from ...engine import conv2d as engine

A_PREV = Operand("A_prev", "input")
W = Operand("W", "kernel")
B = Operand("b", "bias", optional=True, vector=True)
DZ = Operand("dZ", "dz")

SETTINGS = (
    Setting("stride", lambda value: pair(value, "stride"), 1),
    Setting("padding", read_padding, 0),
    Setting("dilation", lambda value: pair(value, "dilation"), 1),
    Setting("groups", count("groups"), 1),
    Setting("flip", flag("flip"), False, unsaid=True),
    LAYOUT,
    KERNEL_LAYOUT,
    LIKE,
)
BATCH = Setting("batch", batch, DEFAULT)
LEARNING_RATE = Setting("learning_rate", number("learning_rate", optional=True), None)


def conv2d(
    A_prev: object,
    W: object,
    b: object = None,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    groups: int = 1,
    flip: bool | None = None,
    layout: str | None = None,
    kernel_layout: str | None = None,
    like: str | None = None,
) -> Array:
    """Convolve a batch of images: Z = A_prev ∗ W + b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, H, W), (C_in, H, W) or (H, W).
    W
        Kernel, shape (C_out, C_in/groups, kH, kW), (C_in, kH, kW) or (kH, kW).
    b
        One number for each output channel.
    stride, dilation
        An integer or (height, width); 1 unless given.
    padding
        An integer, (height, width), ((top, bottom), (left, right)), "valid", "same"
        (an odd extra cell goes to the bottom and right) or "same-lower"; 0 unless given.
    groups
        Into how many groups of channels the convolution is split.
    flip
        Turn the kernel by 180°: the convolution of mathematics instead of cross-correlation.
    layout
        "nchw", or "nhwc" for channels last: (N, H, W, C) or (H, W, C).
    kernel_layout
        "oihw", "hwio" (TensorFlow's) or "ohwi" (MLX's).
    like
        A framework such as "keras", whose conventions hold for what is not given here.

    Returns
    -------
    Array
        Z, shape (N, C_out, H_out, W_out) in the rank and layout of the input. Integers and
        fractions stay exact; float arrays keep their dtype.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> conv2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[19, 25],
           [37, 43]])
    >>> conv2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], flip=True)
    array([[ 5, 11],
           [23, 29]])
    """
    settings = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "flip": flip,
        "layout": layout,
        "kernel_layout": kernel_layout,
        "like": like,
    }
    given: dict[str, Any] = {"A_prev": A_prev, "W": W, "b": b}
    return ConvForward.from_layout(given, settings).results_in_layout["Z"]


def conv2d_backward(
    A_prev: object,
    W: object,
    dZ: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    groups: int = 1,
    batch: str | None = None,
    flip: bool | None = None,
    layout: str | None = None,
    kernel_layout: str | None = None,
    like: str | None = None,
) -> Gradients:
    """Gradients of a convolution.

    dA_prev: every cell of dZ times the kernel, added onto the window that produced it.
    dW: every cell of dZ times its window of A_prev, added up. db: the sum of dZ's cells.
    dW and db are divided by the number of samples N under `batch="mean"` (the article's
    convention); `"sum"` gives what PyTorch gives. dA_prev is never divided.

    Parameters
    ----------
    A_prev, W, stride, padding, dilation, groups, flip, layout, kernel_layout, like
        As for `conv2d`.
    dZ
        The error at the output, shape (N, C_out, H_out, W_out), or without leading axes.
    batch
        "mean" (unless `like` says otherwise) or "sum".

    Returns
    -------
    Gradients
        `.dA_prev` in the shape of A_prev, `.dW` in the shape of W, `.db` (C_out,).

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> gradients = conv2d_backward(
    ...     [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], [[-1, -2], [-3, -4]]
    ... )
    >>> gradients.dA_prev
    array([[  0,  -1,  -2],
           [ -2, -10, -10],
           [ -6, -17, -12]])
    >>> gradients.dW
    array([[-27, -37],
           [-57, -67]])
    >>> gradients.db
    array([-10])
    """
    settings = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "batch": batch,
        "flip": flip,
        "layout": layout,
        "kernel_layout": kernel_layout,
        "like": like,
    }
    given: dict[str, Any] = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return Gradients(**ConvBackward.from_layout(given, settings).results_in_layout)


class Geometry(NamedTuple):
    """How the kernel slides over the input and which channels it joins."""

    rows: Axis
    columns: Axis
    samples: int
    channels: int
    """Input channels of one group."""
    filters: int
    """Output channels of one group."""
    groups: int

    @property
    def output(self) -> Index:
        return self.samples, self.filters * self.groups, self.rows.out, self.columns.out

    def inputs_of(self, o: int) -> range:
        """The input channels that output channel `o` sees."""
        first = o // self.filters * self.channels
        return range(first, first + self.channels)

    def outputs_of(self, c: int) -> range:
        """The output channels that input channel `c` feeds."""
        first = c // self.channels * self.filters
        return range(first, first + self.filters)


class Convolution(Problem):
    """What forward and backward share: the geometry and the ranks."""

    called = "convolution"
    kinds = ("conv",)
    images = ("A_prev", "dA_prev", "Z", "dZ")

    @cached_property
    def geometry(self) -> Geometry:
        """The sliding of the kernel, validated."""
        samples, c_in, height, width = self.arrays["A_prev"].shape
        c_out, channels, k_height, k_width = self.arrays["W"].shape
        groups = self.settings["groups"]
        if c_in % groups or c_out % groups:
            raise ShapeError(
                "The channels do not divide into the groups.",
                found=f"{c_in} input and {c_out} output channels in {groups} groups",
                expected="both counts divisible by groups",
            )
        if c_in != channels * groups:
            raise ShapeError(
                "The kernel's channels do not fit the input's.",
                found=f"W {self.form('W')} sees {channels} channels a group;"
                f" A_prev {self.form('A_prev')} has {c_in}"
                f" in {groups} group{'s' * (groups > 1)}",
                expected=f"W of shape {self.form('W', (c_out, c_in // groups, k_height, k_width))}",
                fix=self._regrouped(c_in, channels),
            )
        strides, dilations = self.settings["stride"], self.settings["dilation"]
        pads = self.settings["padding"]
        rows, columns = (
            axis(
                size,
                window,
                stride=strides[side],
                dilation=dilations[side],
                padding=pads if isinstance(pads, str) else pads[side],
                flipped=self.settings["flip"],
                name=name,
            )
            for side, size, window, name in (
                (0, height, k_height, "rows"),
                (1, width, k_width, "columns"),
            )
        )
        refuse_giants(
            {
                "The padded input": samples * c_in * rows.padded * columns.padded,
                "The output": samples * c_out * rows.out * columns.out,
            },
            self.arrays["A_prev"].size,
            fix="use less padding",
        )
        return Geometry(rows, columns, samples, channels, c_out // groups, groups)

    def _fit_bias(self) -> None:
        c_out = self.geometry.output[1]
        if "b" in self.given and self.given["b"].size != c_out:
            raise ShapeError(
                "b does not fit the output channels.",
                found=f"{self.given['b'].size} numbers",
                expected=f"{c_out}: one for each filter of W",
            )

    @staticmethod
    def _regrouped(c_in: int, channels: int) -> str:
        return f"or set groups to {c_in // channels}" if c_in % channels == 0 else ""

    @property
    def ranks(self) -> dict[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        image = ranks["A_prev"]
        if image == 2 and self.geometry.output[1] > 1:
            image = 3
        return self.ranked(
            {**ranks, "Z": image, "dA_prev": ranks["A_prev"], "dW": ranks["W"], "db": 1}
        )

    def turned(self, kernels: Array) -> Array:
        """The kernels as they lie on a window: turned by 180° in a true convolution."""
        return kernels[..., ::-1, ::-1] if self.settings["flip"] else kernels

    @property
    def _kernel_area(self) -> int:
        return self.geometry.rows.window * self.geometry.columns.window

    def _window(self, source: Index) -> Window:
        n, o, i, j = source
        rows, columns = self.geometry.rows, self.geometry.columns
        return Window(
            n,
            self.geometry.inputs_of(o),
            tuple(y for _, y in rows.taps(i)),
            tuple(x for _, x in columns.taps(j)),
        )


class ConvForward(Convolution):
    """Z = A_prev ∗ W + b."""

    op = "conv-forward"
    operands = (A_PREV, W, B)
    options = SETTINGS
    names = ("Z",)

    def fit(self) -> None:
        self._fit_bias()

    @property
    def work(self) -> int:
        return cells_of(self.geometry.output) * self.geometry.channels * self._kernel_area

    def compute(self) -> dict[str, Array]:
        a, w, b = alike(self.arrays["A_prev"], self.arrays["W"], self.arrays.get("b", [0]))
        scale = lcm(a.scale * w.scale, b.scale)
        bias = b.values
        images, kernels = a.values, w.values
        if images.dtype.kind != "f":
            bias = bias.astype(object) * (scale // b.scale)
            terms = self.geometry.channels * self._kernel_area
            bound = scale * terms * largest(images) * largest(kernels) + largest(bias)
            images, kernels, bias = hold(bound, images, kernels, bias)
        rows, columns = self.geometry.rows, self.geometry.columns
        Z = engine.forward(images, self.turned(kernels), rows, columns, self.geometry.groups)
        if scale != a.scale * w.scale:
            Z = Z * (scale // (a.scale * w.scale))
        return {"Z": divided(Z + bias[:, None, None], scale)}

    def trace(self, name: str) -> Trace:
        output = self.geometry.output
        return Trace(
            Plan(
                name,
                "conv.Z",
                output,
                output,
                self._terms,
                self._window,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["Z"], k),
                values=self._values,
            )
        )

    def _values(self, cell: Index) -> list[Number]:
        n, o, i, j = cell
        A_prev, W = self.cells["A_prev"], self.cells["W"]
        down, across = self.geometry.rows.taps(i), self.geometry.columns.taps(j)
        values = [
            row[x] * weights[kj]
            for k, c in enumerate(self.geometry.inputs_of(o))
            for ki, y in down
            for row, weights in ((A_prev[n][c][y], W[o][k][ki]),)
            for kj, x in across
        ]
        return [*values, self.cells["b"][o]] if "b" in self.cells else values

    def _terms(self, cell: Index) -> list[Term]:
        n, o, i, j = cell
        A_prev, W = self.cells["A_prev"], self.cells["W"]
        down, across = self.geometry.rows.taps(i), self.geometry.columns.taps(j)
        terms = []
        for k, c in enumerate(self.geometry.inputs_of(o)):
            for ki, y in down:
                for kj, x in across:
                    left = Factor("A_prev", (n, c, y, x), A_prev[n][c][y][x])
                    right = Factor("W", (o, k, ki, kj), W[o][k][ki][kj])
                    terms.append(Term(cell, left, right, left.value * right.value))
        if "b" in self.cells:
            bias = Factor("b", (o,), self.cells["b"][o])
            terms.append(Term(cell, bias, Factor("", (), 1), bias.value))
        return terms


class ConvBackward(Convolution):
    """dA_prev, dW and db of a convolution."""

    op = "conv-backward"
    operands = (A_PREV, W, B, DZ)
    options = (*SETTINGS, BATCH, LEARNING_RATE)
    names = ("dA_prev", "dW", "db")
    forward = ConvForward

    def fit(self) -> None:
        self._fit_bias()
        output = self.geometry.output
        if self.arrays["dZ"].shape != output:
            raise ShapeError(
                "dZ does not fit the output of this convolution.",
                found=f"dZ {self.form('dZ')}",
                expected=f"dZ {self.form('dZ', output[4 - self.ranks['Z'] :])}"
                f"\nrows     {self.geometry.rows.formula()}"
                f"\ncolumns  {self.geometry.columns.formula()}"
                "\n(input + padding − kernel) / stride + 1, rounded down",
                fix="give dZ in that shape, or change stride, padding or dilation",
            )

    @property
    def work(self) -> int:
        return 2 * cells_of(self.geometry.output) * self.geometry.channels * self._kernel_area

    @property
    def divisor(self) -> int:
        """What dW and db are divided by: N, or 1 under `batch="sum"`."""
        return divisor(self.settings["batch"], self.geometry.samples)

    def compute(self) -> dict[str, Array]:
        return self._from(self.arrays["dZ"], self.divisor)

    def _from(self, dZ: Array, divisor: int) -> dict[str, Array]:
        a, w, z = alike(self.arrays["A_prev"], self.arrays["W"], dZ)
        images, kernels, errors = a.values, w.values, z.values
        if images.dtype.kind != "f":
            samples, _, height, width = self.geometry.output
            bound = largest(errors) * max(
                self.geometry.filters * self._kernel_area * largest(kernels),
                samples * height * width * max(largest(images), 1),
            )
            images, kernels, errors = hold(bound, images, kernels, errors)
        rows, columns = self.geometry.rows, self.geometry.columns
        dA_prev, dW, db = engine.backward(
            images, self.turned(kernels), errors, rows, columns, self.geometry.groups
        )
        return {
            "dA_prev": divided(dA_prev, w.scale * z.scale),
            "dW": divided(self.turned(dW), a.scale * z.scale * divisor),
            "db": divided(db, z.scale * divisor),
        }

    def trace(self, name: str) -> Trace:
        shape, terms, values, contributors = {
            "dA_prev": (
                self.arrays["A_prev"].shape,
                self._dA_prev,
                self._dA_prev_values,
                self._feeding_dA_prev,
            ),
            "dW": (self.arrays["W"].shape, self._dW, self._dW_values, self._feeding_dW),
            "db": ((self.geometry.output[1],), self._db, None, self._feeding_db),
        }[name]
        return Trace(
            Plan(
                name,
                f"conv.{name}",
                shape,
                self.geometry.output,
                terms,
                self._window,
                contributors,
                lambda k: self._from(masked(self.arrays["dZ"], k), 1)[name],
                1 if name == "dA_prev" else self.divisor,
                values=values,
            )
        )

    def _error(self, source: Index) -> Factor:
        n, o, i, j = source
        return Factor("dZ", source, self.cells["dZ"][n][o][i][j])

    def _dA_prev(self, source: Index) -> list[Term]:
        n, o, i, j = source
        down, across = self.geometry.rows.taps(i), self.geometry.columns.taps(j)
        dz, kernels = self._error(source), self._kernel_factors[o]
        value = dz.value
        return [
            Term((n, c, y, x), dz, right := kernels[k][ki][kj], value * right.value)
            for k, c in enumerate(self.geometry.inputs_of(o))
            for ki, y in down
            for kj, x in across
        ]

    @cached_property
    def _kernel_factors(self) -> list[list[list[list[Factor]]]]:
        """The cells of W as factors, made once: every step needs all of a filter's."""
        W = self.cells["W"]
        return [
            [
                [
                    [Factor("W", (o, k, i, j), value) for j, value in enumerate(row)]
                    for i, row in enumerate(plane)
                ]
                for k, plane in enumerate(planes)
            ]
            for o, planes in enumerate(W)
        ]

    def _dW(self, source: Index) -> list[Term]:
        n, o, i, j = source
        down, across = self.geometry.rows.taps(i), self.geometry.columns.taps(j)
        dz, images = self._error(source), self.cells["A_prev"][n]
        value = dz.value
        return [
            Term((o, k, ki, kj), dz, Factor("A_prev", (n, c, y, x), cell), value * cell)
            for k, c in enumerate(self.geometry.inputs_of(o))
            for ki, y in down
            for row in (images[c][y],)
            for kj, x in across
            for cell in (row[x],)
        ]

    def _dA_prev_values(self, source: Index) -> list[Number]:
        n, o, i, j = source
        down, across = self.geometry.rows.taps(i), self.geometry.columns.taps(j)
        dz = self.cells["dZ"][n][o][i][j]
        return [
            dz * row[kj]
            for plane in self.cells["W"][o]
            for ki, _ in down
            for row in (plane[ki],)
            for kj, _ in across
        ]

    def _dW_values(self, source: Index) -> list[Number]:
        n, o, i, j = source
        down, across = self.geometry.rows.taps(i), self.geometry.columns.taps(j)
        dz, images = self.cells["dZ"][n][o][i][j], self.cells["A_prev"][n]
        return [
            dz * row[x]
            for c in self.geometry.inputs_of(o)
            for _, y in down
            for row in (images[c][y],)
            for _, x in across
        ]

    def _db(self, source: Index) -> list[Term]:
        dz = self._error(source)
        return [Term((source[1],), dz, Factor("", (), 1), dz.value)]

    def _feeding_dA_prev(self, cell: Index) -> Iterator[Index]:
        n, c, y, x = cell
        for o in self.geometry.outputs_of(c):
            for i, _ in self.geometry.rows.reached_by(y):
                for j, _ in self.geometry.columns.reached_by(x):
                    yield n, o, i, j

    def _feeding_dW(self, cell: Index) -> Iterator[Index]:
        o, _, ki, kj = cell
        for n in range(self.geometry.samples):
            for i in self.geometry.rows.windows_with(ki):
                for j in self.geometry.columns.windows_with(kj):
                    yield n, o, i, j

    def _feeding_db(self, cell: Index) -> Iterator[Index]:
        samples, _, height, width = self.geometry.output
        for n in range(samples):
            for i in range(height):
                for j in range(width):
                    yield n, cell[0], i, j


def _drawn(sizes: Mapping[str, Any], given: Index, settings: Mapping[str, Any]) -> dict[str, Index]:
    channels = given[-3] if len(given) > 2 else 1
    filters, kernel = sizes["filters"], pair(sizes["kernel_size"], "kernel_size")
    return {"W": (filters, max(channels // settings["groups"], 1), *kernel), "b": (filters,)}


FORWARD = Operation("conv-forward", {"": ConvForward})
BACKWARD = Operation("conv-backward", {"": ConvBackward})
LAYERS = {
    "conv": Layer(
        ConvBackward,
        settings=tuple(setting.name for setting in SETTINGS),
        takes="images",
        gives="images",
        sizes=("filters", "kernel_size"),
        drawn=_drawn,
    )
}
