"""Single wrong cells: named where the evidence is good, a possibility where it may be chance."""

import json
import random
from collections import Counter

import numpy as np
import pytest
from conftest import SAMPLES

from cnngrad.core.errors import CnngradError
from cnngrad.files import read_problem
from cnngrad.grading import Marker
from cnngrad.grading.answers import read_answer
from cnngrad.grading.classroom.marking import codes_of, likeliest
from cnngrad.layers import operation

SMALL = {"A_prev": [[1, 2, 0], [3, 1, -1], [0, 2, 4]], "W": [[1, -1], [2, 3]]}
SMALL = {**SMALL, "dZ": [[2, -1], [1, 3]]}


def small():
    return operation("conv-backward").problem(SMALL, {})


def article():
    return read_problem(str(SAMPLES / "convolution" / "problem.json")).problem()


def ninths(error=1):
    """dA_prev is error/9 everywhere."""
    return operation("pool-backward").problem(
        {"A_prev": np.ones((3, 3), int), "dZ": [[error]]}, {"mode": "average", "window": 3}
    )


def judged(problem, text, level=3):
    marker = Marker(problem)
    name = marker.names[0]
    return marker.check(read_answer(text, marker.names, name)).json(level)["gradients"][name]


# ---- what may be chance is not told as a fact --------------------------------------------


@pytest.mark.parametrize("make", [small, article])
def test_a_slip_in_adding_is_not_blamed_on_a_term(make):
    problem, rng = make(), random.Random(1)
    marker, causes = Marker(problem), Counter()
    for _ in range(200):
        answer = {name: array.copy() for name, array in problem.results.items()}
        name = rng.choice(list(answer))
        place = rng.choice(list(np.ndindex(answer[name].shape)))
        answer[name][place] += rng.choice([1, -1, 2, 10])
        gradient = marker.check(answer).json()["gradients"][name]
        causes.update(code for reason in likeliest(gradient) for code in codes_of(reason))
        for slip in gradient["slips"]:
            assert slip["likely"] or "a slip in adding?" not in slip["message"]
            assert slip["likely"] or "may" in slip["message"] or "perhaps" in slip["message"]
    assert set(causes) <= {"single-cell", "sign-turned"}  # 1 in the place of -1 may be either
    assert causes["single-cell"] > 150


def test_what_fits_by_chance_is_listed_as_possible():
    gradient = judged(small(), "2 -3 1; 5 6 -6; 2 9 8")
    assert [slip["code"] for slip in gradient["slips"]] == ["single-cell", "term-from-wrong-window"]
    adding, window = (slip["message"] for slip in gradient["slips"])
    assert adding == "dA_prev[2,2] is 8 and should be 9."  # of one term there is nothing to add
    assert "may have been added" in window
    hint = judged(small(), "2 -3 1; 5 6 -6; 2 9 8", 2)["slips"][1]["message"]
    assert "may have been added" in hint


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ("0 -1 -2; -2 -6 -10; -6 -17 -12", "term-missing", "is missing"),
        ("0 -1 -2; -2 -10 10; -6 -17 -12", "sign-turned", "the sign is turned"),
        ("0 -1 -2; -2 -10 -10; -6 -71 -12", "digits-swapped", "two digits have changed"),
    ],
)
def test_good_evidence_is_told_as_it_is(answer, code, words):
    first = judged(article(), answer)["slips"][0]
    assert (first["code"], first["likely"]) == (code, True)
    assert words in first["message"]


def test_a_turned_sign_comes_before_a_slip_in_adding():
    first, adding, *_ = judged(article(), "0 1 -2; -2 -10 -10; -6 -17 -12")["slips"]
    assert first["message"] == "dA_prev[0,1] is 1 and should be -1: the sign may be turned."
    assert (first["likely"], adding["code"]) == (False, "single-cell")


