"""Marking a class: each answer on its own, so that processes or machines can share the work."""

import json
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from ...core.errors import CnngradError
from ...core.language import spoken, use
from ...core.numbers import Number
from ...core.problem import Problem
from ...core.text import Count, message, say, series
from ...core.unicode_safety import encoded
from ...diagnosis.rules_descent import UPDATED
from ...files.dialect import Dialect, dialect, read_as
from ...files.problem_reader import problem_of as read_problem_of
from ...files.problem_reader import read_object
from ...network import Network, network_from
from ...network.file import OP as NETWORK
from ..marker import Marker
from ..network_marker import LOSS, NetworkMarker
from ..verdict import Verdict
from .answer_files import AnswerFiles
from .submissions import UNPOSED, Submission

NOTHING = message("Nothing was handed in.")
AN_ANSWER = message("a file named answer.json, or dW.csv and the like")
NO_PROBLEM = message("There is no problem for {name}.")
STUMBLED = message("The program stumbled over this answer; please report it.")
FOUND = message("{fact} Found: {found}")
DIED = message("The process that marked this answer died; it may be too large.")

FULL = 3
WRONG_SHAPE = "wrong-shape"
"""Stands in the reports as the codes of mistakes do."""

_MOST_NOTES = 6
"""So many are told of one answer."""
_SMALL, _MOST_KNOWN = 10_000, 1_000
"""Bytes of a file that is remembered, and how many are."""
_ONE_AT_A_TIME = Lock()
"""A marker computes what it needs when it is first asked; a worker may have several threads."""


class Points(NamedTuple):
    """What an answer scores: what is missing counts as wrong."""

    score: Number
    max_score: Number
    parts: dict[str, tuple[Number, Number]]
    """For each gradient, what it scores and how much it could."""
    missing: tuple[str, ...]
    """Gradients that were asked for and not handed in."""
    weighted: bool
    """Whether gradients have weights; else every cell counts one."""


Posed = Problem | Mapping[str, Problem]
"""A problem, or those of a network's layers by their names."""
Handout = Callable[[Posed, Verdict, Points, int, str], str]
"""Writes what a student gets to read: problem, verdict, score, level of help, and their name."""


class Job(NamedTuple):
    """What marking needs to know, small enough to go with every chunk of answers."""

    problem: bytes
    """The problem that all answer; empty where each student has one of their own."""
    gradient: str | None = None
    decimals: int | None = None
    tolerance: Fraction | None = None
    weights: tuple[tuple[str, Fraction], ...] = ()
    level: int = FULL
    """How much the students' feedback tells: 1 where, 2 what rule, 3 everything."""
    handout: Handout | None = None
    accept: tuple[str, ...] = ()
    """Conventions under which an answer is right too."""
    follow: bool = True
    """Whether what follows from a wrong result of one's own is right."""
    parts: tuple[tuple[str, Number], ...] = ()
    """What each result of the problem counts, also for whom nothing can be marked."""
    said: tuple[str | None, bool | None] = (None, None)
    """The decimal mark and the header of tables, where the teacher says them."""
    language: str = ""
    """In which language it is marked; empty leaves that as it is."""


class Facts(NamedTuple):
    """What the summary of a class needs to know of one submission."""

    failed: bool = False
    """It could not be read."""
    correct: bool = False
    score: Number = 0
    max_score: Number = 0
    right: tuple[str, ...] = ()
    """The gradients that are right."""
    codes: tuple[str, ...] = ()
    """The mistakes and slips in it, each once."""
    unexplained: bool = False


class MarkedAnswer(NamedTuple):
    """One submission, marked."""

    name: str
    text: str
    """The JSON object that the reports have of it, in one line."""
    facts: Facts
    feedback: str = ""
    """What its student is told of the gradients, as JSON, where that is less."""
    handout: str = ""
    lasting: bool = True
    """Whether the same files would be marked so again; not where the program stumbled."""


def job(
    problem: Problem | Network | None,
    *,
    gradient: str | None = None,
    decimals: int | None = None,
    tolerance: Fraction | None = None,
    weights: Mapping[str, Fraction] | None = None,
    level: int = FULL,
    handout: Handout | None = None,
    accept: Sequence[str] = (),
    follow: bool = True,
    example: Problem | Network | None = None,
) -> Job:
    """Put together what marking needs to know.

    Parameters
    ----------
    problem
        The problem that all answer; without one, each student has their own.
    gradient, decimals, tolerance, weights
        What is marked, how precisely, and what it counts.
    level, handout
        How much students are told, and what writes it.
    example
        One of the problems where each student has their own: it says what a result counts for
        whom no problem can be read.
    """
    data = b"" if problem is None else pickle.dumps(problem)
    counted = tuple((weights or {}).items())
    said = dialect().decimal_mark, dialect().header
    how = tuple(accept), follow
    asked = *how, (), said, spoken()
    work = Job(data, gradient, decimals, tolerance, counted, level, handout, *asked)
    known = problem or example
    return work if known is None else work._replace(parts=tuple(_parts(_made(known, work), work)))


