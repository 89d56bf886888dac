"""Why a cell is what it is: the terms, the three lines, the way back, and what cannot be asked."""

import json
from fractions import Fraction

import numpy as np
import pytest
from conftest import SAMPLES
from hypothesis import given
from hypothesis import strategies as st
from problems import arrays, fractions, integers, problems
from proofs import proven

from cnngrad.core.explanation import MAX_END_TERMS, explain, feeds, read_cell
from cnngrad.core.numbers import parse
from cnngrad.files.explanation_json import explanation_json, feeding_json
from cnngrad.layers import operation
from cnngrad.show.terminal.cell_formula import formula, symbols_block
from cnngrad.show.terminal.display import Display
from cnngrad.show.terminal.explanation import explanation_block
from cnngrad.show.terminal.influence import feeding_block

ARTICLE = SAMPLES / "convolution" / "problem.json"
INLINE = ["--input", "0 1 2; 3 4 5; 6 7 8", "--kernel", "0 1; 2 3", "--dz", "-1 -2; -3 -4"]


@pytest.fixture
def article():
    A_prev = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    given = {"A_prev": A_prev, "W": [[0, 1], [2, 3]], "dZ": [[-1, -2], [-3, -4]]}
    return operation("conv-backward").problem(given, {})


# ---- the article's cells, by hand -------------------------------------------------------------


def test_the_three_lines_of_the_article(cnngrad):
    run = cnngrad("explain", *INLINE, "dA_prev[1,1]")
    assert run.code == 0
    assert "dA_prev[1,1] = -10" in run.out
    assert "dZ[0,0]·W[1,1] + dZ[0,1]·W[1,0] + dZ[1,0]·W[0,1] + dZ[1,1]·W[0,0]" in run.out
    assert "-1·3 + -2·2 + -3·1 + -4·0" in run.out
    assert "-3 → -7 → -10 → -10" in run.out


def test_exactly_the_cells_that_take_part_are_lit(cnngrad):
    out = cnngrad("explain", ARTICLE, "dA_prev[0,1]").out
    assert "[-1] [-2]" in out  # dZ's first row
    assert "-3   -4" in out
    assert "[0] [1]" in out  # W's first row
    assert " 2   3" in out


@pytest.mark.parametrize("color", [False, True])
def test_the_article_looks_as_it_should(cnngrad, golden, color):
    cells = ["dA_prev[1,1]", "dW[0,1]", "db[0]", "Z[0,0]"]
    out = cnngrad("explain", ARTICLE, *cells, "--reverse", "A_prev[1,1]", color=color).out
    golden(f"explain-article{'-color' * color}.txt", out)
    assert ("\x1b[" in out) == color


@pytest.mark.parametrize(
    ("cell", "letters", "growth"),
    [
        ("db[0]", "dZ[0,0] + dZ[0,1] + dZ[1,0] + dZ[1,1]", "-1 → -3 → -6 → -10"),
        ("Z[1,1]", "A_prev[1,1]·W[0,0] + A_prev[1,2]·W[0,1]", "0 → 5 → 19 → 43"),
        ("dW[0,1]", "dZ[0,0]·A_prev[0,1] + dZ[0,1]·A_prev[0,2]", "-1 → -5 → -17 → -37"),
    ],
)
def test_every_result_of_a_convolution(cnngrad, cell, letters, growth):
    out = cnngrad("explain", ARTICLE, cell).out
    assert letters in out
    assert growth in out


def test_letters_only(cnngrad):
    run = cnngrad("explain", ARTICLE, "dA_prev[0,1]", "db[0]", "--symbols")
    assert run.out.splitlines() == [
        "dA_prev[0,1] = dZ[0,0]·W[0,1] + dZ[0,1]·W[0,0]",
        "db[0] = dZ[0,0] + dZ[0,1] + dZ[1,0] + dZ[1,1]",
    ]


def test_the_division_by_the_number_of_samples(cnngrad):
    out = cnngrad("explain", SAMPLES / "batch" / "problem.json", "dW[0,0]").out
    assert "N = 2" in out
    assert "(-1·0 + -2·1 + -3·3 + -4·4 + 2·1 + 1·0 + 0·2 + 3·1) / 2" in out
    assert "→ -22 / 2 = -11" in out


