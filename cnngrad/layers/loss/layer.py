"""Losses: one number for each sample, and the error at the network's output.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), for the squared error; Goodfellow, Bengio
and Courville, *Deep Learning* (2016), 6.2.2, for the cross-entropies with their activations.
"""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from math import lcm
from typing import Any, ClassVar

import numpy as np

from ...core.errors import NumberError, SettingError, ShapeError, nearest
from ...core.functions import Sigmoid, Softmax, product
from ...core.numbers import Array, Number, alike, compact, divided, hold, index, largest, rounded
from ...core.problem import cells_of, masked, to_full_rank
from ...core.shapes import by
from ...core.text import Count, message, say, series
from ...core.trace import Factor, Index, Plan, Term, Trace, quotient
from .reduction import Reduced
from .spec import OPERANDS


class Loss(Reduced):
    """A loss of the output A_prev against the target Y."""

    called = message("loss")
    operands = OPERANDS
    names = ("dA_prev",)
    joined: ClassVar[str] = ""
    """The activation that the loss is taken together with where it comes last."""
    images = ("A_prev", "Y", "dA_prev")

    def fit(self) -> None:
        self.target()

    @cached_property
    def arrays(self) -> dict[str, Array]:
        return {"A_prev": to_full_rank(self.given["A_prev"], OPERANDS[0]), "Y": self.target()}

    def target(self) -> Array:
        """The target in full rank, in the shape of the output.

        Raises
        ------
        ShapeError
            It does not fit the output.
        """
        output, target = self.given["A_prev"], self.given["Y"]
        if target.shape != output.shape and self._tight(target) != self._tight(output):
            raise ShapeError(
                say("The target does not fit the output."),
                found=say("target {shape}", shape=by(target.shape)),
                expected=say("target {shape}, the shape of the output", shape=by(output.shape)),
            )
        return to_full_rank(target.reshape(output.shape), OPERANDS[0])

    @staticmethod
    def _tight(array: Array) -> Index:
        return tuple(size for size in array.shape if size > 1)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        return self.ranked(dict.fromkeys(self.images, self.given["A_prev"].ndim))

    @property
    def work(self) -> int:
        return cells_of(self.given["A_prev"].shape)

    @property
    def value(self) -> Number:
        """The mean of the samples' losses, or under `batch="sum"` or `reduction="sum"` their sum.

        Raises
        ------
        NumberError
            It is too large for float64.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            losses = self.each()
        if losses.dtype.kind == "f" and not np.isfinite(losses).all():
            raise NumberError(
                say("The loss is not finite."),
                fix=say("use a smaller learning rate or smaller parameters"),
            )
        total: Number = sum(losses.tolist())
        return quotient(total, self.between)

    @abstractmethod
    def each(self) -> Array:
        """The loss of each sample, shape (N,)."""

    @abstractmethod
    def factors(self) -> tuple[Array, Array, str]:
        """What the error (P − Y)·S is made of: P, S, and what P is called."""

    def compute(self) -> dict[str, Array]:
        predicted, scale, _ = self.factors()
        return {"dA_prev": product(difference(predicted, self.arrays["Y"]), scale)}

    @property
    def derived(self) -> Mapping[str, Array]:
        predicted, _, called = self.factors()
        return {called: predicted}

    def trace(self, name: str) -> Trace:
        predicted, scale, called = self.factors()
        target = self.arrays["Y"]

        def terms(cell: Index) -> list[Term]:
            factor = scale.item(*cell)
            plus = Factor(called, cell, predicted.item(*cell))
            minus = Factor("Y", cell, target.item(*cell))
            return [
                Term(cell, plus, Factor("", (), factor), plus.value * factor),
                Term(cell, minus, Factor("", (), -factor), -minus.value * factor),
            ]

        return Trace(
            Plan(
                name,
                f"loss.{name}",
                predicted.shape,
                predicted.shape,
                terms,
                lambda _: None,
                lambda cell: (cell,),
                lambda k: masked(self.compute()[name], k),
            )
        )


class SquaredError(Loss):
    """½ Σ (a − y)²; the error is a − y."""

    op = "squared-error"

    def each(self) -> Array:
        apart, _ = alike(difference(self.arrays["A_prev"], self.arrays["Y"]), [0])
        rows = apart.values.reshape(self.samples, -1)
        if rows.dtype.kind != "f":
            (rows,) = hold(rows.shape[1] * largest(rows) ** 2, rows)
        return divided((rows * rows).sum(1), self.halves * self.inside * apart.scale**2)

    halves: ClassVar[int] = 2
    """What the square is divided by."""

    def factors(self) -> tuple[Array, Array, str]:
        A_prev = self.arrays["A_prev"]
        return A_prev, self.times(A_prev.shape), "A_prev"


class SumSquaredError(SquaredError):
    """Σ (a − y)²; the error is 2 (a − y)."""

    op = "sum-squared-error"
    halves = 1
    slope_factor = 2


class MeanSquaredError(SumSquaredError):
    """Σ (a − y)² / n over the n numbers of a sample; the error is 2 (a − y) / n."""

    op = "mean-squared-error"
    usual_reduction = "elements"


class _CrossEntropy(Loss):
    """A loss with logarithms."""

    @classmethod
    def keeps_fractions(cls, settings: Mapping[str, Any]) -> bool:  # noqa: ARG003
        return False


class BinaryCrossEntropy(_CrossEntropy):
    """−Σ (y log a + (1 − y) log(1 − a)) of probabilities a; the error is (a − y) / (a (1 − a))."""

    op = "binary-cross-entropy"

    def fit(self) -> None:
        super().fit()
        _refuse_outside("A_prev", self.given["A_prev"], "put a sigmoid layer last")
        _refuse_outside("target", self.given["Y"], "")
        certain = np.asarray((self.arrays["A_prev"] == 0) | (self.arrays["A_prev"] == 1))
        if certain.any():
            raise NumberError(
                say("The binary cross-entropy has no derivative where a probability is 0 or 1."),
                where=say("A_prev{place}", place=index(_first(certain, self.ranks["A_prev"]))),
                expected=say("probabilities between 0 and 1"),
                fix=say("put a sigmoid layer last"),
            )

    def each(self) -> Array:
        a, y = _both_rounded(self.arrays["A_prev"], self.arrays["Y"])
        logs = y * np.log(a) + (1 - y) * np.log1p(-a)
        losses: Array = -logs.reshape(self.samples, -1).sum(1) / self.inside
        return losses

    def factors(self) -> tuple[Array, Array, str]:
        (a,) = _both_rounded(self.arrays["A_prev"])
        return a, float(self.factor) / (a * (1 - a)), "A_prev"


class SigmoidCrossEntropy(_CrossEntropy):
    """The binary cross-entropy of sigmoid(z): the error at z is sigmoid(z) − y."""

    op = "binary-cross-entropy"
    joined = Sigmoid.name

    def fit(self) -> None:
        super().fit()
        _refuse_outside("target", self.given["Y"], "")

    def each(self) -> Array:
        z, y = _both_rounded(self.arrays["A_prev"], self.arrays["Y"])
        losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
        total: Array = losses.reshape(self.samples, -1).sum(1) / self.inside
        return total

    def factors(self) -> tuple[Array, Array, str]:
        a = Sigmoid().forward(self.arrays["A_prev"])
        return a, self.times(a.shape), "sigmoid(A_prev)"


class SoftmaxCrossEntropy(_CrossEntropy):
    """−Σ y log softmax(z): the error at z is softmax(z) − y. The target: classes or rows."""

    op = "softmax-cross-entropy"
    joined = Softmax.name

    @property
    def elements(self) -> int:
        return 1  # one row of probabilities a sample

    def target(self) -> Array:
        output, target = self.given["A_prev"], self.given["Y"]
        if output.ndim > 2:
            raise ShapeError(
                say("The softmax cross-entropy takes rows of numbers."),
                found=say("an output of {shape}", shape=by(output.shape)),
                expected=say("a row for each sample (N, n)"),
                fix=say("put a flatten layer at the end"),
            )
        samples, classes = to_full_rank(output, OPERANDS[0]).shape[2:]
        if target.size == samples and (target.ndim < 2 or classes > 1):
            return self._one_hot(target.reshape(-1), classes)
        if target.size != samples * classes or self._tight(target) != self._tight(output):
            raise ShapeError(
                say("The target does not fit the output."),
                found=say("target {shape}", shape=by(target.shape)),
                expected=say(
                    "{samples:# class number|# class numbers} from 0 to {last},"
                    " or one-hot rows {shape}",
                    samples=Count(samples),
                    last=classes - 1,
                    shape=by((samples, classes)),
                ),
            )
        rows = target.reshape(samples, classes)
        _refuse_outside("target", rows, "")
        for n, total in enumerate(rows.sum(1).tolist()):
            if abs(float(total) - 1) > 1e-6:
                raise NumberError(
                    say("A row of the target does not add up to 1."),
                    where=say("target, row {n}", n=n),
                    found=say("a sum of {total}", total=total),
                    expected=say("one 1 and zeros, or probabilities"),
                )
        return rows.reshape(1, 1, samples, classes)

    @staticmethod
    def _one_hot(numbers: Array, classes: int) -> Array:
        rows = np.zeros((numbers.size, classes), np.int64)
        for n, label in enumerate(numbers.tolist()):
            if label not in range(classes):
                raise NumberError(
                    say("A class number is out of range."),
                    where=say("target[{n}]", n=n),
                    found=str(label),
                    expected=say("a whole number from 0 to {last}", last=classes - 1),
                )
            rows[n, int(label)] = 1
        return rows.reshape(1, 1, *rows.shape)

    def each(self) -> Array:
        z, y = _both_rounded(self.arrays["A_prev"][0, 0], self.arrays["Y"][0, 0])
        z = z - z.max(-1, keepdims=True)
        logs = z - np.log(np.exp(z).sum(-1, keepdims=True))
        losses: Array = -(y * logs).sum(-1)
        return losses

    def factors(self) -> tuple[Array, Array, str]:
        a = Softmax().forward(self.arrays["A_prev"])
        return a, self.times(a.shape), "softmax(A_prev)"


LOSSES: dict[str, tuple[type[Loss], ...]] = {
    "squared-error": (SquaredError,),
    "mean-squared-error": (MeanSquaredError,),
    "sum-squared-error": (SumSquaredError,),
    "binary-cross-entropy": (BinaryCrossEntropy, SigmoidCrossEntropy),
    "softmax-cross-entropy": (SoftmaxCrossEntropy,),
}
"""By name: the loss as it stands, and those that are taken together with a last activation."""


def loss(name: str) -> tuple[type[Loss], ...]:
    """The forms of the loss of this name.

    Raises
    ------
    SettingError
        There is none.
    """
    if name not in LOSSES:
        raise SettingError(
            say("The loss is unknown."),
            found=repr(name),
            expected=series(LOSSES),
            fix=nearest(str(name), LOSSES),
        )
    return LOSSES[name]


def difference(left: Array, right: Array) -> Array:
    """`left − right`, exact where both are.

    >>> from fractions import Fraction
    >>> difference(np.array([1, 2]), np.array([Fraction(1, 2), 2], object))
    array([Fraction(1, 2), 0], dtype=object)
    """
    a, b = alike(left, right)
    if a.values.dtype.kind == "f":
        apart: Array = a.values - b.values
        return apart
    scale = lcm(a.scale, b.scale)
    values = a.values.astype(object) * (scale // a.scale)
    return divided(compact(values - b.values.astype(object) * (scale // b.scale)), scale)


def _both_rounded(*arrays: Array) -> list[Array]:
    floats = (array if array.dtype.kind == "f" else rounded(array) for array in arrays)
    return [scaled.values for scaled in alike(*floats)]


def _refuse_outside(name: str, array: Array, fix: str) -> None:
    outside = np.asarray((array < 0) | (array > 1))
    if outside.any():
        place = _first(outside, array.ndim)
        raise NumberError(
            say("A probability is outside 0 to 1."),
            where=f"{name}{index(place)}" if array.ndim else name,
            found=str(array.item(*place) if array.ndim else array.item()),
            expected=say("numbers from 0 to 1"),
            fix=fix,
        )


def _first(where: Array, rank: int) -> Index:
    place = tuple(int(i) for i in np.argwhere(where)[0])
    return place[len(place) - rank :]
