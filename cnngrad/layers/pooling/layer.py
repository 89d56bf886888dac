"""Max and average pooling.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the pooling layer.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm
from typing import Any, ClassVar

import numpy as np

from ...core.errors import SettingError, ShapeError
from ...core.layer import Layer
from ...core.numbers import Array, Number, alike, divided, hold, largest
from ...core.problem import Operand, Operation, Problem, cells_of, masked
from ...core.settings import LAYOUT, LIKE, Setting, choice, count, flag
from ...core.shapes import Axis, axis, pair, refuse_giants
from ...core.shapes import padding as read_padding
from ...core.text import say
from ...core.trace import Factor, Index, Plan, Term, Trace, Window, quotient
from ...engine import average, maximum

A_PREV = Operand("A_prev", "input")
DZ = Operand("dZ", "dz")


def _optional_pair(value: object) -> tuple[int, int] | None:
    return None if value is None else pair(value, "stride")


SETTINGS = (
    Setting("mode", choice("mode", "max", "average"), "max"),
    Setting("window", lambda value: pair(value, "window"), None),
    Setting("stride", _optional_pair, None),
    Setting("padding", read_padding, 0),
    Setting("dilation", lambda value: pair(value, "dilation"), 1),
    Setting("ceil_mode", flag("ceil_mode"), False),
    Setting("ceil_rule", choice("ceil_rule", "drop", "keep"), "drop", unsaid=True),
    LAYOUT,
    LIKE,
)
TIES = Setting("ties", choice("ties", "first", "last", "all", "split", "first-column"), "first")
AVERAGE = (
    Setting("count_include_pad", flag("count_include_pad"), True),
    Setting("divisor_override", count("divisor_override", optional=True), None),
    Setting("overhang", choice("overhang", "not", "counts", "padded"), "not", unsaid=True),
)


def max_pool2d(
    A_prev: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The maximum of each window; padding counts as −∞.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, H, W), (C, H, W) or (H, W).
    window, stride, dilation
        An integer or (height, width). The stride is the window unless given.
    padding
        As for `conv2d`.
    ceil_mode
        Let the last window reach beyond the padded input.
    ceil_rule
        Under `ceil_mode`, whether a last window that begins in the padding is dropped: "drop"
        (PyTorch's) or "keep" (PaddlePaddle's).
    layout
        "nchw", or "nhwc" for channels last: (N, H, W, C) or (H, W, C).
    like
        A framework such as "keras", whose conventions hold for what is not given here.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit the input, or holds nothing but padding.

    Examples
    --------
    >>> max_pool2d([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], 2)
    array([[6, 8],
           [3, 4]])
    """
    given, settings = _asked(**locals())
    return MaxForward.from_layout(given, settings).results_in_layout["A"]


