"""Reading a million numbers, as a ratio to NumPy reading the same file; time and memory.

Whole processes, in pairs in one run. ``python -m tests.benchmarks.reading`` prints the rows.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

SIDE = 1000
MOST = {"csv, integers": 1.3, "csv, decimals": 1.6, "json, integers": 1.5, "json, decimals": 1.5}
"""Times the peer's time."""
MOST_CSV_MEMORY, MOST_JSON_MEMORY = 4.0, 1.2
"""Times the array's size, and times the peer's memory; each above an empty run."""
TALL = 5_000_000

PROGRAM = str(Path(sys.executable).with_name("cnngrad"))
PEERS = {
    "csv": "import sys, numpy; numpy.loadtxt(sys.argv[1], delimiter=',')",
    "json": "import sys, json, numpy; numpy.array(json.load(open(sys.argv[1])))",
}


class Row(NamedTuple):
    """One figure against its bound."""

    name: str
    value: float
    limit: float
    unit: str


_PEAK = """
import re
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""
"""Prints the peak of a process in KiB: since it began, whatever its parent held."""
_OURS = "import sys; from cnngrad.cli import main; main(sys.argv[1:])" + _PEAK
_EMPTY = "import numpy, json" + _PEAK


def measure(runs: int = 9) -> Iterator[Row]:
    """Read each file by the program and by its peer in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one.csv"
        one.write_text("1\n")
        pooling = ["pool-backward", "--mode", "average", "--quiet"]
        empty = _peak(_OURS, *pooling, "--input", "1 2", "--dz", "1 2", "--window", "1")
        for kind, path in _files(folder).items():
            given = [*pooling, "--input", str(path), "--dz", str(one), "--window", str(SIDE)]
            peer = PEERS[kind[: kind.index(",")]]
            theirs = [sys.executable, "-c", peer, str(path)]
            for command in ([PROGRAM, *given], theirs):
                _seconds(command)  # files into the system's cache, bytecode onto the disk
            pairs = [(_seconds([PROGRAM, *given]), _seconds(theirs)) for _ in range(runs)]
            ratio = min(mine for mine, _ in pairs) / min(yours for _, yours in pairs)
            yield Row(f"{SIDE}×{SIDE}, {kind}", ratio, MOST[kind], "× NumPy's time")
            above = _peak(_OURS, *given) - empty
            if kind.startswith("csv"):
                size = SIDE * SIDE * 8 / 1024
                yield Row(f"memory, {kind}", above / size, MOST_CSV_MEMORY, "× the array")
            else:
                theirs_above = _peak(peer + _PEAK, str(path)) - _peak(_EMPTY)
                yield Row(f"memory, {kind}", above / theirs_above, MOST_JSON_MEMORY, "× NumPy's")
        tall = folder / "tall.csv"
        tall.write_text("\n".join(map(str, (np.arange(TALL) % 97).tolist())) + "\n")
        given = ["--input", str(tall), "--dz", "1;1;1;1;1", "--window", "1000,1"]
        above = _peak(_OURS, *pooling, *given, "--stride", f"{TALL // 5},1") - empty
        name = f"memory, {TALL:,} rows of one integer"
        yield Row(name, above / (TALL * 8 / 1024), MOST_CSV_MEMORY, "× the array")


def _files(folder: Path) -> dict[str, Path]:
    rng = np.random.default_rng(1)
    whole = rng.integers(-999, 1000, (SIDE, SIDE))
    cents = rng.integers(-9999, 10_000, (SIDE, SIDE))
    written = {
        "csv, integers": "\n".join(",".join(map(str, row)) for row in whole.tolist()),
        "csv, decimals": "\n".join(
            ",".join(f"{cell / 100:.2f}" for cell in row) for row in cents.tolist()
        ),
        "json, integers": json.dumps(whole.tolist()),
        "json, decimals": json.dumps((cents / 100).tolist()),
    }
    paths = {}
    for k, (kind, text) in enumerate(written.items()):
        paths[kind] = folder / f"{k}.{kind[: kind.index(',')]}"
        paths[kind].write_text(text + "\n")
    return paths


def _environment() -> dict[str, str]:
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # pip compiles what it installs; so it is for us
    return env


def _seconds(command: list[str]) -> float:
    """The processor's time for a whole process: others on the machine do not count."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    process = os.posix_spawn(command[0], command, _environment(), file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def _peak(program: str, *arguments: str) -> float:
    """The most memory that a Python process held, in KiB."""
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    return float(run.stdout.split()[-1])


if __name__ == "__main__":
    for row in measure():
        print(f"{row.name:40} {row.value:6.2f} {row.unit} (at most {row.limit})")
