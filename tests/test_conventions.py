"""Conventions of frameworks: numbers that they gave when they were run, and how profiles behave."""

import json
from fractions import Fraction

import numpy as np
import pytest
from conftest import ROOT

import cnngrad
from cnngrad.cli import main
from cnngrad.core.convention_limits import FAULTS, LIMITS, faults_of, limits_of
from cnngrad.core.conventions import ARTICLE, PROFILES, REQUIRED, profile, profile_name
from cnngrad.core.errors import SettingError, ShapeError
from cnngrad.network import backward, network_of

ONES2 = np.ones((2, 2), int)
ONES3 = np.ones((3, 3), int)
ONES4 = np.ones((4, 4), int)
ONES5 = np.ones((5, 5), int)
COUNT16 = np.arange(16).reshape(4, 4)
FIRST, ALL, SPLIT = [[4, 0], [0, 0]], [[4, 4], [4, 4]], [[1, 1], [1, 1]]

POOLS = [name for name in PROFILES if name != "openvino"]
"""Profiles of frameworks that say who gets the error of a tie, or leave it to the article."""
TIES = {
    "mlx": SPLIT,
    "tinygrad": SPLIT,
    "theano": ALL,
    "deeplearning.ai": ALL,
}
WINDOW = {"tensorflow", "tfjs", "cs231n", "deeplearning.ai", "openvino"}
"""Those that must be told stride and padding."""


def told(name):
    return {"stride": 2, "padding": 0} if name in WINDOW else {}


def floats(array):
    return np.array(array, float).tolist()


# ---- ties and corners --------------------------------------------------------------------------


@pytest.mark.parametrize("name", POOLS)
def test_who_gets_the_error_of_a_tie(name):
    pads = {"padding": "valid"} if name == "keras" else told(name)
    dA_prev = cnngrad.max_pool2d_backward(ONES2, [[4]], 2, like=name, **pads)
    assert dA_prev.tolist() == TIES.get(name, FIRST)


@pytest.mark.parametrize(
    ("name", "expected"), [("pytorch", [[0, 4], [0, 0]]), ("convnetjs", [[0, 0], [4, 0]])]
)
def test_a_partial_tie_by_rows_and_by_columns(name, expected):
    assert cnngrad.max_pool2d_backward([[1, 5], [5, 2]], [[4]], 2, like=name).tolist() == expected


@pytest.mark.parametrize("name", ["pytorch", "flax", "paddle"])
def test_padding_never_ties(name):
    dA_prev = cnngrad.max_pool2d_backward(ONES3, ONES3, 3, stride=1, padding=1, like=name)
    assert dA_prev.tolist() == [[4, 2, 0], [2, 1, 0], [0, 0, 0]]


def slopes(name, activation, **settings):
    """The derivative at −1, 0 and 1 under a profile."""
    layers = [{"op": activation, **settings}]
    data = {"layers": layers, "input": [[-1, 0, 1]], "target": [[0, 0, 0]], "like": name}
    network = network_of({**data, "loss": "squared-error"})
    problem = backward(network).layers[0].backward
    return problem.function.derivative(problem.arrays["A_prev"]).ravel().tolist()


@pytest.mark.parametrize("name", PROFILES)
def test_the_corner_of_relu(name):
    assert slopes(name, "relu") == [0, Fraction(1, 2) if name == "theano" else 0, 1]


LEAKS = {
    ARTICLE: Fraction(1, 100),
    "pytorch": Fraction(1, 100),
    "flax": Fraction(1, 100),
    "paddle": Fraction(1, 100),
    "tinygrad": Fraction(1, 100),
    "mlx": Fraction(1, 100),
    "tensorflow": Fraction(1, 5),
    "tfjs": Fraction(1, 5),
    "chainer": Fraction(1, 5),
    "keras": Fraction(3, 10),
}


@pytest.mark.parametrize("name", LEAKS)
def test_the_slope_and_the_corner_of_leaky_relu(name):
    leak = LEAKS[name]
    corner = 1 if name in ("flax", "paddle", "mlx", "tinygrad") else leak
    assert slopes(name, "leaky-relu") == [leak, corner, 1]


def test_an_explicit_slope_and_corner_beat_the_profile():
    assert slopes("keras", "leaky-relu", slope="1/4") == [Fraction(1, 4), Fraction(1, 4), 1]
    assert slopes("theano", "relu", corner_slope=1) == [0, 1, 1]


