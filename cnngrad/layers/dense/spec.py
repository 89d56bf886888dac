"""What a fully connected layer takes, forward and backward: matrices, settings and help."""

from ...core.settings import (
    ACTIVATION,
    BATCH,
    CORNER_SLOPE,
    DENSE_LAYOUT,
    LEARNING_RATE,
    LIKE,
    SLOPE,
    Setting,
)
from ...core.spec import A_PREV, DZ, Operand, OpSpec
from ...core.text import HelpText, message

ROWS = message("the numbers of one sample (n) or a row for each sample (N, n)")

A_ROWS = A_PREV._replace(rank=2, least=1, forms=ROWS)
W = Operand(
    "W",
    "weights",
    rank=2,
    least=1,
    forms=message("a row for each unit (n_out, n_in)"),
    help=message("W, one row for each unit."),
)
B = Operand("b", "bias", optional=True, vector=True, help=message("b, one for each unit."))
DZ_ROWS = DZ._replace(rank=2, least=1, forms=ROWS)
Z_PREV = Operand(
    "Z_prev",
    "z",
    optional=True,
    rank=2,
    least=1,
    forms=ROWS,
    help=message("Z_prev: what that activation was given."),
)

LAYOUTS = (DENSE_LAYOUT, LIKE)

_SHAPES = message(
    "The input is one sample's numbers, or a row for each sample; W has a row for each unit."
)

FORWARD = OpSpec(
    "dense",
    "forward",
    (A_ROWS, W, B),
    LAYOUTS,
    help=HelpText(
        title=message("A fully connected layer, unit by unit: Z = A_prev·Wᵀ + b."),
        example=r"""
cnngrad dense-forward --input '1 2 3' --weights '1 0 2; 0 1 -1' \
                      --bias '10 20'
""",
        notes=(_SHAPES,),
    ),
)
BACKWARD = OpSpec(
    "dense",
    "backward",
    (A_ROWS, W, B, DZ_ROWS, Z_PREV),
    (
        BATCH,
        Setting(
            "activation",
            ACTIVATION,
            None,
            message("Go on through this activation of the layer before."),
            per_layer=False,
        ),
        SLOPE._replace(per_layer=False),
        CORNER_SLOPE._replace(per_layer=False),
        LEARNING_RATE,
        *LAYOUTS,
    ),
    help=HelpText(
        title=message("dA_prev, dW and db of a fully connected layer, step by step."),
        example=r"""
cnngrad dense-backward --input '1 0 3' --weights '1 0 2; 0 1 -1' \
                       --dz '1 -2' --activation relu --z '1 -4 3' \
                       --learning-rate 0.1
""",
        notes=(
            _SHAPES,
            message(
                "With --activation and --z the error goes on to the layer before:"
                " dZ_prev = dA_prev ⊙ f'(z)."
            ),
            message("The bias is only needed where --learning-rate changes it."),
        ),
    ),
)
