"""Numbers at the ends of what a float holds, and beyond: right, or refused with the cell."""

import json
import re
import warnings

import numpy as np
import pytest

from cnngrad.core.errors import NumberError
from cnngrad.core.functions import function
from cnngrad.core.numbers import rounded_to
from cnngrad.grading.marker import check
from cnngrad.layers.convolution.layer import ConvBackward
from cnngrad.network import network_of
from cnngrad.network.gradcheck import check_gradients

NINES = "9" * 399
DENSE = ("dense-backward", "--input", "1 2", "--weights", "1 3", "--dz", "4")


def no_json_but_json(text):
    """The data of a JSON text in which nothing is infinite."""

    def refuse(word):
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("style", ["table", "json", "csv"])
@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("dense-backward", "--float", "--input", "1 2", "--weights", "1 3", "--dz", "1e300"),
         r"where     W\[0,0\]"),
        (("network-backward", "network_batch"), r"layer dense1, Z\[0,0\]"),
        (("network-backward", "lenet_toy"), r"layer conv1, Z\[0,1,0\]"),
        (("network-backward", "exact_network", "--float"), r"layer conv1, W\[0,0\]"),
    ],
)  # fmt: skip
def test_a_step_that_overflows_is_refused_with_cell_and_reason(cnngrad, words, place, style):
    run = cnngrad(*words, "--learning-rate", "1e308", "--format", style)
    assert (run.code, run.out) == (3, "")
    assert re.search(place, run.err)
    assert "too large" in run.err
    assert "take a smaller learning rate" in run.err


@pytest.mark.parametrize("rate", ["1.8e308", "1e308", "9" * 309])
def test_nothing_infinite_is_shown_or_written(cnngrad, tmp_path, rate):
    for name in ("perceptron", "exact_network"):
        out = tmp_path / f"{name}.json"
        words = ("network-backward", name, "--learning-rate", rate)
        run = cnngrad(*words, "--output", out)
        assert not re.search(r"\b(inf|nan|Infinity|NaN)\b", run.out)
        if run.code == 0:
            no_json_but_json(out.read_text())
        else:
            assert (run.code, run.out) == (3, "")
            assert not out.exists()


def test_exact_steps_have_no_end(cnngrad):
    run = cnngrad(*DENSE, "--learning-rate", "1e308", "--format", "json")
    assert no_json_but_json(run.out)["updated"]["W"] == [[1 - 4 * 10**308, 3 - 8 * 10**308]]


def test_a_result_that_overflows_names_its_cell(cnngrad):
    given = ("--input", "1 1e200", "--kernel", "1e200", "--float")
    run = cnngrad("conv-forward", *given)
    assert (run.code, run.out) == (3, "")
    assert "where     Z[0,1]" in run.err


def test_differences_that_overflow_are_refused_not_called_wrong(cnngrad):
    given = ("--input", "1e154 1e-300", "--kernel", "1e-300", "--dz", "1e154 1")
    run = cnngrad("gradcheck", *given)
    assert (run.code, run.out) == (3, "")
    assert re.search(r"where     d[WA]\w*\[", run.err)


def test_differences_that_are_no_numbers_do_not_pass():
    given = {"A_prev": np.array([[1e200]]), "W": np.array([[1e100]]), "dZ": np.array([[1e200]])}
    with pytest.raises(NumberError):
        check_gradients(ConvBackward(given))


@pytest.mark.parametrize("digits", [0, 4, 310, 400])
def test_roundings_keep_what_has_no_digits(digits):
    values = np.array([1e308, -1e308, 1e-308, 0.0, 12.0])
    assert np.isfinite(rounded_to(values, digits)).all()
    assert rounded_to(values, digits)[0] == 1e308


def test_a_tiny_network_is_shown_without_a_warning(cnngrad, tmp_path):
    network = {
        "layers": [{"op": "dense", "weights": [[1e-308]]}, {"op": "sigmoid"}],
        "input": [1e-300],
        "target": [1],
        "loss": "squared-error",
        "learning_rate": 1e-308,
    }
    (tmp_path / "net.json").write_text(json.dumps(network))
    run = cnngrad("network-backward", tmp_path / "net.json")  # a warning is an error in the tests
    assert run.code == 0
    assert "nan" not in run.out