# ---- same padding, ceil and divisors -----------------------------------------------------------


@pytest.mark.parametrize("name", ["tensorflow", "keras"])
def test_the_average_of_same_counts_the_cells_present(name):
    pads = {"padding": "same", "stride": 2, "like": name}
    assert floats(cnngrad.avg_pool2d(ONES3, 2, **pads)) == [[1, 1], [1, 1]]
    dA_prev = cnngrad.avg_pool2d_backward(ONES3, ONES2, 2, **pads)
    assert floats(dA_prev) == [[0.25, 0.25, 0.5], [0.25, 0.25, 0.5], [0.5, 0.5, 1]]


def test_flax_counts_the_padding_of_same_too():
    A = cnngrad.avg_pool2d(ONES3, 2, stride=2, padding="same", like="flax")
    assert floats(A) == [[1, 0.5], [0.5, 0.25]]


def test_keras_averages_what_is_there_where_its_backend_pytorch_repeats_the_edge():
    A = cnngrad.avg_pool2d(COUNT16, 3, stride=2, padding="same", like="keras")
    assert floats(A) == [[5, 6.5], [11, 12.5]]


@pytest.mark.parametrize("name", ["pytorch", "onnx", "tinygrad"])
def test_a_window_that_begins_in_the_right_padding_is_dropped(name):
    settings = {"stride": 2, "padding": 1, "ceil_mode": True, "like": name}
    counted = cnngrad.avg_pool2d(ONES3, 2, count_include_pad=True, **settings)
    assert floats(counted) == [[0.25, 0.5], [0.5, 1]]
    assert cnngrad.max_pool2d(ONES5, 2, **settings).shape == (3, 3)


def test_paddle_keeps_a_window_that_begins_in_the_right_padding():
    settings = {"stride": 2, "padding": 1, "ceil_mode": True, "like": "paddle"}
    A = cnngrad.avg_pool2d(ONES3, 2, count_include_pad=True, **settings)
    assert floats(A) == [[0.25, 0.5, 0], [0.5, 1, 0], [0, 0, 0]]
    with pytest.raises(ShapeError, match="nothing but padding"):
        cnngrad.avg_pool2d(ONES3, 2, **settings)


@pytest.mark.parametrize("name", ["paddle", "chainer", "tfjs", "openvino"])
def test_a_maximum_of_nothing_is_refused(name):
    settings = {"stride": 2, "padding": 1, "ceil_mode": True, "like": name}
    with pytest.raises(ShapeError, match="nothing but padding"):
        cnngrad.max_pool2d(ONES5, 2, **settings)


@pytest.mark.parametrize(
    ("name", "divisors"),
    [
        ("pytorch", [[9, 9, 6], [9, 9, 6], [6, 6, 4]]),
        ("paddle", [[9, 9, 6], [9, 9, 6], [6, 6, 4]]),
        ("tinygrad", [[9, 9, 6], [9, 9, 6], [6, 6, 4]]),
        ("onnx", [[9, 9, 6], [9, 9, 6], [6, 6, 4]]),
        ("openvino", [[9, 9, 9], [9, 9, 9], [9, 9, 9]]),
    ],
)
def test_what_an_overhang_is_divided_by(name, divisors):
    settings = {"stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": True}
    A = np.array(cnngrad.avg_pool2d(ONES4, 3, like=name, **settings))
    sums = cnngrad.avg_pool2d(ONES4, 3, divisor_override=1, **settings)
    assert (sums / A).tolist() == divisors


def test_openvino_leaves_an_overhang_out_where_nothing_is_padded():
    settings = {"stride": 2, "padding": 0, "ceil_mode": True, "like": "openvino"}
    assert floats(cnngrad.avg_pool2d(ONES3, 2, **settings)) == [[1, 1], [1, 1]]


def test_chainer_rounds_the_size_up_for_max_and_down_for_average():
    assert cnngrad.max_pool2d(ONES3, 2, like="chainer").shape == (2, 2)
    assert cnngrad.avg_pool2d(ONES3, 2, like="chainer").shape == (1, 1)


@pytest.mark.parametrize(("name", "size"), [("flax", 3), ("onnx", 3), ("pytorch", 2)])
def test_the_stride_that_a_pooling_has_by_itself(name, size):
    assert cnngrad.max_pool2d(ONES4, 2, like=name).shape == (size, size)


