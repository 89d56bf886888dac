"""Checking an answer: what counts as right, what is shown, and what is kept back."""

import json
import re
from fractions import Fraction

import numpy as np
import pytest
from conftest import SAMPLES

from cnngrad.core.errors import CnngradError
from cnngrad.grading import Marker, check
from cnngrad.grading.answers import answer_matrix_of, read_answer
from cnngrad.layers import operation

PROBLEM = SAMPLES / "convolution" / "problem.json"
RIGHT = {
    "dA_prev": [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
    "dW": [[-27, -37], [-57, -67]],
    "db": [-10],
}
OVERWRITTEN = [[0, 0, -2], [0, 0, -4], [-6, -8, -12]]


def article():
    given = {"A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "W": [[0, 1], [2, 3]]}
    return operation("conv-backward").problem({**given, "dZ": [[-1, -2], [-3, -4]]}, {})


def thirds():
    """dA_prev is 1/3 of each error: 1/3, 2/3, -1/6 and 0."""
    given = {"A_prev": np.ones((1, 1, 1, 12), int), "dZ": [[[[1, 2, "-1/2", 0]]]]}
    given["dZ"] = np.array([[[[1, 2, Fraction(-1, 2), 0]]]], object)
    return operation("pool-backward").problem(given, {"mode": "average", "window": [1, 3]})


def right_cells(text, **precision):
    """Which of the cells 1/3, 2/3, -1/6, 0 are right, each written as given."""
    cells = text.split()
    row = " ".join(cell for cell in cells for _ in range(3))
    marker = Marker(thirds(), **precision)
    marked = marker.check(read_answer(f"[[[[{row.replace(' ', ', ')}]]]]", ["dA_prev"]))
    return [bool(ok) for ok in marked.gradients["dA_prev"].right[0, 0, 0, ::3]]


# ---- what is right --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"1/3" "2/3" "-1/6" 0', [True, True, True, True]),
        ("0.33 0.67 -0.17 -0.00", [True, True, True, True]),
        ("0.333333 0.666667 -0.166667 0.00", [True, True, True, True]),
        ("0.3333333333333333 0.6666666666666666 -0.16666666666666666 0", [True] * 4),
        ("0.3 0.7 -0.2 0.0", [False, False, False, True]),  # one decimal is not enough
        ("0.34 0.66 -0.16 0.01", [False, False, False, False]),
        ('"2/6" "4/6" "-0.5/3" "-0"', [True, True, True, True]),
    ],
)
def test_a_cell_is_right_when_it_is_exact_or_rounded_to_its_decimals(text, expected):
    assert right_cells(text) == expected


def test_decimals_and_tolerance_change_what_is_right():
    assert right_cells("0.3 0.7 -0.2 0", decimals=1) == [True] * 4
    assert right_cells("0.3 0.66 -0.1 0", tolerance=0.05) == [True, True, False, True]
    assert right_cells("0.33 0.67 -0.17 0", decimals=3) == [False, False, False, True]


def test_floats_of_a_computer_are_right():
    marker = Marker(thirds())
    exact = np.repeat([1 / 3, 2 / 3, -1 / 6, 0], 3).reshape(1, 1, 1, 12)
    assert marker.check({"dA_prev": exact}).correct
    assert marker.check({"dA_prev": exact.astype(np.float32)}).correct
    assert marker.check({"dA_prev": exact + 4e-16}).correct
    assert not marker.check({"dA_prev": exact + 1e-4}).correct


@pytest.mark.parametrize("db", [-10, [-10], [[-10]], "-10", ["-20/2"], [-10.0]])
def test_axes_of_size_one_do_not_matter(db):
    assert Marker(article()).check(read_answer(json.dumps({"db": db}), ["db"])).correct


def test_a_matrix_may_come_with_the_axes_of_its_batch():
    assert check(article(), {"dA_prev": [[RIGHT["dA_prev"]]], "dW": [[RIGHT["dW"]]]}).correct


