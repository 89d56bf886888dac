"""What the steps of a loss say."""

from ...core.text import message
from ...pictures.result_words import ResultWords

WORDS = {
    "loss.dA_prev": ResultWords(
        introduction=message("dA_prev: the slope of the loss, each sample's own."),
        step=message("Subtract the target from the prediction."),
        overview=message("Subtract the target from the prediction, cell by cell."),
    ),
}
