"""Which known mistake explains what a function gives, judged over all problems together.

A mistake is named only if it gives the function's numbers on every problem on which they are
wrong, and leaves every problem right on which they are right.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..core.numbers import Array
from ..diagnosis.rules import Rule, Simulator
from ..diagnosis.variants import Variant, finished, merged
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


class Explainer:
    """Looks for mistakes that explain one result of a function on all problems."""

    def __init__(self, name: str, results: Sequence[Given]) -> None:
        self.name = name
        self.wrong = [given for given in results if not given.right]
        self.right = [given for given in results if given.right]
        self._simulators: dict[int, Simulator] = {}
        self._rules: dict[int, list[tuple[str, Variant]]] = {}
        self._predicted: dict[tuple[int, Variant], Array | None] = {}

    def explanations(self) -> list[Explanation]:
        """The single mistakes that explain everything, else the pairs that do."""
        if not self.wrong:
            return []
        self.wrong.sort(key=lambda given: given.rung.number)
        found: dict[tuple[str, ...], None] = dict.fromkeys(
            (code,) for code, variant in self._variants(self.wrong[0].rung) if self._holds(variant)
        )
        if not found:
            found = dict.fromkeys(self._pairs())
        return [Explanation(codes, len(self.wrong), len(self.wrong)) for codes in found]

    def _pairs(self) -> Iterator[tuple[str, ...]]:
        """Two mistakes at once; on a problem where only one can be made, that one alone."""
        first = self._variants(self.wrong[0].rung)
        here = [variant for _, variant in first]
        elsewhere = [
            (code, variant)
            for given in self.wrong[1:]
            for code, variant in self._variants(given.rung)
            if variant not in here
        ]
        alone = [(code, v) for code, v in first if self._gives(v, self.wrong[0])]
        pairs = itertools.chain(
            itertools.product(alone, dict.fromkeys(elsewhere)), itertools.combinations(first, 2)
        )
        for one, two in itertools.islice(pairs, _MAX_PAIRS):
            if one[0] != two[0] and self._hold_together(one[1], two[1]):
                yield (one[0], two[0])

    def _holds(self, variant: Variant) -> bool:
        wrong = all(self._made_on(variant, g.rung) and self._gives(variant, g) for g in self.wrong)
        return wrong and all(
            not self._made_on(variant, given.rung) or self._gives(variant, given)
            for given in self.right
        )

    def _hold_together(self, one: Variant, two: Variant) -> bool:
        for given in (*self.wrong, *self.right):
            made = [v for v in (one, two) if self._made_on(v, given.rung)]
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

    def _made_on(self, variant: Variant, rung: Rung) -> bool:
        return any(variant == known for _, known in self._variants(rung))

    def _variants(self, rung: Rung) -> list[tuple[str, Variant]]:
        if rung.number not in self._rules:
            rules: tuple[Rule, ...] = rules_for(rung.problem).rules
            self._rules[rung.number] = [
                (rule.code, variant)
                for rule in rules
                for variant in rule.variants(rung.problem, self.name)
            ]
        return self._rules[rung.number]

    def _prediction(self, variant: Variant, rung: Rung) -> Array | None:
        key = (rung.number, variant)
        if key not in self._predicted:
            self._predicted[key] = self._simulated(variant, rung)
        return self._predicted[key]

    def _simulated(self, variant: Variant, rung: Rung) -> Array | None:
        if rung.number not in self._simulators:
            self._simulators[rung.number] = rules_for(rung.problem).simulate(rung.problem)
        core = self._simulators[rung.number].simulate(self.name, variant.core)
        done = None if core is None else finished(core, variant)
        if done is None:
            return None
        values = done.values.astype(np.float64) / done.scale
        return rung.turned_back(self.name, values)
