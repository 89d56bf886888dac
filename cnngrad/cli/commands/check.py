"""`check`: an answer compared with the truth, and the mistake named."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ...core.errors import ExitCode, NumberError, UsageError
from ...core.text import Count, HelpText, message, say
from .. import options as opt
from ..marking import Wishes
from ..operations import Options, takes_problem

if TYPE_CHECKING:
    from fractions import Fraction

    from ...grading.marker import Marker
    from ...grading.network_marker import NetworkMarker
    from ..screen import Screen

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROBLEM] ANSWER",
        help=message(
            "A problem file (JSON, or -), unless options pose the problem; and the answer: a JSON"
            " object with any of dA_prev, dW, db (or Z, A), or a single matrix: a file, -, or"
            " numbers."
        ),
    ),
]
Gradient = Annotated[
    str | None,
    typer.Option("--gradient", metavar="NAME", help=message("Which gradient a single matrix is.")),
]
Layer = Annotated[
    str | None,
    typer.Option(
        "--layer", metavar="NAME", help=message("In a network file: the layer that is meant.")
    ),
]
HideSolution = Annotated[
    bool,
    typer.Option(
        "--hide-solution", help=message("Show which cells are wrong and a hint, no solution.")
    ),
]
HintLevel = Annotated[
    int | None,
    typer.Option(
        "--hint-level",
        metavar="1-3",
        min=1,
        max=3,
        help=message("1: where; 2: what rule; 3: everything."),
    ),
]
Decimals = Annotated[
    int | None, typer.Option(metavar="N", help=message("Right if right to N decimals (0 to 15)."))
]
Tolerance = Annotated[
    str | None,
    typer.Option(metavar="T", help=message("Right if no further off than this: 0.01, 1/100.")),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="NAME",
        help=message(
            "Right under this convention too: batch=sum, ties=all, layout=nhwc, flip, like=keras"
            " …; repeatable."
        ),
    ),
]
NoFollow = Annotated[
    bool,
    typer.Option(
        "--no-follow",
        help=message("Do not count as right what follows from a wrong result of one's own."),
    ),
]
CheckFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help=message("How to print the verdict."))
]


HELP = HelpText(
    message("Check an answer: which cells are right, and what most likely happened."),
    example=r"""
cnngrad check problem.json answer.json
cnngrad check problem.json '-27 -37; -57 -67' --gradient dW
cnngrad check problem.json answer.json --hide-solution
cnngrad check --input '1 2; 3 4' --window 2 --dz 5 '0 0; 0 5'
""",
    notes=(
        message(
            "A cell is right when it equals the exact value, or that value rounded to the"
            " decimals that it is written with (two or more); one that is left open (null or"
            ' "_") is wrong. Exit code: 0 right, 1 wrong, 3 unusable.'
        ),
    ),
)


@takes_problem
def check(
    words: Words = None,
    gradient: Gradient = None,
    layer: Layer = None,
    hide_solution: HideSolution = False,
    hint_level: HintLevel = None,
    decimals: Decimals = None,
    tolerance: Tolerance = None,
    accept: Accept = None,
    no_follow: NoFollow = False,
    format: CheckFormat = "table",  # noqa: A002 - the option's name
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
    *,
    options: Options,
) -> int:
    """Run `check`, as HELP tells it."""
    from ..screen import Screen

    problem, answer = _told_apart(words or (), any(v is not None for v in options.values()))
    if answer.strip() == "-" and any(str(v).strip() == "-" for v in (problem, *options.values())):
        raise UsageError(say("Standard input can give the problem or the answer, not both."))
    screen = Screen(no_color, quiet)
    level, note = _level(hint_level, hide_solution)
    wishes = Wishes(decimals, tolerance_of(tolerance), exact, tuple(accept or ()), not no_follow)
    marker = _marker_of(problem, options, layer, wishes)
    return judge(marker, answer, gradient, format=format, level=level, screen=screen, note=note)


def _marker_of(
    file: str | None, options: Options, layer: str | None, wishes: Wishes
) -> "Marker | NetworkMarker":
    """The marker of a problem, of a whole network, or of one layer of it.

    Raises
    ------
    CnngradError
        The file and the options pose nothing that can be answered.
    """
    from ..marking import network_marker, problem_marker
    from ..problem_input import posed

    if file is not None and not _has_options(options):
        from ...files.problem_reader import problem_of, read_object

        data, source = read_object(file)
        if data.get("op") == "network-backward" or layer is not None:
            from ...network import network_from

            accept = (*wishes.accept, *_accepted(data))
            network = network_from(data, source, wishes.exact)
            return network_marker(network, layer, wishes._replace(accept=accept))
        wishes = wishes._replace(accept=(*wishes.accept, *_accepted(data)))
        return problem_marker(posed(problem_of(data, source), options, wishes.exact), wishes)
    return problem_marker(posed(file, options, wishes.exact), wishes)


def _has_options(options: Options) -> bool:
    return any(value is not None for value in options.values())


def _accepted(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The conventions that a file itself accepts."""
    stated = data.get("accept", ())
    return (stated,) if isinstance(stated, str) else tuple(map(str, stated or ()))


