"""Mistakes in a fully connected layer and its activation."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ...core.numbers import Array, Scaled, alike
from ...core.text import message
from ...diagnosis import articles
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.rules_activation import passed_back
from ...diagnosis.rules_descent import TOO_EARLY, UPDATED, after_the_step, descending
from ...diagnosis.variants import Variant
from .layer import Dense, DenseBackward

RULES = RuleSet()


@RULES.rule(
    "weights-not-transposed",
    RuleWords(
        message("weights transposed the wrong way"),
        message(
            "Your {name} is exactly what comes out when W is used where its transpose belongs, or"
            " the other way round."
        ),
        message(
            "Write down the shapes: which axis of W belongs to the units, which to the inputs?"
        ),
        articles.DENSE,
    ),
)
def weights_not_transposed(problem: Dense, name: str) -> Iterator[Variant]:
    """dZ·Wᵀ for dZ·W, or A_prev·W for A_prev·Wᵀ."""
    units, inputs = problem.arrays["W"].shape
    if units == inputs and name in ("dA_prev", "dZ_prev", "Z"):
        yield Variant(kernel=("transposed",))


class DenseSimulator:
    """Computes all results of a fully connected layer under any variant."""

    def __init__(self, problem: Dense) -> None:
        self.problem = problem
        floats = any(a.dtype.kind == "f" for a in problem.arrays.values())
        kind = np.dtype(np.float64 if floats else object)
        self.arrays = {name: a.astype(kind) for name, a in problem.arrays.items()}

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if name in UPDATED:
            return descending(self, self.problem, name, variant)
        if TOO_EARLY in variant.descent:
            return DenseSimulator(after_the_step(self.problem)).simulate(
                name, variant._replace(descent=())
            )
        if name == "Z":
            values = np.matmul(self.arrays["A_prev"], self._weights(variant).T)
            if "b" in self.arrays and variant.bias != "missing":
                values = values + self.arrays["b"]
        elif name in ("dW", "db"):
            values = self._parameter(name, variant)
        else:
            values = self._error(name, variant)
        return alike(self.problem.shown(name, values))[0]

    def _weights(self, variant: Variant) -> Array:
        W = self.arrays["W"]
        return W.T if variant.kernel else W

    def _parameter(self, name: str, variant: Variant) -> Array:
        assert isinstance(self.problem, DenseBackward)
        errors, images = self.arrays["dZ"], self.arrays["A_prev"]
        if variant.samples == "first":
            errors, images = errors[:1], images[:1]
        values = errors.sum(0) if name == "db" else np.matmul(errors.T, images)
        divisor = self.problem.divisor
        quotient: Array = values * (Fraction(1, divisor) if values.dtype == object else 1 / divisor)
        return quotient

    def _error(self, name: str, variant: Variant) -> Array:
        dA_prev: Array = np.matmul(self.arrays["dZ"], self._weights(variant))
        if name == "dA_prev" and not variant.derivative:
            return dA_prev
        function = getattr(self.problem, "function", None)
        if function is None:
            return dA_prev
        return passed_back(function, self.arrays["Z_prev"], dA_prev, variant)
