"""Mistakes in max and average pooling."""

from collections.abc import Iterator

from ...core.text import message
from ...diagnosis import articles
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.rules_anywhere import ERROR_IGNORED
from ...diagnosis.rules_sliding import OVERLAP_OVERWRITTEN, STRIDE_IGNORED, padded
from ...diagnosis.variants import Variant
from .windows import Pooling

BOTH, MAX, AVERAGE = RuleSet(), RuleSet(), RuleSet()


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


# ---- max pooling ----------------------------------------------------------------------------


@MAX.rule(
    "error-to-every-cell",
    RuleWords(
        message("error given to every cell of the window"),
        message(
            "Your {name} is exactly what comes out when every cell of a window gets the whole"
            " error, not only its maximum."
        ),
        message("Which cells of the window had a part in the maximum?"),
        articles.MAX,
    ),
)
def error_to_every_cell(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets the whole error."""
    del problem
    if name == "dA_prev":
        yield Variant(share="every")


@MAX.rule(
    "error-to-all-ties",
    RuleWords(
        message("error given to every maximum of a tie"),
        message(
            "Your {name} is exactly what comes out when all cells that equal the maximum get the"
            " whole error."
        ),
        message("Where several cells of a window are the maximum, how many of them get the error?"),
        articles.MAX,
    ),
)
def error_to_all_ties(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell that equals the maximum gets the whole error."""
    if name == "dA_prev" and problem.settings["ties"] != "all":
        yield Variant(share="all")


@MAX.rule(
    "error-to-last-tie",
    RuleWords(
        message("error given to the last maximum of a tie"),
        message(
            "Your {name} is exactly what comes out when the last of several equal maxima gets the"
            " error."
        ),
        message("Where several cells of a window are the maximum, which of them gets the error?"),
        articles.MAX,
    ),
)
def error_to_last_tie(problem: Pooling, name: str) -> Iterator[Variant]:
    """The last of the cells that equal the maximum gets the error."""
    if name == "dA_prev" and problem.settings["ties"] != "last":
        yield Variant(share="last")


@MAX.rule(
    "error-to-first-tie",
    RuleWords(
        message("error given to the first maximum of a tie"),
        message(
            "Your {name} is exactly what comes out when the first of several equal maxima gets the"
            " error."
        ),
        message("Where several cells of a window are the maximum, which of them gets the error?"),
        articles.MAX,
        message("Most programs take the first maximum; this problem says another."),
        "np.argmax(window)  # the first of several",
    ),
)
def error_to_first_tie(problem: Pooling, name: str) -> Iterator[Variant]:
    """The first maximum, where another is meant."""
    if name == "dA_prev" and problem.settings["ties"] != "first":
        yield Variant(share="first")


@MAX.rule(
    "error-split-over-ties",
    RuleWords(
        message("error split over a tie"),
        message("Your {name} is exactly what comes out when several equal maxima share the error."),
        message(
            "Where several cells of a window are the maximum, is the error divided among them?"
        ),
        articles.MAX,
    ),
)
def error_split_over_ties(problem: Pooling, name: str) -> Iterator[Variant]:
    """The cells that equal the maximum share the error."""
    if name == "dA_prev" and problem.settings["ties"] != "split":
        yield Variant(share="split")


@MAX.rule(
    "average-rule-used",
    RuleWords(
        message("average pooling's rule used"),
        message(
            "Your {name} is exactly what comes out by the rule of average pooling, which shares"
            " everything out over all cells of the window."
        ),
        message("This is max pooling. Which cells of the window does it look at in the end?"),
        articles.MAX,
    ),
)
def average_rule_used(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error shared by all cells of the window, as in average pooling."""
    del problem, name
    yield Variant(share="every", divide="area")
    yield Variant(share="every", divide="real")
    yield Variant(share="every", divide="padded")


@MAX.rule(
    "maximum-instead-of-error",
    RuleWords(
        message("the maximum put where the error belongs"),
        message(
            "Your {name} is exactly what comes out when the maximum itself is put back, not the"
            " error of dZ."
        ),
        message("The maximum tells where something goes. What is it that goes there?"),
        articles.MAX,
    ),
)
def maximum_instead_of_error(problem: Pooling, name: str) -> Iterator[Variant]:
    """The maximum itself goes back, not the error."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="maximum")
        yield Variant(amount="maximum", write="receivers")


@MAX.rule(
    "error-times-maximum",
    RuleWords(
        message("error multiplied by the maximum"),
        message(
            "Your {name} is exactly what comes out when the error is multiplied by the maximum."
        ),
        message(
            "What is the derivative of a maximum with respect to the cell that is the maximum?"
        ),
        articles.MAX,
    ),
)
def error_times_maximum(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error is multiplied by the maximum."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="error × maximum")


@MAX.rule(
    "error-at-window-corner",
    RuleWords(
        message("error put into the window's corner"),
        message(
            "Your {name} is exactly what comes out when the error goes to a corner of the window,"
            " wherever the maximum is."
        ),
        message("Which cell of the window was the maximum on the way forward?"),
        articles.MAX,
    ),
)
def error_at_window_corner(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error goes to the window's corner, wherever the maximum is."""
    if name == "dA_prev":
        yield Variant(share="top left")
        if padded(problem):
            yield Variant(share="first real cell")
        yield Variant(share="top right")
        yield Variant(share="bottom left")
        yield Variant(share="bottom right")


@MAX.rule(
    "error-to-first-column-tie",
    RuleWords(
        message("error given to the first maximum by columns"),
        message(
            "Your {name} is exactly what comes out when the first of several equal maxima is looked"
            " for column by column."
        ),
        message("Where several cells are the maximum, which of them is met first: row by row?"),
        articles.MAX,
        message("Libraries that keep their arrays column by column do it."),
        "window.flatten(order='F').argmax()  # window.argmax() goes row by row",
    ),
)
def error_to_first_column_tie(problem: Pooling, name: str) -> Iterator[Variant]:
    """The first maximum in column order."""
    if name == "dA_prev" and problem.settings["ties"] != "first-column":
        yield Variant(share="first-column")


@MAX.rule(
    "padding-as-zero",
    RuleWords(
        message("padding taken for zeros"),
        message(
            "Your {name} is exactly what comes out when the padding of max pooling counts as 0 and"
            " beats negative numbers."
        ),
        message("Can a cell of the padding be the maximum of a window?"),
        articles.MAX,
        message("Windows at the border lose their error where all their cells are negative."),
        "np.pad(A, p).max()  # np.pad(A, p, constant_values=-np.inf) is right",
    ),
)
def padding_as_zero(problem: Pooling, name: str) -> Iterator[Variant]:
    """A zero of the padding wins against negative cells."""
    del name
    if padded(problem):
        yield Variant(padding="as zeros")


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
