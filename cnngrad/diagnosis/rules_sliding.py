"""Mistakes that windows sliding over an input share: in convolution and in pooling."""

from collections.abc import Iterator
from typing import Any, Protocol

from ..core.shapes import Axis
from ..core.text import message
from . import articles
from .rules import RuleSet, RuleWords
from .variants import Variant

RULES = RuleSet()


class Sliding(Protocol):
    """A problem in which windows slide over the input."""

    @property
    def axes(self) -> tuple[Axis, ...]: ...

    @property
    def settings(self) -> Any: ...


FORWARD = ("Z", "A")
_SLIDING = ("dA_prev", "dW", *FORWARD)
_ONE = (1, 1)

OVERLAP_OVERWRITTEN = RuleWords(
    message("overlapping windows overwritten"),
    message(
        "Your {name} is exactly what comes out when overlapping windows overwrite each other (=)"
        " instead of adding up (+=)."
    ),
    message("Some cells belong to more than one window. What happens to what is already there?"),
    articles.CONV_ERROR,
)
STRIDE_IGNORED = RuleWords(
    message("stride left out"),
    message(
        "Your {name} is exactly what comes out when the windows start at i, j instead of"
        " i·stride, j·stride."
    ),
    message("By how many cells does the window move from one cell of the output to the next?"),
    articles.CONV_FORWARD,
)


@RULES.rule("stride-ignored", STRIDE_IGNORED)
def stride_ignored(problem: Sliding, name: str) -> Iterator[Variant]:
    """Windows start at i, j instead of i·s, j·s."""
    if name in _SLIDING and problem.settings["stride"] != _ONE:
        yield Variant(stride="one")
        if padded(problem):
            yield Variant(stride="one", padding="none")
        if name in FORWARD:
            yield Variant(stride="one", windows="all that fit")


@RULES.rule(
    "dilation-ignored",
    RuleWords(
        message("dilation left out"),
        message(
            "Your {name} is exactly what comes out when the cells of a window are taken next to"
            " each other, without the gaps of the dilation."
        ),
        message("How far apart are two neighbouring cells of the window in the input?"),
        articles.CONV_FORWARD,
    ),
)
def dilation_ignored(problem: Sliding, name: str) -> Iterator[Variant]:
    """The cells of a window taken next to each other."""
    if name in _SLIDING and problem.settings["dilation"] != _ONE:
        yield Variant(dilation="one")
        if name in FORWARD:
            yield Variant(dilation="one", windows="all that fit")


@RULES.rule(
    "padding-ignored",
    RuleWords(
        message("padding left out"),
        message(
            "Your {name} is exactly what comes out when the windows start at i·stride in the"
            " input itself, as if there were no padding."
        ),
        message("Where does the first window begin: on the input, or on the padding before it?"),
        articles.CONV_FORWARD,
    ),
)
def padding_ignored(problem: Sliding, name: str) -> Iterator[Variant]:
    """Windows start at i·s in the unpadded input."""
    if name in _SLIDING and padded(problem):
        yield Variant(padding="none")
        if name in FORWARD:
            yield Variant(padding="none", windows="all that fit")


@RULES.rule(
    "padding-not-cropped",
    RuleWords(
        message("padding not cropped"),
        message(
            "Your {name} is exactly what comes out when the border of the padding is not cut off,"
            " or is cut off at the wrong place."
        ),
        message("The padding is no part of the input. What must be cut off, and on which sides?"),
        articles.SHAPES,
    ),
)
def padding_not_cropped(problem: Sliding, name: str) -> Iterator[Variant]:
    """dA_prev in the shape of the padded input, or cropped at the wrong place."""
    if name == "dA_prev" and padded(problem):
        yield Variant(padding="kept")
        yield Variant(padding="cropped at the far end")
        yield Variant(padding="cropped by the other side")


@RULES.rule(
    "gradient-rotated",
    RuleWords(
        message("gradient turned by 180°"),
        message("Your {name} is exactly the right one turned by 180°."),
        message("Look at the corners of your result: is each where it belongs?"),
        articles.CONV_WEIGHTS,
    ),
)
def gradient_rotated(problem: Sliding, name: str) -> Iterator[Variant]:
    """The finished gradient turned by 180°."""
    del problem
    if name in _SLIDING:
        yield Variant(after=("rotated",))


@RULES.rule(
    "strides-swapped",
    RuleWords(
        message("strides of height and width swapped"),
        message(
            "Your {name} is exactly what comes out when the strides of height and width are"
            " swapped."
        ),
        message(
            "The first number of the stride is the way down. Which one did you use for the way"
            " down?"
        ),
        articles.CONV_FORWARD,
    ),
)
def strides_swapped(problem: Sliding, name: str) -> Iterator[Variant]:
    """The strides of height and width swapped."""
    down, across = problem.settings["stride"]
    if name in _SLIDING and down != across:
        yield Variant(stride="swapped")


def padded(problem: Sliding) -> bool:
    """Whether there is any padding."""
    return any((line.before, line.after) != (0, 0) for line in problem.axes)


def axes_under(variant: Variant, axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """How the windows slide under a variant; what becomes of the result's own border is not in it.

    >>> from cnngrad.core.shapes import axis
    >>> [line.stride for line in axes_under(Variant(stride="one"), (axis(5, 3, stride=2),) * 2)]
    [1, 1]
    """
    strides = [line.stride for line in axes]
    if variant.stride == "swapped":
        strides.reverse()
    elif variant.stride == "one":
        strides = [1] * len(axes)
    lines = []
    for line, stride in zip(axes, strides, strict=True):
        line = line._replace(stride=stride)
        if variant.dilation == "one":
            line = line._replace(dilation=1)
        if variant.padding == "none":
            line = line._replace(before=0, after=0)
        if variant.windows:
            line = line._replace(out=max((line.padded - line.extent) // line.stride + 1, 0))
        lines.append(line)
    return tuple(lines)
