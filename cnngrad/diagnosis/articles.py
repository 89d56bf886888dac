"""The parts of the article, or of any course where the article has none, to read again."""

from ..core.text import message

CONV_ERROR = message("The convolution layer: the error that goes back to the input")
CONV_WEIGHTS = message("The convolution layer: the gradient of the kernel")
CONV_FORWARD = message("The convolution layer: sliding the kernel over the input")
MAX = message("The pooling layer: max pooling")
AVERAGE = message("The pooling layer: average pooling")
POOL = message("The pooling layer: the error goes back to the window that it came from")
POOL_FORWARD = message("The pooling layer: sliding the window over the input")
ERROR = message("The error is handed on with the sign that dZ has")
BATCH = message("The mean over the samples of a batch")
DENSE_FORWARD = message("The fully connected stage: Z = A_prev · Wᵀ + b")
DENSE = message("The fully connected stage: the error that goes back")
ACTIVATION = message("The fully connected stage: the derivative of the activation")
UPDATE = message("The fully connected stage: the update of the parameters")
SHAPES = message("A gradient has the shape of what it belongs to")

_POOLED = (CONV_ERROR, CONV_WEIGHTS, CONV_FORWARD)
_WAY_BACK = (CONV_ERROR, CONV_WEIGHTS, POOL, DENSE, ERROR)
_FORWARD = {"conv": CONV_FORWARD, "dense": DENSE_FORWARD, "pool": POOL_FORWARD}
"""By the kind of layer: what to read again on the way forward, where no error is under way."""


def article_for(part: str, op: str) -> str:
    """The part to read again in a problem of this operation.

    >>> article_for(CONV_ERROR, "pool-backward")
    'The pooling layer: the error goes back to the window that it came from'
    >>> article_for(ERROR, "dense-forward")
    'The fully connected stage: Z = A_prev · Wᵀ + b'
    """
    kind, _, way = op.partition("-")
    if kind == "pool" and part in _POOLED:
        part = POOL
    if way == "forward" and part in _WAY_BACK:
        return _FORWARD.get(kind, part)
    return part
