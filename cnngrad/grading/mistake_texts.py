"""What people read about a mistake and about a verdict: every sentence whole.

A second language is a second set of these dictionaries; nothing here computes.
"""

from typing import NamedTuple


class RuleText(NamedTuple):
    """What people read about a rule."""

    title: str
    """The mistake in a few words, for tables and charts."""
    explanation: str
    """The sentence that makes the claim; `{name}` is the gradient."""
    hint: str
    """A question or two that lead to it without giving the answer away."""
    article: str
    """The part of the article that it breaks, or of any course where the article has none."""


_CONV_ERROR = "The convolution layer: the error that goes back to the input"
_CONV_WEIGHTS = "The convolution layer: the gradient of the kernel"
_CONV_FORWARD = "The convolution layer: sliding the kernel over the input"
_MAX = "The pooling layer: max pooling"
_AVERAGE = "The pooling layer: average pooling"
_POOL = "The pooling layer: the error goes back to the window that it came from"
_POOL_FORWARD = "The pooling layer: sliding the window over the input"
_ERROR = "The error is handed on with the sign that dZ has"
_BATCH = "The mean over the samples of a batch"
_DENSE_FORWARD = "The fully connected stage: Z = A_prev · Wᵀ + b"
_DENSE = "The fully connected stage: the error that goes back"
_ACTIVATION = "The fully connected stage: the derivative of the activation"
_UPDATE = "The fully connected stage: the update of the parameters"
_SHAPES = "A gradient has the shape of what it belongs to"

