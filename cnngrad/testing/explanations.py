"""Which known mistake explains what a function gives, judged over all problems together.

A mistake is named only if it gives the function's numbers on every problem on which they are
wrong, and leaves every problem right on which they are right.
"""

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..core.numbers import Array, alike
from ..diagnosis.rules import Simulator
from ..diagnosis.variants import RIGHT, Variant, finished, merged
from ..layers.rules import rules_for
from .ladder import Rung

_SAME = 1e-6
_SAME_FLOAT32 = 2e-4
_SAME_FLOAT16 = 2e-2
_MAX_PAIRS = 4_000


class Given(NamedTuple):
    """One result of one problem, as the function gives it."""

    rung: Rung
    array: Array
    """In full rank, where its shape allows that."""
    right: bool


class Explanation(NamedTuple):
    """A mistake, or two at once, that give all that the function gives."""

    codes: tuple[str, ...]
    explains: int
    """So many of the wrong results."""
    of: int


def same(array: Array, expected: Array) -> bool:
    """Whether an array is the expected one, but for the rounding of its own kind of numbers."""
    if array.shape != expected.shape:
        return False
    slack = {4: _SAME_FLOAT32, 2: _SAME_FLOAT16}.get(array.dtype.itemsize, _SAME)
    if array.dtype.kind != "f":
        slack = _SAME
    top = float(np.abs(expected).max(initial=0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        return bool((np.abs(array - expected) <= slack * (1 + top)).all())


class _Kind(NamedTuple):
    """A mistake as it is the same on every problem: its factor is named by what it counts."""

    code: str
    variant: Variant
    """With a factor of 1."""
    factor: str
    """`N`, `1/N` and so on, or the number itself."""


class Explainer:
    """Looks for mistakes that explain one result of a function on all problems."""

    def __init__(self, name: str, results: Sequence[Given]) -> None:
        self.name = name
        self.wrong = sorted((g for g in results if not g.right), key=lambda g: g.rung.number)
        self.right = [given for given in results if given.right]
        self._simulators: dict[int, Simulator] = {}
        self._kinds: dict[int, dict[_Kind, Variant]] = {}
        self._predicted: dict[tuple[int, Variant], Array | None] = {}

    def explanations(self) -> list[Explanation]:
        """The single mistakes that explain everything, else the pairs that do."""
        if not self.wrong:
            return []
        found: dict[tuple[str, ...], None] = dict.fromkeys(
            (kind.code,) for kind in self._kinds_on(self.wrong[0].rung) if self._hold((kind,))
        )
        if not found:
            found = dict.fromkeys(self._pairs())
        return [Explanation(codes, len(self.wrong), len(self.wrong)) for codes in found]

    def _pairs(self) -> Iterator[tuple[str, ...]]:
        """Two mistakes at once; on a problem where only one can be made, that one alone."""
        first = self._kinds_on(self.wrong[0].rung)
        elsewhere = dict.fromkeys(
            kind
            for given in self.wrong[1:]
            for kind in self._kinds_on(given.rung)
            if kind not in first
        )
        alone = [kind for kind, variant in first.items() if self._gives(variant, self.wrong[0])]
        pairs = itertools.chain(
            itertools.product(alone, elsewhere), itertools.combinations(first, 2)
        )
        for one, two in itertools.islice(pairs, _MAX_PAIRS):
            if one.code != two.code and self._hold((one, two)):
                yield (one.code, two.code)

    def _hold(self, kinds: tuple[_Kind, ...]) -> bool:
        """Whether these mistakes, where they can be made, give what the function gives."""
        for given in (*self.wrong, *self.right):
            known = self._kinds_on(given.rung)
            made = [known[kind] for kind in kinds if kind in known]
            if not made:
                if not given.right:
                    return False
                continue
            both = made[0] if len(made) == 1 else merged(made[0], made[1])
            if both is None or not self._gives(both, given):
                return False
        return True

    def _gives(self, variant: Variant, given: Given) -> bool:
        predicted = self._prediction(variant, given.rung)
        return predicted is not None and same(given.array, predicted)

    def _kinds_on(self, rung: Rung) -> dict[_Kind, Variant]:
        """The mistakes that can be made on a problem."""
        if rung.number not in self._kinds:
            self._kinds[rung.number] = {
                _Kind(rule.code, variant._replace(factor=Fraction(1)), factor): variant
                for rule in rules_for(rung.problem).rules
                for variant in rule.variants(rung.problem, self.name)
                for factor in _factors(variant.factor, rung)
            }
        return self._kinds[rung.number]

    def _prediction(self, variant: Variant, rung: Rung) -> Array | None:
        key = (rung.number, variant)
        if key not in self._predicted:
            self._predicted[key] = self._simulated(variant, rung)
        return self._predicted[key]

    def _simulated(self, variant: Variant, rung: Rung) -> Array | None:
        if rung.number not in self._simulators:
            self._simulators[rung.number] = rules_for(rung.problem).simulate(rung.problem)
        core = self._simulators[rung.number].simulate(self.name, variant.core)
        if core is None and variant.core == RIGHT:
            core = alike(rung.problem.results[self.name])[0]
        done = None if core is None else finished(core, variant)
        if done is None:
            return None
        values = done.values.astype(np.float64) / done.scale
        return rung.turned_back(self.name, values)


def _factors(factor: Fraction, rung: Rung) -> list[str]:
    """What a factor may count: samples, positions, filters, cells of the kernel; or itself."""
    if factor == 1:
        return [""]
    counts = {"N": rung.samples}
    if "dZ" in rung.given and rung.given["dZ"].ndim == 4:
        counts["positions"] = int(np.prod(rung.given["dZ"].shape[2:]))
        counts["N·positions"] = counts["N"] * counts["positions"]
    if "W" in rung.given:
        counts["filters"] = len(rung.given["W"])
        counts["area"] = int(np.prod(rung.given["W"].shape[2:]))
    named = [name for name, count in counts.items() if factor == count > 1]
    named += [f"1/{name}" for name, count in counts.items() if count > 1 and factor * count == 1]
    return [*named, str(factor)]
