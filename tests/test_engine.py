"""The vectorised engine against plain loops, and against PyTorch where it is installed."""

from itertools import product
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnngrad.engine import conv2d, pool
from cnngrad.shapes import Axis, axis

DTYPES = ("float64", "float32", "int64", "object")
drawn = settings(derandomize=True, deadline=None, max_examples=150)


# The plain form: one window, one tap, one multiplication at a time.


def windows(rows: Axis, cols: Axis) -> Any:
    """(u, v, i, j, y, x): tap i, j of window u, v is the cell y, x of the input."""
    for u, v in product(range(rows.out), range(cols.out)):
        for (i, y), (j, x) in product(rows.taps(u), cols.taps(v)):
            yield u, v, i, j, y, x


def plain_conv(A_prev: Any, W: Any, dZ: Any, rows: Axis, cols: Axis, groups: int) -> Any:
    N, (C_out, depth) = len(A_prev), W.shape[:2]
    Z, dA_prev, dW = np.zeros_like(dZ), np.zeros_like(A_prev), np.zeros_like(W)
    db = np.zeros_like(dZ[0, :, 0, 0])
    for n, o in product(range(N), range(C_out)):
        first = o // (C_out // groups) * depth
        channels = slice(first, first + depth)
        for u, v, i, j, y, x in windows(rows, cols):
            Z[n, o, u, v] += (W[o, :, i, j] * A_prev[n, channels, y, x]).sum()
            dA_prev[n, channels, y, x] += W[o, :, i, j] * dZ[n, o, u, v]
            dW[o, :, i, j] += A_prev[n, channels, y, x] * dZ[n, o, u, v]
        for error in dZ[n, o].flat:
            db[o] += error
    return Z, dA_prev, dW, db


def plain_pool(A_prev: Any, dZ: Any, rows: Axis, cols: Axis) -> dict[str, Any]:
    names = ("max", "where", "counts", "sum", "first", "last", "all", "spread")
    made = {name: np.zeros_like(dZ if k < 4 else A_prev) for k, name in enumerate(names)}
    for n, c, u, v in np.ndindex(*dZ.shape):
        error, plane, at = dZ[n, c, u, v], A_prev[n, c], (n, c, u, v)
        cells = {i * cols.window + j: (y, x) for i, y in rows.taps(u) for j, x in cols.taps(v)}
        greatest = max(plane[cell] for cell in cells.values())
        best = [tap for tap, cell in cells.items() if plane[cell] == greatest]
        made["max"][at], made["where"][at], made["counts"][at] = greatest, best[0], len(best)
        for tap, cell in cells.items():
            made["sum"][at] += plane[cell]
            made["spread"][n, c][cell] += error
            made["first"][n, c][cell] += error * (tap == best[0])
            made["last"][n, c][cell] += error * (tap == best[-1])
            made["all"][n, c][cell] += error * (tap in best)
    return made


# What Hypothesis draws: all options together.


@st.composite
def axes(draw: Any, ceil: bool) -> Axis:
    window, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    extent = (window - 1) * dilation + 1
    before, after = draw(st.integers(0, extent - 1)), draw(st.integers(0, extent - 1))
    size = draw(st.integers(max(1, extent - before - after), extent + 6))
    stride = draw(st.integers(1, 4))
    return axis(size, window, stride=stride, dilation=dilation, padding=(before, after), ceil=ceil)


def numbers(draw: Any, shape: tuple[int, ...], dtype: str, least: int = -9) -> Any:
    seed = draw(st.integers(0, 2**32 - 1))
    cells = np.random.default_rng(seed).integers(least, -least + 1, shape)
    if dtype == "object":
        return cells.astype(object) * 10**30 + 1
    return cells.astype(dtype)


@st.composite
def convolutions(draw: Any) -> Any:
    rows, cols = draw(axes(ceil=False)), draw(axes(ceil=False))
    N, groups = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    depth, filters = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    dtype = draw(st.sampled_from(DTYPES))
    A_prev = numbers(draw, (N, groups * depth, rows.size, cols.size), dtype)
    W = numbers(draw, (groups * filters, depth, rows.window, cols.window), dtype)
    dZ = numbers(draw, (N, groups * filters, rows.out, cols.out), dtype)
    return A_prev, W, dZ, rows, cols, groups


def reached(rows: Axis) -> bool:
    """Every window holds a cell of the input (others are refused above the engine)."""
    return all(any(True for _ in rows.taps(u)) for u in range(rows.out))


@st.composite
def poolings(draw: Any) -> Any:
    sides = axes(ceil=draw(st.booleans())).filter(reached)
    rows, cols = draw(sides), draw(sides)
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    A_prev = numbers(draw, (*shape, rows.size, cols.size), dtype, least=-2)  # many ties
    dZ = numbers(draw, (*shape, rows.out, cols.out), dtype)
    return A_prev, dZ, rows, cols


def same(ours: Any, plain: Any) -> None:
    """Whole numbers of this size are exact in every dtype, so equal means equal."""
    assert ours.dtype == plain.dtype
    assert ours.shape == plain.shape
    assert (ours == plain).all()


@given(convolutions())
@drawn
def test_convolution_is_the_plain_loop(problem: Any) -> None:
    A_prev, W, _, rows, cols, groups = problem
    Z, *gradients = plain_conv(*problem)
    same(conv2d.forward(A_prev, W, rows, cols, groups), Z)
    for ours, plain in zip(conv2d.backward(*problem), gradients, strict=True):
        same(ours, plain)


@given(poolings())
@drawn
def test_pooling_is_the_plain_loop(problem: Any) -> None:
    A_prev, dZ, rows, cols = problem
    plain = plain_pool(*problem)
    A, where = pool.max_forward(A_prev, rows, cols)
    same(A, plain["max"])
    assert where.dtype == np.uint8
    assert (where == plain["where"]).all()
    counts = pool.tie_counts(A_prev, rows, cols)
    assert counts.dtype == np.int64
    assert (counts == plain["counts"]).all()
    same(pool.sum_forward(A_prev, rows, cols), plain["sum"])
    same(pool.sum_backward(dZ, rows, cols), plain["spread"])
    for ties in ("first", "last", "all"):
        same(pool.max_backward(A_prev, dZ, rows, cols, ties), plain[ties])