def test_each_possibility_names_its_term_but_in_a_hint(cnngrad):
    answer = ("convolution", "0 0 -2; -2 -10 -10; -6 -17 -12", "--gradient", "dA_prev")
    run = cnngrad("check", *answer)
    words = " ".join(run.out.split())
    assert "The same number comes out of: the term dZ[0,0] × W[0,1] = -1 left out; " in words
    assert "W[0,0] = 0, of another window, in the place of dZ[0,0] × W[0,1] = -1." in words
    hint = " ".join(cnngrad("check", *answer, "--hide-solution").out.split())
    assert "comes out of: a term left out; a term from the wrong window." in hint
    assert "W[0,1]" not in hint


def test_a_lost_sign_is_named_in_the_terminal(cnngrad, tmp_path):
    problem = SAMPLES / "convolution" / "problem.json"
    run = cnngrad("check", problem, '{"dW": [[-27, -37], [-57, 67]]}', "--hint-level", 2)
    assert "dW[1,1]: look at the sign once more." in run.out
    assert "67" in run.out
    assert "-67" not in run.out


# ---- rounding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "answer", "codes", "words"),
    [
        (ninths(), "0.1 0.1 0.1; 0.1 0.11 1/9; 0.1 0.1 0.1", {"too-few-decimals"}, "one decimal"),
        (ninths(7), "0.77 0.77 0.78; 7/9 0.777 0.78; 0.78 0.78 0.78", {"cut-off"}, "cut off"),
        (ninths(7), "0.7 0.8 0.8; 0.8 0.8 0.8; 0.8 0.8 0.8", {"cut-off", "too-few-decimals"}, ""),
        (ninths(), "0.2 0.2 0.2; 0.2 0.2 0.2; 0.2 0.2 0.2", set(), ""),
    ],
)
def test_how_a_number_is_rounded_is_seen(problem, answer, codes, words):
    gradient = judged(problem, answer)
    assert {slip["code"] for slip in gradient["slips"]} == codes
    assert words in gradient["message"]
    assert not gradient["mistakes"]


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (".6 .6; 2.5 .625", ["dA_prev[1,0] is 2.5 and"]),
        (".6 .6; -0.6 .6", ["dA_prev[1,0] is -0.6 and"]),
        ("0.6 0.6; 0.9 0.9", ["dA_prev[1,0] is 0.9 and", "dA_prev[1,1] is 0.9 and"]),
        ("0.6 0.6; 0.6 0.64", ["dA_prev[1,1] is 0.64 and"]),
        (
            "0.6 1; 2 3",
            ["These 3 wrong cells need another look: dA_prev[0,1], dA_prev[1,0], dA_prev[1,1]."],
        ),
    ],
)
def test_one_reason_is_given_for_all_only_where_it_holds_for_all(cnngrad, tmp_path, answer, named):
    run = cnngrad("check", "average_pooling", answer, "--gradient", "dA_prev")
    words = " ".join(run.out.split())
    assert "What is wrong is" not in words
    assert "it is right to one decimal" in words
    for cell in named:
        assert words.count(cell) == 1


def test_a_class_report_names_every_wrong_cell_once(cnngrad, tmp_path):
    for name, cells in (("anna", [[".6", ".6"], [".6", "7"]]), ("ben", [[".6", "1"], ["3", "7"]])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"dA_prev": cells}))
    (tmp_path / "cleo.json").write_text('{"dA_prev": [["_", "5/8"], ["_", "_"]]}')
    lines = cnngrad("grade", "average_pooling", tmp_path, "--format", "csv").out.splitlines()
    assert "dA_prev[1,0]: too few decimals; dA_prev[1,1]: a single wrong cell" in lines[1]
    assert "dA_prev[0,0]: too few decimals; dA_prev: 3 more cells wrong" in lines[2]
    assert ",dA_prev: 3 cells not filled in," in lines[3]


