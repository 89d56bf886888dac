"""Mistakes in a convolution."""

from collections.abc import Iterator

from ...core.text import message
from ...diagnosis import articles
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.rules_sliding import OVERLAP_OVERWRITTEN
from ...diagnosis.variants import Variant
from .layer import Convolution
from .products import products

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
    ),
)
def groups_ignored(problem: Convolution, name: str) -> Iterator[Variant]:
    """Every filter laid over the first channels, or over all of them."""
    if name in SLIDING and problem.geometry.groups > 1:
        yield Variant(groups="first")
        yield Variant(groups="every")
        yield Variant(groups="in turns")
        if name == "dW":
            yield Variant(groups="all pairs")
