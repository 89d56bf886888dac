"""What an activation layer takes, forward and backward. It has no command: networks have it."""

from ...core.settings import ACTIVATION, CORNER_SLOPE, LAYOUT, LIKE, SLOPE, Setting
from ...core.spec import A_PREV, DZ, OpSpec
from ...core.text import message

FORMS = message("an array of one to four axes")
SETTINGS = (
    Setting("activation", ACTIVATION, "identity"),
    SLOPE,
    CORNER_SLOPE,
    LAYOUT,
    LIKE,
)

FORWARD = OpSpec("activation", "forward", (A_PREV._replace(least=1, forms=FORMS),), SETTINGS)
BACKWARD = OpSpec(
    "activation",
    "backward",
    (*FORWARD.operands, DZ._replace(least=1, forms=FORMS)),
    SETTINGS,
)
