"""Activations: A = f(A_prev), and the error on its way back through f.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the fully connected stage.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ...core.errors import ShapeError
from ...core.functions import FUNCTIONS, Function, Softmax, function
from ...core.layer import Layer
from ...core.numbers import Array
from ...core.problem import Problem, cells_of, masked
from ...core.shapes import by
from ...core.text import message, say
from ...core.trace import Factor, Index, Plan, Term, Trace
from . import spec


class Activation(Problem):
    """What forward and backward share."""

    called = message("activation")
    images = ("A_prev", "dZ", "A", "dA_prev")
    options = spec.SETTINGS

    def fit(self) -> None:
        if self.function.name == Softmax.name and self.given["A_prev"].ndim > 2:
            raise ShapeError(
                say("softmax takes rows of numbers."),
                found=say("A_prev {shape}", shape=by(self.given["A_prev"].shape)),
                expected=say("the numbers of one sample (n) or a row for each sample (N, n)"),
                fix=say("put a flatten layer before it"),
            )
        if "dZ" in self.given and self.given["dZ"].shape != self.given["A_prev"].shape:
            raise ShapeError(
                say("dZ does not fit the output of this activation."),
                found=say("dZ {shape}", shape=by(self.given["dZ"].shape)),
                expected=say(
                    "dZ {shape}, the shape of A_prev", shape=by(self.given["A_prev"].shape)
                ),
            )

    @cached_property
    def function(self) -> Function:
        """The activation function."""
        return function(*(self.settings[name] for name in ("activation", "slope", "corner_slope")))

    @classmethod
    def kinds_of(cls, settings: Mapping[str, object]) -> tuple[str, ...]:
        return (str(settings.get("activation") or ""),)

    @classmethod
    def keeps_fractions(cls, settings: Mapping[str, Any]) -> bool:
        return FUNCTIONS[settings["activation"]].rational

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        rank = self.given["A_prev"].ndim
        return self.ranked(dict.fromkeys(self.images, rank))

    @property
    def work(self) -> int:
        return cells_of(self.given["A_prev"].shape)

    @property
    def corner(self) -> str:
        return self.function.name

    @property
    def nondifferentiable_cells(self) -> int:
        if not self.function.corner or "dZ" not in self.given:
            return 0
        return int(np.sum((self.given["A_prev"] == 0) & (self.given["dZ"] != 0)))

    @cached_property
    def _derivative(self) -> Array:
        return self.function.derivative(self.arrays["A_prev"])


class ActivationForward(Activation):
    """A = f(A_prev)."""

    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    names = ("A",)

    def compute(self) -> dict[str, Array]:
        return {"A": self.function.forward(self.arrays["A_prev"])}

    def trace(self, name: str) -> Trace:
        shape, A = self.arrays["A_prev"].shape, self.compute()["A"]

        def terms(cell: Index) -> list[Term]:
            value = Factor(f"{self.function.name}(A_prev)", cell, A.item(*cell))
            return [Term(cell, value, Factor("", (), 1), value.value)]

        return Trace(
            Plan(
                name,
                "activation.A",
                shape,
                shape,
                terms,
                lambda _: None,
                lambda cell: (cell,),
                lambda k: masked(A, k),
            )
        )


class ActivationBackward(Activation):
    """dA_prev = dZ ⊙ f'(A_prev); of the softmax, dZ times its table of derivatives."""

    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
    names = ("dA_prev",)
    forward = ActivationForward

    def compute(self) -> dict[str, Array]:
        return {"dA_prev": self.function.backward(self.arrays["A_prev"], self.arrays["dZ"])}

    @property
    def derived(self) -> Mapping[str, Array]:
        return {f"{self.function.name}'(A_prev)": self._derivative}

    def trace(self, name: str) -> Trace:
        A_prev, dZ = self.arrays["A_prev"], self.arrays["dZ"]
        return Trace(
            Plan(
                name,
                "activation.dA_prev",
                A_prev.shape,
                A_prev.shape,
                self._terms,
                lambda _: None,
                lambda cell: self.function.contributors(cell, A_prev.shape),
                lambda k: self.function.backward(A_prev, masked(dZ, k)),
            )
        )

    def _terms(self, source: Index) -> list[Term]:
        error = Factor("dZ", source, self.arrays["dZ"].item(*source))
        return self.function.terms(error, self._derivative, "A_prev")


LAYERS = {name: Layer(ActivationBackward, {"activation": name}) for name in FUNCTIONS}