def test_a_wrong_shape_is_an_answer_too():
    verdict = check(article(), {"dW": [[-27, -37, -57, -67]]})
    marked = verdict.json()["gradients"]["dW"]
    assert not verdict.correct
    assert verdict.score == 0
    assert marked["wrong_cells"] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert marked["message"].startswith("Your dW has the shape 1×4; 2×2 is expected")
    assert "one after the other" in marked["message"]


def test_a_wrong_shape_says_what_it_comes_from():
    given = {"A_prev": [[1, 2, 3], [4, 5, 6]], "W": [[2]], "dZ": np.ones((4, 5), int)}
    problem = operation("conv-backward").problem(given, {"padding": 1})
    for shape, title in (((4, 5), "padding not cropped"), ((3, 2), "axes swapped")):
        said = check(problem, {"dA_prev": np.arange(20)[: shape[0] * shape[1]].reshape(shape)})
        assert said.json()["gradients"]["dA_prev"]["message"].endswith(f"comes out of: {title}.")


def test_indices_have_the_rank_of_what_was_given():
    wrong = [[0, -1, -2], [-2, -10, -10], [-6, -17, 99]]
    assert check(article(), {"dA_prev": wrong}).gradients["dA_prev"].wrong_cells == [(2, 2)]


# ---- reading an answer ----------------------------------------------------------------------


def test_decimals_are_kept_as_they_were_written():
    sheet = read_answer("0.60 5/8; 3 -0", ["dW"])["dW"]
    assert sheet.values.tolist() == [[Fraction(3, 5), Fraction(5, 8)], [3, 0]]
    assert sheet.decimals.tolist() == [[2, -1], [-1, -1]]
    assert answer_matrix_of([[1, 2]]).decimals is None


@pytest.mark.parametrize("ending", ["npy", "npz", "csv", "json"])
def test_an_answer_comes_in_any_file(cnngrad, tmp_path, ending):
    path = tmp_path / f"dW.{ending}"
    if ending == "npy":
        np.save(path, RIGHT["dW"])
    elif ending == "npz":
        np.savez(path, dW=RIGHT["dW"], db=RIGHT["db"])
    else:
        path.write_text("-27,-37\n-57,-67\n" if ending == "csv" else json.dumps(RIGHT["dW"]))
    assert cnngrad("check", PROBLEM, path, "--gradient", "dW").code == 0


def test_the_programs_own_output_is_a_right_answer(cnngrad, tmp_path):
    cnngrad("conv-backward", PROBLEM, "--output", tmp_path / "own.json")
    assert cnngrad("check", PROBLEM, tmp_path / "own.json").code == 0


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ('{"dQ": [[1]]}', "The answer has an unknown key."),
        ('{"name": "Anna"}', "The answer holds none of the problem's results."),
        ('{"dW": [[1, "x"]]}', "A cell holds no number."),
        ('{"dW": [[1, 2], [3]]}', "The lists are ragged."),
        ("nowhere.json", "There is no such file."),
    ],
)
def test_what_cannot_be_used_is_said(cnngrad, answer, fact):
    run = cnngrad("check", PROBLEM, answer)
    assert run.code == 3
    assert fact in run.err


def test_a_single_matrix_must_say_what_it_is(cnngrad):
    run = cnngrad("check", PROBLEM, "1 2; 3 4")
    assert run.code == 2
    assert "--gradient dA_prev" in run.err


@pytest.mark.parametrize(
    ("answer", "gradient"),
    [("_ -37; -57 -67", "dW"), ("_,-37;_,_", "dW"), ("? _; _ _", "dW"), ("_", "db")],
)
def test_an_inline_answer_may_begin_with_an_open_cell(cnngrad, answer, gradient):
    run = cnngrad("check", PROBLEM, answer, "--gradient", gradient)
    assert (run.code, run.err) == (1, "")


def test_an_unknown_name_is_refused_in_python():
    with pytest.raises(CnngradError, match="no result dX"):
        check(article(), {"dX": [[1]]})


# ---- the command ----------------------------------------------------------------------------


