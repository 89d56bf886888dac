"""What the steps of a fully connected layer say."""

from ...core.text import message
from ...pictures.result_words import FUNCTION_CORNERS, ResultWords

WORDS = {
    "dense.Z": ResultWords(
        introduction=message(
            "Z: every row of A_prev times every row of W, number by number, added up."
        ),
        step=message(
            "Multiply row {sample} of A_prev by row {unit} of W, number by number, and add up."
        ),
        reason=(
            message("There is nothing to multiply."),
            message("The sample's number times the unit's weight."),
            message("The sample's numbers times the unit's weights, added up: {count} terms."),
        ),
    ),
    "dense.dA_prev": ResultWords(
        introduction=message("dA_prev: every cell of dZ times its unit's row of W, added up."),
        step=message(
            "Multiply row {unit} of W by {value} and add it onto row {sample} of dA_prev."
        ),
        reason=(
            message("No unit used this number."),
            message("One unit used this number. It sends back its error times its weight for it."),
            message(
                "{count} units used this number. Each sends back its error times its weight for it."
            ),
        ),
    ),
    "dense.dW": ResultWords(
        introduction=message(
            "dW: every cell of dZ times its sample's row of A_prev, added onto its"
            " unit's row of dW."
        ),
        step=message(
            "Multiply row {sample} of A_prev by {value} and add it onto row {unit} of dW."
        ),
        reason=(
            message("This weight took part in nothing."),
            message(
                "This weight took part in one cell of Z, which sends back its error"
                " times the number of A_prev that the weight multiplied."
            ),
            message(
                "This weight took part in {count} samples. Each sends back its error"
                " times the number of A_prev that the weight multiplied."
            ),
        ),
    ),
    "dense.db": ResultWords(
        introduction=message("db: the sum of dZ's cells, unit by unit."),
        reason=(
            message("The bias was added to nothing."),
            message("The bias was added to one cell of Z: its gradient is that cell's error."),
            message("The bias was added in {count} samples: their errors add up."),
        ),
    ),
    "dense.dZ_prev": ResultWords(
        introduction=message(
            "dZ_prev = dA_prev ⊙ f'(Z_prev): the error goes on through the"
            " activation of the layer before."
        ),
        step=message("Multiply {value} by the slope of the activation at this cell of Z_prev."),
        overview=message("Multiply the error by the slope of the activation, cell by cell."),
    ),
}

IN_COLUMNS = {
    "dense.Z": message(
        "Multiply row {sample} of A_prev by column {unit} of W, number by number, and add up."
    ),
    "dense.dA_prev": message(
        "Multiply column {unit} of W by {value} and add it onto row {sample} of dA_prev."
    ),
    "dense.dW": message(
        "Multiply row {sample} of A_prev by {value} and add it onto column {unit} of dW."
    ),
}
"""The same steps where W has a column for each unit."""

CORNERS = FUNCTION_CORNERS
