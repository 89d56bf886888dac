"""What L2 pooling takes."""

from cnngrad.core.settings import Setting, Sides
from cnngrad.core.spec import A_PREV, DZ, HelpText, OpSpec

WINDOW = Setting("window", Sides(), None, "The window.", metavar="K", required=True)
HELP = HelpText("L2 pooling.", "cnngrad l2-pool-forward --input '3 4' --window 1,2")

FORWARD = OpSpec("l2-pool", "forward", (A_PREV,), (WINDOW,), HELP)
BACKWARD = OpSpec("l2-pool", "backward", (A_PREV, DZ), (WINDOW,), HELP)
