"""The vectorised engine against plain loops, and against PyTorch where it is installed."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proofs import proven

from cnngrad.core.shapes import Axis, axis
from cnngrad.engine import average, columns, conv2d, gathering, maximum, planes

TIES: Any = ("first", "last", "all")
DTYPES = ("float64", "float32", "int64", "object")
drawn = proven(150)


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
        return cells.astype(object) * 10 ** draw(st.sampled_from([0, 9, 18, 30, 90])) + 1
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


def to_maximum(A_prev: Any, dZ: Any, rows: Axis, cols: Axis, ties: Any) -> Any:
    """Max pooling's backward, with its forward before it."""
    if ties == "all":
        return maximum.backward_to_all(A_prev, dZ, rows, cols)
    _, where = maximum.forward(A_prev, rows, cols, ties)
    return maximum.backward(where, dZ, rows, cols)


def same(ours: Any, plain: Any) -> None:
    """Whole numbers of this size are exact in every dtype, so equal means equal."""
    assert ours.dtype == plain.dtype
    assert ours.shape == plain.shape
    assert (ours == plain).all()


@given(convolutions())
@drawn
def test_convolution_is_the_plain_loop(problem: Any) -> None:
    A_prev, W, _, rows, cols, groups = problem
    Z, dA_prev, dW, db = plain_conv(*problem)
    for form in (conv2d, columns, gathering):
        same(form.forward(A_prev, W, rows, cols, groups), Z)
    forms = [(*form.backward(*problem), db) for form in (columns, gathering, planes)]
    for form in (conv2d.backward(*problem), *forms):
        for ours, plain in zip(form, (dA_prev, dW, db), strict=True):
            same(ours, plain)


@given(poolings())
@drawn
def test_pooling_is_the_plain_loop(problem: Any) -> None:
    A_prev, dZ, rows, cols = problem
    plain = plain_pool(*problem)
    often = 4096 // (dZ.size * rows.window * cols.window) + 1  # so many take the other form
    for times in (1, often):
        A, where = maximum.forward(np.repeat(A_prev, times, 0), rows, cols)
        same(A[::times], plain["max"])
        assert where.dtype == np.uint8
        assert (where[::times] == plain["where"]).all()
        for ties in TIES:
            many = (np.repeat(array, times, 0) for array in (A_prev, dZ))
            same(to_maximum(*many, rows, cols, ties)[::times], plain[ties])
    counts = maximum.tie_counts(A_prev, rows, cols)
    assert counts.dtype == np.int64
    assert (counts == plain["counts"]).all()
    same(average.forward(A_prev, rows, cols), plain["sum"])
    same(average.backward(dZ, rows, cols), plain["spread"])


# Larger problems, which the engine computes in several blocks.


