"""The options that commands share, each written once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..show.formats import PRINTED

if TYPE_CHECKING:
    Format = str
else:
    Format = Literal[PRINTED]

ProblemFile = Annotated[
    str | None,
    typer.Argument(metavar="[PROBLEM]", help="A problem file (JSON), or - for standard input."),
]
Input = Annotated[
    str | None,
    typer.Option("--input", metavar="DATA", help="A_prev: a file, -, or numbers: '0 1; 2 3'."),
]
Kernel = Annotated[str | None, typer.Option("--kernel", metavar="DATA", help="The kernel W.")]
Bias = Annotated[str | None, typer.Option("--bias", metavar="DATA", help="b, one for each filter.")]
Dz = Annotated[str | None, typer.Option("--dz", metavar="DATA", help="dZ, the output's error.")]

Stride = Annotated[str | None, typer.Option(metavar="S", help="2, or height,width as 2,1.")]
Padding = Annotated[
    str | None,
    typer.Option(
        metavar="P",
        help="1; height,width; top,bottom,left,right; valid, same or same-lower.",
    ),
]
Dilation = Annotated[str | None, typer.Option(metavar="D", help="As stride.")]
Groups = Annotated[int | None, typer.Option(metavar="G", help="Groups of channels.")]
Weights = Annotated[
    str | None, typer.Option("--weights", metavar="DATA", help="W, one row for each unit.")
]
UnitBias = Annotated[
    str | None, typer.Option("--bias", metavar="DATA", help="b, one for each unit.")
]
Activation = Annotated[
    Literal["identity", "relu", "leaky-relu", "sigmoid", "tanh", "softmax"] | None,
    typer.Option("--activation", help="Go on through this activation of the layer before."),
]
ZPrev = Annotated[
    str | None,
    typer.Option("--z", metavar="DATA", help="Z_prev: what that activation was given."),
]
Slope = Annotated[str | None, typer.Option(metavar="S", help="Of the leaky ReLU; 1/100.")]
LearningRate = Annotated[
    str | None,
    typer.Option(
        "--learning-rate", metavar="ALPHA", help="Take a step: W := W − α·dW, b := b − α·db."
    ),
]
Batch = Annotated[
    Literal["mean", "sum"] | None,
    typer.Option(help="Divide dW and db by N (mean, the default), or not (sum, as PyTorch)."),
]

Gradient = Annotated[
    list[str] | None,
    typer.Option("--gradient", metavar="NAME", help="Only this result; repeatable."),
]
Steps = Annotated[
    str | None,
    typer.Option(
        "--steps", "--step", metavar="WHICH", help="all, none, a number as 3, or a range as 3-7."
    ),
]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to print the result.")]
Output = Annotated[
    list[Path] | None,
    typer.Option("--output", metavar="FILE", help="Write a file as its ending says; repeatable."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")]
Check = Annotated[
    str | None,
    typer.Option("--check", metavar="ANSWER", help="Check this answer, as cnngrad check does."),
]
Exact = Annotated[
    bool | None,
    typer.Option("--exact/--float", help="Compute in fractions or in float64, whatever the size."),
]
NoColor = Annotated[bool, typer.Option("--no-color", help="Plain text with brackets.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no table and no notes.")]
