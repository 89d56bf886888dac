"""Conventions of a network: what all its layers share, and where the mean over its samples lies."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..core.batch import DEFAULT, LOSS_MEAN, MEAN, SUM
from ..core.conventions import ARTICLE, PROFILES
from ..core.problem import Problem
from ..core.settings import NETWORK_BATCH, NETWORK_SETTINGS, REDUCTION

SHARED = {s.name: s for s in NETWORK_SETTINGS if s not in (NETWORK_BATCH, REDUCTION)}
"""Keys of a network file that hold for all its layers."""
KEYS = (*SHARED, REDUCTION.name)


class Conventions(NamedTuple):
    """What a network's layers share, and how its loss is reduced."""

    shared: Mapping[str, Any] = {}
    """Settings of all layers that have them, as far as they are given."""
    batch: str = DEFAULT
    batches: Mapping[str, str] = {}
    """By the kind of layer, where a profile has dW and db otherwise than `batch`."""
    reduction: str | None = None

    @property
    def like(self) -> str:
        """The profile."""
        return str(self.shared.get("like", ARTICLE))

    @property
    def layout(self) -> str:
        """The order of an image's axes."""
        return str(self.shared.get("layout") or PROFILES[self.like].value("layout", (), "nchw"))

    def batch_of(self, problem: type[Problem], settings: Mapping[str, object]) -> str:
        """What dW and db of a layer are: `mean` or `sum`."""
        for kind in problem.kinds_of(settings):
            if kind in self.batches:
                return self.batches[kind]
        return MEAN if self.batch == MEAN else SUM

    def with_batch(self, batch: str) -> "Conventions":
        """The same with another batch, which is said and so beats the profile."""
        reduction = self.reduction if batch == LOSS_MEAN else None
        return self._replace(batch=NETWORK_BATCH.read(batch), batches={}, reduction=reduction)


ARTICLES = Conventions()
"""Those of a network that says nothing of them."""


def conventions_of(data: Mapping[str, Any], loss: str) -> Conventions:
    """The conventions that a network file states, a profile's filled in.

    Raises
    ------
    SettingError
        Something is unknown.

    Examples
    --------
    >>> found = conventions_of({"like": "keras"}, "mean-squared-error")
    >>> found.batch, found.reduction
    ('loss-mean', 'elements')
    """
    shared = {key: s.read(data[key]) for key, s in SHARED.items() if data.get(key) is not None}
    like = shared.get("like", ARTICLE)
    values = {key: value.value for key, value in PROFILES[like].values.items()}
    batch, reduction = data.get("batch"), data.get("reduction")
    if reduction is not None:
        reduction = REDUCTION.read(reduction)
        batch = batch or LOSS_MEAN
    if batch is not None:
        batch = NETWORK_BATCH.read(batch)
    batches = {}
    if batch is None:
        batch = values.get("network.batch", DEFAULT)
        batches = {
            key.split(".")[1]: value
            for key, value in values.items()
            if key.startswith("network.") and key.count(".") == 2
        }
    if reduction is None and batch == LOSS_MEAN:
        reduction = values.get("network.reduction")
        if reduction and loss == "sum-squared-error":
            reduction = "sum"
    return Conventions(shared, batch, batches, reduction)
