"""Activation functions and their derivatives: a new one is one class here.

Formulas: Alex_McAvoy, 卷积神经网络的反向传播 (2023), the fully connected stage; the
derivatives are those of any calculus book.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

import numpy as np

from .errors import SettingError, nearest
from .numbers import Array, Number, alike, compact, divided, hold, largest, rounded
from .text import say, series
from .trace import Factor, Index, Term


class Function(ABC):
    """An activation function A = f(Z)."""

    name: ClassVar[str]
    rational: ClassVar[bool] = False
    """Integers and fractions give integers and fractions."""
    corner: ClassVar[bool] = False
    """It has no derivative at 0; the program takes the one that holds to the left."""

    def forward(self, Z: Array) -> Array:
        """f(Z), cell by cell; exact where Z and the function are.

        >>> ReLU().forward(np.array([-1, 2]))
        array([0, 2])
        """
        return self.value(self._taken(Z))

    def derivative(self, Z: Array) -> Array:
        """All that `terms` needs to know of f at Z.

        >>> ReLU().derivative(np.array([-1, 0, 2]))
        array([0, 0, 1])
        """
        return self.slope(self._taken(Z))

    def _taken(self, Z: Array) -> Array:
        return Z if self.rational or Z.dtype.kind == "f" else rounded(Z)

    @abstractmethod
    def value(self, Z: Array) -> Array:
        """f(Z) for numbers of a kind that it can work with."""

    @abstractmethod
    def slope(self, Z: Array) -> Array:
        """f'(Z) for numbers of a kind that it can work with."""

    @abstractmethod
    def backward(self, Z: Array, dA: Array) -> Array:
        """dZ: the error at Z that follows from the error dA at f(Z)."""

    @abstractmethod
    def terms(self, error: Factor, derivative: Array, called: str) -> list[Term]:
        """What one cell of dA sends to dZ.

        Parameters
        ----------
        error
            The cell of dA.
        derivative
            What `derivative` says of the whole Z.
        called
            What Z is called.
        """

    @abstractmethod
    def contributors(self, cell: Index, shape: Index) -> Iterable[Index]:
        """The cells of dA that have a term for this cell of dZ."""


class _Elementwise(Function):
    """Each cell on its own: dZ = dA ⊙ f'(Z)."""

    def backward(self, Z: Array, dA: Array) -> Array:
        return product(dA, self.derivative(Z))

    def terms(self, error: Factor, derivative: Array, called: str) -> list[Term]:
        slope = Factor(f"{self.name}'({called})", error.place, derivative.item(*error.place))
        return [Term(error.place, error, slope, error.value * slope.value)]

    def contributors(self, cell: Index, shape: Index) -> Iterable[Index]:  # noqa: ARG002
        return (cell,)


class Identity(_Elementwise):
    """f(z) = z."""

    name = "identity"
    rational = True

    def value(self, Z: Array) -> Array:
        return Z

    def slope(self, Z: Array) -> Array:
        return np.ones(Z.shape, Z.dtype if Z.dtype.kind == "f" else np.int64)


class ReLU(_Elementwise):
    """f(z) = max(z, 0); its derivative at 0 is taken to be 0 unless told."""

    name = "relu"
    rational = True
    corner = True

    def __init__(self, at_corner: Number = 0) -> None:
        self.at_corner = at_corner

    def value(self, Z: Array) -> Array:
        return _plain(np.where(Z > 0, Z, Z.dtype.type(0) if Z.dtype.kind == "f" else 0))

    def slope(self, Z: Array) -> Array:
        slopes = np.asarray(Z > 0).astype(Z.dtype if Z.dtype.kind == "f" else np.int64)
        return _cornered(slopes, Z, self.at_corner) if self.at_corner else slopes


class LeakyReLU(_Elementwise):
    """f(z) = z where z > 0, else slope·z; its derivative at 0 is taken to be the slope."""

    name = "leaky-relu"
    rational = True
    corner = True

    def __init__(self, slope: Number = Fraction(1, 100), at_corner: Number | None = None) -> None:
        self.leak = slope
        self.at_corner = slope if at_corner is None else at_corner

    def value(self, Z: Array) -> Array:
        return product(Z, self.slope(Z))

    def slope(self, Z: Array) -> Array:
        if Z.dtype.kind == "f":
            slopes: Array = np.where(Z > 0, Z.dtype.type(1), Z.dtype.type(self.leak))
        else:
            slopes = np.full(Z.shape, 1, object)
            slopes[np.asarray(Z <= 0, bool)] = self.leak
            slopes = compact(slopes)
        return slopes if self.at_corner == self.leak else _cornered(slopes, Z, self.at_corner)


