"""Transposed convolution: the relation of a convolution with input and output changed over.

Z of a transposed convolution is dA_prev of the convolution whose output has the shape of A_prev,
and its dA_prev is that convolution's Z.
"""

from collections.abc import Mapping
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ...core.batch import divisor
from ...core.errors import SettingError, ShapeError
from ...core.layouts import Axes, letters
from ...core.numbers import Array, alike, divided, hold, largest
from ...core.problem import Problem, cells_of, masked, rank_for
from ...core.relation import INPUT, OUTPUT, WEIGHT, Channels
from ...core.shapes import Axis, sides
from ...core.sliding import axis_names, refuse_giant_images
from ...core.terms import ONE, gathered, spread, summed
from ...core.text import Count, message, say
from ...core.trace import Index, Plan, Term, Trace
from ...engine import dimensions as engine
from . import spec, views
from .geometry import Geometry


class Transposed(Problem):
    """What forward and backward share: the geometry, which is that of the convolution behind."""

    called = message("transposed convolution")
    kinds = ("conv-transpose",)
    images = ("A_prev", "dA_prev", "Z", "dZ")

    @classmethod
    def order_of(cls, name: str, rank: int, settings: Mapping[str, Any]) -> Axes:
        if name in ("W", "dW"):
            full = 2 + cls.dims_of(settings)
            return letters("iohw", settings["kernel_layout"], rank, full)
        return super().order_of(name, rank, settings)

    @cached_property
    def geometry(self) -> Geometry:
        """How the kernel slides over Z, one window for each cell of A_prev."""
        samples, c_in, *image = self.arrays["A_prev"].shape
        taken, channels, *kernel = self.arrays["W"].shape
        groups = self.settings["groups"]
        if taken != c_in:
            raise ShapeError(
                say("The kernel's channels do not fit the input's."),
                found=say(
                    "W {W} takes {taken} channels; A_prev {A_prev} has {c_in}",
                    W=self.form("W"),
                    taken=taken,
                    A_prev=self.form("A_prev"),
                    c_in=c_in,
                ),
                expected=say(
                    "W of shape {shape}: (C_in, C_out/groups, …), the other way round than in a"
                    " convolution",
                    shape=self.form("W", (c_in, channels, *kernel)),
                ),
            )
        if c_in % groups:
            raise ShapeError(
                say("The channels do not divide into the groups."),
                found=say(
                    "{c_in:# input channel|# input channels} in {groups} groups",
                    c_in=Count(c_in),
                    groups=groups,
                ),
                expected=say("a count divisible by groups"),
            )
        lines = self._lines(image, kernel)
        c_out = channels * groups
        refuse_giant_images(samples * c_out, samples * c_in, lines, self.arrays["A_prev"].size)
        return Geometry(samples, Channels(c_in, c_out, groups), lines)

    def _lines(self, image: list[int], kernel: list[int]) -> tuple[Axis, ...]:
        sizes = zip(axis_names(self.dims), image, kernel, strict=True)
        return tuple(self._line(side, *known) for side, known in enumerate(sizes))

    def _line(self, side: int, name: str, cells: int, window: int) -> Axis:
        """One axis of Z, so large that there is a window for each cell of A_prev."""
        stride, dilation = self.settings["stride"][side], self.settings["dilation"][side]
        more, padding = self.settings["output_padding"][side], self.settings["padding"]
        most = max(stride, dilation) - 1
        if more > most:
            raise SettingError(
                say("output_padding is too large."),
                found=str(more),
                expected=say(
                    "less than the stride or the dilation: {most}", most=max(stride, dilation) - 1
                ),
            )
        extent = (window - 1) * dilation + 1
        if padding in ("same", "same-lower"):  # Z has stride times as many cells
            size = cells * stride + more
            total = max(extent - stride, 0)
            before = total // 2 if padding == "same" else total - total // 2
            after = total - before
        else:
            before, after = (0, 0) if padding == "valid" else padding[side]
            size = (cells - 1) * stride - before - after + extent + more
        if size < 1:
            raise ShapeError(
                say("The padding crops all of Z along the {name}.", name=name),
                found=say(
                    "({cells} − 1)·{stride} − {before} − {after} + {extent} + {more} = {size}",
                    cells=cells,
                    stride=stride,
                    before=before,
                    after=after,
                    extent=extent,
                    more=more,
                    size=size,
                ),
                expected=say("at least one cell of Z"),
                fix=say("use less padding"),
            )
        return Axis(size, window, stride, dilation, before, after, cells, self.settings["flip"])

    def fit(self) -> None:
        c_out = self.shape[1]
        if "b" in self.given and self.given["b"].size != c_out:
            raise ShapeError(
                say("b does not fit the output channels."),
                found=say("{count} numbers", count=self.given["b"].size),
                expected=say("{count}: one for each channel of the output", count=c_out),
            )

    @cached_property
    def shape(self) -> Index:
        """The shape of Z and dZ in full rank."""
        return self.geometry.relation.shapes[INPUT]

    @property
    def ranks(self) -> dict[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        image = rank_for(self.shape, ranks["A_prev"])
        back = {"dA_prev": ranks["A_prev"], "dW": ranks["W"], "db": 1}
        return self.ranked({**ranks, "Z": image, **back})

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The spatial axes of the sliding window."""
        return self.geometry.slides

    @property
    def work(self) -> int:
        geometry = self.geometry
        return 2 * cells_of(geometry.output) * geometry.channels * geometry.kernel_area

    def turned(self, kernels: Array) -> Array:
        """The kernels as they lie on a window: turned by 180° where that is asked for."""
        axes = tuple(range(2, kernels.ndim))
        return np.flip(kernels, axes) if self.settings["flip"] else kernels


class TransposedForward(Transposed):
    """Z: every cell of A_prev times the kernel, added onto its window; and b."""

    op = spec.TRANSPOSED_FORWARD.name
    operands = spec.TRANSPOSED_FORWARD.operands
    options = spec.TRANSPOSED_FORWARD.settings
    names = ("Z",)

    def compute(self) -> dict[str, Array]:
        return {"Z": self._from(self.arrays["A_prev"])}

    def _from(self, A_prev: Array) -> Array:
        a, w, b = alike(A_prev, self.arrays["W"], self.arrays.get("b", [0]))
        scale = lcm(a.scale * w.scale, b.scale)
        cells, kernels, bias = a.values, w.values, b.values
        geometry = self.geometry
        if cells.dtype.kind != "f":
            bias = bias.astype(object) * (scale // b.scale)
            terms = geometry.filters * geometry.kernel_area
            bound = scale * terms * largest(cells) * largest(kernels) + largest(bias)
            cells, kernels, bias = hold(bound, cells, kernels, bias)
        nothing = np.zeros(self.shape, cells.dtype)
        lines = geometry.slides
        Z, _, _ = engine.backward(nothing, self.turned(kernels), cells, lines, geometry.groups)
        if scale != a.scale * w.scale:
            Z = Z * (scale // (a.scale * w.scale))
        return divided(Z + bias.reshape(-1, *[1] * self.dims), scale)

    def trace(self, name: str) -> Trace:
        relation, cells = self.geometry.relation, self.as_factors["A_prev"]
        bias = self.as_factors.get("b")

        def opening(cell: Index) -> list[Term]:
            return [] if bias is None else [Term(cell, added := bias[cell[1:2]], ONE, added.value)]

        plan = Plan(
            name,
            "transposed.Z",
            self.shape,
            self.geometry.output,
            spread(relation, OUTPUT, cells, INPUT, self.as_factors["W"]),
            relation.window,
            lambda cell: relation.contributors(INPUT, cell, OUTPUT),
            lambda k: self._from(masked(self.arrays["A_prev"], k)),
            source="A_prev",
            opening=None if bias is None else opening,
        )
        view = self.settings["view"]
        if view == views.MATRIX:
            plan = plan._replace(rule="transposed.Z.matrix")
        elif view in views.COLLECTING:
            plan = views.collected(
                plan,
                view,
                relation,
                cells,
                self.as_factors["W"],
                bias,
                lambda: self._from(self.arrays["A_prev"]),
            )
        return Trace(plan)


class TransposedBackward(Transposed):
    """dA_prev, dW and db of a transposed convolution."""

    op = spec.TRANSPOSED_BACKWARD.name
    operands = spec.TRANSPOSED_BACKWARD.operands
    options = spec.TRANSPOSED_BACKWARD.settings
    names = ("dA_prev", "dW", "db")
    forward = TransposedForward

    def fit(self) -> None:
        super().fit()
        if self.arrays["dZ"].shape != self.shape:
            raise ShapeError(
                say("dZ does not fit the output of this transposed convolution."),
                found=say("dZ {shape}", shape=self.form("dZ")),
                expected=say(
                    "dZ {shape}\n(input − 1)·stride − padding + kernel + output padding",
                    shape=self.form("dZ", self.shape[-self.ranks["Z"] :]),
                ),
                fix=say("give dZ in that shape, or change stride, padding or output padding"),
            )

    @property
    def divisor(self) -> int:
        """What dW and db are divided by: N, or 1 under `batch="sum"`."""
        return divisor(self.settings["batch"], self.geometry.samples)

    def compute(self) -> dict[str, Array]:
        return {
            "dA_prev": self._dA_prev(),
            "dW": self._dW(self.arrays["A_prev"], self.divisor),
            "db": self._db(self.arrays["dZ"], self.divisor),
        }

    def _dA_prev(self) -> Array:
        w, z = alike(self.arrays["W"], self.arrays["dZ"])
        kernels, errors = w.values, z.values
        geometry = self.geometry
        if errors.dtype.kind != "f":
            terms = geometry.channels * geometry.kernel_area
            kernels, errors = hold(terms * largest(kernels) * largest(errors), kernels, errors)
        lines = geometry.slides
        back = engine.forward(errors, self.turned(kernels), lines, geometry.groups)
        return divided(back, w.scale * z.scale)

    def _dW(self, A_prev: Array, divisor: int) -> Array:
        a, z = alike(A_prev, self.arrays["dZ"])
        cells, errors = a.values, z.values
        geometry = self.geometry
        if errors.dtype.kind != "f":
            terms = geometry.samples * cells_of(cells.shape[2:])
            cells, errors = hold(terms * largest(cells) * largest(errors), cells, errors)
        kernels = np.zeros(self.arrays["W"].shape, cells.dtype)
        _, dW, _ = engine.backward(errors, kernels, cells, geometry.slides, geometry.groups)
        return divided(self.turned(dW), a.scale * z.scale * divisor)

    def _db(self, dZ: Array, divisor: int) -> Array:
        (z,) = alike(dZ)
        errors = z.values
        if errors.dtype.kind != "f":
            (errors,) = hold(errors.size * largest(errors), errors)
        return divided(errors.sum((0, *range(2, errors.ndim))), z.scale * divisor)

    def trace(self, name: str) -> Trace:
        relation, dZ = self.geometry.relation, self.as_factors["dZ"]
        if name == "db":
            return Trace(
                Plan(
                    name,
                    "transposed.db",
                    self.shape[1:2],
                    self.shape,
                    summed(dZ),
                    lambda _: None,
                    lambda cell: relation.along(1, cell[0], INPUT),
                    lambda k: self._db(masked(self.arrays["dZ"], k), 1),
                    self.divisor,
                )
            )
        plan = Plan(
            name,
            f"transposed.{name}",
            self.arrays["A_prev"].shape,
            self.geometry.output,
            gathered(relation, OUTPUT, dZ, INPUT, self.as_factors["W"], None),
            relation.window,
            lambda cell: (cell,),
            lambda k: masked(self._dA_prev(), k),
            source="dA_prev",
            met=lambda cell: relation.contributors(INPUT, cell, OUTPUT),
        )
        if name == "dW":
            plan = plan._replace(
                shape=self.arrays["W"].shape,
                terms=spread(relation, OUTPUT, self.as_factors["A_prev"], WEIGHT, dZ),
                contributors=lambda cell: relation.contributors(WEIGHT, cell, OUTPUT),
                partial_result=lambda k: self._dW(masked(self.arrays["A_prev"], k), 1),
                divisor=self.divisor,
                source="A_prev",
            )
        view = self.settings["view"]
        if view == views.MATRIX and name == "dA_prev":
            plan = plan._replace(rule="transposed.dA_prev.matrix")
        elif view in views.COLLECTING and name == "dW":
            cells = self.as_factors["A_prev"]

            def result() -> Array:
                return self._dW(self.arrays["A_prev"], 1)

            plan = views.collected(plan, view, relation, cells, dZ, None, result)
        return Trace(plan)


def drawn(sizes: Mapping[str, Any], given: Index, settings: Mapping[str, Any]) -> dict[str, Index]:
    """The shapes of the parameters that a layer's sizes ask for."""
    dims = settings["dims"]
    channels = given[-1 - dims] if len(given) > dims else 1
    filters, kernel = sizes["filters"], sides(sizes["kernel_size"], "kernel_size", dims)
    return {"W": (channels, max(filters // settings["groups"], 1), *kernel), "b": (filters,)}
