"""Exact arithmetic against arrays of `Fraction`, and how much of it fits into a second."""

import time
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple

import numpy as np

import cnngrad

LEAST_GAIN, MOST_SECONDS = 50, 1.0


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
    """Time integers, decimals and fractions of two sizes."""
    rng = np.random.default_rng(1)
    rows = []
    for kind, denominators in (("integers", [1]), ("decimals", [100]), ("fractions", range(1, 10))):
        small = [_random(rng, s, denominators) for s in ((3, 16, 16), (4, 3, 3, 3), (4, 14, 14))]
        work = 2 * 4 * 3 * 9 * 14 * 14
        rows.append(Row(f"{kind}, small", work, _time(_ours, small), _time(_plain, small, 3)))
        large = [_random(rng, s, denominators) for s in ((2, 98, 98), (10, 2, 5, 5), (10, 94, 94))]
        work = 2 * 10 * 94 * 94 * 2 * 25
        rows.append(Row(f"{kind}, large", work, _time(_ours, large, 3), None))
    return rows


def _random(rng: Any, shape: tuple[int, ...], denominators: Any) -> Any:
    array = np.empty(int(np.prod(shape)), object)
    choices = list(denominators)
    array[:] = [Fraction(int(rng.integers(-999, 999)), int(rng.choice(choices))) for _ in array]
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