def whole(*shapes: tuple[int, ...], dtype: str = "int64") -> list[Any]:
    """Arrays of small whole numbers, the same each time."""
    generator = np.random.default_rng(5)
    return [generator.integers(-4, 5, shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize(
    ("N", "C", "H", "C_out", "k", "stride", "padding", "groups"),
    [
        (45, 1, 28, 6, 5, 1, 2, 1),  # columns, several samples a block
        (14, 8, 16, 2, 3, 2, 1, 1),  # stacks, several samples a block
        (3, 70, 20, 70, 3, 1, 1, 70),  # stacks, several blocks of groups
        (5, 12, 9, 8, 3, 2, 1, 4),
    ],
)
def test_a_batch_is_the_sum_of_its_samples(
    N: int, C: int, H: int, C_out: int, k: int, stride: int, padding: int, groups: int
) -> None:
    side = axis(H, k, stride=stride, padding=(padding, padding))
    A_prev, W, dZ = whole(
        (N, C, H, H), (C_out, C // groups, k, k), (N, C_out, side.out, side.out), dtype="float64"
    )
    Z = conv2d.forward(A_prev, W, side, side, groups)
    dA_prev, dW, db = conv2d.backward(A_prev, W, dZ, side, side, groups)
    sums = [np.zeros_like(W), np.zeros_like(db)]
    for n in range(N):
        one = slice(n, n + 1)
        same(conv2d.forward(A_prev[one], W, side, side, groups), Z[one])
        its_dA_prev, *its_sums = conv2d.backward(A_prev[one], W, dZ[one], side, side, groups)
        same(its_dA_prev, dA_prev[one])
        for total, part in zip(sums, its_sums, strict=True):
            total += part
    same(dW, sums[0])
    same(db, sums[1])


@pytest.mark.parametrize(
    ("size", "filters", "stride", "padding"), [(400, 1, 1, 0), (400, 9, 1, 6), (700, 4, 3, 2)]
)
def test_a_large_image_is_its_bands_together(
    size: int, filters: int, stride: int, padding: int
) -> None:
    """So large an image is computed in bands; each corner of it alone is not."""
    side = axis(size, 7, stride=stride, padding=(padding, padding))
    A_prev, W, dZ = whole(
        (1, 2, size, size), (filters, 2, 7, 7), (1, filters, side.out, side.out), dtype="float64"
    )
    assert len(conv2d._bands(2, W, side, side)) > 1
    corner_side = axis(60 * stride + 7, 7, stride=stride)
    assert len(conv2d._bands(max(filters, 2), W, corner_side, corner_side)) == 1
    Z = conv2d.forward(A_prev, W, side, side, 1)
    dA_prev, dW, db = conv2d.backward(A_prev, W, dZ, side, side, 1)
    sums = np.zeros_like(dW), np.zeros_like(dA_prev), np.zeros_like(db)
    for u, v in product(range(0, side.out, 60), repeat=2):
        lines, across = (slice(start, min(start + 60, side.out)) for start in (u, v))
        (y, rows), (x, cols) = side.band(u, lines.stop), side.band(v, across.stop)
        corner = A_prev[:, :, y, x], W, dZ[:, :, lines, across], rows, cols, 1
        same(conv2d.forward(*corner[:2], rows, cols, 1), Z[:, :, lines, across])
        its_dA_prev, its_dW, its_db = conv2d.backward(*corner)
        sums[1][:, :, y, x] += its_dA_prev
        for total, part in zip(sums[::2], (its_dW, its_db), strict=True):
            total += part
    for ours, plain in zip((dW, dA_prev, db), sums, strict=True):
        same(ours, plain)


@pytest.mark.parametrize(("k", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (5, 1, 2)])
def test_images_of_any_size_have_the_same_sums(k: int, stride: int, padding: int) -> None:
    """A corner of a large image, which takes another form, has the sums of the small image."""
    small, large = (axis(H, k, stride=stride, padding=(padding, 0)) for H in (32, 90))
    A_prev, dZ = whole((2, 3, 90, 90), (2, 3, large.out, large.out), dtype="float64")
    inside, out = np.s_[:, :, :32, :32], np.s_[:, :, : small.out, : small.out]
    sums = average.forward(A_prev, large, large)
    same(average.forward(A_prev[inside], small, small), sums[out])
    dZ[:, :, small.out :], dZ[:, :, :, small.out :] = 0, 0
    spread = average.backward(dZ, large, large)
    same(average.backward(dZ[out], small, small), spread[inside])


@pytest.mark.parametrize(("k", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (5, 1, 2)])
def test_planes_are_pooled_one_by_one(k: int, stride: int, padding: int) -> None:
    side = axis(32, k, stride=stride, padding=(padding, padding), ceil=True)
    A_prev, dZ = whole((6, 30, 32, 32), (6, 30, side.out, side.out))
    functions = [
        lambda A, _: maximum.forward(A, side, side)[0],
        lambda A, _: maximum.forward(A, side, side)[1],
        lambda A, _: maximum.tie_counts(A, side, side),
        lambda A, _: average.forward(A, side, side),
        lambda _, dZ: average.backward(dZ, side, side),
        *(lambda A, dZ, t=t: to_maximum(A, dZ, side, side, t) for t in TIES),
    ]
    for function in functions:
        together = function(A_prev, dZ)
        for n, c in [(0, 0), (2, 4), (3, 29), (5, 29)]:
            one = np.s_[n : n + 1, c : c + 1]
            same(function(A_prev[one], dZ[one]), together[one])


# What must hold whatever the numbers are.


@given(convolutions())
@drawn
def test_both_gradients_of_a_convolution_weigh_what_dZ_weighs_in_Z(problem: Any) -> None:
    """Z is linear in A_prev and in W, so ⟨Z, dZ⟩ = ⟨A_prev, dA_prev⟩ = ⟨W, dW⟩."""
    A_prev, W, dZ, rows, cols, groups = problem
    A_prev, W, dZ = (array.astype(object) for array in (A_prev, W, dZ))
    dA_prev, dW, _ = conv2d.backward(A_prev, W, dZ, rows, cols, groups)
    weight = (conv2d.forward(A_prev, W, rows, cols, groups) * dZ).sum()
    assert weight == (A_prev * dA_prev).sum() == (W * dW).sum()


@given(poolings())
@drawn
def test_pooling_loses_no_error(problem: Any) -> None:
    A_prev, dZ, rows, cols = problem
    A_prev, dZ = A_prev.astype(object), dZ.astype(object)
    A = average.forward(A_prev, rows, cols)
    assert (A * dZ).sum() == (A_prev * average.backward(dZ, rows, cols)).sum()
    A, _ = maximum.forward(A_prev, rows, cols)
    for ties in ("first", "last"):
        dA_prev = to_maximum(A_prev, dZ, rows, cols, ties)
        assert dA_prev.sum() == dZ.sum()
        assert (A_prev * dA_prev).sum() == (A * dZ).sum()


@given(convolutions())
@proven(25)
def test_the_layout_of_the_arguments_does_not_matter(problem: Any) -> None:
    A_prev, W, dZ, rows, cols, groups = problem
    turned = [np.asfortranarray(array) for array in (A_prev, W, dZ)]
    for array in turned:
        array.setflags(write=False)
    sizes = rows, cols, groups
    same(conv2d.forward(*turned[:2], *sizes), conv2d.forward(A_prev, W, *sizes))
    pairs = zip(conv2d.backward(*turned, *sizes), conv2d.backward(*problem), strict=True)
    for ours, plain in pairs:
        same(ours, plain)


def test_pooling_takes_any_layout() -> None:
    side = axis(7, 3, stride=2, padding=(1, 1))
    A_prev, dZ = whole((2, 3, 7, 7), (2, 3, 4, 4))
    turned = np.asfortranarray(A_prev), np.asfortranarray(dZ)
    for ties in TIES:
        ours = to_maximum(*turned, side, side, ties)
        same(ours, to_maximum(A_prev, dZ, side, side, ties))
    same(average.backward(turned[1], side, side), average.backward(dZ, side, side))


# Edges.


def test_a_1_by_1_convolution_scales() -> None:
    A_prev, dZ = whole((1, 1, 4, 5), (1, 1, 4, 5))
    W = np.array([[[[3]]]])
    dA_prev, dW, db = conv2d.backward(A_prev, W, dZ, axis(4, 1), axis(5, 1), 1)
    same(dA_prev, 3 * dZ)
    assert dW == (A_prev * dZ).sum()
    assert db == dZ.sum()


def test_a_window_as_large_as_the_input_meets_every_cell_once() -> None:
    A_prev, W = whole((1, 1, 4, 5), (1, 1, 4, 5))
    dZ = np.array([[[[7]]]])
    dA_prev, dW, db = conv2d.backward(A_prev, W, dZ, axis(4, 4), axis(5, 5), 1)
    same(dA_prev, 7 * W)
    same(dW, 7 * A_prev)
    same(db, np.array([7]))


def test_cells_that_no_window_reaches_get_0() -> None:
    rows, cols = axis(7, 2, stride=3), axis(6, 1, stride=4)
    A_prev, W = whole((1, 1, 7, 6), (1, 1, 2, 1))
    dZ = np.ones((1, 1, rows.out, cols.out), int)
    reached = np.zeros((7, 6), bool)
    reached[np.ix_([0, 1, 3, 4], [0, 4])] = True
    dA_prev, _, _ = conv2d.backward(A_prev, W + 10, dZ, rows, cols, 1)
    assert ((dA_prev[0, 0] != 0) == reached).all()
    assert ((average.backward(dZ, rows, cols)[0, 0] != 0) == reached).all()
    assert not to_maximum(A_prev, dZ, rows, cols, "all")[0, 0][~reached].any()


def test_a_window_may_hold_more_taps_than_a_byte_can_number() -> None:
    side = axis(17, 17)
    A_prev = np.arange(289.0).reshape(1, 1, 17, 17)
    A, where = maximum.forward(A_prev, side, side)
    assert (A.item(), where.item(), where.dtype) == (288, 288, np.uint16)


def test_the_least_integer_still_wins_over_padding() -> None:
    side = axis(2, 2, padding=(1, 1))
    A_prev = np.full((1, 1, 2, 2), np.iinfo(np.int64).min)
    A, where = maximum.forward(A_prev, side, side)
    same(A, np.full((1, 1, 3, 3), np.iinfo(np.int64).min))
    assert where[0, 0].tolist() == [[3, 2, 2], [1, 0, 0], [1, 0, 0]]
    dZ = np.ones((1, 1, 3, 3), int)
    assert to_maximum(A_prev, dZ, side, side, "first").sum() == 9
    counts = maximum.tie_counts(A_prev, side, side)[0, 0]
    assert counts.tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


@pytest.mark.parametrize("scale", [1, 10**7, 10**8])
def test_integers_stay_exact_where_float64_would_not(scale: int) -> None:
    side = axis(9, 3, padding=(1, 1))
    A_prev, W, dZ = whole((2, 3, 9, 9), (4, 3, 3, 3), (2, 4, 9, 9))
    problem = A_prev * scale + 1, W * scale - 1, dZ * scale + 1
    exact = [array.astype(object) for array in problem]
    Z = conv2d.forward(*exact[:2], side, side, 1)
    same(conv2d.forward(*problem[:2], side, side, 1).astype(object), Z)
    gradients = conv2d.backward(*problem, side, side, 1)
    for ours, plain in zip(gradients, conv2d.backward(*exact, side, side, 1), strict=True):
        assert ours.dtype == np.int64
        same(ours.astype(object), plain)


# PyTorch, where it is installed.


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("groups", [1, 2, 12])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 1)])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (2, 5)])
def test_convolution_is_torch_s(
    kernel: Any, stride: Any, padding: Any, dilation: Any, groups: int, dtype: str
) -> None:
    torch = pytest.importorskip("torch")
    rows, cols = (
        axis(size, k, stride=s, padding=(p, p), dilation=d)
        for size, k, s, p, d in zip((13, 11), kernel, stride, padding, dilation, strict=True)
    )
    A_prev, W, dZ = whole(
        (3, 12, 13, 11), (24, 12 // groups, *kernel), (3, 24, rows.out, cols.out), dtype=dtype
    )
    tensors = [torch.from_numpy(array) for array in (dZ, A_prev, W)]
    theirs = torch.ops.aten.convolution_backward(
        *tensors, [24], stride, padding, dilation, False, [0, 0], groups, [True] * 3
    )
    ours = conv2d.backward(A_prev, W, dZ, rows, cols, groups)
    for mine, yours in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, yours, rtol=1e-5, atol=1e-3)
    Z = torch.nn.functional.conv2d(*tensors[1:], None, stride, padding, dilation, groups)
    np.testing.assert_allclose(conv2d.forward(A_prev, W, rows, cols, groups), Z, atol=1e-3)


