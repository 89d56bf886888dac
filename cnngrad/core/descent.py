"""One step of gradient descent: W := W − α·dW, b := b − α·db."""

from collections.abc import Mapping
from math import lcm
from typing import Any

import numpy as np

from .errors import NumberError
from .names import gradient_of
from .numbers import Array, Number, alike, all_finite, compact, divided
from .problem import Problem
from .text import say


def descended(parameter: Array, gradient: Array, learning_rate: Number) -> Array:
    """The parameter after the step, exact where both are.

    Examples
    --------
    >>> from fractions import Fraction
    >>> import numpy as np
    >>> descended(np.array([4, 1]), np.array([10, -2]), Fraction(1, 10))
    array([3, Fraction(6, 5)], dtype=object)
    """
    before, slope, rate = alike(parameter, gradient, [learning_rate])
    if before.values.dtype.kind == "f":
        with np.errstate(over="ignore", invalid="ignore"):
            after: Array = before.values - rate.values * slope.values
        return after
    scale = lcm(before.scale, slope.scale * rate.scale)
    a, b = scale // before.scale, scale // (slope.scale * rate.scale)
    values = before.values.astype(object) * a
    steps = slope.values.astype(object) * (rate.values.astype(object)[0] * b)
    return divided(compact(values - steps), scale)


def updated(problem: Problem) -> dict[str, Array]:
    """The parameters of a backward problem after the step; empty without a learning rate.

    Returns
    -------
    dict
        `W`, and `b` where the problem has one.

    Raises
    ------
    NumberError
        A number is too large after the step; its cell is named.
    """
    rate: Any = problem.settings.get("learning_rate")
    if rate is None:
        return {}
    known = {name: problem.given[name] for name in problem.parameters if name in problem.given}
    return stepped(known, problem.results, rate)


def stepped(
    parameters: Mapping[str, Array], gradients: Mapping[str, Array], rate: Number
) -> dict[str, Array]:
    """Parameters by name after the step.

    Raises
    ------
    NumberError
        A number of one is too large after it; the cell is named.
    """
    after = {}
    for name, parameter in parameters.items():
        try:
            changed = descended(parameter, gradients[gradient_of(name)], rate)
            after[name] = all_finite(name, changed)
        except NumberError as error:
            error.fact = say("{name} is too large for a float after the step.", name=name)
            error.fix = say("take a smaller learning rate")
            raise
    return after
