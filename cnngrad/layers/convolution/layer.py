"""Convolution, as in all frameworks: cross-correlation, the kernel is not flipped.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the convolution layer.
"""

from collections.abc import Mapping
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ...core.batch import divisor
from ...core.errors import ShapeError
from ...core.layer import Layer
from ...core.numbers import Array, alike, divided, hold, largest
from ...core.problem import Operation, Problem, cells_of, masked, rank_for
from ...core.relation import INPUT, OUTPUT, WEIGHT, Channels
from ...core.shapes import Axis, sides
from ...core.sliding import formulas, refuse_giant_images, slides
from ...core.terms import gathered, spread, summed
from ...core.text import Count, message, say
from ...core.trace import Index, Plan, Trace
from ...engine import dimensions as engine
from . import short, spec, transposed, views
from .geometry import Geometry


class Convolution(Problem):
    """What forward and backward share: the geometry and the ranks."""

    called = message("convolution")
    kinds = ("conv",)
    images = ("A_prev", "dA_prev", "Z", "dZ")

    @cached_property
    def geometry(self) -> Geometry:
        """The sliding of the kernel, validated."""
        samples, c_in, *_ = shape = self.arrays["A_prev"].shape
        c_out, channels, *kernel = self.arrays["W"].shape
        groups = self.settings["groups"]
        if c_in % groups or c_out % groups:
            raise ShapeError(
                say("The channels do not divide into the groups."),
                found=say(
                    "{c_in} input and {c_out} output channels in {groups} groups",
                    c_in=c_in,
                    c_out=c_out,
                    groups=groups,
                ),
                expected=say("both counts divisible by groups"),
            )
        if c_in != channels * groups:
            raise ShapeError(
                say("The kernel's channels do not fit the input's."),
                found=say(
                    "W {W} sees {channels} channels a group; A_prev {A_prev} has {c_in} in"
                    " {groups:# group|# groups}",
                    W=self.form("W"),
                    channels=channels,
                    A_prev=self.form("A_prev"),
                    c_in=c_in,
                    groups=Count(groups),
                ),
                expected=say(
                    "W of shape {shape}",
                    shape=self.form("W", (c_out, c_in // groups, *kernel)),
                ),
                fix=self._regrouped(c_in, channels),
            )
        lines = slides(shape, kernel, self.settings, message("kernel"))
        refuse_giant_images(samples * c_in, samples * c_out, lines, self.arrays["A_prev"].size)
        return Geometry(samples, Channels(c_out, c_in, groups), lines)

    def _fit_bias(self) -> None:
        c_out = self.geometry.output[1]
        if "b" in self.given and self.given["b"].size != c_out:
            raise ShapeError(
                say("b does not fit the output channels."),
                found=say("{size} numbers", size=self.given["b"].size),
                expected=say("{c_out}: one for each filter of W", c_out=c_out),
            )

    def _regrouped(self, c_in: int, channels: int) -> str:
        """The number of groups with which it would fit, if there is one."""
        groups = c_in // channels
        if c_in % channels or not self.would_fit(settings={"groups": groups}):
            return ""
        return say("or set groups to {groups}", groups=groups)

    @cached_property
    def ranks(self) -> dict[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        image = rank_for(self.geometry.output, ranks["A_prev"])
        return self.ranked(
            {**ranks, "Z": image, "dA_prev": ranks["A_prev"], "dW": ranks["W"], "db": 1}
        )

    def turned(self, kernels: Array) -> Array:
        """The kernels as they lie on a window: turned by 180° in a true convolution."""
        axes = tuple(range(2, kernels.ndim))
        return np.flip(kernels, axes) if self.settings["flip"] else kernels

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The spatial axes of the sliding window."""
        return self.geometry.slides

    @property
    def _products(self) -> int:
        """Multiply-adds that Z costs."""
        return cells_of(self.geometry.output) * self.geometry.channels * self.geometry.kernel_area


class ConvForward(Convolution):
    """Z = A_prev ∗ W + b."""

    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    options = spec.FORWARD.settings
    names = ("Z",)

    def fit(self) -> None:
        self._fit_bias()

    @property
    def work(self) -> int:
        return self._products

    def compute(self) -> dict[str, Array]:
        a, w, b = alike(self.arrays["A_prev"], self.arrays["W"], self.arrays.get("b", [0]))
        scale = lcm(a.scale * w.scale, b.scale)
        bias = b.values
        images, kernels = a.values, w.values
        if images.dtype.kind != "f":
            bias = bias.astype(object) * (scale // b.scale)
            terms = self.geometry.channels * self.geometry.kernel_area
            bound = scale * terms * largest(images) * largest(kernels) + largest(bias)
            images, kernels, bias = hold(bound, images, kernels, bias)
        lines, groups = self.geometry.slides, self.geometry.groups
        Z = engine.forward(images, self.turned(kernels), lines, groups)
        if scale != a.scale * w.scale:
            Z = Z * (scale // (a.scale * w.scale))
        return {"Z": divided(Z + bias.reshape(-1, *[1] * self.dims), scale)}

    def trace(self, name: str) -> Trace:
        output = self.geometry.output
        return Trace(
            Plan(
                name,
                "conv.Z.matrix" if self.settings["view"] == views.MATRIX else "conv.Z",
                output,
                output,
                gathered(
                    self.geometry.relation,
                    OUTPUT,
                    self.as_factors["A_prev"],
                    INPUT,
                    self.as_factors["W"],
                    self.as_factors.get("b"),
                ),
                self.geometry.relation.window,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["Z"], k),
                values=short.values_of_Z(self.geometry, self.cells) if self.dims == 2 else None,
            )
        )


class ConvBackward(Convolution):
    """dA_prev, dW and db of a convolution."""

    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
    options = spec.BACKWARD.settings
    names = ("dA_prev", "dW", "db")
    forward = ConvForward

    def fit(self) -> None:
        self._fit_bias()
        output = self.geometry.output
        if self.arrays["dZ"].shape != output:
            raise ShapeError(
                say("dZ does not fit the output of this convolution."),
                found=say("dZ {shape}", shape=self.form("dZ")),
                expected=say(
                    "dZ {shape}\n{formulas}\n(input + padding − kernel) / stride + 1, rounded down",
                    shape=self.form("dZ", output[-self.ranks["Z"] :]),
                    formulas=formulas(self.geometry.slides),
                ),
                fix=say("give dZ in that shape, or change stride, padding or dilation"),
            )

    @property
    def work(self) -> int:
        return 2 * self._products

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
            samples, _, *image = self.geometry.output
            bound = largest(errors) * max(
                self.geometry.filters * self.geometry.kernel_area * largest(kernels),
                samples * cells_of(tuple(image)) * max(largest(images), 1),
            )
            images, kernels, errors = hold(bound, images, kernels, errors)
        lines, groups = self.geometry.slides, self.geometry.groups
        dA_prev, dW, db = engine.backward(images, self.turned(kernels), errors, lines, groups)
        return {
            "dA_prev": divided(dA_prev, w.scale * z.scale),
            "dW": divided(self.turned(dW), a.scale * z.scale * divisor),
            "db": divided(db, z.scale * divisor),
        }

    def trace(self, name: str) -> Trace:
        relation, dZ = self.geometry.relation, self.as_factors["dZ"]
        shape, terms, contributors = {
            "dA_prev": (
                self.arrays["A_prev"].shape,
                spread(relation, OUTPUT, dZ, INPUT, self.as_factors["W"]),
                lambda cell: relation.contributors(INPUT, cell, OUTPUT),
            ),
            "dW": (
                self.arrays["W"].shape,
                spread(relation, OUTPUT, dZ, WEIGHT, self.as_factors["A_prev"]),
                lambda cell: relation.contributors(WEIGHT, cell, OUTPUT),
            ),
            "db": (
                self.geometry.output[1:2],
                summed(dZ),
                lambda cell: relation.along(1, cell[0]),
            ),
        }[name]
        plan = Plan(
            name,
            f"conv.{name}",
            shape,
            self.geometry.output,
            terms,
            relation.window,
            contributors,
            lambda k: self._from(masked(self.arrays["dZ"], k), 1)[name],
            1 if name == "dA_prev" else self.divisor,
            values=short.values_of(name, self.geometry, self.cells) if self.dims == 2 else None,
        )
        view = self.settings["view"]
        if view == views.MATRIX and name == "dA_prev":
            plan = plan._replace(rule="conv.dA_prev.matrix")
        elif view in views.COLLECTING and name != "db":
            others = self.as_factors["W" if name == "dA_prev" else "A_prev"]

            def result() -> Array:
                return self._from(self.arrays["dZ"], 1)[name]

            plan = views.collected(plan, view, relation, dZ, others, None, result)
        return Trace(plan)


def _drawn(sizes: Mapping[str, Any], given: Index, settings: Mapping[str, Any]) -> dict[str, Index]:
    dims = settings["dims"]
    channels = given[-1 - dims] if len(given) > dims else 1
    filters, kernel = sizes["filters"], sides(sizes["kernel_size"], "kernel_size", dims)
    return {"W": (filters, max(channels // settings["groups"], 1), *kernel), "b": (filters,)}


FORWARD = Operation(spec.FORWARD, (ConvForward,))
BACKWARD = Operation(spec.BACKWARD, (ConvBackward,))
TRANSPOSED_FORWARD = Operation(spec.TRANSPOSED_FORWARD, (transposed.TransposedForward,))
TRANSPOSED_BACKWARD = Operation(spec.TRANSPOSED_BACKWARD, (transposed.TransposedBackward,))
LAYERS = {
    "conv": Layer(
        ConvBackward,
        takes="images",
        gives="images",
        sizes=("filters", "kernel_size"),
        drawn=_drawn,
    ),
    "conv-transpose": Layer(
        transposed.TransposedBackward,
        takes="images",
        gives="images",
        sizes=("filters", "kernel_size"),
        drawn=transposed.drawn,
    ),
}
