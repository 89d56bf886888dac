"""`help`: what a command does, and all its options."""

from typing import Annotated

import typer

from ...core.text import HelpText, message

Command = Annotated[
    str | None, typer.Argument(metavar="[COMMAND]", help=message("The command; without: all."))
]

HELP = HelpText(
    message("What a command does, and all its options."),
    example="""
cnngrad help
cnngrad help conv-backward
""",
)


def show_help(command: Command = None) -> int:
    """Run `help`, as HELP tells it."""
    from ..app import run

    return run([*([command] if command else []), "--help"])
