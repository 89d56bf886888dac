"""The steps of an activation as pictures."""

from ...pictures import elementwise

PICTURES = {
    "activation.A": elementwise.moved,
    "activation.dA_prev": elementwise.backward,
}
OVERVIEWS = {
    "activation.A": elementwise.moved_overview,
    "activation.dA_prev": elementwise.backward_overview,
}
