"""One step of gradient descent: W := W − α·dW, b := b − α·db."""

from math import lcm
from typing import Any

from .names import gradient_of
from .numbers import Array, Number, alike, compact, divided
from .problem import Problem


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
    """
    rate: Any = problem.settings.get("learning_rate")
    if rate is None:
        return {}
    return {
        name: descended(problem.given[name], problem.results[gradient_of(name)], rate)
        for name in ("W", "b")
        if name in problem.given
    }
