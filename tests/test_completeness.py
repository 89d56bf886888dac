"""Completeness: every layer has all that the program shows, and a new one shows itself at once."""

import json
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from conftest import ROOT, SAMPLES

from cnngrad import api
from cnngrad.cli import app
from cnngrad.core.explanation import forward_of
from cnngrad.core.problem import Problem
from cnngrad.core.spec import BACKWARD
from cnngrad.files import read_problem
from cnngrad.layers import LAYERS, OPERATIONS, layer, operation, specs
from cnngrad.layers.rules import rules_for
from cnngrad.network import read_network
from cnngrad.network.passes import backward
from cnngrad.pictures.layer_words import words_of
from cnngrad.pictures.result_words import PLAIN
from cnngrad.pictures.step_view import artist_of

WITHOUT_STEP = {
    "conv.db",
    "transposed.db",
    "dense.db",
    *(f"batch_norm.{name}" for name in ("mean", "variance", "dvariance", "dmean")),
    *(f"batch_norm.{name}" for name in ("dgamma", "dbeta")),
}
"""Results that are told as sums, cell by cell, instead of in steps."""


def problems_of_every_kind() -> list[Problem]:
    """Each kind of problem once, forward and backward, from the samples."""
    found: dict[tuple[str, str], Problem] = {}
    for path in sorted(SAMPLES.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            continue
        if "layers" in data and "input" in data:
            walk = backward(read_network(str(path)).computed())
            problems = [one for result in walk.layers for one in (result.forward, result.backward)]
        elif data.get("op") in OPERATIONS:
            problem = read_problem(str(path)).problem().computed()
            problems = [problem, forward_of(problem)]
        else:
            continue
        for problem in problems:
            found.setdefault((problem.op, str(problem.settings.get("mode", ""))), problem)
    return list(found.values())


KINDS = problems_of_every_kind()


def test_the_samples_have_every_kind_of_layer():
    assert {problem.op for problem in KINDS} >= set(OPERATIONS)
    assert {type(problem) for problem in KINDS} >= {layer(name).problem for name in LAYERS}


@pytest.mark.parametrize("problem", KINDS, ids=lambda p: f"{p.op}-{p.settings.get('mode', '')}")
def test_every_result_of_every_layer_has_its_words_and_pictures(problem):
    for name in problem.names:
        rule = problem.trace(name).plan.rule
        known = words_of(problem, rule)
        assert known.introduction != PLAIN.introduction, rule
        if rule not in WITHOUT_STEP:
            assert known.step != PLAIN.step, rule
            assert artist_of(problem, rule), rule
        if problem.op in OPERATIONS:
            assert known.reason != PLAIN.reason, rule
            assert rules_for(problem).rules


def test_every_operation_has_its_help_a_sample_and_a_place_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sampled = {problem.op for problem in KINDS}
    for spec in specs():
        assert spec.name in OPERATIONS
        assert spec.help.title
        assert spec.help.example
        assert all(operand.help for operand in spec.operands), spec.name
        assert all(setting.help for setting in spec.settings), spec.name
        assert f"`cnngrad {spec.name}`" in readme or f"cnngrad {spec.name}" in readme, spec.name
        if spec.direction == BACKWARD:
            assert spec.name in sampled


def test_every_layer_of_a_network_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in LAYERS:
        assert layer(name).problem.forward is not None
        assert re.search(rf"\b{name}\b", readme), name


# ---- a layer that only this test has ----------------------------------------------------------

L2 = {"input": [[3, 4, 0], [6, 8, 5]], "window": [1, 2]}
DZ = {"dz": [[10], [5]]}


@pytest.fixture
def l2_pooling(monkeypatch) -> Iterator[None]:
    """L2 pooling in its folder, and its lines in the registry: nothing else."""
    for direction in ("forward", "backward"):
        name = f"l2-pool-{direction}"
        place = f"added.l2_pooling:{direction.upper()}"
        monkeypatch.setitem(OPERATIONS, name, (place, "L2 pooling."))
        monkeypatch.setattr(app, "COMMANDS", (*app.COMMANDS, name))
    monkeypatch.setitem(LAYERS, "l2-pool", "added.l2_pooling")
    assert import_module("added.l2_pooling.layer").LAYERS


@pytest.fixture
def l2_file(tmp_path, l2_pooling):
    path = tmp_path / "l2.json"
    path.write_text(json.dumps({"op": "l2-pool-backward", **L2, **DZ}))
    return path


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown", "latex"])
@pytest.mark.parametrize("steps", [[], ["--steps", "all"], ["--steps", "2"]])
def test_a_half_added_layer_shows_itself_in_every_format(cnngrad, l2_file, form, steps):
    run = cnngrad("l2-pool-backward", l2_file, "--format", form, *steps)
    assert run.code == 0, run.err
    assert "3" in run.out
    if form == "json":
        assert json.loads(run.out)["results"]["dA_prev"] == [[6, 8, 0], [3, 4, 0]]


@pytest.mark.parametrize("ending", ["html", "svg", "txt", "md", "tex", "csv", "json", "npz", "gif"])
@pytest.mark.parametrize("options", [[], ["--steps", "1-2"]])
def test_a_half_added_layer_can_be_written_as_anything(cnngrad, l2_file, tmp_path, ending, options):
    if ending == "gif":
        pytest.importorskip("PIL")
    out = tmp_path / f"out.{ending}"
    run = cnngrad("l2-pool-backward", l2_file, "--output", out, *options)
    assert run.code == 0, run.err
    assert out.stat().st_size > 20


@pytest.mark.parametrize("color", [False, True])
def test_a_half_added_layer_is_explained(cnngrad, l2_file, color):
    run = cnngrad("explain", l2_file, "dA_prev[0,1]", color=color)
    assert run.code == 0, run.err
    assert "dA_prev[0,1] = 8" in run.out
    run = cnngrad("explain", l2_file, "--reverse", "A_prev[0,1]", color=color)
    assert run.code == 0, run.err
    assert "takes part in one cell of A" in run.out
    run = cnngrad("explain", l2_file, "A[0,0]")
    assert run.code == 0, run.err


def test_a_half_added_layer_is_checked(cnngrad, l2_file, tmp_path):
    run = cnngrad("l2-pool-backward", l2_file, "--check", "6 8 0; 3 4 0")
    assert run.code == 0, run.err
    run = cnngrad("check", l2_file, "-6 -8 0; -3 -4 0", "--format", "json")
    assert run.code == 1, run.err
    (mistake,) = json.loads(run.out)["gradients"]["dA_prev"]["mistakes"]
    assert mistake["codes"] == ["negated"]


def test_a_half_added_layer_agrees_with_its_differences(cnngrad, l2_file):
    run = cnngrad("gradcheck", l2_file, "--input", "3 4 1; 1 2 5")
    assert run.code == 0, run.err


def test_a_half_added_layer_goes_forward_and_has_help(cnngrad, l2_pooling):
    run = cnngrad("l2-pool-forward", "--input", "3 4; 6 8", "--window", "1,2")
    assert run.code == 0, run.err
    assert "10" in run.out
    assert "--window" in cnngrad("l2-pool-forward", "--help").out
    assert "l2-pool-forward" in cnngrad("--help").out


def test_a_half_added_layer_stands_in_a_notebook(l2_file):
    steps = api.trace(str(l2_file))
    assert "<table" in steps._repr_html_()
    assert "<table" in steps.problem._repr_html_()


@pytest.mark.parametrize("form", ["table", "json", "html", "svg", "md", "tex", "txt"])
def test_a_half_added_layer_works_in_a_network(cnngrad, tmp_path, l2_pooling, form):
    path = tmp_path / "net.json"
    network = {
        "input": [[3, 4], [6, 8]],
        "layers": [
            {"op": "l2-pool", "name": "l2", "window": [1, 2]},
            {"op": "flatten"},
            {"op": "dense", "weights": [[1, 2]]},
        ],
        "target": [30],
        "loss": "squared-error",
    }
    path.write_text(json.dumps(network))
    printed = form in ("table", "json")
    out = ["--format", form] if printed else ["--output", tmp_path / f"net.{form}"]
    out += ["--layer", "l2"] if form == "svg" else []
    run = cnngrad("network-backward", path, *out)
    assert run.code == 0, run.err
    assert cnngrad("explain", path, "l2.dA_prev[0,1]").code == 0
    assert cnngrad("gradcheck", path).code == 0


def test_a_half_added_layer_can_be_walked_through(l2_file):
    pytest.importorskip("textual")
    import asyncio

    from cnngrad.show.explorer.app import Explorer

    async def walk() -> str:
        explorer = Explorer(api.trace(str(l2_file)).problem)
        async with explorer.run_test(size=(100, 40)) as pilot:
            for key in ("right", "down", "enter", "left"):
                await pilot.press(key)
        return explorer.title or "cnngrad"

    assert asyncio.run(walk())


def test_the_registry_gives_back_what_it_was_given(l2_pooling):
    assert operation("l2-pool-backward").spec.name == "l2-pool-backward"