@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize(("window", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (4, 1, 2)])
def test_pooling_is_torch_s(
    window: int, stride: int, padding: int, dilation: int, ceil: bool
) -> None:
    torch = pytest.importorskip("torch")
    rows, cols = (
        axis(size, window, stride=stride, padding=(padding, padding), dilation=dilation, ceil=ceil)
        for size in (12, 11)
    )
    A_prev, dZ = whole((2, 3, 12, 11), (2, 3, rows.out, cols.out), dtype="float64")
    leaf = torch.from_numpy(A_prev).requires_grad_()
    settings = window, stride, padding
    A = torch.nn.functional.max_pool2d(leaf, *settings, dilation, ceil)
    same(maximum.forward(A_prev, rows, cols)[0], A.detach().numpy())
    (gradient,) = torch.autograd.grad(A, leaf, torch.from_numpy(dZ))
    same(to_maximum(A_prev, dZ, rows, cols, "first"), gradient.numpy())
    if dilation == 1:
        A = torch.nn.functional.avg_pool2d(leaf, *settings, ceil, True, divisor_override=1)
        same(average.forward(A_prev, rows, cols), A.detach().numpy())
        (gradient,) = torch.autograd.grad(A, leaf, torch.from_numpy(dZ))
        same(average.backward(dZ, rows, cols), gradient.numpy())