def test_convnetjs_pools_with_stride_two():
    assert cnngrad.max_pool2d(ONES5, 3, like="convnetjs").shape == (2, 2)


def test_flax_pads_a_convolution_to_the_same_size():
    assert cnngrad.conv2d(ONES3, ONES2, like="flax").shape == (3, 3)
    assert cnngrad.conv2d(ONES3, ONES2, like="flax", padding=0).shape == (2, 2)


@pytest.mark.parametrize("name", ["keras", "flax", "paddle", "pytorch", "onnx"])
def test_the_extra_cell_of_same_lies_to_the_right_and_below(name):
    Z = cnngrad.conv2d(ONES2, [[1, 2], [3, 4]], padding="same", like=name)
    assert Z.tolist() == [[10, 4], [3, 1]]


def test_the_extra_cell_of_same_lower_lies_to_the_left_and_above():
    Z = cnngrad.conv2d(ONES2, [[1, 2], [3, 4]], padding="same-lower", like="onnx")
    assert Z.tolist() == [[4, 7], [6, 10]]


def test_same_with_a_stride_is_not_padding_one():
    same = cnngrad.conv2d(COUNT16, ONES3, stride=2, padding="same", like="keras")
    one = cnngrad.conv2d(COUNT16, ONES3, stride=2, padding=1, like="pytorch")
    assert same.tolist() == [[45, 39], [66, 50]]
    assert one.tolist() == [[10, 24], [51, 90]]


# ---- layouts -----------------------------------------------------------------------------------


RNG = np.random.default_rng(5)
IMAGES = RNG.integers(-4, 5, (2, 4, 5, 5))
KERNELS = RNG.integers(-3, 4, (6, 2, 3, 2))
ERRORS = RNG.integers(-4, 5, (2, 6, 3, 4))
LAST = (0, 2, 3, 1)


@pytest.mark.parametrize(
    ("kernel_layout", "order"),
    [("oihw", (0, 1, 2, 3)), ("hwio", (2, 3, 1, 0)), ("ohwi", (0, 2, 3, 1))],
)
@pytest.mark.parametrize(("layout", "image"), [("nchw", (0, 1, 2, 3)), ("nhwc", LAST)])
def test_a_layout_is_only_another_order_of_axes(kernel_layout, order, layout, image):
    plain = cnngrad.conv2d_backward(IMAGES, KERNELS, ERRORS, groups=2)
    arrays = IMAGES.transpose(image), KERNELS.transpose(order), ERRORS.transpose(image)
    settings = {"layout": layout, "kernel_layout": kernel_layout, "groups": 2}
    found = cnngrad.conv2d_backward(*arrays, **settings)
    assert np.array_equal(found.dA_prev, plain.dA_prev.transpose(image))
    assert np.array_equal(found.dW, plain.dW.transpose(order))
    assert np.array_equal(found.db, plain.db)


def test_dense_weights_may_stand_as_in_out():
    A_prev, W, dZ = [[1, 2, 3], [0, 1, 4]], [[1, 0, 2], [0, 1, -1]], [[1, -2], [3, 5]]
    plain = cnngrad.dense_backward(A_prev, W, dZ)
    found = cnngrad.dense_backward(A_prev, np.transpose(W), dZ, dense_layout="in-out")
    assert np.array_equal(found.dW, plain.dW.T)
    assert np.array_equal(found.dA_prev, plain.dA_prev)
    for name in ("keras", "flax", "paddle", "cs231n", "tensorflow", "tfjs"):
        assert cnngrad.dense(A_prev, np.transpose(W), like=name).shape == (2, 2)


def test_true_convolution_turns_the_kernel():
    W = np.array([[1, 2], [3, 4]])
    flipped = cnngrad.conv2d_backward(COUNT16, W, ONES3, flip=True)
    plain = cnngrad.conv2d_backward(COUNT16, W[::-1, ::-1], ONES3)
    assert np.array_equal(flipped.dA_prev, plain.dA_prev)
    assert np.array_equal(flipped.dW, plain.dW[::-1, ::-1])
    assert np.array_equal(
        cnngrad.conv2d(COUNT16, W, like="theano"), cnngrad.conv2d(COUNT16, W, flip=True)
    )


