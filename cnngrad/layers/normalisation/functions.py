"""Batch normalisation as functions of arrays."""

from typing import Any, NamedTuple

from ...core.display import html
from ...core.numbers import Array
from .layer import BatchNormBackward, BatchNormForward


class NormGradients(NamedTuple):
    """The gradients of a batch normalisation."""

    dA_prev: Array
    """The error that goes to the layer before, in the shape of A_prev."""
    dgamma: Array
    dbeta: Array

    def _repr_html_(self) -> str | None:
        return html("gradients", self)


def batch_norm(A_prev: object, gamma: object, beta: object, *, eps: object = "1e-5") -> Array:
    """Batch normalisation over N and the spatial axes: A = gamma·x_hat + beta.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, H, W), (C, H, W) or (H, W).
    gamma, beta
        One number for each channel.
    eps
        What is added to the variance before its root is taken.

    Returns
    -------
    Array
        A, in the rank of the input; exact where every root is a fraction.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other, or a channel would be divided by 0.

    Examples
    --------
    >>> batch_norm([[1, 3]], [2], [5], eps=0)
    array([[3, 7]])
    """
    given: dict[str, Any] = {"A_prev": A_prev, "gamma": gamma, "beta": beta}
    return BatchNormForward(given, {"epsilon": eps}).results["A"]


def batch_norm_backward(
    A_prev: object, gamma: object, dZ: object, *, eps: object = "1e-5", batch: str | None = None
) -> NormGradients:
    """Gradients of a batch normalisation, by way of mean and variance too.

    Parameters
    ----------
    A_prev, gamma, eps
        As for `batch_norm`.
    dZ
        The error at the output, in the shape of A_prev.
    batch
        "mean" (unless told otherwise): dgamma and dbeta are divided by N; or "sum".

    Returns
    -------
    NormGradients
        `.dA_prev`, `.dgamma` and `.dbeta`.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other, or a channel would be divided by 0.

    Examples
    --------
    >>> gradients = batch_norm_backward([[1, 3, 5, 7]], [1], [[1, 0, 0, 0]], eps=4)
    >>> [str(cell) for cell in gradients.dA_prev[0]], gradients.dgamma
    (['1/6', '-1/9', '-1/18', '0'], array([-1]))
    """
    given: dict[str, Any] = {"A_prev": A_prev, "gamma": gamma, "dZ": dZ}
    results = BatchNormBackward(given, {"epsilon": eps, "batch": batch}).results
    return NormGradients(*(results[name] for name in NormGradients._fields))
