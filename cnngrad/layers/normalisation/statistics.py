"""Statistics of a batch normalisation: mean, variance and root of each channel, right or wrong.

Exact where the root of every channel is a fraction, else in floats.
"""

from fractions import Fraction
from functools import cached_property
from math import isqrt

import numpy as np

from ...core.numbers import Array, Number, as_array, rounded
from ...diagnosis.variants import Norm


def root(number: Fraction) -> Fraction | None:
    """The root of a fraction, where it is a fraction itself.

    >>> root(Fraction(9, 4)), root(Fraction(2))
    (Fraction(3, 2), None)
    """
    above, below = isqrt(number.numerator), isqrt(number.denominator)
    found = Fraction(above, below)
    return found if found * found == number else None


def plain(array: Array) -> Array:
    """Numbers in the kind that the program keeps them in."""
    return as_array(array.tolist()) if array.dtype == object else array


def fractions(array: Array) -> Array:
    """The same numbers as fractions."""
    made = np.empty(array.shape, object)
    made.reshape(-1)[:] = [Fraction(cell) for cell in array.reshape(-1).tolist()]
    return made


class Statistics:
    """What forward and backward take from the batch; each channel's numbers in shape (1, C, 1 …).

    Parameters
    ----------
    A_prev
        In full rank.
    epsilon
        What is added to the variance.
    exact
        Whether to compute in fractions; then the roots must be fractions.
    wrong
        What is done differently; then `ArithmeticError` tells that a root is no fraction.
    """

    def __init__(self, A_prev: Array, epsilon: Number, exact: bool, wrong: Norm = "") -> None:
        self.exact = exact
        self.wrong = wrong
        self.A_prev = fractions(A_prev) if exact else self._floats(A_prev)
        self.epsilon: Number = Fraction(epsilon) if exact else float(epsilon)
        self.axes = (0, *range(2, A_prev.ndim))
        self.count = A_prev.size // A_prev.shape[1]

    @staticmethod
    def _floats(array: Array) -> Array:
        floats = array if array.dtype.kind == "f" else rounded(array)
        return floats.astype(np.float32) if floats.dtype == np.float16 else floats

    def summed(self, array: Array) -> Array:
        """The sum over a channel."""
        total: Array = array.sum(self.axes, keepdims=True)
        return total

    def of(self, array: Array) -> Array:
        """Numbers of the same kind, fractions or floats."""
        return fractions(array) if self.exact else self._floats(array).astype(self.A_prev.dtype)

    def wide(self, vector: Array) -> Array:
        """One number for each channel, in a shape that fits the images."""
        return self.of(vector).reshape(1, -1, *[1] * (self.A_prev.ndim - 2))

    @cached_property
    def mean(self) -> Array:
        """The mean of each channel."""
        mean: Array = self.summed(self.A_prev) / self.count
        return mean

    @cached_property
    def centred(self) -> Array:
        """A_prev less the mean."""
        centred: Array = self.A_prev - self.mean
        return centred

    @cached_property
    def variance(self) -> Array:
        """The variance of each channel: the mean of the squares."""
        below = self.count - 1 if self.wrong == "unbiased" else self.count
        variance: Array = self.summed(self.centred * self.centred) / max(below, 1)
        return variance

    @cached_property
    def root(self) -> Array:
        """√(variance + epsilon) of each channel."""
        if self.wrong == "epsilon outside":
            roots: Array = self._root(self.variance) + self.epsilon
            return roots
        return self._root(self.variance + self.epsilon)

    def _root(self, array: Array) -> Array:
        if not self.exact:
            return np.sqrt(array)
        known = [root(cell) for cell in array.reshape(-1).tolist()]
        if None in known:  # only under a mistake: the right roots are fractions
            raise ArithmeticError
        made = np.empty(array.shape, object)
        made.reshape(-1)[:] = known
        return made

    @cached_property
    def x_hat(self) -> Array:
        """A_prev with mean 0 and variance 1."""
        x_hat: Array = self.centred / self.root
        return x_hat

    def output(self, gamma: Array, beta: Array) -> Array:
        """A."""
        shift = 0 if self.wrong == "no beta" else self.wide(beta)
        scale = 1 if self.wrong == "gamma forgotten" else self.wide(gamma)
        A: Array = self.x_hat * scale + shift
        return A

    def dx_hat(self, gamma: Array, dZ: Array) -> Array:
        """The error at x_hat."""
        scale = 1 if self.wrong == "gamma forgotten" else self.wide(gamma)
        dx_hat: Array = self.of(dZ) * scale
        return dx_hat

    def to_variance(self) -> Array:
        """How each x_hat changes with the variance: −(a − mean) / 2√(variance + epsilon)³."""
        slope: Array = -self.centred / (2 * self.root * self.root * self.root)
        return slope

    def dvariance(self, dx_hat: Array) -> Array:
        """The error at the variance."""
        return self.summed(dx_hat * self.to_variance())

    def dmean(self, dx_hat: Array) -> Array:
        """The error at the mean; what comes by the variance is 0, as Σ (a − mean) is."""
        return self.summed(-dx_hat / self.root)

    def back(self, dx_hat: Array) -> Array:
        """dA_prev: by x_hat itself, by the variance and by the mean."""
        direct: Array = dx_hat / self.root
        if self.wrong != "variance path":
            direct = direct + self.dvariance(dx_hat) * 2 * self.centred / self.count
        if self.wrong != "mean path":
            direct = direct + self.dmean(dx_hat) / self.count
        return direct