def test_shares_of_average_pooling(cnngrad):
    file = SAMPLES / "average_pooling" / "problem.json"
    out = cnngrad("explain", file, "dA_prev[1,0]").out
    assert "dA_prev[1,0] = 5/8" in out
    assert "dZ[0,0]·1/4" in out
    (data,) = [json.loads(cnngrad("explain", file, "dA_prev[1,0]", "--format", "json").out)]
    assert data == {
        "cell": "dA_prev[1,0]",
        "value": 0.625,
        "fraction": "5/8",
        "terms": [{"left": "dZ[0,0]", "right": "1/4", "value": 0.625, "fraction": "5/8"}],
        "divided_by": 1,
    }


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        ("first", "dZ[0,0] goes to A_prev[0,0] instead, the first of 3 equal maxima"),
        ("last", "dZ[1,1] goes to A_prev[2,2] instead, the last of 2 equal maxima"),
        ("last", "dZ[0,0] goes to this cell, the last of 3 equal maxima"),
    ],
)
def test_a_tie_is_not_hidden(cnngrad, ties, said):
    given = ["--input", "7 7 1; 2 7 3; 0 4 7", "--dz", "1 2; 3 6", "--window", "2"]
    options = ["--stride", "1", "--mode", "max", "--ties", ties]
    out = cnngrad("explain", *given, *options, "dA_prev[1,1]", columns=200).out
    assert f"{said} in its window (--ties {ties})." in out
    assert "windows chose this cell as their maximum" in out


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        (
            "split",
            "dZ[0,0] is shared by 3 equal maxima in its window: this cell receives 1/3 of it",
        ),
        ("all", "dZ[0,0] goes whole to each of 3 equal maxima in its window"),
    ],
)
def test_the_share_of_a_tie_is_told(cnngrad, ties, said):
    given = ["--input", "2 2 1; 2 0 3; 3 3 3", "--dz", "1 2; 3 4", "--window", "2", "--stride", "1"]
    out = cnngrad("explain", *given, "--ties", ties, "dA_prev[0,1]", columns=200).out
    opening = "The maximum of one window stands in this cell, and in others too."
    assert f"{opening} {said} (--ties {ties})." in out


def test_where_the_error_of_max_pooling_went_instead(cnngrad):
    args = ["--input", "1 2; 3 4", "--dz", "5", "--window", "2"]
    out = cnngrad("explain", *args, "dA_prev[0,0]", "dA_prev[1,1]").out
    assert "dZ[0,0] goes to A_prev[1,1] instead, the maximum of its window." in out
    assert "dA_prev[1,1] = 5" in out
    assert "letters  dZ[0,0]\n" in out


DENSE = ["--input", "1 0 3", "--weights", "1 0 2; 0 1 -1", "--dz", "1 -2", "--activation", "relu"]
AVERAGE = ["--input", "1 2 3; 4 5 6; 7 8 9", "--dz", "8 4; 6 7; 1 2", "--mode", "average"]
SOFTMAX = {
    "op": "network-backward",
    "layers": [{"op": "dense", "weights": [[1, 0], [0, 1]]}, {"op": "softmax"}],
    "input": [0, 0],
    "target": [1, 0],
}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([*DENSE, "--z", "1 -4 3", "dZ_prev[0,1]"], "1 [0] 4 = 1 [-2] 4 ⊙ 1 [0] 1"),
        (["perceptron", "sigmoid1.A[1]"], "0.59327 [0.596884] = sigmoid of 0.3775 [0.3925]"),
        (["squared-error", "softmax1.dA_prev[1]"], "[0.25] = [-0.5] [0.5] × 0.25 [-0.25]"),
        (["softmax-cross-entropy", "softmax1.dA_prev[1]"], "[0.5] = 0.5 [0.5] − 1 [0]"),
        (
            [
                *AVERAGE,
                *["--window", "2", "--padding", "1,0,0,0", "--stride", "1", "--exclude-pad"],
                "dA_prev[0,1]",
            ],
            "= Σ share · [8] [4]",
        ),
    ],
)
def test_the_line_of_matrices_is_true(cnngrad, tmp_path, words, line):
    if words[0] in ("squared-error", "softmax-cross-entropy"):
        file = tmp_path / "network.json"
        file.write_text(json.dumps({**SOFTMAX, "loss": words[0]}))
        words = [file, *words[1:]]
    out = cnngrad("explain", *words).out
    assert line in " ".join(out.split()), out


