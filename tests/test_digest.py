"""Large networks: a digest that fits a few screens, and the same numbers as ever behind it."""

import json
import re

import numpy as np
import pytest

from cnngrad.files.json_text import plain_array
from cnngrad.network.initialise import drawn


def lenet(samples: int, **more: object) -> dict:
    random = np.random.default_rng(5)
    return {
        "op": "network-backward",
        "layers": [
            {"op": "conv", "filters": 6, "kernel_size": 5, "padding": 2},
            {"op": "relu"},
            {"op": "average-pool", "window": 2},
            {"op": "conv", "filters": 16, "kernel_size": 5},
            {"op": "relu"},
            {"op": "average-pool", "window": 2},
            {"op": "flatten"},
            {"op": "dense", "units": 120},
            {"op": "relu"},
            {"op": "dense", "units": 84},
            {"op": "relu"},
            {"op": "dense", "units": 10},
        ],
        "input": random.random((samples, 1, 28, 28)).round(3).tolist(),
        "target": random.integers(0, 10, samples).tolist(),
        "loss": "softmax-cross-entropy",
        "learning_rate": 0.001,
        "init": "tenths",
        **more,
    }


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("lenet") / "lenet.json"
    path.write_text(json.dumps(lenet(64)))
    return path


def test_lenet_on_a_batch_of_64_is_told_in_400_lines(cnngrad, file):
    run = cnngrad("network-backward", file)
    assert run.code == 0, run.err
    assert len(run.out.splitlines()) <= 400
    assert max(map(len, run.out.splitlines())) <= 80
    assert "--layer conv1" in run.out
    data = json.loads(cnngrad("network-backward", file, "--format", "json").out)
    layers = {layer["name"]: layer["results"] for layer in data["layers"]}
    rows = re.findall(r"^  (\w\S*)\.(d\w+) +([\d×]+) +(\S+) +(\[[\d,]+\])$", run.out, re.M)
    assert len(rows) == sum(map(len, layers.values())) == 22
    for name, gradient, shape, value, place in rows:
        cells = np.array(layers[name][gradient])
        assert shape == "×".join(map(str, cells.shape))
        at = tuple(json.loads(place))
        assert abs(cells[at]) == np.abs(cells).max()
        assert float(value) == pytest.approx(cells[at], rel=1e-2)
    corner = re.search(r" dW 10×84\n((?:.*\n){3})", run.out)
    first = np.array(layers["dense3"]["dW"])[:3, :4]
    drawn = np.array([line.split()[-4:] for line in corner[1].splitlines()], float)
    assert np.allclose(drawn, first, atol=np.abs(layers["dense3"]["dW"]).max() * 1e-2)


def test_a_layer_of_it_is_looked_into(cnngrad, file):
    run = cnngrad("network-backward", file, "--layer", "conv2", "--gradient", "db")
    assert run.code == 0, run.err
    assert len(run.out.splitlines()) < 400
    assert "dA_prev 64×6×14×14" not in run.out
    data = json.loads(cnngrad("network-backward", file, "--layer", "conv2", "--format", "json").out)
    assert [layer["name"] for layer in data["layers"]] == ["conv2"]


def test_a_large_file_gives_the_numbers_of_an_exact_reading(cnngrad, file, monkeypatch):
    quick = cnngrad("network-backward", file, "--format", "json").out
    monkeypatch.setattr("cnngrad.network.file.LARGE", float("inf"))
    assert cnngrad("network-backward", file, "--format", "json").out == quick


def test_what_is_wrong_in_a_large_file_is_told_with_its_place(cnngrad, tmp_path):
    path = tmp_path / "net.json"
    for bad, told in [
        ("1e999", "1e999"),
        ("true", "input[1][0][2][3]"),
        ("null", "input[1][0][2][3]"),
        ("[1]", "input[1][0][2][3]"),
    ]:
        data = lenet(64)
        data["input"][1][0][2][3] = "BAD"
        path.write_text(json.dumps(data).replace('"BAD"', bad))
        run = cnngrad("network-backward", path)
        assert run.code == 3
        assert told in run.err
        assert run.out == ""


