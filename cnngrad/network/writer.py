"""Networks as JSON: the results, and the network file that the next step can be run on."""

import json
from fractions import Fraction
from typing import Any

from .. import __version__
from ..core.numbers import Array, Number, as_float
from ..files.results import csv_text, fractions, has_fractions, npz_of, numbers
from .layouts import input_in_layout, parameters_in_layout, shapes_in_layout, target_in_layout
from .model import LayerSpec, Network
from .passes import Backward, LayerResult


def json_of_network(walk: Backward, only: str | None = None) -> dict[str, Any]:
    """Results as an object: the promise that `--format json` makes.

    Parameters
    ----------
    walk
        The network with its gradients.
    only
        A layer's name, where the others are not wanted.
    """
    network = walk.network
    data: dict[str, Any] = {
        "cnngrad": __version__,
        "op": "network-backward",
        "settings": {
            "loss": network.loss_name,
            "batch": network.batch,
            **_stated(network),
            "learning_rate": _number(network.learning_rate),
            "init": network.init,
            "seed": network.seed if network.init else None,
        },
        "shapes": {name: list(shape) for name, shape in shapes_in_layout(network).items()},
        "exact": network.exact,
        "loss": _number(walk.loss),
    }
    if walk.loss_after is not None:
        data["loss_after"] = _number(walk.loss_after)
    results = walk.results_in_layout
    data["results"] = {name: numbers(array) for name, array in results.items()}
    if any(map(has_fractions, results.values())):
        data["fractions"] = {name: fractions(array) for name, array in results.items()}
    data["layers"] = [
        _layer(result, network.learning_rate)
        for result in walk.layers
        if only in (None, result.spec.name)
    ]
    return data


def _layer(result: LayerResult, rate: Number | None) -> dict[str, Any]:
    results = result.results_in_layout
    data: dict[str, Any] = {
        "name": result.spec.name,
        "op": result.spec.op,
        "results": {name: numbers(array) for name, array in results.items()},
    }
    if rate is not None:
        after = result.in_layout(result.updated(rate))
        data["updated"] = {name: numbers(array) for name, array in after.items()}
    if any(map(has_fractions, results.values())):
        data["fractions"] = {name: fractions(array) for name, array in results.items()}
    return data


def _number(value: Number | None) -> Any:
    return as_float(value) if isinstance(value, Fraction) else value


def json_text(walk: Backward, only: str | None = None) -> str:
    """That object as text."""
    return dumped(json_of_network(walk, only))


def json_file(walk: Backward) -> str:
    """The network after the step, to go on with, or where there is none, the results."""
    after = walk.after
    return json_text(walk) if after is None else dumped(network_file(after))


def npz_bytes(walk: Backward) -> bytes:
    """Every gradient as a .npz file."""
    return npz_of(arrays_of_network(walk))


def csv_of_network(walk: Backward, only: str | None = None) -> str:
    """Every gradient as lines of numbers under its name."""
    return "\n\n".join(
        f"# {name}\n{csv_text(array)}" for name, array in arrays_of_network(walk, only).items()
    )


def arrays_of_network(walk: Backward, only: str | None = None) -> dict[str, Array]:
    """Every gradient by its layer's name and its own: `conv1.dW`."""
    return {
        f"{result.spec.name}.{name}": array
        for result in walk.layers
        if only in (None, result.spec.name)
        for name, array in result.results_in_layout.items()
    }


def network_file(network: Network) -> dict[str, Any]:
    """The network as its file would say it, with every parameter written down.

    Examples
    --------
    >>> from cnngrad.network import network_of
    >>> network = network_of(
    ...     {
    ...         "layers": [{"op": "dense", "weights": [["1/3"]]}, {"op": "relu"}],
    ...         "input": [0.5],
    ...         "target": [1],
    ...         "loss": "squared-error",
    ...     }
    ... )
    >>> network_file(network)["layers"]
    [{'op': 'dense', 'name': 'dense1', 'weights': [['1/3']]}, {'op': 'relu', 'name': 'relu1'}]
    """
    data: dict[str, Any] = {"op": "network-backward"}
    if network.title:
        data["title"] = network.title
    data["layers"] = [_layer_file(spec, network) for spec in network.notation_choice.layers]
    data |= {
        "input": _exact(input_in_layout(network)),
        "target": _exact(target_in_layout(network)),
        "loss": network.loss_name,
        **({} if network.conventions.batches else {"batch": network.batch}),
        **_stated(network),
    }
    if network.learning_rate is not None:
        data["learning_rate"] = _written(network.learning_rate)
    return data


def _stated(network: Network) -> dict[str, Any]:
    """The conventions that differ from the article's."""
    conventions = network.conventions
    reduction = {} if conventions.reduction is None else {"reduction": conventions.reduction}
    return {**reduction, **conventions.shared}


def _layer_file(spec: LayerSpec, network: Network) -> dict[str, Any]:
    data: dict[str, Any] = {"op": spec.op, "name": spec.name}
    data |= {name: _setting(value) for name, value in spec.settings.items()}
    keys = {operand.name: operand.key for operand in spec.kind.problem.operands}
    return data | {
        keys[name]: _exact(array) for name, array in parameters_in_layout(spec, network).items()
    }


def _setting(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_setting(part) for part in value]
    return _written(value) if isinstance(value, Fraction) else value


def _exact(array: Array) -> Any:
    return _nested(array.tolist())


def _nested(cells: Any) -> Any:
    return [_nested(cell) for cell in cells] if isinstance(cells, list) else _written(cells)


def _written(value: Any) -> Any:
    """A number as JSON, or as text such as "1/3" where JSON would round it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, Fraction):
        return value
    near = as_float(value)
    return near if Fraction(str(near)) == value else str(value)


def dumped(data: dict[str, Any]) -> str:
    """JSON with a line for each entry, and for each layer."""
    lines = []
    for key, value in data.items():
        if key == "layers":
            inner = ",\n".join(f"    {json.dumps(layer)}" for layer in value)
            lines.append(f'  "layers": [\n{inner}\n  ]')
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
