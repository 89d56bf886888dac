"""All figures in one run, each beside the goal that it should meet.

``python -m tests.benchmarks`` prints a table (Markdown, as README shows it); ``--json`` prints
the same as JSON; ``--only startup steps`` leaves parts out. The engine's part needs PyTorch,
the marking's Dask (both in the extra `bench`).
"""

import argparse
import importlib.util
import json
import platform
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from . import arithmetic, engine, marking, startup, steps


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
    """Whole commands, as ratios to importing NumPy."""
    rows = startup.measure()
    helps = [row for row in rows if row.name.endswith("--help") and row.name != "--help"]
    for row in rows:
        if row not in helps:
            yield at_most("start-up", row.name, row.ratio, row.limit, "× peer")
    worst = max(helps, key=lambda row: row.ratio)
    yield at_most("start-up", f"slowest of all: {worst.name}", worst.ratio, worst.limit, "× peer")


def exact() -> Iterator[Figure]:
    """Fractions by a common denominator."""
    for row in arithmetic.measure():
        name = f"{row.name}: {row.multiply_adds:,} multiply-adds"
        if row.gain is not None:
            gain = f"{name}, gain over Fraction"
            yield at_least("exact", gain, row.gain, arithmetic.LEAST_GAIN, "×")
        else:
            yield at_most("exact", name, row.ours, arithmetic.MOST_SECONDS, "s")


def against_torch() -> Iterator[Figure]:
    """The engine, as ratios to PyTorch's time."""
    rows = engine.measure()
    convolutions = [row for row in rows if row.name.split(":")[0] == "conv"]
    for row in convolutions:
        name = f"{row.name}, {row.dtype}, {row.threads} thread{'s' * (row.threads > 1)}"
        if (row.dtype, row.threads) == ("float64", 1):
            yield at_most("engine", name, row.ratio, 1.4, "× PyTorch")
        else:
            yield Figure("engine", name, row.ratio, "× PyTorch", "", None)
    limits = {("float64", 1): 0.95, ("float32", 1): 1.3}
    for (kind, dtype, threads), ratio in engine.geometric_means(rows).items():
        name = f"{kind}, geometric mean, {dtype}, {threads} thread{'s' * (threads > 1)}"
        limit = limits.get((dtype, threads)) if kind == "conv" else None
        if limit:
            yield at_most("engine", name, ratio, limit, "× PyTorch")
        else:
            yield Figure("engine", name, ratio, "× PyTorch", "", None)
    for memory in engine.measure_memory():
        name = f"extra memory, {memory.name}, {memory.dtype}"
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
    rows = marking.measure(dask=importlib.util.find_spec("distributed") is not None)
    for row in rows:
        name = f"{row.answers:,} answers, {row.way}"
        if row.way.startswith("2 processes"):
            yield at_least("marking", name, row.answers_per_second, 2_000, "answers/s")
        else:
            yield Figure("marking", name, row.answers_per_second, "answers/s", "", None)


PARTS = {
    "startup": start_up,
    "exact": exact,
    "engine": against_torch,
    "steps": stepping,
    "marking": classes,
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
    print(f"{date.today():%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}\n")
    print("| part | figure | measured | goal | |")
    print("|---|---|---:|---:|---|")
    for figure in figures:
        verdict = {True: "met", False: "missed", None: ""}[figure.met]
        value = f"{figure.value:,.0f}" if figure.value >= 1000 else f"{figure.value:.3g}"
        print(
            f"| {figure.part} | {figure.name} | {value} {figure.unit} | {figure.goal} | {verdict} |"
        )


if __name__ == "__main__":
    main()