def test_softmax_of_the_farthest_numbers():
    assert function("softmax").forward(np.array([[1e308, -1e308]])).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (f"{NINES} 1; 2 3", [1, 1, 1, 1]),
        ("1.8e308 1; 2 3", [0, 1, 1, 1]),
        (f"{NINES} 1.5; 2 3", [1, 0, 1, 1]),
        ("0." + "0" * 380 + "1 1; 2.00 3", [0, 1, 1, 1]),
        (f"-{NINES} 1; 2 0.9", [0, 1, 1, 0]),
    ],
)
def test_answers_that_no_float_holds_are_marked(cnngrad, answer, right):
    given = ("--input", f"{NINES} 1; 2 3", "--kernel", "1")
    run = cnngrad("conv-forward", *given, "--check", answer, "--format", "json")
    assert run.code == (0 if all(right) else 1), run.err
    wrong = {tuple(c) for c in no_json_but_json(run.out)["gradients"]["Z"]["wrong_cells"]}
    cells = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert wrong == {cell for cell, well in zip(cells, right, strict=True) if not well}
    assert cnngrad("conv-forward", *given, "--check", answer).code == run.code


def test_a_class_with_such_answers_is_marked(cnngrad, tmp_path):
    problem = {"op": "conv-forward", "input": [[NINES, "1/3"]], "kernel": [[1]]}
    (tmp_path / "p.json").write_text(json.dumps(problem))
    (tmp_path / "answers").mkdir()
    for name, text in {
        "anna": f'{{"Z": [[{NINES}, "1/3"]]}}',
        "bert": '{"Z": [[1.8e308, 0.33]]}',
        "cleo": f'{{"Z": [[1, {"1" * 399}]]}}',
    }.items():
        (tmp_path / "answers" / f"{name}.json").write_text(text)
    run = cnngrad("grade", tmp_path / "p.json", tmp_path / "answers", "--format", "json")
    scores = {s["name"]: s.get("score") for s in no_json_but_json(run.out)["submissions"]}
    assert scores == {"anna": 2, "bert": 1, "cleo": 0}


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("0.333333333333333333333333333333", True),
        ("0.333333333333333333333333233333", False),
        ("0.33333333333333331483", True),  # a float's own digits, as C prints them
        ("0.33333333333333331484", False),
        ("0.3333333333333333", True),
        ("0.33333333333333331", True),
        ("0.333333333333333333333333333334", False),
    ],
)
def test_thirty_digits_mean_each_of_them(cnngrad, written, right):
    run = cnngrad("conv-forward", "--input", "1/3", "--kernel", "1", "--check", written)
    assert run.code == (0 if right else 1), run.out


def test_marking_in_python_warns_nobody():
    problem = ConvBackward(
        {"A_prev": np.array([[1.0, 2.0]]), "W": np.array([[1e-308]]), "dZ": np.array([[1e308, 1]])}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not check(problem, {"dA_prev": [[1e308, 1e-308]]}).correct


def test_a_loss_that_overflows_is_told():
    data = {
        "layers": [{"op": "identity"}],
        "input": [1e200],
        "target": [0.5],
        "loss": "squared-error",
    }
    with pytest.raises(NumberError):
        _ = network_of(data).loss.value


def test_sums_that_overflow_on_the_way_are_refused_before_a_step_is_shown(cnngrad):
    given = ("--input", "1 1 1 1; 1 1 1 1; 1 1 1 1", "--kernel", "1 1; 1 1", "--float")
    errors = "-1.7e308 1 1.7e308; 2 1.7e308 -1.7e308"
    run = cnngrad("conv-backward", *given, "--dz", errors)
    assert (run.code, run.out) == (3, "")
    assert "A sum on the way to this cell is too large" in run.err
    assert "inf" not in cnngrad("conv-backward", *given[:-1], "--dz", errors).out
