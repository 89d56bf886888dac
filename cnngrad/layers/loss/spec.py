"""What a loss takes: the output, the target, and settings. It has no command: networks have it."""

from ...core.settings import LAYOUT, NETWORK_BATCH, REDUCTION, Setting, Whole
from ...core.spec import A_PREV, Operand
from ...core.text import message

FORMS = message("an array of one to four axes")
OPERANDS = (
    A_PREV._replace(least=1, forms=FORMS),
    Operand("Y", "target", least=0, forms=FORMS),
)
SETTINGS = (
    NETWORK_BATCH,
    REDUCTION,
    Setting("samples", Whole(), None),
    LAYOUT,
)
