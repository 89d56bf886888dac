"""What comes out under each known mistake, on problem after problem."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ...core.numbers import Array, alike
from ...diagnosis.rules import Simulator
from ...diagnosis.variants import RIGHT, Variant, finished
from ...layers.rules import rules_for
from .ladder import Rung


class KnownMistake(NamedTuple):
    """A mistake as it is the same on every problem: its factor is named by what it counts."""

    code: str
    variant: Variant
    """With a factor of 1."""
    factor: str
    """`N`, `1/N` and so on, or the number itself."""


class Simulations:
    """All mistakes for one result of an operation, followed where they are asked for."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._simulators: dict[Rung, Simulator] = {}
        self._mistakes: dict[Rung, dict[KnownMistake, Variant]] = {}
        self._predicted: dict[tuple[Rung, Variant], Array | None] = {}

    def mistakes_on(self, rung: Rung) -> dict[KnownMistake, Variant]:
        """The mistakes that can be made on a problem, each with what it changes there."""
        if rung not in self._mistakes:
            self._mistakes[rung] = {
                KnownMistake(rule.code, variant._replace(factor=Fraction(1)), factor): variant
                for rule in rules_for(rung.problem).rules
                for variant in rule.variants(rung.problem, self.name)
                for factor in _factors(variant.factor, rung)
            }
        return self._mistakes[rung]

    def prediction(self, variant: Variant, rung: Rung) -> Array | None:
        """What comes out, in full rank; None where it makes no sense for the problem."""
        key = (rung, variant)
        if key not in self._predicted:
            self._predicted[key] = self._simulated(variant, rung)
        return self._predicted[key]

    def _simulated(self, variant: Variant, rung: Rung) -> Array | None:
        if rung not in self._simulators:
            self._simulators[rung] = rules_for(rung.problem).simulate(rung.problem)
        core = self._simulators[rung].simulate(self.name, variant.core)
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
