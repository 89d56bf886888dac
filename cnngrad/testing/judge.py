"""What a function gives, judged: right and wrong results, mistakes, errors, habits."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.numbers import Array
from ..core.text import Count, say, series
from .own_forward import forward_notes
from .problems.explanations import ExplainedResult, Explainer, Given, same
from .report import CallError, FunctionReport, Named, Score, Smallest
from .session import Asked, Session, names_of


def judged_report(
    session: Session,
    asked: Sequence[Asked],
    conventions: Mapping[str, Any],
    refused: tuple[tuple[str, str], ...],
    notes: list[str],
) -> FunctionReport:
    """Judge every answer, under the conventions that were found.

    Parameters
    ----------
    session
        The function, as it was asked.
    asked
        Every problem, posed under the conventions, with what came back.
    conventions, refused, notes
        What was found out before.
    """
    judged: dict[str, list[Given]] = {}
    for one in asked:
        for name, array in one.results.items():
            right = same(array, one.rung.results[name])
            judged.setdefault(name, []).append(Given(one.rung, array, right))
    results = {
        name: Score(sum(g.right for g in judged[name]), len(judged[name]))
        for name in names_of(session.calling.op)
        if name in judged
    }
    errors = _errors(asked)
    wrong = [one for one in asked if not _all_right(one)]
    mistakes = _mistakes(judged) if wrong else ()
    notes += _habits(session, asked)
    notes += forward_notes(session, wrong)
    return FunctionReport(
        session.calling.name,
        session.calling,
        conventions,
        len(asked),
        results,
        mistakes,
        _smallest(wrong),
        errors,
        refused,
        tuple(notes),
        _pattern(asked) if wrong and not mistakes else (),
        presentation=session.presentation,
        order=session.order,
        rungs=tuple(one.rung for one in asked),
    )


def _all_right(one: Asked) -> bool:
    return not one.failed and all(
        same(array, one.rung.results[name]) for name, array in one.results.items()
    )


def _errors(asked: Sequence[Asked]) -> tuple[CallError, ...]:
    """Each kind of exception once, with the smallest problem that raises it."""
    found: dict[str, CallError] = {}
    for one in asked:
        if one.failed:
            found.setdefault(one.failed, CallError(one.rung, one.failed, one.outcome.trace))
        elif not one.results:
            said = say("it gives no result back that is known")
            found.setdefault(said, CallError(one.rung, said))
    return tuple(found.values())


def _mistakes(judged: Mapping[str, Sequence[Given]]) -> tuple[Named, ...]:
    """The mistakes that explain results: those that explain most results first."""
    found: dict[tuple[str, ...], list[tuple[str, ExplainedResult]]] = {}
    for name, results in judged.items():
        for explanation in Explainer(name, results).explanations():
            found.setdefault(explanation.codes, []).append((name, explanation))
    named = [
        Named(
            codes,
            tuple(name for name, _ in each),
            sum(explanation.explains for _, explanation in each),
            sum(explanation.of for _, explanation in each),
        )
        for codes, each in found.items()
    ]
    return tuple(sorted(named, key=lambda one: (len(one.codes), -one.explains)))


def _smallest(wrong: Sequence[Asked]) -> Smallest | None:
    shown = [one for one in wrong if one.results] or list(wrong)
    if not shown:
        return None
    one = min(shown, key=lambda asked: asked.rung.number)
    expected = {name: one.rung.results[name] for name in one.results} or dict(one.rung.results)
    return Smallest(one.rung, one.results, expected)


def _pattern(asked: Sequence[Asked]) -> tuple[str, ...]:
    """What all problems have on which it fails, and none on which it is right."""
    wrong = [set(one.rung.adds) for one in asked if not _all_right(one)]
    right = [set(one.rung.adds) for one in asked if _all_right(one)]
    common = set.intersection(*wrong) if wrong else set()
    return tuple(sorted(add for add in common if not any(add in adds for adds in right)))


def _habits(session: Session, asked: Sequence[Asked]) -> list[str]:
    """Inputs that are written into; results that change from call to call; NaN."""
    notes = []
    written = sorted({name for one in asked for name in one.outcome.written})
    if written:
        notes.append(
            say(
                "It writes into what it is given: {names} {count:is|are} changed after the call.",
                names=series(written),
                count=Count(len(written)),
            )
        )
    unending = [
        one.rung.number
        for one in asked
        if any(
            not np.isfinite(np.asarray(array, np.float64)).all() for array in one.results.values()
        )
    ]
    if unending:
        notes.append(
            say(
                "It gives NaN or infinity on {count:# problem|# problems}.",
                count=Count(len(unending)),
            )
        )
    first = next((one for one in asked if not one.failed), None)
    if first is not None and _changes(session, first):
        notes.append(
            say(
                "Called again with the same arrays it gives other numbers: is something random in"
                " it, or kept from call to call?"
            )
        )
    return notes


def _finite(array: Array) -> bool:
    return bool(np.isfinite(np.asarray(array, np.float64)).all())


def _changes(session: Session, first: Asked) -> bool:
    again = session.ask(first.rung)
    return any(
        name not in again.results or not same(again.results[name], np.asarray(array, np.float64))
        for name, array in first.results.items()
        if _finite(array)
    )
