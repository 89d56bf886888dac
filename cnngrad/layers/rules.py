"""Registry of the mistakes that people make: which rules apply to which kind of problem.

A rule stands, with its words, in the `mistakes` module of its kind of layer, or in `diagnosis`
where several kinds share it. An operation without a line here has the rules that apply anywhere.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from importlib import import_module
from typing import Any

from ..core.numbers import Scaled
from ..core.problem import Problem
from ..diagnosis.rules import (
    PlainSimulator,
    Rule,
    Rules,
    RuleSet,
    RuleWords,
    Simulator,
    VariantsOf,
)
from ..diagnosis.variants import Variant

_SLIDING = "..diagnosis.rules_sliding"
_LINEAR = "..diagnosis.rules_linear"
_DESCENT = "..diagnosis.rules_descent"
_ACTIVATION = "..diagnosis.rules_activation"
_ANYWHERE = "..diagnosis.rules_anywhere"
_CONVOLUTION = (".convolution.mistakes", _SLIDING, _LINEAR)
_POOLING = (".pooling.mistakes:BOTH", _SLIDING, _LINEAR)
_TRANSPOSED = (".convolution.transposed_mistakes", _LINEAR)
_SIMULATORS = {
    "conv": ".convolution.simulate:ConvolutionSimulator",
    "conv-transpose": ".convolution.transposed_mistakes:TransposedSimulator",
    "batch-norm": ".normalisation.mistakes:BatchNormSimulator",
    "pool": ".pooling.simulate:PoolingSimulator",
    "dense": ".dense.mistakes:DenseSimulator",
    "activation": ".activation.mistakes:ActivationSimulator",
}
"""By the kind of layer: what follows a variant."""
_RULE_SETS: dict[str, tuple[str, ...]] = {
    "conv-forward": _CONVOLUTION,
    "conv-backward": (*_CONVOLUTION, _DESCENT),
    "conv-transpose-forward": _TRANSPOSED,
    "conv-transpose-backward": (*_TRANSPOSED, _DESCENT),
    "batch-norm-forward": (".normalisation.mistakes",),
    "batch-norm-backward": (".normalisation.mistakes",),
    "pool-forward max": (".pooling.max_mistakes", *_POOLING),
    "pool-forward average": (".pooling.mistakes:AVERAGE", *_POOLING),
    "pool-backward max": (".pooling.max_mistakes", *_POOLING),
    "pool-backward average": (".pooling.mistakes:AVERAGE", *_POOLING),
    "dense-forward": (".dense.mistakes", _LINEAR),
    "dense-backward": (".dense.mistakes", _ACTIVATION, _LINEAR, _DESCENT),
    "activation-forward": (_ACTIVATION,),
    "activation-backward": (_ACTIVATION,),
}
"""For each operation: the rule sets that apply besides those that apply anywhere."""

_SPATIAL = ("conv", "conv-transpose", "pool")
"""The kinds of layer whose rules and simulators know images."""

SAME_THING = {"batch-summed": "not-divided-by-n"}
"""Where both fit they are one mistake: a sum over the samples that is not divided by N."""


def rules_for(problem: Problem) -> Rules:
    """What is known of the mistakes in this kind of problem."""
    mode = getattr(problem, "mode", "")
    kind = problem.op.rpartition("-")[0]
    simulator = _named(_SIMULATORS[kind]) if kind in _SIMULATORS else PlainSimulator
    sets = (*_RULE_SETS.get(f"{problem.op} {mode}".strip(), ()), _ANYWHERE)
    spatial = kind in _SPATIAL and problem.dims != 2
    if spatial and problem.dims == 3:  # what is known of images is not known of blocks
        sets, simulator = (_ANYWHERE,), PlainSimulator
    rules = tuple(rule for place in sets for rule in _rule_set(place))
    if spatial and problem.dims == 1:
        rules = tuple(rule._replace(variants=_of_flat(rule.variants)) for rule in rules)
        return Rules(rules, partial(FlatSimulator, simulator))
    return Rules(rules, simulator)


@lru_cache(maxsize=8)
def flat(problem: Problem) -> Problem:
    """The same problem in two dimensions: a row is an image of one row."""
    given = {
        name: array[..., None, :] if array.ndim > 1 else array
        for name, array in problem.arrays.items()
    }
    settings = dict(problem.settings)
    for name in ("stride", "dilation", "window", "output_padding"):
        if name in settings:
            settings[name] = (0 if name == "output_padding" else 1, *settings[name])
    if not isinstance(settings["padding"], str):
        settings["padding"] = ((0, 0), *settings["padding"])
    return replace(problem, given=given, settings={**settings, "dims": 2})


def _of_flat(variants: VariantsOf) -> VariantsOf:
    return lambda problem, name: variants(flat(problem), name)


class FlatSimulator:
    """Follows variants for a problem of rows, by the simulator for images."""

    def __init__(self, inner: Callable[[Any], Simulator], problem: Problem) -> None:
        self.problem = problem
        self.inner = inner(flat(problem))

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        found = self.inner.simulate(name, variant)
        if found is None or found.values.ndim < 2:
            return found
        if found.values.shape[-2] != 1:
            return None
        values = found.values[..., 0, :]
        if self.problem.ranks[name] > 1:
            values = self.problem.shown(name, values)
        return Scaled(values, found.scale)


@lru_cache(maxsize=1)
def rules_by_code() -> dict[str, Rule]:
    """Each rule of any kind of layer by its code."""
    places = dict.fromkeys(place for sets in _RULE_SETS.values() for place in (*sets, _ANYWHERE))
    found: dict[str, Rule] = {}
    for place in places:
        for rule in _rule_set(place):
            found.setdefault(rule.code, rule)
    return found


def rule_words(code: str) -> RuleWords:
    """What people read about a rule."""
    return rules_by_code()[code].words


def _rule_set(place: str) -> RuleSet:
    rules: RuleSet = _named(place if ":" in place else f"{place}:RULES")
    return rules


def _named(place: str) -> Any:
    module, _, name = place.rpartition(":")
    return getattr(import_module(module, __package__), name)
