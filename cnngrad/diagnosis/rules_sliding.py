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
EMPTY_CROP = "empty-crop"
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
    message("Only cells that several windows share are wrong, and they hold the last one's share."),
    "dA_prev[i:i+k, j:j+k] = W * dZ[i, j]  # += is right",
)
STRIDE_IGNORED = RuleWords(
    message("stride left out"),
    message(
        "Your {name} is exactly what comes out when the windows start at i, j instead of"
        " i·stride, j·stride."
    ),
    message("By how many cells does the window move from one cell of the output to the next?"),
    articles.CONV_FORWARD,
    message("The cells at the far end stay 0, and those at the near end are too full."),
    "dA_prev[i:i+k, j:j+k] += ...  # i*s : i*s + k is right",
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
        message("Cells lie next to each other that should have gaps between them."),
        "A[i*s : i*s + k]  # A[i*s : i*s + d*k : d] is right",
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
        message("Everything is shifted by the width of the padding."),
        "A[i*s : i*s + k]  # A_pad[i*s : i*s + k] is right",
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
        message("The gradient is larger than the input by the padding."),
        "return dA_pad  # dA_pad[p : p + H, p : p + W] is right",
    ),
)
def padding_not_cropped(problem: Sliding, name: str) -> Iterator[Variant]:
    """dA_prev in the shape of the padded input, or cropped at the wrong place."""
    if name == "dA_prev" and padded(problem):
        yield Variant(padding="kept")
        if any(line.after != 1 for line in problem.axes):  # else it is one cell too wide
            yield Variant(padding="cropped at the far end")


@RULES.rule(
    "gradient-rotated",
    RuleWords(
        message("gradient turned by 180°"),
        message("Your {name} is exactly the right one turned by 180°."),
        message("Look at the corners of your result: is each where it belongs?"),
        articles.CONV_WEIGHTS,
        message("Every cell stands in the opposite corner."),
        "dW = np.rot90(dW, 2)  # without the turn",
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
        message("It shows only where the two strides differ."),
        "A[i*sw : i*sw + kh, j*sh : j*sh + kw]  # i*sh, j*sw is right",
    ),
)
def strides_swapped(problem: Sliding, name: str) -> Iterator[Variant]:
    """The strides of height and width swapped."""
    down, across = problem.settings["stride"]
    if name in _SLIDING and down != across:
        yield Variant(stride="swapped")


@RULES.rule(
    "padding-too-wide",
    RuleWords(
        message("padding one cell too wide"),
        message(
            "Your {name} is exactly what comes out when the padding is one cell wider on every"
            " side than it is."
        ),
        message("How wide is the padding? Where does the first window begin?"),
        articles.CONV_FORWARD,
        message("Everything is shifted by one cell, down and to the right."),
        "dA_prev[i*s - p - 1 : i*s - p - 1 + k] += ...  # i*s - p is right",
    ),
)
def padding_too_wide(problem: Sliding, name: str) -> Iterator[Variant]:
    """The way back pads p + 1 cells, or crops that many."""
    other_side = all(line.after == line.before + 1 for line in problem.axes)
    if name in ("dA_prev", "dW") and not other_side:
        yield Variant(padding="too wide")


@RULES.rule(
    "padding-other-side",
    RuleWords(
        message("padding on the other side"),
        message(
            "Your {name} is exactly what comes out when the padding of the top and left is put at"
            " the bottom and right, and the other way round."
        ),
        message("The padding is not the same on all sides. On which side is there more of it?"),
        articles.CONV_FORWARD,
        message(
            "With an even kernel, `same` pads one cell more at the bottom and right; some programs"
            " pad it at the top and left."
        ),
        "A_pad = np.pad(A, ((after, before), ...))  # (before, after) is right",
    ),
)
def padding_other_side(problem: Sliding, name: str) -> Iterator[Variant]:
    """The padding before and after an axis swapped."""
    if name in _SLIDING and any(line.before != line.after for line in problem.axes):
        yield Variant(padding="other side")
        if name == "dA_prev":
            yield Variant(padding="cropped by the other side")


@RULES.rule(
    "stride-dilation-swapped",
    RuleWords(
        message("stride and dilation swapped"),
        message(
            "Your {name} is exactly what comes out when the stride is taken for the dilation and"
            " the dilation for the stride."
        ),
        message(
            "Which of the two numbers moves the window, and which one spreads the cells inside it?"
        ),
        articles.CONV_FORWARD,
        message("It shows only where the two differ; with both equal nothing changes."),
        "row = i*dilation + a*stride - p  # i*stride + a*dilation - p is right",
    ),
)
def stride_dilation_swapped(problem: Sliding, name: str) -> Iterator[Variant]:
    """i·d + a·s for i·s + a·d."""
    if name in _SLIDING and problem.settings["stride"] != problem.settings["dilation"]:
        yield Variant(stride="swapped with dilation")


