"""Random problems over all options together, for Hypothesis."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from cnngrad.core.errors import ShapeError
from cnngrad.core.problem import Problem
from cnngrad.layers import operation

integers = st.integers(-9, 9)
fractions = st.builds(Fraction, st.integers(-9, 9), st.integers(1, 6))


def paddings(greatest: int) -> st.SearchStrategy:
    side = st.integers(0, greatest)
    pair = st.tuples(side, side)
    return st.one_of(
        side, pair, st.tuples(pair, pair), st.sampled_from(["valid", "same", "same-lower"])
    )


def pairs(least: int, most: int) -> st.SearchStrategy:
    side = st.integers(least, most)
    return st.one_of(side, st.tuples(side, side))


@st.composite
def arrays(draw, shape, numbers):
    cells = draw(st.lists(numbers, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    array = np.empty(len(cells), object)
    array[:] = cells
    return array.reshape(shape)


def _built(op, given, settings) -> Problem | None:
    try:
        return operation(op).problem(given, settings)
    except ShapeError:  # a window that does not fit: draw another
        return None


@st.composite
def convolutions(draw, op="conv-backward", numbers=integers):
    groups = draw(st.integers(1, 2))
    images = (draw(st.integers(1, 2)), groups * draw(st.integers(1, 2)), *draw(sizes()))
    kernels = (
        groups * draw(st.integers(1, 2)),
        images[1] // groups,
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
    )
    settings = {
        "stride": draw(pairs(1, 3)),
        "padding": draw(paddings(2)),
        "dilation": draw(pairs(1, 2)),
        "groups": groups,
    }
    given = {"A_prev": draw(arrays(images, numbers)), "W": draw(arrays(kernels, numbers))}
    with_bias = {**given, "b": draw(arrays(kernels[:1], numbers))}
    forward = _built("conv-forward", with_bias, settings)
    if forward is None:
        return draw(convolutions(op, numbers))
    if op == "conv-forward":
        return forward
    given["dZ"] = draw(arrays(forward.geometry.output, numbers))
    settings["batch"] = draw(st.sampled_from(["mean", "sum"]))
    return operation(op).problem(given, settings)


@st.composite
def poolings(draw, op="pool-backward", numbers=integers, mode=None):
    images = (draw(st.integers(1, 2)), draw(st.integers(1, 2)), *draw(sizes()))
    mode = mode or draw(st.sampled_from(["max", "average"]))
    settings = {
        "mode": mode,
        "window": draw(pairs(1, 3)),
        "stride": draw(st.one_of(st.none(), pairs(1, 3))),
        "padding": draw(paddings(1)),
        "dilation": draw(pairs(1, 2)),
        "ceil_mode": draw(st.booleans()),
    }
    if mode == "average":
        settings["count_include_pad"] = draw(st.booleans())
        settings["divisor_override"] = draw(st.one_of(st.none(), st.integers(1, 5)))
    given = {"A_prev": draw(arrays(images, numbers))}
    forward = _built("pool-forward", given, settings)
    if forward is None:
        return draw(poolings(op, numbers, mode))
    if op == "pool-forward":
        return forward
    given["dZ"] = draw(arrays(forward.output, numbers))
    if mode == "max":
        settings["ties"] = draw(st.sampled_from(["first", "last", "all", "split"]))
    return operation(op).problem(given, settings)


def sizes() -> st.SearchStrategy:
    return st.tuples(st.integers(1, 6), st.integers(1, 6))


def problems(numbers=integers) -> st.SearchStrategy:
    """Any of the four operations."""
    return st.one_of(
        convolutions("conv-forward", numbers),
        convolutions("conv-backward", numbers),
        poolings("pool-forward", numbers),
        poolings("pool-backward", numbers),
    )
