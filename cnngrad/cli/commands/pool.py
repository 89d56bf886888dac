"""`pool-forward` and `pool-backward`."""

from typing import Annotated, Literal

import typer

from .. import options as opt
from ..request import Request

Mode = Annotated[
    Literal["max", "average"] | None, typer.Option(help="The kind of pooling; max by default.")
]
Window = Annotated[
    str | None, typer.Option(metavar="K", help="The window: 2, or height,width as 3,2.")
]
PoolStride = Annotated[str | None, typer.Option(metavar="S", help="The window's size by default.")]
CeilMode = Annotated[
    bool | None,
    typer.Option("--ceil-mode", help="Let the last window reach beyond the padded input."),
]
ExcludePad = Annotated[
    bool | None,
    typer.Option(
        "--exclude-pad/--count-include-pad",
        help="Average: divide by the cells of the input only, or count the padding too.",
    ),
]
DivisorOverride = Annotated[
    int | None, typer.Option(metavar="D", help="Average: divide by this number instead.")
]
Ties = Annotated[
    Literal["first", "last", "all", "split"] | None,
    typer.Option(help="Max: who receives the error where several cells are the maximum."),
]


def forward(
    problem: opt.ProblemFile = None,
    input: opt.Input = None,  # noqa: A002 - the option's name
    mode: Mode = None,
    window: Window = None,
    stride: PoolStride = None,
    padding: opt.Padding = None,
    dilation: opt.Dilation = None,
    ceil_mode: CeilMode = None,
    exclude_pad: ExcludePad = None,
    divisor_override: DivisorOverride = None,
    steps: opt.Steps = None,
    format: opt.OutputFormat = "table",  # noqa: A002
    output: opt.Output = None,
    force: opt.Force = False,
    check: opt.Check = None,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    r"""Max or average pooling, window by window.

    \b
      cnngrad pool-forward --input '1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4' \
                           --window 2

    Matrices are files (.json .csv .tsv .txt .npy .npz), - for standard input, or the numbers
    themselves.
    """
    settings = {
        "mode": mode,
        "window": window,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": ceil_mode,
        "count_include_pad": None if exclude_pad is None else not exclude_pad,
        "divisor_override": divisor_override,
    }
    request = Request(None, steps, format, output, force, exact, no_color, quiet, check)
    return request.run("pool-forward", problem, {"input": input}, settings)


def backward(
    problem: opt.ProblemFile = None,
    input: opt.Input = None,  # noqa: A002
    dz: opt.Dz = None,
    mode: Mode = None,
    window: Window = None,
    stride: PoolStride = None,
    padding: opt.Padding = None,
    dilation: opt.Dilation = None,
    ceil_mode: CeilMode = None,
    ties: Ties = None,
    exclude_pad: ExcludePad = None,
    divisor_override: DivisorOverride = None,
    gradient: opt.Gradient = None,
    steps: opt.Steps = None,
    format: opt.OutputFormat = "table",  # noqa: A002
    output: opt.Output = None,
    force: opt.Force = False,
    check: opt.Check = None,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    r"""dA_prev of a max or average pooling, step by step.

    \b
      cnngrad pool-backward --input '1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4' \
                            --dz '3 1; 2 4' --window 2
      cnngrad pool-backward --input '1 2; 3 4' --dz 2.5 --window 2 --mode average

    Matrices are files (.json .csv .tsv .txt .npy .npz), - for standard input, or the numbers
    themselves.
    """
    settings = {
        "mode": mode,
        "window": window,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": ceil_mode,
        "ties": ties,
        "count_include_pad": None if exclude_pad is None else not exclude_pad,
        "divisor_override": divisor_override,
    }
    request = Request(gradient, steps, format, output, force, exact, no_color, quiet, check)
    return request.run("pool-backward", problem, {"input": input, "dz": dz}, settings)