RULES: dict[str, RuleText] = {
    "kernel-rotated": RuleText(
        "kernel turned by 180°",
        "Your {name} is exactly what comes out when the kernel W is turned by 180°.",
        "Which corner of W meets the top left cell of a window? Lay W down as it is given.",
        _CONV_ERROR,
    ),
    "kernel-transposed": RuleText(
        "kernel transposed",
        "Your {name} is exactly what comes out when rows and columns of the kernel W are swapped.",
        "Is W[0,1] the cell to the right of W[0,0], or the one below it?",
        _CONV_ERROR,
    ),
    "overlap-overwritten": RuleText(
        "overlapping windows overwritten",
        "Your {name} is exactly what comes out when overlapping windows overwrite each other (=)"
        " instead of adding up (+=).",
        "Some cells belong to more than one window. What happens to what is already there?",
        _CONV_ERROR,
    ),
    "stride-ignored": RuleText(
        "stride left out",
        "Your {name} is exactly what comes out when the windows start at i, j"
        " instead of i·stride, j·stride.",
        "By how many cells does the window move from one cell of the output to the next?",
        _CONV_FORWARD,
    ),
    "dilation-ignored": RuleText(
        "dilation left out",
        "Your {name} is exactly what comes out when the cells of a window are taken next to each"
        " other, without the gaps of the dilation.",
        "How far apart are two neighbouring cells of the window in the input?",
        _CONV_FORWARD,
    ),
    "padding-ignored": RuleText(
        "padding left out",
        "Your {name} is exactly what comes out when the windows start at i·stride in the input"
        " itself, as if there were no padding.",
        "Where does the first window begin: on the input, or on the padding before it?",
        _CONV_FORWARD,
    ),
    "padding-not-cropped": RuleText(
        "padding not cropped",
        "Your {name} is exactly what comes out when the border of the padding is not cut off,"
        " or is cut off at the wrong place.",
        "The padding is no part of the input. What must be cut off, and on which sides?",
        _SHAPES,
    ),
    "not-divided-by-n": RuleText(
        "not divided by N",
        "Your {name} is exactly what comes out when it is not divided by the number of samples N.",
        "Is this gradient the sum over the samples of the batch, or their mean?",
        _BATCH,
    ),
    "divided-by-n": RuleText(
        "divided by N where it must not be",
        "Your {name} is exactly what comes out when it is divided by the number of samples N"
        " once too often.",
        "Which gradients are a mean over the batch, and which belong to a single sample?",
        _BATCH,
    ),
    "gradient-rotated": RuleText(
        "gradient turned by 180°",
        "Your {name} is exactly the right one turned by 180°.",
        "Look at the corners of your result: is each where it belongs?",
        _CONV_WEIGHTS,
    ),
    "matrix-product": RuleText(
        "matrix product in place of a number times a window",
        "Your {name} is exactly what comes out when matrices are multiplied (rows times columns),"
        " where a single number times a window is meant.",
        "Each cell of dZ is a single number. What does it multiply: a window, cell by cell, or a"
        " matrix?",
        _CONV_ERROR,
    ),
    "channels-not-summed": RuleText(
        "channels not added up",
        "Your {name} is exactly what comes out when only one channel counts"
        " instead of the sum over all channels.",
        "How many channels send something to this cell? Are all of them added up?",
        _CONV_ERROR,
    ),
    "groups-ignored": RuleText(
        "groups mixed up",
        "Your {name} is exactly what comes out when the filters are not kept to the channels of"
        " their own group.",
        "Which input channels does a filter of the second group see?",
        _CONV_FORWARD,
    ),
    "strides-swapped": RuleText(
        "strides of height and width swapped",
        "Your {name} is exactly what comes out when the strides of height and width are swapped.",
        "The first number of the stride is the way down. Which one did you use for the way down?",
        _CONV_FORWARD,
    ),
    "bias-missing": RuleText(
        "bias left out",
        "Your {name} is exactly what comes out when the bias b is not added.",
        "What is added to the sum of a window before it becomes a cell of Z?",
        _CONV_FORWARD,
    ),
    "error-to-every-cell": RuleText(
        "error given to every cell of the window",
        "Your {name} is exactly what comes out when every cell of a window gets the whole error,"
        " not only its maximum.",
        "Which cells of the window had a part in the maximum?",
        _MAX,
    ),
    "error-to-all-ties": RuleText(
        "error given to every maximum of a tie",
        "Your {name} is exactly what comes out when all cells that equal the maximum get the"
        " whole error.",
        "Where several cells of a window are the maximum, how many of them get the error?",
        _MAX,
    ),
    "error-to-last-tie": RuleText(
        "error given to the last maximum of a tie",
        "Your {name} is exactly what comes out when the last of several equal maxima gets the"
        " error.",
        "Where several cells of a window are the maximum, which of them gets the error?",
        _MAX,
    ),
    "error-split-over-ties": RuleText(
        "error split over a tie",
        "Your {name} is exactly what comes out when several equal maxima share the error.",
        "Where several cells of a window are the maximum, is the error divided among them?",
        _MAX,
    ),
    "average-rule-used": RuleText(
        "average pooling's rule used",
        "Your {name} is exactly what comes out by the rule of average pooling, which shares"
        " everything out over all cells of the window.",
        "This is max pooling. Which cells of the window does it look at in the end?",
        _MAX,
    ),
    "maximum-instead-of-error": RuleText(
        "the maximum put where the error belongs",
        "Your {name} is exactly what comes out when the maximum itself is put back, not the"
        " error of dZ.",
        "The maximum tells where something goes. What is it that goes there?",
        _MAX,
    ),
    "error-times-maximum": RuleText(
        "error multiplied by the maximum",
        "Your {name} is exactly what comes out when the error is multiplied by the maximum.",
        "What is the derivative of a maximum with respect to the cell that is the maximum?",
        _MAX,
    ),
    "error-at-window-corner": RuleText(
        "error put into the window's corner",
        "Your {name} is exactly what comes out when the error goes to a corner of the window,"
        " wherever the maximum is.",
        "Which cell of the window was the maximum on the way forward?",
        _MAX,
    ),
    "not-divided-by-window": RuleText(
        "not divided by the window's size",
        "Your {name} is exactly what comes out when nothing is divided by the number of cells in"
        " the window.",
        "What part of the average does a single cell of the window make up?",
        _AVERAGE,
    ),
    "error-ignored": RuleText(
        "error left out",
        "Your {name} is exactly what comes out when every cell gets 1/n of the window without"
        " being multiplied by the error.",
        "The share of a cell is 1/n of something. Of what?",
        _AVERAGE,
    ),
    "divided-by-window-side": RuleText(
        "divided by the window's side",
        "Your {name} is exactly what comes out when it is divided by the side of the window (k),"
        " not by its number of cells (k²).",
        "How many cells does the window have in all?",
        _AVERAGE,
    ),
    "max-rule-used": RuleText(
        "max pooling's rule used",
        "Your {name} is exactly what comes out by the rule of max pooling, where only the maximum"
        " counts.",
        "This is average pooling. Which cells of the window have a part in the average?",
        _AVERAGE,
    ),
    "padding-counted": RuleText(
        "padding counted",
        "Your {name} is exactly what comes out when the cells of the padding count in the divisor.",
        "Which cells of a window at the border count when the average is divided?",
        _AVERAGE,
    ),
    "padding-not-counted": RuleText(
        "padding not counted",
        "Your {name} is exactly what comes out when only the cells of the input count in the"
        " divisor.",
        "Which cells of a window at the border count when the average is divided?",
        _AVERAGE,
    ),
    "weights-not-transposed": RuleText(
        "weights transposed the wrong way",
        "Your {name} is exactly what comes out when W is used where its transpose belongs, or the"
        " other way round.",
        "Write down the shapes: which axis of W belongs to the units, which to the inputs?",
        _DENSE,
    ),
    "activation-derivative-missing": RuleText(
        "derivative of the activation left out",
        "Your {name} is exactly what comes out when the error is not multiplied by f'(z).",
        "The error passes through the activation. What is it multiplied by there?",
        _ACTIVATION,
    ),
    "activation-derivative-twice": RuleText(
        "derivative of the activation multiplied in twice",
        "Your {name} is exactly what comes out when f'(z) is multiplied in once too often.",
        "How often does the error pass through the activation?",
        _ACTIVATION,
    ),
    "derivative-at-activation": RuleText(
        "derivative taken at a instead of z",
        "Your {name} is exactly what comes out when the derivative is taken at a = f(z), as"
        " f'(a), not at z.",
        "At which point is the derivative taken: before the activation, or after it?",
        _ACTIVATION,
    ),
    "weights-updated-first": RuleText(
        "weights updated too early",
        "Your {name} is exactly what comes out when W is updated before the error goes back"
        " through it.",
        "Which W did the forward pass use: the one before the update, or the one after it?",
        _UPDATE,
    ),
    "update-sign": RuleText(
        "update in the wrong direction",
        "Your {name} is exactly what comes out when the gradient is added to the parameter, not"
        " taken from it.",
        "Does a step of gradient descent go up or down the slope?",
        _UPDATE,
    ),
    "learning-rate-missing": RuleText(
        "learning rate left out",
        "Your {name} is exactly what comes out when the gradient is taken off without being"
        " multiplied by the learning rate.",
        "How large a part of the gradient does one step take?",
        _UPDATE,
    ),
    "transposed": RuleText(
        "axes swapped",
        "Your {name} is exactly the right one with its axes swapped.",
        "Are rows and columns (or samples and channels) where they belong?",
        _SHAPES,
    ),
    "negated": RuleText(
        "sign turned",
        "Your {name} is exactly the right one with every sign turned.",
        "Is there a minus sign too many, or too few?",
        _ERROR,
    ),
    "batch-summed": RuleText(
        "samples of the batch added up",
        "Your {name} is exactly what comes out when the samples of the batch are added up.",
        "Does each sample have its own error here, and where is the mean taken?",
        _BATCH,
    ),
    "batch-first-sample": RuleText(
        "only the first sample taken",
        "Your {name} is exactly what comes out when only the first sample of the batch counts.",
        "How many samples does the batch have? Does each of them take part?",
        _BATCH,
    ),
}

