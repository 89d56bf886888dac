"""Run many random cases in a few processes, and tell what went wrong.

Ends with 0 where nothing did, with 1 where something did. The case of a number is always the
same: `--only NUMBER` runs that one again, and shows its words.
"""

import argparse
import collections
import json
import os
import shlex
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from .cases import Case, Maker
from .judging import faults
from .pool import one, portions
from .seeds import load


def shown(case: Case) -> str:
    """A case as a shell would be told it, with its files."""
    words = shlex.join(["cnngrad", *case.argv])
    environment = " ".join(f"{name}={value}" for name, value in case.environment.items())
    lines = [f"{environment} {words}"]
    lines += [f"  {name}: {data[:400]!r}" for name, data in case.files.items()]
    if case.stdin:
        lines.append(f"  standard input: {case.stdin[:400]!r}")
    return "\n".join(lines).encode("utf-8", "backslashreplace").decode()


def table(codes: collections.Counter[tuple[str, str]]) -> str:
    """How often each command ended with each exit code."""
    columns = sorted({code for _, code in codes})
    rows = [["command", *columns]]
    for command in sorted({command for command, _ in codes}):
        rows.append([command, *(str(codes[command, code]) for code in columns)])
    return "\n".join(
        "".join(f"{cell:<20}" if k == 0 else f"{cell:>9}" for k, cell in enumerate(row))
        for row in rows
    )


def main() -> int:
    """Read the options, run, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--executions", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="begin with this number")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="P")
    parser.add_argument("--only", type=int, metavar="K", help="run one case here, and show it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    asked = parser.parse_args()
    if asked.only is not None:
        return again(asked.seed, asked.only)
    codes: collections.Counter[tuple[str, str]] = collections.Counter()
    places: dict[tuple[str, str], list[int]] = {}
    maker = Maker(load())
    done = 0
    numbers = range(asked.first, asked.first + asked.executions)
    try:
        for report in portions(asked.seed, numbers, asked.processes):
            codes += report.codes
            done = codes.total()
            for number, fault in report.found:
                seen = places.setdefault((fault.kind, fault.place), [])
                seen.append(number)
                if len(seen) == 1:
                    print(f"\n{fault.kind}, case {number}\n{shown(maker.case(asked.seed, number))}")
                    print(
                        "  → " + fault.told.encode("utf-8", "backslashreplace").decode(), flush=True
                    )
            if asked.json:
                asked.json.write_text(json.dumps(figures(asked.seed, codes, places), indent=1))
    except BrokenProcessPool:
        places["died", "a process"] = [asked.first + done]
        print(f"A process died in one of the portions after case {asked.first + done}.")
    print(table(codes))
    print(f"\n{done} executions, seed {asked.seed}: {len(places)} kinds of faults")
    for (kind, place), found in sorted(places.items()):
        print(f"  {len(found):>6} × {kind}: {place!r}, first in case {found[0]}")
    return 1 if places else 0


def figures(
    seed: int,
    codes: collections.Counter[tuple[str, str]],
    places: dict[tuple[str, str], list[int]],
) -> dict[str, Any]:
    """What a run came to, for machines."""
    by_command: dict[str, dict[str, int]] = {}
    for (command, code), count in sorted(codes.items()):
        by_command.setdefault(command, {})[code] = count
    return {
        "seed": seed,
        "executions": codes.total(),
        "codes": by_command,
        "faults": [
            {"kind": kind, "place": place, "count": len(found), "first": found[0]}
            for (kind, place), found in sorted(places.items())
        ],
    }


def again(seed: int, number: int) -> int:
    """Run one case in this process and show all of it."""
    case, outcome = one(seed, number)
    print(shown(case))
    print(f"exit code {outcome.code}\n{outcome.out}{outcome.err}{outcome.raised}")
    found = list(faults(case, outcome))
    for fault in found:
        print(f"{fault.kind}: {fault.told}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
