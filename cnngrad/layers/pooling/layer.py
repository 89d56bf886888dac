"""Max and average pooling.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the pooling layer.
"""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property, reduce
from math import lcm
from typing import Any

import numpy as np

from ...core.errors import ShapeError
from ...core.layer import Layer
from ...core.numbers import Array, Number, alike, divided, hold, largest
from ...core.problem import Operation, masked
from ...core.relation import INPUT, OUTPUT
from ...core.settings import Setting
from ...core.shapes import Axis, axis
from ...core.terms import ONE, share, shared
from ...core.text import message, say
from ...core.trace import Factor, Index, Plan, Term, Trace, quotient
from ...engine import dimensions as engine
from . import spec
from .windows import Pooling


class _Forward(Pooling):
    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    names = ("A",)

    def trace(self, name: str) -> Trace:
        return Trace(
            Plan(
                name,
                f"{self.mode}.A",
                self.output,
                self.output,
                self.terms,
                self.relation.window,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["A"], k),
            )
        )


class _Backward(Pooling):
    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
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
                self.relation.window,
                lambda cell: self.relation.contributors(INPUT, cell, OUTPUT),
                lambda k: self.from_errors(masked(self.arrays["dZ"], k)),
            )
        )

    def _shared(self, dZ: Array, parts: Array) -> tuple[Array, int]:
        """dZ / parts, as an array and the scale it still has to be divided by."""
        (errors,) = alike(dZ)
        if errors.values.dtype.kind == "f":
            return errors.values / parts.astype(errors.values.dtype), 1
        scale = lcm(*set(parts.ravel().tolist()))
        area = self.area
        (values,) = hold(largest(errors.values) * scale * area, errors.values)
        return values * (scale // parts), errors.scale * scale


class _Max(Pooling):
    mode = spec.MAX
    called = message("max pooling")

    def fit(self) -> None:
        super().fit()
        self._refuse_empty_windows(say("a maximum of nothing would be −∞"))

    @property
    def corner(self) -> str:
        return self.mode

    @property
    def nondifferentiable_cells(self) -> int:
        if "dZ" not in self.arrays:
            return 0
        (images,) = alike(self.arrays["A_prev"])
        ties = engine.tie_counts(images.values, self.axes) > 1
        return int(np.sum(ties & (self.arrays["dZ"] != 0)))

    def winners(self, cell: Index) -> list[tuple[Index, Number]]:
        """The cells of a window that equal its maximum, in row-major order."""
        taps = list(self.taps(cell))
        top = max(value for _, value in taps)
        return [(place, value) for place, value in taps if value == top]


class MaxForward(_Max, _Forward):
    """A: the maximum of each window."""

    options = spec.FORWARD.settings_of(spec.MAX)

    def compute(self) -> dict[str, Array]:
        (images,) = alike(self.arrays["A_prev"])
        return {"A": divided(engine.maxima(images.values, self.axes), images.scale)}

    def terms(self, source: Index) -> list[Term]:
        place, value = self.winners(source)[0]
        return [Term(source, Factor("A_prev", place, value), ONE, value)]


class MaxBackward(_Max, _Backward):
    """dA_prev of a max pooling."""

    forward = MaxForward
    options = spec.BACKWARD.settings_of(spec.MAX)

    def from_errors(self, dZ: Array) -> Array:
        images, errors = alike(self.arrays["A_prev"], dZ)
        values, scale, ties = errors.values, errors.scale, self.settings["ties"]
        if ties == "split":
            values, scale = self._shared(dZ, engine.tie_counts(images.values, self.axes))
            ties = "all"
        if values.dtype.kind != "f":
            area = self.area
            (values,) = hold(largest(values) * area, values)
        dA_prev = engine.to_maxima(images.values, values, self.axes, ties)
        return divided(dA_prev, scale)

    def terms(self, source: Index) -> list[Term]:
        dz, ties = self.as_factors["dZ"][source], self.settings["ties"]
        winners = [place for place, _ in self.winners(source)]
        if ties == "split":
            return shared(winners, dz, len(winners))
        chosen = {
            "first": winners[:1],
            "last": winners[-1:],
            "all": winners,
            "first-column": [min(winners, key=lambda place: place[::-1])],
        }[ties]
        return shared(chosen, dz, 1)


class AveragePooling(Pooling):
    """What forward and backward of an average pooling share: the divisors."""

    mode = spec.AVERAGE
    called = message("average pooling")

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
        """What each window is divided by, in the shape of one channel of the output."""
        if self.settings["divisor_override"]:
            shape = tuple(line.out for line in self.axes)
            return np.full(shape, self.settings["divisor_override"], np.int64)
        return reduce(np.multiply.outer, map(np.array, map(self._counted, self.axes)))

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

    options = spec.FORWARD.settings_of(spec.AVERAGE)

    def compute(self) -> dict[str, Array]:
        (images,) = alike(self.arrays["A_prev"])
        values = images.values
        if values.dtype.kind == "f":
            sums = engine.sums(values, self.axes)
            return {"A": sums / self.divisors.astype(values.dtype)}
        scale = lcm(*set(self.divisors.ravel().tolist()))
        area = self.area
        (values,) = hold(largest(values) * area * scale, values)
        sums = engine.sums(values, self.axes) * (scale // self.divisors)
        return {"A": divided(sums, images.scale * scale)}

    def terms(self, source: Index) -> list[Term]:
        divisor = int(self.divisors[source[2:]])
        part, known = share(divisor), self.as_factors["A_prev"]
        return [
            Term(source, cell, part, quotient(cell.value, divisor))
            for place in self.places(source)
            for cell in (known[place],)
        ]


class AverageBackward(AveragePooling, _Backward):
    """dA_prev of an average pooling."""

    forward = AverageForward
    options = spec.BACKWARD.settings_of(spec.AVERAGE)

    def from_errors(self, dZ: Array) -> Array:
        values, scale = self._shared(dZ, self.divisors)
        return divided(engine.spread(values, self.axes), scale)

    def terms(self, source: Index) -> list[Term]:
        divisor = int(self.divisors[source[2:]])
        return shared(self.places(source), self.as_factors["dZ"][source], divisor)


# ---- the whole image as one window ------------------------------------------------------------

_KEPT = ("mode", "dims", "ties", "layout", "like")


def _kept(options: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """The settings that still mean something where the window is the image."""
    return tuple(setting for setting in options if setting.name in _KEPT)


class Global(Pooling):
    """What all four share: the window is as large as the image."""

    @classmethod
    def read_settings(cls, settings: Mapping[str, object]) -> dict[str, Any]:
        return super(Pooling, cls).read_settings({**settings, "mode": cls.mode})

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        sizes = self.arrays["A_prev"].shape[2:]
        return tuple(axis(size, size, stride=size, what=message("window")) for size in sizes)


class GlobalMaxForward(Global, MaxForward):
    """A: the greatest number of each channel."""

    op = "global-pool-forward"
    options = _kept(MaxForward.options)


class GlobalMaxBackward(Global, MaxBackward):
    """dA_prev: the whole error to the greatest number of each channel."""

    op = "global-pool-backward"
    options = _kept(MaxBackward.options)
    forward = GlobalMaxForward


class GlobalAverage(Global):
    """The divisor is the number of cells."""

    def fit(self) -> None:
        Pooling.fit(self)

    @cached_property
    def divisors(self) -> Array:
        return np.full((1,) * self.dims, self.area, np.int64)


class GlobalAverageForward(GlobalAverage, AverageForward):
    """A: the average of each channel."""

    op = "global-pool-forward"
    options = _kept(AverageForward.options)


class GlobalAverageBackward(GlobalAverage, AverageBackward):
    """dA_prev: every error shared equally by the cells of its channel."""

    op = "global-pool-backward"
    options = _kept(AverageBackward.options)
    forward = GlobalAverageForward


FORWARD = Operation(spec.FORWARD, (MaxForward, AverageForward))
BACKWARD = Operation(spec.BACKWARD, (MaxBackward, AverageBackward))


def _layer(problem: type[_Backward]) -> Layer:
    return Layer(problem, {"mode": problem.mode}, takes="images", gives="images")


LAYERS = {
    "max-pool": _layer(MaxBackward),
    "average-pool": _layer(AverageBackward),
    "global-max-pool": _layer(GlobalMaxBackward),
    "global-average-pool": _layer(GlobalAverageBackward),
}
