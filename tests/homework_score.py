"""Marks the corpus and counts what was named, missed and falsely accused."""

import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import homework_corpus as corpus
import numpy as np

from cnngrad.grading import Marker
from cnngrad.grading.answers import read_answer
from cnngrad.grading.messages import code_of
from cnngrad.layers import operation


@dataclass
class Score:
    """For each kind of answer, how many there were and how many were named."""

    planted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    named: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, kind: str, named: bool, what: str) -> None:
        self.planted[kind] += 1
        self.named[kind] += named
        if not named:
            self.missed[kind].append(what)

    def shares(self) -> dict[str, tuple[int, int]]:
        return {kind: (self.named[kind], count) for kind, count in self.planted.items()}

    def share(self, kind: str) -> float:
        return self.named[kind] / self.planted[kind]


def score(problems: int, seed: int) -> Score:
    found, rng = Score(), random.Random(seed)
    for case in corpus.cases(problems, seed):
        marker = Marker(operation(case.op).problem(case.given, case.settings))
        for name in case.truth:
            _rules(found, case, name, marker, rng)
            _new_rules(found, case, name, marker, rng)
            _unknown(found, case, name, marker)
            _slips(found, case, name, marker, rng)
        _right(found, case, marker, rng)
        _noise(found, case, marker, rng)
    return found


def _rules(found: Score, case: Any, name: str, marker: Marker, rng: random.Random) -> None:
    plant, codes = corpus.planter(case), corpus.rules_for(case, name)
    planted = {}
    for code in codes:
        wrong = plant(case, name, code)
        planted[code] = wrong
        if same(wrong, case.truth[name]) or not any(wrong.flat):
            continue
        mistakes = _handed_in(case, name, wrong, marker).mistakes
        found.count(
            "single rules",
            (code,) in [m.codes for m in mistakes],
            f"{code} {name} {case.mode} {said_of(mistakes)}",
        )
    pairs = [pair for pair in itertools.combinations(codes, 2) if corpus.together(*pair)]
    for one, two in rng.sample(pairs, min(len(pairs), 4)):
        wrong = plant(case, name, one, two)
        easy = [case.truth[name], *planted.values()]
        if any(same(wrong, other) for other in easy) or not any(wrong.flat):
            continue  # one of the two changes nothing, or it is what a single rule gives
        mistakes = _handed_in(case, name, wrong, marker).mistakes
        named = {one, two} in [set(m.codes) for m in mistakes]
        found.count("pairs of rules", named, f"{one} + {two} {name} {case.mode}")


def _new_rules(found: Score, case: Any, name: str, marker: Marker, rng: random.Random) -> None:
    plant, codes = corpus.planter(case), corpus.new_rules_for(case, name)
    planted = {code: plant(case, name, code) for code in (*codes, *corpus.rules_for(case, name))}
    for code in codes:
        wrong = planted[code]
        if same(wrong, case.truth[name]) or not any(wrong.flat):
            continue
        mistakes = _handed_in(case, name, wrong, marker).mistakes
        named = (code,) in [m.codes for m in mistakes]
        found.count("single rules, new", named, f"{code} {name} {case.mode} {said_of(mistakes)}")
    pairs = [
        (one, two)
        for one in codes
        for two in planted
        if one != two and corpus.together(one, two) and "bias-per-cell" not in (one, two)
    ]
    for one, two in rng.sample(pairs, min(len(pairs), 4)):
        wrong = plant(case, name, one, two)
        easy = [case.truth[name], *planted.values()]
        if any(same(wrong, other) for other in easy) or not any(wrong.flat):
            continue
        mistakes = _handed_in(case, name, wrong, marker).mistakes
        # another rule, or pair, that gives the same numbers is a true name as well
        exact = [m for m in mistakes if not m.besides]
        found.count("pairs with new rules", bool(exact), f"{one} + {two} {name} {case.mode}")


def said_of(mistakes: Any) -> str:
    return ", ".join("+".join(m.codes) for m in mistakes)


def _unknown(found: Score, case: Any, name: str, marker: Marker) -> None:
    plant = corpus.planter(case)
    known = [case.truth[name]]
    if case.dZ[0, 0].size < 6:  # of few cells, any change is one that has a name
        return
    for change in corpus.UNKNOWN:
        wrong = plant(corpus.elsewhere(case, change), name)
        if any(same(wrong, other) for other in known) or not any(wrong.flat):
            continue
        marked = _handed_in(case, name, wrong, marker)
        what = f"{change.__name__} {name} {case.mode}: {said_of(marked.mistakes)}"
        found.count("unknown mistakes unnamed", not marked.mistakes, what)


def _slips(found: Score, case: Any, name: str, marker: Marker, rng: random.Random) -> None:
    for code in corpus.SLIPS:
        planted = corpus.slip(case, name, code, rng)
        if planted is None:
            continue
        answer, cell = planted
        marked = _handed_in(case, name, answer, marker)
        shown = cell[len(cell) - marked.truth.ndim :]
        named = any(code_of(slip) == code and slip.cell == shown for slip in marked.slips)
        said = sorted(
            {"+".join(m.codes) for m in marked.mistakes} | {code_of(s) for s in marked.slips}
        )
        found.count("slips", named, f"{code} {name} {case.mode}: {', '.join(said)}")


def _right(found: Score, case: Any, marker: Marker, rng: random.Random) -> None:
    sheet = {
        name: np.vectorize(lambda value: corpus.spelled(value, rng), otypes=[object])(
            corpus.cut(array, case.rank)
        ).tolist()
        for name, array in case.truth.items()
    }
    answer = read_answer(str(sheet).replace("'", '"'), marker.names)
    found.count("right answers", marker.check(answer).correct, str(sheet)[:60])


def _noise(found: Score, case: Any, marker: Marker, rng: random.Random) -> None:
    random_answer = {name: corpus.noise(case, name, rng) for name in case.truth}
    answer = {name: corpus.cut(array, case.rank) for name, array in random_answer.items()}
    verdict = marker.check(answer)
    said = [
        *("+".join(m.codes) for g in verdict.gradients.values() for m in g.mistakes),
        *(code_of(s) for g in verdict.gradients.values() for s in g.slips),
    ]
    said = [code for code in said if code != "single-cell"]
    found.count("noise left unexplained", not said, f"{case.op} {case.mode}: {', '.join(said)}")
    name = rng.choice(list(case.truth))
    marked = marker.check({name: answer[name]}).gradients[name]
    said = ["+".join(m.codes) for m in marked.mistakes]
    said += [code_of(s) for s in marked.slips if code_of(s) != "single-cell"]
    handed_in = _handed_in(case, name, random_answer[name], marker)
    others = ["+".join(m.codes) for m in handed_in.mistakes]
    others += [code_of(s) for s in handed_in.slips if code_of(s) != "single-cell"]
    if len(case.truth) > 1:
        kind = "noise, one gradient among right ones"
        found.count(kind, not others, f"{name} {marked.cells} cells: {', '.join(others)}")
    what = f"{name} alone, {marked.cells} cells, {case.mode}: {', '.join(said)}"
    found.count("noise, one gradient", not said, what)


def _handed_in(case: Any, name: str, wrong: Any, marker: Marker) -> Any:
    answer = {other: corpus.cut(array, case.rank) for other, array in case.truth.items()}
    answer[name] = corpus.cut(wrong, case.rank)
    return marker.check(answer).gradients[name]


def same(one: Any, two: Any) -> bool:
    return one.shape == two.shape and bool((one == two).all())
