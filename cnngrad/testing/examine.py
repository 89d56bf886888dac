"""A function examined: called, its conventions found out, held against what is right, explained."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.errors import FileError, SettingError
from ..core.numbers import Array
from ..core.text import Count, say
from .calling import Calling
from .explanations import Explainer, Explanation, Given, same
from .ladder import Rung, ladder
from .presentation import Presentation, presentations
from .process import Runner
from .report import CallError, FunctionReport, Named, Score, Smallest
from .session import Asked, Session, best_likeness, likeness, names_of

Progress = Callable[[Iterable[Rung]], Iterable[Rung]]

_NEEDS = {
    "stride": "stride",
    "two strides": "stride",
    "padding": "padding",
    "two paddings": "padding",
    "padding by word": "padding",
    "dilation": "dilation",
    "groups": "groups",
}
"""What a rung adds, and the parameter without which a function cannot be told of it."""


def examine(
    runner: Runner,
    calling: Calling,
    *,
    like: Mapping[str, str] | None = None,
    order: Sequence[str] = (),
    progress: Progress = lambda rungs: rungs,
) -> FunctionReport:
    """Run a function on the ladder and say what is right, and what is wrong with the rest.

    Parameters
    ----------
    runner
        Where the function lives.
    calling
        How it is called.
    like
        Conventions that are known beforehand, such as `{"layout": "nhwc"}`.
    order
        The names of what it returns, where a person said them.
    progress
        Wraps the problems as they are asked.

    Raises
    ------
    FileError
        The function cannot be run on any problem.
    """
    rungs = _rungs(calling)
    session = _laid_out(Session(runner, calling, order=tuple(order)), rungs, like or {})
    rungs = [r for r in rungs if session.presentation.fits(r.given)]
    notes: list[str] = []
    session = _ordered(session, rungs, notes)
    asked = [session.ask(rung) for rung in progress(rungs)]
    refused, asked = _refusals(asked)
    if all(one.failed for one in asked):
        first = asked[0]
        raise FileError(
            say("{function} cannot be run on any problem.", function=calling.name),
            found="\n".join([first.failed, *first.outcome.trace]),
            fix=say("say how to call it: --call '{function}(dZ, A_prev, W)'", function=calling.name),
        )
    conventions, asked = _conventions(session, asked)
    return _report(session, asked, conventions, refused, notes)


def _rungs(calling: Calling) -> list[Rung]:
    """The problems that the function's parameters allow."""
    rungs = [
        rung
        for rung in ladder(calling.op, calling.mode)
        if all(_NEEDS[add] in calling.taken for add in rung.adds if add in _NEEDS)
        and ("padding by word" not in rung.adds or calling.words)
        and not (calling.words and rung.settings.get("padding", 0) not in (0, "same", "valid"))
    ]
    if calling.op.startswith("pool") and "stride" not in calling.taken:
        rungs = [r for r in rungs if r.settings["stride"] == r.settings["window"]]
    if calling.op.startswith("pool") and "window" not in calling.taken:
        rungs = [r for r in rungs if r.settings["window"] == 2]
    return rungs


# ---- how it wants its arrays ----------------------------------------------------------------


def _laid_out(session: Session, rungs: Sequence[Rung], like: Mapping[str, str]) -> Session:
    """The session in the layout in which most of what comes back is right."""
    best, chosen = -1.0, session
    for presentation in presentations(session.calling.op, session.calling.kind):
        if any(getattr(presentation, name, value) != value for name, value in like.items()):
            continue
        for tried in _forms(replace(session, presentation=presentation)):
            probe = _probe(rungs, presentation)
            if probe is None:
                continue
            asked = tried.ordered(probe).ask(probe) if not session.order else tried.ask(probe)
            score = -0.5 if asked.failed else best_likeness(asked, _versions(probe))
            if score > best + 1e-9:
                best, chosen = score, tried
            if score >= 1:
                return chosen
    return chosen


def _forms(session: Session) -> list[Session]:
    """One number for a stride, or two: what a signature does not show."""
    calling = session.calling
    if calling.tuples or not calling.taken & {"stride", "window"}:
        return [session]
    return [session, replace(session, calling=replace(calling, tuples=True))]


