"""Parameters drawn from a seed, so that a network is written in ten lines."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod

import numpy as np

from ..core.numbers import Array, as_array, filled, simplest
from ..core.shapes import refuse_giants
from ..core.trace import Index

INITS: Mapping[str, tuple[int, int]] = {"integers": (2, 1), "tenths": (5, 10)}
"""By name: the largest numerator, and the denominator. 0 is left out, it would hide a path."""


def drawn(init: str, seed: int, layer: int, shapes: Mapping[str, Index]) -> dict[str, Array]:
    """Parameters of one layer; the same for the same seed and place, whatever the others do.

    Raises
    ------
    SettingError
        There would be too many of them.

    Examples
    --------
    >>> drawn("integers", 0, 0, {"W": (2, 3)})["W"].shape
    (2, 3)
    """
    refuse_giants(
        {name: prod(shape) for name, shape in shapes.items()}, 0, fix="use a smaller layer"
    )
    random = np.random.default_rng([seed, layer])
    greatest, denominator = INITS[init]
    known = [Fraction(k, denominator) for k in range(-greatest, greatest + 1) if k]
    return {
        name: as_array(
            filled(
                (simplest(known[k]) for k in random.integers(len(known), size=prod(shape))), shape
            )
        )
        for name, shape in shapes.items()
    }
