"""What the steps of a convolution say."""

from ...core.text import message
from ...pictures.result_words import ResultWords

FILTER, SEEN = message("filter {index}"), message("{channels:input channel #|input channels #}")
INPUT_CHANNEL = message("input channel {index}")
OUTPUTS_SEEN = message("{channels:output channel #|output channels #}")

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
    "transposed.Z": ResultWords(
        channel=INPUT_CHANNEL,
        seen=OUTPUTS_SEEN,
        introduction=message(
            "Z: every cell of A_prev times the kernel, added onto its window of Z. These are the"
            " steps of a convolution's dA_prev, with A_prev in the place of dZ."
        ),
        step=message("Multiply the kernel by {value} and add it onto {window} of Z."),
        outside=message("Part of the window lies in the padding: what falls there (·) is cropped."),
        reason=(
            message("No window of the kernel covers this cell: nothing is added to it."),
            message("One term makes up this cell."),
            message("{count} terms add up: cells of A_prev times the weights that lie here."),
        ),
    ),
    "transposed.dA_prev": ResultWords(
        channel=INPUT_CHANNEL,
        seen=OUTPUTS_SEEN,
        introduction=message(
            "dA_prev: lay the kernel on every window of dZ, multiply cell by cell and add up. This"
            " is a convolution of dZ."
        ),
        step=message("The kernel lies on {window} of dZ. Multiply cell by cell and add up."),
        outside=message(
            "Part of the window lies in the padding, which was cropped: it adds nothing."
        ),
        reason=(
            message("The window lies in the padding: no error comes back to this cell."),
            message("One cell of Z was made from this cell. It sends back its error."),
            message(
                "This cell was added to {count} cells of Z, times a weight each. Each sends back"
                " its error times that weight."
            ),
        ),
    ),
    "transposed.dW": ResultWords(
        channel=INPUT_CHANNEL,
        seen=OUTPUTS_SEEN,
        introduction=message("dW: every cell of A_prev times its window of dZ, added up."),
        step=message("Multiply {window} of dZ by {value} and add it onto dW."),
        outside=message("Part of the window lies in the padding: it (·) adds nothing."),
        reason=(
            message("This weight lay on nothing but padding: no error comes back to it."),
            message(
                "This weight took part in one cell of Z, which sends back its error times the cell"
                " of A_prev that the weight multiplied."
            ),
            message(
                "This weight took part in {count} cells of Z. Each sends back its error times the"
                " cell of A_prev that the weight multiplied."
            ),
        ),
    ),
    "transposed.db": ResultWords(
        introduction=message("db: the sum of dZ's cells."),
        reason=(
            message("The bias was added to no cell of Z."),
            message("The bias was added to one cell of Z: its gradient is that cell's error."),
            message("The bias was added to {count} cells of Z: their errors add up."),
        ),
    ),
}

ZEROS_BETWEEN = message("{name}, zeros between")
ZEROS_AROUND = message("{name}, zeros between and around")
W_TURNED = message("{name}, turned by 180°")
C, C_TURNED = message("C[{o},{c}]"), message("C[{o},{c}]ᵀ")
"""What stands above the matrices of the other views."""

_FULL = message(
    "Lay W, turned by 180°, on the window of dZ with zeros between and around its cells; multiply"
    " cell by cell and add up."
)
_ZEROS = message(
    "Lay W, turned by 180°, on this place of dZ with zeros between its cells; multiply cell by"
    " cell and add up."
)
_DW = message("Lay dZ, its cells as far apart as the stride, on A_prev; multiply and add up.")
_DW_RULE = message(
    "dW as a convolution of A_prev with dZ, whose cells lie as far apart as the stride: the stride"
    " of the way forward is the dilation of the way back."
)
_COLUMN = message("Column by column of Cᵀ: multiply the lit one by {value} and add it.")
_ROW = message("Row by row of C: multiply the lit one by the vector, number by number, and add up.")

WORDS |= {
    "conv.dA_prev.full": WORDS["conv.dA_prev"]._replace(
        introduction=message(
            "dA_prev as a full convolution of dZ with W turned by 180°. Each cell collects what +="
            " would send to it: as place = i·stride + k, a larger k comes from a smaller i, so the"
            " kernel runs backwards."
        ),
        step=_FULL,
    ),
    "conv.dA_prev.zeros": WORDS["conv.dA_prev"]._replace(
        introduction=message(
            "dA_prev by dZ with zeros between its cells, as many as the stride leaves out: then W,"
            " turned by 180°, slides over it with stride 1."
        ),
        step=_ZEROS,
    ),
    "conv.dW.full": WORDS["conv.dW"]._replace(introduction=_DW_RULE, step=_DW),
    "conv.dW.zeros": WORDS["conv.dW"]._replace(introduction=_DW_RULE, step=_DW),
    "conv.Z.matrix": WORDS["conv.Z"]._replace(
        introduction=message(
            "Z = C · A_prev, with A_prev and Z as vectors, row after row. C has a row for each cell"
            " of Z, and in it the weights of W where they lie."
        ),
        step=_ROW,
    ),
    "conv.dA_prev.matrix": WORDS["conv.dA_prev"]._replace(
        introduction=message(
            "dA_prev = Cᵀ · dZ: the matrix of Z = C · A_prev, transposed, so that a cell's row"
            " becomes the column that its error is multiplied by."
        ),
        step=_COLUMN,
    ),
    "transposed.Z.full": WORDS["transposed.Z"]._replace(
        introduction=message(
            "Z as a full convolution of A_prev, with zeros between and around its cells, with W"
            " turned by 180°. Each cell collects what += would send to it."
        ),
        step=message(
            "Lay W, turned by 180°, on the window of A_prev with zeros between and around its"
            " cells; multiply cell by cell and add up."
        ),
    ),
    "transposed.Z.zeros": WORDS["transposed.Z"]._replace(
        introduction=message(
            "Z by A_prev with zeros between its cells, as many as the stride leaves out: then W,"
            " turned by 180°, slides over it with stride 1."
        ),
        step=message(
            "Lay W, turned by 180°, on this place of A_prev with zeros between its cells; multiply"
            " cell by cell and add up."
        ),
    ),
    "transposed.dW.full": WORDS["transposed.dW"]._replace(
        step=message(
            "Lay A_prev, its cells as far apart as the stride, on dZ; multiply and add up."
        )
    ),
    "transposed.dW.zeros": WORDS["transposed.dW"]._replace(
        step=message(
            "Lay A_prev, its cells as far apart as the stride, on dZ; multiply and add up."
        )
    ),
    "transposed.Z.matrix": WORDS["transposed.Z"]._replace(
        introduction=message(
            "Z = Cᵀ · A_prev, as vectors, row after row: C is the matrix of the convolution that"
            " this one is the transpose of, hence its name."
        ),
        step=_COLUMN,
    ),
    "transposed.dA_prev.matrix": WORDS["transposed.dA_prev"]._replace(
        introduction=message("dA_prev = C · dZ, as vectors, row after row: a convolution."),
        step=_ROW,
    ),
}
