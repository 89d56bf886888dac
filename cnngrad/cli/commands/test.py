"""`test`: a person's own function, run on problems that tell mistakes apart."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...core.errors import CnngradError, ExitCode, FileError, SettingError, UsageError
from ...core.text import Count, HelpText, message, say, series
from .. import options as opt

if TYPE_CHECKING:
    from ...testing.calls.calling import Calling, Signature
    from ...testing.calls.process import ProcessRunner
    from ...testing.calls.target import Target
    from ...testing.problems.ladder import Rung
    from ...testing.report import FunctionReport
    from ..screen import Screen

TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE.py[:NAME]", help=message("A file, a function in it, or module:NAME.")
    ),
]
Op = Annotated[
    str | None,
    typer.Option("--op", metavar="OP", help=message("What it computes, such as conv-backward.")),
]
Mode = Annotated[
    str | None, typer.Option("--mode", help=message("max or average; of an activation its name."))
]
Like = Annotated[
    str | None,
    typer.Option("--like", metavar="NAME", help=message("Whose layouts it has, such as cs231n.")),
]
Call = Annotated[
    str | None,
    typer.Option(
        "--call", metavar="CALL", help=message("How to call it: 'f(dZ, A_prev, W, stride=stride)'.")
    ),
]
Returns = Annotated[
    str | None,
    typer.Option("--returns", metavar="NAMES", help=message("What comes back: 'dA_prev, dW, db'.")),
]
TimeLimit = Annotated[
    float,
    typer.Option("--time-limit", metavar="S", help=message("Seconds that one call may take.")),
]
MemoryLimit = Annotated[
    int,
    typer.Option(
        "--memory-limit", metavar="MB", help=message("Megabytes that it may take; 0 is no limit.")
    ),
]
TestFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help=message("How to print the result."))
]
Smallest = Annotated[
    Path | None,
    typer.Option(
        "--output", metavar="FILE", help=message("Write the smallest failing problem (.json).")
    ),
]
Mutants = Annotated[
    Path | None,
    typer.Option(
        "--mutants",
        metavar="TESTS.py",
        help=message("Which known mistakes would these tests let through?"),
    ),
]


HELP = HelpText(
    message("Your own function, run on problems that tell mistakes apart."),
    example=r"""
cnngrad test mylayer.py:conv_backward
cnngrad test mylayer.py
cnngrad test mylayer.py:conv_backward --mutants test_mylayer.py
cnngrad test mylayer.py:back --op conv-backward \
    --call 'f(dZ, (A_prev, W, b, {"stride": stride, "pad": padding}))'
""",
    notes=(
        message(
            "Plain functions, CS231n's and deeplearning.ai's callings, classes with forward"
            " and backward and PyTorch's are understood by their names and parameters. The"
            " function runs in a process of its own; its file is not changed. The exit code"
            " is 0 where it is right, and 1 where it is not."
        ),
    ),
)


def test(
    target: TargetArgument,
    op: Op = None,
    mode: Mode = None,
    like: Like = None,
    call: Call = None,
    returns: Returns = None,
    time_limit: TimeLimit = 10,
    memory_limit: MemoryLimit = 4096,
    format: TestFormat = "table",  # noqa: A002 - the option's name
    output: Smallest = None,
    mutants: Mutants = None,
    force: opt.Force = False,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `test`, as HELP tells it."""
    from ...testing.assertion import layouts
    from ...testing.calls.target import named
    from ...testing.calls.target import target as read_target
    from ..run_operation import as_usage
    from ..screen import Screen

    screen = Screen(no_color, quiet)
    wanted = read_target(target)
    if time_limit <= 0 or memory_limit < 0:
        raise UsageError(say("A limit is a number above 0."), expected=say("--time-limit 10"))
    if output is not None:
        _check_output(output, force)
    try:
        layouts(like or "")
    except SettingError as error:
        raise as_usage(error) from None
    runner = _started(wanted, time_limit, memory_limit)
    with runner:
        if not wanted.name:
            return _all(wanted, runner, format, screen)
        signature = named(wanted, runner.signatures)
        calling = _calling(signature, runner, op or "", mode or "", call)
        report = _examined(runner, calling, like, returns, screen)
        if mutants is not None and report.right:
            return _mutants(report, wanted.source, mutants, format, screen)
        _show(report, format, screen)
        if output is not None and report.smallest is not None:
            _write(report, output, force, screen)
    return ExitCode.DONE if report.right else ExitCode.WRONG_ANSWER


def _started(wanted: "Target", time_limit: float, memory_limit: int) -> "ProcessRunner":
    from ...testing.calls.process import ProcessRunner

    memory = 0 if _uses_torch(wanted.source) else memory_limit * 1_000_000
    return ProcessRunner(wanted.source, time_limit, memory)


def _uses_torch(source: str) -> bool:
    """Whether a file speaks of PyTorch, which maps more memory than it uses."""
    path = Path(source)
    return not path.is_file() or b"torch" in path.read_bytes()


def _calling(
    signature: "Signature", runner: "ProcessRunner", op: str, mode: str, call: str | None
) -> "Calling":
    from ...testing.calls.calling import understood, written

    if call is not None:
        return written(call, signature.name, op, mode, signature)
    return understood(signature, runner.signatures, op=op, mode=mode)


