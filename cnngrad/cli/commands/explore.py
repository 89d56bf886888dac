"""`explore`: walk through a problem, full screen."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import ExitCode, UsageError
from ...core.text import HelpText, message, say
from .. import options as opt
from ..operations import Options, takes_problem

if TYPE_CHECKING:
    from ...show.explorer.navigator import Navigator

Layer = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=message("Of a network file: which layer to look at.")),
]
Answer = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help=message("An answer to lay beside the steps; wrong cells are lit.")
    ),
]
Light = Annotated[
    bool | None,
    typer.Option("--light/--dark", help=message("The colours to begin with; d changes them.")),
]


HELP = HelpText(
    message("Walk through the steps, full screen, and ask every cell for its formula."),
    example=r"""
cnngrad explore --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3' \
                --dz '-1 -2; -3 -4'
""",
    notes=(
        message(
            "Left and right walk through the steps, up and down change the gradient, Tab"
            " goes into the cells, ? shows all keys."
        ),
    ),
)


@takes_problem
def explore(
    problem: opt.ProblemFile = None,
    layer: Layer = None,
    gradient: opt.Gradient = None,
    answer: Answer = None,
    light: Light = None,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    *,
    options: Options,
) -> int:
    """Run `explore`, as HELP tells it."""
    if find_spec("textual") is None:
        raise UsageError(
            say("The explorer needs Textual, which is not installed."),
            fix=say("pip install '.[explore]' in the clone"),
        )
    from ..problem_input import layer_problem, posed
    from ..run_operation import chosen
    from ..screen import Screen

    if layer is not None and problem is not None:
        asked = layer_problem(problem, layer, exact)
    else:
        asked = posed(problem, options, exact)
    names = chosen(asked, gradient)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            say("The explorer needs a terminal to draw on."),
            found=say("standard input or output is a file or a pipe"),
            fix=say("cnngrad {op} prints the steps", op=asked.op),
        )
    from ...show.explorer.app import Explorer

    sheets = None
    if answer is not None:
        from ...grading.answers import read_answer
        from ...show.explorer.overlay import Overlay

        only = gradient[0] if gradient and len(gradient) == 1 else None
        sheets = Overlay(asked, read_answer(answer, asked.names, only, "--answer"))
    light = _ground_is_light() if light is None else light
    colour = Screen(no_color).look.colour
    Explorer(asked, names, colour=colour, light=light, answer=sheets, save=save).run()
    return ExitCode.DONE


def _ground_is_light() -> bool:
    """Whether the terminal says that its ground is light, as rxvt and Konsole do."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


def save(walk: "Navigator") -> Path:
    """Write the picture of a step into the current folder, over no other file."""
    from ...files.atomic import write_whole
    from ...pictures.selection import Selection
    from ...show.image.figure import figure

    name, number, again = walk.trace.name, walk.number, 1
    path = Path(f"{name}-step-{number}.svg")
    while path.exists():
        again += 1
        path = Path(f"{name}-step-{number}-{again}.svg")
    step = Selection(number, number, sensible=False)
    write_whole(path, figure(walk.problem, [name], step).encode())
    return path
