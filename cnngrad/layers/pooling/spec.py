"""What max and average pooling take, forward and backward: matrices, settings and help."""

from ...core.settings import DIMS, LAYOUT, LIKE, Margins, OneOf, Setting, Sides, Whole, YesNo
from ...core.spec import A_PREV, DZ, MATRICES, OpSpec
from ...core.text import HelpText, message

MAX, AVERAGE = "max", "average"

SETTINGS = (
    Setting("mode", OneOf(MAX, AVERAGE), MAX, message("The kind of pooling; max by default.")),
    Setting(
        "window",
        Sides(),
        None,
        message("The window: 2, or height,width as 3,2."),
        metavar="K",
        required=True,
    ),
    Setting("stride", Sides(), None, message("The window's size by default."), short="-s"),
    Setting(
        "padding",
        Margins(),
        0,
        message("1; height,width; top,bottom,left,right; valid, same or same-lower."),
        short="-p",
    ),
    Setting("dilation", Sides(), 1, message("As stride."), metavar="D"),
    Setting(
        "ceil_mode",
        YesNo(),
        False,
        message("Let the last window reach beyond the padded input, or leave it out."),
    ),
    Setting(
        "ceil_rule",
        OneOf("drop", "keep"),
        "drop",
        message("With --ceil-mode: a window that begins in the right padding is dropped or kept."),
        unsaid=True,
    ),
    DIMS,
    LAYOUT,
    LIKE,
)
TIES = Setting(
    "ties",
    OneOf("first", "last", "all", "split", "first-column"),
    "first",
    message("Max: who receives the error where several cells are the maximum."),
    modes=(MAX,),
)
DIVISORS = (
    Setting(
        "count_include_pad",
        YesNo(),
        True,
        message("Average: count the padding in the divisor, or the cells of the input only."),
        modes=(AVERAGE,),
        other_options=("--include-pad",),
        negative="--exclude-pad",
    ),
    Setting(
        "divisor_override",
        Whole(),
        None,
        message("Average: divide by this number instead."),
        metavar="D",
        modes=(AVERAGE,),
    ),
    Setting(
        "overhang",
        OneOf("not", "counts", "padded"),
        "not",
        message("Average: whether cells beyond the padded input count in the divisor."),
        modes=(AVERAGE,),
        unsaid=True,
    ),
)

FORWARD = OpSpec(
    "pool",
    "forward",
    (A_PREV,),
    (*SETTINGS, *DIVISORS),
    help=HelpText(
        title=message("Max or average pooling, window by window."),
        example=r"""
cnngrad pool-forward --input '1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4' \
                     --window 2
""",
        notes=(MATRICES,),
    ),
)
BACKWARD = OpSpec(
    "pool",
    "backward",
    (A_PREV, DZ),
    (*SETTINGS, TIES, *DIVISORS),
    help=HelpText(
        title=message("dA_prev of a max or average pooling, step by step."),
        example=r"""
cnngrad pool-backward --input '1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4' \
                      --dz '3 1; 2 4' --window 2
cnngrad pool-backward --input '1 2; 3 4' --dz 2.5 --window 2 --mode average
""",
        notes=(MATRICES,),
    ),
)