def test_a_large_file_of_fractions_is_exact_if_it_is_asked_for(cnngrad, tmp_path):
    path = tmp_path / "net.json"
    numbers = [[k / 10 for k in range(100)] for _ in range(600)]
    data = {
        "layers": [{"op": "dense", "weights": [["1/3"] * 100]}],
        "input": numbers,
        "target": [[0.1]] * 600,
        "loss": "squared-error",
    }
    path.write_text(json.dumps(data))
    assert path.stat().st_size > 200_000
    told = json.loads(cnngrad("network-backward", path, "--format", "json", "--exact").out)
    assert told["exact"]
    assert told["fractions"]["dA_prev"][0][0] == "1649/30"


@pytest.mark.parametrize(
    "data", [[1, True], [[1], [2, 3]], [], [[]], [1, "2"], [1e400], [10**30], [[[[[1]]]]], [None]]
)
def test_only_plain_numbers_are_read_quickly(data):
    assert plain_array(data) is None


def test_input_target_and_parameters_may_be_files_beside_the_network(cnngrad, tmp_path):
    data = lenet(2)
    whole = tmp_path / "whole.json"
    whole.write_text(json.dumps(data))
    home = tmp_path / "net"
    (home / "data").mkdir(parents=True)
    np.save(home / "data" / "mnist.npy", np.array(data["input"]))
    (home / "digits.csv").write_text(",".join(map(str, data["target"])))
    file = home / "net.json"
    file.write_text(json.dumps({**data, "input": "data/mnist.npy", "target": "digits.csv"}))
    asked = ("--format", "json")
    assert (
        cnngrad("network-backward", file, *asked).out
        == cnngrad("network-backward", whole, *asked).out
    )
    after = home / "after.json"
    assert cnngrad("network-backward", file, "--output", after, "--quiet").code == 0
    parameters = json.loads(after.read_text())["layers"]
    np.save(home / "kernel.npy", np.array(parameters[0]["kernel"]))
    parameters[0]["kernel"] = "kernel.npy"
    file.write_text(json.dumps({**data, "layers": parameters}))
    assert cnngrad("network-backward", file, *asked).code == 0


@pytest.mark.parametrize("name", ["../out.npy", "link.npy", "{absolute}", "../out 1.csv"])
def test_a_network_reads_no_file_outside_its_folder(cnngrad, tmp_path, name):
    home = tmp_path / "net"
    home.mkdir()
    np.save(tmp_path / "out.npy", np.ones((1, 2)))
    (tmp_path / "out 1.csv").write_text("1,1")
    (home / "link.npy").symlink_to(tmp_path / "out.npy")
    data = {
        "layers": [{"op": "dense", "weights": [[1, 2]]}],
        "input": name.format(absolute=tmp_path / "out.npy"),
        "target": [[1]],
        "loss": "squared-error",
    }
    (home / "net.json").write_text(json.dumps(data))
    run = cnngrad("network-backward", home / "net.json")
    assert (run.code, run.out) == (3, "")
    assert "own folder only" in run.err
    assert str(home) in run.err


@pytest.mark.parametrize(("init", "fans"), [("he", 400), ("glorot", 520)])
def test_he_and_glorot_are_uniform_within_their_bounds(init, fans):
    weights = drawn(init, 3, 0, {"W": (120, 400), "b": (120,)})
    cells = weights["W"].astype(float)
    bound = (6 / fans) ** 0.5
    assert np.abs(cells).max() <= bound
    assert np.abs(cells).max() > 0.99 * bound
    assert abs(cells.mean()) < 0.01 * bound
    assert cells.var() == pytest.approx(bound**2 / 3, rel=0.02)
    assert (cells != 0).all()
    assert not weights["b"].any()


def test_a_drawn_network_can_be_written_and_gone_on_with(cnngrad, tmp_path):
    file, after = tmp_path / "net.json", tmp_path / "after.json"
    file.write_text(json.dumps(lenet(2, init="he", seed=4)))
    assert cnngrad("network-backward", file, "--output", after, "--quiet").code == 0
    before, later = (
        json.loads(cnngrad("network-backward", path, "--format", "json").out)
        for path in (file, after)
    )
    assert later["loss"] == pytest.approx(before["loss_after"])
