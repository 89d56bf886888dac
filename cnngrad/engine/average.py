"""Average pooling of whole arrays: sums of windows, and errors spread over them.

There are two forms. A small image is multiplied by two matrices of 0 and 1, one for its rows
and one for its columns: `R · A_prev · Cᵀ`. In a larger one, most of such a matrix would be 0,
so the cells that each tap meets are added up (sliding.py).
"""

from functools import lru_cache, reduce
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.shapes import Axis
from .sliding import blocks, flat, merged, met, passes, spread, windows
from .taps import reach, unfilled

Array = NDArray[Any]


def forward(A_prev: Array, rows: Axis, cols: Axis) -> Array:
    """The sum of each window, not yet divided; padding counts as 0.

    Parameters
    ----------
    A_prev : (N, C, H, W)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    A : (N, C, OH, OW)

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> forward(np.array([[[[1, 2], [3, 4]]]]), axis(2, 2), axis(2, 2))
    array([[[[10]]]])
    """
    if _matrices_pay(A_prev, rows, cols):
        R, C = _matrix(rows, A_prev.dtype), _matrix(cols, A_prev.dtype)
        product: Array = R @ (A_prev @ C.T)
        return product
    A = np.empty((*A_prev.shape[:2], rows.out, cols.out), A_prev.dtype)
    for block, cells in blocks(A_prev):
        for axes in passes(rows, cols):
            cells = windows(reduce(np.add, met(cells, *axes, 0).values()), *axes)
        merged(A)[block] = cells
    return A


def backward(dZ: Array, rows: Axis, cols: Axis) -> Array:
    """Each cell of dZ, already divided, added onto every input cell of its window.

    Parameters
    ----------
    dZ : (N, C, OH, OW)
    rows, cols
        The two axes of the sliding window.

    Returns
    -------
    dA_prev : (N, C, H, W)

    Examples
    --------
    >>> from cnngrad.core.shapes import axis
    >>> backward(np.array([[[[1, 5]]]]), axis(2, 2), axis(3, 2))[0, 0]
    array([[1, 6, 5],
           [1, 6, 5]])
    """
    if rows.in_one_window and cols.in_one_window:
        return np.repeat(dZ, rows.size * cols.size).reshape(*dZ.shape[:2], rows.size, cols.size)
    if _matrices_pay(dZ, rows, cols):
        R, C = _matrix(rows, dZ.dtype), _matrix(cols, dZ.dtype)
        product: Array = (R.T @ dZ) @ C
        return product
    dA_prev = unfilled((*dZ.shape[:2], rows.size, cols.size), dZ.dtype, rows, cols)
    for block, gradient in blocks(dA_prev):
        errors = merged(dZ)[block]
        *earlier, last = reversed(passes(rows, cols))
        for axes in earlier:
            lines = np.zeros((len(errors), axes[0].size, axes[1].size), dZ.dtype)
            spread(repeat(flat(errors, *axes)), *axes, lines)
            errors = lines
        spread(repeat(flat(errors, *last)), *last, gradient)
    return dA_prev


def _matrices_pay(array: Array, rows: Axis, cols: Axis) -> bool:
    """Whether images are so small that products by mostly zeros cost least (measured)."""
    longest = max(rows.size, rows.out, cols.size, cols.out)
    return array.dtype.kind == "f" and longest <= 40


@lru_cache(maxsize=64)
def _matrix(axis: Axis, dtype: Any) -> Array:
    """For each window a row that has 1 where its cells are: (out, size)."""
    matrix = np.zeros((axis.out, axis.size), dtype)
    for window, cells in reach(axis):
        matrix[range(axis.out)[window], range(axis.size)[cells]] = 1
    return matrix
