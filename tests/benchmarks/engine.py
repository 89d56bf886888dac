"""The engine against PyTorch: time as a ratio in one run, and extra memory.

``python -m tests.benchmarks.engine`` prints the tables. Each number of threads and each
memory figure has a process of its own, since BLAS reads its number of threads once.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from math import exp, log
from statistics import mean, median
from typing import Any, NamedTuple

import numpy as np

from cnngrad.core.shapes import axis
from cnngrad.engine import average, conv2d, maximum


class Shape(NamedTuple):
    """One convolution of square images."""

    name: str
    N: int
    C: int
    H: int
    C_out: int
    k: int
    stride: int = 1
    padding: int = 0
    groups: int = 1


CONVOLUTIONS = (
    Shape("toy", 1, 1, 3, 1, 2),
    Shape("LeNet 1", 64, 1, 28, 6, 5, padding=2),
    Shape("LeNet 2", 64, 6, 14, 16, 5),
    Shape("ResNet", 32, 64, 32, 64, 3, padding=1),
    Shape("VGG", 8, 128, 56, 128, 3, padding=1),
    Shape("strided", 32, 64, 32, 128, 3, stride=2, padding=1),
    Shape("1×1", 32, 256, 14, 64, 1),
    Shape("depthwise 32", 32, 64, 32, 64, 3, padding=1, groups=64),
    Shape("depthwise 56", 8, 128, 56, 128, 3, padding=1, groups=128),
)
POOLINGS = (("toy", 1, 1, 4), ("LeNet", 64, 6, 28), ("ResNet", 32, 64, 32), ("VGG", 8, 128, 56))
WINDOWS = ((2, 2, 0), (3, 2, 1))
DTYPES = ("float64", "float32")
MOST_FLOAT64, MOST_FLOAT32, MOST_ONE = 0.95, 1.3, 1.4
"""Ratios, on one thread, that the geometric means and no single shape in float64 may exceed."""


class Row(NamedTuple):
    """One measured call; `ratio` is our time by PyTorch's, so below 1 is faster."""

    name: str
    dtype: str
    threads: int
    ratio: float
    ours_ms: float
    torch_ms: float


class Memory(NamedTuple):
    """The peak that a call adds to its arguments and results, in MiB."""

    name: str
    dtype: str
    ours_mib: float
    torch_mib: float


Call = Callable[[], Any]


def measure(threads: tuple[int, ...] = (1, 2), seconds: float = 1.0) -> list[Row]:
    """Time every shape for each number of threads, about `seconds` long a shape and dtype."""
    rows = []
    for count in threads:
        rows += [Row(*cells) for cells in _child(count, "--times", str(seconds))]
    return rows


def measure_memory(names: tuple[str, ...] = ("ResNet", "VGG")) -> list[Memory]:
    """The extra memory of convolution backward on one thread (Linux only)."""
    return [
        Memory(name, dtype, *(_child(1, "--peak", name, dtype, who) for who in ("ours", "torch")))
        for name in names
        for dtype in DTYPES
    ]


class Summary(NamedTuple):
    """All shapes of convolution, or of pooling, together."""

    kind: str
    dtype: str
    threads: int
    mean: float
    """The geometric mean of the ratios."""
    slowest: Row
    shapes: int


def summaries(rows: list[Row]) -> list[Summary]:
    """The ratios by kind of layer, dtype and threads."""
    groups: dict[tuple[str, str, int], list[Row]] = {}
    for row in rows:
        kind = "convolution" if row.name.startswith("conv:") else "pooling"
        groups.setdefault((kind, row.dtype, row.threads), []).append(row)
    return [
        Summary(
            *key,
            exp(mean(log(row.ratio) for row in group)),
            max(group, key=lambda row: row.ratio),
            len(group),
        )
        for key, group in groups.items()
    ]


def _child(threads: int, *arguments: str) -> Any:
    """What this module prints as JSON in a process of its own."""
    count = str(threads)
    env = os.environ | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), count)
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, *arguments]
    return json.loads(subprocess.run(command, env=env, check=True, capture_output=True).stdout)


def _times(seconds: float) -> Iterator[Row]:
    import torch

    threads = int(os.environ["OMP_NUM_THREADS"])
    torch.set_num_threads(threads)
    for dtype in DTYPES:
        for shape in CONVOLUTIONS:
            yield _row(f"conv: {shape.name}", dtype, threads, *_convolution(shape, dtype), seconds)
        for name, *sizes in POOLINGS:
            for window in WINDOWS:
                for mode, calls in _poolings(sizes, window, dtype):
                    label = f"{mode}: {name} {window[0]}×{window[0]}"
                    yield _row(label, dtype, threads, *calls, seconds / 3)


def _row(name: str, dtype: str, threads: int, ours: Call, theirs: Call, seconds: float) -> Row:
    """Call both in turn, so that whatever else the machine does slows both alike.

    One thread is timed by its own processor time, which leaves out what it has to wait.
    """
    for mine, yours in zip(ours(), theirs(), strict=True):
        tolerance = 1e-9 if dtype == "float64" else 2e-3
        np.testing.assert_allclose(mine, yours, tolerance, tolerance * np.abs(mine).max())
    clock = time.thread_time if threads == 1 else time.perf_counter
    rest = 0.003 if threads > 1 else 0  # the other library's idle threads spin for a while
    repeats = max(1, int(5e-4 / _clock(ours, 1, clock, 0)))
    pairs: list[list[float]] = []
    end = time.perf_counter() + seconds
    while len(pairs) < 5 or time.perf_counter() < end:
        pairs.append([_clock(call, repeats, clock, rest) for call in (ours, theirs)])
    ratio = median(mine / yours for mine, yours in pairs)
    ours_ms, torch_ms = (1e3 * median(side) for side in zip(*pairs, strict=True))
    return Row(name, dtype, threads, ratio, ours_ms, torch_ms)


