"""`dense-*`, `network-backward` and `gradcheck` as a person runs them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, Program

from cnngrad.pictures.selection import SizeBudget

NETWORKS = ("perceptron", "lenet_toy", "exact_network", "network_batch")


def sample(name: str) -> Path:
    return SAMPLES / name / f"{name}.json"


def data_of(cnngrad: Program, *arguments: object) -> dict[str, Any]:
    run = cnngrad(*arguments, "--format", "json")
    assert run.code == 0, run.err
    data: dict[str, Any] = json.loads(run.out)
    return data


# ---- the numbers ----------------------------------------------------------------------------


def test_the_textbook_perceptron(cnngrad: Program) -> None:
    """The published numbers of Matt Mazur's A Step by Step Backpropagation Example (2015)."""
    data = data_of(cnngrad, "network-backward", sample("perceptron"))
    hidden, _, output, last = data["layers"]
    assert data["loss"] == pytest.approx(0.298371109, abs=1e-9)
    assert last["results"]["dA_prev"][0] == pytest.approx(0.138498562, abs=1e-9)
    assert output["results"]["dW"][0][0] == pytest.approx(0.082167041, abs=1e-9)
    assert output["updated"]["W"] == [
        pytest.approx([0.35891648, 0.408666186], abs=1e-8),
        pytest.approx([0.511301270, 0.561370121], abs=1e-8),
    ]
    assert hidden["updated"]["W"] == [
        pytest.approx([0.149780716, 0.19956143], abs=1e-8),
        pytest.approx([0.24975114, 0.29950229], abs=1e-8),
    ]


def test_the_exact_network_is_exact(cnngrad: Program) -> None:
    data = data_of(cnngrad, "network-backward", sample("exact_network"))
    assert data["exact"] is True
    assert data["loss"] == 5
    assert data["results"] == {"dA_prev": [[3.5, 3.5, 0], [0, 0, -3.5], [0, 0, -3.5]]}
    conv = data["layers"][0]
    assert (conv["name"], conv["op"]) == ("conv1", "conv")
    assert conv["fractions"]["dW"] == [["21", "14"], ["21/2", "35/2"]]
    assert conv["updated"] == {"W": [[0.79, -0.14], [-0.105, -1.175]], "b": [0.895]}


@pytest.mark.parametrize(
    "words",
    [
        ["example", "exact_network"],
        ["example", "exact_network", "--layer", "conv1"],
        ["explain", "exact_network", "relu1.dA_prev[0,0]", "conv1.db[0]"],
    ],
)
def test_a_network_writes_all_its_numbers_in_one_notation(
    cnngrad: Program, words: list[str]
) -> None:
    out = cnngrad(*words).out.replace("1/4", "")  # a share is no number
    assert "3.5" in out
    assert not re.search(r"\d/\d|= 3.5 +=", out), out


@pytest.mark.parametrize(
    ("rate", "more", "after"),
    [
        ("0.1", [], "-0.99995"),
        ("0.1", ["--layer", "conv1"], "-0.999952"),
        ("0.001", [], "-0.9999995"),
    ],
)
def test_a_small_step_of_descent_is_seen(
    cnngrad: Program, rate: str, more: list[str], after: str
) -> None:
    out = cnngrad("example", "network_batch", "--learning-rate", rate, *more).out
    assert re.search(rf"-1 +− {rate} × +-0.000482 += +{after}\n", out), out
    if not more and rate == "0.1":
        assert "0.2175" in out  # no digit less where the usual ones tell


