"""`dense-forward` and `dense-backward`."""

from .. import options as opt
from ..request import Request


def forward(
    problem: opt.ProblemFile = None,
    input: opt.Input = None,  # noqa: A002 - the option's name
    weights: opt.Weights = None,
    bias: opt.UnitBias = None,
    steps: opt.Steps = None,
    format: opt.OutputFormat = "table",  # noqa: A002
    output: opt.Output = None,
    force: opt.Force = False,
    check: opt.Check = None,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    r"""A fully connected layer, unit by unit: Z = A_prev·Wᵀ + b.

    \b
      cnngrad dense-forward --input '1 2 3' --weights '1 0 2; 0 1 -1' \
                            --bias '10 20'

    The input is one sample's numbers, or a row for each sample; W has a row for each unit.
    """
    matrices = {"input": input, "weights": weights, "bias": bias}
    request = Request(None, steps, format, output, force, exact, no_color, quiet, check)
    return request.run("dense-forward", problem, matrices, {})


def backward(
    problem: opt.ProblemFile = None,
    input: opt.Input = None,  # noqa: A002
    weights: opt.Weights = None,
    bias: opt.UnitBias = None,
    dz: opt.Dz = None,
    z: opt.ZPrev = None,
    activation: opt.Activation = None,
    slope: opt.Slope = None,
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
    r"""dA_prev, dW and db of a fully connected layer, step by step.

    \b
      cnngrad dense-backward --input '1 0 3' --weights '1 0 2; 0 1 -1' \
                             --dz '1 -2' --activation relu --z '1 -4 3' \
                             --learning-rate 0.1

    The input is one sample's numbers, or a row for each sample; W has a row for each unit.
    With --activation and --z the error goes on to the layer before: dZ_prev = dA_prev ⊙ f'(z).
    The bias is only needed where --learning-rate changes it.
    """
    matrices = {"input": input, "weights": weights, "bias": bias, "dz": dz, "z": z}
    settings = {
        "batch": batch,
        "activation": activation,
        "slope": slope,
        "learning_rate": learning_rate,
    }
    request = Request(gradient, steps, format, output, force, exact, no_color, quiet, check)
    return request.run("dense-backward", problem, matrices, settings)
