"""What batch normalisation takes, forward and backward: matrices, settings and help."""

from ...core.settings import BATCH, DIMS, LAYOUT, LEARNING_RATE, LIKE, Amount, OneOf, Setting
from ...core.spec import A_PREV, DZ, MATRICES, Operand, OpSpec
from ...core.text import HelpText, message

GAMMA = Operand(
    "gamma",
    "gamma",
    optional=True,
    vector=True,
    help=message("gamma, one for each channel; 1 unless given."),
)
BETA = Operand(
    "beta",
    "beta",
    optional=True,
    vector=True,
    help=message("beta, one for each channel; 0 unless given."),
)
EPSILON = Setting(
    "epsilon",
    Amount(),
    "1e-5",
    message("What is added to the variance before its root is taken; 1e-5 by default."),
    metavar="E",
)
STEPS, CLOSED = "steps", "closed"
FORM = Setting(
    "form",
    OneOf(STEPS, CLOSED),
    STEPS,
    message("Go back by way of x_hat, variance and mean (steps), or in one formula (closed)."),
)
SETTINGS = (EPSILON, DIMS, LAYOUT, LIKE)

FORWARD = OpSpec(
    "batch-norm",
    "forward",
    (A_PREV, GAMMA, BETA),
    SETTINGS,
    help=HelpText(
        title=message("Batch normalisation: mean, variance, x_hat and A of each channel."),
        example=r"""
cnngrad batch-norm-forward --input '1 3; 5 7' --gamma 2 --beta 1 \
                           --epsilon 4
""",
        notes=(MATRICES, message("The statistics are the batch's own, over N and the image.")),
    ),
)
BACKWARD = OpSpec(
    "batch-norm",
    "backward",
    (A_PREV, GAMMA, BETA, DZ),
    (*SETTINGS, FORM, BATCH, LEARNING_RATE),
    help=HelpText(
        title=message("dA_prev, dgamma and dbeta of a batch normalisation, back to front."),
        example=r"""
cnngrad batch-norm-backward --input '1 3; 5 7' --gamma 3 --epsilon 4 \
                            --dz '1 0; 0 2'
""",
        notes=(
            MATRICES,
            message("The statistics are the batch's own, over N and the image."),
            message("Exact where every root is a fraction; else rounded, which is said."),
        ),
    ),
)
