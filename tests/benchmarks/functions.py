"""Testing people's functions: whole commands in seconds, and problems a second beside the function.

``python -m tests.benchmarks.functions`` prints the rows.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cnngrad.core.numbers import Array
from cnngrad.testing.calls.calling import Calling, understood
from cnngrad.testing.calls.invoke import CallOutcome
from cnngrad.testing.calls.process import ProcessRunner
from cnngrad.testing.examine import examine

SAMPLES = Path(__file__).parents[2] / "samples" / "functions"
PROGRAM = str(Path(sys.executable).with_name("cnngrad"))
VECTORISED, LOOPS = "plain.py:conv_forward", "cs231n_style.py:conv_backward_naive"
MOST = {VECTORISED: 1.5, LOOPS: 6.0}
"""Seconds that the whole command may take."""
LEAST_PROBLEMS = 300
"""Problems a second, beside the function's own time."""


class Row(NamedTuple):
    """One figure against its bound."""

    name: str
    value: float
    limit: float
    unit: str


class _Timed:
    """A runner that keeps how long the function itself has taken."""

    def __init__(self, runner: ProcessRunner) -> None:
        self.runner, self.signatures = runner, runner.signatures
        self.seconds, self.calls = 0.0, 0

    def call(
        self, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
    ) -> CallOutcome:
        """Call the function, on the clock."""
        begun = time.perf_counter()
        outcome = self.runner.call(calling, given, settings)
        self.seconds += time.perf_counter() - begun
        self.calls += 1
        return outcome


def measure(runs: int = 5) -> Iterator[Row]:
    """The best of a few runs of each."""
    for target, limit in MOST.items():
        command = [PROGRAM, "test", f"{SAMPLES / target}", "--quiet"]
        best = min(_seconds(command) for _ in range(runs))
        yield Row(f"test {target}, the whole command", best, limit, "s")
    yield Row("problems beside the function", max(_rate() for _ in range(runs)), LEAST_PROBLEMS, "")


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - begun


def _rate() -> float:
    file, _, name = VECTORISED.partition(":")
    with ProcessRunner(str(SAMPLES / file), 60) as runner:
        timed = _Timed(runner)
        signature = next(s for s in runner.signatures if s.name == name)
        begun = time.perf_counter()
        examine(timed, understood(signature, runner.signatures))
        return timed.calls / (time.perf_counter() - begun - timed.seconds)


if __name__ == "__main__":
    for row in measure():
        print(f"{row.name:55} {row.value:8.3g} {row.unit:2} (bound {row.limit:g})")
