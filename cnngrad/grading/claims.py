"""Claims: what is said of a wrong result besides its rules, and what has to be more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..core.numbers import Array
from ..core.problem import Problem
from ..diagnosis.candidates import Fit
from ..diagnosis.chance import by_chance, one_off
from ..diagnosis.proportion import causes_of, factor_of
from ..diagnosis.rules import SCALED
from ..diagnosis.rules_sliding import EMPTY_CROP
from ..layers.rules import rules_for
from .compared import Compared
from .conventions import Conventions, Outcome
from .marked_result import MarkedResult, Mistake

_SEVERAL = 2
"""Cells that have to agree on a factor."""
_CLEARLY_SEVERAL = 3
"""Numbers of different size that have to agree on a factor that nothing here makes."""
_TELLS = {
    "divided-by-n": "the number of samples N",
    "not-divided-by-n": "the number of samples N",
    "batch-summed": "the number of samples N",
    "divided-by-positions": "the number of positions H·W",
    "not-divided-by-window": "the number of cells of the window k²",
}
"""What a rule already says of where a factor comes from."""


class Claims:
    """Adds to a marked result its convention, or the factor by which it is off."""

    def __init__(
        self, problem: Problem, truths: Mapping[str, Array], conventions: Conventions
    ) -> None:
        self.problem = problem
        self.truths = truths
        self.conventions = conventions
        self._codes = {rule.code for rule in rules_for(problem).rules}

    def told(
        self,
        marked: MarkedResult,
        found: Compared,
        other: Outcome | None,
        profiles: tuple[str, ...],
    ) -> MarkedResult:
        """The same with the convention first under which it is right, or its factor."""
        if not found.mistaken or not found.read.values.size:
            cropped = found.name == "dA_prev" and EMPTY_CROP in self._codes and found.mistaken
            return replace(marked, mistakes=(Mistake((EMPTY_CROP,)),)) if cropped else marked
        mistakes = list(marked.mistakes)
        if factor := self._factor(found, mistakes):
            causes = causes_of(factor, self.problem)
            single = [mistake for mistake in mistakes if len(mistake.codes) == 1]
            told = {_TELLS.get(code) for mistake in single for code in mistake.codes}
            if not single or {*causes} - told:
                constant = Mistake((SCALED,), factor=factor, causes=tuple(causes))
                pairs = [mistake for mistake in mistakes if len(mistake.codes) > 1]
                mistakes = [*single, constant, *pairs]
        code = other and other.convention.codes.get(found.name)
        if other is not None and code:
            who = profiles or tuple(self.conventions.profiles_of(other.convention))
            first = Mistake((code,), convention=other.convention.name, profiles=who)
            mistakes = [first, *(mistake for mistake in mistakes if mistake.codes != (code,))]
        if len(mistakes) == len(marked.mistakes) and not code:
            return marked
        return replace(marked, mistakes=tuple(mistakes), slips=())

    def _factor(self, found: Compared, mistakes: Sequence[Mistake]) -> Fraction | None:
        if not found.shape_right or not found.puzzling:
            return None
        if found.read.filled < _SEVERAL:  # any two numbers have a factor between them
            if not any(code in _TELLS for mistake in mistakes for code in mistake.codes):
                return None
            given, truth = found.read.values.item(0), self.truths[found.name].item(0)
            factor = Fraction(given) / Fraction(truth) if truth else None
            return factor if factor and causes_of(factor, self.problem) else None
        factor = factor_of(found.read, self.truths[found.name])
        if factor is None or causes_of(factor, self.problem):
            return factor
        different = {abs(cell) for cell in self.truths[found.name].ravel().tolist() if cell}
        return factor if len(different) >= _CLEARLY_SEVERAL else None


def supported(found: Compared, fits: Mapping[str, list[Fit]], truth: Array) -> list[Fit]:
    """The fits of a result without those that a slip in adding does as well.

    A claim that rests on one cell stands where another result speaks for it too.
    """
    if found.speaking != 1 or not found.shape_right:
        return fits[found.name]
    (place,) = np.argwhere(found.wrong)
    cell = tuple(map(int, place))
    off = found.read.values.item(cell) - truth.item(cell)
    elsewhere = {fit.codes for name in fits if name != found.name for fit in fits[name]}
    return [
        fit
        for fit in fits[found.name]
        if not fit.weak
        or fit.codes in elsewhere
        or not (one_off(off) or by_chance(off, fit.rivals))
    ]
