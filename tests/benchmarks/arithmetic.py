"""Exact arithmetic against arrays of `Fraction`, and how much of it fits into a second."""

import time
from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple

import numpy as np

import cnngrad

LEAST_GAIN, MOST_SECONDS = 50, 1.0
KINDS = {
    "integers": (999, [1]),
    "decimals": (999, [100]),
    "fractions": (999, range(1, 10)),
    "decimals of 12 digits": (10**12, [10**12]),
}
"""By name the largest numerator, and what it is divided by; the last outgrow int64."""
SMALL = (3, 16, 16), (4, 3, 3, 3), (4, 14, 14)
LARGE = (2, 105, 105), (10, 2, 5, 5), (10, 101, 101)
"""The shapes of A_prev, W and dZ."""


class Row(NamedTuple):
    """One problem: dA_prev, dW and db, exactly."""

    name: str
    multiply_adds: int
    ours: float
    """Seconds."""
    fractions: float | None
    """Seconds of plain `Fraction` arithmetic, where it was run."""

    @property
    def gain(self) -> float | None:
        """How many times faster than plain `Fraction` arithmetic."""
        return self.fractions / self.ours if self.fractions else None


def measure() -> list[Row]:
    """Time each kind of numbers in two sizes."""
    rng = np.random.default_rng(1)
    rows = []
    for kind, numbers in KINDS.items():
        small = [_random(rng, shape, *numbers) for shape in SMALL]
        rows.append(Row(kind, _work(*small), _time(_ours, small), _time(_plain, small, 3)))
        large = [_random(rng, shape, *numbers) for shape in LARGE]
        rows.append(Row(kind, _work(*large), _time(_ours, large, 3), None))
    return rows


def _work(_: Any, W: Any, dZ: Any) -> int:
    """Multiply-adds of dA_prev and dW."""
    return 2 * W.size * dZ[0].size


def _random(rng: Any, shape: tuple[int, ...], largest: int, denominators: Sequence[int]) -> Any:
    array = np.empty(int(np.prod(shape)), object)
    tops = rng.integers(-largest, largest, array.size).tolist()
    bottoms = rng.choice(denominators, array.size).tolist()
    array[:] = [Fraction(*ratio) for ratio in zip(tops, bottoms, strict=True)]
    return array.reshape(shape)


def _ours(A_prev: Any, W: Any, dZ: Any) -> Any:
    return cnngrad.conv2d_backward(A_prev, W, dZ)


def _plain(A_prev: Any, W: Any, dZ: Any) -> Any:
    """Arrays of `Fraction`, one kernel cell at a time: what one would write without thinking."""
    _, height, width = dZ.shape
    dA_prev, dW = A_prev * 0, W * 0
    for o, c, i, j in np.ndindex(*W.shape):
        window = np.s_[c, i : i + height, j : j + width]
        dA_prev[window] += W[o, c, i, j] * dZ[o]
        dW[o, c, i, j] = (A_prev[window] * dZ[o]).sum()
    return dA_prev, dW, dZ.sum((1, 2))


def _time(function: Any, arrays: list[Any], runs: int = 7) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function(*arrays)
        times.append(time.perf_counter() - start)
    return median(times)
