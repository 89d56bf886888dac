"""A class of students who hand in right answers, mistakes by rule, slips and noise."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from cnngrad.core.problem import Problem
from cnngrad.grading.exercises import outcomes

BROKEN = (b"", b"{", b"\xff\xfe\xff", b'{"dW": [[1, "x"]', b"[[1, 2], [3]]", b'{"kernel": [[1]]}')
"""What cannot be read, or says nothing that was asked."""


def answers(problem: Problem, count: int, seed: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Answers with what they are: `right`, the code of a rule, `slip` or `noise`."""
    random = Random(seed)
    wrong = [o for o in outcomes(problem) if not o.harmless(problem) and o.values.size > 1]
    for k in range(count):
        answer = {name: array.tolist() for name, array in problem.results.items()}
        kind = ("right", "rule", "slip", "noise")[k % 4]
        if kind == "rule":
            outcome = random.choice(wrong)
            answer[outcome.name] = outcome.values.tolist()
            kind = outcome.code
        elif kind != "right":
            name = random.choice(list(answer))
            cells = np.array(answer[name], object)
            places = list(np.ndindex(cells.shape))
            if kind == "slip":
                places = [random.choice(places)]
            for place in places:
                cells[place] += random.choice([-7, -3, -1, 1, 2, 5, 11])
            answer[name] = cells.tolist()
        yield kind, answer


def hand_in(
    folder: Path, problem: Problem, count: int, seed: int = 0, broken: int = 0, signed: bool = False
) -> list[str]:
    """Write a class's answers as files; returns what each is, in the order of their names.

    Signed ones name their student, so that no two files are alike.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds = []
    for k, (kind, answer) in enumerate(answers(problem, count, seed)):
        if signed:
            answer["student"] = f"student{k:06}"
        text = json.dumps(answer, default=lambda cell: str(Fraction(cell)))
        (folder / f"student{k:06}.json").write_text(text)
        kinds.append(kind)
    for k in range(broken):
        (folder / f"zz_broken{k:03}.json").write_bytes(BROKEN[k % len(BROKEN)])
        kinds.append("broken")
    return kinds
