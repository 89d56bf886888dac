"""Convolution as functions of arrays: conv2d and conv2d_backward."""

from typing import Any

from ...core.numbers import Array
from ...core.problem import Gradients
from .layer import ConvBackward, ConvForward


def conv2d(
    A_prev: object,
    W: object,
    b: object = None,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    groups: int = 1,
    flip: bool | None = None,
    layout: str | None = None,
    kernel_layout: str | None = None,
    like: str | None = None,
) -> Array:
    """Convolve a batch of images: Z = A_prev ∗ W + b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, H, W), (C_in, H, W) or (H, W).
    W
        Kernel, shape (C_out, C_in/groups, kH, kW), (C_in, kH, kW) or (kH, kW).
    b
        One number for each output channel.
    stride, dilation
        An integer or (height, width); 1 unless given.
    padding
        An integer, (height, width), ((top, bottom), (left, right)), "valid", "same"
        (an odd extra cell goes to the bottom and right) or "same-lower"; 0 unless given.
    groups
        Into how many groups of channels the convolution is split.
    flip
        Turn the kernel by 180°: the convolution of mathematics instead of cross-correlation.
    layout
        "nchw", or "nhwc" for channels last: (N, H, W, C) or (H, W, C).
    kernel_layout
        "oihw", "hwio" (TensorFlow's) or "ohwi" (MLX's).
    like
        A framework such as "keras", whose conventions hold for what is not given here.

    Returns
    -------
    Array
        Z, shape (N, C_out, H_out, W_out) in the rank and layout of the input. Integers and
        fractions stay exact; float arrays keep their dtype.

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> conv2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]])
    array([[19, 25],
           [37, 43]])
    >>> conv2d([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], flip=True)
    array([[ 5, 11],
           [23, 29]])
    """
    settings = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "flip": flip,
        "layout": layout,
        "kernel_layout": kernel_layout,
        "like": like,
    }
    given: dict[str, Any] = {"A_prev": A_prev, "W": W, "b": b}
    return ConvForward.from_layout(given, settings).results_in_layout["Z"]


def conv2d_backward(
    A_prev: object,
    W: object,
    dZ: object,
    *,
    stride: object = None,
    padding: object = None,
    dilation: object = 1,
    groups: int = 1,
    batch: str | None = None,
    flip: bool | None = None,
    layout: str | None = None,
    kernel_layout: str | None = None,
    like: str | None = None,
) -> Gradients:
    """Gradients of a convolution.

    dA_prev: every cell of dZ times the kernel, added onto the window that produced it.
    dW: every cell of dZ times its window of A_prev, added up. db: the sum of dZ's cells.
    dW and db are divided by the number of samples N under `batch="mean"` (the article's
    convention); `"sum"` gives what PyTorch gives. dA_prev is never divided.

    Parameters
    ----------
    A_prev, W, stride, padding, dilation, groups, flip, layout, kernel_layout, like
        As for `conv2d`.
    dZ
        The error at the output, shape (N, C_out, H_out, W_out), or without leading axes.
    batch
        "mean" (unless `like` says otherwise) or "sum".

    Returns
    -------
    Gradients
        `.dA_prev` in the shape of A_prev, `.dW` in the shape of W, `.db` (C_out,).

    Raises
    ------
    ShapeError, SettingError, NumberError
        The arrays do not fit each other or the settings.

    Examples
    --------
    >>> gradients = conv2d_backward(
    ...     [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [[0, 1], [2, 3]], [[-1, -2], [-3, -4]]
    ... )
    >>> gradients.dA_prev
    array([[  0,  -1,  -2],
           [ -2, -10, -10],
           [ -6, -17, -12]])
    >>> gradients.dW
    array([[-27, -37],
           [-57, -67]])
    >>> gradients.db
    array([-10])
    """
    settings = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "batch": batch,
        "flip": flip,
        "layout": layout,
        "kernel_layout": kernel_layout,
        "like": like,
    }
    given: dict[str, Any] = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return Gradients(**ConvBackward.from_layout(given, settings).results_in_layout)
