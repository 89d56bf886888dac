"""Names in the article's notation: the gradient of a matrix, and the matrix of a gradient."""


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