def mark(work: Job, answers: Sequence[Submission]) -> list[MarkedAnswer]:
    """Mark some answers: a pure function of the files and the problem.

    An answer that cannot be read gets an `error` in place of a score.
    """
    if work.language and work.language != spoken():
        use(work.language)  # in a process that was started afresh
    with read_as(Dialect(*work.said)):
        return [_mark(work, submission) for submission in answers]


def failed(
    submission: Submission,
    error: CnngradError,
    parts: Mapping[str, Number],
    lasting: bool = True,
) -> MarkedAnswer:
    """A submission that could not be marked, and why: at length, and in one line.

    It scores 0 of what a right one would.
    """
    words = say(FOUND, fact=error.fact, found=error.found) if error.found else error.fact
    most = sum(parts.values())
    record = {
        "name": submission.name,
        **_said_of(submission),
        "error": str(error),
        "reason": words,
        "correct": False,
        "score": 0,
        "max_score": most,
        "points": {name: (0, part) for name, part in parts.items()},
        "gradients": {},
        "missing": list(parts),
    }
    facts = Facts(failed=True, max_score=most)
    return MarkedAnswer(submission.name, _dumped(record), facts, lasting=lasting)


def _said_of(submission: Submission, notes: Sequence[str] = ()) -> dict[str, Any]:
    """What the reports tell of the files: whose and how late, what was left out or not read."""
    said: dict[str, Any] = {**submission.labels}
    told = [*submission.notes, *notes]
    if len(told) > _MOST_NOTES:
        more = Count(len(told) - _MOST_NOTES)
        told = [*told[:_MOST_NOTES], say("{count:# more|# more} of that kind", count=more)]
    if told:
        said["notes"] = told
    if submission.unread:
        said["not_read"] = list(submission.unread)
    return said


def _mark(work: Job, submission: Submission) -> MarkedAnswer:
    parts: Mapping[str, Number] = dict(work.parts)
    try:
        marker = _marker(work, submission)
        parts = dict(_parts(marker, work))
        judged = _judged(work, submission, marker)
        told = _said_of(submission, judged.notes)
        start = _dumped({"name": submission.name, **told})[:-1]
        handout = ""
        if work.handout is not None:
            posed = marker.problem if isinstance(marker, Marker) else marker.problems
            handout = work.handout(
                posed, judged.verdict, judged.points, work.level, submission.name
            )
    except CnngradError as error:
        return failed(submission, _without_folders(error, submission), parts)
    except Exception as error:
        # A file that this program stumbles over must not cost the rest of the class its marks.
        found = f"{type(error).__name__}: {error}"[:300]
        return failed(submission, CnngradError(say(STUMBLED), found=found), parts, lasting=False)
    text = f"{start}, {judged.text[1:]}"
    return MarkedAnswer(submission.name, text, judged.facts, judged.feedback, handout)


def _without_folders(error: CnngradError, submission: Submission) -> CnngradError:
    """The error with files by their names only: students read it, and folders are the teacher's."""
    for path in (*submission.files, submission.problem):
        folder = str(Path(path).parent) + os.sep
        if path and folder != os.curdir + os.sep:
            error.where = error.where.replace(folder, "")
            error.found = error.found.replace(folder, "")
    return error


class _Judged(NamedTuple):
    """An answer, marked, whoever handed it in."""

    verdict: Verdict
    points: Points
    text: str
    facts: Facts
    feedback: str
    notes: list[str]
    """What was left out of the answer."""


def _judged(work: Job, submission: Submission, marker: Marker | NetworkMarker) -> _Judged:
    """Mark one answer, or remember what came of the very same files before."""
    shapes = {name: truth.shape for name, truth in marker.truths.items()}
    files = AnswerFiles(submission.files, shapes)
    content, known = files.content, _known(work)
    if work.problem and not files.notes and content in known:
        return known[content]
    answer = files.answer(work.gradient)
    with _ONE_AT_A_TIME:
        verdict = marker.check(answer)
    reached = points(verdict, marker, work)
    record = verdict.json() | {
        "correct": verdict.correct and not reached.missing,
        "score": reached.score,
        "max_score": reached.max_score,
        "points": reached.parts,
        "missing": reached.missing,
    }
    less = _dumped(verdict.json(work.level)["gradients"]) if work.level < FULL else ""
    judged = _Judged(verdict, reached, _dumped(record), _facts(record), less, files.notes)
    if work.problem and files.size <= _SMALL:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[content] = judged
    return judged


@lru_cache(maxsize=2)
def _known(work: Job) -> dict[tuple[Any, ...], _Judged]:  # noqa: ARG001 - the key
    """What came of the files seen so far; many students hand in the very same."""
    return {}


