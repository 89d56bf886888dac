"""Steps: how many a second stream out, how much memory that takes, how soon a digest comes."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

LEAST_RATE, MOST_MEMORY, MOST_STEP = 30_000, 150, 3.0
SIZE, KERNEL = 512, 5


class Row(NamedTuple):
    """One way to look at the steps."""

    name: str
    value: float
    unit: str
    limit: str


def measure() -> list[Row]:
    """Stream all steps of a large problem, and draw some in colour."""
    with tempfile.TemporaryDirectory() as folder:
        matrices = _write_problem(Path(folder))
        floor = _memory([sys.executable, "-c", "import numpy"])
        rows = []
        for name, arguments in (("CSV", ["--format", "csv"]), ("plain text", [])):
            command = [
                *_program(),
                *matrices,
                "--steps",
                "all",
                "--gradient",
                "dA_prev",
                *arguments,
            ]
            seconds, memory = _run(command)
            steps = (SIZE - KERNEL + 1) ** 2
            rows.append(Row(f"all steps as {name}", steps / seconds, "steps/s", f"≥ {LEAST_RATE}"))
            rows.append(
                Row(f"memory above NumPy, {name}", memory - floor, "MB", f"≤ {MOST_MEMORY}")
            )
        seconds, _ = _run([*_program(), *matrices])
        rows.append(Row(f"digest of {3 * steps:,} steps", seconds, "s", "at once"))
        rows.append(Row("a step in colour", _styled(), "ms", f"≤ {MOST_STEP:g}"))
    return rows


def _program() -> list[str]:
    return [sys.executable, "-m", "cnngrad", "conv-backward"]


def _write_problem(folder: Path) -> list[str]:
    rng = np.random.default_rng(0)
    words = []
    for option, size in (("input", SIZE), ("kernel", KERNEL), ("dz", SIZE - KERNEL + 1)):
        path = folder / f"{option}.npy"
        np.save(path, rng.integers(-9, 10, (size, size)))
        words += [f"--{option}", str(path)]
    return words


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds, and peak memory in MB, of a whole process."""
    start = time.perf_counter()
    memory = _memory(command)
    return time.perf_counter() - start, memory


def _memory(command: list[str]) -> float:
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, text=True, check=True
    )
    unit = 1 if sys.platform == "darwin" else 1024
    return int(output.stdout) * unit / 1e6


def _styled() -> float:
    """Milliseconds that one step of the article's example takes in colour."""
    from rich.console import Console

    from cnngrad.files import read_problem
    from cnngrad.files.samples import sample
    from cnngrad.pictures.step_view import panel
    from cnngrad.show.terminal.display import Display
    from cnngrad.show.terminal.document import panel_block
    from cnngrad.show.terminal.painting import paint

    problem = read_problem(str(sample("convolution"))).problem()
    trace, look = problem.trace("dA_prev"), Display(80, colour=True)
    with open(os.devnull, "w") as nowhere:
        console = Console(file=nowhere, force_terminal=True, color_system="truecolor", width=80)
        rounds = 50
        start = time.perf_counter()
        for _ in range(rounds):
            for step in trace:
                paint(panel_block(panel(problem, trace, step), look), console)
        return (time.perf_counter() - start) / rounds / len(trace) * 1e3
