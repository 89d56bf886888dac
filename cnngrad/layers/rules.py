"""Registry of the mistakes that people make: which rules apply to which kind of problem.

A rule stands, with its words, in the `mistakes` module of its kind of layer, or in `diagnosis`
where several kinds share it. An operation without a line here has the rules that apply anywhere.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

from ..core.problem import Problem
from ..diagnosis.rules import PlainSimulator, Rule, Rules, RuleSet, RuleWords

_SLIDING = "..diagnosis.rules_sliding"
_LINEAR = "..diagnosis.rules_linear"
_DESCENT = "..diagnosis.rules_descent"
_ACTIVATION = "..diagnosis.rules_activation"
_ANYWHERE = "..diagnosis.rules_anywhere"
_CONVOLUTION = (".convolution.mistakes", _SLIDING, _LINEAR)
_POOLING = (".pooling.mistakes:BOTH", _SLIDING, _LINEAR)
_SIMULATORS = {
    "conv": ".convolution.simulate:ConvolutionSimulator",
    "pool": ".pooling.simulate:PoolingSimulator",
    "dense": ".dense.mistakes:DenseSimulator",
    "activation": ".activation.mistakes:ActivationSimulator",
}
"""By the kind of layer: what follows a variant."""
_RULE_SETS: dict[str, tuple[str, ...]] = {
    "conv-forward": _CONVOLUTION,
    "conv-backward": (*_CONVOLUTION, _DESCENT),
    "pool-forward max": (".pooling.mistakes:MAX", *_POOLING),
    "pool-forward average": (".pooling.mistakes:AVERAGE", *_POOLING),
    "pool-backward max": (".pooling.mistakes:MAX", *_POOLING),
    "pool-backward average": (".pooling.mistakes:AVERAGE", *_POOLING),
    "dense-forward": (".dense.mistakes", _LINEAR),
    "dense-backward": (".dense.mistakes", _ACTIVATION, _LINEAR, _DESCENT),
    "activation-forward": (_ACTIVATION,),
    "activation-backward": (_ACTIVATION,),
}
"""For each operation: the rule sets that apply besides those that apply anywhere."""

SAME_THING = {"batch-summed": "not-divided-by-n"}
"""Where both fit they are one mistake: a sum over the samples that is not divided by N."""


def rules_for(problem: Problem) -> Rules:
    """What is known of the mistakes in this kind of problem."""
    mode = getattr(problem, "mode", "")
    kind = problem.op.rpartition("-")[0]
    sets = (*_RULE_SETS.get(f"{problem.op} {mode}".strip(), ()), _ANYWHERE)
    rules = tuple(rule for place in sets for rule in _rule_set(place))
    simulator = _named(_SIMULATORS[kind]) if kind in _SIMULATORS else PlainSimulator
    return Rules(rules, simulator)


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