def _probe(rungs: Sequence[Rung], presentation: Presentation) -> Rung | None:
    """The first problem with more than one of everything that a layout can hold."""
    fitting = [rung for rung in rungs if presentation.fits(rung.given)]
    plain = [r for r in fitting if not set(r.adds) & (_NEEDS.keys() | {"ties", "rest"})]
    if not plain:
        return None
    return max(plain, key=lambda rung: (len(rung.adds), -rung.number))


def _versions(rung: Rung) -> list[Rung]:
    """A problem under each convention that its results may follow."""
    if rung.op.startswith("loss"):
        return [
            replace(rung.asked(batch=batch), divided_error=divided)
            for batch, divided in (("mean", True), ("mean", False), ("sum", False))
        ]
    versions = [rung]
    if "batch" in rung.settings and rung.samples > 1:
        versions.append(rung.asked(batch="mean"))
    if "W" in rung.given and rung.given["W"].ndim == 4:
        versions += [replace(version, flipped=True) for version in versions]
    return versions


def _ordered(session: Session, rungs: Sequence[Rung], notes: list[str]) -> Session:
    probe = _probe(rungs, session.presentation)
    if probe is None or session.order:
        return session
    found = session.ordered(probe)
    names = names_of(session.calling.op)
    if found.order and list(found.order) != [n for n in names if n in found.order]:
        notes.append(
            say(
                "It gives its results in the order {order}, and is read so.",
                order=", ".join(found.order),
            )
        )
    return found


# ---- what it refuses, and by which conventions it is right ----------------------------------


def _refusals(asked: list[Asked]) -> tuple[tuple[tuple[str, str], ...], list[Asked]]:
    """What it raises on always is named and left out; what it raises on sometimes stays."""
    refused: list[tuple[str, str]] = []
    working = {add for one in asked if not one.failed for add in one.rung.adds}
    if not any(not one.failed for one in asked):
        return (), asked
    kept = []
    for one in asked:
        never = [add for add in one.rung.adds if add not in working]
        if one.outcome.error and never:
            if never[0] not in dict(refused):
                refused.append((never[0], one.outcome.error))
            continue
        kept.append(one)
    return tuple(refused), kept


def _conventions(
    session: Session, asked: list[Asked]
) -> tuple[dict[str, Any], list[Asked]]:
    """The conventions under which most is right, and the problems posed under them."""
    calling, presentation = session.calling, session.presentation
    found: dict[str, Any] = {}
    if calling.op.startswith(("conv", "pool")):
        found["layout"] = presentation.layout
    if calling.op.startswith("conv"):
        found["kernel_layout"] = presentation.kernel_layout
    if calling.op.startswith("dense"):
        found["dense_layout"] = presentation.dense_layout
    choices: list[tuple[str, list[tuple[str, Callable[[Rung], Rung]]]]] = []
    given = {name for one in asked for name in one.results}
    if calling.op in ("conv-backward", "dense-backward") and given & {"dW", "db"}:
        choices.append(("batch", [("sum", _setting(batch="sum")), ("mean", _setting(batch="mean"))]))
    if calling.op.startswith("loss"):
        choices.append(
            (
                "batch",
                [
                    ("loss-mean", lambda r: replace(r, divided_error=True)),
                    ("mean", lambda r: r),
                    ("sum", _setting(batch="sum")),
                ],
            )
        )
    if calling.op == "pool-backward" and calling.mode == "max":
        choices.append(("ties", [(t, _setting(ties=t)) for t in _ties(asked)]))
    if calling.op.startswith("conv") and len(given) > 1:
        choices.append(
            ("flipped", [(False, lambda r: r), (True, lambda r: replace(r, flipped=True))])  # type: ignore[list-item]
        )
    if calling.words:
        choices.append(("same", _sames()))
    for name, options in choices:
        scores = [_score(asked, change, name) for _, change in options]
        best = max(range(len(options)), key=lambda k: scores[k])
        if scores[best] == scores[0]:
            best = 0
        if name == "flipped" and best and not _agrees(asked, options[best][1]):
            best = 0
        label, change = options[best]
        if name != "flipped" or label:
            found[name] = label
        asked = [replace(one, rung=change(one.rung)) for one in asked]
    return found, [_read_again(session, one) for one in asked]


def _setting(**settings: object) -> Callable[[Rung], Rung]:
    return lambda rung: rung.asked(**settings)


