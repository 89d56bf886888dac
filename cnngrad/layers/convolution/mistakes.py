"""Mistakes in a convolution."""

from collections.abc import Iterator

from ...core.text import message
from ...diagnosis import articles
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.rules_sliding import OVERLAP_OVERWRITTEN
from ...diagnosis.variants import Variant
from .layer import Convolution
from .products import products
from .simulate import rest_of

RULES = RuleSet()

IMAGES = ("dA_prev", "Z")
SLIDING = ("dA_prev", "dW", "Z")


@RULES.rule(
    "kernel-rotated",
    RuleWords(
        message("kernel turned by 180°"),
        message("Your {name} is exactly what comes out when the kernel W is turned by 180°."),
        message(
            "Which corner of W meets the top left cell of a window? Lay W down as it is given."
        ),
        articles.CONV_ERROR,
        message("The largest cell of W lands in the opposite corner of every window."),
        "dA_prev[i:i+k, j:j+k] += np.rot90(W, 2) * dZ[i, j]  # W is right",
    ),
)
def kernel_rotated(problem: Convolution, name: str) -> Iterator[Variant]:
    """W turned by 180°."""
    del problem
    if name in IMAGES:
        yield Variant(kernel=("rotated",))


@RULES.rule(
    "kernel-transposed",
    RuleWords(
        message("kernel transposed"),
        message(
            "Your {name} is exactly what comes out when rows and columns of the kernel W are"
            " swapped."
        ),
        message("Is W[0,1] the cell to the right of W[0,0], or the one below it?"),
        articles.CONV_ERROR,
        message("Rows and columns of each window are changed over; a symmetric W shows nothing."),
        "dA_prev[i:i+k, j:j+k] += W.T * dZ[i, j]  # W is right",
    ),
)
def kernel_transposed(problem: Convolution, name: str) -> Iterator[Variant]:
    """Rows and columns of W swapped."""
    del problem
    if name in IMAGES:
        yield Variant(kernel=("transposed",))


@RULES.rule("overlap-overwritten", OVERLAP_OVERWRITTEN)
def overlap_overwritten(problem: Convolution, name: str) -> Iterator[Variant]:
    """Each window written with = in the order n, c_out, i, j."""
    if name == "dA_prev":
        yield Variant(write="cells")
        if problem.settings["dilation"] != (1, 1):
            yield Variant(write="span")
        if problem.geometry.filters > 1:
            yield Variant(write="windows")
    elif name in ("dW", "db"):
        yield Variant(write="cells")


@RULES.rule(
    "matrix-product",
    RuleWords(
        message("matrix product in place of a number times a window"),
        message(
            "Your {name} is exactly what comes out when matrices are multiplied (rows times"
            " columns), where a single number times a window is meant."
        ),
        message(
            "Each cell of dZ is a single number. What does it multiply: a window, cell by cell,"
            " or a matrix?"
        ),
        articles.CONV_ERROR,
        message(
            "The shapes of a matrix product fit by chance; with another size of dZ they would not."
        ),
        "dA_prev[i:i+k, j:j+k] += W @ D  # W * dZ[i, j] is right",
    ),
)
def matrix_product(problem: Convolution, name: str) -> Iterator[Variant]:
    """A matrix product where a number times a window is meant."""
    if name == "dA_prev":  # every window gets W · D or D · W, where D is full of dZ's cell
        yield Variant(kernel=("rows summed",))
        yield Variant(kernel=("columns summed",))
    for way in products(problem, name):
        yield Variant(product=way)


@RULES.rule(
    "channels-not-summed",
    RuleWords(
        message("channels not added up"),
        message(
            "Your {name} is exactly what comes out when only one channel counts instead of the"
            " sum over all channels."
        ),
        message("How many channels send something to this cell? Are all of them added up?"),
        articles.CONV_ERROR,
        message("With one filter it is right; with more, the others are missing."),
        "dA_prev = W[-1] * dZ[-1]  # the sum over all filters is right",
    ),
)
def channels_not_summed(problem: Convolution, name: str) -> Iterator[Variant]:
    """One channel's share taken for the sum over all of them."""
    summed = {"dA_prev": problem.geometry.filters, "Z": problem.geometry.channels}
    if summed.get(name, 1) > 1:
        yield Variant(channels="last")
        yield Variant(channels="first")
        yield Variant(channels="own")
        yield Variant(channels="in turns")


