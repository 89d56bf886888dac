"""Every sample runs, in every form, and its forms agree."""

import json

import pytest
from conftest import SAMPLES

from cnngrad.files.samples import sample_files

OPERATIONS = {name: path for name, path in sample_files().items() if path.name == "problem.json"}
OPTIONS = {"A_prev": "--input", "W": "--kernel", "dZ": "--dz", "gamma": "--gamma"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_problem_file_csv_and_json_agree(cnngrad, name):
    problem = json.loads(OPERATIONS[name].read_text())
    op = problem["op"]
    results = json.loads(cnngrad(op, OPERATIONS[name], "--format", "json").out)["results"]
    settings = [
        word
        for key in ("mode", "dims", "window", "stride", "padding", "dilation", "groups", "epsilon")
        if key in problem
        for word in (f"--{key}", problem[key])
    ]
    for ending in ("csv", "json"):
        matrices = [
            word
            for matrix, option in OPTIONS.items()
            if (SAMPLES / name / f"{matrix}.{ending}").exists()
            for word in (option, SAMPLES / name / f"{matrix}.{ending}")
        ]
        run = cnngrad(op, *matrices, *settings, "--format", "json")
        assert run.code == 0, run.err
        assert json.loads(run.out)["results"] == results


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_other_direction_runs_on_the_same_file(cnngrad, name):
    op = json.loads(OPERATIONS[name].read_text())["op"].replace("backward", "forward")
    run = cnngrad(op, OPERATIONS[name])
    assert run.code == 0, run.err
    assert "finished" in run.out


def test_each_sample_is_explained():
    readme = (SAMPLES / "README.md").read_text()
    for name in sample_files():
        assert f"`{name}`" in readme


EXPECTED = {
    "stride_padding": {
        "dW": [[3, 9, 7], [1, -4, 9], [-1, 9, 9]],
        "db": [5],
    },
    "max_overlap_tie": {"dA_prev": [[0, 5, 0], [4, 0, 0], [0, 0, -1]]},
    "average_padded": {"dA_prev": [[1, 2, 2], [0.5, 0.75, 0.75], [0.5, 0.75, 0.75]]},
    "batch": {"dW": [[-11, -17.5], [-21.5, -31]], "db": [-2]},
}
"""Worked by hand."""


@pytest.mark.parametrize("name", EXPECTED)
def test_numbers_worked_by_hand(cnngrad, name):
    data = json.loads(cnngrad("example", name, "--format", "json").out)["results"]
    for gradient, expected in EXPECTED[name].items():
        assert data[gradient] == expected