def _ties(asked: Sequence[Asked]) -> list[str]:
    known = []
    for ties in ("first", "last", "all", "split", "first-column"):
        try:
            _ = asked[0].rung.asked(ties=ties).problem
        except SettingError:
            continue
        known.append(ties)
    return known


def _sames() -> list[tuple[str, Callable[[Rung], Rung]]]:
    """The meanings of the word: the extra cell behind, before, or as much on both sides."""

    def both(rung: Rung) -> Rung:
        if rung.settings.get("padding") != "same":
            return rung
        stride = rung.settings.get("stride", 1)
        height, width = rung.given["A_prev"].shape[2:]
        window = rung.given["W"].shape[2:]
        pads = [
            -(-((size - 1) * stride + k - size) // 2)
            for size, k in zip((height, width), window, strict=True)
        ]
        return _with_error(rung.asked(padding=tuple((p, p) for p in pads)))

    def before(rung: Rung) -> Rung:
        lower = rung.settings.get("padding") == "same"
        return rung.asked(padding="same-lower") if lower else rung

    return [("same", lambda r: r), ("same-lower", before), ("both sides", both)]


def _with_error(rung: Rung) -> Rung:
    """The same problem, if its dZ still fits; else as it was."""
    try:
        _ = rung.problem
    except Exception:  # noqa: BLE001 - another meaning gives another size
        return replace(rung, settings={**rung.settings, "padding": "same"})
    return rung


def _score(asked: Sequence[Asked], change: Callable[[Rung], Rung], name: str) -> float:
    total = 0.0
    for one in asked:
        if one.failed:
            continue
        rung = change(one.rung)
        total += sum(
            float(same(array, rung.results[result])) + 0.01 * likeness(array, rung.results[result])
            for result, array in one.results.items()
            if not (name == "batch" and result == "dA_prev" and not rung.op.startswith("loss"))
        )
    return round(total, 9)


def _agrees(asked: Sequence[Asked], change: Callable[[Rung], Rung]) -> bool:
    """Whether every result that a flip concerns speaks for it."""
    for one in asked:
        rung = change(one.rung)
        for result in set(one.results) & {"dA_prev", "dW", "Z"}:
            wrong = not same(one.results[result], rung.results[result])
            if wrong and same(one.results[result], one.rung.results[result]):
                return False
    return True


def _read_again(session: Session, one: Asked) -> Asked:
    return replace(one, results=session._read(one.rung, one.outcome, session.calling))  # noqa: SLF001


# ---- what is said of it ---------------------------------------------------------------------


def _report(
    session: Session,
    asked: Sequence[Asked],
    conventions: Mapping[str, Any],
    refused: tuple[tuple[str, str], ...],
    notes: list[str],
) -> FunctionReport:
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
    )


def _all_right(one: Asked) -> bool:
    return not one.failed and all(
        same(array, one.rung.results[name]) for name, array in one.results.items()
    )


def _errors(asked: Sequence[Asked]) -> tuple[CallError, ...]:
    """Each kind of exception once, with the smallest problem that raises it."""
    found: dict[str, CallError] = {}
    for one in asked:
        if one.outcome.error:
            found.setdefault(
                one.outcome.error, CallError(one.rung, one.outcome.error, one.outcome.trace)
            )
        elif one.outcome.odd:
            said = say("it gives {kind} back, no array", kind=one.outcome.odd)
            found.setdefault(said, CallError(one.rung, said))
        elif not one.results:
            said = say("it gives no result back that is known")
            found.setdefault(said, CallError(one.rung, said))
    return tuple(found.values())


def _mistakes(judged: Mapping[str, Sequence[Given]]) -> tuple[Named, ...]:
    """The mistakes that explain results: those that explain most results first."""
    found: dict[tuple[str, ...], list[tuple[str, Explanation]]] = {}
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
                names=", ".join(written),
                count=Count(len(written)),
            )
        )
    unending = [
        one.rung.number
        for one in asked
        if any(not np.isfinite(np.asarray(array, np.float64)).all() for array in one.results.values())
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
            say("Called again with the same arrays it gives other numbers: is something random in"
                " it, or kept from call to call?")
        )
    return notes


def _changes(session: Session, first: Asked) -> bool:
    again = session.ask(first.rung)
    return any(
        name not in again.results or not same(again.results[name], np.asarray(array, np.float64))
        for name, array in first.results.items()
        if np.isfinite(np.asarray(array, np.float64)).all()
    )