def test_json_is_a_promise(cnngrad):
    assert json.loads(cnngrad("explain", ARTICLE, "dA_prev[1,1]", "--format", "json").out) == {
        "cell": "dA_prev[1,1]",
        "value": -10,
        "terms": [
            {"left": "dZ[0,0]", "right": "W[1,1]", "value": -3},
            {"left": "dZ[0,1]", "right": "W[1,0]", "value": -4},
            {"left": "dZ[1,0]", "right": "W[0,1]", "value": -3},
            {"left": "dZ[1,1]", "right": "W[0,0]", "value": 0},
        ],
        "divided_by": 1,
    }
    several = json.loads(cnngrad("explain", ARTICLE, "db[0]", "Z[0,0]", "--format", "json").out)
    assert [cell["cell"] for cell in several] == ["db[0]", "Z[0,0]"]
    assert several[0]["terms"][0] == {"left": "dZ[0,0]", "right": "1", "value": -1}


def test_a_layer_of_a_network(cnngrad):
    file = SAMPLES / "exact_network" / "exact_network.json"
    run = cnngrad("explain", file, "conv1.dW[0,0]", "flatten1.dA_prev[0,0]", "--format", "json")
    first, second = json.loads(run.out)
    assert first["value"] == sum(term["value"] for term in first["terms"])
    assert second["terms"][0]["right"] == "1"
    assert "relu'(A_prev)[0,0]" in cnngrad("explain", file, "relu1.dA_prev[0,0]").out
    cells = ["conv1.db[0]", "--reverse", "dense1.b[0]"]
    assert "dense1.b[0] = 0" in cnngrad("explain", file, *cells).out
    for more in ([], ["--symbols"]):
        assert "conv1.db[0] =" in cnngrad("explain", file, *cells[:1], *more).out
    whole = cnngrad("explain", file, "dW[0,0]")
    assert whole.code == 2
    assert "conv1" in whole.err


# ---- the other way round ----------------------------------------------------------------------


def test_what_a_cell_of_the_input_feeds(cnngrad):
    out = cnngrad("explain", ARTICLE, "--reverse", "A_prev[0,1]").out
    assert "takes part in 2 cells of Z" in out
    assert "Z[0,0] += A_prev[0,1]·W[0,1] = 1·1 = 1" in out
    assert "Z[0,1] += A_prev[0,1]·W[0,0] = 1·0 = 0" in out
    assert "dA_prev[0,1] = -1" in out
    assert "dZ[0,0]·W[0,1] + dZ[0,1]·W[0,0]" in out


def test_what_a_cell_of_the_error_sends(cnngrad):
    out = cnngrad("explain", ARTICLE, "--reverse", "dZ[1,1]").out
    assert "dA_prev[2,2] += dZ[1,1]·W[1,1] = -4·3 = -12" in out
    assert "dW[1,1] += dZ[1,1]·A_prev[2,2] = -4·8 = -32" in out
    assert "db[0] += dZ[1,1] = -4" in out


def test_a_forward_problem_knows_what_a_cell_feeds(cnngrad):
    args = ["--input", "1 2; 3 4", "--kernel", "5", "--format", "json"]
    assert json.loads(cnngrad("explain", *args, "--reverse", "A_prev[1,0]").out) == {
        "cell": "A_prev[1,0]",
        "value": 3,
        "feeds": [{"cell": "Z[1,0]", "left": "A_prev[1,0]", "right": "W[0,0]", "value": 15}],
    }


def test_a_bias_feeds_its_channel(cnngrad):
    args = ["--input", "1 2; 3 4", "--kernel", "5", "--bias", "7", "--dz", "1 2; 3 4"]
    data = json.loads(
        cnngrad("explain", *args, "--reverse", "b[0]", "--format", "json").out or "{}"
    )
    assert [feed["cell"] for feed in data["feeds"]] == ["Z[0,0]", "Z[0,1]", "Z[1,0]", "Z[1,1]"]
    assert data["gradient"]["value"] == 10


