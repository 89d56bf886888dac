"""What the steps of a batch normalisation say."""

from ...core.text import message
from ...pictures.result_words import ResultWords

PARTS = message("The sum is divided by the {divisor} numbers of the channel.")
ONE_TERM = message("One term makes up this cell.")
NOTHING = message("Nothing adds to this cell.")

WORDS = {
    "batch_norm.mean": ResultWords(
        introduction=message(
            "mean: the numbers of each channel, added up over the batch, divided."
        ),
        reason=(NOTHING, ONE_TERM, message("The {count} numbers of the channel, added up.")),
        divided=PARTS,
    ),
    "batch_norm.variance": ResultWords(
        introduction=message(
            "variance: the squares of A_prev less its mean, added up and divided by how many there"
            " are (not by one less)."
        ),
        reason=(NOTHING, ONE_TERM, message("The {count} squares of the channel, added up.")),
        divided=PARTS,
    ),
    "batch_norm.x_hat": ResultWords(
        introduction=message("x_hat = (A_prev − mean) / √(variance + epsilon), cell by cell."),
        step=message("Subtract the channel's mean, then divide by √(variance + epsilon)."),
        reason=(
            NOTHING,
            message("A_prev less its mean, over √(variance + epsilon)."),
            ONE_TERM,
        ),
    ),
    "batch_norm.A": ResultWords(
        introduction=message("A = gamma · x_hat + beta, cell by cell."),
        step=message("Multiply x_hat by the channel's gamma and add its beta."),
        reason=(NOTHING, ONE_TERM, message("gamma times x_hat, and beta.")),
    ),
    "batch_norm.dx_hat": ResultWords(
        introduction=message("dx_hat = dZ · gamma: the error at x_hat, cell by cell."),
        step=message("Multiply the error by the channel's gamma."),
        reason=(NOTHING, message("x_hat was multiplied by gamma, and so is its error."), ONE_TERM),
    ),
    "batch_norm.dvariance": ResultWords(
        introduction=message(
            "dvariance = Σ dx_hat · −(A_prev − mean) / 2√(variance + epsilon)³: every x_hat of the"
            " channel was divided by this root."
        ),
        reason=(
            NOTHING,
            ONE_TERM,
            message("The variance changes {count} numbers x_hat. Each sends its error back."),
        ),
    ),
    "batch_norm.dmean": ResultWords(
        introduction=message(
            "dmean = Σ −dx_hat / √(variance + epsilon): the mean was taken from every number. What"
            " comes back through the variance is 0, as Σ (A_prev − mean) is."
        ),
        reason=(
            NOTHING,
            ONE_TERM,
            message("The mean changes {count} numbers x_hat. Each sends its error back, negated."),
        ),
    ),
    "batch_norm.dA_prev": ResultWords(
        introduction=message(
            "dA_prev = dx_hat / √(variance + epsilon) + dvariance · 2(A_prev − mean)/m + dmean / m:"
            " three ways lead back, by x_hat itself, by the variance and by the mean."
        ),
        step=message("Add what comes by x_hat itself, by the variance and by the mean."),
        reason=(
            NOTHING,
            ONE_TERM,
            message("{count} ways lead back: by x_hat itself, by the variance and by the mean."),
        ),
    ),
    "batch_norm.closed": ResultWords(
        introduction=message(
            "dA_prev = gamma / (m√(variance + epsilon)) · (m·dZ − Σ dZ − x_hat · Σ dZ·x_hat), the"
            " three ways in one formula."
        ),
        step=message("Every error of the channel times what this cell changes there, added up."),
        reason=(
            NOTHING,
            ONE_TERM,
            message("This cell changes {count} cells of A, by mean and variance too."),
        ),
    ),
    "batch_norm.dgamma": ResultWords(
        introduction=message("dgamma: every cell of dZ times its x_hat, added up by channel."),
        reason=(
            NOTHING,
            message("gamma took part in one cell of A, which sends back its error times x_hat."),
            message(
                "gamma took part in {count} cells of A. Each sends back its error times x_hat."
            ),
        ),
    ),
    "batch_norm.dbeta": ResultWords(
        introduction=message("dbeta: the sum of dZ's cells, channel by channel."),
        reason=(
            NOTHING,
            message("beta was added to one cell of A: its gradient is that cell's error."),
            message("beta was added to {count} cells of A: their errors add up."),
        ),
    ),
}
