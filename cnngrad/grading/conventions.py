"""Conventions under which an answer is right: what comes out under each, and who has it."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ..core.batch import MEAN, SUM
from ..core.conventions import ARTICLE, PROFILES, REQUIRED, Profile, profile_name
from ..core.descent import updated
from ..core.errors import CnngradError, SettingError, nearest
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.text import say, series
from ..diagnosis.compare import Precision, understood
from .compared import Compared

LIKE = "like"
_LARGE = 1_000_000
"""Multiply-adds of a problem of which other conventions are not worked out for a few cells."""


class Convention(NamedTuple):
    """A setting that other people have otherwise, or all settings of a framework."""

    name: str
    """As `--accept` takes it: `batch=sum`, `flip`, `like=keras`."""
    settings: Mapping[str, Any]
    codes: Mapping[str, str]
    """By the result: the code of the rule that says the same."""
    least: int = 1
    """So many results have to agree on it."""


class Outcome(NamedTuple):
    """What is right under a convention, as it is written under it."""

    convention: Convention
    problem: Problem
    truths: dict[str, Array]


_EVERY = ("dA_prev", "dZ_prev", "dW", "db", "W", "b", "Z", "A")
_MEANS = ("dW", "db", "W", "b")
"""Results that are a mean over the samples, or a sum."""
_TIES = {
    "all": "error-to-all-ties",
    "last": "error-to-last-tie",
    "split": "error-split-over-ties",
    "first-column": "error-to-first-column-tie",
    "first": "error-to-first-tie",
}
_BATCH = {SUM: "not-divided-by-n", MEAN: "divided-by-n"}
_LAYOUTS = {
    "layout": ("nchw", "nhwc"),
    "kernel-layout": ("oihw", "hwio", "ohwi"),
    "dense-layout": ("out-in", "in-out"),
}
_PADDINGS = ("same", "same-lower")
_FLIP = {
    "dA_prev": "kernel-rotated",
    "Z": "kernel-rotated",
    "dW": "gradient-rotated",
    "W": "gradient-rotated",
}
_KNOWN = ("batch", "ties", *_LAYOUTS, "padding", "flip", "count-include-pad", LIKE)


def conventions_of(problem: Problem) -> Iterator[Convention]:
    """The conventions that there are for a problem, besides its own."""
    settings = problem.settings
    for batch, code in _BATCH.items():
        if settings.get("batch", batch) != batch:
            yield Convention(f"batch={batch}", {"batch": batch}, dict.fromkeys(_MEANS, code))
    for ties, code in _TIES.items():
        if settings.get("ties", ties) != ties:
            yield Convention(f"ties={ties}", {"ties": ties}, {"dA_prev": code})
    for name, known in _LAYOUTS.items():
        key = name.replace("-", "_")
        for layout in known:
            if settings.get(key, layout) != layout:
                codes = dict.fromkeys(_EVERY, "transposed")
                yield Convention(f"{name}={layout}", {key: layout}, codes)
    if settings.get("padding") in _PADDINGS:
        other = _PADDINGS[settings["padding"] == _PADDINGS[0]]
        codes = dict.fromkeys(_EVERY, "padding-other-side")
        yield Convention(f"padding={other}", {"padding": other}, codes)
    if "flip" in settings:
        yield Convention("flip", {"flip": not settings["flip"]}, _FLIP, least=2)
    if "count_include_pad" in settings:
        counted = not settings["count_include_pad"]
        code = "padding-counted" if counted else "padding-not-counted"
        name = f"count-include-pad={str(counted).lower()}"
        codes = {"dA_prev": code, "A": code}
        yield Convention(name, {"count_include_pad": counted}, codes)


def profile_convention(problem: Problem, profile: str) -> Convention | None:
    """What a framework does otherwise in this problem; None where it does nothing otherwise."""
    known = PROFILES[profile]
    kinds = problem.kinds_of(problem.settings)
    changed: dict[str, Any] = {}
    codes: dict[str, str] = {}
    for one in conventions_of(problem):
        for key, value in one.settings.items():
            usual = PROFILES[ARTICLE].value(key, kinds, None)
            stated = known.value(key, kinds, usual)
            if key not in ("padding", LIKE) and stated != REQUIRED and stated == value:
                changed[key] = value
                codes = {**one.codes, **codes}
    least = 2 if "flip" in changed else 1
    return Convention(f"{LIKE}={profile}", changed, codes, least) if changed else None


def profiles_with(problem: Problem, convention: Convention) -> list[str]:
    """The frameworks that have a convention, by the names that people know."""
    kinds = problem.kinds_of(problem.settings)
    return [
        known.title
        for name, known in PROFILES.items()
        if name != ARTICLE
        and all(
            known.value(key, kinds, None) == value for key, value in convention.settings.items()
        )
    ]


def outcome(problem: Problem, convention: Convention) -> Outcome | None:
    """What is right under a convention; None where the problem cannot be posed under it."""
    try:
        other = replace(problem, settings={**problem.settings, **convention.settings})
        truths = {**other.results, **updated(other)}
    except CnngradError:
        return None
    # As it is written under the other convention, and read under the problem's own.
    written = {name: other.in_layout(name, array) for name, array in truths.items()}
    truths = {name: problem.out_of_layout(name, array) for name, array in written.items()}
    return Outcome(convention, other, truths)


def accepted_conventions(problem: Problem, names: Iterable[str]) -> list[Convention]:
    """The conventions of these names; one that says nothing about the problem is left out.

    Raises
    ------
    SettingError
        There is none of this name.
    """
    found = []
    for name in names:
        stripped = name.strip()
        key, _, value = stripped.partition("=")
        if key == LIKE:
            one = profile_convention(problem, profile_name(value))
        else:
            if key not in _KNOWN:
                raise SettingError(
                    say("There is no convention of this name."),
                    found=repr(name),
                    expected=series(KNOWN_NAMES),
                    fix=nearest(stripped, KNOWN_NAMES),
                )
            one = next((c for c in conventions_of(problem) if c.name == stripped), None)
            if one is None and stripped not in KNOWN_NAMES:
                raise SettingError(
                    say("The convention {key} has no such value.", key=key),
                    found=repr(name),
                    expected=series(n for n in KNOWN_NAMES if n.startswith(key)),
                    fix=nearest(stripped, KNOWN_NAMES),
                )
        if one is not None:
            found.append(one)
    return found


_WELL_KNOWN = ("pytorch", "keras", "cs231n", "deeplearning.ai")
"""Told first where several frameworks have the same settings."""
KNOWN_NAMES = (
    *(f"batch={batch}" for batch in _BATCH),
    "batch=loss-mean",
    *(f"ties={ties}" for ties in _TIES),
    *(f"{name}={layout}" for name, known in _LAYOUTS.items() for layout in known),
    *(f"padding={padding}" for padding in _PADDINGS),
    "flip",
    "count-include-pad=true",
    "count-include-pad=false",
    *(f"{LIKE}={profile}" for profile in PROFILES),
)
"""Every convention that `--accept` takes."""


def accepted_settings(problem: Problem, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The settings of every choice among the conventions that are accepted."""
    known = accepted_conventions(problem, names)
    for count in range(1, len(known) + 1):
        for chosen in itertools.combinations(known, count):
            yield {key: value for one in chosen for key, value in one.settings.items()}


