"""The mistakes that people make, and the gradients that come out of them.

A rule is one small function that says how the computation changes under that mistake (a
`Recipe`); it is registered with its code in the module of its kind of layer. What people
read about a rule stands in `homework.texts`.
"""

from importlib import import_module

from ..core.problem import Problem
from ..diagnosis.variants import Family

_DIVISION = "..diagnosis.rules_anywhere:DIVISION"
_ANYWHERE = "..diagnosis.rules_anywhere:BOOK"
_DESCENT = "..diagnosis.rules_descent:BOOK"
_MAX = ("pooling.simulate:PoolingCook", "pooling.mistakes:MAX", "pooling.mistakes:BOTH")
_AVERAGE = ("pooling.simulate:PoolingCook", "pooling.mistakes:AVERAGE", "pooling.mistakes:BOTH")
_CONVOLUTION = ("convolution.simulate:ConvolutionCook", "convolution.mistakes:BOOK")
_DENSE = ("dense.mistakes:DenseCook", "dense.mistakes:BOOK")
_ACTIVATION = ("activation.mistakes:ActivationCook", "activation.mistakes:BOOK")
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


def family(problem: Problem) -> Family:
    """What is known of the mistakes in this kind of problem."""
    mode = getattr(problem, "mode", "")
    plain = _ACTIVATION[:1]  # such as flatten, where little can go wrong
    cook, *books = _FAMILIES.get(f"{problem.op} {mode}".strip(), plain)
    rules = [rule for book in (*books, _ANYWHERE) for rule in _named(book)]
    return Family(tuple(rules), _named(cook))


def codes() -> list[str]:
    """The codes of all rules of all kinds of layer."""
    books = dict.fromkeys(book for _, *books in _FAMILIES.values() for book in books)
    found = [rule.code for book in (*books, _ANYWHERE) for rule in _named(book)]
    return list(dict.fromkeys(found))


def _named(place: str):  # type: ignore[no-untyped-def]  # a rulebook or the class of a cook
    module, _, name = place.partition(":")
    path = module if module.startswith(".") else f".{module}"
    return getattr(import_module(path, __package__), name)
