"""Mistakes in max pooling."""

from collections.abc import Iterator

from ...core.text import message
from ...diagnosis import articles
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.rules_sliding import padded
from ...diagnosis.variants import Variant
from .windows import Pooling

RULES = RuleSet()


@RULES.rule(
    "error-to-every-cell",
    RuleWords(
        message("error given to every cell of the window"),
        message(
            "Your {name} is exactly what comes out when every cell of a window gets the whole"
            " error, not only its maximum."
        ),
        message("Which cells of the window had a part in the maximum?"),
        articles.MAX,
        message("A window is filled with its error; in max pooling only one cell gets it."),
        "dA[i*s : i*s + k, j*s : j*s + k] += dZ[i, j]  # times the mask",
    ),
)
def error_to_every_cell(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell of a window gets the whole error."""
    del problem
    if name == "dA_prev":
        yield Variant(share="every")


@RULES.rule(
    "error-to-all-ties",
    RuleWords(
        message("error given to every maximum of a tie"),
        message(
            "Your {name} is exactly what comes out when all cells that equal the maximum get the"
            " whole error."
        ),
        message("Where several cells of a window are the maximum, how many of them get the error?"),
        articles.MAX,
        message("It shows only where a maximum stands in a window twice."),
        "mask = window == window.max()  # only the first of them",
    ),
)
def error_to_all_ties(problem: Pooling, name: str) -> Iterator[Variant]:
    """Each cell that equals the maximum gets the whole error."""
    if name == "dA_prev" and problem.settings["ties"] != "all":
        yield Variant(share="all")


@RULES.rule(
    "error-to-last-tie",
    RuleWords(
        message("error given to the last maximum of a tie"),
        message(
            "Your {name} is exactly what comes out when the last of several equal maxima gets the"
            " error."
        ),
        message("Where several cells of a window are the maximum, which of them gets the error?"),
        articles.MAX,
        message("It shows only where a maximum stands in a window twice."),
        "if x >= best: best, place = x, (h, w)  # x > best is right",
    ),
)
def error_to_last_tie(problem: Pooling, name: str) -> Iterator[Variant]:
    """The last of the cells that equal the maximum gets the error."""
    if name == "dA_prev" and problem.settings["ties"] != "last":
        yield Variant(share="last")


@RULES.rule(
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


@RULES.rule(
    "error-split-over-ties",
    RuleWords(
        message("error split over a tie"),
        message("Your {name} is exactly what comes out when several equal maxima share the error."),
        message(
            "Where several cells of a window are the maximum, is the error divided among them?"
        ),
        articles.MAX,
        message("It shows only where a maximum stands in a window twice."),
        "mask / mask.sum() * dZ[i, j]  # the first gets all",
    ),
)
def error_split_over_ties(problem: Pooling, name: str) -> Iterator[Variant]:
    """The cells that equal the maximum share the error."""
    if name == "dA_prev" and problem.settings["ties"] != "split":
        yield Variant(share="split")


@RULES.rule(
    "average-rule-used",
    RuleWords(
        message("average pooling's rule used"),
        message(
            "Your {name} is exactly what comes out by the rule of average pooling, which shares"
            " everything out over all cells of the window."
        ),
        message("This is max pooling. Which cells of the window does it look at in the end?"),
        articles.MAX,
        message("All cells of a window get the same."),
        "dA[i:i+k, j:j+k] += dZ[i, j] / k**2  # only the maximum gets it",
    ),
)
def average_rule_used(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error shared by all cells of the window, as in average pooling."""
    del problem, name
    yield Variant(share="every", divide="area")
    yield Variant(share="every", divide="real")
    yield Variant(share="every", divide="padded")


@RULES.rule(
    "maximum-instead-of-error",
    RuleWords(
        message("the maximum put where the error belongs"),
        message(
            "Your {name} is exactly what comes out when the maximum itself is put back, not the"
            " error of dZ."
        ),
        message("The maximum tells where something goes. What is it that goes there?"),
        articles.MAX,
        message("The answer does not change when dZ does."),
        "dA[place] += window.max()  # dZ[i, j] is right",
    ),
)
def maximum_instead_of_error(problem: Pooling, name: str) -> Iterator[Variant]:
    """The maximum itself goes back, not the error."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="maximum")
        yield Variant(amount="maximum", write="receivers")


@RULES.rule(
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
        message("Cells are right where the maximum is 1."),
        "dA[place] += window.max() * dZ[i, j]  # the derivative is 1",
    ),
)
def error_times_maximum(problem: Pooling, name: str) -> Iterator[Variant]:
    """The error is multiplied by the maximum."""
    del problem
    if name == "dA_prev":
        yield Variant(amount="error × maximum")


@RULES.rule(
    "error-at-window-corner",
    RuleWords(
        message("error put into the window's corner"),
        message(
            "Your {name} is exactly what comes out when the error goes to a corner of the window,"
            " wherever the maximum is."
        ),
        message("Which cell of the window was the maximum on the way forward?"),
        articles.MAX,
        message("The same cell of every window gets the error."),
        "dA[i*s, j*s] += dZ[i, j]  # the maximum's place is right",
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


@RULES.rule(
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


@RULES.rule(
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
