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
from ...diagnosis.variants import ProductOperand, ProductWay, Variant
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
        message("It can be computed at all only where there are as many units as inputs."),
        "dA_prev = dZ @ W.T  # dZ @ W is right where W is (units, inputs)",
    ),
)
def weights_not_transposed(problem: Dense, name: str) -> Iterator[Variant]:
    """dZ·Wᵀ for dZ·W, or A_prev·W for A_prev·Wᵀ."""
    units, inputs = problem.arrays["W"].shape
    if units == inputs and name in ("dA_prev", "dZ_prev", "Z"):
        yield Variant(kernel=("transposed",))


@RULES.rule(
    "weights-product-untransposed",
    RuleWords(
        message("product of dW without the transpose"),
        message(
            "Your {name} is exactly what comes out when dZ is multiplied by A_prev as it stands, or"
            " cell by cell, where dZᵀ·A_prev is meant."
        ),
        message("dW has a row for each unit: what is added up, the samples or something else?"),
        articles.DENSE,
        message("It fits only where there are as many samples as units, or units as inputs."),
        "dW = dZ @ A_prev / N  # dZ.T @ A_prev / N is right",
    ),
)
def weights_product_untransposed(problem: Dense, name: str) -> Iterator[Variant]:
    """dZ·A_prev, or dZ ⊙ A_prev, for dZᵀ·A_prev."""
    if name == "dW" and "dZ" in problem.given:
        dZ, A_prev = ProductOperand("dZ"), ProductOperand("A_prev")
        yield Variant(product=ProductWay("plane", dZ, A_prev))
        yield Variant(product=ProductWay("cell", dZ, A_prev))


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
                times = self.arrays["W"].shape[1] if variant.bias == "in the sum" else 1
                values = values + times * self.arrays["b"]
        elif name == "db" and variant.bias:
            return alike(self.arrays["dZ"])[0] if variant.bias == "one a cell" else None
        elif variant.product:
            return self._product(variant.product)
        elif name in ("dW", "db"):
            found = self._parameter(name)
            return Scaled(self.problem.shown(name, found.values), found.scale)
        else:
            values = self._error(name, variant)
        return alike(self.problem.shown(name, values))[0]

    def _weights(self, variant: Variant) -> Array:
        W = self.arrays["W"]
        return W.T if variant.kernel else W

    def _product(self, way: ProductWay) -> Scaled | None:
        """dW by another product of dZ and A_prev; None where their shapes do not allow it."""
        errors, images = self.arrays["dZ"], self.arrays["A_prev"]
        if way.each == "plane":
            fits = errors.shape[0] == errors.shape[1]
            return self._averaged(np.matmul(errors, images)) if fits else None
        if errors.shape != images.shape:
            return None
        return alike(errors * images)[0] if way.each == "cell" else None

    def _averaged(self, values: Array) -> Scaled:
        assert isinstance(self.problem, DenseBackward)
        divisor = self.problem.divisor
        quotient: Array = values * (Fraction(1, divisor) if values.dtype == object else 1 / divisor)
        return alike(quotient)[0]

    def _parameter(self, name: str) -> Scaled:
        errors, images = self.arrays["dZ"], self.arrays["A_prev"]
        return self._averaged(errors.sum(0) if name == "db" else np.matmul(errors.T, images))

    def _error(self, name: str, variant: Variant) -> Array:
        dA_prev: Array = np.matmul(self.arrays["dZ"], self._weights(variant))
        if name == "dA_prev" and not variant.derivative:
            return dA_prev
        function = getattr(self.problem, "function", None)
        if function is None:
            return dA_prev
        before, after = self.arrays["Z_prev"], self.arrays["A_prev"]
        return passed_back(function, before, dA_prev, variant, after)
