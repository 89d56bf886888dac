"""An activation before a dense layer: each step multiplies a cell of dA_prev, in every face."""

import json
import re
from math import exp

import pytest

from cnngrad.core.trace import Trace
from cnngrad.files import read_problem
from cnngrad.show.explorer.navigator import Navigator
from cnngrad.show.web.notebook import step_html, trace_html

# More numbers than units: a cell of dA_prev has no cell of dZ at its place.
WIDE = {
    "op": "dense-backward",
    "input": [1, 0, 3],
    "weights": [[1, 0, 2], [0, 1, -1]],
    "dz": [1, -2],
    "z": [1, -4, 3],
    "activation": "softmax",
}
SQUARE = {**WIDE, "weights": [[1, 0, 2], [0, 1, -1], [2, 2, 2]], "dz": [1, -2, 7]}
FEW = {**WIDE, "input": [1, 3], "weights": [[1, 2], [0, -1], [5, 5]], "dz": [1, -2, 7], "z": [1, 3]}
CASES = [(WIDE, [1, -2, 4]), (SQUARE, [15, 12, 18]), (FEW, [36, 39])]


def softmax_s_errors(z, errors):
    """dZ_prev by the formula with a double loop."""
    powers = [exp(x - max(z)) for x in z]
    shares = [power / sum(powers) for power in powers]
    return [
        sum(errors[j] * shares[j] * ((i == j) - shares[i]) for j in range(len(z)))
        for i in range(len(z))
    ]


@pytest.fixture(params=CASES, ids=["wide", "square", "few"])
def case(request, tmp_path):
    data, errors = request.param
    path = tmp_path / "p.json"
    path.write_text(json.dumps(data))
    return path, errors, data


def multiplied(text):
    """What each step says that it multiplies."""
    return [int(n) for n in re.findall(r"[Mm]ultiply\s+(-?\d+)\s+by\s+the\s+slope", text)]


@pytest.mark.parametrize("activation", ["softmax", "relu", "sigmoid", "leaky-relu", "tanh"])
@pytest.mark.parametrize("ending", ["txt", "md", "tex", "html"])
def test_each_step_names_and_uses_the_cell_that_it_multiplies(cnngrad, case, activation, ending):
    path, errors, _ = case
    out = path.with_suffix(f".{ending}")
    words = ("--activation", activation, "--gradient", "dZ_prev", "--steps", "all")
    run = cnngrad("dense-backward", path, *words, "--output", out)
    assert run.code == 0, run.err
    for text in (run.out, out.read_text()):
        said = re.sub(r"\\-|\N{MINUS SIGN}|\$-\$|\$", lambda m: "-" if m[0] != "$" else "", text)
        assert multiplied(said) == errors


def test_the_sums_come_out(cnngrad, case):
    path, errors, data = case
    run = cnngrad("dense-backward", path, "--format", "json")
    found = json.loads(run.out)["results"]
    assert found["dA_prev"] == errors
    assert found["dZ_prev"] == pytest.approx(softmax_s_errors(data["z"], errors))


def test_steps_as_csv_name_the_cell_that_they_multiply(cnngrad, case):
    path, errors, data = case
    words = ("--gradient", "dZ_prev", "--steps", "all", "--format", "csv")
    lines = cnngrad("dense-backward", path, *words).out.splitlines()[1:]
    cells = [re.search(r'"(dA_prev\[\d\])",(-?\d+)', line).groups() for line in lines]
    assert cells == [(f"dA_prev[{k}]", str(error)) for k, error in enumerate(errors)]
    added = [list(map(float, line.rpartition(",")[2].split())) for line in lines]
    sums = [sum(column) for column in zip(*added, strict=True)]
    assert sums == pytest.approx(softmax_s_errors(data["z"], errors))


def test_the_figure_names_them_too(cnngrad, case):
    path, errors, _ = case
    out = path.with_suffix(".svg")
    words = ("--gradient", "dZ_prev", "--steps", "all", "--output", out)
    assert cnngrad("dense-backward", path, *words).code == 0
    drawn = re.sub(r"<[^>]+>", " ", out.read_text()).replace("\N{MINUS SIGN}", "-")
    for k, error in enumerate(errors):
        assert f"dA_prev[{k}] = {error}" in drawn


def test_explorer_and_notebook_name_them(case):
    path, errors, _ = case
    problem = read_problem(str(path)).problem()
    trace: Trace = problem.trace("dZ_prev")
    trace.problem = problem
    walk = Navigator(problem, ("dZ_prev",))
    for k, error in enumerate(errors, 1):
        walk.go(k)
        assert walk.panel.cell == f"dA_prev[{k - 1}] = {error}"
        assert multiplied(walk.panel.picture.words) == [error]
    shown = re.sub(r"<[^>]+>", "", trace_html(trace)).replace("\N{MINUS SIGN}", "-")
    assert all(str(error) in shown for error in errors)
    assert [step_html(step) for step in trace]


@pytest.mark.parametrize("activation", ["softmax", "relu"])
def test_what_the_activation_was_given_feeds_what_it_made(cnngrad, case, activation):
    path, _, data = case
    count = len(data["z"]) if activation == "softmax" else 1
    words = ("explain", path, "--activation", activation, "--reverse", "Z_prev[0]")
    told = json.loads(cnngrad(*words, "--format", "json").out)
    assert [use["cell"] for use in told["feeds"]] == [f"A_prev[{k}]" for k in range(count)]
    run = cnngrad(*words)
    assert run.code == 0
    assert f"takes part in {'one cell' if count == 1 else f'{count} cells'} of A_prev" in run.out
