"""The diagnosis: planted mistakes are named, and nothing is claimed that is not earned."""

import json
import pickle
import random

import homework_corpus as corpus
import numpy as np
import pytest
from conftest import SAMPLES
from homework_score import score
from hypothesis import given
from problems import fractions, problems
from proofs import proven

from cnngrad.files.problem_reader import read_problem
from cnngrad.grading import Marker
from cnngrad.grading.answers import read_answer
from cnngrad.layers import operation
from cnngrad.layers.rules import rules_by_code

CONTRACT = {
    "kernel-rotated", "kernel-transposed", "overlap-overwritten", "stride-ignored",
    "dilation-ignored", "padding-ignored", "padding-not-cropped", "not-divided-by-n",
    "divided-by-n", "gradient-rotated", "matrix-product", "channels-not-summed",
    "groups-ignored", "strides-swapped", "error-to-every-cell", "error-to-all-ties",
    "error-to-last-tie", "error-split-over-ties", "average-rule-used",
    "maximum-instead-of-error", "error-times-maximum", "error-at-window-corner",
    "not-divided-by-window", "error-ignored", "divided-by-window-side", "max-rule-used",
    "padding-counted", "padding-not-counted", "weights-not-transposed",
    "activation-derivative-missing", "activation-derivative-twice", "derivative-at-activation",
    "weights-updated-first", "update-sign", "learning-rate-missing", "transposed", "negated",
    "batch-summed", "batch-first-sample",
}  # fmt: skip
"""The rules that the program promises to know, with a sample each."""

LATER = {
    "scaled", "divided-by-positions", "error-ignored", "error-transposed", "error-rotated",
    "padding-too-wide", "padding-other-side", "padding-as-zero", "stride-dilation-swapped",
    "kernel-flipped", "kernel-quarter-turn", "kernel-channels-swapped", "first-window-only",
    "batch-last-sample", "channels-summed", "bias-per-cell", "bias-in-sum",
    "error-to-first-column-tie", "sides-swapped", "softmax-diagonal-only",
    "output-formula-at-input", "activation-for-derivative", "weights-product-untransposed",
    "groups-formula-ungrouped", "size-not-divided", "empty-crop",
}  # fmt: skip
"""Those that came later."""

ARTICLE = {
    "A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
    "W": [[0, 1], [2, 3]],
    "dZ": [[-1, -2], [-3, -4]],
}


def article_marker():
    return Marker(operation("conv-backward").problem(ARTICLE, {}))


def said(marked):
    return {frozenset(m.codes) for m in marked.mistakes}


# ---- the corpus -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shares():
    return score(60, seed=2024)


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("single rules", 0.99),
        ("pairs of rules", 0.92),
        ("single rules, new", 0.95),
        ("pairs with new rules", 0.9),
        ("unknown mistakes unnamed", 0.98),
        ("slips", 0.97),
        ("right answers", 1.0),
        ("noise left unexplained", 0.995),
    ],
)
def test_shares_of_the_corpus(shares, kind, least):
    assert shares.planted[kind] >= 60
    assert shares.share(kind) >= least, shares.missed[kind]


# ---- the samples ----------------------------------------------------------------------------

HOMEWORK = sorted((SAMPLES / "homework").glob("*/answers/*.json"))


def marked_file(path):
    marker = Marker(read_problem(str(path.parents[1] / "problem.json")).problem())
    return marker.check(read_answer(str(path), marker.names))


