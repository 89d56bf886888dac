"""Hold every profile against its framework: `python -m tests.frameworks --venvs DIR`.

Each framework runs in an interpreter of its own, `DIR/NAME/bin/python`, or for JavaScript with
the packages of `DIR/js`. What is not there is left out, and said. The exit code is 1 where a
framework and its profile differ by more than a departure that the profile names.
"""

import argparse
import datetime
import random
import sys
import time
from collections import Counter
from pathlib import Path

from .compare import Worker, compare
from .draw import problem
from .faults import known
from .reach import REACH, Reach
from .table import Agreement, added, table

ROOT = Path(__file__).parents[2]
SHARE = {"conv": 3, "max-pool": 3, "average-pool": 3, "dense": 1, "network": 2}
"""How many of the problems are of which kind."""
MOST_TOLD = 3


def main() -> int:
    """Run the frameworks that can be had; returns the exit code."""
    parser = argparse.ArgumentParser("tests.frameworks", description=__doc__)
    parser.add_argument("names", nargs="*", help="profiles; all unless given")
    parser.add_argument("--venvs", type=Path, required=True, help="where the frameworks are")
    parser.add_argument("--problems", type=int, default=500, help="that agree, of each framework")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60, help="at most, for each framework")
    parser.add_argument("--table", type=Path, help="write the table of agreement as Markdown")
    parser.add_argument("--json", type=Path, help="add what was found to this file")
    arguments = parser.parse_args()
    found = []
    for name in arguments.names or REACH:
        reach = REACH[name]
        command = _command(name, reach, arguments.venvs)
        if command is None:
            print(f"{name}: not installed under {arguments.venvs}")
            continue
        end = time.monotonic() + 60 * arguments.minutes
        found.append(_held(name, reach, command, arguments.problems, arguments.seed, end))
    if arguments.json:
        found = added(arguments.json, found)
    if arguments.table:
        today = datetime.datetime.now(datetime.UTC).date()
        arguments.table.write_text(table(found, arguments.problems, today), encoding="utf-8")
    return int(any(one.counts["differs"] or one.counts["cnngrad-refuses"] for one in found))


def _command(name: str, reach: Reach, venvs: Path) -> list[str] | None:
    if reach.worker.endswith(".js"):
        return ["node", str(venvs / "js")] if (venvs / "js" / "node_modules").exists() else None
    python = venvs / name / "bin" / "python"
    return [str(python)] if python.exists() else None


def _held(
    name: str, reach: Reach, command: list[str], wanted: int, seed: int, end: float
) -> Agreement:
    rng = random.Random(f"{name} {seed}")
    worker = Worker(reach, command)
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    told = 0
    weights = [SHARE[kind] for kind in reach.kinds]
    while counts["agrees"] + counts["differs"] < wanted and sum(counts.values()) < 4 * wanted:
        if time.monotonic() > end:
            break
        kind = rng.choices(reach.kinds, weights)[0]
        asked = problem(kind, reach, rng)
        fault = known(reach, asked)
        outcome = compare(name, reach, asked, worker.ask(asked))
        state = outcome.state
        if state == "differs" and fault:
            state = "departs as named"
            refusals[fault] += 1
        counts[state] += 1
        if state == "agrees":
            kinds[kind] += 1
        if state in ("differs", "cnngrad-refuses") and told < MOST_TOLD:
            told += 1
            settings = {k: v for k, v in asked.items() if k not in ("W", "b", "errors")}
            print(f"  {name} {state}: {settings}\n{outcome.words}")
        if state == "framework-refuses":
            refusals[outcome.words.splitlines()[0][:110]] += 1
    worker.close()
    versions = ", ".join(f"{key} {value}" for key, value in worker.versions.items())
    print(f"{name} ({versions}): {dict(counts)} {dict(kinds)}", flush=True)
    for words, count in refusals.most_common(4):
        print(f"    {count} × {words}")
    return Agreement(name, worker.versions, counts, kinds, refusals)


if __name__ == "__main__":
    sys.exit(main())
