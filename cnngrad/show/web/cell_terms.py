"""What each cell of a result is made of, for a reader who points at it."""

from typing import Any

from ...core.explanation import written
from ...core.layouts import ordered
from ...core.problem import Problem
from ...core.trace import Index, Term, Trace, cell_name
from ...pictures.captions import typeset
from ...pictures.formula import product

MAX_TERMS = 6_000
"""Terms of the cells of a problem up to which a page knows them all."""


def terms(problem: Problem, name: str, most: int) -> dict[str, Any]:
    """Every cell of a result with its terms in the order of the steps.

    A term is written as: the step's number, the places of its two factors, the term in
    symbols, in numbers, and the sum up to it. `cells` is None where there are too many terms.
    """
    trace = problem.trace(name)
    return {
        "rank": int(problem.ranks[name]),
        **({"order": list(order)} if (order := ordered(problem.ranks[name]).order) else {}),
        "divisor": trace.plan.divisor,
        "cells": _cells(problem, trace, most) if trace.sources <= most else None,
    }


def _cells(problem: Problem, trace: Trace, most: int) -> dict[str, Any] | None:
    name = trace.name
    results = problem.results[name].reshape(trace.shape)
    cells: dict[Index, list[list[Any]]] = {}
    count = 0
    for step in trace.steps(1, trace.sources):
        count += len(step.terms)
        if count > most:
            return None
        for term, before in zip(step.terms, step.before, strict=True):
            sum_so_far = typeset(problem.numerals(before + term.value))
            entry = [step.number, *_written(problem, term), sum_so_far]
            cells.setdefault(term.target, []).append(entry)
    return {
        _key(place): [
            cell_name(name, place, problem.ranks[name]),
            typeset(problem.numerals(results.item(*place))),
            entries,
        ]
        for place, entries in cells.items()
    }


def _written(problem: Problem, term: Term) -> list[str]:
    symbols = written(problem, term.left)
    if term.right.name or term.right.value != 1:
        symbols += f"·{written(problem, term.right)}"
    return [
        *(f"{factor.name}:{_key(factor.place)}" for factor in (term.left, term.right)),
        symbols,
        typeset(product(term, problem.numerals)),
    ]


def _key(place: Index) -> str:
    return ",".join(map(str, place))
