"""The fully connected layer as functions of arrays: dense and dense_backward."""

from typing import Any

from ...core.numbers import Array, as_array
from ...core.problem import Gradients
from ...core.trace import Index
from .layer import DenseBackward, DenseForward


def dense(
    A_prev: object,
    W: object,
    b: object = None,
    *,
    dense_layout: str | None = None,
    like: str | None = None,
) -> Array:
    """Multiply each sample by the weights: Z = A_prev·Wᵀ + b.

    Parameters
    ----------
    A_prev
        Input, shape (..., n_in): the last axis is one sample's numbers.
    W
        Weights, shape (n_out, n_in): one row for each unit.
    b
        One number for each unit.
    dense_layout
        "out-in", or "in-out" where W has a column for each unit: (n_in, n_out).
    like
        A framework such as "keras", whose conventions hold for what is not given here.

    Returns
    -------
    Array
        Z, shape (..., n_out). Integers and fractions stay exact; float arrays keep their
        dtype.

    Raises
    ------
    ShapeError, NumberError
        The arrays do not fit each other.

    Examples
    --------
    >>> dense([1, 2, 3], [[1, 0, 2], [0, 1, -1]], [10, 20])
    array([17, 19])
    """
    rows, leading = _rows(A_prev)
    given: dict[str, Any] = {"A_prev": rows, "W": W, "b": b}
    settings = {"dense_layout": dense_layout, "like": like}
    Z = DenseForward.from_layout(given, settings).results["Z"]
    return Z.reshape(*leading, Z.shape[-1])


def dense_backward(
    A_prev: object,
    W: object,
    dZ: object,
    *,
    batch: str | None = None,
    dense_layout: str | None = None,
    like: str | None = None,
) -> Gradients:
    """Gradients of a fully connected layer.

    dA_prev: every cell of dZ times its unit's row of W. dW: every cell of dZ times its
    sample's row of A_prev. db: the sum of dZ over the samples. dW and db are divided by the
    number of samples N under `batch="mean"`; dA_prev is never divided.

    Parameters
    ----------
    A_prev, W, dense_layout, like
        As for `dense`; N is the product of the leading axes.
    dZ
        The error at the output, shape (..., n_out).
    batch
        "mean" (unless `like` says otherwise) or "sum".

    Returns
    -------
    Gradients
        `.dA_prev` in the shape of A_prev, `.dW` in the shape of W, `.db` (n_out,).

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other.

    Examples
    --------
    >>> gradients = dense_backward([1, 2, 3], [[1, 0, 2], [0, 1, -1]], [1, -2])
    >>> gradients.dA_prev
    array([ 1, -2,  4])
    >>> gradients.dW
    array([[ 1,  2,  3],
           [-2, -4, -6]])
    >>> gradients.db
    array([ 1, -2])
    """
    rows, leading = _rows(A_prev)
    errors, _ = _rows(dZ)
    given: dict[str, Any] = {"A_prev": rows, "W": W, "dZ": errors}
    settings = {"batch": batch, "dense_layout": dense_layout, "like": like}
    results = DenseBackward.from_layout(given, settings).results_in_layout
    dA_prev = results["dA_prev"].reshape(*leading, rows.shape[-1])
    return Gradients(dA_prev, results["dW"], results["db"])


def _rows(data: object) -> tuple[Array, Index]:
    """An array with all its leading axes made one, and what they were."""
    array = as_array(data)
    if array.ndim < 3 or not array.size:
        return array, array.shape[:-1]
    return array.reshape(-1, array.shape[-1]), array.shape[:-1]
