"""What a flatten layer takes, forward and backward. It has no command: networks have it."""

from ...core.settings import DIMS, LAYOUT, LIKE
from ...core.spec import A_PREV, DZ, OpSpec
from ...core.text import message

ROWS = message("the numbers of one sample (n) or rows (N, n)")

FORWARD = OpSpec("flatten", "forward", (A_PREV,), (DIMS, LAYOUT, LIKE))
BACKWARD = OpSpec(
    "flatten",
    "backward",
    (A_PREV, DZ._replace(rank=2, least=1, forms=ROWS)),
    FORWARD.settings,
)
