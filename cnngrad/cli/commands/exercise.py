"""`exercise`: problems to work by hand, with worksheets and keys."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...core.errors import ExitCode, UsageError
from ...core.settings import BATCH, LIKE
from ...core.text import HelpText, message, say, series
from ...layers import spec
from .. import options as opt
from ..operations import Options, takes_settings

if TYPE_CHECKING:
    from ...core.problem import Problem
    from ...grading.exercises import Wish
    from ..screen import Screen

Op = Annotated[
    str | None,
    typer.Argument(
        metavar="[OP]",
        help=message(
            "conv-backward, conv-forward, pool-backward, pool-forward, dense-backward,"
            " dense-forward or network-backward."
        ),
    ),
]
Difficulty = Annotated[
    int,
    typer.Option(
        metavar="1-5",
        help=message("1: one small matrix; 3: strides; 5: padding, channels and a batch."),
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(metavar="N", help=message("The same seed gives the same exercise again.")),
]
Size = Annotated[
    str | None, typer.Option(metavar="S", help=message("The input: 4, or height,width as 4,5."))
]
KernelSize = Annotated[
    str | None,
    typer.Option(
        "--kernel-size", "--window", metavar="K", help=message("Kernel or pooling window.")
    ),
]
Samples = Annotated[
    int | None, typer.Option(min=1, metavar="N", help=message("Samples in the batch."))
]
Channels = Annotated[
    int | None, typer.Option(min=1, metavar="C", help=message("Channels of the input."))
]
Filters = Annotated[
    int | None,
    typer.Option(min=1, metavar="F", help=message("Filters, or units of a dense layer.")),
]
CountOfVariants = Annotated[
    int | None,
    typer.Option(min=1, max=9999, metavar="N", help=message("A variant for each of N students.")),
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--output", metavar="DIR", help=message("Write problem, worksheet and key there.")
    ),
]
Roster = Annotated[
    Path | None,
    typer.Option("--roster", metavar="FILE", help=message("A variant for each name, one a line.")),
]
Autograder = Annotated[
    Path | None,
    typer.Option(
        "--gradescope-autograder",
        metavar="DIR",
        help=message("Write an autograder for Gradescope there, which marks this exercise."),
    ),
]
SheetFormat = Annotated[
    Literal["table", "markdown", "json"],
    typer.Option("--format", help=message("Print the sheet, its Markdown, or the problem file.")),
]
ForTests = Annotated[
    bool,
    typer.Option(
        "--for-tests", help=message("Write a test file by which each known mistake is seen.")
    ),
]
Practice = Annotated[
    bool, typer.Option("--practice", help=message("Solve it here, row by row, with hints."))
]

DEFAULT = "conv-backward"
"""What --practice asks unless told otherwise."""
SEEDS = 1_000_000
SEEDS_OF_CLASSES = 10**18
"""So many that no student finds the class's by trying."""
SETTINGS = (
    spec("conv-backward").setting("stride"),
    spec("conv-backward").setting("padding"),
    spec("pool-backward").setting("mode"),
    BATCH,
    LIKE,
)
"""Settings of the problem that a person may fix, where the kind of exercise has them."""


HELP = HelpText(
    message("Problems to work by hand: small numbers that tell the common mistakes apart."),
    example=r"""
cnngrad exercise conv-backward
cnngrad exercise --practice
cnngrad exercise pool-backward --difficulty 3 --seed 7 --output mine
cnngrad exercise conv-backward --count 30 --output class
cnngrad exercise conv-backward --roster names.txt --output class
cnngrad exercise conv-backward --for-tests --output tests
""",
    notes=(
        message(
            "\x08\n"
            "--output DIR writes\n"
            "  DIR/problem.json     the problem file, for check and its own command\n"
            "  DIR/worksheet.md     the sheet to print, with empty cells\n"
            "  DIR/key.md           every step, and what common mistakes give\n"
            "  DIR/key.json         the right answer"
        ),
        message(
            "\x08\n"
            "With --count or --roster, each student has a folder, and the keys one of\n"
            "their own:\n"
            "  DIR/student01/problem.json, worksheet.md     to hand out\n"
            "  DIR/keys/student01.md, student01.json        to keep\n"
            "Collect the answers as DIR/student01/answer.json and run\n"
            '"cnngrad grade DIR"; or put them all into one folder, as\n'
            'answers/student01.json, and run "cnngrad grade DIR answers".'
        ),
    ),
)


