"""What the steps of a pooling say, and why a maximum went where it did."""

from ...core.text import message
from ...pictures.result_words import CornerWords, ResultWords

WORDS = {
    "max.A": ResultWords(
        introduction=message("A: the maximum of every window."),
        step=message("The maximum of {window} of A_prev is {top}: it stands in {place}."),
        outside=message("Part of the window lies in the padding, which never is the maximum."),
        reason=(
            message("The window holds no cell."),
            message("The maximum of its window."),
            message("The maximum of its window."),
        ),
    ),
    "max.dA_prev": ResultWords(
        introduction=message(
            "dA_prev: every cell of dZ goes to the cell that was its window's maximum."
        ),
        step=message(
            "The maximum of this window, {top}, came from {place}: this cell"
            " receives the whole error {value}, the others 0."
        ),
        outside=message("Part of the window lies in the padding (·), which never is the maximum."),
        reason=(
            message("No window chose this cell as its maximum: no error comes back to it."),
            message("One window chose this cell as its maximum: its error comes back to it."),
            message(
                "{count} windows chose this cell as their maximum: their errors come back to it."
            ),
        ),
    ),
    "average.A": ResultWords(
        introduction=message("A: the average of every window."),
        step=message("Add up {window} of A_prev and divide by {parts}."),
        outside=message("Part of the window lies outside A_prev and adds nothing."),
        reason=(
            message("The window holds no cell of A_prev."),
            message("The average of its window, of which one cell lies in A_prev."),
            message("The average of its window: {count} cells, each with its share."),
        ),
    ),
    "average.dA_prev": ResultWords(
        introduction=message(
            "dA_prev: every cell of dZ is shared equally by the cells of its window."
        ),
        step=message(
            "Share {value} equally: each cell in {window} of dA_prev receives"
            " {value} / {parts} = {share}."
        ),
        outside=message(
            "Part of the window lies outside A_prev: the shares that fall there (·) are dropped."
        ),
        reason=(
            message("No window holds this cell: no error comes back to it."),
            message("One window holds this cell and sends it an equal share of its error."),
            message("{count} windows hold this cell. Each sends it an equal share of its error."),
        ),
    ),
}

TIES = {
    "first": message(
        "The maximum {top} stands in {count} cells. The first of them, {place},"
        " receives the whole error {value} (--ties first)."
    ),
    "last": message(
        "The maximum {top} stands in {count} cells. The last of them, {place},"
        " receives the whole error {value} (--ties last)."
    ),
    "all": message(
        "The maximum {top} stands in {count} cells. Each of them receives the whole"
        " error {value} (--ties all)."
    ),
    "split": message(
        "The maximum {top} stands in {count} cells. They share the error: each"
        " receives {value} / {count} = {share} (--ties split)."
    ),
    "first-column": message(
        "The maximum {top} stands in {count} cells. The first of them column by"
        " column, {place}, receives the whole error {value} (--ties first-column)."
    ),
}
"""Where the maximum stands in several cells of a window, by the setting `ties`."""

INSIDE_ONLY = message(
    "Part of the window lies outside A_prev (·) and does not count: {value} is"
    " divided by the {count:one cell|# cells} inside."
)
"""Of an average that leaves the padding out of its divisor."""

ELSEWHERE = message("{error} goes to {cells} instead, the maximum of its window.")
ELSEWHERE_TIED = {
    "first": message(
        "{error} goes to {cells} instead, the first of {count} equal maxima in its"
        " window (--ties first)."
    ),
    "last": message(
        "{error} goes to {cells} instead, the last of {count} equal maxima in its"
        " window (--ties last)."
    ),
    "all": message(
        "{error} goes to {cells} instead, the {count} equal maxima of its window (--ties all)."
    ),
    "split": message(
        "{error} is shared by {cells} instead, the {count} equal maxima of its"
        " window (--ties split)."
    ),
    "first-column": message(
        "{error} goes to {cells} instead, the first column by column of {count}"
        " equal maxima in its window (--ties first-column)."
    ),
}
"""Where the maximum stands in several cells of a window."""

NOT_ALONE = (
    message("No window chose this cell as its maximum: no error comes back to it."),
    message("The maximum of one window stands in this cell, and in others too."),
    message("The maximum of {count} windows stands in this cell, and of some in others too."),
)
"""Where a cell has no window's error to itself, as the maxima of a window all receive some."""
TIED = {
    "first": message(
        "{error} goes to this cell, the first of {count} equal maxima in its window (--ties first)."
    ),
    "last": message(
        "{error} goes to this cell, the last of {count} equal maxima in its window (--ties last)."
    ),
    "all": message(
        "{error} goes whole to each of {count} equal maxima in its window (--ties all)."
    ),
    "split": message(
        "{error} is shared by {count} equal maxima in its window: this cell receives"
        " 1/{count} of it (--ties split)."
    ),
    "first-column": message(
        "{error} goes to this cell, the first column by column of {count} equal"
        " maxima in its window (--ties first-column)."
    ),
}
"""Where this cell is one of several maxima of a window."""

CORNERS = {
    "max": CornerWords(
        message(
            "{count:One window|# windows} that an error reaches {count:has its|have"
            " their} maximum in several cells (a tie): --ties {ties} says who"
            " receives the error."
        ),
        message(
            "{layer} found its maximum twice in a window where an error comes back"
            " ({count} ×): its setting ties says who receives it."
        ),
    ),
}

PRESENT_ONLY = message(
    "The window of {window} is divided by its {present:one cell|# cells} of the input: padding"
    " does not count (--exclude-pad)."
)
PADDING_COUNTS = message(
    "The window of {window} is divided by {divisor}: {present:one cell|# cells} of the input and"
    " padding, which counts (--include-pad); what lies beyond the padding does not."
)
ALL_COUNTS = message(
    "The window of {window} is divided by {divisor}: padding counts (--include-pad), and so does"
    " what lies beyond it (--overhang)."
)
"""What a window that leaves the input is divided by."""
