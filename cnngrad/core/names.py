"""Names that are known everywhere: of gradients, in the article's notation, and of activations."""

ACTIVATIONS = ("identity", "relu", "leaky-relu", "sigmoid", "tanh", "softmax")
"""The activation functions, which `core.functions` has."""


def gradient_of(name: str) -> str:
    """What the gradient of a matrix is called.

    >>> gradient_of("W"), gradient_of("A_prev")
    ('dW', 'dA_prev')
    """
    return f"d{name}"


def matrix_of(gradient: str) -> str:
    """Which matrix a gradient is the gradient of.

    >>> matrix_of("dW")
    'W'
    """
    return gradient.removeprefix("d")
