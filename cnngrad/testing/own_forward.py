"""A backward function held against its own forward: is it the gradient of that."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..core.numbers import Array
from ..core.text import Count, say, series
from .calls.calling import Calling
from .problems.explanations import same
from .problems.ladder import Rung, forward_name
from .session import Asked, Session

_STEP = 1e-4
_MATRICES = {"dA_prev": "A_prev", "dW": "W", "db": "b"}


def own_forward(calling: Calling) -> Calling | None:
    """How the forward of the same layer is called; None where the file has none."""
    op = calling.op.replace("backward", "forward")
    if op == calling.op:
        return None
    if calling.kind in ("class", "torch"):
        return replace(calling, op=op)
    if not calling.forward:
        return None
    return replace(calling, name=calling.forward, op=op, roles=calling.forward_roles, forward="")


def forward_notes(session: Session, wrong: Iterable[Asked]) -> list[str]:
    """What the function's own forward says of results that are wrong.

    Parameters
    ----------
    session
        The backward function, as it was asked.
    wrong
        The problems on which it is wrong.
    """
    calling = own_forward(session.calling)
    if calling is None:
        return []
    for one in sorted(wrong, key=lambda asked: asked.rung.number):
        names = [n for n, array in one.results.items() if not same(array, one.rung.results[n])]
        output = _output(session, calling, one.rung)
        if output is None or not names:
            continue
        if same(output, _true_output(one.rung)):
            return [say("Its own forward {function} is right.", function=calling.name)]
        agree = [n for n in names if _is_slope(session, calling, one, n)]
        said = say("Its own forward {function} computes something else.", function=calling.name)
        if agree:
            said = say(
                "Its own forward {function} computes something else; of that, {names}"
                " {count:is the right gradient|are the right gradients}.",
                function=calling.name,
                names=series(agree),
                count=Count(len(agree)),
            )
        return [said]
    return []


def forward_turns(session: Session, asked: Iterable[Asked]) -> bool:
    """Whether the own forward turns its kernel by 180°: then so must the backward."""
    calling = own_forward(session.calling)
    if calling is None:
        return False
    for one in asked:
        output = _output(session, calling, one.rung)
        if output is not None and not one.failed:
            turned = _true_output(replace(one.rung, flipped=True))
            if not same(turned, _true_output(one.rung)):
                return same(output, turned)
    return False


def _output(session: Session, calling: Calling, rung: Rung) -> Array | None:
    asked = session.ask(rung, calling)
    if asked.failed or not asked.results:
        return None
    (array,) = list(asked.results.values())[:1]
    dense = calling.op.startswith("dense")
    return session.presentation.read(forward_name(calling.op), array, rung.given["dZ"].shape, dense)


def _true_output(rung: Rung) -> Array:
    given = {name: array for name, array in rung.given.items() if name != "dZ"}
    settings = {
        name: value for name, value in rung.settings.items() if name not in ("batch", "ties")
    }
    op = rung.op.replace("backward", "forward")
    forward = replace(rung, op=op, given=given, settings=settings)
    return forward.results[forward_name(op)]


def _is_slope(session: Session, calling: Calling, one: Asked, name: str) -> bool:
    """Whether a result is the slope of Σ dZ·Z, Z being what the own forward gives."""
    matrix = _MATRICES[name]
    rung = one.rung
    if matrix not in rung.given:
        return False
    base = rung.given[matrix]
    slopes = np.zeros(base.shape)
    for place in np.ndindex(base.shape):
        sums = []
        for step in (_STEP, -_STEP):
            moved = base.copy()
            moved[place] += step
            there = replace(rung, given={**rung.given, matrix: moved})
            output = _output(session, calling, there)
            if output is None or output.shape != rung.given["dZ"].shape:
                return False
            sums.append(float((output * rung.given["dZ"]).sum()))
        slopes[place] = (sums[0] - sums[1]) / (2 * _STEP)
    if name != "dA_prev" and rung.settings.get("batch") == "mean":
        slopes /= rung.samples
    near = np.isclose(one.results[name], slopes, rtol=1e-4, atol=1e-4)
    return one.results[name].shape == slopes.shape and bool(near.all())
