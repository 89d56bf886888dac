"""What a convolution takes, forward and backward: matrices, settings and help."""

from ...core.settings import (
    BATCH,
    DIMS,
    FLIP,
    KERNEL_LAYOUT,
    LAYOUT,
    LEARNING_RATE,
    LIKE,
    Margins,
    Setting,
    Sides,
    Whole,
)
from ...core.spec import A_PREV, DZ, MATRICES, Operand, OpSpec
from ...core.text import HelpText, message

W = Operand("W", "kernel", help=message("The kernel W."))
B = Operand("b", "bias", optional=True, vector=True, help=message("b, one for each filter."))

SETTINGS = (
    Setting("stride", Sides(), 1, message("2, or height,width as 2,1.")),
    Setting(
        "padding",
        Margins(),
        0,
        message("1; height,width; top,bottom,left,right; valid, same or same-lower."),
    ),
    Setting("dilation", Sides(), 1, message("As stride."), metavar="D"),
    Setting("groups", Whole(), 1, message("Groups of channels."), metavar="G"),
    DIMS,
    FLIP,
    LAYOUT,
    KERNEL_LAYOUT,
    LIKE,
)

FORWARD = OpSpec(
    "conv",
    "forward",
    (A_PREV, W, B),
    SETTINGS,
    help=HelpText(
        title=message("Convolve, window by window: Z = A_prev ∗ W + b."),
        example="cnngrad conv-forward --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3'",
        notes=(MATRICES, message("The kernel is not flipped, as in all frameworks.")),
    ),
)
BACKWARD = OpSpec(
    "conv",
    "backward",
    (A_PREV, W, B, DZ),
    (*SETTINGS, BATCH, LEARNING_RATE),
    help=HelpText(
        title=message("dA_prev, dW and db of a convolution, step by step."),
        example=r"""
cnngrad conv-backward --input '0 1 2; 3 4 5; 6 7 8' \
                      --kernel '0 1; 2 3' --dz '-1 -2; -3 -4'
""",
        notes=(
            MATRICES,
            message("dW and db are divided by the number of samples unless --batch sum is given."),
            message("The bias is only needed where --learning-rate changes it."),
        ),
    ),
)