def test_exit_codes(cnngrad):
    assert cnngrad("check", PROBLEM, json.dumps(RIGHT)).code == 0
    assert cnngrad("check", PROBLEM, json.dumps({**RIGHT, "db": [1]})).code == 1
    assert cnngrad("check", PROBLEM, "-", stdin=json.dumps(RIGHT).encode()).code == 0


def test_the_json_is_a_promise(cnngrad):
    answer = {**RIGHT, "dA_prev": OVERWRITTEN, "dW": [[-27, -37], [-57, -76]]}
    run = cnngrad("check", PROBLEM, json.dumps(answer), "--format", "json")
    said = json.loads(run.out)
    assert run.code == 1
    assert list(said) == ["op", "correct", "score", "max_score", "gradients"]
    assert (said["op"], said["correct"]) == ("conv-backward", False)
    assert (said["score"], said["max_score"]) == (8, 14)
    dA_prev, dW, db = (said["gradients"][name] for name in ("dA_prev", "dW", "db"))
    assert dA_prev["cells"] == 9
    assert dA_prev["wrong_cells"] == [[0, 1], [1, 0], [1, 1], [1, 2], [2, 1]]
    assert [m["codes"] for m in dA_prev["mistakes"]] == [["overlap-overwritten"]]
    assert dW["slips"][0]["code"] == "digits-swapped"
    assert dW["slips"][0]["cell"] == [1, 1]
    assert (db["correct"], db["wrong_cells"], db["mistakes"], db["slips"]) == (True, [], [], [])


def test_the_table_marks_cells_without_colour(cnngrad):
    run = cnngrad("check", PROBLEM, json.dumps({"dA_prev": OVERWRITTEN}))
    assert "\x1b" not in run.out
    assert "0 ✓    0 ✗   -2 ✓" in run.out
    assert "dA_prev, expected" in run.out
    assert "overlapping windows overwritten" in run.out
    assert "Not handed in, and not marked: dW, db." in run.out
    assert max(map(len, run.out.splitlines())) <= 80


@pytest.mark.parametrize(
    "answer",
    [
        {"dA_prev": OVERWRITTEN},
        {"dW": [[-27, -37], [-57, -76]]},  # a slip
        {"dA_prev": [[0, -1, -2], [-2, -6, -10], [-6, -17, -12]]},  # a term is missing
        {"dW": [[1, 2, 3]]},  # a shape
        {"dW": [[1, 2], [3, 4]]},  # nothing that can be explained
    ],
)
@pytest.mark.parametrize("style", ["table", "json"])
def test_a_hidden_solution_leaks_nothing(cnngrad, answer, style):
    run = cnngrad("check", PROBLEM, json.dumps(answer), "--hide-solution", "--format", style)
    assert run.code == 1
    given = {str(cell) for rows in answer.values() for row in rows for cell in row}
    secret = {str(c) for rows in (RIGHT["dA_prev"], RIGHT["dW"]) for row in rows for c in row}
    words = run.out.replace(",", " ").replace("=", " ").replace(".", " ").split()
    hidden = {cell for cell in secret - given if cell.startswith("-")}
    assert not hidden & set(words)
    for tell in ("expected\n", "should be", "worked out", "dZ[", '"term"', "×  "):
        assert tell not in run.out


def test_hint_levels_say_more_and_more(cnngrad):
    answer = json.dumps({"dA_prev": OVERWRITTEN})
    where, rule, full = (
        cnngrad("check", PROBLEM, answer, "--hint-level", level).out for level in (1, 2, 3)
    )
    assert "✗" in where
    assert "overlapping" not in where
    assert "overlapping windows overwritten" in rule
    assert "-3 + -4" not in rule
    assert "-3 + -4 should be -7" in " ".join(full.split())


def test_hiding_caps_the_hint_level(cnngrad):
    answer = json.dumps({"dA_prev": OVERWRITTEN})
    run = cnngrad("check", PROBLEM, answer, "--hide-solution", "--hint-level", 3)
    assert "should be" not in run.out
    assert "hint level 2" in run.err