def test_lenet_agrees_with_torch(cnngrad: Program) -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    data = data_of(cnngrad, "network-backward", sample("lenet_toy"), "--learning-rate", "0.1")
    before = {layer["name"]: layer for layer in data["layers"]}

    def leaf(name: str, key: str) -> Any:  # W before the step is W after it plus α·dW
        layer = before[name]
        after = torch.tensor(layer["updated"][key], dtype=torch.float64)
        step = 0.1 * torch.tensor(layer["results"][f"d{key}"], dtype=torch.float64)
        return (after + step).requires_grad_()

    leaves = {(n, k): leaf(n, k) for n in ("conv1", "conv2", "dense1") for k in ("W", "b")}
    image = json.loads(sample("lenet_toy").read_text())["input"]
    x = first = torch.tensor([[image]], dtype=torch.float64, requires_grad=True)
    x = functional.conv2d(x, leaves["conv1", "W"], leaves["conv1", "b"])
    x = functional.max_pool2d(torch.relu(x), 2)
    x = functional.conv2d(x, leaves["conv2", "W"], leaves["conv2", "b"])
    x = functional.avg_pool2d(x, 2).flatten(1)
    x = functional.linear(x, leaves["dense1", "W"], leaves["dense1", "b"])
    loss = functional.cross_entropy(x, torch.tensor([2]))
    loss.backward()
    assert data["loss"] == pytest.approx(loss.item(), abs=1e-12)
    for (name, key), tensor in leaves.items():
        mine = torch.tensor(before[name]["results"][f"d{key}"], dtype=torch.float64)
        assert (mine - tensor.grad).abs().max() < 1e-12
    mine = torch.tensor(data["results"]["dA_prev"], dtype=torch.float64)
    assert (mine - first.grad[0, 0]).abs().max() < 1e-12


# ---- one step after the other ---------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_the_written_network_goes_on_downhill(cnngrad: Program, name: str, tmp_path: Path) -> None:
    losses, file = [], sample(name)
    for k in range(3):
        written = tmp_path / f"{k}.json"
        rate = [] if k else ["--learning-rate", "0.01"]
        losses.append(data_of(cnngrad, "network-backward", file, *rate)["loss"])
        assert cnngrad("network-backward", file, *rate, "--output", written).code == 0
        file = written
    assert losses[0] > losses[1] > losses[2]


def test_the_written_network_of_an_exact_one_is_exact(cnngrad: Program, tmp_path: Path) -> None:
    written = tmp_path / "next.json"
    cnngrad("network-backward", sample("exact_network"), "--output", written)
    before = data_of(cnngrad, "network-backward", sample("exact_network"))
    after = data_of(cnngrad, "network-backward", written)
    assert after["exact"] is True
    assert after["loss"] == before["loss_after"]


def test_without_a_learning_rate_the_gradients_are_written(
    cnngrad: Program, tmp_path: Path
) -> None:
    written = tmp_path / "gradients.json"
    cnngrad("network-backward", sample("lenet_toy"), "--output", written)
    data = json.loads(written.read_text())
    assert "loss_after" not in data
    assert "updated" not in data["layers"][0]
    assert data["layers"][0]["results"]["db"]


# ---- what is shown --------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", ["lenet_toy", "network_batch"])
def test_the_worked_solution(cnngrad: Program, golden: Any, name: str, columns: int) -> None:
    run = cnngrad("network-backward", sample(name), "--learning-rate", "0.1", columns=columns)
    assert run.code == 0, run.err
    assert max(map(len, run.out.splitlines())) <= columns
    golden(f"{name}_{columns}.txt", run.out)


def test_the_two_stages_stand_in_the_articles_order(cnngrad: Program) -> None:
    out = cnngrad("example", "lenet_toy", "--learning-rate", "0.1").out
    order = [
        "── forward",
        "── the loss",
        "Stage 1 of 2",
        "── dense1",
        "Stage 2 of 2",
        "── flatten1",
    ]
    order += ["── conv2", "── max-pool1", "── relu1", "── conv1", "gradient descent"]
    places = [out.index(words) for words in order]
    assert places == sorted(places)
    assert "The loss was 0.818957 before the step and is 0.128524 after it." in out


