"""The commands, each imported only when it is called."""

import inspect
import re
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ..core.errors import ExitCode, nearest
from ..core.text import message, say
from ..layers import OPERATIONS, spec
from .streams import tell

if TYPE_CHECKING:
    from .operations import Described

_OTHER_COMMANDS = {
    "network-backward": (
        "network:backward",
        message("A whole network: forward, back, and one step."),
    ),
    "gradcheck": (
        "gradcheck:gradcheck",
        message("Gradients against differences (f(x+h) − f(x−h)) / 2h."),
    ),
    "explain": (
        "explain:explain_cells",
        message("Why a cell is what it is: the terms that make it up."),
    ),
    "explore": ("explore:explore", message("Walk through the steps, full screen.")),
    "check": (
        "check:check",
        message("Is an answer right, and if not, which mistake was made?"),
    ),
    "grade": (
        "grade:grade",
        message("Mark a whole class, with reports and the common mistakes."),
    ),
    "test": (
        "test:test",
        message("Your own function, run on problems that tell mistakes apart."),
    ),
    "exercise": (
        "exercise:exercise",
        message("Problems to work by hand, with worksheets and keys."),
    ),
    "conventions": (
        "conventions:conventions",
        message("What frameworks do otherwise, side by side and on your own numbers."),
    ),
    "example": (
        "example:example",
        message("Worked examples to run, and to copy and change."),
    ),
}
"""Name → where it lives, and its line in the list of commands."""

COMMANDS = (*OPERATIONS, *_OTHER_COMMANDS)
"""The names of all commands; those of the operations are made from their specs."""


_NUMBERS = r"-\s*\.?\d"


class Command(TyperCommand):
    """A command to which `-27 -37; -57 -67` is a matrix, not an option."""

    def make_parser(self, ctx: Any) -> Any:
        """Click's parser; what begins like a negative number is an argument to it."""
        parser = super().make_parser(ctx)
        take_option = parser._process_opts

        def take(word: str, state: Any) -> None:
            if re.match(_NUMBERS, word):
                state.largs.append(word)
            else:
                take_option(word, state)

        parser._process_opts = take  # type: ignore[method-assign, assignment]
        return parser


def _described(name: str) -> "Described":
    from .operations import Described, operation_command

    if name in OPERATIONS:
        return operation_command(spec(name))
    module, _, function = _OTHER_COMMANDS[name][0].partition(":")
    found = getattr(import_module(f".commands.{module}", __package__), function)
    return found if isinstance(found, Described) else Described(found, found.__doc__ or "")


class LazyGroup(TyperGroup):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the group's interface
        """The names of the commands, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command itself; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        from .reading import reads_texts

        command = _described(cmd_name)
        if cmd_name not in ("example", "exercise"):
            command = reads_texts(command)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        context: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
        if cmd_name == "example":  # it hands the options that it does not know on
            context |= {"ignore_unknown_options": True, "allow_extra_args": True}
        # In a raw docstring \b, which keeps the lines of an example apart, is two characters.
        words = inspect.cleandoc(command.help).replace(r"\b", "\b")
        single.command(cmd_name, cls=Command, help=words, context_settings=context)(command.run)
        made = typer.main.get_command(single)
        made.params[command.place : command.place] = [
            typer.main.get_click_param(option)[0] for option in command.options()
        ]
        return made

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        lines = [(name, line) for name, (_, line) in (OPERATIONS | _OTHER_COMMANDS).items()]
        with formatter.section(say("Commands")):
            formatter.write_dl([(name, say(line)) for name, line in lines])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or name the one that was probably meant."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = nearest(args[0], COMMANDS) or 'see "cnngrad --help".'
            ctx.fail(f'There is no command "{args[0]}". {hint[0].upper()}{hint[1:]}')
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="cnngrad",
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"cnngrad {__version__}")
        raise typer.Exit


@app.callback()
def cnngrad(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Shows how the gradients of a convolutional network come about, step by step.

    \b
      cnngrad example                  lists worked examples
      cnngrad example convolution      runs the article's
      cnngrad conv-backward --help     how to run it on your own numbers
    """  # noqa: D301 - the \b is Click's


_CHOICE = r"'(?P<given>[^']*)' is not one of (?P<known>.*)\."


def _meant(error: Any) -> str:
    """The word of a choice that was probably meant."""
    match = re.search(_CHOICE, error.format_message())
    hint = nearest(match["given"], re.findall("'(.*?)'", match["known"])) if match else ""
    return f" {hint[0].upper()}{hint[1:]}" if hint else ""


def run(arguments: list[str] | None) -> int:
    """Parse the arguments and run a command; returns its exit code."""
    command = typer.main.get_command(app)
    try:
        code = command.main(arguments, prog_name="cnngrad", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as stop:
        # Click's way out when the reader of a pipe has seen enough of a help text.
        if isinstance(stop.__context__, BrokenPipeError):
            return ExitCode.CUT_SHORT
        raise
    except Exception as error:
        # Typer carries its own Click, whose errors know how to show themselves.
        if not hasattr(error, "show") or not hasattr(error, "exit_code"):
            raise
        words = StringIO()
        error.show(words)
        tell(words.getvalue().rstrip() + _meant(error))
        return int(error.exit_code)
    return int(code or 0)
