"""Parameters drawn from a seed, so that a network is written in ten lines."""

from collections.abc import Mapping
from fractions import Fraction
from math import isqrt, prod

import numpy as np

from ..core.numbers import Array, as_array, filled, simplest
from ..core.shapes import refuse_giants
from ..core.trace import Index

STEPS = 10_000
"""He's and Glorot's numbers are drawn in steps of 1/10000, so that they can be written down."""
BOUNDS: Mapping[str, tuple[int, int]] = {"integers": (2, 1), "tenths": (5, 10)}
"""By name: the largest numerator, and the denominator."""
INITS = (*BOUNDS, "he", "glorot")
"""All that is drawn is uniform, between a bound and its negative. He's bound is √(6 / fan_in),
Glorot's √(6 / (fan_in + fan_out)), and their biases are 0. fan_in is the number of weights of
one output, fan_out that of one input: in·kH·kW and out·kH·kW, where out counts all filters."""


def bound(init: str, shape: Index) -> tuple[int, int]:
    """The largest number that is drawn for W, as numerator and denominator.

    >>> bound("tenths", (2, 3)), bound("he", (120, 400)), bound("glorot", (6, 1, 5, 5))
    ((5, 10), (1224, 10000), (1851, 10000))
    """
    if init in BOUNDS:
        return BOUNDS[init]
    fan_in, fan_out = prod(shape[1:]), shape[0] * prod(shape[2:])
    fans = fan_in if init == "he" else fan_in + fan_out
    return isqrt(6 * STEPS**2 // fans), STEPS


def drawn(init: str, seed: int, layer: int, shapes: Mapping[str, Index]) -> dict[str, Array]:
    """Parameters of one layer; the same for the same seed and place, whatever the others do.

    No weight is 0, which would hide a path.

    Raises
    ------
    SettingError
        There would be too many of them.

    Examples
    --------
    >>> drawn("integers", 0, 0, {"W": (2, 3)})["W"].shape
    (2, 3)
    >>> drawn("he", 0, 0, {"W": (2, 3), "b": (2,)})["b"]
    array([0, 0])
    """
    refuse_giants(
        {name: prod(shape) for name, shape in shapes.items()}, 0, fix="use a smaller layer"
    )
    random = np.random.default_rng([seed, layer])
    parameters = {}
    for name, shape in shapes.items():
        if name == "b" and init not in BOUNDS:
            parameters[name] = np.zeros(shape, np.int64)
            continue
        greatest, denominator = bound(init, shape)
        known = [simplest(Fraction(k, denominator)) for k in range(-greatest, greatest + 1) if k]
        cells = (known[k] for k in random.integers(len(known), size=prod(shape)))
        parameters[name] = as_array(filled(cells, shape))
    return parameters
