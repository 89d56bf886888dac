"""Mistakes in a convolution."""

from collections.abc import Iterator

from ...diagnosis.variants import Recipe, Rulebook
from .layer import Convolution
from .products import products

BOOK = Rulebook()

IMAGES = ("dA_prev", "Z")
SLIDING = ("dA_prev", "dW", "Z")


@BOOK.rule("kernel-rotated")
def kernel_rotated(problem: Convolution, name: str) -> Iterator[Recipe]:
    """W turned by 180°."""
    del problem
    if name in IMAGES:
        yield Recipe(kernel=("rotated",))


@BOOK.rule("kernel-transposed")
def kernel_transposed(problem: Convolution, name: str) -> Iterator[Recipe]:
    """Rows and columns of W swapped."""
    del problem
    if name in IMAGES:
        yield Recipe(kernel=("transposed",))


@BOOK.rule("overlap-overwritten")
def overlap_overwritten(problem: Convolution, name: str) -> Iterator[Recipe]:
    """Each window written with = in the order n, c_out, i, j."""
    if name == "dA_prev":
        yield Recipe(write="cells")
        if problem.settings["dilation"] != (1, 1):
            yield Recipe(write="span")
        if problem.geometry.filters > 1:
            yield Recipe(write="windows")
    elif name in ("dW", "db"):
        yield Recipe(write="cells")


@BOOK.rule("stride-ignored")
def stride_ignored(problem: Convolution, name: str) -> Iterator[Recipe]:
    """Windows start at i, j instead of i·s, j·s."""
    if name in SLIDING and problem.settings["stride"] != (1, 1):
        yield Recipe(stride="one")
        if _padded(problem):
            yield Recipe(stride="one", padding="none")
        if name == "Z":
            yield Recipe(stride="one, all windows")


@BOOK.rule("dilation-ignored")
def dilation_ignored(problem: Convolution, name: str) -> Iterator[Recipe]:
    """The cells of a window taken next to each other."""
    if name in SLIDING and problem.settings["dilation"] != (1, 1):
        yield Recipe(dilation="one")
        if name == "Z":
            yield Recipe(dilation="one, all windows")


@BOOK.rule("padding-ignored")
def padding_ignored(problem: Convolution, name: str) -> Iterator[Recipe]:
    """Windows start at i·s in the unpadded input."""
    if name in SLIDING and _padded(problem):
        yield Recipe(padding="none")
        if name == "Z":
            yield Recipe(padding="none, whole windows")


@BOOK.rule("padding-not-cropped")
def padding_not_cropped(problem: Convolution, name: str) -> Iterator[Recipe]:
    """dA_prev in the shape of the padded input, or cropped at the wrong place."""
    if name == "dA_prev" and _padded(problem):
        yield Recipe(padding="kept")
        yield Recipe(padding="cropped at the far end")
        yield Recipe(padding="cropped by the other side")


@BOOK.rule("gradient-rotated")
def gradient_rotated(problem: Convolution, name: str) -> Iterator[Recipe]:
    """The finished gradient turned by 180°."""
    del problem
    if name in SLIDING:
        yield Recipe(after=("rotated",))


@BOOK.rule("matrix-product")
def matrix_product(problem: Convolution, name: str) -> Iterator[Recipe]:
    """A matrix product where a number times a window is meant."""
    if name == "dA_prev":  # every window gets W · D or D · W, where D is full of dZ's cell
        yield Recipe(kernel=("rows summed",))
        yield Recipe(kernel=("columns summed",))
    for way in products(problem, name):
        yield Recipe(product=way)


@BOOK.rule("channels-not-summed")
def channels_not_summed(problem: Convolution, name: str) -> Iterator[Recipe]:
    """One channel's share taken for the sum over all of them."""
    summed = {"dA_prev": problem.geometry.filters, "Z": problem.geometry.channels}
    if summed.get(name, 1) > 1:
        for which in ("last", "first", "own", "in turns"):
            yield Recipe(channels=which)


@BOOK.rule("groups-ignored")
def groups_ignored(problem: Convolution, name: str) -> Iterator[Recipe]:
    """Every filter laid over the first channels, or over all of them."""
    if name in SLIDING and problem.geometry.groups > 1:
        for how in ("first", "every", "in turns"):
            yield Recipe(groups=how)
        if name == "dW":
            yield Recipe(groups="all pairs")


@BOOK.rule("strides-swapped")
def strides_swapped(problem: Convolution, name: str) -> Iterator[Recipe]:
    """The strides of height and width swapped."""
    down, across = problem.settings["stride"]
    if name in SLIDING and down != across:
        yield Recipe(stride="swapped")


@BOOK.rule("bias-missing")
def bias_missing(problem: Convolution, name: str) -> Iterator[Recipe]:
    """The bias not added."""
    if name == "Z" and "b" in problem.given:
        yield Recipe(amount="no bias")


def _padded(problem: Convolution) -> bool:
    return any((line.before, line.after) != (0, 0) for line in problem.geometry[:2])
