"""`grade`: all answers of a class marked, with reports for the teacher and each student."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...core.errors import CnngradError, ExitCode, UsageError, nearest
from ...core.text import HelpText, message, say, series
from .. import options as opt
from .check import Accept, Decimals, Layer, NoFollow, Tolerance, number, tolerance_of

if TYPE_CHECKING:
    from fractions import Fraction

    from ...core.problem import Problem
    from ...grading.classroom.marking import Job, MarkedAnswer
    from ...grading.classroom.submissions import Submission
    from ...network import Network
    from ..screen import Screen

ProblemArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PROBLEM", help=message("A problem file, or a folder of them, one a student.")
    ),
]
Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[FOLDER]", help=message("The folder with the answers of the class.")),
]
Glob = Annotated[
    str,
    typer.Option(metavar="PATTERN", help=message("Which files are answers: '*/homework1.json'.")),
]
Gradient = Annotated[
    str | None,
    typer.Option(
        "--gradient", metavar="NAME", help=message("Mark this one only; needed for CSV and NPY.")
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        metavar="WEIGHTS", help=message("Points a gradient: dA_prev=2,dW=2,db=1. Else cells.")
    ),
]
ReportFormat = Annotated[
    Literal["table", "json", "csv"],
    typer.Option("--format", help=message("How to print the marks.")),
]
Report = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help=message("Write a report: .html, .csv or .json; repeatable."),
    ),
]
Gradescope = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help=message("Write DIR/<name>/results.json for Gradescope.")),
]
Feedback = Annotated[
    Path | None, typer.Option(metavar="DIR", help=message("Write DIR/<name>.md for each student."))
]
HintLevel = Annotated[
    int,
    typer.Option(
        metavar="1-3",
        min=1,
        max=3,
        help=message("What students are told: 1 where, 2 what rule, 3 the solution."),
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help=message("Processes; all cores when there are many answers.")
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help=message("Mark on a Dask cluster: tcp://host:8786, or local.")
    ),
]


Resume = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=message("Keep a journal of what is marked, and take up from it what was cut off."),
    ),
]
FollowLinks = Annotated[
    bool,
    typer.Option("--follow-links", help=message("Follow symbolic links, never out of FOLDER.")),
]


HELP = HelpText(
    message("Mark a whole class: scores, diagnoses, and the most common mistakes."),
    example=r"""
cnngrad grade problem.json answers
cnngrad grade problem.json answers --output marks.html --output marks.csv
cnngrad grade problem.json answers --feedback feedback --hint-level 2
cnngrad grade class                 a problem for each student, as
                                    "exercise --count" makes them
""",
    notes=(
        message(
            "\x08\n"
            "Each folder in FOLDER is a student, however deep the files in it, and each\n"
            "file is one: answers/anna/answer.json, answers/anna.json. Names as Moodle,\n"
            "Canvas and Gradescope write them are understood. An answer is what check\n"
            "takes: a JSON object with any of dA_prev, dW, db (or Z, A); or files named\n"
            "dA_prev.csv, dW.npy and so on together.\n"
            "In a folder of problems, class/anna/problem.json, Anna's answer is\n"
            "class/anna/answer.json, or answers/anna.json with\n"
            '"cnngrad grade class answers".'
        ),
        message(
            'What is missing counts as wrong, a single cell (null or "_") as well. What'
            " cannot be read costs what it holds, is reported and stops nothing."
        ),
    ),
)


Like = Annotated[
    str | None,
    typer.Option("--like", metavar="NAME", help=message("As this framework does it: keras …")),
]


def grade(
    problem: ProblemArgument,
    folder: Folder = None,
    glob: Glob = "",
    gradient: Gradient = None,
    layer: Layer = None,
    weights: Weights = None,
    decimals: Decimals = None,
    tolerance: Tolerance = None,
    accept: Accept = None,
    no_follow: NoFollow = False,
    like: Like = None,
    format: ReportFormat = "table",  # noqa: A002 - the option's name
    output: Report = None,
    gradescope: Gradescope = None,
    feedback: Feedback = None,
    hint_level: HintLevel = 3,
    force: opt.Force = False,
    jobs: Jobs = None,
    dask: Dask = None,
    resume: Resume = None,
    follow_links: FollowLinks = False,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `grade`, as HELP tells it."""
    from ...grading.classroom.class_results import ClassResults
    from ...grading.classroom.submissions import collected
    from ..class_outputs import Outputs
    from ..progress import busy, progress
    from ..screen import Screen

    screen = Screen(no_color, quiet)
    outputs = Outputs(output or (), gradescope, feedback, force, resume)
    outputs.check_reports()
    if dask is not None:
        from ...grading.classroom.cluster import check_installed

        check_installed()
    with busy(say("looking for answers"), screen):
        common, example = _asked(problem, layer, like)
        names = _results_of(common or example)
        found = collected(problem, folder, glob, names, outputs.paths, follow_links)
    accepted = (*(accept or ()), *_accepted_by(problem))
    work = _job(
        *(common, example, names, gradient, weights, decimals, tolerance, hint_level, feedback),
        accept=accepted,
        follow=not no_follow,
    )
    outputs.check_students(found.answers)
    labels = [k for k in ("id", "late", "upload") if any(k in s.labels for s in found.answers)]
    asked = (gradient,) if gradient else names
    with ClassResults(asked, found.unread, labels) as ledger:
        outputs.begin(ledger, problem, common)
        results = _results(work, found.answers, jobs, dask, screen, resume)
        try:
            marked = progress(results, len(found.answers), say("answers"), screen)
            for submission, one in zip(found.answers, marked, strict=True):
                ledger.add(one)
                outputs.hand_out(submission.file, one)
            outputs.show(format, screen)
            outputs.write(screen)
        except KeyboardInterrupt:
            outputs.tell_what_is_missing(len(found.answers))
            raise
    outputs.tell_what_is_written(len(found.answers), screen)
    return ExitCode.DONE