@pytest.mark.parametrize("settings", [{"flip": True}, {"layout": "nhwc"}, {"dilation": 2}])
@pytest.mark.parametrize("name", ["dA_prev", "dW"])
def test_steps_add_up_to_the_result_whatever_the_convention(settings, name):
    from cnngrad.layers import operation

    size = 3 if settings.get("dilation") else 4
    given = {"A_prev": IMAGES[:, :, :, :4], "W": np.tile(KERNELS[..., :1], 2)[:, :, :2]}
    given["dZ"] = np.ones((2, 6, 4 if size == 4 else 3, size if size == 3 else 3), int)
    if settings.get("dilation"):
        given["dZ"] = np.ones((2, 6, 3, 2), int)
    problem = operation("conv-backward").problem(given, {**settings, "groups": 2})
    total = np.array(problem.trace(name).total())
    assert np.array_equal(total, problem.results[name])


def test_ties_by_column_are_traced_as_they_are_computed():
    from cnngrad.layers import operation

    images = RNG.integers(0, 2, (2, 2, 6, 6))
    given = {"A_prev": images, "dZ": RNG.integers(-4, 5, (2, 2, 5, 5))}
    settings = {"window": 2, "stride": 1, "ties": "first-column"}
    problem = operation("pool-backward").problem(given, settings)
    assert np.array_equal(problem.trace("dA_prev").total(), problem.results["dA_prev"])


# ---- losses: where the mean lies ---------------------------------------------------------------

CROSS_ENTROPY = {
    "layers": [{"op": "dense", "weights": [[1, 0], [0, 1]], "bias": [0, 0]}],
    "input": [[0, 0], [0, 0]],
    "target": [0, 1],
    "loss": "softmax-cross-entropy",
}
SQUARES = {
    "layers": [{"op": "dense", "weights": [["1/2", "-1/4"]], "bias": ["1/2"]}],
    "input": [[1, 2], [3, -1]],
    "target": [[1], [0]],
    "loss": "mean-squared-error",
}


@pytest.mark.parametrize(
    "conventions", [{"like": "pytorch"}, {"like": "cs231n"}, {"batch": "loss-mean"}]
)
def test_the_mean_in_the_loss_divides_the_error(conventions):
    walk = backward(network_of({**CROSS_ENTROPY, **conventions}))
    assert walk.results["dA_prev"].tolist() == [[-0.25, 0.25], [0.25, -0.25]]


def test_mse_loss_as_pytorch_gives_it():
    walk = backward(network_of({**SQUARES, "like": "pytorch"}))
    assert walk.loss == Fraction(85, 32)
    results = walk.layers[0].results
    assert floats(results["dA_prev"]) == [[-0.25, 0.125], [1.125, -0.5625]]
    assert floats(results["dW"]) == [[6.25, -3.25]]
    assert floats(results["db"]) == [1.75]


@pytest.mark.parametrize(
    ("reduction", "loss", "error"),
    [
        ("samples", Fraction(9, 2), [[2, 1], [0, 2]]),
        ("elements", Fraction(9, 4), [[1, 0.5], [0, 1]]),
    ],
)
def test_a_reduction_over_samples_and_over_elements(reduction, loss, error):
    data = {"layers": [{"op": "identity"}], "input": [[2, 1], [0, 2]], "target": [[0, 0], [0, 0]]}
    network = network_of({**data, "loss": "sum-squared-error", "reduction": reduction})
    assert network.loss.value == loss
    assert floats(network.loss.results["dA_prev"]) == error


def test_a_reduction_to_a_sum_divides_nothing():
    network = network_of({**SQUARES, "loss": "sum-squared-error", "reduction": "sum"})
    assert network.loss.value == Fraction(85, 16)
    assert floats(backward(network).layers[0].results["dW"]) == [[12.5, -6.5]]


def test_contradictions_of_batch_and_reduction_are_refused():
    with pytest.raises(SettingError, match="contradict"):
        network_of({**SQUARES, "batch": "mean", "reduction": "sum"})


def test_loss_mean_is_no_setting_of_a_single_layer():
    with pytest.raises(SettingError, match="setting of a network"):
        cnngrad.dense_backward([[1]], [[1]], [[1]], batch="loss-mean")


