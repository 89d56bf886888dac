"""Max pooling of blocks: every window's cells side by side, one plane of the output at a time."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis

Array = NDArray[Any]


def maxima(A_prev: Array, lines: Sequence[Axis]) -> Array:
    """The greatest cell of each window.

    Parameters
    ----------
    A_prev : (N, C, D, H, W)
    lines
        The three axes of the sliding window.

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> maxima(np.arange(8).reshape(1, 1, 2, 2, 2), [axis(2, 2)] * 3)
    array([[[[[7]]]]])
    """
    tops = [top for top, _ in _windows(A_prev, lines)]
    return np.stack(tops, 2)


def tie_counts(A_prev: Array, lines: Sequence[Axis]) -> Array:
    """In how many cells of each window its maximum stands."""
    return np.stack([won.sum(-1) for _, won in _windows(A_prev, lines)], 2)


def to_maxima(A_prev: Array, dZ: Array, lines: Sequence[Axis], ties: str) -> Array:
    """Each error to the cell that is its window's maximum, or to all of them.

    Parameters
    ----------
    A_prev : (N, C, D, H, W)
    dZ : (N, C, OD, OH, OW)
    lines
        The three axes of the sliding window.
    ties
        "first", "last", "first-column" or "all".
    """
    dA_prev = np.zeros(A_prev.shape, dZ.dtype)
    taps = list(product(*(range(line.window) for line in lines)))
    order = _order(taps, ties)
    for i, (_, won) in enumerate(_windows(A_prev, lines)):
        if ties != "all":
            ranked = won[..., order]
            first = ranked & (ranked.cumsum(-1) == 1)
            won = np.empty_like(won)
            won[..., order] = first
        for tap, (k, *plane) in enumerate(taps):
            z = lines[0].start(i) + k * lines[0].dilation
            if not 0 <= z < lines[0].size:
                continue
            windows, cells = zip(
                *(_met(line, k) for line, k in zip(lines[1:], plane, strict=True)), strict=True
            )
            sent = np.where(
                won[..., tap], dZ[:, :, i], dZ.dtype.type(0) if dZ.dtype != object else 0
            )
            dA_prev[:, :, z, cells[0][:, None], cells[1]] += sent[
                :, :, windows[0][:, None], windows[1]
            ]
    return dA_prev


def _order(taps: list[tuple[int, ...]], ties: str) -> list[int]:
    """The taps in the order in which the first of several maxima is looked for."""
    order = list(range(len(taps)))
    if ties == "last":
        return order[::-1]
    return sorted(order, key=lambda tap: taps[tap][::-1]) if ties == "first-column" else order


def _windows(A_prev: Array, lines: Sequence[Axis]) -> Iterator[tuple[Array, Array]]:
    """For each plane of the output: the maxima, and which taps of each window hold them."""
    least = A_prev.min()
    depth, rows, cols = (_places(line) for line in lines)
    y, x = rows[0][:, None, None, :, None], cols[0][None, :, None, None, :]
    within = rows[1][:, None, None, :, None] & cols[1][None, :, None, None, :]
    for i in range(lines[0].out):
        inside = depth[1][i][:, None, None] & within
        cells = A_prev[:, :, depth[0][i][:, None, None], y, x]
        values = np.where(inside, cells, least)
        values = values.reshape(*values.shape[:4], -1)
        top = values.max(-1)
        won = np.asarray(values == top[..., None], bool)
        yield top, won & inside.reshape(*inside.shape[:2], -1)


def _places(line: Axis) -> tuple[Array, Array]:
    """Every window's cells along one axis, and which lie in the input."""
    starts = np.arange(line.out)[:, None] * line.stride - line.before
    places = starts + np.arange(line.window) * line.dilation
    return places.clip(0, line.size - 1), (places >= 0) & (places < line.size)


def _met(line: Axis, k: int) -> tuple[Array, Array]:
    """The windows whose cell k lies in the input, and where."""
    windows = np.array(list(line.windows_with(k)), np.intp)
    return windows, windows * line.stride - line.before + k * line.dilation
