"""The options that commands share, each written once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..core.text import message
from ..show.formats import PRINTED

if TYPE_CHECKING:
    Format = str
else:
    Format = Literal[PRINTED]

ProblemFile = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROBLEM]", help=message("A problem file (JSON), or - for standard input.")
    ),
]
Gradient = Annotated[
    list[str] | None,
    typer.Option("--gradient", metavar="NAME", help=message("Only this result; repeatable.")),
]
Steps = Annotated[
    str | None,
    typer.Option(
        "--steps",
        "--step",
        metavar="WHICH",
        help=message("all, none, a number as 3, or a range as 3-7."),
    ),
]
OutputFormat = Annotated[Format, typer.Option("--format", help=message("How to print the result."))]
Output = Annotated[
    list[Path] | None,
    typer.Option(
        "--output", metavar="FILE", help=message("Write a file as its ending says; repeatable.")
    ),
]
Open = Annotated[
    bool, typer.Option("--open", help=message("Show the page that --output writes, in a browser."))
]
Force = Annotated[bool, typer.Option("--force", help=message("Overwrite files that exist."))]
Check = Annotated[
    str | None,
    typer.Option(
        "--check", metavar="ANSWER", help=message("Check this answer, as cnngrad check does.")
    ),
]
Exact = Annotated[
    bool | None,
    typer.Option(
        "--exact/--float", help=message("Compute in fractions or in float64, whatever the size.")
    ),
]
DecimalMark = Annotated[
    str | None,
    typer.Option(
        "--decimal-mark",
        metavar="MARK",
        help=message("The decimal mark in texts, . or , (by default as each text shows)."),
    ),
]
Header = Annotated[
    Literal["yes", "no"] | None,
    typer.Option("--header", help=message("Whether the first line of a table names its columns.")),
]
Digits = Annotated[
    int | None,
    typer.Option(
        "--digits",
        metavar="N",
        min=0,
        max=50,
        help=message("Show results as decimals with N digits behind the point."),
    ),
]
Color = Annotated[
    Literal["auto", "always", "never"] | None,
    typer.Option("--color", help=message("Colours: where they can be seen, always, or never.")),
]
NoColor = Annotated[bool, typer.Option("--no-color", help=message("Plain text with brackets."))]
Quiet = Annotated[bool, typer.Option("--quiet", help=message("Print no table and no notes."))]
