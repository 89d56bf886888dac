"""What the steps of a convolution say."""

from ...core.text import message
from ...pictures.result_words import ResultWords

FILTER, SEEN = message("filter {index}"), message("{channels:input channel #|input channels #}")

TURNED = message("The kernel is turned by 180° first (--flip).")
TURNED_BACK = message("What comes of it is turned by 180°, as the kernel was (--flip).")

WORDS = {
    "conv.Z": ResultWords(
        channel=FILTER,
        seen=SEEN,
        introduction=message(
            "Z: lay the kernel on every window of A_prev, multiply cell by cell and add up."
        ),
        step=message("The kernel lies on {window} of A_prev. Multiply cell by cell and add up."),
        outside=message("Part of the window lies in the padding, whose zeros add nothing."),
        reason=(
            message("The window lies in the padding: there is nothing to multiply."),
            message("One cell of the window times the weight of W that lies on it."),
            message(
                "The window of A_prev and the kernel W, multiplied cell by cell and"
                " added up: {count} terms."
            ),
        ),
    ),
    "conv.dA_prev": ResultWords(
        channel=FILTER,
        seen=SEEN,
        introduction=message(
            "dA_prev: every cell of dZ times the kernel, added onto the window that"
            " produced the cell."
        ),
        step=message("Multiply the kernel by {value} and add it onto {window} of dA_prev."),
        outside=message("Part of the window lies in the padding: what falls there (·) is dropped."),
        reason=(
            message("No window of the kernel covers this cell: no error comes back to it."),
            message(
                "One cell of Z was made from this cell. It sends back its error"
                " times the weight of W that lay on it."
            ),
            message(
                "{count} cells of Z were made from this cell. Each sends back its"
                " error times the weight of W that lay on it."
            ),
        ),
    ),
    "conv.dW": ResultWords(
        channel=FILTER,
        seen=SEEN,
        introduction=message("dW: every cell of dZ times its window of A_prev, added up."),
        step=message("Multiply {window} of A_prev by {value} and add it onto dW."),
        outside=message("Part of the window lies in the padding: its zeros (·) add nothing."),
        reason=(
            message("This weight lay on nothing but padding: no error comes back to it."),
            message(
                "This weight took part in one cell of Z, which sends back its error"
                " times the cell of A_prev that lay under the weight."
            ),
            message(
                "This weight took part in {count} cells of Z. Each sends back its"
                " error times the cell of A_prev that lay under the weight."
            ),
        ),
    ),
    "conv.db": ResultWords(
        introduction=message("db: the sum of dZ's cells."),
        reason=(
            message("The bias was added to no cell of Z."),
            message("The bias was added to one cell of Z: its gradient is that cell's error."),
            message("The bias was added to {count} cells of Z: their errors add up."),
        ),
    ),
}
