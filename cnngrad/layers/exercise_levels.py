"""How hard the exercises of each kind of layer are, level by level."""

from typing import NamedTuple


class Level(NamedTuple):
    """What a difficulty means."""

    size: int
    window: int
    """The side of the kernel or of the pooling window; there is none in a dense layer."""
    stride: int
    padding: int
    samples: int
    channels: int
    filters: int
    reach: int
    """Numbers lie between -reach and reach."""
    ties: bool = True
    """Max pooling, backward: a maximum may stand in a window twice."""
    whole: bool = False
    """Average pooling: what is shared can be shared without fractions."""


CONVOLUTIONS = (
    Level(3, 2, 1, 0, 1, 1, 1, 3),
    Level(4, 3, 1, 0, 1, 1, 1, 3),
    Level(5, 3, 2, 0, 1, 1, 1, 4),
    Level(4, 3, 2, 1, 2, 1, 1, 4),
    Level(4, 3, 2, 1, 2, 2, 2, 5),
)
TRANSPOSED = (
    Level(2, 2, 1, 0, 1, 1, 1, 3),
    Level(3, 2, 1, 0, 1, 1, 1, 3),
    Level(2, 3, 2, 0, 1, 1, 1, 3),
    Level(3, 3, 2, 1, 1, 1, 1, 4),
    Level(2, 3, 2, 1, 2, 2, 2, 4),
)
NORMALISATIONS = (
    Level(2, 1, 1, 0, 1, 1, 1, 3),
    Level(2, 1, 1, 0, 2, 1, 1, 4),
    Level(3, 1, 1, 0, 2, 1, 1, 5),
    Level(2, 1, 1, 0, 3, 1, 1, 6),
    Level(3, 1, 1, 0, 3, 1, 1, 6),
)
POOLINGS = (
    Level(3, 2, 1, 0, 1, 1, 1, 4, ties=False, whole=True),
    Level(5, 3, 2, 0, 1, 1, 1, 5, ties=False, whole=True),
    Level(5, 3, 2, 0, 1, 1, 1, 5),
    Level(5, 3, 2, 1, 1, 2, 1, 5),
    Level(5, 3, 2, 1, 2, 2, 1, 6),
)
DENSE = (
    Level(2, 1, 1, 0, 2, 1, 3, 3),
    Level(4, 1, 1, 0, 2, 1, 3, 3),
    Level(4, 1, 1, 0, 2, 1, 3, 4),
    Level(4, 1, 1, 0, 3, 1, 2, 5),
    Level(5, 1, 1, 0, 3, 1, 4, 6),
)
"""By difficulty, from 1; windows overlap at every level, so that += and = differ, and the weights
of a dense layer never are a square, so that a wrong transpose does not fit.
"""
