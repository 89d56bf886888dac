"""Catalogue of mistakes: of each rule what people read, and the smallest case right and wrong."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..core.descent import updated
from ..core.errors import CnngradError, SettingError, nearest
from ..core.numbers import Array, divided
from ..core.problem import Problem
from ..core.text import say
from ..diagnosis.articles import article_for
from ..diagnosis.candidates import CandidateIndex
from ..diagnosis.rules import SCALED, RuleWords
from ..diagnosis.rules_sliding import EMPTY_CROP
from ..layers import operation
from ..layers.rules import rules_by_code, rules_for

_A, _W, _DZ = [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], [[-1, -2], [-3, -4]]
_TWO = {"A_prev": [[[[1, 2]]], [[[3, 5]]]], "W": [[[[2]]]], "dZ": [[[[1, 4]]], [[[2, 3]]]]}
_CHANNELS = {
    "A_prev": [[[1, 2], [3, 4]], [[0, 5], [1, 2]]],
    "W": [[[[1]], [[2]]], [[[3]], [[5]]]],
    "dZ": [[[1, 2], [3, 5]], [[2, 0], [1, 4]]],
}
_POOLED: dict[str, Any] = {"A_prev": [[1, 2], [3, 0]], "dZ": [[8]]}
_SMALL: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("conv-backward", {"A_prev": _A, "W": _W, "dZ": _DZ}, {}),
    ("conv-forward", {"A_prev": [[1, 2]], "W": [[3, 4]], "b": [5]}, {}),
    ("conv-backward", {"A_prev": [[1, 2, 3]], "W": [[2, 5]], "dZ": [[3]]}, {"stride": 2}),
    ("conv-backward", {"A_prev": [[1, 2, 3, 4]], "W": [[2, 5]], "dZ": [[3, 4]]}, {"stride": 2}),
    ("conv-backward", {"A_prev": [[1, 2, 3]], "W": [[2, 5]], "dZ": [[3]]}, {"dilation": 2}),
    ("conv-backward", {"A_prev": [[1, 2]], "W": [[2, 5, 1]], "dZ": [[3, 4]]}, {"padding": [0, 1]}),
    (
        "conv-backward",
        {"A_prev": [[1, 2]], "W": [[2, 5]], "dZ": [[3, 4]]},
        {"padding": [0, 0, 0, 1]},
    ),
    (
        "conv-backward",
        {"A_prev": [[1, 2, 3]] * 3, "W": [[2]], "dZ": [[3, 4, 5], [1, 2, 6]]},
        {"stride": [2, 1]},
    ),
    ("conv-backward", _TWO, {}),
    ("conv-backward", _CHANNELS, {}),
    (
        "conv-backward",
        {**_CHANNELS, "W": [[[[2]]], [[[3]]]]},
        {"groups": 2},
    ),
    ("pool-backward", _POOLED, {"mode": "max", "window": 2}),
    ("pool-backward", _POOLED, {"mode": "average", "window": 2}),
    ("pool-backward", {"A_prev": [[1, 2], [2, 2]], "dZ": [[8]]}, {"mode": "max", "window": 2}),
    ("pool-backward", {"A_prev": [[0, 2], [2, 2]], "dZ": [[8]]}, {"mode": "max", "window": 2}),
    (
        "pool-backward",
        {"A_prev": [[1, 2], [2, 2]], "dZ": [[8]]},
        {"mode": "max", "window": 2, "ties": "last"},
    ),
    (
        "pool-backward",
        {"A_prev": [[1, 3, 2]], "dZ": [[4, 5]]},
        {"mode": "max", "window": [1, 2], "stride": 1},
    ),
    (
        "pool-backward",
        {"A_prev": [[-1, -3]], "dZ": [[4, 5]]},
        {"mode": "max", "window": [1, 2], "stride": [1, 2], "padding": [0, 1]},
    ),
    (
        "pool-backward",
        {"A_prev": [[1, 3]], "dZ": [[4, 5]]},
        {"mode": "average", "window": [1, 2], "padding": [0, 1], "count_include_pad": False},
    ),
    (
        "pool-backward",
        {"A_prev": [[1, 3]], "dZ": [[4, 6]]},
        {"mode": "average", "window": [1, 2], "padding": [0, 1]},
    ),
    (
        "pool-backward",
        {"A_prev": [[1, 3, 2]], "dZ": [[4, 6]]},
        {"mode": "average", "window": [1, 2], "stride": [1, 2], "ceil_mode": True},
    ),
    ("dense-backward", {"A_prev": [[1, 2]], "W": [[3, 4], [5, 6]], "dZ": [[7, 8]]}, {}),
    (
        "dense-backward",
        {"A_prev": [[1, 2], [3, 4]], "W": [[3, 4], [5, 6]], "dZ": [[7, 8], [1, 2]]},
        {"learning_rate": "1/2"},
    ),
    *(
        (
            "dense-backward",
            {"A_prev": [[1, 2]], "W": [[3, 4]], "dZ": [[2]], "Z_prev": [[1, -2]]},
            {"activation": name},
        )
        for name in ("relu", "leaky-relu", "sigmoid", "softmax")
    ),
)
"""Small problems, the simplest first."""


class Case(NamedTuple):
    """A small problem answered right and with one mistake."""

    problem: Problem
    name: str
    right: Array
    wrong: Array


class Entry(NamedTuple):
    """What the catalogue says of a rule."""

    code: str
    words: RuleWords
    case: Case | None
    """The smallest one known; None where none of the small problems shows it."""

    def json(self) -> dict[str, Any]:
        """The entry for machines."""
        words = self.words
        said: dict[str, Any] = {
            "code": self.code,
            "title": say(words.title),
            "explanation": say(words.explanation, name=self.case.name if self.case else "result"),
            "hint": say(words.hint),
            "tell": say(words.tell) if words.tell else "",
            "line": words.line,
            "article": article_for(words.article, self.case.problem.op if self.case else ""),
        }
        if self.case is not None:
            given = {name: _plain(array) for name, array in self.case.problem.given.items()}
            said["case"] = {
                "op": self.case.problem.op,
                "given": given,
                "result": self.case.name,
                "right": _plain(self.case.right),
                "wrong": _plain(self.case.wrong),
            }
        return said


def entries() -> Iterator[Entry]:
    """Every rule, in the order of its kinds of layer."""
    return (entry(code) for code in rules_by_code())


def entry(code: str) -> Entry:
    """What the catalogue says of the rule of this code.

    Raises
    ------
    SettingError
        There is none.

    Examples
    --------
    >>> found = entry("negated")
    >>> found.case.name, found.case.right.tolist()[0], found.case.wrong.tolist()[0]
    ('dA_prev', [0, -1, -2], [0, 1, 2])
    """
    known = rules_by_code()
    if code not in known:
        raise SettingError(
            say("There is no mistake of this code."),
            found=repr(code),
            expected=say("a code as a verdict has it; cnngrad explain --mistakes lists them"),
            fix=nearest(code, known),
        )
    return Entry(code, known[code].words, _cases().get(code))


@lru_cache(maxsize=1)
def _cases() -> Mapping[str, Case]:
    """By the code, the first small problem on which the mistake changes something."""
    found: dict[str, Case] = {}
    for op, given, settings in _SMALL:
        try:
            problem = operation(op).problem(given, settings)
            results = {**problem.results, **updated(problem)}
        except CnngradError:
            continue
        candidates = CandidateIndex(problem, dict(results), rules_for(problem))
        for name, right in results.items():
            for rule in candidates.rules.rules:
                if rule.code not in found:
                    case = _case(candidates, problem, name, right, rule.code)
                    if case is not None:
                        found[rule.code] = case
    return found


def _case(
    candidates: CandidateIndex, problem: Problem, name: str, right: Array, code: str
) -> Case | None:
    if code == SCALED and name == "dW":
        return Case(problem, name, right, right * 2)
    if code == EMPTY_CROP and name == "dA_prev":
        return Case(problem, name, right, right[:0])
    for rule in candidates.rules.rules:
        for variant in rule.variants(problem, name) if rule.code == code else ():
            made = candidates.simulated(name, variant)
            wrong = None if made is None else divided(made.values, made.scale)
            if wrong is not None and wrong.size and not _same(wrong, right):
                return Case(problem, name, right, wrong)
    return None


def _same(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.all(one == other))


def _plain(array: Array) -> Any:
    """Nested lists of integers, decimals, and fractions as text."""

    def told(cell: Any) -> Any:
        if isinstance(cell, list):
            return [told(part) for part in cell]
        return str(cell) if isinstance(cell, Fraction) and cell.denominator != 1 else cell

    return told(array.tolist())
