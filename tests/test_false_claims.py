"""No false claim: what was told wrongly before, each with its kind, is told truly or not at all."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cnngrad.grading import Marker
from cnngrad.grading.answers import read_answer
from cnngrad.grading.messages import cell_messages
from cnngrad.grading.network_exercises import network_exercises
from cnngrad.grading.network_marker import NetworkMarker
from cnngrad.layers import operation
from cnngrad.network import network_of
from cnngrad.show.print.network_worksheet import network_answer, network_worksheet

INPUT = [[1, 2, 0], [0, 1, 3], [2, 1, 1]]
KERNEL = [[1, 2], [3, 4]]
ARTICLE = {
    "A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
    "W": [[0, 1], [2, 3]],
    "dZ": [[-1, -2], [-3, -4]],
}


def problem(op, settings=None, **given):
    return operation(op).problem(given, settings or {})


def article():
    return problem("conv-backward", **ARTICLE)


def told(asked, answer, name, level=3, **options):
    """What is said of one result: codes of rules (single or pairs), slips, and the object."""
    marker = Marker(asked, **options)
    given = read_answer(answer if isinstance(answer, str) else json.dumps(answer), [name])
    return marker.check(given).json(level)["gradients"][name]


def codes(gradient):
    return [tuple(mistake["codes"]) for mistake in gradient["mistakes"]]


def test_padding_one_too_wide():
    asked = problem(
        "conv-backward",
        {"padding": 1},
        A_prev=INPUT,
        W=[[1, 2, 0], [3, 4, 1], [0, 1, 2]],
        dZ=[[1, 2, 1], [5, 3, 0], [2, 0, 4]],
    )
    assert codes(told(asked, "25 16 2; 27 22 4; 4 4 8", "dA_prev")) == [("padding-too-wide",)]
    assert codes(told(asked, "4 8 2; 0 7 23; 9 8 16", "dW")) == [("padding-too-wide",)]


def test_padding_on_the_other_side():
    asked = problem(
        "conv-backward",
        {"padding": "same"},
        A_prev=INPUT,
        W=KERNEL,
        dZ=[[1, 2, 1], [5, 3, 0], [2, 0, 4]],
    )
    gradient = told(asked, "23 17 4; 33 16 8; 8 12 16", "dA_prev")
    assert codes(gradient) == [("padding-other-side",)]
    assert gradient["mistakes"][0]["convention"] == "padding=same-lower"


def test_rows_and_columns_of_the_error_swapped():
    asked = problem("conv-backward", A_prev=INPUT, W=KERNEL, dZ=[[1, 2], [5, 3]])
    assert codes(told(asked, "1 7 10; 5 26 26; 6 17 12", "dA_prev")) == [("error-transposed",)]


def test_the_mean_over_two_filters_is_not_taken_for_n_alone():
    asked = problem(
        "conv-backward",
        A_prev=[[[[1, 2], [0, 1]]], [[[2, 0], [1, 3]]]],
        W=[[[[1, 2], [3, 4]]], [[[0, 1], [2, -1]]]],
        dZ=[[[[2]], [[4]]], [[[6]], [[-2]]]],
    )
    gradient = told(asked, [[[[1, 4], [7, 2]]], [[[3, 5], [7, 13]]]], "dA_prev")
    assert codes(gradient) == [("divided-by-n",), ("scaled",)]
    said = gradient["mistakes"][1]["message"]
    assert "Your dA_prev is 1/2 of the right one everywhere." in said
    assert "the number of samples N" in said
    assert "the number of filters, or of units" in said


def test_a_clipped_window_is_no_padding():
    asked = problem(
        "pool-backward",
        {"mode": "average", "window": [1, 2], "stride": [1, 2], "ceil_mode": True},
        A_prev=[[1, 2, 3, 4, 5]],
        dZ=[[4, 4, 4]],
    )
    named = codes(told(asked, "2 2 2 2 2", "dA_prev"))
    assert ("padding-counted",) not in named
    assert ("divided-by-window-side",) not in named
    assert named[0] == ("overhang-counted",)


def test_the_first_tie_by_columns():
    asked = problem("pool-backward", {"window": 2}, A_prev=[[0, 2], [2, 2]], dZ=[[7]])
    gradient = told(asked, "0 0; 7 0", "dA_prev")
    assert codes(gradient)[0] == ("error-to-first-column-tie",)
    assert gradient["mistakes"][0]["convention"] == "ties=first-column"


def test_only_the_last_sample_of_one_window_each():
    asked = problem(
        "conv-backward",
        A_prev=[[[[1, 2], [3, 5]]], [[[2, -4], [7, 1]]]],
        W=[[[[1, 2], [3, 4]]]],
        dZ=[[[[2]]], [[[3]]]],
    )
    assert ("batch-last-sample",) in codes(told(asked, "3 -6; 21/2 3/2", "dW"))


def test_an_average_cut_to_whole_numbers_misses_no_term():
    asked = problem(
        "pool-forward",
        {"mode": "average", "window": 2},
        A_prev=[[1, 2, 5, 6], [4, 6, 4, 6], [3, 2, 1, 4], [2, 2, 2, 2]],
    )
    gradient = told(asked, "3 5; 2 2", "A")
    assert {slip["code"] for slip in gradient["slips"]} == {"cut-off"}
    assert "cut off to whole numbers" in gradient["message"]


def test_a_single_term_has_nothing_to_add():
    gradient = told(
        problem("conv-backward", **ARTICLE), "0 -1 -2; -2 -10 -10; -6 -17 -13", "dA_prev"
    )
    assert not [slip for slip in gradient["slips"] if "adding" in slip["message"]]


def test_nothing_by_chance_follows_a_sure_slip():
    marker = Marker(article())
    verdict = marker.check(read_answer("0 -1 -2; -2 -6 -10; -6 -17 -12", ["dA_prev"]))
    (said,) = cell_messages(verdict.gradients["dA_prev"])
    assert said.endswith("the term dZ[0,1] × W[1,0] = -4 is missing.")


@pytest.mark.parametrize("text", ["0.90000004", "0.9", "0.9000000357627869", "9.0000004e-1"])
def test_floats_as_they_are_printed_are_right(text):
    dZ = np.full((3, 3), 0.1)
    asked = problem(
        "conv-backward",
        A_prev=[[0] * 4, [0] * 4, [0] * 4, [0, 0, 0, 1]],
        W=[[1, 0], [0, 0]],
        dZ=dZ,
    ).computed(exact=True)
    assert told(asked, text, "db")["correct"]
    assert not told(asked, "0.90001", "db")["correct"]
    assert not told(asked, "0.9000004", "db")["correct"]


@pytest.mark.parametrize("form", ["{:.7g}", "{:.8g}", "{:.9g}", "{:.8e}", "{:.17g}"])
def test_all_cells_of_a_float32_computation_are_right_however_they_are_printed(form):
    rng = np.random.default_rng(3)
    given = {
        "A_prev": np.round(rng.normal(size=(2, 2, 5, 5)), 2),
        "W": np.round(rng.normal(size=(3, 2, 3, 3)), 2),
        "dZ": np.round(rng.normal(size=(2, 3, 3, 3)), 2),
    }
    asked = problem("conv-backward", **given).computed(exact=True)
    narrow = problem("conv-backward", **{n: a.astype(np.float32) for n, a in given.items()})
    marker = Marker(asked)
    for name, array in narrow.results.items():
        nested = np.vectorize(lambda cell: form.format(cell), otypes=[object])(array).tolist()
        assert marker.check(read_answer(json.dumps(nested), [name])).correct


def test_digits_that_do_not_show_a_value_are_not_right():
    asked = problem(
        "pool-backward", {"mode": "average", "window": 3}, A_prev=np.ones((3, 3), int), dZ=[[1]]
    ).computed(exact=True)
    small = problem("conv-backward", A_prev=[[1, 2]], W=[[1, 1]], dZ=np.array([[0.0005]])).computed(
        exact=True
    )
    gradient = told(small, "0.00 0.00", "dW")
    assert not gradient["correct"]
    assert "too few digits to show its value" in gradient["message"]
    assert told(small, "0.00050 0.0010", "dW")["correct"]
    assert told(small, "0.0005 0.001", "dW")["correct"]  # exactly what is written
    assert told(small, "0.00 0.00", "dW", decimals=2)["correct"]
    assert told(asked, "0.11 0.11 0.11; 0.11 0.11 0.11; 0.11 0.11 0.11", "dA_prev")["correct"]


DENSE = {"A_prev": [[1, 2, 1]], "W": [[1, -2, 4]], "dZ": [[1]], "Z_prev": [[1, -2, 3]]}


def test_what_follows_from_a_wrong_answer_is_right():
    asked = problem("dense-backward", {"activation": "relu"}, **DENSE)
    marker = Marker(asked)
    answer = read_answer('{"dA_prev": [1, -2, 5], "dZ_prev": [1, 0, 5]}', marker.names)
    verdict = marker.check(answer).json()["gradients"]
    assert verdict["dZ_prev"]["correct"]
    assert verdict["dZ_prev"]["follows"] == "dA_prev"
    assert verdict["dA_prev"]["wrong_cells"] == [[0, 2]]
    assert "follows" not in verdict["dA_prev"]
    strict = Marker(asked, follow=False).check(answer).json()["gradients"]
    assert not strict["dZ_prev"]["correct"]


def test_the_updated_weights_follow_from_ones_own_gradient():
    asked = problem("dense-backward", {"learning_rate": "1/2"}, **{**DENSE, "Z_prev": None})
    marker = Marker(asked)
    answer = read_answer('{"dW": [[1, 2, 3]], "W": [[0.5, -3, 2.5]]}', marker.names)
    verdict = marker.check(answer).json()["gradients"]
    assert verdict["W"]["follows"] == "dW"
    wrong = read_answer('{"dW": [[1, 2, 3]], "W": [[1.5, -1, 5.5]]}', marker.names)
    gradient = marker.check(wrong).json()["gradients"]["W"]
    assert codes(gradient) == [("update-sign",)]


def test_zeros_follow_from_nothing():
    asked = problem("dense-backward", {"activation": "relu"}, **DENSE)
    answer = '{"dA_prev": [0, 0, 0], "dZ_prev": [0, 0, 0]}'
    marker = Marker(asked)
    verdict = marker.check(read_answer(answer, marker.names))
    assert verdict.score == 1  # the cell of dZ_prev that is 0 indeed


# ---- conventions ------------------------------------------------------------------------------


def images(rng, *shape):
    return rng.integers(-5, 6, shape)


def batch_of_two(**settings):
    rng = np.random.default_rng(5)
    return problem(
        "conv-backward",
        settings,
        A_prev=images(rng, 2, 2, 4, 3),
        W=images(rng, 3, 2, 2, 2),
        dZ=images(rng, 2, 3, 3, 2),
    )


def keras(asked):
    total = batch_of_two(batch="sum").results
    return {
        "dA_prev": total["dA_prev"].transpose(0, 2, 3, 1),
        "dW": total["dW"].transpose(2, 3, 1, 0),
        "db": total["db"],
    }


@pytest.mark.parametrize(
    ("answer", "accept"),
    [
        (lambda asked: batch_of_two(batch="sum").results, "batch=sum"),
        (lambda asked: {"dA_prev": asked.results["dA_prev"].transpose(0, 2, 3, 1)}, "layout=nhwc"),
        (lambda asked: {"dW": asked.results["dW"].transpose(2, 3, 1, 0)}, "kernel-layout=hwio"),
        (keras, "like=keras"),
        (lambda asked: {n: batch_of_two(flip=True).results[n] for n in ("dA_prev", "dW")}, "flip"),
    ],
)
def test_an_answer_in_another_convention_is_told_so_and_right_where_it_is_accepted(answer, accept):
    asked = batch_of_two()
    given = answer(asked)
    verdict = Marker(asked).check(given)
    assert not verdict.correct
    told = [
        mistake["convention"]
        for gradient in verdict.json()["gradients"].values()
        for mistake in gradient["mistakes"][:1]
    ]
    assert told
    assert {*told} == {accept}
    assert Marker(asked, accept=[accept]).check(given).correct


def test_a_flipped_kernel_in_one_result_is_a_mistake():
    asked = batch_of_two()
    turned = batch_of_two(flip=True).results
    gradient = Marker(asked).check({"dA_prev": turned["dA_prev"]}).json()["gradients"]["dA_prev"]
    assert codes(gradient)[0] == ("kernel-rotated",)
    assert "convention" not in gradient["mistakes"][0]


def test_ties_to_all_are_a_convention():
    asked = problem("pool-backward", {"window": 2}, A_prev=[[0, 2], [2, 1]], dZ=[[7]])
    gradient = told(asked, "0 7; 7 0", "dA_prev")
    assert gradient["mistakes"][0]["convention"] == "ties=all"
    assert "--accept ties=all" in gradient["mistakes"][0]["message"]
    assert told(asked, "0 7; 7 0", "dA_prev", accept=["ties=all"])["correct"]


# ---- networks -----------------------------------------------------------------------------------

CROSS_ENTROPY = {
    "op": "network-backward",
    "layers": [{"op": "dense", "weights": [[1, 0], [0, 1]], "bias": [0, 0]}],
    "input": [[0, 0], [0, 0]],
    "target": [0, 1],
    "loss": "softmax-cross-entropy",
}
SQUARED = {
    "op": "network-backward",
    "layers": [{"op": "dense", "weights": [["1/2", "-1/4"]], "bias": ["1/2"]}],
    "input": [[1, 2], [3, -1]],
    "target": [[1], [0]],
    "loss": "squared-error",
}
DEEP = {
    "op": "network-backward",
    "layers": [
        {"op": "dense", "weights": [[1, 2], [3, -1]], "name": "one"},
        {"op": "relu"},
        {"op": "dense", "weights": [[2, 1]], "name": "two"},
    ],
    "input": [[1, 2]],
    "target": [[3]],
    "loss": "squared-error",
    "learning_rate": "1/2",
}


def network(data):
    return network_of(json.loads(json.dumps(data)))


def networks_verdict(data, answer, **options):
    marker = NetworkMarker(network(data), **options)
    return marker.check(read_answer(json.dumps(answer), marker.names))


def test_the_mean_in_the_loss_is_a_convention():
    answer = [[-0.25, 0.25], [0.25, -0.25]]
    verdict = networks_verdict(CROSS_ENTROPY, {"dense1.dA_prev": answer}).json()
    (first, *_) = verdict["gradients"]["dense1.dA_prev"]["mistakes"]
    assert (first["codes"], first["convention"]) == (["divided-by-n"], "batch=loss-mean")
    for name in ("batch=loss-mean", "like=pytorch"):
        assert networks_verdict(CROSS_ENTROPY, {"dense1.dA_prev": answer}, accept=[name]).correct


def test_of_one_layer_the_mean_in_the_loss_is_a_convention_too():
    marker = NetworkMarker(network(CROSS_ENTROPY)).layer_marker("dense1")
    given = {"dA_prev": np.array([[-0.25, 0.25], [0.25, -0.25]])}
    (first, *_) = marker.check(given).gradients["dA_prev"].mistakes
    assert first.convention == "batch=loss-mean"


def test_without_the_half_of_the_square_nothing_is_told_of_n_alone():
    answer = {
        "dense1.dA_prev": [[-0.25, 0.125], [1.125, -0.5625]],
        "dense1.dW": [[6.25, -3.25]],
        "dense1.db": [1.75],
    }
    verdict = networks_verdict(SQUARED, answer).json()["gradients"]
    assert verdict["dense1.dA_prev"]["correct"]
    for name in ("dense1.dW", "dense1.db"):
        assert ("scaled",) in codes(verdict[name])
        loss = "batch=loss-mean,loss=mean-squared-error"
        assert verdict[name]["mistakes"][0]["convention"] == loss
    alone = problem(
        "dense-backward", A_prev=[[1, 2], [3, -1]], W=[[0.5, -0.25]], dZ=[[-0.5], [2.25]]
    ).computed(exact=True)
    named = codes(told(alone, "6.25 -3.25", "dW"))
    assert ("scaled",) in named
    assert named[0] != ("scaled",)


def truths(data):
    return NetworkMarker(network(data)).truths


def test_a_network_is_marked_whole_and_its_own_output_is_right():
    given = {name: np.array(array, object).tolist() for name, array in truths(DEEP).items()}
    written = json.loads(json.dumps(given, default=str))
    assert networks_verdict(DEEP, written).correct
    nested = {"layers": {"two": {"dW": written["two.dW"]}}, "loss": written["loss"]}
    assert networks_verdict(DEEP, nested).correct
    assert not networks_verdict(DEEP, {"loss": 99}).correct


def test_what_follows_from_a_wrong_error_is_right_through_the_network():
    true = truths(DEEP)
    wrong = (true["two.dA_prev"] + np.array([[1, 0]])).tolist()
    own = {"two.dA_prev": wrong, "relu1.dA_prev": wrong}
    own["one.dW"] = [[wrong[0][0] * x for x in (1, 2)], [wrong[0][1] * x for x in (1, 2)]]
    verdict = networks_verdict(DEEP, own).json()["gradients"]
    assert not verdict["two.dA_prev"]["correct"]
    assert verdict["relu1.dA_prev"]["correct"]
    assert verdict["relu1.dA_prev"]["follows"] == "two.dA_prev"
    assert verdict["one.dW"]["correct"]
    assert verdict["one.dW"]["follows"] == "relu1.dA_prev"
    strict = networks_verdict(DEEP, own, follow=False).json()["gradients"]
    assert not strict["one.dW"]["correct"]


def test_a_mistake_on_ones_own_error_is_named():
    true = truths(DEEP)
    wrong = (true["two.dA_prev"] + np.array([[1, 0]])).tolist()
    one, two = wrong[0]
    own = {"two.dA_prev": wrong, "one.dW": [[-one, -2 * one], [-two, -2 * two]]}
    verdict = networks_verdict(DEEP, own).json()["gradients"]["one.dW"]
    assert ("negated",) in codes(verdict)


def test_a_network_is_checked_and_graded_on_the_command_line(cnngrad, tmp_path):
    (tmp_path / "net.json").write_text(json.dumps(SQUARED))
    folder = tmp_path / "answers"
    folder.mkdir()
    right = {n: np.array(a, object).tolist() for n, a in truths(SQUARED).items()}
    (folder / "anna.json").write_text(json.dumps(right, default=str))
    (folder / "bert.json").write_text(json.dumps({"dense1.db": [1.75]}))
    run = cnngrad("check", tmp_path / "net.json", folder / "anna.json")
    assert run.code == 0
    run = cnngrad("check", tmp_path / "net.json", folder / "bert.json")
    assert run.code == 1
    assert "dense1.db" in run.out
    accepted = ("--accept", "batch=sum")
    assert cnngrad("check", tmp_path / "net.json", folder / "bert.json", *accepted).code == 0
    run = cnngrad("grade", tmp_path / "net.json", folder, "--format", "json", "--jobs", 1)
    anna, bert = json.loads(run.out)["submissions"]
    assert anna["correct"]
    assert bert["score"] == 0
    feedback = tmp_path / "feedback"
    run = cnngrad("grade", tmp_path / "net.json", folder, "--feedback", feedback, "--jobs", 1)
    assert "dense1.db" in (feedback / "bert.md").read_text()


def test_a_problem_file_accepts_conventions(cnngrad, tmp_path):
    data = {"op": "pool-backward", "window": 2, "input": [[0, 2], [2, 1]], "dz": [[7]]}
    (tmp_path / "p.json").write_text(json.dumps({**data, "accept": ["ties=all"]}))
    assert cnngrad("check", tmp_path / "p.json", "0 7; 7 0").code == 0
    (tmp_path / "p.json").write_text(json.dumps(data))
    assert cnngrad("check", tmp_path / "p.json", "0 7; 7 0").code == 1
    assert cnngrad("check", tmp_path / "p.json", "0 7; 7 0", "--accept", "ties=all").code == 0
    run = cnngrad("check", tmp_path / "p.json", "0 7; 7 0", "--accept", "ties=al")
    assert run.code == 3
    assert "ties=all" in run.err


# ---- large answers ------------------------------------------------------------------------------


def test_of_a_large_answer_a_mistake_is_named_though_most_are_refuted_on_a_corner():
    rng = np.random.default_rng(8)
    asked = problem(
        "conv-backward",
        {"padding": 1},
        A_prev=images(rng, 2, 3, 50, 50),
        W=images(rng, 4, 3, 3, 3),
        dZ=images(rng, 2, 4, 50, 50),
    )
    assert asked.work > 1_000_000
    marker = Marker(asked)
    turned = {**asked.given, "W": asked.given["W"][..., ::-1, ::-1].copy()}
    wrong = replace(asked, given=turned).results["dA_prev"]
    assert [m.codes for m in marker.check({"dA_prev": wrong}).gradients["dA_prev"].mistakes] == [
        ("kernel-rotated",)
    ]
    last = np.zeros_like(asked.given["dZ"])
    last[-1] = asked.given["dZ"][-1]
    wrong = replace(asked, given={**asked.given, "dZ": last}).results["dA_prev"]
    named = marker.check({"dA_prev": wrong}).gradients["dA_prev"].mistakes
    assert ("batch-last-sample",) in [m.codes for m in named]
    single = asked.results["dA_prev"].copy()
    single[1, 2, 20, 20] += 5
    marked = marker.check({"dA_prev": single}).gradients["dA_prev"]
    assert not marked.mistakes
    assert marked.wrong_cells == [(1, 2, 20, 20)]


# ---- network exercises --------------------------------------------------------------------------


@pytest.mark.parametrize("difficulty", range(1, 6))
def test_a_network_exercise_is_exact_and_its_key_is_right(difficulty):
    for data, made in network_exercises(difficulty, seed=5, count=3):
        marker = NetworkMarker(network_of(json.loads(json.dumps(data))))
        assert made.exact
        assert marker.check(read_answer(network_answer(marker), marker.names)).correct
        assert max(abs(float(cell)) for a in marker.truths.values() for cell in a.flat) < 2000
        sheet = network_worksheet(marker, 5)
        assert "_" in sheet
        assert str(marker.truths["loss"][0]) not in sheet.partition("## What is asked")[2]


def test_network_exercises_are_handed_out_and_graded(cnngrad, tmp_path):
    folder = tmp_path / "class"
    run = cnngrad("exercise", "network-backward", "--seed", 4, "--count", 2, "--output", folder)
    assert run.code == 0
    for k in (1, 2):
        key = (folder / "keys" / f"student0{k}.json").read_text()
        (folder / f"student0{k}" / "answer.json").write_text(key)
    run = cnngrad("grade", folder, "--format", "json", "--jobs", 1)
    submissions = json.loads(run.out)["submissions"]
    assert [one["score"] == one["max_score"] or one["missing"] for one in submissions]
    assert all(all(g["correct"] for g in one["gradients"].values()) for one in submissions)
    refused = cnngrad("exercise", "network-backward", "--size", 4)
    assert refused.code == 2
