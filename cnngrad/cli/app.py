"""The commands, each imported only when it is called."""

import re
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ..core.errors import ExitCode, closest
from ..core.text import HelpText, message, say
from ..layers import OPERATIONS, spec
from .click_words import remarked, usage_error
from .streams import tell

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

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
    "help": ("help:show_help", message("What a command does, and all its options.")),
}
"""Name → where it lives, and its line in the list of commands."""

COMMANDS = (*OPERATIONS, *_OTHER_COMMANDS)
"""The names of all commands; those of the operations are made from their specs."""


_ARGUMENTS, _OPTIONS = message("Arguments"), message("Options")
_NUMBERS = r"-\s*\.?\d"


class _Worded:
    """A command whose help page is in the language that was chosen."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """How it is called."""
        pieces: list[str] = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), say("Usage: "))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Its arguments and options."""
        parts: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            if param.help:
                param.help = say(param.help)
            if record := param.get_help_record(ctx):
                parts[param.param_type_name].append((record[0], remarked(record[1])))
        for heading, rows in ((_ARGUMENTS, parts["argument"]), (_OPTIONS, parts["option"])):
            if rows:
                with formatter.section(say(heading)):
                    formatter.write_dl(rows)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """What the shell may go on with, and what each of it does."""
        items: list[Any] = super().shell_complete(ctx, incomplete)  # type: ignore[misc]
        for item in items:
            item.help = say(item.help) if item.help else item.help
        return items


class Command(_Worded, TyperCommand):
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


def _described(name: str) -> "tuple[Described, HelpText]":
    """A command, and what its help says."""
    from .operations import Described, operation_command

    if name in OPERATIONS:
        return operation_command(spec(name)), spec(name).help
    place, _, function = _OTHER_COMMANDS[name][0].partition(":")
    module = import_module(f".commands.{place}", __package__)
    found = getattr(module, function)
    return found if isinstance(found, Described) else Described(found), module.HELP


def _digits(wanted: int | None, _others: object) -> "AbstractContextManager[None]":
    """Write results with so many digits; only now is NumPy loaded, so that help comes at once."""
    from ..core.notation import shown_digits

    return shown_digits(wanted)


class LazyGroup(_Worded, TyperGroup):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the group's interface
        """The names of the commands, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command itself; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        from . import options as opt
        from .colour import colours
        from .more_options import with_option
        from .opening import pages_opened
        from .reading import reads_texts

        command, help_text = _described(cmd_name)
        if cmd_name not in ("example", "exercise"):
            command = reads_texts(command)
        run = with_option(command.run, "color", opt.Color, colours)
        if cmd_name in (*OPERATIONS, "network-backward", "explain"):
            run = with_option(run, "digits", opt.Digits, _digits, before="color")
        if cmd_name in (*OPERATIONS, "network-backward", "conventions", "grade"):
            run = with_option(run, "open_pages", opt.Open, pages_opened, "force", False)
        command = command._replace(run=run)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        context: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
        if cmd_name == "example":  # it hands the options that it does not know on
            context |= {"ignore_unknown_options": True, "allow_extra_args": True}
        words = help_text.whole()
        single.command(cmd_name, cls=Command, help=words, context_settings=context)(command.run)
        made = typer.main.get_command(single)
        made.params[command.place : command.place] = [
            typer.main.get_click_param(option)[0] for option in command.options()
        ]
        return made

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Its options, and its commands below."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """What the program does."""
        self.help = HELP.whole()
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        lines = [(name, line) for name, (_, line) in (OPERATIONS | _OTHER_COMMANDS).items()]
        with formatter.section(say("Commands")):
            formatter.write_dl([(name, say(line)) for name, line in lines])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or name the one that was probably meant."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(
                say('There is no command "{word}". {hint}', word=args[0], hint=_other(args[0]))
            )
        return super().resolve_command(ctx, args)


HELP = HelpText(
    message("Shows how the gradients of a convolutional network come about, step by step."),
    notes=(
        message(
            "\b\n"
            "  cnngrad example                  lists worked examples\n"
            "  cnngrad example convolution      runs the article's\n"
            "  cnngrad conv-backward --help     how to run it on your own numbers"
        ),
    ),
)

app = typer.Typer(
    name="cnngrad",
    cls=LazyGroup,
    help=HELP.title,
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
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=message("Show the version.")
        ),
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="LANGUAGE",
            help=message("The language of all that is said: en, or another that is installed."),
        ),
    ] = None,
    no_limits: Annotated[
        bool,
        typer.Option(
            "--no-limits",
            help=message("Also compute what takes more than a minute or half of the memory."),
        ),
    ] = False,
) -> None:
    """Run the program, as HELP tells it."""


def _other(word: str) -> str:
    """The command that was probably meant, or both where a kind of layer is named."""
    meant = closest(word, COMMANDS)
    forward = meant.removesuffix("backward") + "forward"
    if meant and "-" not in word and meant.endswith("-backward") and forward in COMMANDS:
        return say('Did you mean "{one}" or "{other}"?', one=meant, other=forward)
    return say('Did you mean "{word}"?', word=meant) if meant else say('See "cnngrad --help".')


_CHOICE = r"'(?P<given>[^']*)' is not one of (?P<known>.*)\."


def _meant(error: Any) -> str:
    """The option, or the word of a choice, that was probably meant."""
    if hasattr(error, "possibilities"):
        names = [name for p in error.ctx.command.params for name in (*p.opts, *p.secondary_opts)]
        meant = closest(error.option_name, [name for name in names if name.startswith("-")])
        return ". " + say('Did you mean "{word}"?', word=meant) if meant else ""
    match = re.search(_CHOICE, error.format_message())
    meant = closest(match["given"], re.findall("'(.*?)'", match["known"])) if match else ""
    return " " + say('Did you mean "{word}"?', word=meant) if meant else ""


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
        hint = _meant(error)
        if hasattr(error, "possibilities"):
            error.possibilities = None  # which are like it, but not what it means
        words = StringIO()
        error.show(words)
        tell(usage_error(words.getvalue().rstrip()) + hint)
        return int(error.exit_code)
    return int(code or 0)
