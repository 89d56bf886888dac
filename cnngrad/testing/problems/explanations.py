"""Which known mistake explains what a function gives, judged over all problems together.

A mistake is named only if it gives the function's numbers on every problem on which they are
wrong, and leaves every problem right on which they are right.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...core.numbers import Array
from ...diagnosis.variants import Variant, merged
from .ladder import Rung
from .simulations import KnownMistake, Simulations

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


class ExplainedResult(NamedTuple):
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
        self.wrong = sorted((g for g in results if not g.right), key=lambda g: g.rung.number)
        self.right = [given for given in results if given.right]
        self.simulations = Simulations(name)

    def explanations(self) -> list[ExplainedResult]:
        """The single mistakes that explain everything, else the pairs that do."""
        if not self.wrong:
            return []
        found: dict[tuple[str, ...], None] = dict.fromkeys(
            (kind.code,)
            for kind in self.simulations.mistakes_on(self.wrong[0].rung)
            if self._hold((kind,))
        )
        if not found:
            found = dict.fromkeys(self._pairs())
        return [ExplainedResult(codes, len(self.wrong), len(self.wrong)) for codes in found]

    def _pairs(self) -> Iterator[tuple[str, ...]]:
        """Two mistakes at once; on a problem where only one can be made, that one alone."""
        first = self.simulations.mistakes_on(self.wrong[0].rung)
        elsewhere = dict.fromkeys(
            kind
            for given in self.wrong[1:]
            for kind in self.simulations.mistakes_on(given.rung)
            if kind not in first
        )
        alone = [kind for kind, variant in first.items() if self._gives(variant, self.wrong[0])]
        pairs = itertools.chain(
            itertools.product(alone, elsewhere), itertools.combinations(first, 2)
        )
        for one, two in itertools.islice(pairs, _MAX_PAIRS):
            if one.code != two.code and self._hold((one, two)):
                yield (one.code, two.code)

    def _hold(self, kinds: tuple[KnownMistake, ...]) -> bool:
        """Whether these mistakes, where they can be made, give what the function gives."""
        for given in (*self.wrong, *self.right):
            known = self.simulations.mistakes_on(given.rung)
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
        predicted = self.simulations.prediction(variant, given.rung)
        return predicted is not None and same(given.array, predicted)
