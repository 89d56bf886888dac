"""What the steps of an activation say."""

from ...core.text import message
from ...pictures.result_words import FUNCTION_CORNERS, ResultWords

WORDS = {
    "activation.A": ResultWords(
        introduction=message("A = f(A_prev), cell by cell."),
        step=message("Put this cell of A_prev into the activation."),
        overview=message("Put every cell into the activation."),
    ),
    "activation.dA_prev": ResultWords(
        introduction=message(
            "dA_prev = dZ ⊙ f'(A_prev): the error times the activation's derivative,"
            " cell by cell. Every layer's input is called A_prev here, and the error"
            " at its output dZ; with the names of the layer before, it reads dZ = dA"
            " ⊙ f'(Z)."
        ),
        step=message("Multiply {value} by the slope of the activation at this cell of A_prev."),
        overview=message("Multiply the error by the slope of the activation, cell by cell."),
    ),
}

CORNERS = FUNCTION_CORNERS
