"""Mistakes in max and average pooling."""

from collections.abc import Iterator

from ...diagnosis.variants import RuleSet, Variant
from .windows import Pooling

BOTH, MAX, AVERAGE = RuleSet(), RuleSet(), RuleSet()


# ---- both -----------------------------------------------------------------------------------


@BOTH.rule("overlap-overwritten")
def overlap_overwritten(problem: Pooling, name: str) -> Iterator[Variant]:
    """The whole window written with =, zeros too; or only the cells that receive something."""
    if name == "dA_prev":
        yield Variant(write="window")
        yield Variant(write="receivers")
        if problem.settings["dilation"] != (1, 1):
            yield Variant(write="span")


@BOTH.rule("stride-ignored")
def stride_ignored(problem: Pooling, name: str) -> Iterator[Variant]:
    """Windows start at i, j instead of i·s, j·s."""
    if problem.settings["stride"] != (1, 1):
        yield Variant(stride="one")
        if _padded(problem):
            yield Variant(stride="one", padding="none")
        if name == "A":
            yield Variant(stride="one, all windows")
        else:
            yield Variant(stride="placed by one")


@BOTH.rule("padding-not-cropped")
def padding_not_cropped(problem: Pooling, name: str) -> Iterator[Variant]:
    """dA_prev in the shape of the padded input, or cropped at the wrong place."""
    if name == "dA_prev" and _padded(problem):
        yield Variant(padding="kept")
        yield Variant(padding="cropped at the far end")
        yield Variant(padding="cropped by the other side")


@BOTH.rule("padding-ignored")
def padding_ignored(problem: Pooling, name: str) -> Iterator[Variant]:
    """Windows start at i·s in the unpadded input."""
    del name
    if _padded(problem):
        yield Variant(padding="none")


@BOTH.rule("dilation-ignored")
def dilation_ignored(problem: Pooling, name: str) -> Iterator[Variant]:
    """The cells of a window taken next to each other."""
    del name
    if problem.settings["dilation"] != (1, 1):
        yield Variant(dilation="one")


@BOTH.rule("strides-swapped")
def strides_swapped(problem: Pooling, name: str) -> Iterator[Variant]:
    """The strides of height and width swapped."""
    del name
    down, across = problem.settings["stride"]
    if down != across:
        yield Variant(stride="swapped")


@BOTH.rule("gradient-rotated")
def gradient_rotated(problem: Pooling, name: str) -> Iterator[Variant]:
    """The finished gradient turned by 180°."""
    del problem, name
    yield Variant(after=("rotated",))


def _padded(problem: Pooling) -> bool:
    return any((line.before, line.after) != (0, 0) for line in problem.axes)


# ---- max pooling ----------------------------------------------------------------------------


@MAX.rule("error-to-every-cell")
def error_to_every_cell(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets the whole error."""
    del problem
    if name == "dA_prev":
        yield Variant(share="every")


@MAX.rule("error-to-all-ties")
def error_to_all_ties(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell that equals the maximum gets the whole error."""
    if name == "dA_prev" and problem.settings["ties"] != "all":
        yield Variant(share="all")


@MAX.rule("error-to-last-tie")
def error_to_last_tie(problem: Pooling, name: str) -> Iterator[Variant]:
    """The last of the cells that equal the maximum gets the error."""
    if name == "dA_prev" and problem.settings["ties"] != "last":
        yield Variant(share="last")


@MAX.rule("error-split-over-ties")
def error_split_over_ties(problem: Pooling, name: str) -> Iterator[Variant]:
    """The cells that equal the maximum share the error."""
    if name == "dA_prev" and problem.settings["ties"] != "split":
        yield Variant(share="split")


@MAX.rule("average-rule-used")
def average_rule_used(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error shared by all cells of the window, as in average pooling."""
    del problem, name
    for divide in ("area", "real", "padded"):
        yield Variant(share="every", divide=divide)


@MAX.rule("maximum-instead-of-error")
def maximum_instead_of_error(problem: Pooling, name: str) -> Iterator[Variant]:
    """The maximum itself goes back, not the error."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="maximum")
        yield Variant(amount="maximum", write="receivers")


@MAX.rule("error-times-maximum")
def error_times_maximum(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error is multiplied by the maximum."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="error × maximum")


@MAX.rule("error-at-window-corner")
def error_at_window_corner(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error goes to the window's corner, wherever the maximum is."""
    if name == "dA_prev":
        yield Variant(share="corner 0 0")
        if _padded(problem):
            yield Variant(share="first real cell")
        for corner in ("0 1", "1 0", "1 1"):
            yield Variant(share=f"corner {corner}")


# ---- average pooling ------------------------------------------------------------------------


@AVERAGE.rule("not-divided-by-window")
def not_divided_by_window(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets the whole error; or the window's sum for its average."""
    del problem, name
    yield Variant(divide="none")


@AVERAGE.rule("error-ignored")
def error_ignored(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets 1/n, without the error."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="one")
        yield Variant(amount="one", write="window")


@AVERAGE.rule("divided-by-window-side")
def divided_by_window_side(problem: Pooling, name: str) -> Iterator[Variant]:
    """Divided by k, not by k²."""
    del name
    yield Variant(divide="height")
    if problem.settings["window"][0] != problem.settings["window"][1]:
        yield Variant(divide="width")


@AVERAGE.rule("max-rule-used")
def max_rule_used(problem: Pooling, name: str) -> Iterator[Variant]:
    """Everything goes to the maximum, as in max pooling."""
    del problem
    yield Variant(share="first", divide="none")
    if name == "dA_prev":
        yield Variant(share="last", divide="none")
        yield Variant(share="all", divide="none")
        yield Variant(share="split", divide="none")


@AVERAGE.rule("padding-counted")
def padding_counted(problem: Pooling, name: str) -> Iterator[Variant]:
    """Padding counted in the divisor, where it must not be."""
    del name
    if problem.settings["count_include_pad"] is False or problem.settings["divisor_override"]:
        yield Variant(divide="padded")
    if problem.settings["divisor_override"] != _area(problem):
        yield Variant(divide="area")


@AVERAGE.rule("padding-not-counted")
def padding_not_counted(problem: Pooling, name: str) -> Iterator[Variant]:
    """Padding left out of the divisor, where it counts."""
    del name
    if problem.settings["count_include_pad"] or problem.settings["divisor_override"]:
        yield Variant(divide="real")


def _area(problem: Pooling) -> int:
    height, width = problem.settings["window"]
    return int(height * width)
