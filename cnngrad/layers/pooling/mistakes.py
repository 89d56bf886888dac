"""Mistakes in max and average pooling."""

from collections.abc import Iterator

from ...core.text import message
from ...diagnosis import articles
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.rules_anywhere import ERROR_IGNORED
from ...diagnosis.rules_sliding import OVERLAP_OVERWRITTEN, STRIDE_IGNORED, padded
from ...diagnosis.variants import Variant
from .windows import Pooling

BOTH, AVERAGE = RuleSet(), RuleSet()


# ---- both -----------------------------------------------------------------------------------


@BOTH.rule("overlap-overwritten", OVERLAP_OVERWRITTEN)
def overlap_overwritten(problem: Pooling, name: str) -> Iterator[Variant]:
    """The whole window written with =, zeros too; or only the cells that receive something."""
    if name == "dA_prev":
        yield Variant(write="window")
        yield Variant(write="receivers")
        if problem.settings["dilation"] != (1, 1):
            yield Variant(write="span")


@BOTH.rule(
    "sides-swapped",
    RuleWords(
        message("height and width swapped inside the window"),
        message(
            "Your {name} is exactly what comes out when height and width of the window, or the row"
            " and the column of its maximum, are swapped."
        ),
        message("The maximum has a row and a column inside its window. Which comes first?"),
        articles.MAX,
        message(
            "In a square window, the cells of the diagonal stay right; the others are swapped."
        ),
        "dA[i + w, j + h] += dZ[i, j]  # h, w = np.unravel_index(argmax, ...); dA[i + h, j + w]",
    ),
)
def sides_swapped(problem: Pooling, name: str) -> Iterator[Variant]:
    """The window's height and width, or the place of its maximum, the other way round."""
    height, width = problem.settings["window"]
    if height != width:
        yield Variant(window="sides swapped")
    elif name == "dA_prev" and problem.mode == "max" and height > 1:
        yield Variant(share="sides swapped")


@BOTH.rule("stride-ignored", STRIDE_IGNORED)
def windows_placed_by_one(problem: Pooling, name: str) -> Iterator[Variant]:
    """The windows are read where they are, and what they send is placed at i, j."""
    if name == "dA_prev" and problem.settings["stride"] != (1, 1):
        yield Variant(stride="placed by one")


# ---- average pooling ------------------------------------------------------------------------


@AVERAGE.rule(
    "not-divided-by-window",
    RuleWords(
        message("not divided by the window's size"),
        message(
            "Your {name} is exactly what comes out when nothing is divided by the number of cells"
            " in the window."
        ),
        message("What part of the average does a single cell of the window make up?"),
        articles.AVERAGE,
        message("Every cell is k² times too large."),
        "dA[i:i+k, j:j+k] += dZ[i, j]  # / k**2 is missing",
    ),
)
def not_divided_by_window(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets the whole error; or the window's sum for its average."""
    del problem, name
    yield Variant(divide="none")


@AVERAGE.rule("error-ignored", ERROR_IGNORED)
def error_ignored(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets 1/n, without the error."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="one")
        yield Variant(amount="one", write="window")


@AVERAGE.rule(
    "divided-by-window-side",
    RuleWords(
        message("divided by the window's side"),
        message(
            "Your {name} is exactly what comes out when it is divided by the side of the window"
            " (k), not by its number of cells (k²)."
        ),
        message("How many cells does the window have in all?"),
        articles.AVERAGE,
        message("Every cell is k times too large."),
        "dA[i:i+k, j:j+k] += dZ[i, j] / k  # / k**2 is right",
    ),
)
def divided_by_window_side(problem: Pooling, name: str) -> Iterator[Variant]:
    """Divided by k, not by k²."""
    del name
    height, width = problem.settings["window"]
    if width > 1 or padded(problem):
        yield Variant(divide="height")
    if height not in (1, width):
        yield Variant(divide="width")


@AVERAGE.rule(
    "max-rule-used",
    RuleWords(
        message("max pooling's rule used"),
        message(
            "Your {name} is exactly what comes out by the rule of max pooling, where only the"
            " maximum counts."
        ),
        message("This is average pooling. Which cells of the window have a part in the average?"),
        articles.AVERAGE,
        message("All but one cell of a window are 0."),
        "dA[place_of_max] += dZ[i, j]  # every cell gets dZ / k**2",
    ),
)
def max_rule_used(problem: Pooling, name: str) -> Iterator[Variant]:
    """Everything goes to the maximum, as in max pooling."""
    del problem
    yield Variant(share="first", divide="none")
    if name == "dA_prev":
        yield Variant(share="last", divide="none")
        yield Variant(share="all", divide="none")
        yield Variant(share="split", divide="none")


@AVERAGE.rule(
    "padding-counted",
    RuleWords(
        message("padding counted"),
        message(
            "Your {name} is exactly what comes out when the cells of the padding count in the"
            " divisor."
        ),
        message("Which cells of a window at the border count when the average is divided?"),
        articles.AVERAGE,
        message("Only windows at the border are wrong, and their shares are too small."),
        "window.sum() / k**2  # divide by the cells inside the input",
    ),
)
def padding_counted(problem: Pooling, name: str) -> Iterator[Variant]:
    """Padding counted in the divisor, where it must not be."""
    del name
    override = problem.settings["divisor_override"]
    if not padded(problem) and not override:
        return
    if problem.settings["count_include_pad"] is False or override:
        yield Variant(divide="padded")
    if override != _area(problem):
        yield Variant(divide="area")


@AVERAGE.rule(
    "overhang-counted",
    RuleWords(
        message("cells beyond the input counted"),
        message(
            "Your {name} is exactly what comes out when a clipped window is divided by its whole"
            " size, with the cells that lie beyond the input and its padding."
        ),
        message("How many cells of the last window are there?"),
        articles.AVERAGE,
        message("Only windows that reach over the end differ; there is no padding there."),
        "window.sum() / (kh * kw)  # window.mean() of the cells that are there",
    ),
)
def overhang_counted(problem: Pooling, name: str) -> Iterator[Variant]:
    """A window clipped by ceil_mode divided by its whole area."""
    del name
    clipped = any(
        line.start(line.out - 1) + line.extent > line.size + line.after for line in problem.axes
    )
    if clipped and not problem.settings["divisor_override"] and not padded(problem):
        yield Variant(divide="area")


@AVERAGE.rule(
    "padding-not-counted",
    RuleWords(
        message("padding not counted"),
        message(
            "Your {name} is exactly what comes out when only the cells of the input count in the"
            " divisor."
        ),
        message("Which cells of a window at the border count when the average is divided?"),
        articles.AVERAGE,
        message("Only windows at the border are wrong, and their shares are too large."),
        "window.sum() / inside  # k**2 counts the padding",
    ),
)
def padding_not_counted(problem: Pooling, name: str) -> Iterator[Variant]:
    """Padding left out of the divisor, where it counts."""
    del name
    override = problem.settings["divisor_override"]
    if override or (problem.settings["count_include_pad"] and padded(problem)):
        yield Variant(divide="real")


def _area(problem: Pooling) -> int:
    height, width = problem.settings["window"]
    return int(height * width)