# ---- before anything is marked ----------------------------------------------------------------


def _asked(
    path: Path, layer: str | None, like: str | None
) -> "tuple[Problem | Network | None, Problem | Network]":
    """The problem that all answer, if it is one; else the first that can be read of many."""
    from ...grading.classroom.marking import posed_by
    from ...grading.classroom.submissions import problems_in
    from ..problem_input import layer_problem

    def read(file: str) -> "Problem | Network":
        return posed_by(file, like) if layer is None else layer_problem(file, layer, None)

    if like is not None and (layer is not None or path.is_dir()):
        raise UsageError(
            say("--like is for one problem that all answer."),
            fix=say('write "like": "{name}" into the problem or network files', name=like),
        )
    if not path.is_dir():
        problem = read(str(path))
        return problem, problem
    first: CnngradError | None = None
    for file in problems_in(path):
        try:
            return None, read(file)
        except CnngradError as error:  # one student's broken problem stops nobody else
            first = first or error
    assert first is not None  # a folder without problems has been refused
    raise first


def _accepted_by(path: Path) -> tuple[str, ...]:
    """The conventions that the problem file itself accepts."""
    from ...files.problem_reader import read_object

    if path.is_dir() or str(path) == "-":
        return ()
    stated = read_object(str(path))[0].get("accept") or ()
    return (stated,) if isinstance(stated, str) else tuple(map(str, stated))


def _results_of(problem: "Problem | Network") -> tuple[str, ...]:
    """What can be handed in."""
    from ...grading.classroom.marking import marker_names

    return marker_names(problem)


def _job(
    common: "Problem | Network | None",
    example: "Problem | Network",
    names: "Sequence[str]",
    gradient: str | None,
    weights: str | None,
    decimals: int | None,
    tolerance: str | None,
    level: int,
    feedback: Path | None,
    *,
    accept: "Sequence[str]",
    follow: bool,
) -> "Job":
    from ...diagnosis.compare import Precision
    from ...grading.classroom.marking import Handout, job

    precision = Precision.asked(decimals, tolerance_of(tolerance))
    if gradient is not None:
        _known(gradient, names)
    handout: Handout | None = None
    if feedback is not None:
        from ...show.print.feedback import feedback as written

        handout = written
    return job(
        common,
        gradient=gradient,
        decimals=decimals,
        tolerance=precision.tolerance,
        weights=_weights(weights, names),
        level=level,
        handout=handout,
        accept=accept,
        follow=follow,
        example=example,
    )


MAX_WEIGHT = 1_000_000
"""Points that a result may have at most; the sum over a class must stay a number."""


def _weights(text: str | None, names: "Sequence[str]") -> "dict[str, Fraction]":
    """Understand `--weights`: dA_prev=2,dW=2,db=1; what is left out counts 1.

    >>> _weights("dW=2,db=1/2", ["dA_prev", "dW", "db"])
    {'dW': Fraction(2, 1), 'db': Fraction(1, 2)}
    """
    from fractions import Fraction

    found: dict[str, Fraction] = {}
    for part in (text or "").split(",") if text is not None else ():
        name, equals, weight = (word.strip() for word in part.partition("="))
        if not equals:
            raise UsageError(
                say("--weights is not understood."),
                found=text or "",
                expected=say("dA_prev=2,dW=2,db=1"),
            )
        _known(name, names)
        found[name] = Fraction(number(weight, "--weights"))
        if found[name] < 0:
            raise UsageError(
                say("--weights takes no negative number."), found=weight, expected=say("0 or more")
            )
        if found[name] and not 1 <= found[name] * MAX_WEIGHT <= MAX_WEIGHT**2:
            raise UsageError(
                say("--weights takes no number so large or so small."),
                found=weight,
                expected=say("0, or a number from 1/1000000 to 1000000"),
            )
    if found and not any(found.get(name, 1) for name in names):
        raise UsageError(say("--weights leaves nothing to score."), found=text or "")
    return found


def _known(name: str, names: "Sequence[str]") -> None:
    if name not in names:
        raise UsageError(
            say("The problem has no result {name}.", name=name)
            if name.strip()
            else say("The name of the gradient is empty."),
            expected=series(names),
            fix=nearest(name, names),
        )


# ---- marking ----------------------------------------------------------------------------------


def _results(
    work: "Job",
    answers: "Sequence[Submission]",
    jobs: int | None,
    dask: str | None,
    screen: "Screen",
    resume: Path | None,
) -> "Iterator[MarkedAnswer]":
    def mark(those: "Sequence[Submission]") -> "Iterator[MarkedAnswer]":
        if dask is not None:
            from ...grading.classroom import cluster

            return cluster.marked(work, those, dask, jobs)
        from ...grading.classroom import workers

        return workers.marked(work, those, jobs)

    if dask is not None:
        screen.note(say("marking on Dask: {address}", address=dask))
    if resume is None:
        return mark(answers)
    from ...grading.classroom.journal import Journal

    return Journal(resume).taken_up(work, answers, mark)