@takes_settings(*SETTINGS)
def exercise(
    op: Op = None,
    difficulty: Difficulty = 1,
    seed: Seed = None,
    size: Size = None,
    kernel_size: KernelSize = None,
    samples: Samples = None,
    channels: Channels = None,
    filters: Filters = None,
    *,
    options: Options,
    practice: Practice = False,
    for_tests: ForTests = False,
    count: CountOfVariants = None,
    roster: Roster = None,
    output: Into = None,
    gradescope_autograder: Autograder = None,
    force: opt.Force = False,
    format: SheetFormat = "table",  # noqa: A002 - the option's name
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `exercise`, as HELP tells it."""
    from secrets import randbelow

    from ...grading.exercises import KINDS, Wish
    from ..exercise_files import names_of
    from ..screen import Screen

    if op is None and not practice:
        raise UsageError(
            say("exercise needs to know of what."),
            expected=series(KINDS),
            fix=say("cnngrad exercise conv-backward, or cnngrad exercise --practice"),
        )
    if (count is not None or roster is not None) and output is None:
        raise UsageError(
            say("A class makes many files."), expected=say("--output DIR to write them to")
        )
    if gradescope_autograder is not None and (count is not None or roster is not None):
        raise UsageError(
            say("Gradescope marks one problem that all answer."),
            fix=say("leave --count and --roster out"),
        )
    if for_tests:
        from .for_tests import write_tests

        return write_tests(
            op or DEFAULT, options.get("mode"), output, force, Screen(no_color, quiet)
        )
    if op == "network-backward":
        from .network_exercise import network_exercise, refuse_sizes

        sizes = {"size": size, "kernel-size": kernel_size, "samples": samples}
        refuse_sizes({**sizes, "channels": channels, "filters": filters, **options})
        seed = randbelow(SEEDS) if seed is None else seed
        screen = Screen(no_color, quiet)
        students = names_of(count, roster)
        return network_exercise(difficulty, seed, students, output, format, force, screen)
    wish = Wish(
        op or DEFAULT,
        difficulty,
        size=size,
        kernel_size=kernel_size,
        samples=samples,
        channels=channels,
        filters=filters,
        **options,
    )
    names = names_of(count, roster)
    seed = randbelow(SEEDS if names is None else SEEDS_OF_CLASSES) if seed is None else seed
    screen = Screen(no_color, quiet)
    if practice:
        from .practice import practise

        return practise(wish, seed, screen)
    if output is not None:
        _write(wish, seed, names, output, force, screen)
    if gradescope_autograder is not None:
        _write_autograder(wish, seed, gradescope_autograder, force, screen)
    if output is not None or gradescope_autograder is not None:
        return ExitCode.DONE
    problem = next(_posed(wish, seed, None))
    _print(problem, wish, seed, format, screen)
    return ExitCode.DONE


def _posed(wish: "Wish", seed: int, count: int | None) -> "Iterator[Problem]":
    """The problems under their titles."""
    from ...grading.exercises import exercises
    from ...show.print.worksheet import title

    for number, problem in enumerate(exercises(wish, seed, count or 1), 1):
        yield replace(problem, title=title(problem, seed, number if count else None))


def _command(wish: "Wish", seed: int) -> str:
    """What makes this exercise again."""
    options = {**wish._asdict(), "seed": seed}
    words = [
        f"--{name.replace('_', '-')} {value}"
        for name, value in options.items()
        if value is not None and name != "op"
    ]
    return " ".join(["cnngrad exercise", wish.op, *words])


def _print(problem: "Problem", wish: "Wish", seed: int, style: str, screen: "Screen") -> None:
    from ...files.problem_writer import problem_text
    from ...show.print.worksheet import note, worksheet, worksheet_markdown
    from ..screen import emit

    if style == "markdown":
        emit(worksheet_markdown(problem))
    elif style == "json":
        emit(problem_text(problem, note(_command(wish, seed))))
    else:
        screen.show(worksheet(problem, screen.look))
        screen.note(
            say(
                "seed {seed}; --seed {seed} gives it again, --output DIR its files and key",
                seed=seed,
            )
        )


def _write(
    wish: "Wish",
    seed: int,
    names: list[str] | None,
    folder: Path,
    force: bool,
    screen: "Screen",
) -> None:
    """Write the files of one exercise, or of one for each student."""
    from ..exercise_files import of_class, single, write_all

    places = [single(folder)] if names is None else of_class(folder, names)
    count = None if names is None else len(names)
    again = "" if count is None else f" --count {count}"
    command = _command(wish, seed) + again
    write_all(_posed(wish, seed, count), places, folder, command, force, screen)
    told = say(
        "wrote {path}: {count} of {op}, seed {seed}",
        path=folder,
        count=len(places),
        op=wish.op,
        seed=seed,
    )
    screen.note(told)


def _write_autograder(wish: "Wish", seed: int, folder: Path, force: bool, screen: "Screen") -> None:
    """Write what marks this exercise on Gradescope."""
    from ...files.atomic import check_free, make_folder, write_whole
    from ...files.problem_writer import problem_text
    from ...grading.classroom.autograder import autograder_files, copy_program

    problem = next(_posed(wish, seed, None))
    files = autograder_files(problem_text(problem))
    for name in files:
        check_free(folder / name, force)
    make_folder(folder)
    for name, data in files.items():
        write_whole(folder / name, data, force)
        if not name.endswith(".json"):
            (folder / name).chmod(0o755)
    copy_program(folder)
    screen.note(say("wrote {path}: zip what is in it, and upload that to Gradescope", path=folder))
