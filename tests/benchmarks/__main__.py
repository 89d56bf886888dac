"""All figures in one run, each beside the goal that it should meet.

``python -m tests.benchmarks`` prints a table (Markdown, as README shows it); ``--json`` prints
the same as JSON; ``--only startup steps`` leaves parts out. The engine's part needs PyTorch,
the marking's Dask (both in the extra `bench`). ``python -m tests.benchmarks.engine`` prints
every shape, ``python -m tests.benchmarks.marking`` what each way of marking costs.
"""

import argparse
import importlib.util
import json
import platform
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from typing import NamedTuple

from cnngrad.grading.classroom.workers import cores

from . import arithmetic, engine, functions, marking, reading, startup, steps


class Figure(NamedTuple):
    """One measured figure."""

    part: str
    name: str
    value: float
    unit: str
    goal: str
    met: bool | None
    """None where there is no goal."""


def at_most(part: str, name: str, value: float, limit: float, unit: str = "") -> Figure:
    """A figure that should not be larger than `limit`."""
    return Figure(part, name, value, unit, f"≤ {limit:.3g}", value <= limit)


def at_least(part: str, name: str, value: float, limit: float, unit: str = "") -> Figure:
    """A figure that should not be smaller than `limit`."""
    return Figure(part, name, value, unit, f"≥ {limit:,g}", value >= limit)


def start_up() -> Iterator[Figure]:
    """Whole commands, as ratios to importing NumPy and to PyTorch."""
    helps = []
    for row in startup.measure():
        if row.name.endswith(" --help"):
            helps.append(row)
        else:
            yield at_most("start-up", row.name, row.ratio, row.limit, f"× {row.peer}")
    slow = max(helps, key=lambda row: row.ratio)
    name = f"slowest of {len(helps)} commands' help: {slow.name}"
    yield at_most("start-up", name, slow.ratio, slow.limit, f"× {slow.peer}")


def exact() -> Iterator[Figure]:
    """Fractions by a common denominator."""
    for row in arithmetic.measure():
        name = f"{row.name}, {row.multiply_adds:,} multiply-adds"
        if row.gain is not None:
            least = arithmetic.LEAST_GAIN
            yield at_least("exact", name, row.gain, least, "× faster than Fraction")
        else:
            yield at_most("exact", name, row.ours, arithmetic.MOST_SECONDS, "s")


def against_torch() -> Iterator[Figure]:
    """The engine, as ratios to PyTorch's time."""
    limits = {("float64", 1): engine.MOST_FLOAT64, ("float32", 1): engine.MOST_FLOAT32}
    for kind, dtype, threads, mean, slowest, shapes in engine.summaries(engine.measure()):
        where = f"{dtype}, {threads} thread{'s' * (threads > 1)}"
        name = f"{kind}, {where}: geometric mean of {shapes}"
        if (dtype, threads) in limits:
            yield at_most("engine", name, mean, limits[dtype, threads], "× PyTorch")
        else:
            yield Figure("engine", name, mean, "× PyTorch", "", None)
        if (dtype, threads) == ("float64", 1):
            name = f"{kind}, {where}: slowest shape, {slowest.name.removeprefix('conv: ')}"
            yield at_most("engine", name, slowest.ratio, engine.MOST_ONE, "× PyTorch")
    for memory in engine.measure_memory():
        name = f"extra memory of convolution, {memory.name}, {memory.dtype}; PyTorch's is the goal"
        yield at_most("engine", name, memory.ours_mib, memory.torch_mib, "MiB")


def stepping() -> Iterator[Figure]:
    """Streaming steps and drawing them."""
    for row in steps.measure():
        words = row.limit.split()
        if words[0] == "≥":
            yield at_least("steps", row.name, row.value, float(words[1]), row.unit)
        elif words[0] == "≤":
            yield at_most("steps", row.name, row.value, float(words[1]), row.unit)
        else:
            yield Figure("steps", row.name, row.value, row.unit, row.limit, None)


def classes() -> Iterator[Figure]:
    """Marking ten thousand answers."""
    for row in marking.measure(dask=importlib.util.find_spec("distributed") is not None):
        name = f"{row.answers:,} answers, {row.way}"
        if row.way.startswith("2 processes"):
            yield at_least("marking", name, row.answers_per_second, 2_000, "a second")
        else:
            yield Figure("marking", name, row.answers_per_second, "a second", "", None)
        if row.way == "2 processes, no two alike":
            grown = row.peak_mib - row.peak_of_few_mib
            name = f"memory that 10,000 answers take beyond 1,000, {row.way}"
            yield at_most("marking", name, grown, 10, "MiB")
    rate = marking.collecting()
    name = "marks that the process which writes the reports can take in"
    yield Figure("marking", name, rate, "a second", "", None)


def reading_files() -> Iterator[Figure]:
    """Reading a million numbers, as ratios to NumPy."""
    for row in reading.measure():
        yield at_most("reading", row.name, row.value, row.limit, row.unit)


def peoples_functions() -> Iterator[Figure]:
    """`cnngrad test`: whole commands, and problems a second."""
    for row in functions.measure():
        if row.unit:
            yield at_most("functions", row.name, row.value, row.limit, row.unit)
        else:
            yield at_least("functions", row.name, row.value, row.limit, "a second")


PARTS = {
    "startup": start_up,
    "exact": exact,
    "engine": against_torch,
    "steps": stepping,
    "reading": reading_files,
    "marking": classes,
    "functions": peoples_functions,
}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="All figures, each beside its goal.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args()
    if "engine" in asked.only and importlib.util.find_spec("torch") is None:
        asked.only.remove("engine")
        print("no PyTorch here: the engine is left out (pip install '.[bench]')")
    figures = [figure for part in asked.only for figure in PARTS[part]()]
    if asked.json:
        print(json.dumps([figure._asdict() for figure in figures], indent=2))
        return
    packages = [name for name in ("numpy", "torch") if importlib.util.find_spec(name)]
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"{date.today():%Y-%m-%d}, {cores()} cores, {platform.machine()},", end=" ")
    print(f"Python {platform.python_version()}, {versions}\n")
    print("| | figure | measured | goal |")
    print("|---|---|---:|---:|")
    part = ""
    for figure in figures:
        value = f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.3g}"
        goal = figure.goal + ", missed" * (figure.met is False)
        told, part = figure.part * (figure.part != part), figure.part
        print(f"| {told} | {figure.name} | {value} {figure.unit} | {goal} |")


if __name__ == "__main__":
    main()
