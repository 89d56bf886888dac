"""Mistakes in a convolution."""

from collections.abc import Iterator

from ...diagnosis.variants import RuleSet, Variant
from .layer import Convolution
from .products import products

RULES = RuleSet()

IMAGES = ("dA_prev", "Z")
SLIDING = ("dA_prev", "dW", "Z")


@RULES.rule("kernel-rotated")
def kernel_rotated(problem: Convolution, name: str) -> Iterator[Variant]:
    """W turned by 180°."""
    del problem
    if name in IMAGES:
        yield Variant(kernel=("rotated",))


@RULES.rule("kernel-transposed")
def kernel_transposed(problem: Convolution, name: str) -> Iterator[Variant]:
    """Rows and columns of W swapped."""
    del problem
    if name in IMAGES:
        yield Variant(kernel=("transposed",))


@RULES.rule("overlap-overwritten")
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


@RULES.rule("stride-ignored")
def stride_ignored(problem: Convolution, name: str) -> Iterator[Variant]:
    """Windows start at i, j instead of i·s, j·s."""
    if name in SLIDING and problem.settings["stride"] != (1, 1):
        yield Variant(stride="one")
        if _padded(problem):
            yield Variant(stride="one", padding="none")
        if name == "Z":
            yield Variant(stride="one, all windows")


@RULES.rule("dilation-ignored")
def dilation_ignored(problem: Convolution, name: str) -> Iterator[Variant]:
    """The cells of a window taken next to each other."""
    if name in SLIDING and problem.settings["dilation"] != (1, 1):
        yield Variant(dilation="one")
        if name == "Z":
            yield Variant(dilation="one, all windows")


@RULES.rule("padding-ignored")
def padding_ignored(problem: Convolution, name: str) -> Iterator[Variant]:
    """Windows start at i·s in the unpadded input."""
    if name in SLIDING and _padded(problem):
        yield Variant(padding="none")
        if name == "Z":
            yield Variant(padding="none, whole windows")


@RULES.rule("padding-not-cropped")
def padding_not_cropped(problem: Convolution, name: str) -> Iterator[Variant]:
    """dA_prev in the shape of the padded input, or cropped at the wrong place."""
    if name == "dA_prev" and _padded(problem):
        yield Variant(padding="kept")
        yield Variant(padding="cropped at the far end")
        yield Variant(padding="cropped by the other side")


@RULES.rule("gradient-rotated")
def gradient_rotated(problem: Convolution, name: str) -> Iterator[Variant]:
    """The finished gradient turned by 180°."""
    del problem
    if name in SLIDING:
        yield Variant(after=("rotated",))


@RULES.rule("matrix-product")
def matrix_product(problem: Convolution, name: str) -> Iterator[Variant]:
    """A matrix product where a number times a window is meant."""
    if name == "dA_prev":  # every window gets W · D or D · W, where D is full of dZ's cell
        yield Variant(kernel=("rows summed",))
        yield Variant(kernel=("columns summed",))
    for way in products(problem, name):
        yield Variant(product=way)


@RULES.rule("channels-not-summed")
def channels_not_summed(problem: Convolution, name: str) -> Iterator[Variant]:
    """One channel's share taken for the sum over all of them."""
    summed = {"dA_prev": problem.geometry.filters, "Z": problem.geometry.channels}
    if summed.get(name, 1) > 1:
        for which in ("last", "first", "own", "in turns"):
            yield Variant(channels=which)


@RULES.rule("groups-ignored")
def groups_ignored(problem: Convolution, name: str) -> Iterator[Variant]:
    """Every filter laid over the first channels, or over all of them."""
    if name in SLIDING and problem.geometry.groups > 1:
        for how in ("first", "every", "in turns"):
            yield Variant(groups=how)
        if name == "dW":
            yield Variant(groups="all pairs")


@RULES.rule("strides-swapped")
def strides_swapped(problem: Convolution, name: str) -> Iterator[Variant]:
    """The strides of height and width swapped."""
    down, across = problem.settings["stride"]
    if name in SLIDING and down != across:
        yield Variant(stride="swapped")


@RULES.rule("bias-missing")
def bias_missing(problem: Convolution, name: str) -> Iterator[Variant]:
    """The bias not added."""
    if name == "Z" and "b" in problem.given:
        yield Variant(amount="no bias")


def _padded(problem: Convolution) -> bool:
    return any((line.before, line.after) != (0, 0) for line in problem.geometry.slides)
