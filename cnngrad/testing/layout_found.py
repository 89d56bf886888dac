"""In which layout a function takes its arrays: found out by asking it in each that is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.text import say
from .ladder import Rung
from .presentation import Presentation, presentations
from .session import Session, best_likeness, names_of

NEEDS = {
    "stride": "stride",
    "two strides": "stride",
    "padding": "padding",
    "two paddings": "padding",
    "padding by word": "padding",
    "dilation": "dilation",
    "groups": "groups",
}
"""What a rung adds, and the parameter without which a function cannot be told of it."""


def laid_out(session: Session, rungs: Sequence[Rung], like: Mapping[str, str]) -> Session:
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
                order=", ".join(found.order),
            )
        )
    return found
