"""`conv-forward` and `conv-backward`."""

from .. import options as opt
from ..request import Request


def forward(
    problem: opt.ProblemFile = None,
    input: opt.Input = None,  # noqa: A002 - the option's name
    kernel: opt.Kernel = None,
    bias: opt.Bias = None,
    stride: opt.Stride = None,
    padding: opt.Padding = None,
    dilation: opt.Dilation = None,
    groups: opt.Groups = None,
    steps: opt.Steps = None,
    format: opt.OutputFormat = "table",  # noqa: A002
    output: opt.Output = None,
    force: opt.Force = False,
    check: opt.Check = None,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    r"""Convolve, window by window: Z = A_prev ∗ W + b.

    \b
      cnngrad conv-forward --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3'

    Matrices are files (.json .csv .tsv .txt .npy .npz), - for standard input, or the numbers
    themselves. The kernel is not flipped, as in all frameworks.
    """
    matrices = {"input": input, "kernel": kernel, "bias": bias}
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    request = Request(None, steps, format, output, force, exact, no_color, quiet, check)
    return request.run("conv-forward", problem, matrices, settings)


def backward(
    problem: opt.ProblemFile = None,
    input: opt.Input = None,  # noqa: A002
    kernel: opt.Kernel = None,
    bias: opt.Bias = None,
    dz: opt.Dz = None,
    stride: opt.Stride = None,
    padding: opt.Padding = None,
    dilation: opt.Dilation = None,
    groups: opt.Groups = None,
    batch: opt.Batch = None,
    learning_rate: opt.LearningRate = None,
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
    r"""dA_prev, dW and db of a convolution, step by step.

    \b
      cnngrad conv-backward --input '0 1 2; 3 4 5; 6 7 8' \
                            --kernel '0 1; 2 3' --dz '-1 -2; -3 -4'

    Matrices are files (.json .csv .tsv .txt .npy .npz), - for standard input, or the numbers
    themselves. dW and db are divided by the number of samples unless --batch sum is given.
    The bias is only needed where --learning-rate changes it.
    """
    matrices = {"input": input, "kernel": kernel, "bias": bias, "dz": dz}
    settings = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "batch": batch,
        "learning_rate": learning_rate,
    }
    request = Request(gradient, steps, format, output, force, exact, no_color, quiet, check)
    return request.run("conv-backward", problem, matrices, settings)
