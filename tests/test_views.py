"""The other views of a convolution show the same gradients, cell for cell."""

import numpy as np
import pytest
from conftest import SAMPLES

from cnngrad.layers import operation

VIEWS = ["zeros", "full", "matrix"]
CASES = [
    {},
    {"stride": 2},
    {"stride": (1, 2), "padding": 1},
    {"padding": ((0, 1), (2, 0)), "dilation": 2},
    {"groups": 2, "padding": 1},
    {"flip": True, "stride": 2},
    {"dims": 1, "stride": 2, "padding": 1},
    {"dims": 3, "padding": 1},
]


def given(settings, transposed):
    """Small matrices that fit the settings."""
    rng = np.random.default_rng(0)
    dims, groups = settings.get("dims", 2), settings.get("groups", 1)
    shape = (2, 2, *([5] * dims if dims < 3 else [3] * 3))
    kernel = (2, 2 // groups, *[2] * dims)
    family = "conv-transpose" if transposed else "conv"
    known = {"A_prev": rng.integers(-4, 5, shape), "W": rng.integers(-4, 5, kernel)}
    output = operation(f"{family}-forward").problem(known, settings).shapes["Z"]
    return family, known | {"dZ": rng.integers(-4, 5, output)}


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("settings", CASES, ids=str)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_adds_up_to_the_gradient(view, settings, transposed):
    family, known = given(settings, transposed)
    for direction in ("forward", "backward"):
        names = {"A_prev", "W"} | ({"dZ"} if direction == "backward" else set())
        matrices = {name: known[name] for name in names}
        problem = operation(f"{family}-{direction}").problem(matrices, {**settings, "view": view})
        for name in problem.names:
            total = np.array(problem.trace(name).total(), object)
            assert (total.reshape(problem.results[name].shape) == problem.results[name]).all()


@pytest.mark.parametrize("form", ["table", "markdown", "latex"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_in_every_face(cnngrad, tmp_path, view, form):
    path = SAMPLES / "stride_padding" / "problem.json"
    run = cnngrad("conv-backward", path, "--view", view, "--format", form, "--steps", "all")
    assert run.code == 0, run.err
    for ending in ("html", "svg", "txt"):
        out = tmp_path / f"{view}.{ending}"
        asked = ["--output", out, "--gradient", "dA_prev"]
        assert cnngrad("conv-backward", path, "--view", view, *asked).code == 0


def test_the_turned_kernel_collects_what_is_sent(cnngrad):
    run = cnngrad(
        "conv-backward",
        *("--input", "0 1 2; 3 4 5; 6 7 8", "--kernel", "0 1; 2 3", "--dz", "-1 -2; -3 -4"),
        *("--view", "full", "--gradient", "dA_prev", "--steps", "5"),
    )
    assert "W, turned by 180°" in run.out
    assert "dA_prev[1,1] = -1·3 + -2·2 + -3·1 + -4·0 = -10" in run.out


def test_the_matrix_has_the_weights_where_they_lie(cnngrad):
    run = cnngrad(
        "conv-forward",
        *("--input", "0 1 2; 3 4 5; 6 7 8", "--kernel", "0 1; 2 3"),
        *("--view", "matrix", "--steps", "2"),
    )
    assert "0  [0] [1]  0  [2] [3]  0   0   0" in run.out