class Sigmoid(_Elementwise):
    """f(z) = 1 / (1 + e^−z); f' = f·(1 − f)."""

    name = "sigmoid"

    def value(self, Z: Array) -> Array:
        small = np.exp(-np.abs(Z))  # never overflows
        positive: Array = np.where(Z >= 0, 1 / (1 + small), small / (1 + small))
        return positive

    def slope(self, Z: Array) -> Array:
        small = np.exp(-np.abs(Z))
        slopes: Array = small / (1 + small) ** 2
        return slopes


class Tanh(_Elementwise):
    """f(z) = tanh z; f' = 1 − f²."""

    name = "tanh"

    def value(self, Z: Array) -> Array:
        values: Array = np.tanh(Z)
        return values

    def slope(self, Z: Array) -> Array:
        slopes: Array = 1 - np.tanh(Z) ** 2
        return slopes


class Softmax(Function):
    """f(z)_i = e^z_i / Σ_j e^z_j along the last axis; ∂f_j/∂z_i = f_j·([i = j] − f_i)."""

    name = "softmax"

    def value(self, Z: Array) -> Array:
        with np.errstate(over="ignore"):  # e to the power of −∞ is 0, which is right
            powers = np.exp(Z - Z.max(-1, keepdims=True))
        shares: Array = powers / powers.sum(-1, keepdims=True)
        return shares

    def slope(self, Z: Array) -> Array:
        """∂f_j/∂z_i at [..., j, i]."""
        A = self.value(Z)
        slopes: Array = A[..., :, None] * (np.eye(A.shape[-1], dtype=A.dtype) - A[..., None, :])
        return slopes

    def backward(self, Z: Array, dA: Array) -> Array:
        A = self.forward(Z)
        errors = dA if dA.dtype.kind == "f" else rounded(dA)
        dZ: Array = A * (errors - (errors * A).sum(-1, keepdims=True))
        return dZ

    def terms(self, error: Factor, derivative: Array, called: str) -> list[Term]:
        terms = []
        for i in range(derivative.shape[-1]):
            place = (*error.place, i)
            slope = Factor(f"softmax'({called})", place, derivative.item(*place))
            terms.append(Term((*error.place[:-1], i), error, slope, error.value * slope.value))
        return terms

    def contributors(self, cell: Index, shape: Index) -> Iterable[Index]:
        return ((*cell[:-1], j) for j in range(shape[-1]))


FUNCTIONS: dict[str, type[Function]] = {
    kind.name: kind for kind in (Identity, ReLU, LeakyReLU, Sigmoid, Tanh, Softmax)
}
"""Every activation function by name."""


def function(name: str, slope: Number | None = None, at_corner: Number | None = None) -> Function:
    """The activation function of this name.

    Parameters
    ----------
    name
        One of `FUNCTIONS`.
    slope
        Of the leaky ReLU, to the left of 0; 1/100 unless given.
    at_corner
        The slope that counts at 0 itself, of the ReLUs; that to the left of it unless given.

    Raises
    ------
    SettingError
        There is none of this name, or it has no slope or corner.
    """
    if name not in FUNCTIONS:
        raise SettingError(
            say("The activation is unknown."),
            found=repr(name),
            expected=series(FUNCTIONS),
            fix=nearest(str(name), FUNCTIONS),
        )
    if at_corner is not None and not FUNCTIONS[name].corner:
        raise SettingError(
            say("{name} has no corner at 0.", name=name),
            expected=say("corner_slope only with relu and leaky-relu"),
        )
    if name == ReLU.name and slope is None:
        return ReLU(at_corner or 0)
    if name == LeakyReLU.name:
        return LeakyReLU(Fraction(1, 100) if slope is None else slope, at_corner)
    if slope is None:
        return FUNCTIONS[name]()
    raise SettingError(
        say("{name} has no slope.", name=name),
        expected=say("slope only with {name}", name=LeakyReLU.name),
    )


def _cornered(slopes: Array, Z: Array, at_corner: Number) -> Array:
    """The same slopes with another where Z is 0."""
    if slopes.dtype.kind == "f":
        cornered: Array = np.where(Z == 0, slopes.dtype.type(at_corner), slopes)
        return cornered
    exact = slopes.astype(object)
    exact[np.asarray(Z == 0, bool)] = at_corner
    return compact(exact)


def product(left: Array, right: Array) -> Array:
    """Two arrays multiplied cell by cell, exact where both are.

    >>> product(np.array([3, 4]), np.array([Fraction(1, 3), Fraction(1, 2)], object))
    array([1, 2])
    """
    a, b = alike(left, right)
    values, factors = a.values, b.values
    if values.dtype.kind == "f":
        return without_minus_zero(values * factors)
    values, factors = hold(largest(values) * largest(factors), values, factors)
    return divided(values * factors, a.scale * b.scale)


def without_minus_zero(array: Array) -> Array:
    """−0 is 0; other numbers stay as they are."""
    return array + np.zeros((), array.dtype) if array.dtype.kind == "f" else array


def _plain(array: Array) -> Array:
    return compact(array) if array.dtype.kind == "O" else array