def test_deeplearning_ai_sums_in_convolutions_and_means_in_dense_layers():
    layers = [
        {"op": "conv", "name": "c", "kernel": [[[[1]]]], "stride": 1, "padding": 0},
        {"op": "flatten"},
        {"op": "dense", "name": "d", "weights": [[2]]},
    ]
    data = {"layers": layers, "input": [[[[1]]], [[[3]]]], "target": [[0], [0]]}
    walk = backward(network_of({**data, "loss": "squared-error", "like": "deeplearning.ai"}))
    results = {layer.spec.name: layer.results for layer in walk.layers}
    assert results["d"]["dW"].tolist() == [[(2 * 1 + 6 * 3) // 2]]
    assert results["c"]["dW"].ravel().tolist() == [2 * 2 * 1 + 6 * 2 * 3]


def test_a_network_in_channels_last_flattens_in_channels_last():
    rng = np.random.default_rng(3)
    image, kernel = rng.integers(-2, 3, (2, 4, 4, 2)), rng.integers(-2, 3, (2, 2, 2, 3))
    weights = rng.integers(-2, 3, (27, 2))
    layers = [
        {"op": "conv", "name": "c", "kernel": kernel.tolist()},
        {"op": "flatten"},
        {"op": "dense", "name": "d", "weights": weights.tolist()},
    ]
    data = {"layers": layers, "input": image.tolist(), "target": [[0, 0], [0, 0]]}
    walk = backward(network_of({**data, "loss": "squared-error", "like": "keras"}))
    found = {layer.spec.name: layer.results_in_layout for layer in walk.layers}
    Z = np.array(cnngrad.conv2d(image, kernel, like="keras")).reshape(2, 27)
    dZ = Z @ weights * Fraction(1, 4)  # the mean over 2 samples of 2 numbers
    assert np.array_equal(found["d"]["dW"], Z.T @ dZ)
    dA = (dZ @ weights.T).reshape(2, 3, 3, 3)
    expected = cnngrad.conv2d_backward(image, kernel, dA, like="keras")
    assert np.array_equal(found["c"]["dW"], expected.dW)
    assert found["c"]["dA_prev"].shape == (2, 4, 4, 2)


@pytest.mark.parametrize(
    ("like", "padding", "corner"),
    [("pytorch", 0, [1, 2]), ("keras", "valid", [1, 2]), ("flax", "valid", [4, 3])],
)
def test_a_transposed_convolution_turns_the_kernel_as_its_framework_does(like, padding, corner):
    kernel = np.array([[1, 2], [3, 4]]).reshape(2, 2, 1, 1)
    kernel = kernel.transpose(2, 3, 0, 1) if like == "pytorch" else kernel
    Z = cnngrad.conv_transpose2d([[1]], kernel, like=like, padding=padding)
    assert Z[0].tolist() == corner


# ---- profiles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_names_settings_that_exist_and_their_source(name):
    from cnngrad.core.settings import NETWORK_SETTINGS
    from cnngrad.layers import OPERATIONS, operation

    known = {s.name for s in NETWORK_SETTINGS} | {"corner_slope"}
    for op in OPERATIONS:
        known |= {setting.name for setting in operation(op).spec.settings}
    for key, value in profile(name).values.items():
        assert key.split(".")[-1] in known
        assert value.source
    assert set(profile(name).limits) <= set(LIMITS)
    assert set(profile(name).faults) <= set(FAULTS)
    assert all(limits_of(profile(name)))
    assert all(faults_of(profile(name)))


@pytest.mark.parametrize("name", sorted(WINDOW))
def test_what_must_be_given_is_asked_for(name):
    with pytest.raises(SettingError, match="no default for"):
        cnngrad.max_pool2d(ONES4, 2, like=name)
    assert REQUIRED in [value.value for value in profile(name).values.values()]


def test_names_of_profiles_are_understood():
    assert profile_name("torch") == "pytorch"
    assert profile_name(" Keras ") == "keras"
    with pytest.raises(SettingError, match="no profile"):
        profile_name("caffe")


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("pytorch", {"padding": "same", "stride": 2}),
        ("mlx", {"padding": "same"}),
        ("pytorch", {"padding": "same-lower"}),
    ],
)
def test_what_a_framework_refuses_is_refused(name, settings):
    with pytest.raises(SettingError, match=profile(name).title):
        cnngrad.conv2d(ONES4, ONES2, like=name, **settings)


def test_theano_refuses_padding_where_it_rounds_up():
    with pytest.raises(SettingError, match="no-ceil-mode"):
        cnngrad.max_pool2d(ONES4, 2, padding=1, like="theano")
    assert cnngrad.max_pool2d(ONES4, 2, padding=1, ceil_mode=False, like="theano").shape == (3, 3)


