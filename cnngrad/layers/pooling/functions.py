"""Pooling as functions of arrays: max_pool2d, avg_pool2d and their gradients."""

from typing import Any

from ...core.numbers import Array
from .layer import AverageBackward, AverageForward, MaxBackward, MaxForward


def max_pool2d(
    A_prev: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The maximum of each window; padding counts as −∞.

    Parameters
    ----------
    A_prev
        Input, shape (N, C, H, W), (C, H, W) or (H, W).
    window, stride, dilation
        An integer or (height, width). The stride is the window unless given.
    padding
        As for `conv2d`.
    ceil_mode
        Let the last window reach beyond the padded input.
    ceil_rule
        Under `ceil_mode`, whether a last window that begins in the padding is dropped: "drop"
        (PyTorch's) or "keep" (PaddlePaddle's).
    layout
        "nchw", or "nhwc" for channels last: (N, H, W, C) or (H, W, C).
    like
        A framework such as "keras", whose conventions hold for what is not given here.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit the input, or holds nothing but padding.

    Examples
    --------
    >>> max_pool2d([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], 2)
    array([[6, 8],
           [3, 4]])
    """
    given, settings = _asked(**locals())
    return MaxForward.from_layout(given, settings).results_in_layout["A"]


def max_pool2d_backward(
    A_prev: object,
    dZ: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    ties: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The error at the input of a max pooling: it goes to the maximum of each window.

    Parameters
    ----------
    A_prev, window, stride, padding, dilation, ceil_mode, ceil_rule, layout, like
        As for `max_pool2d`.
    dZ
        The error at the output, in the shape of the output.
    ties
        Where several cells are the maximum: "first" (in row-major order, unless `like` says
        otherwise), "last", "all", "split" (each receives an equal part) or "first-column".

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
    >>> max_pool2d_backward([[1, 2], [2, 0]], [[4]], 2, ties="split")
    array([[0, 2],
           [2, 0]])
    """
    given, settings = _asked(**locals())
    return MaxBackward.from_layout(given, settings).results_in_layout["dA_prev"]


def avg_pool2d(
    A_prev: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    count_include_pad: bool | None = None,
    divisor_override: int | None = None,
    overhang: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The average of each window.

    Parameters
    ----------
    A_prev, window, stride, padding, dilation, ceil_mode, ceil_rule, layout, like
        As for `max_pool2d`.
    count_include_pad
        Whether padding counts in the divisor; it does unless `like` says otherwise.
    divisor_override
        The divisor to use instead.
    overhang
        Under `ceil_mode`, whether what a window has beyond the padded input counts, too:
        "not", "counts", or "padded": it counts where there is padding.

    Returns
    -------
    Array
        A, in the rank and layout of the input.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The window does not fit, or has nothing to divide by.

    Examples
    --------
    >>> avg_pool2d([[1, 2], [3, 4]], 2)
    array([[Fraction(5, 2)]], dtype=object)
    """
    given, settings = _asked(**locals())
    return AverageForward.from_layout(given, settings).results_in_layout["A"]


def avg_pool2d_backward(
    A_prev: object,
    dZ: object,
    window: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    ceil_mode: bool | None = None,
    ceil_rule: str | None = None,
    count_include_pad: bool | None = None,
    divisor_override: int | None = None,
    overhang: str | None = None,
    layout: str | None = None,
    like: str | None = None,
) -> Array:
    """The error at the input of an average pooling: shared equally by the cells of the window.

    Parameters
    ----------
    A_prev, window, stride, padding, dilation, ceil_mode, ceil_rule, layout, like
        As for `max_pool2d`.
    count_include_pad, divisor_override, overhang
        As for `avg_pool2d`.
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
    >>> avg_pool2d_backward([[1., 2.], [3., 4.]], [[2.5]], 2)
    array([[0.625, 0.625],
           [0.625, 0.625]])
    """
    given, settings = _asked(**locals())
    return AverageBackward.from_layout(given, settings).results_in_layout["dA_prev"]


def _asked(
    A_prev: object, dZ: object = None, **settings: object
) -> tuple[dict[str, Any], dict[str, object]]:
    """The matrices and the settings that a function was called with."""
    return {"A_prev": A_prev, "dZ": dZ}, settings