@RULES.rule(
    "groups-ignored",
    RuleWords(
        message("groups mixed up"),
        message(
            "Your {name} is exactly what comes out when the filters are not kept to the channels"
            " of their own group."
        ),
        message("Which input channels does a filter of the second group see?"),
        articles.CONV_FORWARD,
        message("The channels of the later groups stay 0, or hold what belongs to another group."),
        "dA_prev[:C_in // groups] += ...  # the group's own channels",
    ),
)
def groups_ignored(problem: Convolution, name: str) -> Iterator[Variant]:
    """Every filter laid over the first channels, or over all of them."""
    if name in SLIDING and problem.geometry.groups > 1:
        yield Variant(groups="first")
        yield Variant(groups="in turns")


@RULES.rule(
    "groups-formula-ungrouped",
    RuleWords(
        message("the formula without groups used"),
        message(
            "Your {name} is exactly what comes out when every filter is laid over all input"
            " channels, as in a convolution without groups."
        ),
        message("With groups, how many input channels does one filter see?"),
        articles.CONV_FORWARD,
        message("dW then has all input channels, not those of one group."),
        "for c in range(C): dW[f, c] += ...  # only the channels of the filter's own group",
    ),
)
def groups_formula_ungrouped(problem: Convolution, name: str) -> Iterator[Variant]:
    """The old formula over all channels."""
    if name in SLIDING and problem.geometry.groups > 1:
        yield Variant(groups="every")
        if name == "dW":
            yield Variant(groups="all pairs")


@RULES.rule(
    "kernel-flipped",
    RuleWords(
        message("kernel flipped along one axis"),
        message(
            "Your {name} is exactly what comes out when the kernel W is flipped upside down, or"
            " left to right."
        ),
        message("Which row of W meets the first row of a window, and which column the first one?"),
        articles.CONV_ERROR,
        message("A flip along one axis is half of the turn by 180° that some formulas ask for."),
        "W[::-1]  # np.rot90(W, 2) is W[::-1, ::-1]",
    ),
)
def kernel_flipped(problem: Convolution, name: str) -> Iterator[Variant]:
    """The rows of W, or its columns, in reverse."""
    del problem
    if name in IMAGES:
        yield Variant(kernel=("rows flipped",))
        yield Variant(kernel=("columns flipped",))


@RULES.rule(
    "kernel-quarter-turn",
    RuleWords(
        message("kernel turned by 90°"),
        message("Your {name} is exactly what comes out when the kernel W is turned by 90°."),
        message("By how much must the kernel be turned here, if at all?"),
        articles.CONV_ERROR,
        message("np.rot90 turns by 90° unless it is told to turn twice."),
        "np.rot90(W)  # np.rot90(W, 2) turns by 180°",
    ),
)
def kernel_quarter_turn(problem: Convolution, name: str) -> Iterator[Variant]:
    """np.rot90(W), one way or the other."""
    del problem
    if name in IMAGES:
        yield Variant(kernel=("quarter turn",))
        yield Variant(kernel=("three quarter turns",))


@RULES.rule(
    "kernel-channels-swapped",
    RuleWords(
        message("input and output channels of W swapped"),
        message(
            "Your {name} is exactly what comes out when W[c_in,c_out] is taken for W[c_out,c_in]."
        ),
        message("Which axis of W belongs to the filters, and which one to the input channels?"),
        articles.CONV_ERROR,
        message("It can go unnoticed only where there are as many filters as input channels."),
        "dA_prev[n, f] += W[c, f] * dZ[n, c, i, j]  # W[f, c] is right",
    ),
)
def kernel_channels_swapped(problem: Convolution, name: str) -> Iterator[Variant]:
    """W's first two axes swapped."""
    geometry = problem.geometry
    if name in IMAGES and geometry.groups == 1 and geometry.filters == geometry.channels > 1:
        yield Variant(kernel=("channels swapped",))


@RULES.rule(
    "size-not-divided",
    RuleWords(
        message("size taken as if the stride divided it"),
        message(
            "Your {name} is exactly what comes out when its size is reckoned from dZ, the stride"
            " and the kernel, as if the stride went into the input without a rest."
        ),
        message("Do the windows reach the last row and the last column of the input?"),
        articles.SHAPES,
        message("The gradient is a row or a column too large, or too small."),
        "dW = correlate(A_prev, spread(dZ))  # cut to the shape of W",
    ),
)
def size_not_divided(problem: Convolution, name: str) -> Iterator[Variant]:
    """dW with the rest of the division, or dA_prev without the cells that no window reaches."""
    least = {"dA_prev": [line.after for line in problem.axes], "dW": [0, 0]}
    if name in least and any(
        rest_of(line) > known for line, known in zip(problem.axes, least[name], strict=True)
    ):
        yield Variant(size="not divided")
