"""Steps and their terms, and what numbers of each kind become (the proofs: proofs/)."""

from fractions import Fraction

import numpy as np
import pytest

from cnngrad.core.errors import CnngradError
from cnngrad.layers import operation


def test_each_step_is_what_the_cell_before_held_plus_its_terms():
    problem = operation("conv-backward").problem(
        {
            "A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
            "W": [[0, 1], [2, 3]],
            "dZ": [[-1, -2], [-3, -4]],
        },
        {},
    )
    second = next(problem.trace("dA_prev").steps(2, 2))
    assert second.source == (0, 0, 0, 1)
    assert second.before == [-1, 0, -3, 0]
    assert [term.value for term in second.terms] == [0, -2, -4, -6]
    assert [term.target[2:] for term in second.terms] == [(0, 1), (0, 2), (1, 1), (1, 2)]


def test_integers_outgrow_int64_without_overflowing():
    big = 3_000_000_000
    gradients = (
        operation("conv-backward")
        .problem({"A_prev": [[big, big]], "W": [[big]], "dZ": [[big, big]]}, {})
        .results
    )
    assert gradients["dW"].tolist() == [[2 * big**2]]
    assert gradients["dA_prev"].tolist() == [[big**2, big**2]]


def test_a_third_stays_a_third():
    third = Fraction(1, 3)
    gradients = (
        operation("conv-backward")
        .problem({"A_prev": [[third, 1]], "W": [[third]], "dZ": [[third, 1]]}, {})
        .results
    )
    assert gradients["dW"].tolist() == [[Fraction(10, 9)]]
    assert gradients["dA_prev"].tolist() == [[Fraction(1, 9), third]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float_arrays_keep_their_precision(dtype):
    import cnngrad

    gradients = cnngrad.conv2d_backward(
        np.ones((3, 3), dtype), np.ones((2, 2), dtype), np.ones((2, 2), dtype)
    )
    assert {array.dtype for array in gradients} == {np.dtype(dtype)}
    assert cnngrad.max_pool2d(np.ones((2, 2), dtype), 2).dtype == dtype
    assert cnngrad.avg_pool2d(np.ones((2, 2), dtype), 2).dtype == dtype


def test_small_integer_types_do_not_wrap_around():
    import cnngrad

    image = np.full((2, 2), 100, np.int8)
    assert cnngrad.conv2d(image, image).tolist() == [[40_000]]


def test_half_precision_is_summed_in_float32():
    import cnngrad

    ones = np.ones((1, 1, 100, 100), np.float16)
    average = cnngrad.avg_pool2d(ones, 100)
    assert average.dtype == np.float16
    assert average.tolist() == [[[[1.0]]]]


def test_settings_may_be_arrays():
    import cnngrad

    image, kernel = np.arange(25).reshape(5, 5), [[1, 2], [3, 4]]
    settings = {"stride": np.array([2, 1]), "padding": np.array([[1, 0], [0, 1]])}
    plain = {"stride": (2, 1), "padding": ((1, 0), (0, 1))}
    assert np.array_equal(
        cnngrad.conv2d(image, kernel, **settings), cnngrad.conv2d(image, kernel, **plain)
    )
    for wrong in ({"stride": np.array([1.5])}, {"padding": np.ones((3, 3), int)}):
        with pytest.raises(CnngradError, match=next(iter(wrong))):
            cnngrad.conv2d(image, kernel, **wrong)
    with pytest.raises(CnngradError, match="groups"):
        cnngrad.conv2d(image, kernel, groups=np.array([1]))


def test_masked_cells_are_no_numbers():
    import cnngrad

    image = np.ma.array([[1, 2], [3, 4]], mask=[[0, 0], [0, 1]])
    with pytest.raises(CnngradError, match="masked"):
        cnngrad.max_pool2d(image, 2)
    assert cnngrad.max_pool2d(np.ma.array([[1, 2], [3, 4]]), 2).tolist() == [[4]]


@pytest.mark.parametrize(
    ("dtype", "value", "fix"),
    [("f2", 6e4, "float64"), ("f4", 1e38, "float64"), ("f8", 1e308, "exactly")],
)
def test_an_overflow_names_the_kind_of_floats(dtype, value, fix):
    import cnngrad

    image = np.full((2, 2), value, dtype)
    with pytest.raises(CnngradError, match=f"too large for {np.dtype(dtype)}") as caught:
        cnngrad.conv2d(image, np.full((2, 2), 9, dtype))
    assert fix in caught.value.fix


@pytest.mark.parametrize("cell", [(0, 0, 99, 1), (1, 1), (0, 0, -1, 0)])
def test_a_cell_that_is_not_there_is_refused(cell):
    with pytest.raises(CnngradError, match="dA_prev has no cell"):
        article().trace("dA_prev").terms_of(cell)


@pytest.mark.parametrize("first", [0, 5])
def test_a_step_that_is_not_there_is_refused(first):
    trace = article().trace("dA_prev")
    for steps in (trace.steps, trace.additions):
        with pytest.raises(CnngradError, match=f"no step {first}"):
            next(steps(first, 5))


def article():
    given = {"A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "W": [[0, 1], [2, 3]]}
    return operation("conv-backward").problem({**given, "dZ": [[-1, -2], [-3, -4]]}, {})
