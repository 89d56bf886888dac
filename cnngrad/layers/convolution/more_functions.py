"""Convolution of rows and blocks as functions of arrays."""

from typing import Any, TypedDict, Unpack

from ...core.numbers import Array
from ...core.problem import Gradients, Problem
from .layer import ConvBackward, ConvForward


class Settings(TypedDict, total=False):
    """The settings of `conv2d`, for any number of dimensions."""

    stride: object
    padding: object
    dilation: object
    groups: int
    flip: bool | None
    layout: str | None
    kernel_layout: str | None
    like: str | None


class BackwardSettings(Settings, total=False):
    """Those of `conv2d_backward`."""

    batch: str | None


def conv1d(A_prev: object, W: object, b: object = None, **settings: Unpack[Settings]) -> Array:
    """Convolve a batch of rows: Z = A_prev ∗ W + b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, L), (C_in, L) or (L).
    W
        Kernel, shape (C_out, C_in/groups, k), or with fewer leading axes.
    b
        One number for each output channel.
    **settings
        As for `conv2d`.

    Returns
    -------
    Array
        Z, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> conv1d([1, 2, 3, 4], [1, -1])
    array([-1, -1, -1])
    """
    given = {"A_prev": A_prev, "W": W, "b": b}
    return _output(ConvForward, 1, given, settings)


def conv1d_backward(
    A_prev: object, W: object, dZ: object, **settings: Unpack[BackwardSettings]
) -> Gradients:
    """Gradients of a convolution of rows.

    Parameters
    ----------
    A_prev, W, **settings
        As for `conv1d`; `batch`: "mean" or "sum".
    dZ
        The error at the output.

    Returns
    -------
    Gradients
        `.dA_prev`, `.dW` and `.db`, in the shapes of A_prev, W and b.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> conv1d_backward(
    ...     [1, 2, 3, 4],
    ...     [1, -1],
    ...     [1, 2, 3],
    ... ).dW.tolist()
    [14, 20]
    """
    given = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return _gradients(ConvBackward, 1, given, settings)


def conv3d(A_prev: object, W: object, b: object = None, **settings: Unpack[Settings]) -> Array:
    """Convolve a batch of blocks: Z = A_prev ∗ W + b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W).
    W
        Kernel, shape (C_out, C_in/groups, kD, kH, kW), or with fewer leading axes.
    b
        One number for each output channel.
    **settings
        As for `conv2d`.

    Returns
    -------
    Array
        Z, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> conv3d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[1, 1]], [[1, 0]]])
    array([[[ 8],
            [14]]])
    """
    given = {"A_prev": A_prev, "W": W, "b": b}
    return _output(ConvForward, 3, given, settings)


def conv3d_backward(
    A_prev: object, W: object, dZ: object, **settings: Unpack[BackwardSettings]
) -> Gradients:
    """Gradients of a convolution of blocks.

    Parameters
    ----------
    A_prev, W, **settings
        As for `conv3d`; `batch`: "mean" or "sum".
    dZ
        The error at the output.

    Returns
    -------
    Gradients
        `.dA_prev`, `.dW` and `.db`, in the shapes of A_prev, W and b.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> conv3d_backward(
    ...     [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
    ...     [[[1, 1]], [[1, 0]]],
    ...     [[[1], [2]]],
    ... ).dW.tolist()
    [[[7, 10]], [[19, 22]]]
    """
    given = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return _gradients(ConvBackward, 3, given, settings)


def _output(kind: type[Problem], dims: int, given: Any, settings: Any) -> Array:
    return kind.from_layout(given, {**settings, "dims": dims}).results_in_layout["Z"]


def _gradients(kind: type[Problem], dims: int, given: Any, settings: Any) -> Gradients:
    return Gradients(**kind.from_layout(given, {**settings, "dims": dims}).results_in_layout)