def test_the_operation_commands_check_too(cnngrad):
    run = cnngrad("conv-backward", PROBLEM, "--check", json.dumps({"db": [10]}))
    assert run.code == 1
    assert "sign turned" in run.out
    right = cnngrad("conv-backward", PROBLEM, "--gradient", "dW", "--check", "-27 -37; -57 -67")
    assert right.code == 0
    forward = cnngrad(
        "conv-forward", PROBLEM, "--check", "[[19, 25], [37, 43]]", "--format", "json"
    )
    assert json.loads(forward.out)["correct"]


def test_what_to_read_again_lies_on_the_way_that_was_asked(cnngrad):
    given = ("--input", "1 2 3", "--weights", "1 0 2; 0 1 -1", "--bias", "10 20")
    run = cnngrad("dense-forward", *given, "--check", "[-17, -19]")
    assert "Read again: The fully connected stage: Z = A_prev · Wᵀ + b." in run.out
    assert run.out.count("卷积神经网络的反向传播 by Alex_McAvoy") == 1


def test_a_fraction_too_long_to_print_is_shown_once(cnngrad):
    given = ("--input", "1/7 3/11 5/13", "--weights", "1/17 2/19 3/23", "--bias", "1/29")
    run = cnngrad("dense-forward", *given, "--check", "[1]")
    (line,) = [line for line in run.out.splitlines() if line.startswith("   Z[0,0] ")]
    assert line == "   Z[0,0] ≈ 0.121761"


def test_a_large_answer_is_shown_around_its_first_mistake(cnngrad, tmp_path):
    rng = np.random.default_rng(1)
    given = {"input": rng.integers(-4, 5, (40, 40)), "kernel": rng.integers(-4, 5, (3, 3))}
    given["dz"] = rng.integers(-4, 5, (38, 38))
    problem = tmp_path / "problem.json"
    problem.write_text(
        json.dumps({"op": "conv-backward"} | {k: v.tolist() for k, v in given.items()})
    )
    right = json.loads(cnngrad("conv-backward", problem, "--format", "json").out)["results"]
    right["dA_prev"][20][30] += 1
    run = cnngrad("check", problem, json.dumps({"dA_prev": right["dA_prev"]}))
    assert "1 of 1,600 cells differs" in run.out
    assert " 20 " in run.out
    assert " 30 " in run.out
    assert max(map(len, run.out.splitlines())) <= 80


@pytest.mark.parametrize("tolerance", ["nan", "inf", "1e400", "-1"])
def test_a_tolerance_is_a_number(cnngrad, tolerance):
    run = cnngrad("check", "convolution", "1", "--gradient", "db", "--tolerance", tolerance)
    assert run.code == 2
    assert "tolerance" in run.err


@pytest.mark.parametrize(("gradient", "answer"), [("dW", "-27 -37; -57 -67"), ("db", "-10")])
def test_an_answer_may_begin_with_a_minus(cnngrad, gradient, answer):
    assert cnngrad("check", "convolution", answer, "--gradient", gradient).code == 0
    assert cnngrad("check", "--gradient", gradient, "convolution", f"{answer}0").code == 1


def test_what_is_expected_stands_in_one_notation(cnngrad):
    folder = SAMPLES / "homework" / "convolution"
    out = cnngrad("check", folder / "problem.json", folder / "answers" / "negated.json").out
    assert "-11/2" in out
    assert not re.search(r"\d\.5", out.replace("= -11.5", "")), out


def test_windows_that_overwrite_are_known_under_a_flipped_kernel_too(cnngrad):
    # dZ [[-1, -2], [-3, -4]] times the kernel turned by 180 degrees, [[3, 2], [1, 0]]
    answer = "-3 -6 -4; -9 -12 -8; -3 -4 0"
    words = ("check", "convolution", answer, "--gradient", "dA_prev", "--flip")
    found = json.loads(cnngrad(*words, "--format", "json").out)["gradients"]["dA_prev"]
    assert [mistake["codes"] for mistake in found["mistakes"]] == [["overlap-overwritten"]]