def test_explicit_settings_beat_a_profile(capsys):
    problem = ["--input", "1 2; 3 4", "--kernel", "1", "--dz", "1 1; 1 1", "--format", "json"]
    assert main(["conv-backward", *problem, "--like", "theano", "--no-flip"]) == 0
    settings = json.loads(capsys.readouterr().out)["settings"]
    assert settings["like"] == "theano"
    assert "flip" not in settings
    assert main(["conv-backward", *problem, "--like", "flax", "--padding", "0"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["padding"] == [[0, 0], [0, 0]]


def test_a_problem_file_says_its_profile(tmp_path, capsys):
    data = {"op": "conv-backward", "like": "keras", "input": [[[1, 2]], [[3, 4]]]}
    data |= {"kernel": [[[[1], [1]]]], "dz": [[[5]], [[6]]]}
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main(["conv-backward", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["results"]["dW"] == [[[[23], [34]]]]
    assert found["shapes"]["A_prev"] == [2, 1, 2]


def test_a_written_problem_is_read_back_in_its_layout(tmp_path):
    from cnngrad.files.problem_reader import read_problem
    from cnngrad.files.problem_writer import problem_text
    from cnngrad.layers import operation

    given = {"A_prev": IMAGES.transpose(LAST), "W": KERNELS.transpose(2, 3, 1, 0)}
    given["dZ"] = ERRORS.transpose(LAST)
    problem = operation("conv-backward").read(given, {"like": "keras", "groups": 2})
    path = tmp_path / "problem.json"
    path.write_text(problem_text(problem), encoding="utf-8")
    again = read_problem(str(path)).problem()
    assert again.settings == problem.settings
    for name, array in problem.results.items():
        assert np.array_equal(again.results[name], array)


# ---- the command -------------------------------------------------------------------------------


def test_the_page_in_docs_is_what_the_command_writes(tmp_path):
    made = tmp_path / "conventions.md"
    assert main(["conventions", "--sources", "--output", str(made), "--quiet"]) == 0
    kept = (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8")
    assert made.read_text(encoding="utf-8") == kept, (
        "write it again: cnngrad conventions --sources --output docs/conventions.md --force"
    )


def test_two_profiles_side_by_side(capsys):
    assert main(["conventions", "pytorch", "mlx"]) == 0
    shown = capsys.readouterr().out
    differ, _, agree = shown.partition("Where they agree")
    assert ["error", "of", "a", "tie", "to", "first", "split"] in map(
        str.split, differ.splitlines()
    )
    assert "leaky slope" in agree
    assert "For instance: error of a tie to" in shown


def test_each_cell_that_differs_is_explained_by_its_setting(capsys):
    own = ["--input", "1 5 0; 5 2 1; 1 1 1", "--dz", "4", "--window", "2", "--stride", "2"]
    assert main(["conventions", "pytorch", "mlx", *own, "--format", "json"]) == 0
    differences = json.loads(capsys.readouterr().out)["differences"]
    assert differences == [
        {
            "result": "dA_prev",
            "cell": cell,
            "values": {"pytorch": first, "mlx": "2"},
            "settings": ["ties"],
        }
        for cell, first in (([0, 1], "4"), ([1, 0], "0"))
    ]
    assert main(["conventions", "pytorch", "mlx", *own]) == 0
    shown = capsys.readouterr().out
    assert "dA_prev[0,1] differs by ties:" in shown
    assert "MLX: dZ[0,0]·1/2 = 2" in shown


def test_own_numbers_in_a_file_keep_their_layout_and_what_they_state(tmp_path, capsys):
    path = tmp_path / "problem.json"
    image = [[[1], [2]], [[3], [4]]]
    data = {"op": "pool-forward", "like": "keras", "mode": "average", "window": 2}
    path.write_text(json.dumps({**data, "stride": 1, "padding": "same", "input": image}))
    names = ["keras", "flax", "pytorch"]
    assert main(["conventions", *names, "--problem", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["refused"] == {"pytorch": 'PyTorch has no padding "same" here.'}
    assert [d["cell"] for d in found["differences"]] == [[0, 1, 0], [1, 0, 0], [1, 1, 0]]
    assert {tuple(d["settings"]) for d in found["differences"]} == {("count_include_pad",)}


@pytest.mark.parametrize("ending", [".md", ".html", ".txt", ".tex", ".json"])
def test_conventions_are_written_as_every_kind_of_text(tmp_path, ending):
    path = tmp_path / f"conventions{ending}"
    assert main(["conventions", "keras", "pytorch", "--output", str(path), "--quiet"]) == 0
    assert "nhwc" in path.read_text(encoding="utf-8")
    assert main(["conventions", "keras", "--output", str(path), "--quiet"]) == 3


def test_own_numbers_need_two_profiles(capsys):
    assert main(["conventions", "keras", "--input", "1 2", "--window", "1"]) == 2
    assert "two profiles" in capsys.readouterr().err


# ---- what is shown -----------------------------------------------------------------------------


def shown(capsys, *arguments):
    assert main([*arguments, "--no-color"]) == 0
    return capsys.readouterr().out


LAST_ONE = ["--input", "[[[1,2],[3,4]],[[5,6],[7,8]]]", "--kernel", "[[[[1],[2]]]]"]
LAST_ONE += ["--dz", "[[[1],[2]],[[3],[4]]]", "--like", "keras"]


@pytest.mark.parametrize("style", ["table", "markdown"])
def test_channels_last_are_shown_last(capsys, style):
    text = shown(capsys, "conv-backward", *LAST_ONE, "--format", style)
    text = text.replace("\\", "").replace(" ", "").replace("{}", "")
    assert "dA_prev[:,:,1]" in text
    assert "W[:,:,1,0]" in text
    assert "dZ[0,1,0]=2" in text.replace(":dZ", "dZ")


def test_a_cell_in_channels_last_is_explained_by_its_own_indices(capsys):
    text = shown(capsys, "explain", *LAST_ONE, "dA_prev[0,1,1]", "dW[0,0,1,0]")
    assert "dZ[0,1,0]·W[0,0,1,0]" in text
    assert "dA_prev[0,1,1] = 4" in text
    assert "dW[0,0,1,0] = 60" in text


def test_weights_in_columns_are_shown_in_columns(capsys):
    own = ["--input", "1 2", "--weights", "1 0 1; 2 3 4", "--dz", "1 1 2", "--like", "keras"]
    text = shown(capsys, "dense-backward", *own, "--gradient", "dW")
    assert "Multiply row 0 of A_prev by 2 and add it onto column 2 of dW." in text
    finished = [line.split() for line in text.partition("dW, finished")[2].splitlines()]
    assert finished[2:4] == [["1", "1", "2"], ["2", "2", "4"]]
    assert "dW[1,2] = 4" in shown(capsys, "explain", *own, "dW[1,2]")


def test_a_turned_kernel_is_shown_turned(capsys):
    own = ["--input", "0 1; 2 3", "--kernel", "1 2; 3 4", "--dz", "10", "--flip"]
    text = shown(capsys, "conv-backward", *own, "--gradient", "dA_prev")
    assert "The kernel is turned by 180° first (--flip)." in text
    rows = [line.split() for line in text.splitlines()]
    assert ["[40]", "[30]", "+=", "4", "3", "×", "[10]", "=", "40", "30"] in rows
    assert "not" not in shown(capsys, "conv-backward", *own, "--gradient", "dW").split("db")[0]
    assert "dZ[0,0]·W[1,1]" in shown(capsys, "explain", *own, "dA_prev[0,0]")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "divided by 4: one cell of the input and padding, which counts"),
        (["--exclude-pad"], "divided by its one cell of the input"),
    ],
)
def test_what_an_average_divides_by_is_said(capsys, options, words):
    own = ["--input", "1 1; 1 1", "--window", "2", "--stride", "2", "--padding", "1"]
    text = shown(capsys, "explain", *own, "--mode", "average", *options, "A[0,0]")
    assert words in " ".join(text.split())


def test_a_fault_that_is_not_imitated_is_told(capsys):
    own = ["--input", "1 2 3; 4 5 6; 7 8 9", "--kernel", "1 1; 1 1", "--padding", "same"]
    text = shown(capsys, "conv-forward", *own, "--dilation", "2", "--like", "paddle")
    assert "sets the dilation back to 1" in " ".join(text.split())


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({}, "For dA_prev f is the sum of the samples' losses"),
        ({"batch": "loss-mean"}, "f is the loss."),
        ({"batch": "sum"}, "f is the loss."),
        ({"like": "pytorch"}, "f is the loss."),
    ],
)
def test_gradcheck_says_what_it_differentiates(tmp_path, capsys, extra, words):
    path = tmp_path / "network.json"
    path.write_text(json.dumps({"op": "network-backward", **CROSS_ENTROPY, **extra}))
    text = " ".join(shown(capsys, "gradcheck", str(path)).split())
    assert words in text
    assert "All gradients agree" in text


# ---- marking -----------------------------------------------------------------------------------


@pytest.fixture
def keras_problem(tmp_path):
    path = tmp_path / "problem.json"
    data = {"op": "conv-backward", "like": "keras", "input": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}
    data |= {"kernel": [[[[1], [2]]]], "dz": [[[1], [2]], [[3], [4]]]}
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_numbers_in_channels_last_are_marked_right(keras_problem, capsys):
    answer = {"dA_prev": [[[1, 2], [2, 4]], [[3, 6], [4, 8]]], "dW": [[[[50], [60]]]], "db": [10]}
    assert main(["check", keras_problem, json.dumps(answer)]) == 0
    assert "✓" in capsys.readouterr().out


def test_a_wrong_cell_in_channels_last_is_named_by_its_own_indices(keras_problem, capsys):
    answer = json.dumps({"dA_prev": [[[1, 2], [2, 5]], [[3, 6], [4, 8]]], "dW": [[[[50], [61]]]]})
    assert main(["check", keras_problem, answer, "--format", "json"]) == 1
    verdict = json.loads(capsys.readouterr().out)["gradients"]
    assert verdict["dA_prev"]["wrong_cells"] == [[0, 1, 1]]
    assert verdict["dW"]["wrong_cells"] == [[0, 0, 1, 0]]
    assert main(["check", keras_problem, answer]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "dA_prev[0,1,1] is 5 and should be 4" in text
    assert "dA_prev[0,1,1] = 4" in text
    assert "dW[0,0,1,0] is 61 and should be 60" in text


def test_another_layout_is_told_as_a_convention(keras_problem, capsys):
    first = {"dA_prev": [[[1, 2], [3, 4]], [[2, 4], [6, 8]]]}
    answer = json.dumps({**first, "dW": [[[[50], [60]]]], "db": [10]})
    assert main(["check", keras_problem, answer, "--format", "json"]) == 1
    mistakes = json.loads(capsys.readouterr().out)["gradients"]["dA_prev"]["mistakes"]
    assert mistakes[0]["convention"] == "layout=nchw"


# ---- exercises ---------------------------------------------------------------------------------


def test_an_exercise_in_a_framework_s_conventions_says_them(tmp_path, capsys):
    made = tmp_path / "exercise"
    own = ["exercise", "dense-backward", "--like", "keras", "--seed", "4", "--samples", "2"]
    assert main([*own, "--output", str(made), "--quiet"]) == 0
    problem = next(made.rglob("problem.json"))
    held = json.loads(problem.read_text(encoding="utf-8"))
    assert held["like"] == "keras"
    assert np.shape(held["weights"]) == (2, 3)
    assert main(own) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Z = A_prev · W + b" in text
    assert "each column of W belongs to a unit" in text
    assert "nothing is divided by N" in text
    main(["dense-backward", str(problem), "--format", "json"])
    assert np.shape(json.loads(capsys.readouterr().out)["results"]["dW"]) == (2, 3)


@pytest.mark.parametrize(
    ("name", "words"),
    [("theano", "The kernel is turned by 180°"), ("pytorch", "The kernel is not turned")],
)
def test_an_exercise_says_how_the_kernel_lies(capsys, name, words):
    assert main(["exercise", "conv-backward", "--like", name, "--seed", "4"]) == 0
    assert words in " ".join(capsys.readouterr().out.split())


def test_a_class_is_graded_in_a_framework_s_conventions(tmp_path, capsys):
    problem, answers = tmp_path / "problem.json", tmp_path / "answers"
    data = {"op": "dense-backward", "input": [[1, 2]], "weights": [[1, 0, 1], [2, 3, 4]]}
    problem.write_text(json.dumps({**data, "dz": [[1, 1, 2]]}), encoding="utf-8")
    answers.mkdir()
    (answers / "anna.json").write_text(json.dumps({"dW": [[1, 1, 2], [2, 2, 4]]}))
    own = ["grade", str(problem), str(answers), "--like", "keras", "--gradient", "dW"]
    assert main([*own, "--format", "json", "--jobs", "1"]) == 0
    (student,) = json.loads(capsys.readouterr().out)["submissions"]
    assert student["correct"] is True