def _clock(call: Call, repeats: int, clock: Callable[[], float], rest: float) -> float:
    """Seconds that a call takes, on average."""
    time.sleep(rest)
    start = clock()
    for _ in range(repeats):
        call()
    return (clock() - start) / repeats


def _convolution(shape: Shape, dtype: str) -> tuple[Call, Call]:
    """Our convolution backward and PyTorch's, of the same random arrays."""
    import torch

    _, N, C, H, C_out, k, s, p, groups = shape
    side = axis(H, k, stride=s, padding=(p, p))
    A_prev, W, dZ = _random(
        dtype, (N, C, H, H), (C_out, C // groups, k, k), (N, C_out, side.out, side.out)
    )
    tA, tW, tZ = (torch.from_numpy(array) for array in (A_prev, W, dZ))
    backward = torch.ops.aten.convolution_backward

    def theirs() -> Any:
        settings = [C_out], [s, s], [p, p], [1, 1], False, [0, 0], groups, [True] * 3
        return backward(tZ, tA, tW, *settings)

    return lambda: conv2d.backward(A_prev, W, dZ, side, side, groups), theirs


def _poolings(
    sizes: list[int], window: tuple[int, int, int], dtype: str
) -> Iterator[tuple[str, tuple[Call, Call]]]:
    """Forward and backward together, of max and of average pooling."""
    import torch

    aten = torch.ops.aten
    (N, C, H), (k, s, p) = sizes, window
    side = axis(H, k, stride=s, padding=(p, p))
    A_prev, dZ = _random(dtype, (N, C, H, H), (N, C, side.out, side.out))
    tA, tZ = torch.from_numpy(A_prev), torch.from_numpy(dZ)
    settings = [k, k], [s, s], [p, p]

    def max_ours() -> Any:
        A, where = maximum.forward(A_prev, side, side)
        return A, maximum.backward(where, dZ, side, side)

    def max_theirs() -> Any:
        A, where = aten.max_pool2d_with_indices(tA, *settings)
        back = aten.max_pool2d_with_indices_backward
        return A, back(tZ, tA, *settings, [1, 1], False, where)

    def average_ours() -> Any:
        A = average.forward(A_prev, side, side) / np.dtype(dtype).type(k * k)
        return A, average.backward(dZ / np.dtype(dtype).type(k * k), side, side)

    def average_theirs() -> Any:
        A = aten.avg_pool2d(tA, *settings, False, True, None)
        return A, aten.avg_pool2d_backward(tZ, tA, *settings, False, True, None)

    yield "max", (max_ours, max_theirs)
    yield "average", (average_ours, average_theirs)


def _random(dtype: str, *shapes: tuple[int, ...]) -> list[Any]:
    generator = np.random.default_rng(0)
    return [generator.standard_normal(shape, np.dtype(dtype).type) for shape in shapes]


def _peak(name: str, dtype: str, who: str) -> float:
    """MiB that one call takes beyond what was there before and what it returns."""
    calls = {
        shape.name: _convolution(shape, dtype)
        for shape in CONVOLUTIONS
        if shape.name in ("toy", name)
    }
    which = 0 if who == "ours" else 1
    calls["toy"][which]()  # libraries load and set up what they need
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # forget the peak so far
    before = _status("VmRSS")
    results = calls[name][which]()
    extra = _status("VmHWM") - before
    return float(extra - sum(array.nbytes for array in results) / 2**20)


def _status(field: str) -> float:
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith(field))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Print the tables, or, as a child process, one part of the figures as JSON."""
    parser = argparse.ArgumentParser(description="The engine against PyTorch.")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each shape and dtype")
    parser.add_argument("--times", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--peak", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.times is not None:
        print(json.dumps(list(_times(options.times))))
        return
    if options.peak:
        print(json.dumps(_peak(*options.peak)))
        return
    rows = measure(tuple(options.threads), options.seconds)
    print(f"{'':24}{'dtype':9}{'threads':>8}{'ratio':>8}{'ours ms':>11}{'torch ms':>11}")
    for row in rows:
        print(
            f"{row.name:24}{row.dtype:9}{row.threads:8}{row.ratio:8.2f}"
            f"{row.ours_ms:11.3f}{row.torch_ms:11.3f}"
        )
    print("\ngeometric means of the ratios")
    for found in summaries(rows):
        print(f"{found.kind:24}{found.dtype:9}{found.threads:8}{found.mean:8.2f}")
    print(f"\n{'extra memory':24}{'dtype':9}{'ours MiB':>11}{'torch MiB':>11}")
    for memory in measure_memory():
        print(f"{memory.name:24}{memory.dtype:9}{memory.ours_mib:11.1f}{memory.torch_mib:11.1f}")


if __name__ == "__main__":
    main()
