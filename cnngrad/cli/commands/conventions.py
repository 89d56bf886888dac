"""`conventions`: what frameworks do otherwise, side by side and on a person's own numbers."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ...core.errors import ExitCode, UsageError
from ...core.text import HelpText, message, say, series
from .. import options as opt
from ..operations import Options, takes_problem

if TYPE_CHECKING:
    from ...layers.comparison import Comparison
    from ...pictures.blocks import OutlineBlock

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME]...", help=message("Profiles, such as pytorch keras; all unless given.")
    ),
]
ProblemOption = Annotated[
    str | None,
    typer.Option("--problem", metavar="FILE", help=message("Own numbers: a problem file, or -.")),
]
ConventionsFormat = Annotated[
    Literal["table", "markdown", "html", "json"],
    typer.Option("--format", help=message("How to print them.")),
]


HELP = HelpText(
    message("What frameworks do otherwise: the table, some side by side, or on your own numbers."),
    example=r"""
cnngrad conventions
cnngrad conventions pytorch keras
cnngrad conventions pytorch mlx --input '1 1; 1 1' --dz 4 --window 2
""",
    notes=(
        message(
            "With a problem, each profile computes it, and every cell that differs is"
            " explained. What a profile is called here is what --like takes."
        ),
    ),
)


@takes_problem
def conventions(
    names: Names = None,
    problem: ProblemOption = None,
    format: ConventionsFormat = "table",  # noqa: A002 - the option's name
    output: opt.Output = None,
    force: opt.Force = False,
    sources: Annotated[
        bool, typer.Option("--sources", help=message("Say in which call each value was seen."))
    ] = False,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
    *,
    options: Options,
) -> int:
    """Run `conventions`, as HELP tells it."""
    from ...core.conventions import profile_name
    from ...files.atomic import write_whole
    from ..screen import Screen, emit

    chosen = list(dict.fromkeys(profile_name(name) for name in names or ()))
    own = problem is not None or any(value is not None for value in options.values())
    if own and len(chosen) < 2:
        raise UsageError(
            say("Own numbers are compared under two profiles or more."),
            expected=say("two names, such as pytorch keras"),
        )
    _refuse_targets(output or [], force)
    screen = Screen(no_color, quiet)
    compared = _compared(problem, options, chosen) if own else None
    if format == "table":
        from ...show.terminal.document import document

        screen.show(document(_blocks(chosen, compared, sources), screen.look))
    elif not quiet:
        emit(_text(ENDINGS[format], chosen, compared, sources))
    for path in output or ():
        text = _text(path.suffix.lower(), chosen, compared, sources)
        write_whole(path, text.encode(), force)
        screen.note(say("wrote {file}", file=path.name))
    return ExitCode.DONE


ENDINGS = {"markdown": ".md", "html": ".html", "json": ".json"}
WRITTEN = (".md", ".html", ".txt", ".tex", ".json")
"""The endings of files that hold conventions."""


def _refuse_targets(paths: Sequence[Path], force: bool) -> None:
    from ...files.atomic import check_targets

    for path in paths:
        if path.suffix.lower() not in WRITTEN:
            raise UsageError(
                say("The output's ending is unknown."),
                where=str(path),
                found=path.suffix or say("no ending"),
                expected=series(WRITTEN),
            )
    check_targets(paths, force)


def _compared(file: str | None, options: Options, names: Sequence[str]) -> "Comparison":
    """The problem that a file and options pose, under each of the profiles."""
    from ...files import read_problem
    from ...layers.comparison import Comparison
    from ..problem_input import posed

    read = None if file is None else read_problem(file)
    stated = {key: value for key, value in options.items() if value is not None}
    explicit = {**(read.settings if read else {}), **stated}
    # What must be given under a profile may be left open here: each profile says its own.
    base = posed(read, {**options, "like": explicit.get("like")})
    known = {setting.name for setting in base.options}
    return Comparison(base, {k: v for k, v in explicit.items() if k in known}, names)


def _blocks(
    names: Sequence[str], compared: "Comparison | None", sources: bool
) -> "Iterator[OutlineBlock]":
    from ...layers.profiles import profiles_outline, sources_outline

    yield from profiles_outline(names)
    if compared is not None:
        from ...layers.comparison import comparison_outline

        yield from comparison_outline(compared)
    if sources:
        yield from sources_outline()


def _text(style: str, names: Sequence[str], compared: "Comparison | None", sources: bool) -> str:
    """The conventions as a file of this ending holds them."""
    if style == ".json":
        return _json(names, compared)
    blocks = _blocks(names, compared, sources)
    if style == ".html":
        from ...show.web.conventions import conventions_page

        return conventions_page(blocks)
    faces = {".md": "print.markdown", ".tex": "print.latex", ".txt": "terminal.document"}
    face = import_module(f"....show.{faces[style]}", __name__)
    return "".join(face.rendered(blocks))


def _json(names: Sequence[str], compared: "Comparison | None") -> str:
    import json

    from ... import __version__
    from ...core.conventions import PROFILES

    data: dict[str, Any] = {"cnngrad": __version__, "op": "conventions", "profiles": {}}
    for name in names or PROFILES:
        known = PROFILES[name]
        data["profiles"][name] = {
            "title": known.title,
            "version": known.version,
            "values": {key: value._asdict() for key, value in known.values.items()},
        }
    if compared is not None:
        from ...layers.comparison import differences_json

        data["refused"] = {name: str(e).splitlines()[0] for name, e in compared.refused.items()}
        data["differences"] = differences_json(compared)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
