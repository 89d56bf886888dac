"""Gradients against central differences of the forward pass, computed here and nowhere else."""

import numpy as np
import pytest

import cnngrad

RNG = np.random.default_rng(7)
STEP = 1e-6


def central(loss, array):
    """d loss / d array by central differences."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(*array.shape):
        values = []
        for sign in (1, -1):
            moved = array.copy()
            moved[place] += sign * STEP
            values.append(loss(moved))
        gradient[place] = (values[0] - values[1]) / (2 * STEP)
    return gradient


def random(*shape):
    return RNG.standard_normal(shape)


CONVOLUTIONS = [
    {},
    {"stride": 2},
    {"padding": ((1, 0), (2, 1))},
    {"dilation": (1, 2)},
    {"stride": (2, 1), "padding": 2, "dilation": 2},
    {"padding": "same"},
    {"padding": "same-lower", "stride": 2},
    {"groups": 2},
]


@pytest.mark.parametrize("options", CONVOLUTIONS)
def test_convolution(options):
    A_prev, W, b = random(2, 2, 5, 6), random(4, 2 // options.get("groups", 1), 2, 3), random(4)
    dZ = random(*cnngrad.conv2d(A_prev, W, **options).shape)

    def loss(a=A_prev, w=W, c=b):
        return (cnngrad.conv2d(a, w, c, **options) * dZ).sum()

    gradients = cnngrad.conv2d_backward(A_prev, W, dZ, **options, batch="sum")
    assert np.allclose(gradients.dA_prev, central(loss, A_prev), atol=1e-7)
    assert np.allclose(gradients.dW, central(lambda w: loss(w=w), W), atol=1e-7)
    assert np.allclose(gradients.db, central(lambda c: loss(c=c), b), atol=1e-7)
    mean = cnngrad.conv2d_backward(A_prev, W, dZ, **options)
    assert np.allclose(mean.dW, gradients.dW / 2)
    assert np.allclose(mean.db, gradients.db / 2)
    assert np.array_equal(mean.dA_prev, gradients.dA_prev)


POOLS = [
    {"window": 2},
    {"window": 3, "stride": 1},
    {"window": (2, 3), "stride": (1, 2), "padding": 1},
    {"window": 2, "dilation": 2, "stride": 1},
    {"window": 2, "ceil_mode": True},
    {"window": 3, "padding": ((1, 0), (0, 1)), "ceil_mode": True, "stride": 2},
]


@pytest.mark.parametrize("options", POOLS)
def test_max_pooling_away_from_ties(options):
    A_prev = RNG.permutation(2 * 2 * 5 * 6).reshape(2, 2, 5, 6) / 10  # no two cells are alike
    dZ = random(*cnngrad.max_pool2d(A_prev, **options).shape)
    dA_prev = cnngrad.max_pool2d_backward(A_prev, dZ, **options)
    expected = central(lambda a: (cnngrad.max_pool2d(a, **options) * dZ).sum(), A_prev)
    assert np.allclose(dA_prev, expected, atol=1e-7)


@pytest.mark.parametrize("more", [{}, {"count_include_pad": False}, {"divisor_override": 3}])
@pytest.mark.parametrize("options", POOLS)
def test_average_pooling(options, more):
    A_prev = random(2, 2, 5, 6)
    dZ = random(*cnngrad.avg_pool2d(A_prev, **options, **more).shape)
    dA_prev = cnngrad.avg_pool2d_backward(A_prev, dZ, **options, **more)
    expected = central(lambda a: (cnngrad.avg_pool2d(a, **options, **more) * dZ).sum(), A_prev)
    assert np.allclose(dA_prev, expected, atol=1e-7)


def test_this_test_would_notice_a_wrong_gradient():
    A_prev, W = random(4, 4), random(2, 2)
    dZ = random(3, 3)
    expected = central(lambda a: (cnngrad.conv2d(a, W) * dZ).sum(), A_prev)
    flipped = cnngrad.conv2d_backward(A_prev, W[::-1, ::-1].copy(), dZ).dA_prev
    assert not np.allclose(flipped, expected, atol=1e-3)