@RULES.rule(
    "error-transposed",
    RuleWords(
        message("rows and columns of dZ swapped"),
        message("Your {name} is exactly what comes out when dZ[j,i] is taken for dZ[i,j]."),
        message("Which window belongs to the cell in the first row and second column of dZ?"),
        articles.CONV_ERROR,
        message("The cells of the diagonal of dZ do their part right; the others change places."),
        "dA_prev[i*s : i*s + k, j*s : j*s + k] += W * dZ[j, i]  # dZ[i, j] is right",
    ),
    cells=2,
)
def error_transposed(problem: Sliding, name: str) -> Iterator[Variant]:
    """dZ[w,h] for dZ[h,w]."""
    if name in ("dA_prev", "dW") and problem.axes[0].out == problem.axes[-1].out:
        yield Variant(error="transposed")


@RULES.rule(
    "error-rotated",
    RuleWords(
        message("dZ turned by 180°"),
        message("Your {name} is exactly what comes out when dZ is turned by 180° at first."),
        message("Which cell of dZ belongs to the first window? Lay dZ down as it is given."),
        articles.CONV_WEIGHTS,
        message("It is what a convolution that flips gives where a correlation is meant."),
        "dW = convolve(A_prev, dZ)  # correlate(A_prev, dZ) is right",
    ),
    cells=2,
)
def error_rotated(problem: Sliding, name: str) -> Iterator[Variant]:
    """A_prev convolved with dZ, not correlated."""
    del problem
    if name in ("dA_prev", "dW"):
        yield Variant(error="rotated")


@RULES.rule(
    "first-window-only",
    RuleWords(
        message("only the first window taken"),
        message(
            "Your {name} is exactly what comes out when the loops end after the first window, or"
            " after the first row of windows."
        ),
        message("How many windows are there? Does each of them take part?"),
        articles.CONV_ERROR,
        message("Look for a `return` that stands one level too far inside the loops."),
        "for j in ...: dA_prev[...] += ...; return dA_prev  # the return belongs behind the loops",
    ),
    cells=2,
)
def first_window_only(problem: Sliding, name: str) -> Iterator[Variant]:
    """A return inside the loops."""
    if name in FORWARD:
        yield Variant(after=("first window then zeros",))
        return
    yield Variant(error="first window")
    yield Variant(error="first window of each channel")
    if problem.axes[0].out > 1:
        yield Variant(error="first row of windows")


@RULES.rule(
    EMPTY_CROP,
    RuleWords(
        message("everything cropped away"),
        message(
            "Your {name} is empty, as a crop [p:-p] with p = 0 leaves it: from 0 to -0 there"
            " is nothing."
        ),
        message("What is left of a row of five cells after [p:-p] where p is 0?"),
        articles.SHAPES,
        message("The gradient is right with padding, and empty without."),
        "dA_prev = dA_pad[:, :, p:-p, p:-p]  # [p : p + H, p : p + W] is right for p = 0 too",
    ),
)
def empty_crop(problem: Sliding, name: str) -> Iterator[Variant]:
    """Nothing is left of it; an empty answer tells it by its shape, so there are no variants."""
    del problem, name
    yield from ()


@RULES.rule(
    "channels-summed",
    RuleWords(
        message("every channel given the sum over all channels"),
        message(
            "Your {name} is exactly what comes out when every input channel gets the sum over all"
            " of them."
        ),
        message("Does each channel of the input have a gradient of its own?"),
        articles.CONV_ERROR,
        message("All channels of the gradient are the same."),
        "dA_prev[n] += (W[f] * dZ[n, f, i, j]).sum(axis=0)  # without the sum over the channels",
    ),
)
def channels_summed(problem: Any, name: str) -> Iterator[Variant]:
    """The sum over the input channels in the place of each."""
    if name in ("dA_prev", "dW") and problem.arrays["A_prev"].shape[1] > 1:
        yield Variant(after=("channels summed",))


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
    dilations = [1 if variant.dilation == "one" else line.dilation for line in axes]
    if variant.stride == "swapped with dilation":
        strides, dilations = dilations, strides
    elif variant.stride == "swapped":
        strides.reverse()
    elif variant.stride == "one":
        strides = [1] * len(axes)
    lines = []
    for line, stride, dilation in zip(axes, strides, dilations, strict=True):
        line = line._replace(stride=stride, dilation=dilation)
        if variant.padding == "none":
            line = line._replace(before=0, after=0)
        elif variant.padding == "other side":
            line = line._replace(before=line.after, after=line.before)
        elif variant.padding == "too wide":
            line = line._replace(before=line.before + 1, after=line.after + 1)
        if variant.windows:
            line = line._replace(out=max((line.padded - line.extent) // line.stride + 1, 0))
        lines.append(line)
    return tuple(lines)
