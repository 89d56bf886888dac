"""Mistakes in a transposed convolution: a convolution's, seen from the other end, and its own."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from ...core.errors import CnngradError
from ...core.numbers import Array, Scaled, alike
from ...core.text import message
from ...diagnosis import rules_sliding
from ...diagnosis.rules import Rule, RuleSet, RuleWords, VariantsOf
from ...diagnosis.rules_descent import UPDATED, descending
from ...diagnosis.variants import RIGHT, Variant
from .layer import ConvBackward, ConvForward
from .mistakes import RULES as CONVOLUTION
from .simulate import ConvolutionSimulator
from .transposed import Transposed, TransposedForward

RULES = RuleSet()
ARTICLE = message("The transposed convolution: a convolution read from the other end")
MIRRORED = {"Z": "dA_prev", "dA_prev": "Z", "dW": "dW"}
"""What each result is of the convolution that it is the transpose of."""
SHARED = ("stride", "dilation", "groups", "flip", "dims")


@RULES.rule(
    "output-padding-forgotten",
    RuleWords(
        message("output padding left out"),
        message("Your {name} is exactly what comes out when the output padding is left out."),
        message("How many rows and columns does Z have more at the bottom and right?"),
        ARTICLE,
    ),
)
def output_padding_forgotten(problem: Transposed, name: str) -> Iterator[Variant]:
    """Z smaller by the output padding."""
    if name == "Z" and any(problem.settings["output_padding"]):
        yield Variant(transposed="no output padding")


@RULES.rule(
    "convolution-for-transposed",
    RuleWords(
        message("a convolution instead of a transposed one"),
        message(
            "Your {name} is exactly what comes out of a convolution with these numbers, not of a"
            " transposed one."
        ),
        message("Does Z grow or shrink? Does a cell of A_prev spread, or is a window gathered?"),
        ARTICLE,
    ),
)
def convolution_for_transposed(problem: Transposed, name: str) -> Iterator[Variant]:
    """The sizes and sums of the convolution."""
    del problem
    if name == "Z":
        yield Variant(transposed="as convolution")


@lru_cache(maxsize=8)
def mirror(problem: Transposed) -> ConvBackward | None:
    """The convolution behind, whose dZ is A_prev; None where its own sizes would differ."""
    lines = problem.geometry.slides
    settings = {name: problem.settings[name] for name in SHARED}
    settings["padding"] = tuple((line.before, line.after) for line in lines)
    settings["batch"] = problem.settings.get("batch")
    known = problem.arrays
    image = known["dZ"] if "dZ" in known else np.zeros(problem.shape, np.int64)
    try:
        return ConvBackward({"A_prev": image, "W": known["W"], "dZ": known["A_prev"]}, settings)
    except CnngradError:  # an output padding as large as the stride, or padding beyond the kernel
        return None


def _seen_from_there(variants: VariantsOf) -> VariantsOf:
    def found(problem: Any, name: str) -> Iterator[Variant]:
        behind = mirror(problem)
        if behind is not None and name in MIRRORED:
            known = variants(behind, MIRRORED[name])
            yield from (variant for variant in known if not variant.error)

    return found


for _rule in (*CONVOLUTION, *rules_sliding.RULES):
    RULES.rules.append(Rule(_rule.code, _rule.words, _seen_from_there(_rule.variants)))


class TransposedSimulator:
    """Computes Z, dA_prev, dW and db of a transposed convolution by any variant."""

    def __init__(self, problem: Transposed) -> None:
        self.problem = problem

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if name in UPDATED:
            return descending(self, self.problem, name, variant)
        if variant.transposed:
            return self._own(name, variant)
        if variant.bias not in ("", "missing"):
            return None
        if name == "db":
            return self._right(name) if variant == RIGHT else None
        behind = mirror(self.problem)
        if behind is None:
            return None
        found = ConvolutionSimulator(behind).simulate(MIRRORED[name], variant._replace(bias=""))
        if found is None:
            return None
        values, scale = found
        if name == "Z" and "b" in self.problem.arrays and variant.bias != "missing":
            made = self._plain(Scaled(values, scale))
            bias = self.problem.arrays["b"].reshape(-1, *[1] * self.problem.dims)
            if made.dtype.kind != "f":
                made, bias = made.astype(object), bias.astype(object)
            return alike(self.problem.shown(name, made + bias))[0]
        return Scaled(self.problem.shown(name, values), scale)

    @staticmethod
    def _plain(scaled: Scaled) -> Array:
        from ...core.numbers import divided

        return divided(scaled.values, scaled.scale)

    def _right(self, name: str) -> Scaled:
        return alike(self.problem.results[name])[0]

    def _own(self, name: str, variant: Variant) -> Scaled | None:
        if variant._replace(transposed="") != RIGHT:
            return None
        problem, known = self.problem, dict(self.problem.given)
        settings = {key: value for key, value in problem.settings.items() if key != "batch"}
        settings = {key: settings[key] for key in settings if key != "learning_rate"}
        kind: Any = TransposedForward
        if variant.transposed == "no output padding":
            settings["output_padding"] = 0
        else:
            kind = ConvForward
            known["W"] = problem.arrays["W"].swapaxes(0, 1)
            settings = {key: settings[key] for key in (*SHARED, "padding")}
        known = {o.name: known[o.name] for o in kind.operands if o.name in known}
        try:
            return alike(kind(known, settings).results[name])[0]
        except CnngradError:
            return None
