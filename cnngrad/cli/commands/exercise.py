"""`exercise`: problems to work by hand, with worksheets and keys."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...core.errors import ExitCode, UsageError
from ...core.settings import BATCH
from ...core.text import Count, HelpText, message, say, series
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
            "conv-backward, conv-forward, pool-backward, pool-forward, dense-backward or"
            " dense-forward."
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
SETTINGS = (
    spec("conv-backward").setting("stride"),
    spec("conv-backward").setting("padding"),
    spec("pool-backward").setting("mode"),
    BATCH,
)
"""Settings of the problem that a person may fix, where the kind of exercise has them."""


HELP = HelpText(
    message("Problems to work by hand: small numbers that tell the common mistakes apart."),
    example=r"""
cnngrad exercise conv-backward
cnngrad exercise --practice
cnngrad exercise pool-backward --difficulty 3 --seed 7 --output mine
cnngrad exercise conv-backward --count 30 --output class
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
            "With --count, each student has a folder, and the keys one of their own:\n"
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
    output: Into = None,
    force: opt.Force = False,
    format: SheetFormat = "table",  # noqa: A002 - the option's name
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `exercise`, as HELP tells it."""
    from secrets import randbelow

    from ...grading.exercises import KINDS, Wish
    from ..screen import Screen

    if op is None and not practice:
        raise UsageError(
            say("exercise needs to know of what."),
            expected=series(KINDS),
            fix=say("cnngrad exercise conv-backward, or cnngrad exercise --practice"),
        )
    if count is not None and output is None:
        raise UsageError(
            say("--count makes many files."), expected=say("--output DIR to write them to")
        )
    if for_tests:
        from .for_tests import write_tests

        return write_tests(
            op or DEFAULT, options.get("mode"), output, force, Screen(no_color, quiet)
        )
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
    seed = randbelow(SEEDS) if seed is None else seed
    screen = Screen(no_color, quiet)
    if practice:
        from .practice import practise

        return practise(wish, seed, screen)
    if output is not None:
        _write(wish, seed, count, output, force, screen)
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
    wish: "Wish", seed: int, count: int | None, folder: Path, force: bool, screen: "Screen"
) -> None:
    """Write the files of one exercise, or of one for each student."""
    from ...show.print.worksheet import INTERRUPTED
    from ..progress import progress
    from ..streams import tell

    if count is None:
        names: list[str] = [""]
        sheets, keys = [folder], [(folder / "key.md", folder / "key.json")]
    else:
        names = [f"student{k:0{max(len(str(count)), 2)}}" for k in range(1, count + 1)]
        sheets = [folder / name for name in names]
        kept = folder / "keys"
        keys = [(kept / f"{name}.md", kept / f"{name}.json") for name in names]
    rest = _posed(wish, seed, count)
    first = next(rest)  # what cannot be posed is told before a folder is made
    _make_room(folder, sheets, keys, force)
    posed = chain([first], rest)
    problems = progress(posed, len(names), say("exercises"), screen)
    written = 0
    try:
        for sheet, key, problem in zip(sheets, keys, problems, strict=True):
            _write_one(problem, wish, seed, sheet, key, force)
            written += 1
    except KeyboardInterrupt:
        tell(say(INTERRUPTED, written=Count(written), total=Count(len(names)), folder=folder))
        raise
    told = say(
        "wrote {path}: {count} of {op}, seed {seed}",
        path=folder,
        count=len(names),
        op=wish.op,
        seed=seed,
    )
    screen.note(told)


def _make_room(
    folder: Path, sheets: list[Path], keys: list[tuple[Path, Path]], force: bool
) -> None:
    """Make the folder, and refuse before anything is written what must not be overwritten."""
    from ...files.atomic import check_free, make_folder

    targets = [s / name for s in sheets for name in ("problem.json", "worksheet.md")]
    targets += [path for pair in keys for path in pair]
    for path in targets:
        check_free(path, force)
    make_folder(folder)


def _write_one(
    problem: "Problem",
    wish: "Wish",
    seed: int,
    sheet: Path,
    key: tuple[Path, Path],
    force: bool,
) -> None:
    from ...core.text import say
    from ...files.atomic import make_folder, write_whole
    from ...files.problem_writer import answer_text, problem_text
    from ...grading.exercises import listed
    from ...layers.rules import rule_words
    from ...show.print.worksheet import key_markdown, note, worksheet_markdown

    wrong = [
        (outcome.name, say(rule_words(outcome.code).title), outcome.values)
        for outcome in listed(problem)
    ]
    for folder in (sheet, key[0].parent):
        make_folder(folder)
    made = problem_text(problem, note(_command(wish, seed)))
    write_whole(sheet / "problem.json", made.encode(), force)
    write_whole(sheet / "worksheet.md", worksheet_markdown(problem).encode(), force)
    write_whole(key[0], key_markdown(problem, wrong).encode(), force)
    write_whole(key[1], answer_text(problem.results).encode(), force)