def test_a_step_too_far_is_told(cnngrad: Program) -> None:
    out = cnngrad("network-backward", sample("exact_network"), "--learning-rate", "1").out
    assert "the learning rate may be too large" in out


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_can_be_looked_into(cnngrad: Program, name: str) -> None:
    data = data_of(cnngrad, "network-backward", sample(name))
    for layer in data["layers"]:
        for steps in ([], ["--steps", "all"]):
            run = cnngrad("network-backward", sample(name), "--layer", layer["name"], *steps)
            assert run.code == 0, run.err
            assert "dA_prev, finished" in run.out
            assert max(map(len, run.out.splitlines())) <= 80


def test_one_layer_alone_as_json(cnngrad: Program) -> None:
    data = data_of(cnngrad, "network-backward", sample("lenet_toy"), "--layer", "conv2")
    assert [layer["name"] for layer in data["layers"]] == ["conv2"]


def test_csv_names_every_gradient(cnngrad: Program) -> None:
    out = cnngrad("network-backward", sample("exact_network"), "--format", "csv").out
    assert "# conv1.dW\n21,14\n21/2,35/2\n" in out
    assert "# dense1.db\n1,-3\n" in out


def test_relu_at_zero_is_told_where_it_matters(cnngrad: Program) -> None:
    out = cnngrad("network-backward", sample("exact_network")).out
    assert "the derivative of ReLU\n  at 0 is taken to be 0" in out
    assert "derivative of ReLU" not in cnngrad("network-backward", sample("lenet_toy")).out


# ---- dense ----------------------------------------------------------------------------------

DENSE = ("--input", "1 0 3", "--weights", "1 0 2; 0 1 -1")
BACK = ("dense-backward", *DENSE, "--dz", "1 -2")


def test_dense_forward_and_backward(cnngrad: Program) -> None:
    data = data_of(cnngrad, "dense-forward", *DENSE, "--bias", "10 20")
    assert data["results"] == {"Z": [[17, 17]]}
    data = data_of(cnngrad, *BACK)
    assert data["results"] == {
        "dA_prev": [[1, -2, 4]],
        "dW": [[1, 0, 3], [-2, 0, -6]],
        "db": [1, -2],
    }


def test_dense_backward_goes_on_to_the_layer_before(cnngrad: Program, golden: Any) -> None:
    asked = [*BACK, "--activation", "relu", "--z", "1 -4 3", "--learning-rate", "0.1"]
    data = data_of(cnngrad, *asked)
    assert data["results"]["dZ_prev"] == [[1, 0, 4]]
    assert data["updated"] == {"W": [[0.9, 0, 1.7], [0.2, 1, -0.4]]}
    golden("dense_80.txt", cnngrad(*asked, "--bias", "1/2 0").out)


def test_conv_backward_takes_a_step_too(cnngrad: Program) -> None:
    asked = ["conv-backward", SAMPLES / "convolution" / "problem.json", "--learning-rate", "1/10"]
    data = data_of(cnngrad, *asked, "--bias", "3")
    assert data["updated"] == {"W": [[2.7, 4.7], [7.7, 9.7]], "b": [4]}
    out = cnngrad(*asked).out
    assert "W := W − α·dW, with the learning rate α = 0.1." in out


@pytest.mark.parametrize(
    ("more", "told", "code"),
    [
        (["--z", "1 2"], "no activation", 2),
        (["--activation", "relu"], "needs Z_prev", 3),
        (["--activation", "relu", "--z", "1 2"], "Z_prev does not fit", 3),
        (["--dz", "1 2 3"], "dZ does not fit", 3),
        (["--learning-rate", "fast"], "learning_rate is not a number", 2),
        (["--learning-rate", "-1"], "learning_rate is negative", 2),
    ],
)
def test_bad_dense_data_is_told(cnngrad: Program, more: list[str], told: str, code: int) -> None:
    run = cnngrad(*BACK, *more)
    assert run.code == code
    assert told in run.err
    assert run.out == ""