@pytest.mark.parametrize("path", HOMEWORK, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_each_sample_answer_is_named(path):
    verdict = marked_file(path)
    wrong = [marked for marked in verdict.gradients.values() if not marked.correct]
    if path.stem.startswith("right"):
        assert verdict.correct
    elif path.stem.startswith("unexplained"):
        assert wrong
        assert not [m for marked in wrong for m in (*marked.mistakes, *marked.slips)]
    elif path.stem.startswith("slip-"):
        (marked,) = wrong
        assert path.stem.removeprefix("slip-") in {slip.code for slip in marked.slips}
    else:
        assert wrong
        for marked in wrong:
            assert frozenset(path.stem.split("+")) in said(marked)


def test_there_is_a_sample_for_each_rule_of_the_contract():
    planted = {code for path in HOMEWORK for code in path.stem.split("+")}
    assert planted >= CONTRACT


# ---- what is known of a rule ------------------------------------------------------------------


def test_the_contract_is_kept_and_each_rule_has_its_words():
    assert set(rules_by_code()) >= CONTRACT | LATER
    for text in (rule.words for rule in rules_by_code().values()):
        assert "{name}" in text.explanation
        assert text.explanation.endswith(".")
        assert text.hint.endswith(("?", "."))


# ---- worked by hand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("dA_prev", [[0, 0, -2], [0, 0, -4], [-6, -8, -12]], "overlap-overwritten"),
        ("dA_prev", [[-3, -8, -4], [-10, -20, -8], [-3, -4, 0]], "kernel-rotated"),
        ("dA_prev", [[0, -2, -4], [-1, -11, -14], [-3, -13, -12]], "kernel-transposed"),
        ("dA_prev", [[0, 1, 2], [2, 10, 10], [6, 17, 12]], "negated"),
        ("dW", [[-67, -57], [-37, -27]], "gradient-rotated"),
        ("dW", [[-27, -57], [-37, -67]], "transposed"),
    ],
)
def test_the_articles_problem_answered_wrongly(name, answer, code):
    marked = article_marker().check({name: answer}).gradients[name]
    assert frozenset({code}) in said(marked)


@pytest.mark.parametrize(
    ("Z", "code"),
    [
        ([[5, 11], [23, 29]], "kernel-rotated"),
        ([[17, 23], [35, 41]], "kernel-transposed"),
        ([[19, 37], [25, 43]], "transposed"),
        ([[-19, -25], [-37, -43]], "negated"),
    ],
)
def test_the_way_forward_answered_wrongly(Z, code):
    given = {"A_prev": ARTICLE["A_prev"], "W": ARTICLE["W"]}
    marked = Marker(operation("conv-forward").problem(given, {})).check({"Z": Z}).gradients["Z"]
    assert frozenset({code}) in said(marked)


@pytest.mark.parametrize(
    ("A", "code"),
    [
        ([[14, 22], [46, 54]], "not-divided-by-window"),
        ([[7, 11], [23, 27]], "divided-by-window-side"),
        ([[6, 8], [14, 16]], "max-rule-used"),
        ([["3.5", "4.5"], ["7.5", "8.5"]], "stride-ignored"),
    ],
)
def test_an_average_answered_wrongly(A, code):
    A_prev = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
    problem = operation("pool-forward").problem(
        {"A_prev": A_prev}, {"mode": "average", "window": 2}
    )
    answer = [[float(cell) for cell in row] for row in A]
    assert frozenset({code}) in said(Marker(problem).check({"A": answer}).gradients["A"])


def test_max_pooling_answered_by_the_rule_of_average_pooling():
    problem = operation("pool-backward").problem(
        {"A_prev": [[1, 2], [3, 4]], "dZ": [[2]]}, {"window": 2}
    )
    marked = Marker(problem).check({"dA_prev": [[0.5, 0.5], [0.5, 0.5]]}).gradients["dA_prev"]
    assert said(marked) == {frozenset({"average-rule-used"})}


@pytest.mark.parametrize(
    ("answer", "codes", "besides"),
    [
        ("-3 -8 -4; -10 -20 -8; -3 -4 7", ["kernel-rotated"], "dA_prev[2,2]"),
        ("-3 -8 99; -10 -20 -8; -3 -4 7", ["kernel-rotated"], "dA_prev[0,2], dA_prev[2,2]"),
        ("-3 5 99; -10 -20 -8; -3 -4 7", [], ""),
    ],
)
def test_a_slip_on_top_of_a_rule(answer, codes, besides):
    verdict = article_marker().check(read_answer(answer, ["dA_prev"]))
    for level in (2, 3):
        mistakes = verdict.json(level)["gradients"]["dA_prev"]["mistakes"]
        assert [code for mistake in mistakes for code in mistake["codes"]] == codes
        for mistake in mistakes:
            assert f"It does not explain {besides}: look there too." in mistake["message"]
            assert "exactly" not in mistake["message"]


def test_what_cannot_be_told_apart_is_said():
    # [[1, 2], [3, 1]] turned by 180° is its own transpose
    problem = operation("conv-backward").problem({**ARTICLE, "W": [[1, 2], [3, 1]]}, {})
    verdict = Marker(problem).check({"dA_prev": [[-1, -5, -6], [-5, -18, -14], [-6, -11, -4]]})
    rotated, transposed = verdict.json()["gradients"]["dA_prev"]["mistakes"]
    assert rotated["codes"] == ["kernel-rotated"]
    assert transposed["codes"] == ["kernel-transposed"]
    assert rotated["message"].endswith(
        "This problem's numbers cannot tell it from another mistake: kernel transposed."
    )