# ---- what cannot be asked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([ARTICLE, "dA_prv[0,0]"], ["no dA_prv", 'did you mean "dA_prev"?']),
        ([ARTICLE, "dA_prev[3,0]"], ["dA_prev[3,0]", "3×3", "dA_prev[2,2]"]),
        ([ARTICLE, "dA_prev[0]"], ["2 indices", "3×3", "dA_prev[1,1]"]),
        ([ARTICLE, "dA_prev[0,0,1,1]"], ["2 indices"]),
        ([ARTICLE, "dA_prev"], ["names no cell", "dA_prev[1,1]"]),
        ([ARTICLE, "A_prev[0,0]"], ["is given", "--reverse 'A_prev[0,0]'"]),
        ([ARTICLE, "--reverse", "Z[0,0]"], ["is computed", "A_prev, W, dZ"]),
        ([ARTICLE, "--reverse", "B[0,0]"], ["given no B"]),
        ([ARTICLE], ["No cell is named"]),
        (["dW[0,0]"], ["no problem to look at"]),
        (["--input", "1 2; 3 4", "--kernel", "1", "dW[0,0]"], ["no dZ is given", "--dz"]),
        (["x.dW[0,0]", "--input", "1"], ["no network file"]),
    ],
)
def test_bad_cells(cnngrad, arguments, words):
    run = cnngrad("explain", *arguments)
    assert run.code == 2
    assert run.out == ""
    for word in words:
        assert word in run.err


def test_a_missing_file_is_bad_data(cnngrad):
    assert cnngrad("explain", "nowhere.json", "dW[0,0]").code == 3


def test_an_index_is_read_as_people_write_it():
    assert read_cell(" dW [ 0, 12 ] ").place == (0, 12)
    assert read_cell("dW[0][12]").place == (0, 12)


# ---- long sums --------------------------------------------------------------------------------


def test_a_long_sum_shows_its_ends_and_says_what_is_left_out(cnngrad):
    ones = np.ones((50, 50), int).tolist()
    given = ["--input", json.dumps(ones), "--kernel", "2", "--dz", json.dumps(ones)]
    out = cnngrad("explain", *given, "dW[0,0]").out
    assert "… (2,470 more) …" in out
    assert "→ 2500" in out
    assert max(map(len, out.splitlines())) <= 80
    full = json.loads(cnngrad("explain", *given, "dW[0,0]", "--format", "json").out)
    assert len(full["terms"]) == 2500


def test_a_very_long_sum_is_not_gone_through():
    A_prev = np.arange(900 * 900).reshape(900, 900) % 7
    kernel = np.ones((2, 2), int)
    given = {"A_prev": A_prev, "W": kernel, "dZ": np.ones((899, 899), int)}
    why = explain(operation("conv-backward").problem(given, {}), "dW[1,1]")
    assert len(why.terms) == 2 * MAX_END_TERMS
    assert why.gap == 899 * 899 - 2 * MAX_END_TERMS
    assert why.value == why.total == int(A_prev[1:, 1:].sum())
    assert formula(why).growth[-1] == str(why.total)
    shown = explanation_block(why, Display()).plain()
    assert f"({899 * 899 - 30:,} more cells of dZ" in shown.replace("those of ", "").replace(
        "\n", " "
    )
    assert len(shown.splitlines()) < 60


# ---- every cell of every problem --------------------------------------------------------------


@st.composite
def dense_problems(draw):
    numbers = draw(st.sampled_from([integers, fractions]))
    samples, n_in, units = (draw(st.integers(1, 3)) for _ in range(3))
    given = {"A_prev": draw(arrays((samples, n_in), numbers))}
    given["W"] = draw(arrays((units, n_in), numbers))
    if draw(st.booleans()):
        given["b"] = draw(arrays((units,), numbers))
        return operation("dense-forward").problem(given, {})
    given["dZ"] = draw(arrays((samples, units), numbers))
    batch = draw(st.sampled_from(["mean", "sum"]))
    return operation("dense-backward").problem(given, {"batch": batch})


def any_cell(data, problem, names):
    name = data.draw(st.sampled_from(sorted(names)))
    array = problem.results[name] if name in problem.names else problem.given[name]
    place = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    return f"{name}[{','.join(map(str, place))}]", array[place]


def looked_up(problem, written):
    if "[" not in written:
        return parse(written)
    cell = read_cell(written)
    return problem.given[cell.name][cell.place]


def value_of(entry):
    return parse(entry["fraction"]) if "fraction" in entry else entry["value"]