def _told_apart(words: Sequence[str], posed_by_options: bool) -> tuple[str | None, str]:
    """The problem file, if any, and the answer."""
    if len(words) == 2:
        return words[0], words[1]
    if len(words) == 1 and posed_by_options:
        return None, words[0]
    raise UsageError(
        say("check takes a problem and an answer."),
        found=say("{words:# word|# words}", words=Count(len(words))),
        expected=say("cnngrad check problem.json answer.json"),
        fix=say("or pose the problem with --input and its like, and give the answer alone"),
    )


def tolerance_of(text: str | None) -> "Fraction | None":
    """Understand `--tolerance`."""
    from fractions import Fraction

    return None if text is None else Fraction(number(text, "--tolerance"))


def number(text: str, option: str) -> "int | Fraction":
    """Understand the number that an option takes."""
    from ...core.numbers import parse

    try:
        return parse(text)
    except NumberError as error:
        raise UsageError(
            say("{option} needs a number.", option=option),
            found=error.found,
            expected=say("0.5, 2 or 1/3"),
        ) from None


def _level(wanted: int | None, hide_solution: bool) -> tuple[int, str]:
    """How much the verdict tells, and what is to be said of that."""
    from ...grading.messages import FULL, RULE
    from ...grading.verdict_texts import HIDDEN

    if not hide_solution:
        return wanted or FULL, ""
    return min(wanted or RULE, RULE), say(HIDDEN) if wanted == FULL else ""


def judge(
    marker: "Marker | NetworkMarker",
    answer: str,
    gradient: str | None,
    *,
    format: str,  # noqa: A002
    level: int,
    screen: "Screen",
    note: str = "",
) -> ExitCode:
    """Mark an answer, print the verdict, and tell by the exit code whether it is right."""
    import json

    from ...grading.answers import read_answer
    from ...grading.marker import Marker
    from ..progress import busy
    from ..screen import emit

    with busy(say("marking"), screen):
        shapes = {name: truth.shape for name, truth in marker.truths.items()}
        verdict = marker.check(read_answer(answer, marker.names, gradient, shapes=shapes))
    if note:
        screen.note(note)
    if format == "json":
        if not screen.quiet:
            emit(json.dumps(verdict.json(level), ensure_ascii=False, indent=2) + "\n")
    else:
        from ...show.terminal.verdict import network_verdict_blocks, verdict_blocks

        if isinstance(marker, Marker):
            screen.show(verdict_blocks(marker.problem, verdict, level, screen.look))
        else:
            screen.show(network_verdict_blocks(marker.problems, verdict, level, screen.look))
    return ExitCode.DONE if verdict.correct else ExitCode.WRONG_ANSWER