def _examined(
    runner: "ProcessRunner",
    calling: "Calling",
    like: str | None,
    returns: str | None,
    screen: "Screen",
) -> "FunctionReport":
    from dataclasses import replace

    from ...testing.assertion import layouts
    from ...testing.examine import examine
    from ...testing.session import order_of
    from ..progress import progress

    def shown(rungs: "Iterable[Rung]") -> "Iterable[Rung]":
        every = list(rungs)
        return progress(every, len(every), say("problems"), screen)

    order = order_of(returns or "", calling.op)
    report = examine(runner, calling, like=layouts(like or ""), order=order, progress=shown)
    return replace(report, printed=runner.printed)


def _show(report: "FunctionReport", style: str, screen: "Screen") -> None:
    from ..screen import emit

    if style == "json":
        from ...files.results import dumped
        from ...testing.report_json import report_json

        emit(dumped(report_json(report)))
        return
    from ...show.terminal.function_report import function_blocks

    screen.show(function_blocks(report, screen.look))


def _mutants(
    report: "FunctionReport", source: str, tests: Path, style: str, screen: "Screen"
) -> int:
    """Put each known mistake in the function's place, and run the person's tests."""
    from ...testing.mutation import mutants as mutation
    from ..progress import progress
    from ..screen import emit

    calling = report.calling
    if calling.kind not in mutation.CALLINGS or not source.endswith(".py"):
        raise UsageError(
            say("Mistakes can be put in the place of plain functions of a file only."),
            found=say(
                "{function}, a function of the kind {kind}",
                function=calling.name,
                kind=calling.kind,
            ),
        )
    if not tests.is_file():
        raise FileError(say("There is no such file."), where=str(tests))
    settings = tuple(
        (name, report.conventions[name])
        for name in ("batch", "ties", "epsilon")
        if name in report.conventions
    )

    job = mutation.MutantJob(
        source,
        str(tests),
        calling,
        report.presentation,
        settings,
        bool(report.conventions.get("flipped")),
        report.order,
    )
    every = mutation.mutants(calling.op, report.rungs, report.results)
    left = mutation.survivors(
        job, every, lambda codes: progress(codes, len(every), say("mistakes"), screen)
    )
    if style == "json":
        from ...files.results import dumped
        from ...testing.report_json import mutants_json

        emit(dumped(mutants_json(calling.name, every, left)))
    else:
        from ...show.terminal.function_report import mutant_blocks

        screen.show(mutant_blocks(calling.name, every, left, screen.look))
    return ExitCode.WRONG_ANSWER if left else ExitCode.DONE


def _all(wanted: "Target", runner: "ProcessRunner", style: str, screen: "Screen") -> int:
    """Every function whose job its name tells; the others are listed."""
    from ...testing.calls.calling import candidates
    from ..screen import emit

    known, others = candidates(runner.signatures)
    if not known:
        raise UsageError(
            say("No function's job can be told from its name."),
            where=wanted.source,
            found=series(signature.name for signature in others) or say("no function"),
            fix=say("name one, and say what it computes: {file}:NAME --op OP", file=wanted.source),
        )
    worst, reports = int(ExitCode.DONE), []
    for signature in known:
        try:
            calling = _calling(signature, runner, "", "", None)
            report = _examined(runner, calling, None, None, screen)
        except CnngradError as error:
            screen.note(say("{function}: {error}", function=signature.name, error=error))
            worst = max(worst, int(ExitCode.BAD_DATA))
            continue
        reports.append(report)
        if style != "json":
            _show(report, style, screen)
        if not report.right:
            worst = max(worst, int(ExitCode.WRONG_ANSWER))
    if style == "json":
        from ...files.results import dumped
        from ...testing.report_json import report_json

        names = [signature.name for signature in others]
        emit(dumped({"functions": [report_json(one) for one in reports], "others": names}))
    elif others:
        screen.note(
            say(
                "{count:# function is|# functions are} not tested, since {count:its name does|their"
                " names do} not tell what {count:it computes|they compute}: {names}",
                count=Count(len(others)),
                names=series(signature.name for signature in others),
            )
        )
    return worst


def _check_output(path: Path, force: bool) -> None:
    from ...files.atomic import check_target

    if path.suffix.lower() != ".json":
        raise UsageError(
            say("The smallest problem is written as JSON."),
            where=str(path),
            expected=say("a name that ends in .json"),
        )
    check_target(path, force)


def _write(report: "FunctionReport", path: Path, force: bool, screen: "Screen") -> None:
    """The smallest failing problem as a problem file, with the answer beside it in the same."""
    import json

    from ...files.atomic import write_whole
    from ...testing.report_json import problem_json, report_json

    assert report.smallest is not None
    data = problem_json(report.smallest.rung)
    data["answer"] = (report_json(report)["smallest"] or {}).get("answer")
    write_whole(path, (json.dumps(data, indent=1) + "\n").encode(), force)
    screen.note(say("wrote {path}; cnngrad check {path} {path} marks it", path=path))