@proven(150)
@given(st.one_of(problems(integers), problems(fractions), dense_problems()), st.data())
def test_the_printed_terms_add_up_to_the_value_of_the_engine(problem, data):
    cell, value = any_cell(data, problem, problem.names)
    why = explain(problem, cell, whole=True)
    printed = json.loads(json.dumps(explanation_json(why)))
    assert printed["cell"] == cell
    total = sum((Fraction(value_of(term)) for term in printed["terms"]), Fraction(0))
    assert total / printed["divided_by"] == value == value_of(printed)
    for term in printed["terms"]:
        left, right = looked_up(problem, term["left"]), looked_up(problem, term["right"])
        assert left * right == value_of(term)


@proven(60)
@given(st.one_of(problems(integers), problems(fractions), dense_problems()), st.data())
def test_the_three_lines_say_the_same_number(problem, data):
    cell, value = any_cell(data, problem, problem.names)
    why = explain(problem, cell)
    lines = formula(why)
    assert len(lines.letters) == len(lines.numbers) == len(lines.growth)
    assert symbols_block(why, Display()).plain().startswith(f"{cell} =")
    if len(why.terms) <= 30:
        factors = ([parse(f.strip("()")) for f in term.split("·")] for term in lines.numbers)
        assert sum((np.prod(term) for term in factors), 0) == value * why.divided_by
        assert not lines.growth or parse(lines.growth[-1]) == value * why.divided_by
    drawn = explanation_block(why, Display(80)).plain()
    assert max(map(len, drawn.splitlines())) <= 80


@proven(80)
@given(st.one_of(problems(integers), dense_problems()), st.data())
def test_what_a_cell_feeds_is_what_comes_back(problem, data):
    """Follow a cell to the outputs and back: the terms that return are its gradient's."""
    names = [name for name in problem.given if name == "dZ" or f"d{name}" in problem.names]
    if not names:  # a forward problem: the terms that it takes part in are counted there
        names = [name for name in problem.given if name != "b"]
    cell, value = any_cell(data, problem, names)
    influence = feeds(problem, cell)
    assert influence.value == value
    assert feeding_block(influence, Display(80)).plain()
    printed = feeding_json(influence)
    if influence.name == "dZ":
        for name, terms in printed["sends"].items():
            for term in terms:
                assert term["left"] == cell
                back = explanation_json(explain(problem, term["cell"], whole=True))
                assert term["cell"].startswith(name)
                assert {key: term[key] for key in ("left", "right")} in [
                    {key: one[key] for key in ("left", "right")} for one in back["terms"]
                ]
        return
    for use in printed["feeds"]:
        if "left" in use:
            assert cell in (use["left"], use["right"])
    if influence.gradient:
        returned = sum(len(use.backward) for use in influence.uses)
        assert returned == len(influence.gradient.terms)


def test_an_equation_of_rounded_numbers_says_about(cnngrad):
    rounded = cnngrad("network-backward", "lenet_toy", "--layer", "conv2", "--steps", "1-2").out
    assert "-0.001475 + 0.007373 ≈ 0.005899" in rounded
    exact = cnngrad("conv-backward", "convolution", "--steps", "2").out
    assert "-3 + -4 = -7" in exact
    assert "≈" not in exact


def test_a_long_sum_leaves_out_the_terms_that_are_0(cnngrad):
    cell = ("lenet_toy", "conv1.dW[0,0,0,0]")
    text = cnngrad("explain", *cell).out
    told = json.loads(cnngrad("explain", *cell, "--format", "json").out)
    values = [term["value"] for term in told["terms"]]
    nonzero = [value for value in values if value]
    assert len(values) == 36  # JSON keeps all
    letters = text.partition("letters")[2].partition("numbers")[0]
    assert letters.count("dZ[") == len(nonzero) == 6
    assert f"{len(values) - len(nonzero)} terms that are 0 are left out of the sum." in text
    assert text.partition("sum  ")[2].split("→")[-1].split()[0] == "-0.402799"


def test_a_sum_of_twelve_terms_or_of_zeros_alone_is_told_too(cnngrad):
    zeros = "; ".join(["0 " * 13] * 2)
    given = ["--kernel", "1", "--dz", zeros, "--input", zeros]
    run = cnngrad("explain", "dW[0,0]", *given)
    assert run.code == 0, run.err
    assert "25 terms that are 0 are left out" in run.out
    twelve = ["--kernel", "1", "--dz", "0 " * 12, "--input", "1 " * 12]
    assert "left out" not in cnngrad("explain", "dW[0,0]", *twelve).out
