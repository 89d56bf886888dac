"""`gradcheck`: gradients against differences."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ... import __version__
from ...core.errors import ExitCode
from ...core.text import HelpText, message, say
from .. import options as opt
from ..operations import Options, takes_problem

if TYPE_CHECKING:
    from ...core.problem import Problem
    from ...network import Network
    from ...network.gradcheck import Checked

Subject = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROBLEM]",
        help=message("A problem file or network file (JSON), or - for standard input."),
    ),
]
CheckFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help=message("How to print the result."))
]


HELP = HelpText(
    message("Gradients against differences: (f(x + h) − f(x − h)) / 2h."),
    example=r"""
cnngrad gradcheck --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3' \
                  --dz '-1 -2; -3 -4'
cnngrad example lenet_toy --copy mine
cnngrad gradcheck mine/lenet_toy.json
""",
    notes=(
        message(
            "Each number is moved by a small step, in float64. A place where the function"
            " has a corner (a tie in max pooling, ReLU at 0) is reported, and counts as right"
            " where the gradient lies between the slopes to its left and right. The exit code"
            " is 0, or 1 where a gradient is wrong."
        ),
    ),
)


@takes_problem
def gradcheck(
    problem: Subject = None,
    format: CheckFormat = "table",  # noqa: A002 - the option's name
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
    *,
    options: Options,
) -> int:
    """Run `gradcheck`, as HELP tells it."""
    from ...network import Network
    from ...network.gradcheck import check_gradients
    from ..progress import busy
    from ..screen import Screen, emit

    subject = _subject(problem, options)
    screen = Screen(no_color, quiet)
    with busy(say("moving each number"), screen):
        checks = check_gradients(subject)
    passed = all(check.passed for check in checks)
    if format == "json":
        emit(_json(checks, passed))
    else:
        from ...show.terminal.gradcheck import gradcheck_blocks

        screen.show(gradcheck_blocks(checks, isinstance(subject, Network), screen.look))
    return ExitCode.DONE if passed else ExitCode.WRONG_ANSWER


def _subject(given: str | None, options: Options) -> "Problem | Network":
    """The network or the problem that a file holds, or the problem that options pose."""
    from ...files.problem_reader import problem_of, read_object
    from ...network import network_from
    from ..problem_input import posed

    if given is None:
        return posed(None, options, exact=False)
    data, source = read_object(given)
    if "layers" in data or data.get("op") == "network-backward":
        return network_from(data, source, exact=False)
    return posed(problem_of(data, source), options, exact=False)


def _json(checks: list["Checked"], passed: bool) -> str:
    from ...files.results import dumped

    data: dict[str, Any] = {
        "cnngrad": __version__,
        "op": "gradcheck",
        "passed": passed,
        "gradients": {check.called: _check(check) for check in checks},
    }
    return dumped(data)


def _check(check: "Checked") -> dict[str, Any]:
    return {
        "passed": check.passed,
        "greatest_difference": check.greatest,
        "cell": list(check.place(check.cell)),
        "analytic": check.analytic,
        "numeric": check.numeric,
        "tolerance": check.tolerance,
        "cells": check.cells,
        "corners": check.corner_count,
    }
