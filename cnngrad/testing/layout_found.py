"""In which layout a function takes its arrays: found out by asking it in each that is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.numbers import Array
from ..core.text import say, series
from .calls.presentation import Presentation, presentations
from .problems.explanations import Explainer, Given, same
from .problems.ladder import Rung
from .session import Asked, Session, best_likeness, names_of

NEEDS = {
    "stride": "stride",
    "two strides": "stride",
    "padding": "padding",
    "two paddings": "padding",
    "padding by word": "padding",
    "dilation": "dilation",
    "groups": "groups",
    "output padding": "output_padding",
}
"""What a rung adds, and the parameter without which a function cannot be told of it."""


def laid_out(session: Session, rungs: Sequence[Rung], like: Mapping[str, str]) -> Session:
    """The session in the layout in which what comes back is right, or wrong in a known way."""
    dense = session.calling.op.startswith("dense")
    like = {name: value for name, value in like.items() if (name == "dense_layout") == dense}
    tried: list[tuple[Session, Asked, list[Rung]]] = []
    for presentation in presentations(session.calling.op, session.calling.kind):
        if any(getattr(presentation, name, value) != value for name, value in like.items()):
            continue
        probe = _probe(rungs, presentation)
        if probe is None:
            continue
        for form in _forms(replace(session, presentation=presentation)):
            asked = (form if form.order else form.ordered(probe)).ask(probe)
            versions = _versions(probe)
            if asked.outcome.ended:
                return form
            if not asked.failed and best_likeness(asked, versions) >= 1:
                return form
            if not asked.failed:
                tried.append((form, asked, versions))
    scores = [_understood(asked, versions) for _, asked, versions in tried]
    best = max(scores, default=0.0)
    return next((t[0] for t, score in zip(tried, scores, strict=True) if score == best), session)


def _understood(asked: Asked, versions: Sequence[Rung]) -> float:
    """How much of what comes back is right, or just what a known mistake gives."""
    return max(
        sum(_worth(name, array, rung) for name, array in asked.results.items()) for rung in versions
    )


def _worth(name: str, array: Array, rung: Rung) -> float:
    truth = rung.results[name]
    if same(array, truth):
        return 1.0
    if Explainer(name, [Given(rung, array, False)]).explanations():
        return 0.8
    return 0.1 if array.shape == truth.shape else 0.0


def _forms(session: Session) -> list[Session]:
    """One number for a stride, or two: what a signature does not show."""
    calling = session.calling
    sized = calling.kind in ("class", "torch") and calling.op.startswith(("conv", "pool"))
    if calling.tuples or not (sized or calling.taken & {"stride", "window"}):
        return [session]
    return [session, replace(session, calling=replace(calling, tuples=True))]


def _probe(rungs: Sequence[Rung], presentation: Presentation) -> Rung | None:
    """The first problem with more than one of everything that a layout can hold."""
    fitting = [rung for rung in rungs if presentation.fits(rung.given)]
    plain = [r for r in fitting if not set(r.adds) & (NEEDS.keys() | {"ties", "rest"})]
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


def ordered(session: Session, rungs: Sequence[Rung], notes: list[str]) -> Session:
    """The session that knows in which order results come back; an odd order is noted."""
    probe = _probe(rungs, session.presentation)
    if probe is None or session.order:
        return session
    found = session.ordered(probe)
    names = names_of(session.calling.op)
    if found.order and list(found.order) != [n for n in names if n in found.order]:
        notes.append(
            say(
                "It gives its results in the order {order}, and is read so.",
                order=series(found.order),
            )
        )
    return found