def _same(one: Mapping[str, Array], other: Mapping[str, Array]) -> bool:
    return all(
        array.shape == other[name].shape and bool(np.all(array == other[name]))
        for name, array in one.items()
    )


def _in_network(profile: Profile) -> Any:
    return profile.value("network.batch", (), None)


class Conventions:
    """What is right under each convention, worked out when it is first asked for."""

    def __init__(self, problem: Problem, truths: Mapping[str, Array], precision: Precision) -> None:
        self.problem = problem
        self.truths = truths
        self.precision = precision
        self.enabled = True
        self.more: list[Outcome] = []
        """What is right under the conventions of a network around the problem."""
        self._outcomes: list[Outcome] | None = None

    def profiles_of(self, convention: Convention) -> list[str]:
        """The frameworks that have a convention."""
        if convention in [one.convention for one in self.more]:
            batch = convention.settings.get("batch")
            known = PROFILES.items()
            return [p.title for name, p in known if name != ARTICLE and _in_network(p) == batch]
        return profiles_with(self.problem, convention)

    def agreeing(self, compared: Mapping[str, Compared]) -> Outcome | None:
        """The convention under which all that was handed in is right, if there is one."""
        if not any(found.puzzling and found.read.values.size for found in compared.values()):
            return None
        if not self.enabled and not self.more:
            return None
        wrong = [found for found in compared.values() if found.mistaken]
        if self.problem.work > _LARGE and all(found.few for found in wrong):
            return None  # a convention changes more than a few cells of many
        if self._outcomes is None:
            known = [*self.more, *(self._all() if self.enabled else ())]
            self._outcomes = self._different(known)
        return next((one for one in self._outcomes if self._agrees(compared, one)), None)

    def _all(self) -> Iterator[Outcome]:
        single = list(conventions_of(self.problem))
        names = sorted(PROFILES, key=lambda name: name not in _WELL_KNOWN)
        several = (profile_convention(self.problem, name) for name in names)
        for one in (*single, *(one for one in several if one and len(one.settings) > 1)):
            if (made := outcome(self.problem, one)) is not None:
                yield made

    def _different(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Those under which something else is right, each once."""
        seen = [self.truths]
        found = []
        for one in outcomes:
            if not any(_same(one.truths, known) for known in seen):
                seen.append(one.truths)
                found.append(one)
        return found

    def _agrees(self, compared: Mapping[str, Compared], other: Outcome) -> bool:
        agreeing = 0
        for name, found in sorted(compared.items(), key=lambda item: -item[1].mistaken):
            truth = other.truths[name]
            if found.read.blank is not None or not understood(found.given_shape, truth.shape):
                return False
            if not found.read.reshaped(truth.shape).fits(truth):
                return False
            same = truth.shape == self.truths[name].shape
            agreeing += not (same and bool(np.all(truth == self.truths[name])))
        return agreeing >= other.convention.least