# ---- gradcheck ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_gradcheck_passes_on_the_networks(cnngrad: Program, name: str) -> None:
    run = cnngrad("gradcheck", sample(name))
    assert run.code == 0
    assert "All gradients agree" in run.out
    assert "wrong" not in run.out


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("*/problem.json")), ids=lambda p: p.parent.name
)
def test_gradcheck_passes_on_the_samples(cnngrad: Program, path: Path) -> None:
    data = data_of(cnngrad, "gradcheck", path)
    assert data["passed"] is True
    assert all(found["greatest_difference"] < 1e-6 for found in data["gradients"].values())


def test_gradcheck_reads_options_and_standard_input(cnngrad: Program) -> None:
    asked = [*BACK[1:], "--activation", "tanh", "--z", "1 2 3"]
    found = data_of(cnngrad, "gradcheck", *asked)["gradients"]
    assert set(found) == {"dA_prev", "dW", "db", "dZ_prev"}
    run = cnngrad("gradcheck", "-", stdin=sample("network_batch").read_bytes())
    assert run.code == 0, run.err


def test_gradcheck_tells_a_wrong_gradient_by_its_exit_code(
    cnngrad: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnngrad.core.functions import Sigmoid

    monkeypatch.setattr(Sigmoid, "slope", lambda self, Z: self.value(Z))
    run = cnngrad("gradcheck", sample("perceptron"))
    assert run.code == 1
    assert "Wrong: dA_prev, hidden.dW, hidden.db, output.dW, output.db." in run.out


# ---- bad files ------------------------------------------------------------------------------

NETWORK = {
    "layers": [{"op": "dense", "weights": [[1, 2]]}],
    "input": [1, 2],
    "target": 1,
    "loss": "squared-error",
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"layers": [{"op": "relux"}]}, ["layer 1", 'did you mean "relu"?']),
        ({"target": None}, ["has no target"]),
        ({"init": "zero"}, ["init is unknown", "integers, tenths"]),
        (
            {"layers": [{"op": "dense", "weights": [[1, 2]]}, {"op": "dense", "W": [[1, 2]]}]},
            ["dense2 does not fit layer dense1", "layer dense1 gives 1", "W of shape 1×1"],
        ),
    ],
)
def test_bad_network_files_are_told(
    cnngrad: Program, change: dict[str, Any], told: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "net.json"
    file.write_text(json.dumps({**NETWORK, **change}))
    run = cnngrad("network-backward", file, "--output", tmp_path / "out.json")
    assert run.code == 3
    for words in ("net.json", *told):
        assert words in run.err
    assert not (tmp_path / "out.json").exists()


def test_an_unknown_layer_and_a_misplaced_option_are_told(cnngrad: Program) -> None:
    run = cnngrad("network-backward", sample("lenet_toy"), "--layer", "conv3")
    assert (run.code, "did you mean" in run.err) == (2, True)
    run = cnngrad("network-backward", sample("lenet_toy"), "--gradient", "dW")
    assert (run.code, "add --layer NAME" in run.err) == (2, True)


@pytest.mark.parametrize("command", ["dense-forward", "dense-backward", "gradcheck"])
def test_the_example_in_the_help_works(cnngrad: Program, command: str) -> None:
    import shlex

    text = cnngrad(command, "--help").out
    lines = text[text.index("  cnngrad ") :].replace("\\\n", " ").splitlines()
    run = cnngrad(*shlex.split(lines[0])[1:])
    assert run.code == 0, run.err


def test_who_writes_a_page_hears_of_steps_that_are_left_out(cnngrad, tmp_path, monkeypatch):
    file = tmp_path / "page.html"
    assert cnngrad("network-backward", "lenet_toy", "--output", file).err == f"wrote {file}\n"
    monkeypatch.setattr("cnngrad.show.web.network.NETWORK", SizeBudget(20_000, 20_000))
    run = cnngrad("network-backward", "lenet_toy", "--output", file, "--force")
    assert "steps 4–70 of conv1.dA_prev" in run.err
    assert "--layer NAME" in run.err
