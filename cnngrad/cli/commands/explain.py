"""`explain`: why a cell is what it is."""

from typing import Annotated, Literal

import typer

from .. import options as opt
from ..operations import Options, takes_problem

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROBLEM] CELL...",
        help="A problem file (JSON, or - for standard input), and cells such as dA_prev[1,1].",
    ),
]
Reverse = Annotated[
    list[str] | None,
    typer.Option(
        "--reverse",
        metavar="CELL",
        help="What a given cell (of A_prev, W, b or dZ) feeds; repeatable.",
    ),
]
Symbols = Annotated[bool, typer.Option("--symbols", help="Letters only.")]
ExplainFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help="How to print it.")
]


@takes_problem
def explain(
    words: Words = None,
    reverse: Reverse = None,
    symbols: Symbols = False,
    format: ExplainFormat = "table",  # noqa: A002 - the option's name
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    *,
    options: Options,
) -> int:
    """Why a cell is what it is: the terms that make it up.

    \b
      cnngrad explain --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3' \\
                      --dz '-1 -2; -3 -4' 'dA_prev[1,1]'

    Any cell of dA_prev, dW, db, Z or A, counted from 0, with as many indices as the matrix
    that was given has. In a network file the layer stands before it: conv1.dW[0,1].
    """  # noqa: D301 - the \b is Click's
    from .explaining import run

    cells = (words or (), reverse or ())
    return run(*cells, options, symbols=symbols, json=format == "json", exact=exact, plain=no_color)
