"""`grade`: all answers of a class marked, with reports for the teacher and each student."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ...core.errors import CnngradError, ExitCode, FileError, UsageError, nearest
from ...core.text import HelpText, message, say, series
from ...core.unicode_safety import encoded
from .. import options as opt
from .check import Accept, Decimals, Layer, NoFollow, Tolerance, number, tolerance_of

if TYPE_CHECKING:
    from fractions import Fraction

    from ...core.problem import Problem
    from ...grading.classroom.class_results import ClassResults
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
    typer.Argument(
        metavar="[FOLDER]", help=message("The folder with the answers, one file a student.")
    ),
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
            "An answer is a file whose name is the student's: answers/anna.json; or a\n"
            "file named answer in a folder of that name: answers/anna/answer.json. It is\n"
            "what check takes: a JSON object with any of dA_prev, dW, db (or Z, A).\n"
            "In a folder of problems, class/anna/problem.json, Anna's answer is\n"
            "class/anna/answer.json, or answers/anna.json with\n"
            '"cnngrad grade class answers".'
        ),
        message(
            'What is missing counts as wrong, a single cell (null or "_") as well. A file'
            " that cannot be read is reported and stops nothing."
        ),
    ),
)


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
    format: ReportFormat = "table",  # noqa: A002 - the option's name
    output: Report = None,
    gradescope: Gradescope = None,
    feedback: Feedback = None,
    hint_level: HintLevel = 3,
    force: opt.Force = False,
    jobs: Jobs = None,
    dask: Dask = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `grade`, as HELP tells it."""
    from ...core.text import Count
    from ...grading.classroom.class_results import ClassResults
    from ...grading.classroom.submissions import collected
    from ...pictures import captions
    from ...show.terminal.report import interrupted, not_read
    from ..progress import busy, progress
    from ..screen import Screen
    from ..streams import tell

    screen = Screen(no_color, quiet)
    _check_reports(output or (), force)
    if dask is not None:
        from ...grading.classroom.cluster import check_installed

        check_installed()
    answers, unread = collected(problem, folder, glob)
    common, names = _asked(problem, answers, layer)
    work = _job(common, names, gradient, weights, decimals, tolerance, hint_level, feedback)
    accepted = (*(accept or ()), *_accepted_by(problem))
    work = work._replace(accept=accepted, follow=not no_follow)
    _check_students(answers, gradescope, feedback, force)
    with ClassResults((gradient,) if gradient else names, unread) as ledger:
        results = _results(work, answers, jobs, dask, screen)
        missing = list(output or ())
        try:
            for marked in progress(results, len(answers), say("answers"), screen):
                ledger.add(marked)
                _hand_out(marked, gradescope, feedback, force)
            _show(ledger, _described(problem, common), format, screen)
            for path in output or ():
                with busy(say("writing {name}", name=path.name), screen):
                    _write(path, ledger, _described(problem, common), force)
                missing.remove(path)
                screen.note(say(captions.WROTE, path=path))
        except KeyboardInterrupt:
            done = ledger.tally.submissions
            folders = [made for made in (gradescope, feedback) if made and done < len(answers)]
            for line in interrupted(done, len(answers), folders, missing):
                tell(line)
            raise
    for made in (gradescope, feedback):
        if made is not None:
            students = Count(len(answers))
            screen.note(
                say("wrote {path}: {students:# student|# students}", path=made, students=students)
            )
    if unread:
        screen.note(not_read(unread))
    return ExitCode.DONE


# ---- before anything is marked ----------------------------------------------------------------


def _check_reports(paths: Sequence[Path], force: bool) -> None:
    from ...files.atomic import check_targets

    for path in paths:
        if path.suffix.lower() not in REPORTS:
            raise FileError(
                say("The report's ending is unknown."),
                where=str(path),
                found=path.suffix or say("no ending"),
                expected=series(REPORTS),
            )
    check_targets(paths, force)


def _check_students(
    answers: "Sequence[Submission]", gradescope: Path | None, feedback: Path | None, force: bool
) -> None:
    """Make the folders for the students, and refuse what must not be overwritten."""
    from ...files.atomic import check_free, make_folder

    targets = [_gradescope_file(gradescope, s.name) for s in answers if gradescope]
    targets += [_feedback_file(feedback, s.name) for s in answers if feedback]
    for target in targets:
        check_free(target, force)
    make_folder(*(folder for folder in (gradescope, feedback) if folder is not None))


def _gradescope_file(folder: Path, name: str) -> Path:
    return folder / name / "results.json"


def _feedback_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.md"


