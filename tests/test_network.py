"""Whole networks: one by hand to the end, random ones against PyTorch, bad files."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proofs import proven

from cnngrad.core.errors import CnngradError
from cnngrad.network import Network, backward, network_of
from cnngrad.network.gradcheck import check_gradients

F = Fraction

# conv 2×2 → ReLU → average pool 2×2 → flatten → dense 2 → squared error, worked by hand.
BY_HAND: dict[str, Any] = {
    "op": "network-backward",
    "layers": [
        {"op": "conv", "kernel": [[1, 0], [0, -1]], "bias": [1]},
        {"op": "relu"},
        {"op": "average-pool", "window": 2},
        {"op": "flatten"},
        {"op": "dense", "weights": [[2], [-4]], "bias": [0, 1]},
    ],
    "input": [[3, 1, 2], [0, 2, 1], [4, 1, 2]],
    "target": [1, 0],
    "loss": "squared-error",
    "learning_rate": F(1, 4),
}


def test_by_hand_to_the_end() -> None:
    network = network_of(BY_HAND)
    Z = [[2, 1], [0, 1]]  # 3−2+1, 1−1+1, 0−1+1, 2−2+1
    assert network.stages[0].output.tolist() == Z
    assert network.stages[2].output.tolist() == [[1]]
    assert network.output.tolist() == [2, -3]
    walk = backward(network)
    assert walk.loss == F(1 + 9, 2)
    dense, pool, conv = walk.layers[4].results, walk.layers[2].results, walk.layers[0].results
    assert dense["dW"].tolist() == [[1], [-3]]
    assert dense["db"].tolist() == [1, -3]
    assert dense["dA_prev"].tolist() == [14]  # 1·2 + (−3)·(−4)
    quarter = F(14, 4)
    assert pool["dA_prev"].tolist() == [[quarter, quarter], [quarter, quarter]]
    assert walk.layers[1].results["dA_prev"].tolist() == [[quarter, quarter], [0, quarter]]
    assert conv["dW"].tolist() == [
        [quarter * (3 + 1 + 2), quarter * (1 + 2 + 1)],
        [quarter * (0 + 2 + 1), quarter * (2 + 1 + 2)],
    ]
    assert conv["db"].tolist() == [F(21, 2)]
    assert walk.results["dA_prev"].tolist() == [
        [quarter, quarter, 0],
        [0, 0, -quarter],
        [0, 0, -quarter],
    ]
    assert network.exact
    updated = walk.layers[4].updated(F(1, 4))
    assert updated["W"].tolist() == [[F(7, 4)], [F(-13, 4)]]
    assert updated["b"].tolist() == [F(-1, 4), F(7, 4)]
    assert walk.layers[0].updated(F(1, 4))["b"].tolist() == [F(-13, 8)]


def test_names_count_up_by_kind_and_may_be_given() -> None:
    layers = [
        {"op": "dense", "weights": [[1, 1]]},
        {"op": "relu"},
        {"op": "dense", "W": [[2]], "b": [1], "name": "out"},
        {"op": "relu"},
    ]
    data = {"layers": layers, "input": [1, 2], "target": [7], "loss": "squared-error"}
    network = network_of(data)
    assert [spec.name for spec in network.layers] == ["dense1", "relu1", "out", "relu2"]
    assert network.output.tolist() == [7]


def test_drawn_parameters_follow_the_seed_alone() -> None:
    def weights(seed: int, *others: Any) -> Any:
        layers = [*others, {"op": "dense", "units": 3}]
        data = {"layers": layers, "init": "tenths", "seed": seed, "input": [1, 2], "target": 0}
        return (
            network_of({**data, "loss": "softmax-cross-entropy"})
            .notation_choice.layers[-1]
            .parameters
        )

    assert weights(4)["W"].tolist() == weights(4)["W"].tolist() != weights(5)["W"].tolist()
    assert weights(4)["b"].shape == (3,)
    assert {abs(cell) for cell in weights(4)["W"].flat} <= {F(k, 10) for k in range(1, 6)}


def test_a_bias_is_drawn_only_with_its_weights() -> None:
    base = {"init": "integers", "input": [1, 2], "target": [1], "loss": "squared-error"}
    bare = network_of({**base, "layers": [{"op": "dense", "weights": [[1, 2]]}]})
    off = network_of({**base, "layers": [{"op": "dense", "units": 1, "bias": False}]})
    both = network_of({**base, "layers": [{"op": "dense", "units": 1}]})
    assert [set(n.notation_choice.layers[0].parameters) for n in (bare, off, both)] == [
        {"W"},
        {"W"},
        {"W", "b"},
    ]


def test_mean_divides_the_parameters_gradients_but_not_the_travelling_error() -> None:
    data = {
        "layers": [{"op": "dense", "weights": [[2, 1]], "bias": [0]}],
        "input": [[1, 1], [2, 0], [0, 3]],
        "target": [2, 2, 2],
        "loss": "squared-error",
    }
    mean, total = backward(network_of(data)), backward(network_of({**data, "batch": "sum"}))
    assert (mean.loss, total.loss) == (1, 3)
    assert mean.results["dA_prev"].tolist() == [[2, 1], [4, 2], [2, 1]]
    assert total.results["dA_prev"].tolist() == mean.results["dA_prev"].tolist()
    assert total.layers[0].results["dW"].tolist() == [[5, 4]]
    assert mean.layers[0].results["dW"].tolist() == [[F(5, 3), F(4, 3)]]
    assert mean.layers[0].results["db"].tolist() == [F(4, 3)]


def test_a_last_softmax_is_not_taken_twice() -> None:
    layers = [{"op": "dense", "weights": [[1.0, -1.0], [0.5, 2.0]]}]
    data = {"input": [1, 2], "target": 1, "loss": "softmax-cross-entropy"}
    bare = backward(network_of({**data, "layers": layers}))
    last = backward(network_of({**data, "layers": [*layers, {"op": "softmax"}]}))
    assert last.loss == bare.loss
    assert last.results["dA_prev"].tolist() == bare.results["dA_prev"].tolist()
    assert last.network.output.sum() == pytest.approx(1)
    probabilities = last.network.output
    np.testing.assert_allclose(last.layers[-1].results["dA_prev"], probabilities - [0, 1])


def test_descent_on_itself_lowers_the_loss() -> None:
    network = network_of({**BY_HAND, "learning_rate": F(1, 100)})
    losses = []
    for _ in range(4):
        walk = backward(network)
        losses.append(walk.loss)
        assert walk.after is not None
        assert walk.after.loss.value == walk.loss_after
        network = walk.after
    assert losses == sorted(losses, reverse=True)
    assert len(set(losses)) == 4


# ---- PyTorch --------------------------------------------------------------------------------


@st.composite
def networks(draw: Any) -> dict[str, Any]:
    """A random network in the words of a file, with float64 parameters."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    samples, size = draw(st.integers(1, 3)), draw(st.integers(5, 8))
    shape = [samples, draw(st.integers(1, 3)), size, size]
    layers: list[dict[str, Any]] = []

    def activation() -> None:
        if name := draw(st.sampled_from(["", "identity", "relu", "leaky-relu", "sigmoid", "tanh"])):
            more = {"slope": F(1, draw(st.integers(2, 20)))} if name == "leaky-relu" else {}
            layers.append({"op": name, **more})

    data: dict[str, Any] = {"input": random.normal(size=shape)}
    for _ in range(draw(st.integers(0, 2))):
        if min(shape[2:]) < 2:
            break
        kind = draw(st.sampled_from(["conv", "max-pool", "average-pool"]))
        window, stride = draw(st.integers(1, 2)), draw(st.integers(1, 2))
        padding = draw(st.integers(0, window // 2))
        if kind == "conv":
            filters = draw(st.integers(1, 3))
            layer = {
                "op": kind,
                "kernel": random.normal(size=(filters, shape[1], window, window)),
                "stride": stride,
                "padding": padding,
            }
            if draw(st.booleans()):
                layer["bias"] = random.normal(size=filters)
            shape[1] = filters
        else:
            layer = {"op": kind, "window": window, "stride": stride, "padding": padding}
        layers.append(layer)
        shape[2:] = [(side + 2 * padding - window) // stride + 1 for side in shape[2:]]
        activation()
    layers.append({"op": "flatten"})
    numbers = int(np.prod(shape[1:]))
    for _ in range(draw(st.integers(1, 2))):
        units = draw(st.integers(1, 4))
        layers.append({"op": "dense", "weights": random.normal(size=(units, numbers)) / 3})
        if draw(st.booleans()):
            layers[-1]["bias"] = random.normal(size=units)
        numbers = units
        activation()
    data["loss"] = draw(
        st.sampled_from(["squared-error", "binary-cross-entropy", "softmax-cross-entropy"])
    )
    data["target"] = random.normal(size=(samples, numbers))
    if data["loss"] == "binary-cross-entropy":
        layers.append({"op": "sigmoid"})
        data["target"] = random.integers(0, 2, (samples, numbers))
    if data["loss"] == "softmax-cross-entropy":
        data["target"] = random.integers(0, numbers, samples)
        if draw(st.booleans()):
            layers.append({"op": "softmax"})
    data["batch"] = draw(st.sampled_from(["mean", "sum"]))
    return {**data, "layers": layers, "learning_rate": 0.125}


def torch_gradients(data: dict[str, Any]) -> tuple[float, Any, list[dict[str, Any]]]:
    """The loss, dA_prev of the input, and each layer's dW and db, as PyTorch has them."""
    import torch
    from torch.nn import functional

    def leaf(array: Any) -> Any:
        return torch.tensor(np.asarray(array, float), requires_grad=True)

    x = first = leaf(data["input"])
    parameters: list[dict[str, Any]] = []
    activations: dict[str, Any] = {
        "identity": lambda z: z,
        "relu": torch.relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softmax": lambda z: z,  # PyTorch's cross-entropy takes the logits
        "flatten": lambda z: z.flatten(1),
    }
    for layer in data["layers"]:
        op, options = layer["op"], {k: layer[k] for k in ("stride", "padding") if k in layer}
        own = {
            name: leaf(layer[key])
            for key, name in (("kernel", "dW"), ("weights", "dW"), ("bias", "db"))
            if key in layer
        }
        parameters.append(own)
        if op == "conv":
            x = functional.conv2d(x, own["dW"], own.get("db"), **options)
        elif op == "dense":
            x = functional.linear(x, own["dW"], own.get("db"))
        elif op == "max-pool":
            x = functional.max_pool2d(x, layer["window"], **options)
        elif op == "average-pool":
            x = functional.avg_pool2d(x, layer["window"], **options)
        elif op == "leaky-relu":
            x = functional.leaky_relu(x, float(layer["slope"]))
        else:
            x = activations[op](x)
    target = torch.tensor(data["target"])
    if data["loss"] == "squared-error":
        loss = ((x - target) ** 2).sum() / 2
    elif data["loss"] == "binary-cross-entropy":
        loss = functional.binary_cross_entropy(x, target.double(), reduction="sum")
    else:
        loss = functional.cross_entropy(x, target, reduction="sum")
    loss.backward()
    parts = len(target) if data["batch"] == "mean" else 1
    grads = [{n: leaf.grad.numpy() / parts for n, leaf in own.items()} for own in parameters]
    return loss.item() / parts, first.grad.numpy(), grads


@proven(150)
@given(networks())
def test_parity_with_torch(data: dict[str, Any]) -> None:
    pytest.importorskip("torch")
    loss, dA_prev, grads = torch_gradients(data)
    walk = backward(network_of(data))
    assert float(walk.loss) == pytest.approx(loss, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(walk.results["dA_prev"], dA_prev, rtol=1e-12, atol=1e-12)
    for result, own in zip(walk.layers, grads, strict=True):
        for name, gradient in own.items():
            np.testing.assert_allclose(result.results[name], gradient, rtol=1e-12, atol=1e-12)
        rate = walk.network.learning_rate
        for name, parameter in result.updated(rate or 0).items():
            before = result.spec.parameters[name]
            np.testing.assert_allclose(parameter, before - 0.125 * own[f"d{name}"], atol=1e-12)


@proven(25)
@given(networks())
def test_gradients_agree_with_differences(data: dict[str, Any]) -> None:
    assert [c for c in check_gradients(network_of(data)) if not c.passed] == []


def test_every_layers_trace_gives_its_gradients() -> None:
    walk = backward(network_of(BY_HAND))
    for result in walk.layers:
        problem = result.backward
        for name in problem.names:
            total = np.array(problem.trace(name).total(), object)
            assert total.reshape(-1).tolist() == problem.results[name].reshape(-1).tolist()


# ---- bad files ------------------------------------------------------------------------------

GOOD: dict[str, Any] = {
    "layers": [
        {"op": "conv", "kernel": [[1, 0], [0, 1]]},
        {"op": "flatten"},
        {"op": "dense", "weights": [[1, 2, 3, 4]]},
    ],
    "input": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "target": [1],
    "loss": "squared-error",
}


def layers(*entries: Any) -> dict[str, Any]:
    return {"layers": [*GOOD["layers"][:2], *entries]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            layers({"op": "dense", "weights": [[1, 2, 3]]}),
            ["dense1", "flatten1", "flatten1 gives 4", "takes 3", "W of shape 1×4"],
        ),
        (
            {"layers": [GOOD["layers"][0], {"op": "dense", "weights": [[1, 2, 3, 4]]}]},
            ["dense1 takes rows", "conv1 gives images", "2×2", "flatten"],
        ),
        (layers({"op": "max-pool", "window": 2}), ["max-pool1 takes images", "flatten1", "rows"]),
        (
            {"layers": [{"op": "conv", "kernel": [[[1]], [[1]]]}]},
            ["conv1 does not fit the input", "the input is 3×3", "W of shape"],
        ),
        (layers({"op": "relux"}), ["layer 3", "'relux'", 'did you mean "relu"?']),
        (layers({"op": ["relu"]}), ["layer 3", "unknown"]),
        (layers({"weights": [[1]]}), ["layer 3", "does not say its kind"]),
        (layers("relu"), ["layer 3", "does not say its kind"]),
        (layers({"op": "dense"}), ["dense1", "has no weights", "units here and init"]),
        (layers({"op": "dense", "units": 2}), ["no init in the file", '"init": "integers"']),
        ({**layers({"op": "dense"}), "init": "integers"}, ["init, but no units"]),
        ({**layers({"op": "dense", "units": 0}), "init": "integers"}, ["dense1", "units is not"]),
        (
            layers({"op": "dense", "units": 2, "weights": [[1, 2, 3, 4]]}),
            ["dense1", "W is not as large as units say", "W 2×4"],
        ),
        (layers({"op": "relu", "slope": 2}), ["relu1", "relu has no slope"]),
        (layers({"op": "relu", "window": 2}), ["relu1", "no key window"]),
        (
            layers({"op": "dense", "wieghts": [[1]]}),
            ["dense1", "no key wieghts", 'did you mean "weights"?'],
        ),
        (layers({"op": "dense", "weights": [[1]], "W": [[1]]}), ["dense1", "given twice"]),
        (layers({"op": "dense", "weights": [["x"]]}), ["dense1", "weights[0][0]"]),
        (layers({"op": "identity", "name": "conv1"}), ["same name", "conv1"]),
        ({"layers": []}, ["layers is not a list"]),
        ({"layers": {}}, ["layers is not a list"]),
        ({"layers": None}, ["has no layers"]),
        ({"target": None}, ["has no target"]),
        ({"target": [1, 2]}, ["The target does not fit", "target 2", "dense1"]),
        ({"input": None}, ["has no input"]),
        ({"loss": None}, ["has no loss", "squared-error"]),
        ({"loss": "hinge"}, ["The loss is unknown"]),
        ({"loss": 3}, ["The loss is not a name"]),
        ({"init": "zeros"}, ["init is unknown", "integers, tenths"]),
        ({"init": 7}, ["init is unknown"]),
        ({"seed": "a"}, ["seed is not a whole number"]),
        ({"batch": "avg"}, ["batch is unknown"]),
        ({"learning_rate": "fast"}, ["learning_rate is not a number"]),
        ({"learningrate": 1}, ["unknown key", 'did you mean "learning_rate"?']),
        ({"op": "conv-backward"}, ["not a network's", "run cnngrad conv-backward"]),
    ],
)
def test_bad_networks_are_told_plainly(change: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(CnngradError) as error:
        network_of({**GOOD, **change})
    for words in told:
        assert words in str(error.value)


def test_the_good_one_is_good() -> None:
    assert isinstance(network_of(GOOD), Network)
