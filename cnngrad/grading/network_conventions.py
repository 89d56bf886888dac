"""Conventions of a whole network: where the mean over the samples lies, and the square's factor."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..core.batch import IN_NETWORKS, LOSS_MEAN, MEAN, SUM
from ..core.conventions import ARTICLE, PROFILES, profile_name
from ..core.errors import CnngradError, SettingError, nearest
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.text import say, series
from ..diagnosis.rules import SCALED
from ..network import Backward, Network, backward
from .conventions import KNOWN_NAMES, LIKE, Convention

SQUARES = ("squared-error", "mean-squared-error", "sum-squared-error")
"""Losses that differ by a factor only."""
NAMES = (
    *(f"batch={batch}" for batch in IN_NETWORKS),
    *(f"loss={loss}" for loss in SQUARES),
    *(f"{LIKE}={profile}" for profile in PROFILES),
)
_LIKELIEST = (LOSS_MEAN, SUM, MEAN)
"""Where most frameworks have the mean, first."""
_CODES = {
    SUM: {"dW": "not-divided-by-n", "db": "not-divided-by-n"},
    LOSS_MEAN: {"dA_prev": "divided-by-n", "dZ_prev": "divided-by-n"},
}
"""By the batch: the rule that says the same of a result."""


class NetworkOutcome(NamedTuple):
    """What is right in all layers under a convention."""

    convention: Convention
    walk: Backward


def network_conventions(network: Network) -> Iterator[Convention]:
    """The conventions that there are for a network, besides its own."""
    losses = SQUARES if network.loss_name in SQUARES else (network.loss_name,)
    for batch, loss in itertools.product(_LIKELIEST, losses):
        changed = {"batch": batch} if batch != network.batch else {}
        if loss != network.loss_name:
            changed["loss"] = loss
        if not changed or (network.samples == 1 and "batch" in changed):
            continue
        codes = dict.fromkeys(("dA_prev", "dZ_prev", "dW", "db", "W", "b"), SCALED)
        if "loss" not in changed:
            codes |= _CODES.get(batch, {})
        name = ",".join(f"{key}={value}" for key, value in changed.items())
        yield Convention(name, changed, codes)


def under(network: Network, settings: Mapping[str, str]) -> Backward | None:
    """The walk back under other conventions; None where the network cannot be walked so."""
    try:
        other = replace(
            network,
            loss_name=settings.get("loss", network.loss_name),
            conventions=network.conventions.with_batch(settings.get("batch", network.batch)),
        )
        return backward(other)
    except CnngradError:
        return None


def network_profiles(convention: Convention) -> tuple[str, ...]:
    """The frameworks whose networks have the mean where this convention has it."""
    batch = convention.settings.get("batch")
    known = [
        profile.title
        for name, profile in PROFILES.items()
        if name != ARTICLE and profile.value("network.batch", (), None) == batch
    ]
    return tuple(known) if batch else ()


def accepted_in_networks(network: Network, names: Iterable[str]) -> list[Convention]:
    """The conventions of these names, as far as they say something about this network.

    Raises
    ------
    SettingError
        There is none of this name.
    """
    found: dict[str, str] = {}
    for name in names:
        for part in name.split(","):
            key, _, value = part.strip().partition("=")
            if key == LIKE:
                value = PROFILES[profile_name(value)].value("network.batch", (), network.batch)
                key = "batch"
            elif part.strip() not in NAMES:
                if part.strip() in KNOWN_NAMES:
                    continue  # of a layer, not of the network
                raise SettingError(
                    say("There is no convention of this name."),
                    found=repr(name),
                    expected=series(NAMES),
                    fix=nearest(part.strip(), NAMES),
                )
            found[key] = value
    known = network_conventions(network)
    return [one for one in known if all(found.get(k) == v for k, v in one.settings.items())]


def truths_of(result: Problem, updated: Mapping[str, Array]) -> dict[str, Array]:
    """What is right of one layer, as it is written."""
    return {
        name: result.in_layout(name, array) for name, array in {**result.results, **updated}.items()
    }
