"""A function examined: called, its conventions found out, held against what is right, explained."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..core.errors import FileError
from ..core.text import say
from .calls.calling import Calling
from .calls.process import Runner
from .conventions_found import conventions_of, refusals
from .judge import judged_report
from .layout_found import NEEDS, laid_out, ordered
from .problems.ladder import Rung, ladder
from .report import FunctionReport
from .session import Asked, Session

_MAX_ENDED = 2
"""Endless loops and crashes after which no more is asked."""

Progress = Callable[[Iterable[Rung]], Iterable[Rung]]


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
    session = laid_out(Session(runner, calling, order=tuple(order)), rungs, like or {})
    rungs = [r for r in rungs if session.presentation.fits(r.given)]
    notes: list[str] = []
    session = ordered(session, rungs, notes)
    asked = _asked(session, progress(rungs))
    refused, asked = refusals(asked)
    if all(one.failed for one in asked):
        first = asked[0]
        raise FileError(
            say("{function} cannot be run on any problem.", function=calling.name),
            found="\n".join([first.failed, *first.outcome.trace]),
            fix="" if first.outcome.ended else say("say how to call it: --call 'f(dZ, A_prev, W)'"),
        )
    conventions, asked = conventions_of(session, asked)
    return judged_report(session, asked, conventions, refused, notes)


def _asked(session: Session, rungs: Iterable[Rung]) -> list[Asked]:
    """All problems, unless the function ends its process time and again."""
    asked: list[Asked] = []
    for rung in rungs:
        asked.append(session.ask(rung))
        if sum(one.outcome.ended for one in asked) == _MAX_ENDED:
            break
    return asked


def _rungs(calling: Calling) -> list[Rung]:
    """The problems that the function's parameters allow."""
    rungs = [
        rung
        for rung in ladder(calling.op, calling.mode)
        if all(NEEDS[add] in calling.taken for add in rung.adds if add in NEEDS)
        and ("padding by word" not in rung.adds or calling.words)
        and not (calling.words and rung.settings.get("padding", 0) not in (0, "same", "valid"))
    ]
    if calling.op.startswith("pool") and "stride" not in calling.taken:
        rungs = [r for r in rungs if r.settings["stride"] == r.settings["window"]]
    if calling.op.startswith("pool") and "window" not in calling.taken:
        rungs = [r for r in rungs if r.settings["window"] == 2]
    return rungs
