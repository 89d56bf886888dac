"""How a gradient is computed, right or wrong: what a mistake changes, and how two combine.

A recipe with every field empty is the right computation. A mistake fills in a field or two;
two mistakes at once are two recipes merged. What the words in a field mean is known to the
module of the kind of layer, which follows the recipe.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..core.numbers import Array, Scaled
from ..core.problem import Problem


class Variant(NamedTuple):
    """A way of computing a gradient; an empty field is done right."""

    stride: str = ""
    dilation: str = ""
    padding: str = ""
    kernel: tuple[str, ...] = ()
    """What is done to the kernel before it is used, one after the other."""
    write: str = ""
    channels: str = ""
    groups: str = ""
    product: str = ""
    samples: str = ""
    share: str = ""
    """Which cells of a pooling window receive something."""
    amount: str = ""
    """What they receive, before it is divided."""
    divide: str = ""
    """What a pooling window's amount is divided by."""
    layer: tuple[str, ...] = ()
    """What is done differently in the step of gradient descent, or before it."""
    factor: Fraction = Fraction(1)
    """What the result is multiplied by in the end."""
    after: tuple[str, ...] = ()
    """What is done to the finished result."""

    @property
    def changes(self) -> int:
        """How many fields are filled in."""
        return sum(field != right for field, right in zip(self, RIGHT, strict=True))

    @property
    def core(self) -> "Variant":
        """The same without what is done to the finished result."""
        return self._replace(factor=Fraction(1), after=())


RIGHT = Variant()
_IN_A_ROW = ("kernel", "layer", "after")


def merged(one: Variant, two: Variant) -> Variant | None:
    """Both mistakes at once; None where they would change the same thing.

    >>> merged(Variant(stride="one"), Variant(after=("negated",))).stride
    'one'
    >>> merged(Variant(stride="one"), Variant(stride="swapped")) is None
    True
    """
    fields: dict[str, Any] = {}
    a: Any
    for name, right, a, b in zip(Variant._fields, RIGHT, one, two, strict=True):
        if a == right or b == right:
            fields[name] = b if a == right else a
        elif name in _IN_A_ROW and a != b:
            fields[name] = a + b
        else:
            return None
    return Variant(**fields)


VariantsOf = Callable[[Any, str], Iterable[Variant]]


class Rule(NamedTuple):
    """A mistake that people make, as the recipes that come out of it."""

    code: str
    variants: VariantsOf
    """Called with the problem and the name of a result; the likeliest reading comes first."""


class RuleSet:
    """The rules of one kind of layer, in the order in which they are tried."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def rule(self, code: str) -> Callable[[VariantsOf], VariantsOf]:
        """Register a function as the rule of this code."""

        def register(variants: VariantsOf) -> VariantsOf:
            self.rules.append(Rule(code, variants))
            return variants

        return register

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)


class Simulator(Protocol):
    """Follows recipes for one problem."""

    def __init__(self, problem: Any) -> None: ...

    def simulate(self, name: str, recipe: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown.

        None where the recipe makes no sense for this problem.
        """


class Rules(NamedTuple):
    """What is known of the mistakes in one kind of layer."""

    rules: tuple[Rule, ...]
    simulate: type[Simulator]


def samples_of(problem: Problem) -> int:
    """N, the number of samples in the batch."""
    return int(problem.arrays["A_prev"].shape[0])


def finished(core: Scaled, recipe: Variant) -> Scaled | None:
    """What is done to the finished result: multiplied, turned, transposed."""
    values, scale = core
    if recipe.factor != 1:
        if values.dtype.kind == "f":
            values = values * float(recipe.factor)
        else:
            values = values * recipe.factor.numerator
            scale *= recipe.factor.denominator
    for step in recipe.after:
        changed = AFTER[step](values)
        if changed is None:
            return None
        values = changed
    return Scaled(values, scale)


def _rotated(values: Array) -> Array | None:
    return values[..., ::-1, ::-1] if values.ndim > 1 else None


def _transposed(values: Array) -> Array | None:
    return values.swapaxes(-1, -2) if values.ndim > 1 else None


def _reversed(values: Array) -> Array | None:
    return values.T if values.ndim > 2 else None


def _leading_swapped(values: Array) -> Array | None:
    return values.swapaxes(0, 1) if values.ndim > 2 else None


def _channels_last(values: Array) -> Array | None:
    return values.transpose(0, 2, 3, 1) if values.ndim == 4 else None


def _batch_summed(values: Array) -> Array | None:
    return values.sum(0, keepdims=True) if values.ndim > 1 and len(values) > 1 else None


def _batch_summed_everywhere(values: Array) -> Array | None:
    summed = _batch_summed(values)
    return None if summed is None else summed.repeat(len(values), axis=0)


def _batch_summed_into_the_first(values: Array) -> Array | None:
    summed = _batch_summed(values)
    if summed is None:
        return None
    copy = np.zeros_like(values)
    copy[0] = summed[0]
    return copy


def _first_sample(values: Array) -> Array | None:
    return values[:1] if values.ndim > 1 and len(values) > 1 else None


def _first_sample_everywhere(values: Array) -> Array | None:
    first = _first_sample(values)
    return None if first is None else first.repeat(len(values), axis=0)


def _first_sample_then_zeros(values: Array) -> Array | None:
    if values.ndim < 2 or len(values) < 2:
        return None
    copy = values.copy()
    copy[1:] = 0
    return copy


AFTER: dict[str, Callable[[Array], Array | None]] = {
    "negated": lambda values: -values,
    "rotated": _rotated,
    "transposed": _transposed,
    "reversed": _reversed,
    "leading swapped": _leading_swapped,
    "channels last": _channels_last,
    "batch summed": _batch_summed,
    "batch summed everywhere": _batch_summed_everywhere,
    "batch summed into the first": _batch_summed_into_the_first,
    "first sample": _first_sample,
    "first sample everywhere": _first_sample_everywhere,
    "first sample then zeros": _first_sample_then_zeros,
}
"""What can be done to a finished result, by the words in a recipe; None where it cannot."""
