"""The mistakes that people make, and the gradients that come out of them.

A rule is one small function that says how the computation changes under that mistake (a
`Recipe`); it is registered with its code in the module of its kind of layer. What people
read about a rule stands in `homework.texts`.
"""

from importlib import import_module

from ...problem import Problem
from .recipe import Family

_FAMILIES = {
    "conv-forward": ("convolution_cook:ConvolutionCook", "convolution:BOOK"),
    "conv-backward": (
        "convolution_cook:ConvolutionCook",
        "convolution:BOOK",
        "anywhere:DIVISION",
        "descent:BOOK",
    ),
    "pool-forward max": ("pooling_cook:PoolingCook", "pooling:MAX", "pooling:BOTH"),
    "pool-forward average": ("pooling_cook:PoolingCook", "pooling:AVERAGE", "pooling:BOTH"),
    "pool-backward max": (
        "pooling_cook:PoolingCook",
        "pooling:MAX",
        "pooling:BOTH",
        "anywhere:DIVISION",
    ),
    "pool-backward average": (
        "pooling_cook:PoolingCook",
        "pooling:AVERAGE",
        "pooling:BOTH",
        "anywhere:DIVISION",
    ),
    "dense-forward": ("dense:DenseCook", "dense:BOOK"),
    "dense-backward": ("dense:DenseCook", "dense:BOOK", "anywhere:DIVISION", "descent:BOOK"),
    "activation-forward": ("activation:ActivationCook", "activation:BOOK"),
    "activation-backward": ("activation:ActivationCook", "activation:BOOK"),
}
"""For each operation: what follows its recipes, and the rulebooks that apply."""


def family(problem: Problem) -> Family:
    """What is known of the mistakes in this kind of problem."""
    mode = getattr(problem, "mode", "")
    plain = ("activation:ActivationCook",)  # such as flatten, where little can go wrong
    cook, *books = _FAMILIES.get(f"{problem.op} {mode}".strip(), plain)
    rules = [rule for book in (*books, "anywhere:BOOK") for rule in _named(book)]
    return Family(tuple(rules), _named(cook))


def codes() -> list[str]:
    """The codes of all rules of all kinds of layer."""
    books = dict.fromkeys(book for _, *books in _FAMILIES.values() for book in books)
    found = [rule.code for book in (*books, "anywhere:BOOK") for rule in _named(book)]
    return list(dict.fromkeys(found))


def _named(place: str):  # type: ignore[no-untyped-def]  # a rulebook or the class of a cook
    module, _, name = place.partition(":")
    return getattr(import_module(f".{module}", __name__), name)