def _facts(record: Mapping[str, Any]) -> Facts:
    codes: dict[str, None] = {}
    unexplained = False
    for gradient in record["gradients"].values():
        reasons = likeliest(gradient)
        for reason in reasons:
            codes |= dict.fromkeys(codes_of(reason))
        unexplained |= not gradient["correct"] and not reasons
    return Facts(
        correct=record["correct"],
        score=record["score"],
        max_score=record["max_score"],
        right=tuple(name for name, g in record["gradients"].items() if g["correct"]),
        codes=tuple(codes),
        unexplained=unexplained,
    )


def likeliest(gradient: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of all that may have happened in one gradient: the first rule, or each cell's first slip.

    A wrong shape that no rule explains is a reason of its own.
    """
    if gradient["mistakes"]:
        return [gradient["mistakes"][0]]
    if "shape" in gradient:
        return [{"code": WRONG_SHAPE, "message": gradient["message"]}]
    first: dict[tuple[int, ...], dict[str, Any]] = {}
    for slip in gradient["slips"]:
        first.setdefault(tuple(slip["cell"]), slip)
    return list(first.values())


def codes_of(reason: Mapping[str, Any]) -> list[str]:
    """The codes of what `likeliest` gave: one or two rules, or a slip."""
    return list(reason["codes"] if "codes" in reason else [reason["code"]])


def _dumped(data: object) -> str:
    return encoded(json.dumps(data, ensure_ascii=False)).decode()  # a file's name may be no text


def _marker(work: Job, submission: Submission) -> Marker | NetworkMarker:
    if not submission.files:
        unread = say("{files} cannot be read as an answer", files=series(submission.unread))
        found = [*submission.notes, *([unread] if submission.unread else [])]
        raise CnngradError(
            say("Nothing was handed in that can be marked.") if found else say(NOTHING),
            found=series(found, "; "),
            expected=say(AN_ANSWER) if found else "",
        )
    if work.problem:
        return _common_marker(work)
    if submission.problem == UNPOSED:
        raise CnngradError(say(NO_PROBLEM, name=submission.name))
    return _made(posed_by(submission.problem), work)


def marker_names(problem: Problem | Network) -> tuple[str, ...]:
    """What can be handed in for a problem, or for a network."""
    marker = NetworkMarker(problem) if isinstance(problem, Network) else Marker(problem)
    return marker.names


def posed_by(file: str, like: str | None = None) -> Problem | Network:
    """What a problem or network file poses, in a framework's conventions where one is named."""
    data, source = read_object(file)
    if like is not None:
        data = {**data, "like": like}
    if data.get("op") == NETWORK:
        return network_from(data, source)
    return read_problem_of(data, source).problem()


@lru_cache(maxsize=2)
def _common_marker(work: Job) -> Marker | NetworkMarker:
    """The marker of a problem that all answer: what mistakes give is computed once a process."""
    return _made(problem_of(work), work)


def problem_of(work: Job) -> Problem | Network:
    """The problem that all answer."""
    problem: Problem | Network = pickle.loads(work.problem)
    return problem


def _made(problem: Problem | Network, work: Job) -> Marker | NetworkMarker:
    how: dict[str, Any] = {
        "decimals": work.decimals,
        "tolerance": work.tolerance,
        "accept": work.accept,
        "follow": work.follow,
    }
    if isinstance(problem, Network):
        return NetworkMarker(problem, **how)
    return Marker(problem, **how)


def _parts(marker: Marker | NetworkMarker, work: Job) -> Iterator[tuple[str, Number]]:
    """What each result that is asked for counts."""
    weights = dict(work.weights)
    for name in (work.gradient,) if work.gradient else _wanted(marker):
        size = marker.truths[name].size
        yield name, _number(Fraction(weights.get(name, Fraction(1)))) if weights else size


def _wanted(marker: Marker | NetworkMarker) -> Iterator[str]:
    """The results that nobody may leave out."""
    if isinstance(marker, Marker):
        yield from marker.problem.names
        return
    for name in marker.truths:
        if name != f"{LOSS}.dA_prev" and name.rpartition(".")[2] not in UPDATED:
            yield name


def points(verdict: Verdict, marker: Marker | NetworkMarker, work: Job) -> Points:
    """The score: what is missing counts as wrong; a gradient's cells share its weight, if any."""
    missing = () if work.gradient else verdict.missing
    right = {name: marked.score for name, marked in verdict.gradients.items()}
    reached: dict[str, Fraction | int] = {}
    most: dict[str, Fraction | int] = {}
    weights = dict(work.weights)
    for name in (*verdict.gradients, *missing):
        reached[name], most[name] = right.get(name, 0), marker.truths[name].size
        if weights:
            part = Fraction(reached[name], most[name])
            most[name] = weights.get(name, Fraction(1))
            reached[name] = most[name] * part
    return Points(
        _number(sum(reached.values())),
        _number(sum(most.values())),
        {name: (_number(reached[name]), _number(most[name])) for name in most},
        missing,
        bool(weights),
    )


def _number(value: Fraction | int) -> Number:
    return value.numerator if value.denominator == 1 else round(float(value), 4)
