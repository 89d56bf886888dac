"""The steps of a flatten layer as pictures."""

from ...pictures import elementwise

PICTURES = {
    "flatten.A": elementwise.moved,
    "flatten.dA_prev": elementwise.moved,
}
OVERVIEWS = {
    "flatten.A": elementwise.moved_overview,
    "flatten.dA_prev": elementwise.moved_overview,
}
