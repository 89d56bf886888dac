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
    OneOf,
    Setting,
    Sides,
    Whole,
)
from ...core.spec import A_PREV, DZ, MATRICES, Operand, OpSpec
from ...core.text import HelpText, message

W = Operand("W", "kernel", help=message("The kernel W."))
B = Operand("b", "bias", optional=True, vector=True, help=message("b, one for each filter."))

VIEW = Setting(
    "view",
    OneOf("steps", "zeros", "full", "matrix"),
    "steps",
    message("Show it by zeros between cells, as a full convolution, or by the matrices C, Cᵀ."),
    per_layer=False,
    unsaid=True,
)
SETTINGS = (
    Setting("stride", Sides(), 1, message("2, or height,width as 2,1."), short="-s"),
    Setting(
        "padding",
        Margins(),
        0,
        message("1; height,width; top,bottom,left,right; valid, same or same-lower."),
        short="-p",
    ),
    Setting("dilation", Sides(), 1, message("As stride."), metavar="D"),
    Setting("groups", Whole(), 1, message("Groups of channels."), metavar="G"),
    DIMS,
    VIEW,
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

TRANSPOSED_W = W._replace(help=message("The kernel W: (C_in, C_out/groups, kH, kW)."))
TRANSPOSED_B = B._replace(help=message("b, one for each channel of the output."))
OUTPUT_PADDING = Setting(
    "output_padding",
    Sides(least=0),
    0,
    message("Rows and columns that Z has more at the bottom and right."),
)
TRANSPOSED_KERNEL_LAYOUT = KERNEL_LAYOUT._replace(
    kind=OneOf("iohw", "hwoi", "hwio", "ohwi"),
    default="iohw",
)
_SAME = {setting.name: setting for setting in SETTINGS}
TRANSPOSED_SETTINGS = (
    _SAME["stride"],
    _SAME["padding"],
    OUTPUT_PADDING,
    _SAME["dilation"],
    _SAME["groups"],
    DIMS,
    VIEW,
    FLIP,
    LAYOUT,
    TRANSPOSED_KERNEL_LAYOUT,
    LIKE,
)
_BACK = message("Its forward steps are those of a convolution's dA_prev, and its dA_prev is one.")

TRANSPOSED_FORWARD = OpSpec(
    "conv-transpose",
    "forward",
    (A_PREV, TRANSPOSED_W, TRANSPOSED_B),
    TRANSPOSED_SETTINGS,
    help=HelpText(
        title=message("Transposed convolution: every cell of A_prev times the kernel, onto Z."),
        example=r"""
cnngrad conv-transpose-forward --input '1 2; 3 4' --kernel '1 0; 2 1' \
                               --stride 2
""",
        notes=(MATRICES, _BACK),
    ),
)
TRANSPOSED_BACKWARD = OpSpec(
    "conv-transpose",
    "backward",
    (A_PREV, TRANSPOSED_W, TRANSPOSED_B, DZ),
    (*TRANSPOSED_SETTINGS, BATCH, LEARNING_RATE),
    help=HelpText(
        title=message("dA_prev, dW and db of a transposed convolution, step by step."),
        example=r"""
cnngrad conv-transpose-backward --input '1 2; 3 4' --kernel '1 0; 2 1' \
                                --dz '1 0 2; 0 1 0; 3 0 1'
""",
        notes=(
            MATRICES,
            _BACK,
            message("dW and db are divided by the number of samples unless --batch sum is given."),
        ),
    ),
)