def _asked(
    path: Path, answers: "Sequence[Submission]", layer: str | None
) -> "tuple[Problem | Network | None, tuple[str, ...]]":
    """The problem that all answer, if it is one, and what can be handed in."""
    from ...grading.classroom.marking import marker_names, posed_by
    from ...grading.classroom.submissions import UNPOSED
    from ..problem_input import layer_problem

    def read(file: str) -> "Problem | Network":
        return posed_by(file) if layer is None else layer_problem(file, layer, None)

    if not path.is_dir():
        problem = read(str(path))
        return problem, marker_names(problem)
    first: CnngradError | None = None
    for submission in answers:
        if submission.problem != UNPOSED:
            try:
                return None, marker_names(read(submission.problem))
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


def _job(
    common: "Problem | Network | None",
    names: "Sequence[str]",
    gradient: str | None,
    weights: str | None,
    decimals: int | None,
    tolerance: str | None,
    level: int,
    feedback: Path | None,
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
) -> "Iterator[MarkedAnswer]":
    if dask is not None:
        from ...grading.classroom import cluster

        screen.note(say("marking on Dask: {address}", address=dask))
        return cluster.marked(work, answers, dask, jobs)
    from ...grading.classroom import workers as sharing

    return sharing.marked(work, answers, jobs)


def _hand_out(
    marked: "MarkedAnswer", gradescope: Path | None, feedback: Path | None, force: bool
) -> None:
    """Write the files of one student."""
    import json

    from ...grading.classroom.exports import gradescope as gradescope_of
    from ...show.print.feedback import no_answer

    if gradescope is not None:
        told = json.loads(marked.feedback) if marked.feedback else None
        results = gradescope_of(json.loads(marked.text), told)
        text = json.dumps(results, ensure_ascii=False, indent=2) + "\n"
        _put(_gradescope_file(gradescope, marked.name), text, force)
    if feedback is not None:
        text = marked.handout or no_answer(marked.name, json.loads(marked.text)["error"])
        _put(_feedback_file(feedback, marked.name), text, force)


def _put(target: Path, text: str, force: bool) -> None:
    from ...files.atomic import make_folder, write_whole

    make_folder(target.parent)
    write_whole(target, encoded(text), force)


# ---- the reports ------------------------------------------------------------------------------


def _described(path: Path, problem: "Problem | Network | None") -> dict[str, Any]:
    """What was asked, for the reports."""
    from ...files.results import settings_of
    from ...network import Network
    from ...network.file import OP

    said: dict[str, Any] = {"file": str(path)}
    if isinstance(problem, Network):
        said |= {"op": OP, "title": problem.title, "settings": {"batch": problem.batch}}
        said["shapes"] = {name: list(shape) for name, shape in problem.shapes.items()}
    elif problem is not None:
        said |= {"op": problem.op, "title": problem.title, "settings": settings_of(problem)}
        said["shapes"] = {name: list(shape) for name, shape in problem.shapes.items()}
    return said


def _show(ledger: "ClassResults", described: dict[str, Any], style: str, screen: "Screen") -> None:
    from ..screen import emit

    if style == "table":
        from ...show.terminal.report import report

        screen.show(report(ledger, screen.look))
    elif not screen.quiet:
        for piece in PRINTED[style](ledger, described):
            emit(piece)


def _write(path: Path, ledger: "ClassResults", described: dict[str, Any], force: bool) -> None:
    from ...files.atomic import write_whole

    pieces = REPORTS[path.suffix.lower()](ledger, described)
    write_whole(path, map(encoded, pieces), force)


def _json(ledger: "ClassResults", described: dict[str, Any]) -> "Iterator[str]":
    from ...grading.classroom.exports import json_pieces

    return json_pieces(described, ledger)


def _csv(ledger: "ClassResults", _described: dict[str, Any]) -> "Iterator[str]":
    from ...grading.classroom.exports import csv_pieces

    return csv_pieces(ledger)


def _csv_file(ledger: "ClassResults", described: dict[str, Any]) -> "Iterator[str]":
    """The same with the mark by which spreadsheets know that it is UTF-8."""
    yield "\N{BYTE ORDER MARK}"
    yield from _csv(ledger, described)


def _html(ledger: "ClassResults", described: dict[str, Any]) -> "Iterator[str]":
    from ...show.web.report import report_page

    return report_page(described.get("title") or described["file"], ledger)


REPORTS = {".html": _html, ".csv": _csv_file, ".json": _json}
"""What `--output` writes, by the file's ending."""
PRINTED = {"csv": _csv, "json": _json}
"""What `--format` prints, but for the table."""
