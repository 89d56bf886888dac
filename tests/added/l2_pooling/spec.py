"""What L2 pooling takes."""

from cnngrad.core.settings import Setting, Sides
from cnngrad.core.spec import A_PREV, DZ, HelpText, OpSpec

WINDOW = Setting("window", Sides(), None, "The window.", metavar="K", required=True)
EXAMPLE = "cnngrad l2-pool-forward --input '3 4' --window 1,2"

FORWARD = OpSpec("l2-pool", "forward", (A_PREV,), (WINDOW,), help=HelpText("L2.", EXAMPLE))
BACKWARD = OpSpec("l2-pool", "backward", (A_PREV, DZ), (WINDOW,), help=HelpText("L2.", EXAMPLE))
