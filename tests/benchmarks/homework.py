"""Prints how many planted mistakes are named, missed and falsely accused.

python tests/benchmarks/homework.py [problems] [seed]
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from homework_score import score


def main() -> None:
    problems = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = time.perf_counter()
    found = score(problems, seed)
    print(f"{problems} problems, seed {seed}, {time.perf_counter() - start:.1f} s\n")
    print(f"{'':<26}{'planted':>9}{'named':>9}{'share':>9}")
    for kind, (named, planted) in found.shares().items():
        share = f"{named / planted:.2%}" if planted else "-"
        print(f"{kind:<26}{planted:>9}{named:>9}{share:>9}")
    for kind, missed in found.missed.items():
        if missed:
            print(f"\n{kind}, by what was missed or falsely said:")
            for what, count in Counter(missed).most_common(15):
                print(f"  {count:>5}  {what}")


if __name__ == "__main__":
    main()