def max_pool2d_backward(
    A_prev: object,
    dZ: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    ties: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The error at the input of a max pooling: it goes to the maximum of each window.

    Parameters
    ----------
    A_prev, window, stride, padding, dilation, ceil_mode, ceil_rule, layout, like
        As for `max_pool2d`.
    dZ
        The error at the output, in the shape of the output.
    ties
        Where several cells are the maximum: "first" (in row-major order, unless `like` says
        otherwise), "last", "all", "split" (each receives an equal part) or "first-column".

    Returns
    -------
    Array
        dA_prev, in the shape of A_prev.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The shapes do not fit.

    Examples
    --------
    >>> max_pool2d_backward([[1, 2], [2, 0]], [[4]], 2, ties="split")
    array([[0, 2],
           [2, 0]])
    """
    given, settings = _asked(**locals())
    return MaxBackward.from_layout(given, settings).results_in_layout["dA_prev"]


def avg_pool2d(
    A_prev: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    count_include_pad: bool | None = None,
    divisor_override: int | None = None,
    overhang: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The average of each window.

    Parameters
    ----------
    A_prev, window, stride, padding, dilation, ceil_mode, ceil_rule, layout, like
        As for `max_pool2d`.
    count_include_pad
        Whether padding counts in the divisor; it does unless `like` says otherwise.
    divisor_override
        The divisor to use instead.
    overhang
        Under `ceil_mode`, whether what a window has beyond the padded input counts, too:
        "not", "counts", or "padded": it counts where there is padding.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit, or has nothing to divide by.

    Examples
    --------
    >>> avg_pool2d([[1, 2], [3, 4]], 2)
    array([[Fraction(5, 2)]], dtype=object)
    """
    given, settings = _asked(**locals())
    return AverageForward.from_layout(given, settings).results_in_layout["A"]


def avg_pool2d_backward(
    A_prev: object,
    dZ: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    count_include_pad: bool | None = None,
    divisor_override: int | None = None,
    overhang: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The error at the input of an average pooling: shared equally by the cells of the window.

    Parameters
    ----------
    A_prev, window, stride, padding, dilation, ceil_mode, ceil_rule, layout, like
        As for `max_pool2d`.
    count_include_pad, divisor_override, overhang
        As for `avg_pool2d`.
    dZ
        The error at the output, in the shape of the output.

    Returns
    -------
    Array
        dA_prev, in the shape of A_prev.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The shapes do not fit.

    Examples
    --------
    >>> avg_pool2d_backward([[1., 2.], [3., 4.]], [[2.5]], 2)
    array([[0.625, 0.625],
           [0.625, 0.625]])
    """
    given, settings = _asked(**locals())
    return AverageBackward.from_layout(given, settings).results_in_layout["dA_prev"]


def _asked(
    A_prev: object, dZ: object = None, **settings: object
) -> tuple[dict[str, Any], dict[str, object]]:
    """The matrices and the settings that a function was called with."""
    return {"A_prev": A_prev, "dZ": dZ}, settings


class Pooling(Problem):
    """What all four share: how the window slides."""

    @classmethod
    def read_settings(cls, settings: Mapping[str, object]) -> dict[str, Any]:
        if settings.get("window") is None:
            raise SettingError(
                "Pooling needs a window.", expected="--window 2 (or the key window), or 3,2"
            )
        known = super().read_settings({**settings, "mode": cls.mode})
        if known["stride"] is None:
            known["stride"] = known["window"]
        return known

    mode: ClassVar[str]
    images = ("A_prev", "dA_prev", "A", "dZ")

    @classmethod
    def kinds_of(cls, settings: Mapping[str, object]) -> tuple[str, ...]:  # noqa: ARG003
        return f"{cls.mode}-pool", "pool"

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """Rows and columns of the sliding window."""
        pads = self.settings["padding"]
        rows, columns = (
            axis(
                self.arrays["A_prev"].shape[2 + side],
                self.settings["window"][side],
                stride=self.settings["stride"][side],
                dilation=self.settings["dilation"][side],
                padding=pads if isinstance(pads, str) else pads[side],
                ceil=self.settings["ceil_mode"],
                keep=self.settings["ceil_rule"] == "keep",
                what="window",
                name=name,
            )
            for side, name in enumerate(("rows", "columns"))
        )
        images = cells_of(self.arrays["A_prev"].shape[:2])
        refuse_giants(
            {
                "The padded input": images * rows.padded * columns.padded,
                "The output": images * rows.out * columns.out,
            },
            self.arrays["A_prev"].size,
            fix="use less padding",
        )
        return rows, columns

    def fit(self) -> None:
        rows, columns = self.axes
        if "dZ" in self.arrays and self.arrays["dZ"].shape != self.output:
            raise ShapeError(
                "dZ does not fit the output of this pooling.",
                found=f"dZ {self.form('dZ')}",
                expected=f"dZ {self.form('dZ', self.output[4 - self.given['A_prev'].ndim :])}"
                f"\nrows     {rows.formula()}"
                f"\ncolumns  {columns.formula()}"
                "\n(input + padding − window) / stride + 1, rounded "
                + ("up" if self.settings["ceil_mode"] else "down"),
                fix="give dZ in that shape, or change window, stride or padding",
            )

    def _refuse_empty_windows(self, why: str) -> None:
        for line, name in zip(self.axes, ("rows", "columns"), strict=True):
            for i in range(line.out):
                if not any(True for _ in line.taps(i)):
                    raise ShapeError(
                        "A window holds nothing but padding.",
                        found=f"window {i} along the {name} has no cell of the input",
                        expected=f"at least one cell of the input in every window: {why}",
                        fix="use less padding",
                    )

    @property
    def output(self) -> Index:
        """The shape of A and dZ, in full rank."""
        rows, columns = self.axes
        return (*self.arrays["A_prev"].shape[:2], rows.out, columns.out)

    @property
    def ranks(self) -> dict[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        return self.ranked({**ranks, "A": ranks["A_prev"], "dA_prev": ranks["A_prev"]})

    @property
    def work(self) -> int:
        rows, columns = self.axes
        return cells_of(self.output) * rows.window * columns.window

    def taps(self, cell: Index) -> Iterator[tuple[Index, Number]]:
        """The cells of A_prev in one window, with their values, in row-major order."""
        n, c, i, j = cell
        image = self.cells["A_prev"][n][c]
        rows, columns = self.axes
        for (_, y), (_, x) in product(rows.taps(i), columns.taps(j)):
            yield (n, c, y, x), image[y][x]

    def _window(self, source: Index) -> Window:
        n, c, i, j = source
        rows, columns = self.axes
        return Window(
            n,
            range(c, c + 1),
            tuple(y for _, y in rows.taps(i)),
            tuple(x for _, x in columns.taps(j)),
        )

    def _feeding(self, cell: Index) -> Iterator[Index]:
        n, c, y, x = cell
        rows, columns = self.axes
        for i, _ in rows.reached_by(y):
            for j, _ in columns.reached_by(x):
                yield n, c, i, j

    def _error(self, source: Index) -> Factor:
        n, c, i, j = source
        return Factor("dZ", source, self.cells["dZ"][n][c][i][j])

    @abstractmethod
    def terms(self, source: Index) -> list[Term]:
        """The terms of one window."""


class _Forward(Pooling):
    op = "pool-forward"
    operands = (A_PREV,)
    names = ("A",)

    def trace(self, name: str) -> Trace:
        return Trace(
            Plan(
                name,
                f"{self.mode}.A",
                self.output,
                self.output,
                self.terms,
                self._window,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["A"], k),
            )
        )


class _Backward(Pooling):
    op = "pool-backward"
    operands = (A_PREV, DZ)
    names = ("dA_prev",)

    def compute(self) -> dict[str, Array]:
        return {"dA_prev": self.from_errors(self.arrays["dZ"])}

    @abstractmethod
    def from_errors(self, dZ: Array) -> Array:
        """The engine's dA_prev for this error."""

    def trace(self, name: str) -> Trace:
        return Trace(
            Plan(
                name,
                f"{self.mode}.dA_prev",
                self.arrays["A_prev"].shape,
                self.output,
                self.terms,
                self._window,
                self._feeding,
                lambda k: self.from_errors(masked(self.arrays["dZ"], k)),
            )
        )

    def _shared(self, dZ: Array, parts: Array) -> tuple[Array, int]:
        """dZ / parts, as an array and the scale it still has to be divided by."""
        (errors,) = alike(dZ)
        if errors.values.dtype.kind == "f":
            return errors.values / parts.astype(errors.values.dtype), 1
        scale = lcm(*set(parts.ravel().tolist()))
        area = self.settings["window"][0] * self.settings["window"][1]
        (values,) = hold(largest(errors.values) * scale * area, errors.values)
        return values * (scale // parts), errors.scale * scale


class _Max(Pooling):
    mode = "max"
    called = "max pooling"

    def fit(self) -> None:
        super().fit()
        self._refuse_empty_windows(say("a maximum of nothing would be −∞"))

    @property
    def nondifferentiable_cells(self) -> int:
        if "dZ" not in self.arrays:
            return 0
        (images,) = alike(self.arrays["A_prev"])
        ties = maximum.tie_counts(images.values, *self.axes) > 1
        return int(np.sum(ties & (self.arrays["dZ"] != 0)))

    def winners(self, cell: Index) -> list[tuple[Index, Number]]:
        """The cells of a window that equal its maximum, in row-major order."""
        taps = list(self.taps(cell))
        top = max(value for _, value in taps)
        return [(place, value) for place, value in taps if value == top]


class MaxForward(_Max, _Forward):
    """A: the maximum of each window."""

    options = SETTINGS

    def compute(self) -> dict[str, Array]:
        (images,) = alike(self.arrays["A_prev"])
        A, _ = maximum.forward(images.values, *self.axes)
        return {"A": divided(A, images.scale)}

    def terms(self, source: Index) -> list[Term]:
        place, value = self.winners(source)[0]
        return [Term(source, Factor("A_prev", place, value), Factor("", (), 1), value)]


class MaxBackward(_Max, _Backward):
    """dA_prev of a max pooling."""

    forward = MaxForward
    options = (*SETTINGS, TIES)

    def from_errors(self, dZ: Array) -> Array:
        images, errors = alike(self.arrays["A_prev"], dZ)
        values, scale, ties = errors.values, errors.scale, self.settings["ties"]
        if ties == "split":
            values, scale = self._shared(dZ, maximum.tie_counts(images.values, *self.axes))
            ties = "all"
        if values.dtype.kind != "f":
            area = self.settings["window"][0] * self.settings["window"][1]
            (values,) = hold(largest(values) * area, values)
        if ties == "all":
            dA_prev = maximum.backward_to_all(images.values, values, *self.axes)
        else:
            dA_prev = self._to_one(images.values, values, ties)
        return divided(dA_prev, scale)

    def _to_one(self, images: Array, errors: Array, ties: str) -> Array:
        """Each error to one cell of its window, by which of equal ones is taken."""
        rows, columns = self.axes
        if ties == "first-column":  # the first in row-major order of the image on its side
            _, where = maximum.forward(images.swapaxes(2, 3), columns, rows)
            onto = maximum.backward(where, errors.swapaxes(2, 3), columns, rows)
            return np.ascontiguousarray(onto.swapaxes(2, 3))
        _, where = maximum.forward(images, rows, columns, "last" if ties == "last" else "first")
        return maximum.backward(where, errors, rows, columns)

    def terms(self, source: Index) -> list[Term]:
        dz, ties = self._error(source), self.settings["ties"]
        winners = [place for place, _ in self.winners(source)]
        if ties == "split":
            parts = len(winners)
            share = Factor("", (), Fraction(1, parts) if parts > 1 else 1)
            return [Term(place, dz, share, quotient(dz.value, parts)) for place in winners]
        chosen = {
            "first": winners[:1],
            "last": winners[-1:],
            "all": winners,
            "first-column": [min(winners, key=lambda place: place[::-1])],
        }[ties]
        return [Term(place, dz, Factor("", (), 1), dz.value) for place in chosen]


class AveragePooling(Pooling):
    """What forward and backward of an average pooling share: the divisors."""

    mode = "average"
    called = "average pooling"

    def fit(self) -> None:
        super().fit()
        if not self.settings["count_include_pad"] and not self.settings["divisor_override"]:
            self._refuse_empty_windows(say("its cells are what is divided by"))
        elif not self.divisors.all():
            raise ShapeError(
                say("A window lies beyond the padding: its average would be 0/0."),
                expected=say("every window to begin in the padded input"),
                fix=say("take --ceil-rule drop, or less stride"),
            )

    @cached_property
    def divisors(self) -> Array:
        """What each window is divided by, shape (H_out, W_out)."""
        rows, columns = self.axes
        if self.settings["divisor_override"]:
            return np.full((rows.out, columns.out), self.settings["divisor_override"], np.int64)
        return np.outer(self._counted(rows), self._counted(columns))

    @property
    def overhang_counts(self) -> bool:
        """Whether what a window has beyond the padded input is divided by, as padding is."""
        rule = self.settings["overhang"]
        padded = any(line.before or line.after for line in self.axes)
        return rule == "counts" or (rule == "padded" and padded)

    def _counted(self, line: Axis) -> list[int]:
        if not self.settings["count_include_pad"]:
            return [sum(1 for _ in line.taps(i)) for i in range(line.out)]
        if self.overhang_counts:
            return [line.window] * line.out
        end = line.size + line.after
        return [
            sum(line.start(i) + k * line.dilation < end for k in range(line.window))
            for i in range(line.out)
        ]


class AverageForward(AveragePooling, _Forward):
    """A: the average of each window."""

    options = (*SETTINGS, *AVERAGE)

    def compute(self) -> dict[str, Array]:
        (images,) = alike(self.arrays["A_prev"])
        values = images.values
        if values.dtype.kind == "f":
            sums = average.forward(values, *self.axes)
            return {"A": sums / self.divisors.astype(values.dtype)}
        scale = lcm(*set(self.divisors.ravel().tolist()))
        area = self.settings["window"][0] * self.settings["window"][1]
        (values,) = hold(largest(values) * area * scale, values)
        sums = average.forward(values, *self.axes) * (scale // self.divisors)
        return {"A": divided(sums, images.scale * scale)}

    def terms(self, source: Index) -> list[Term]:
        divisor = int(self.divisors[source[2:]])
        share = Factor("", (), Fraction(1, divisor) if divisor > 1 else 1)
        return [
            Term(source, Factor("A_prev", place, value), share, quotient(value, divisor))
            for place, value in self.taps(source)
        ]


class AverageBackward(AveragePooling, _Backward):
    """dA_prev of an average pooling."""

    forward = AverageForward
    options = (*SETTINGS, *AVERAGE)

    def from_errors(self, dZ: Array) -> Array:
        values, scale = self._shared(dZ, self.divisors)
        return divided(average.backward(values, *self.axes), scale)

    def terms(self, source: Index) -> list[Term]:
        dz, divisor = self._error(source), int(self.divisors[source[2:]])
        share = Factor("", (), Fraction(1, divisor) if divisor > 1 else 1)
        return [
            Term(place, dz, share, quotient(dz.value, divisor)) for place, _ in self.taps(source)
        ]


FORWARD = Operation("pool-forward", {"max": MaxForward, "average": AverageForward})
BACKWARD = Operation("pool-backward", {"max": MaxBackward, "average": AverageBackward})


def _layer(problem: type[_Backward]) -> Layer:
    names = tuple(setting.name for setting in problem.options if setting.name != "mode")
    return Layer(problem, {"mode": problem.mode}, names, takes="images", gives="images")


LAYERS = {"max-pool": _layer(MaxBackward), "average-pool": _layer(AverageBackward)}