def test_the_evidence_is_the_step_where_it_happened():
    verdict = article_marker().check({"dA_prev": [[0, 0, -2], [0, 0, -4], [-6, -8, -12]]})
    (mistake,) = verdict.json()["gradients"]["dA_prev"]["mistakes"]
    assert mistake["message"] == (
        "5 of 9 cells differ. Your dA_prev is exactly what comes out when overlapping windows"
        " overwrite each other (=) instead of adding up (+=). See step 2, cell [1,1], where"
        " -3 + -4 should be -7. All 5 wrong cells speak for it."
    )


def test_a_slip_names_its_term():
    answer = {"dA_prev": [[0, -1, -2], [-2, -6, -10], [-6, -17, -12]]}
    (slip, *_) = article_marker().check(answer).json()["gradients"]["dA_prev"]["slips"]
    assert slip["code"] == "term-missing"
    assert slip["cell"] == [1, 1]
    assert slip["term"] == "dZ[0,1] × W[1,0] = -4"


def test_the_division_by_n_is_minded_in_a_slip():
    rng = random.Random(3)
    case = next(c for c in corpus.cases(40, 5) if len(c.A) > 1 and c.op == "conv-backward")
    case.batch = "mean"
    case.truth = {"dW": corpus.conv(case, "dW")}
    answer, cell = corpus.slip(case, "dW", "term-missing", rng)
    marker = Marker(operation(case.op).problem(case.given, case.settings))
    marked = marker.check({"dW": corpus.cut(answer, case.rank)}).gradients["dW"]
    assert ("term-missing", cell) in {(slip.code, slip.cell) for slip in marked.slips}


# ---- any problem ------------------------------------------------------------------------------


@proven(60)
@given(problem=problems(fractions))
def test_the_truth_is_right_and_negated_it_is_named(problem):
    marker = Marker(problem)
    assert marker.check(marker.truths).correct
    turned = marker.check({name: -truth for name, truth in marker.truths.items()})
    for name, marked in turned.gradients.items():
        if not marked.correct and not (marker.truths[name] == 0).all():
            assert frozenset({"negated"}) in said(marked)


# ---- what is not claimed ----------------------------------------------------------------------


def test_zeros_are_no_evidence():
    problem = operation("conv-backward").problem(ARTICLE, {})
    marked = Marker(problem).check({"dA_prev": np.zeros((3, 3), int)}).gradients["dA_prev"]
    assert not marked.mistakes
    assert not marked.slips


def test_a_chance_hit_among_random_numbers_is_not_believed():
    answer = {"dA_prev": [[5, 3, -2], [1, 0, -4], [-6, 8, 11]], "dW": [[1, 2], [3, 4]], "db": [10]}
    verdict = article_marker().check(answer)
    assert not verdict.gradients["db"].mistakes  # -10 turned, but all the rest is noise
    assert not verdict.gradients["db"].slips
    alone = article_marker().check({"db": [10]})
    assert said(alone.gradients["db"]) == {frozenset({"negated"})}


def test_a_marker_can_be_sent_to_another_process():
    marker = article_marker()
    wrong = {"dW": [[27, 37], [57, 67]]}
    before = marker.check(wrong).json()
    assert pickle.loads(pickle.dumps(marker)).check(wrong).json() == before


def test_the_verdict_is_pure_json():
    verdict = article_marker().check({"dA_prev": [[0, -1, -2], [-2, -6, -10], [-6, -17, -12]]})
    assert json.loads(json.dumps(verdict.json())) == verdict.json()


def test_a_mistake_under_a_true_convolution_is_the_same_mistake():
    problem = operation("conv-backward").problem(ARTICLE, {"flip": True})
    verdict = Marker(problem).check({"dA_prev": [[-3, -6, -4], [-9, -12, -8], [-3, -4, 0]]})
    assert said(verdict.gradients["dA_prev"]) == {frozenset({"overlap-overwritten"})}
    strides = read_problem(str(SAMPLES / "homework" / "strides" / "problem.json")).problem()
    turned = type(strides)(strides.given, {**strides.settings, "flip": True})
    marked = Marker(turned).check({"dA_prev": strides.results["dA_prev"].tolist()})
    assert not marked.correct
