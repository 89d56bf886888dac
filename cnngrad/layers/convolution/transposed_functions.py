"""The transposed convolution as functions of arrays, in one, two and three dimensions."""

from typing import Any, Unpack

from ...core.numbers import Array
from ...core.problem import Gradients, Problem
from .more_functions import Settings
from .transposed import TransposedBackward, TransposedForward


class TransposedSettings(Settings, total=False):
    """Those of a transposed convolution."""

    output_padding: object


class TransposedBackwardSettings(TransposedSettings, total=False):
    """Those of its gradients."""

    batch: str | None


def conv_transpose1d(
    A_prev: object, W: object, b: object = None, **settings: Unpack[TransposedSettings]
) -> Array:
    """Transposed convolution of rows: every cell of A_prev times W, added onto Z; and b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, L), (C_in, L) or (L).
    W
        Kernel, shape (C_in, C_out/groups, k), or with fewer leading axes.
    b
        One number for each output channel.
    **settings
        As for `conv2d`; `output_padding`: cells that Z has more at the far end.

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
    >>> conv_transpose1d([1, 2, 3, 4], [1, -1])
    array([ 1,  1,  1,  1, -4])
    """
    given = {"A_prev": A_prev, "W": W, "b": b}
    return _output(TransposedForward, 1, given, settings)


def conv_transpose1d_backward(
    A_prev: object, W: object, dZ: object, **settings: Unpack[TransposedBackwardSettings]
) -> Gradients:
    """Gradients of a transposed convolution of rows.

    Parameters
    ----------
    A_prev, W, **settings
        As for `conv_transpose1d`; `batch`: "mean" or "sum".
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
    >>> conv_transpose1d_backward(
    ...     [1, 2, 3, 4],
    ...     [1, -1],
    ...     [1, 2, 3, 4, 5],
    ... ).dW.tolist()
    [30, 40]
    """
    given = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return _gradients(TransposedBackward, 1, given, settings)


def conv_transpose2d(
    A_prev: object, W: object, b: object = None, **settings: Unpack[TransposedSettings]
) -> Array:
    """Transposed convolution of images: every cell of A_prev times W, added onto Z; and b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, H, W), (C_in, H, W) or (H, W).
    W
        Kernel, shape (C_in, C_out/groups, kH, kW), or with fewer leading axes.
    b
        One number for each output channel.
    **settings
        As for `conv2d`; `output_padding`: cells that Z has more at the far end.

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
    >>> conv_transpose2d([[1, 2], [3, 4]], [[1, 0], [2, 1]])
    array([[ 1,  2,  0],
           [ 5,  9,  2],
           [ 6, 11,  4]])
    """
    given = {"A_prev": A_prev, "W": W, "b": b}
    return _output(TransposedForward, 2, given, settings)


def conv_transpose2d_backward(
    A_prev: object, W: object, dZ: object, **settings: Unpack[TransposedBackwardSettings]
) -> Gradients:
    """Gradients of a transposed convolution of images.

    Parameters
    ----------
    A_prev, W, **settings
        As for `conv_transpose2d`; `batch`: "mean" or "sum".
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
    >>> conv_transpose2d_backward(
    ...     [[1, 2], [3, 4]],
    ...     [[1, 0], [2, 1]],
    ...     [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    ... ).dW.tolist()
    [[37, 47], [67, 77]]
    """
    given = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return _gradients(TransposedBackward, 2, given, settings)


def conv_transpose3d(
    A_prev: object, W: object, b: object = None, **settings: Unpack[TransposedSettings]
) -> Array:
    """Transposed convolution of blocks: every cell of A_prev times W, added onto Z; and b.

    Parameters
    ----------
    A_prev
        Input, shape (N, C_in, D, H, W), (C_in, D, H, W) or (D, H, W).
    W
        Kernel, shape (C_in, C_out/groups, kD, kH, kW), or with fewer leading axes.
    b
        One number for each output channel.
    **settings
        As for `conv2d`; `output_padding`: cells that Z has more at the far end.

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
    >>> conv_transpose3d([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[1, 1]], [[1, 0]]])
    array([[[ 1,  3,  2],
            [ 3,  7,  4]],
    <BLANKLINE>
           [[ 6, 13,  6],
            [10, 19,  8]],
    <BLANKLINE>
           [[ 5,  6,  0],
            [ 7,  8,  0]]])
    """
    given = {"A_prev": A_prev, "W": W, "b": b}
    return _output(TransposedForward, 3, given, settings)


def conv_transpose3d_backward(
    A_prev: object, W: object, dZ: object, **settings: Unpack[TransposedBackwardSettings]
) -> Gradients:
    """Gradients of a transposed convolution of blocks.

    Parameters
    ----------
    A_prev, W, **settings
        As for `conv_transpose3d`; `batch`: "mean" or "sum".
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
    >>> conv_transpose3d_backward(
    ...     [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
    ...     [[[1, 1]], [[1, 0]]],
    ...     [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]], [[13, 14, 15], [16, 17, 18]]],
    ... ).dW.tolist()
    [[[278, 314]], [[494, 530]]]
    """
    given = {"A_prev": A_prev, "W": W, "dZ": dZ}
    return _gradients(TransposedBackward, 3, given, settings)


def _output(kind: type[Problem], dims: int, given: Any, settings: Any) -> Array:
    return kind.from_layout(given, {**settings, "dims": dims}).results_in_layout["Z"]


def _gradients(kind: type[Problem], dims: int, given: Any, settings: Any) -> Gradients:
    return Gradients(**kind.from_layout(given, {**settings, "dims": dims}).results_in_layout)
