"""The mistakes that people make, and the gradients that come out of them.

A rule is one small function that says how the computation changes under that mistake (a
`Variant`); it is registered with its code in the module of its kind of layer. What people
read about a rule stands in `homework.texts`.
"""

from importlib import import_module

from ..core.problem import Problem
from ..diagnosis.variants import Rules

_DIVISION = "..diagnosis.rules_anywhere:DIVISION"
_ANYWHERE = "..diagnosis.rules_anywhere:RULES"
_DESCENT = "..diagnosis.rules_descent:RULES"
_MAX = ("pooling.simulate:PoolingSimulator", "pooling.mistakes:MAX", "pooling.mistakes:BOTH")
_AVERAGE = (
    "pooling.simulate:PoolingSimulator",
    "pooling.mistakes:AVERAGE",
    "pooling.mistakes:BOTH",
)
_CONVOLUTION = ("convolution.simulate:ConvolutionSimulator", "convolution.mistakes:RULES")
_DENSE = ("dense.mistakes:DenseSimulator", "dense.mistakes:RULES")
_ACTIVATION = ("activation.mistakes:ActivationSimulator", "activation.mistakes:RULES")
_FAMILIES: dict[str, tuple[str, ...]] = {
    "conv-forward": _CONVOLUTION,
    "conv-backward": (*_CONVOLUTION, _DIVISION, _DESCENT),
    "pool-forward max": _MAX,
    "pool-forward average": _AVERAGE,
    "pool-backward max": (*_MAX, _DIVISION),
    "pool-backward average": (*_AVERAGE, _DIVISION),
    "dense-forward": _DENSE,
    "dense-backward": (*_DENSE, _DIVISION, _DESCENT),
    "activation-forward": _ACTIVATION,
    "activation-backward": _ACTIVATION,
}
"""For each operation: what follows its recipes, and the rulebooks that apply."""


def rules_for(problem: Problem) -> Rules:
    """What is known of the mistakes in this kind of problem."""
    mode = getattr(problem, "mode", "")
    plain = _ACTIVATION[:1]  # such as flatten, where little can go wrong
    simulate, *books = _FAMILIES.get(f"{problem.op} {mode}".strip(), plain)
    rules = [rule for book in (*books, _ANYWHERE) for rule in _named(book)]
    return Rules(tuple(rules), _named(simulate))


def codes() -> list[str]:
    """The codes of all rules of all kinds of layer."""
    books = dict.fromkeys(book for _, *books in _FAMILIES.values() for book in books)
    found = [rule.code for book in (*books, _ANYWHERE) for rule in _named(book)]
    return list(dict.fromkeys(found))


def _named(place: str):  # type: ignore[no-untyped-def]  # a rulebook or the class of a cook
    module, _, name = place.partition(":")
    path = module if module.startswith(".") else f".{module}"
    return getattr(import_module(path, __package__), name)
