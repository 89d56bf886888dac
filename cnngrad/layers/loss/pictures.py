"""The steps of a loss as pictures."""

from ...pictures import elementwise

PICTURES = {
    "loss.dA_prev": elementwise.loss,
}
OVERVIEWS = {
    "loss.dA_prev": elementwise.loss_overview,
}
