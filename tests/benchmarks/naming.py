"""How truly `cnngrad test` names mistakes: each known one, put into a right function.

``python -m tests.benchmarks.naming`` counts, for each function: named truly, told as a convention,
left unnamed, named falsely; and lists the last two.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import function_corpus as corpus

from cnngrad.testing.calls.calling import understood
from cnngrad.testing.calls.local import LocalRunner
from cnngrad.testing.examine import examine
from cnngrad.testing.mutation.mutant_process import mutated
from cnngrad.testing.mutation.mutants import MutantJob, mutants

FUNCTIONS = ("conv", "max", "average", "dense", "conv forward", "transposed", "batch norm")
_SETTINGS = ("batch", "ties", "epsilon")


class Told(NamedTuple):
    """What became of one mistake."""

    function: str
    code: str
    result: str
    outcome: str
    named: tuple[str, ...]


def measure() -> Iterator[Told]:
    """Each mistake in each result of each function."""
    for function in FUNCTIONS:
        right = corpus.loaded(corpus.RIGHT[function])
        runner = LocalRunner(right, None)
        calling = understood(runner.signatures[0], ())
        report = examine(runner, calling)
        settings = tuple((n, report.conventions[n]) for n in _SETTINGS if n in report.conventions)
        job = MutantJob("", "", calling, report.presentation, settings, False, report.order)
        for mutant in mutants(calling.op, report.rungs, report.results):
            told = examine(LocalRunner(mutated(right, job, mutant), None), calling)
            named = tuple(code for mistake in told.mistakes for code in mistake.codes)
            outcome = "named truly" if mutant.code in named else "named falsely"
            if not named:
                outcome = "told as a convention" if told.right else "unnamed"
            yield Told(function, mutant.code, mutant.result, outcome, named)


if __name__ == "__main__":
    rows = list(measure())
    for (function, outcome), count in sorted(
        Counter((r.function, r.outcome) for r in rows).items()
    ):
        print(f"{function:14} {outcome:22} {count}")
    for row in rows:
        if row.outcome in ("unnamed", "named falsely"):
            print(f"  {row.function}: {row.code} in {row.result}: {row.outcome} {row.named}")
