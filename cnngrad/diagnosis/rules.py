"""Rules: the mistakes that people make, each with its code, its words and its variants.

A rule is one small function that says how the computation changes under that mistake. What people
read about it stands beside it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from ..core.numbers import Scaled, alike
from ..core.problem import Problem
from .variants import RIGHT, Errors, Variant, changed_errors

SCALED = "scaled"
"""The code of a constant factor, which has no variants: the answer itself tells which it is."""
VariantsOf = Callable[[Any, str], Iterable[Variant]]


class RuleWords(NamedTuple):
    """What people read about a rule."""

    title: str
    """The mistake in a few words, for tables and charts."""
    explanation: str
    """The sentence that makes the claim; `{name}` is the gradient."""
    hint: str
    """A question or two that lead to it without giving the answer away."""
    article: str
    """The part of the article that it breaks, or of any course where the article has none."""
    tell: str = ""
    """How to tell it from other mistakes."""
    line: str = ""
    """The line of NumPy that does it, and the right one."""


class Rule(NamedTuple):
    """A mistake that people make, as the variants that come out of it."""

    code: str
    words: RuleWords
    variants: VariantsOf
    """Called with the problem and the name of a result; the likeliest reading comes first."""
    cells: int = 1
    """So many wrong cells have to speak for it where a slip in adding would do as well."""


class RuleSet:
    """The rules of one kind of layer, in the order in which they are tried."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def rule(
        self, code: str, words: RuleWords, cells: int = 1
    ) -> Callable[[VariantsOf], VariantsOf]:
        """Register a function as the rule of this code."""

        def register(variants: VariantsOf) -> VariantsOf:
            self.rules.append(Rule(code, words, variants, cells))
            return variants

        return register

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)


class Simulator(Protocol):
    """Follows variants for one problem."""

    def __init__(self, problem: Any) -> None: ...

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown.

        None where the variant makes no sense for this problem.
        """


class PlainSimulator:
    """Stands for the simulator of a kind of layer that has none of its own."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """What is right for this problem; of what is done differently inside, it knows nothing."""
        if variant != RIGHT or name not in self.problem.names:
            return None
        return alike(self.problem.results[name])[0]


class Rules(NamedTuple):
    """What is known of the mistakes in one kind of layer."""

    rules: tuple[Rule, ...]
    simulator: Callable[[Any], Simulator]
    """Of the kind of layer; it need not know what is done to dZ before it is used."""

    def simulate(self, problem: Problem) -> Simulator:
        """What follows any variant for one problem."""
        return _WithErrors(problem, self.simulator)


class _WithErrors:
    """Follows variants that change dZ itself by posing the problem with the changed dZ."""

    def __init__(self, problem: Problem, kind: Callable[[Any], Simulator]) -> None:
        self.problem = problem
        self.kind = kind
        self.known: dict[Errors, Simulator | None] = {}

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if variant.error not in self.known:
            self.known[variant.error] = self._made(variant.error)
        simulator = self.known[variant.error]
        return None if simulator is None else simulator.simulate(name, variant._replace(error=""))

    def _made(self, error: Errors) -> Simulator | None:
        if not error:
            return self.kind(self.problem)
        dZ = changed_errors(self.problem.arrays["dZ"], error)
        if dZ is None:
            return None
        given = {**self.problem.given, "dZ": dZ.reshape(self.problem.given["dZ"].shape)}
        return self.kind(replace(self.problem, given=given))


def samples_of(problem: Problem) -> int:
    """N, the number of samples in the batch."""
    return int(problem.arrays["A_prev"].shape[0])
