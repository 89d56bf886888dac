"""Marking a class: answers a second, and memory, on one process, several, and Dask.

``python -m tests.benchmarks.marking`` prints the table. The answers are to the article's
problem: a quarter right, a quarter wrong by a rule, a quarter with a slip, a quarter noise.
Signed ones carry their student's name, so that no two files are alike; otherwise the very
same file, which many students hand in, is marked once a process.
Each way has a process of its own, whose peak memory is read when it is done (Linux, macOS).
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ARTICLE = Path(__file__).parents[2] / "samples" / "convolution" / "problem.json"
MAX_STEPS_SHOWN = 1_000
"""Answers with which the memory for many is compared."""


class Row(NamedTuple):
    """One way of marking."""

    way: str
    answers: int
    seconds: float
    """From the list of files to the last line of the reports, workers' start included."""
    answers_per_second: float
    cpu_seconds: float
    """Of all processes together: what it costs, however busy the machine is."""
    peak_mib: float
    """Of the process that shares the work out and writes the reports."""
    peak_of_few_mib: float
    """The same with 1,000 answers: memory is flat where the two are alike."""


def measure(count: int = 10_000, jobs: int = 2, dask: bool = True) -> list[Row]:
    """Mark a class of `count` in every way."""
    ways = {"one process": ("--jobs", "1"), f"{jobs} processes": ("--jobs", str(jobs))}
    if dask:
        ways[f"Dask, {jobs} workers"] = ("--dask", "local", "--jobs", str(jobs))
    rows = []
    with TemporaryDirectory() as folder:
        _child("--hand-in", folder, str(count))
        for way, options in ways.items():
            for files, many in ((way, "many"), (f"{way}, no two alike", "signed")):
                _, _, small = _child("--mark", f"{folder}/few", *options)
                seconds, cpu, peak = _child("--mark", f"{folder}/{many}", *options)
                rows.append(Row(files, count, seconds, count / seconds, cpu, peak, small))
    return rows


def collecting(count: int = 10_000) -> float:
    """Marks that one process takes from workers and enters in its ledger, a second.

    More workers than fill it would not help.
    """
    with TemporaryDirectory() as folder:
        _child("--hand-in", folder, str(count))
        return float(_child("--collect", f"{folder}/signed"))


def table(rows: list[Row]) -> str:
    """The rows as text."""
    heads = ("answers", "a second", "CPU s", "peak MiB", "at 1,000")
    lines = [f"{'marking':<28}" + "".join(f"{head:>10}" for head in heads)]
    lines += [
        f"{row.way:<28}{row.answers:>10,}{row.answers_per_second:>10,.0f}"
        f"{row.cpu_seconds:>10.1f}{row.peak_mib:>10.0f}{row.peak_of_few_mib:>10.0f}"
        for row in rows
    ]
    return "\n".join(lines)


def _child(*arguments: str) -> Any:
    """What this module prints as JSON in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.marking", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _hand_in(folder: Path, count: int) -> None:
    from cnngrad.files import read_problem
    from tests.classes import hand_in

    problem = read_problem(str(ARTICLE)).problem()
    hand_in(folder / "many", problem, count)
    hand_in(folder / "signed", problem, count, signed=True)
    hand_in(folder / "few", problem, min(count, MAX_STEPS_SHOWN), signed=True)


def _mark(folder: str, options: list[str]) -> tuple[float, float, float]:
    """Mark as the command does, with a report on disk; seconds, CPU and this process's peak."""
    import resource

    from cnngrad.cli import main

    report = str(Path(folder) / "marks.json")
    begun = time.perf_counter()
    wanted = ["--glob", "s*.json", "--quiet", "--force", "--output", report]
    code = main(["grade", str(ARTICLE), folder, *wanted, *options])
    seconds = time.perf_counter() - begun
    assert code == 0
    unit = 2**20 if sys.platform == "darwin" else 2**10
    own = resource.getrusage(resource.RUSAGE_SELF)
    both = (own, resource.getrusage(resource.RUSAGE_CHILDREN))
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in both)
    return seconds, cpu, own.ru_maxrss / unit


def _collect(folder: str) -> float:
    import pickle

    from cnngrad.files import read_problem
    from cnngrad.grading.classroom.class_results import ClassResults
    from cnngrad.grading.classroom.marking import job, mark
    from cnngrad.grading.classroom.submissions import collected
    from cnngrad.grading.classroom.workers import chunks

    work = job(read_problem(str(ARTICLE)).problem())
    answers, _ = collected(ARTICLE, Path(folder))
    sent = [pickle.dumps(mark(work, part)) for part in chunks(answers, 1)]
    begun = time.perf_counter()
    with ClassResults(("dA_prev", "dW", "db")) as ledger:
        for part in sent:
            for marked in pickle.loads(part):
                ledger.add(marked)
    return len(answers) / (time.perf_counter() - begun)


def main() -> None:
    """Print the table, or do one child's part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-dask", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--hand-in", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--mark", nargs=1, help=argparse.SUPPRESS)
    parser.add_argument("--collect", nargs=1, help=argparse.SUPPRESS)
    if sys.argv[1:2] == ["--collect"]:
        print(json.dumps(_collect(sys.argv[2])))
        return
    if sys.argv[1:2] == ["--mark"]:
        print(json.dumps(_mark(sys.argv[2], sys.argv[3:])))
        return
    asked = parser.parse_args()
    if asked.hand_in:
        _hand_in(Path(asked.hand_in[0]), int(asked.hand_in[1]))
        print("null")
        return
    rows = measure(asked.answers, asked.jobs, not asked.no_dask)
    print(json.dumps([row._asdict() for row in rows], indent=2) if asked.json else table(rows))


if __name__ == "__main__":
    main()
