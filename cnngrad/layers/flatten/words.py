"""What the steps of a flatten layer say."""

from ...core.text import message
from ...pictures.result_words import ResultWords

WORDS = {
    "flatten.A": ResultWords(
        introduction=message(
            "A: the cells of each sample in one row, channel after channel, row after row."
        ),
        step=message("Take this cell of A_prev as it is."),
        overview=message("Every cell keeps its value and takes its place in the row."),
    ),
    "flatten.dA_prev": ResultWords(
        introduction=message("dA_prev: the row of errors takes the shape of A_prev again."),
        step=message("Give this cell its error back as it is."),
        overview=message(
            "Every error keeps its value and goes back to the cell that it came from."
        ),
    ),
}
