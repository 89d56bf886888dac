"""Reduction of a loss: what it is the mean over, and so what divides the error."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from ...core.batch import LOSS_MEAN, MEAN, SUM
from ...core.errors import SettingError
from ...core.numbers import Array, Number
from ...core.problem import Problem, cells_of
from ...core.text import say
from ...core.trace import Index, quotient
from .spec import SETTINGS


class Reduced(Problem):
    """What a loss is the mean over: its samples, all its numbers, or nothing."""

    options = SETTINGS
    usual_reduction: ClassVar[str] = "samples"
    """What the loss is a mean over within a batch unless its setting `reduction` says it."""
    slope_factor: ClassVar[int] = 1
    """What the derivative of one element's loss brings to the front: 2 of a square without ½."""

    @classmethod
    def read_settings(cls, settings: Mapping[str, object]) -> dict[str, Any]:
        known = super().read_settings(settings)
        batch, reduction = known["batch"], known["reduction"]
        if (batch, reduction) in ((MEAN, "sum"), (SUM, "samples"), (SUM, "elements")):
            raise SettingError(
                say(
                    "batch {batch} and reduction {reduction} contradict each other.",
                    batch=batch,
                    reduction=reduction,
                ),
                expected=say("one of them; a mean in the loss is batch loss-mean"),
                fix=say('write "batch": "loss-mean" beside the reduction'),
            )
        return known

    @property
    def reduction(self) -> str:
        """What the loss is the mean over: samples, elements, or nothing (sum)."""
        stated: str | None = self.settings["reduction"]
        return stated or ("sum" if self.settings["batch"] == SUM else self.usual_reduction)

    @property
    def elements(self) -> int:
        """Losses of one sample: of as many numbers, or of as many rows of probabilities."""
        return cells_of(self.given["A_prev"].shape) // self.samples

    @property
    def inside(self) -> int:
        """What the loss of one sample is divided by."""
        whole = self.settings["batch"] == SUM and self.settings["reduction"] is None
        reduction = self.usual_reduction if whole else self.reduction
        return self.elements if reduction == "elements" else 1

    @property
    def between(self) -> int:
        """What the sum of the samples' losses is divided by: N, or 1."""
        summed = self.settings["batch"] == SUM or self.reduction == "sum"
        return 1 if summed else self.samples

    @property
    def divisor(self) -> int:
        """What the error is divided by: N too, where the mean lies in the loss."""
        inside = self.inside
        return inside * self.between if self.settings["batch"] == LOSS_MEAN else inside

    @property
    def factor(self) -> Number:
        """What stands before each cell's P − Y: 1 unless the loss squares or divides."""
        return quotient(self.slope_factor, self.divisor)

    def times(self, shape: Index) -> Array:
        """The factor for every cell of an error."""
        if isinstance(self.factor, Fraction):
            return np.full(shape, self.factor, object)
        return np.full(shape, self.factor, np.int64)

    @property
    def samples(self) -> int:
        """N."""
        shape = self.given["A_prev"].shape
        known: int | None = self.settings["samples"]
        return known or (shape[0] if len(shape) in (2, 4) else 1)
