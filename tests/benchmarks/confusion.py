"""Writes docs/mistakes.md: which mistakes give the same numbers, on random problems.

python tests/benchmarks/confusion.py [problems] [seed]
"""

import itertools
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import homework_corpus as corpus
import numpy as np

from cnngrad.core.errors import CnngradError
from cnngrad.grading.exercises import outcomes
from cnngrad.layers import operation

DOCS = Path(__file__).parents[2] / "docs" / "mistakes.md"
HEAD = """# Mistakes that the numbers cannot tell apart

Made by `python tests/benchmarks/confusion.py`: on {count} random problems of the kinds in
`samples/homework`, each mistake's numbers are held against each other's. Named are the pairs that
give the same numbers, in which share of the problems where both change something. Pairs at 100 %
can never be told apart in that result, and a verdict names them together; of the others, another
problem tells them apart (`cnngrad exercise` draws such). All other pairs were told apart always.

| kind | result | one | other | the same in |
| --- | --- | --- | --- | ---: |
"""


def main() -> None:
    """Count, and write the page."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    same: Counter[tuple[str, str, str, str]] = Counter()
    met: Counter[tuple[str, str, str, str]] = Counter()
    for case in corpus.cases(count, seed):
        try:
            problem = operation(case.op).problem(case.given, case.settings)
        except CnngradError:
            continue
        kind = f"{case.op} {case.mode}".strip()
        found = [one for one in outcomes(problem) if not one.harmless(problem)]
        for one, other in itertools.combinations(found, 2):
            if one.name == other.name:
                key = (kind, one.name, *sorted((one.code, other.code)))
                met[key] += 1
                same[key] += one.values.shape == other.values.shape and bool(
                    np.all(one.values == other.values)
                )
    rows = sorted(same.items(), key=lambda item: (item[0][:2], -item[1] / met[item[0]]))
    lines = [f"| {' | '.join(key)} | {hits / met[key]:.0%} |" for key, hits in rows if hits]
    DOCS.write_text(HEAD.format(count=count) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {DOCS}: {len(lines)} pairs of {len(met)}")


if __name__ == "__main__":
    main()
