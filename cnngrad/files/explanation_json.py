"""An explanation as JSON: the promise that `explain --format json` makes."""

from fractions import Fraction
from typing import Any

from ..core.explanation import Explanation, Influence, written
from ..core.numbers import Number, as_float
from ..core.problem import Problem
from ..core.trace import Factor, Term, cell_name


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """A cell, its value and terms, and what their sum is divided by.

    A value that is a fraction is written as a decimal, and exactly beside it (`fraction`).
    """
    return {
        "cell": explanation.label,
        **_value(explanation.value),
        "terms": [_term(explanation.problem, term) for term in explanation.terms],
        "divided_by": explanation.divided_by,
    }


def feeding_json(influence: Influence) -> dict[str, Any]:
    """A given cell and what it feeds: cells of the output, and its gradient; or gradients."""
    problem = influence.problem
    data: dict[str, Any] = {"cell": influence.label, **_value(influence.value)}
    if influence.name == "dZ":
        sends = influence.sends.items()
        return {**data, "sends": {name: _targets(problem, name, terms) for name, terms in sends}}
    forward, output = influence.forward, influence.output
    data["feeds"] = [
        {"cell": cell_name(output, use.output.place, forward.ranks[output])}
        | (_term(forward, use.forward) if use.forward else {})
        for use in influence.uses
    ]
    if influence.gradient:
        data["gradient"] = explanation_json(influence.gradient)
    return data


def _targets(problem: Problem, name: str, terms: tuple[Term, ...]) -> list[dict[str, Any]]:
    return [
        {"cell": written(problem, Factor(name, term.target, 0)), **_term(problem, term)}
        for term in terms
    ]


def _term(problem: Problem, term: Term) -> dict[str, Any]:
    return {
        "left": written(problem, term.left),
        "right": written(problem, term.right),
        **_value(term.value),
    }


def _value(value: Number) -> dict[str, Any]:
    if isinstance(value, Fraction):
        return {"value": as_float(value), "fraction": str(value)}
    return {"value": value}
