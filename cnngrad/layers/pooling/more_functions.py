"""Pooling of rows and blocks as functions of arrays."""

from typing import Any, TypedDict, Unpack

from ...core.numbers import Array
from ...core.problem import Problem
from .layer import AverageBackward, AverageForward, MaxBackward, MaxForward


class Settings(TypedDict, total=False):
    """The settings of `max_pool2d`, for any number of dimensions."""

    stride: object
    padding: object
    dilation: object
    ceil_mode: bool | None
    ceil_rule: str | None
    layout: str | None
    like: str | None


class MaxBackwardSettings(Settings, total=False):
    """Those of `max_pool2d_backward`."""

    ties: str | None


class AverageSettings(Settings, total=False):
    """Those of `avg_pool2d`."""

    count_include_pad: bool | None
    divisor_override: int | None
    overhang: str | None


def max_pool1d(A_prev: object, window: object, **settings: Unpack[Settings]) -> Array:
    """The maximum of each window of rows.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, L), (C, L) or (L).
    window
        An integer, or one for each spatial axis.
    **settings
        As for `max_pool2d`.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit the input.

    Examples
    --------
    >>> [str(cell) for cell in max_pool1d([1, 2, 3, 4], 2).ravel()]
    ['2', '4']
    """
    given = {"A_prev": A_prev}
    return _result(MaxForward, "A", 1, given, {**settings, "window": window})


def max_pool1d_backward(
    A_prev: object, dZ: object, window: object, **settings: Unpack[MaxBackwardSettings]
) -> Array:
    """The error at the input of a pooling of rows: all of it to the cell that was the maximum.

    Parameters
    ----------
    A_prev, window, **settings
        As for `max_pool2d_backward`.
    dZ
        The error at the output, in the shape of the output.

    Returns
    -------
    Array
        dA_prev, in the shape of A_prev.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The shapes do not fit.

    Examples
    --------
    >>> max_pool1d_backward([1, 2, 3, 4], [8, 16], 2).ravel()
    array([ 0,  8,  0, 16])
    """
    given = {"A_prev": A_prev, "dZ": dZ}
    return _result(MaxBackward, "dA_prev", 1, given, {**settings, "window": window})


def avg_pool1d(A_prev: object, window: object, **settings: Unpack[AverageSettings]) -> Array:
    """The average of each window of rows.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, L), (C, L) or (L).
    window
        An integer, or one for each spatial axis.
    **settings
        As for `avg_pool2d`.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit the input.

    Examples
    --------
    >>> [str(cell) for cell in avg_pool1d([1, 2, 3, 4], 2).ravel()]
    ['3/2', '7/2']
    """
    given = {"A_prev": A_prev}
    return _result(AverageForward, "A", 1, given, {**settings, "window": window})


def avg_pool1d_backward(
    A_prev: object, dZ: object, window: object, **settings: Unpack[AverageSettings]
) -> Array:
    """The error at the input of a pooling of rows: shared equally by the cells of the window.

    Parameters
    ----------
    A_prev, window, **settings
        As for `avg_pool2d_backward`.
    dZ
        The error at the output, in the shape of the output.

    Returns
    -------
    Array
        dA_prev, in the shape of A_prev.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The shapes do not fit.

    Examples
    --------
    >>> avg_pool1d_backward([1, 2, 3, 4], [8, 16], 2).ravel()
    array([4, 4, 8, 8])
    """
    given = {"A_prev": A_prev, "dZ": dZ}
    return _result(AverageBackward, "dA_prev", 1, given, {**settings, "window": window})


def max_pool3d(A_prev: object, window: object, **settings: Unpack[Settings]) -> Array:
    """The maximum of each window of blocks.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, D, H, W), (C, D, H, W) or (D, H, W).
    window
        An integer, or one for each spatial axis.
    **settings
        As for `max_pool2d`.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit the input.

    Examples
    --------
    >>> [str(cell) for cell in max_pool3d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], 2).ravel()]
    ['8']
    """
    given = {"A_prev": A_prev}
    return _result(MaxForward, "A", 3, given, {**settings, "window": window})


def max_pool3d_backward(
    A_prev: object, dZ: object, window: object, **settings: Unpack[MaxBackwardSettings]
) -> Array:
    """The error at the input of a pooling of blocks: all of it to the cell that was the maximum.

    Parameters
    ----------
    A_prev, window, **settings
        As for `max_pool2d_backward`.
    dZ
        The error at the output, in the shape of the output.

    Returns
    -------
    Array
        dA_prev, in the shape of A_prev.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The shapes do not fit.

    Examples
    --------
    >>> max_pool3d_backward([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[8]]], 2).ravel()
    array([0, 0, 0, 0, 0, 0, 0, 8])
    """
    given = {"A_prev": A_prev, "dZ": dZ}
    return _result(MaxBackward, "dA_prev", 3, given, {**settings, "window": window})


def avg_pool3d(A_prev: object, window: object, **settings: Unpack[AverageSettings]) -> Array:
    """The average of each window of blocks.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, D, H, W), (C, D, H, W) or (D, H, W).
    window
        An integer, or one for each spatial axis.
    **settings
        As for `avg_pool2d`.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit the input.

    Examples
    --------
    >>> [str(cell) for cell in avg_pool3d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], 2).ravel()]
    ['9/2']
    """
    given = {"A_prev": A_prev}
    return _result(AverageForward, "A", 3, given, {**settings, "window": window})


def avg_pool3d_backward(
    A_prev: object, dZ: object, window: object, **settings: Unpack[AverageSettings]
) -> Array:
    """The error at the input of a pooling of blocks: shared equally by the cells of the window.

    Parameters
    ----------
    A_prev, window, **settings
        As for `avg_pool2d_backward`.
    dZ
        The error at the output, in the shape of the output.

    Returns
    -------
    Array
        dA_prev, in the shape of A_prev.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The shapes do not fit.

    Examples
    --------
    >>> avg_pool3d_backward([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[8]]], 2).ravel()
    array([1, 1, 1, 1, 1, 1, 1, 1])
    """
    given = {"A_prev": A_prev, "dZ": dZ}
    return _result(AverageBackward, "dA_prev", 3, given, {**settings, "window": window})


def _result(kind: type[Problem], name: str, dims: int, given: Any, settings: Any) -> Array:
    return kind.from_layout(given, {**settings, "dims": dims}).results_in_layout[name]