SAME_THING = {"batch-summed": "not-divided-by-n"}
"""Where both fit they are one mistake: a sum over the samples that is not divided by N."""

FORWARD_ARTICLE = {"conv": _CONV_FORWARD, "dense": _DENSE_FORWARD, "pool": _POOL_FORWARD}
"""By the kind of layer: what to read again on the way forward, where no error is under way."""
WAY_BACK = (_CONV_ERROR, _CONV_WEIGHTS, _POOL, _DENSE, _ERROR)
"""The parts of the article on the way back."""

POOL_ARTICLE = dict.fromkeys(
    (
        "overlap-overwritten",
        "stride-ignored",
        "dilation-ignored",
        "padding-ignored",
        "strides-swapped",
        "gradient-rotated",
    ),
    _POOL,
)
"""The parts of the article for pooling, where they are others than for convolution."""


RIGHT = "{cells:The cell is|Both cells are|All # cells are} right."
DIFFER = "{wrong} of {cells} cells {wrong:differs|differ}."
ONLY_CELL_DIFFERS = "The only cell differs."
DIFFER_AND_OPEN = (
    "{wrong} of {cells} cells {wrong:differs|differ}, and {blank:one is|# are} not filled in."
)
OPEN = "{blank} of {cells} cells {blank:is|are} not filled in."
ALL_OPEN = "{cells:The only cell is not|Neither cell is|None of the # cells is} filled in."
PAIR = (
    "No single mistake gives your {name}, but these two together do, to the last cell:"
    " {one}; and {two}."
)
PARTLY = "As far as it is filled in, your {name} is what comes out of this mistake: {title}."
PARTLY_PAIR = (
    "As far as it is filled in, no single mistake gives your {name}, but these two together do:"
    " {one}; and {two}."
)
NEARLY = "All but {besides:one|#} of the wrong cells are what comes out of this mistake: {title}."
BESIDES = "It does not explain {cells}: look there too."
SPEAK = (
    "{wrong:Only one cell speaks for it, so take it as a likely guess.|Both wrong cells speak for"
    " it.|All # wrong cells speak for it.}"
)
ALL_SPEAK = (
    "{cells:The cell that you handed in speaks|Both cells that you handed in speak|All # cells that"
    " you handed in speak} for it."
)
TOLD_APART_ONE = "This problem's numbers cannot tell it from another mistake: {others}."
TOLD_APART = "This problem's numbers cannot tell it from these other mistakes: {others}."
EVIDENCE = "For example, {cell} is {given} in your answer and should be {expected}."
OVERLAP = "See step {step}, cell {cell}, where {before} + {value} should be {total}."
UNEXPLAINED = "No known mistake gives just these numbers; each wrong cell needs another look."
UNEXPLAINED_SO_FAR = (
    "What is filled in tells of no known mistake; each wrong cell needs another look."
)
WRONG_SHAPE = "wrong shape"
SHAPE = "Your {name} has the shape {given}; {expected} is expected, {why}."
SHAPE_COMES_OF = "That shape comes out of: {titles}."
SHAPE_RIGHT_NUMBERS = "The numbers are right, one after the other; only the shape is not."
NOT_HANDED_IN = "Not handed in, and not marked: {names}."
SCORE = "{score} of {max_score} cells {score:is|are} right."
ALL_RIGHT = "Everything is right: {score} of {max_score:# cell|# cells}."
LIKELY = "What most likely happened"
LIKELY_SLIPS = "A closer look at the wrong cells"
NOT_TOLD_APART = "This problem's numbers cannot tell these apart."
MORE_FIT = "… and {count} more that fit as well; --format json names them all."
MORE_SLIPS = "… and {count:# more wrong cell|# more wrong cells}."
YOURS = "{name}, yours"
EXPECTED = "{name}, expected"
ARTICLE = "Read again: {article}."
WHICH_ARTICLE = "The article is 卷积神经网络的反向传播 by Alex_McAvoy (2023)."
WORKED_OUT = "The first wrong cell, worked out"
THIS_WORKED_OUT = "This cell, worked out"
HIDDEN = "--hide-solution keeps the full working back: hint level 2 is shown"

WHY_SHAPE = {
    "dA_prev": "the shape of A_prev, as every cell of the input has its own gradient",
    "dZ_prev": "the shape of Z_prev, as every cell has its own gradient",
    "dW": "the shape of W, as every weight has its own gradient",
    "db": "one number for each output channel",
    "W": "the shape of W before the update",
    "b": "the shape of b before the update",
    "Z": "as it follows from the shapes of A_prev and W and the settings",
    "A": "as it follows from the shape of A_prev, the window and the settings",
}
"""Why a result has the shape that it has."""
