"""The report on a function as JSON: the promise that `test --format json` makes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.numbers import Array
from ..core.text import say
from ..files.problem_writer import problem_text
from ..layers.rules import rule_words
from .mutation.mutants import Mutant
from .problems.ladder import Rung
from .report import CallError, FunctionReport


def report_json(report: FunctionReport) -> dict[str, Any]:
    """The object that is printed."""
    return {
        "function": report.function,
        "op": report.calling.op,
        "calling": report.calling.kind,
        "conventions": dict(report.conventions),
        "problems": report.problems,
        "right": report.right,
        "results": {
            name: {"right": score.right, "of": score.of} for name, score in report.results.items()
        },
        "mistakes": [
            {
                "code": " + ".join(named.codes),
                "title": title(named.codes),
                "results": list(named.results),
                "explains": named.explains,
                "of": named.of,
            }
            for named in report.mistakes
        ],
        "smallest": _smallest(report),
        "errors": [_error(error) for error in report.errors],
        "refused": [{"setting": name, "error": said} for name, said in report.refused],
        "notes": list(report.notes),
    }


def title(codes: tuple[str, ...]) -> str:
    """A mistake in a few words; two at once with a plus between them."""
    return " + ".join(say(rule_words(code).title) for code in codes)


def mutants_json(
    function: str, every: Sequence[Mutant], survived: Sequence[Mutant]
) -> dict[str, Any]:
    """What a person's tests catch, as the object that is printed."""
    left = set(survived)
    return {
        "function": function,
        "mutants": [
            {
                "code": mutant.code,
                "title": title((mutant.code,)),
                "result": mutant.result,
                "caught": mutant not in left,
            }
            for mutant in every
        ],
        "caught": len(every) - len(left),
        "survived": len(left),
    }


def problem_json(rung: Rung) -> dict[str, Any]:
    """A rung as the object of a problem file."""
    data: dict[str, Any] = json.loads(problem_text(rung.shown_problem))
    return data


def _smallest(report: FunctionReport) -> dict[str, Any] | None:
    if report.smallest is None:
        return None
    smallest = report.smallest
    return {
        "problem": problem_json(smallest.rung),
        "answer": _cells(smallest.answer),
        "expected": _cells(smallest.expected),
    }


def _error(error: CallError) -> dict[str, Any]:
    return {
        "error": error.said,
        "trace": list(error.trace),
        "problem": problem_json(error.rung),
    }


def whole(array: Array) -> Array:
    """Whole numbers as such, where all of them are."""
    floats = np.asarray(array, np.float64)
    if np.isfinite(floats).all() and (floats == np.round(floats)).all():
        return floats.astype(np.int64)
    return floats


def _cells(arrays: Mapping[str, Array]) -> dict[str, Any]:
    """Nested lists; what is not finite has no number in JSON and stands as a word."""
    return {name: _listed(np.asarray(array).tolist()) for name, array in arrays.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return [_listed(part) for part in value]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