def test_numbers_are_shown_as_they_were_written(cnngrad, tmp_path):
    problem = tmp_path / "p.json"
    problem.write_text(json.dumps({"op": "conv-forward", "input": [[10, 1]], "kernel": [[1.25]]}))
    run = cnngrad("check", problem, "[[12.5, 1.50]]")
    assert "Z[0,1] is 1.50 and should be 1.25" in run.out
    run = cnngrad("check", problem, '[["25/2", 1.5]]')
    row = next(line for line in run.out.splitlines() if "✗" in line and "25/2" in line)
    assert row.startswith("   25/2   ✓     1.5 ✗")


# ---- cells that are not filled in ------------------------------------------------------------


@pytest.mark.parametrize("gap", ["null", '""', '"_"', "_", '"?"', "?"])
def test_a_gap_costs_its_cell_only(gap):
    gradient = judged(article(), f'{{"dA_prev": [[0,-1,-2],[-2,{gap},-10],[-6,-17,-12]]}}')
    assert gradient["wrong_cells"] == [[1, 1]]
    (slip,) = gradient["slips"]
    assert slip["code"] == "not-filled-in"
    assert slip["message"] == "dA_prev[1,1] is not filled in; it should be -10."


def test_a_rule_is_seen_around_the_gaps():
    gradient = judged(article(), "0 0 -2; _ 0 -4; -6 -8 -12")
    assert [m["codes"] for m in gradient["mistakes"]] == [["overlap-overwritten"]]
    assert len(gradient["wrong_cells"]) == 5
    said = gradient["mistakes"][0]["message"]
    assert said.startswith("4 of 9 cells differ, and one is not filled in. As far as it is filled")
    assert said.endswith("All 4 wrong cells speak for it.")
    assert "exactly" not in said


def test_nothing_filled_in_is_no_mistake():
    gradient = judged(article(), "[[null, null, null], [_, _, _], [_, _, _]]")
    assert not gradient["mistakes"]
    assert len(gradient["slips"]) == 9
    assert gradient["message"] == (
        "None of the 9 cells is filled in. What is not filled in counts as wrong."
    )


@pytest.mark.parametrize(
    "answer",
    [
        "0 1 _; _ _ _; _ _ _",
        "0 0 _; _ _ _; _ _ _",
        "_ _ _; _ _ _; _ _ -3",
        "_ _ _; _ 10 _; _ _ _",
        '{"dA_prev": [[0, 1, "_"]]}',
    ],
)
def test_one_number_names_no_rule(answer):
    gradient = judged(article(), answer)
    assert not gradient["mistakes"]
    assert not [s for s in gradient["slips"] if s["likely"] and s["code"].startswith("term")]


def test_wrong_cells_stand_before_open_ones(cnngrad):
    run = cnngrad("check", "convolution", "_ _ _; _ _ _; _ _ -3", "--gradient", "dA_prev")
    look = " ".join(run.out.partition("A closer look")[2].split())
    assert 0 < look.index("dA_prev[2,2] is -3") < look.index("Not filled in: dA_prev[0,0], ")
    assert "1 of 9 cells differs, and 8 are not filled in." in run.out


def test_a_decimal_comma_is_explained():
    with pytest.raises(CnngradError, match=r"write -3\.67"):
        read_answer('{"db": ["-3,67"]}', ["db"])


# ---- what cannot be asked --------------------------------------------------------------------


NONSENSE = (("decimals", -1), ("decimals", 16), ("tolerance", -0.5))


@pytest.mark.parametrize(
    "precision",
    [*NONSENSE, ("tolerance", float("nan")), ("tolerance", float("inf"))],
)
def test_a_precision_that_makes_no_sense(precision):
    with pytest.raises(CnngradError, match=r"decimals|tolerance"):
        Marker(small(), **dict([precision]))


def test_an_empty_answer_is_not_right():
    with pytest.raises(CnngradError, match="none of the problem's results"):
        Marker(small()).check({})
