"""Which conventions a function follows: those under which most of what it gives is right."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..core.errors import SettingError
from .own_forward import forward_turns
from .problems.explanations import same
from .problems.ladder import Rung
from .session import Asked, Session, likeness

_EPSILONS = ("1e-5", "1e-8", "1e-3", "1e-6", "0")
"""Of a batch normalisation, the usual one first."""

Change = Callable[[Rung], Rung]


def refusals(asked: list[Asked]) -> tuple[tuple[tuple[str, str], ...], list[Asked]]:
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


def conventions_of(session: Session, asked: list[Asked]) -> tuple[dict[str, Any], list[Asked]]:
    """The conventions under which most is right, and the problems posed under them."""
    calling, presentation = session.calling, session.presentation
    found: dict[str, Any] = {}
    if calling.op.startswith(("conv", "pool")):
        found["layout"] = presentation.layout
    if calling.op.startswith("conv"):
        found["kernel_layout"] = presentation.kernel_layout
    if calling.op.startswith("dense"):
        found["dense_layout"] = presentation.dense_layout
    choices: list[tuple[str, list[tuple[Any, Change]]]] = []
    given = {name for one in asked for name in one.results}
    if calling.op.endswith("backward") and given & {"dW", "db", "dgamma", "dbeta"}:
        choices.append(
            ("batch", [("sum", _setting(batch="sum")), ("mean", _setting(batch="mean"))])
        )
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
    if calling.op.startswith("batch-norm"):
        epsilons: list[tuple[Any, Change]] = [
            (epsilon, _setting(epsilon=epsilon)) for epsilon in _EPSILONS
        ]
        choices.append(("epsilon", epsilons))
    if calling.op == "pool-backward" and calling.mode == "max":
        choices.append(("ties", [(t, _setting(ties=t)) for t in _ties(asked)]))
    if calling.op in ("conv-forward", "conv-backward") and (
        len(given) > 1 or forward_turns(session, asked)
    ):
        choices.append(
            ("flipped", [(False, lambda r: r), (True, lambda r: replace(r, flipped=True))])
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
        if name == "batch" and best and not _agreed(asked, options[best][1], options[0][1]):
            best = 0
        label, change = options[best]
        if name != "flipped" or label:
            found[name] = label
        asked = [replace(one, rung=change(one.rung)) for one in asked]
    return found, [_read_again(session, one) for one in asked]


def _setting(**settings: object) -> Change:
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


def _sames() -> list[tuple[Any, Change]]:
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
    except Exception:
        return replace(rung, settings={**rung.settings, "padding": "same"})
    return rung


def _score(asked: Sequence[Asked], change: Change, name: str) -> float:
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


def _agreed(asked: Sequence[Asked], change: Change, usual: Change) -> bool:
    """Whether no result is right less often under a convention than under the usual one."""
    counts: dict[str, int] = {}
    for one in asked:
        for result, array in one.results.items():
            for rung, sign in ((change(one.rung), 1), (usual(one.rung), -1)):
                right = same(array, rung.results[result])
                counts[result] = counts.get(result, 0) + sign * right
    return all(count >= 0 for count in counts.values())


def _agrees(asked: Sequence[Asked], change: Change) -> bool:
    """Whether every result that a flip concerns speaks for it."""
    for one in asked:
        rung = change(one.rung)
        for result in set(one.results) & {"dA_prev", "dW", "Z"}:
            wrong = not same(one.results[result], rung.results[result])
            if wrong and same(one.results[result], one.rung.results[result]):
                return False
    return True


def _read_again(session: Session, one: Asked) -> Asked:
    return replace(one, results=session.read(one.rung, one.outcome, session.calling))
