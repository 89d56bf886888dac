"""Network files: what they may say, and how each slip is told."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.errors import CnngradError, FileError, SettingError, nearest
from ..core.layer import Layer
from ..core.limits import Cost, refuse_costly
from ..core.numbers import Array, as_array, parse
from ..core.settings import LEARNING_RATE, OneOf
from ..core.shapes import integer, pair
from ..core.text import joined, message, say, series, translated
from ..core.unicode_safety import one_line
from ..files.arrays import read_array
from ..files.json_text import nested_array, plain_array, read_json
from ..files.problem_reader import read_object
from ..files.source import Source
from ..layers import OPERATIONS
from ..layers import layer as layer_kind
from ..layers.loss.layer import LOSSES
from ..layers.loss.layer import loss as loss_kind
from .conventions import KEYS as CONVENTIONS
from .conventions import conventions_of
from .initialise import INITS
from .layouts import out_of_layout
from .model import LayerSpec, Network

OP = "network-backward"
KEYS = (
    "op",
    "layers",
    "input",
    "target",
    "loss",
    "batch",
    *CONVENTIONS,
    "learning_rate",
    "init",
    "seed",
    "title",
    "note",
)
LARGE = 200_000
"""Bytes of a file from which on decimals are read as floats, unless it is computed exactly."""
_PARAMETERS = {
    "kernel": "W",
    "weights": "W",
    "W": "W",
    "bias": "b",
    "b": "b",
    "gamma": "gamma",
    "beta": "beta",
}
"""How a parameter may be called in a file."""


def read_network(
    given: str, exact: bool | None = None, settings: Mapping[str, Any] | None = None
) -> Network:
    """Read a network file and walk forward through it.

    Parameters
    ----------
    given
        A path, or `-` for standard input.
    exact
        Compute in integers and fractions (True), in float64 (False), or as fits the network.
    settings
        What is said otherwise than in the file: any of its keys.

    Raises
    ------
    CnngradError
        It cannot be read, says something unknown, or its layers do not fit each other.
    """
    large = math.inf if exact else LARGE
    data, source = read_object(given, message("network file"), large)
    if len(source.data) >= large:
        quick = _quickly({**data, **(settings or {})}, source, exact)
        if quick is not None:
            return quick
        data = read_json(source)
    return network_from({**data, **(settings or {})}, source, exact)


def _quickly(data: Mapping[str, Any], source: Source, exact: bool | None) -> Network | None:
    """The network in float64, whose decimals were read as floats; None where that will not do.

    Then it is read again, digit by digit: it is computed exactly, or something is wrong with it.
    """
    stated = {key: _as_written(value) for key, value in data.items()}
    if isinstance(data.get("layers"), list):
        stated["layers"] = [
            {key: _as_written(value) for key, value in entry.items()}
            if isinstance(entry, dict)
            else entry
            for entry in data["layers"]
        ]
    try:
        network = _assembled(stated, source.folder, source.argument)
        if exact is None and network.computes_exactly:
            return None
        network = network.computed(exact=False)
        _ = network.loss
    except CnngradError:
        return None
    return network


def _as_written(value: object) -> object:
    """A single number that was read as a float, as it was written: its shortest decimal."""
    return parse(repr(value)) if isinstance(value, float) else value


def network_from(data: Mapping[str, Any], source: Source, exact: bool | None = None) -> Network:
    """The network that the object of a file describes; raises as `read_network` does."""
    try:
        network = _assembled(data, source.folder, source.argument).computed(exact)
        _ = network.loss  # what does not fit is told now
    except CnngradError as error:
        raise (error if source.name in error.where else error.at(source.name)) from None
    return network


def network_of(data: Mapping[str, Any], folder: Path | None = None) -> Network:
    """The network that an object describes; arrays keep their kind.

    Parameters
    ----------
    data
        The object; matrices as nested lists, arrays, text, or paths.
    folder
        Where relative paths start.

    Raises
    ------
    CnngradError
        It says something unknown, or its layers do not fit each other.

    Examples
    --------
    >>> network = network_of(
    ...     {
    ...         "layers": [{"op": "dense", "units": 2}, {"op": "sigmoid"}],
    ...         "init": "integers",
    ...         "input": [[1, 2, 3]],
    ...         "target": [[0, 1]],
    ...         "loss": "squared-error",
    ...     }
    ... )
    >>> [layer.name for layer in network.layers], network.output.shape
    (['dense1', 'sigmoid1'], (1, 2))
    """
    network = _assembled(data, folder)
    _ = network.loss  # what does not fit is told now
    return network


def _assembled(data: Mapping[str, Any], folder: Path | None, file: str = "") -> Network:
    stated = data.get("op", OP)
    if "layers" not in data and isinstance(stated, str) and stated in OPERATIONS:
        raise FileError(
            say("This is a {op} problem, not a network.", op=data["op"]),
            fix=say("run cnngrad {op} {file}", op=data["op"], file=file).rstrip(),
        )
    for key in data:
        if key not in KEYS:
            raise FileError(
                say("The network file has an unknown key."),
                found=f'"{key}"',
                expected=series(KEYS),
                fix=nearest(key, KEYS),
            )
    if stated != OP:
        raise FileError(
            say("The file is not a network's."),
            found=say('"op": "{stated}"', stated=stated)
            if isinstance(stated, str)
            else say('"op": {stated!r:.60}', stated=stated),
            expected=say('"op": "{OP}"', OP=OP),
            fix=say("run cnngrad {stated}", stated=stated) if isinstance(stated, str) else "",
        )
    layers = _layers(data)
    loss_name = _loss(_needed(data, "loss"))
    conventions = conventions_of(data, loss_name)
    network = Network(
        layers=layers,
        input=_matrix(_needed(data, "input"), "input", folder),
        target=_matrix(_needed(data, "target"), "target", folder),
        loss_name=loss_name,
        conventions=conventions,
        learning_rate=LEARNING_RATE.read(data.get("learning_rate")),
        init=None if data.get("init") is None else OneOf(*INITS).read("init", data["init"]),
        seed=_whole("seed", data.get("seed", 0), 0),
        title=one_line(translated(str(data.get("title", "")))),
    )
    specs = tuple(
        _layer(entry, spec, network, folder)
        for entry, spec in zip(data["layers"], network.layers, strict=True)
    )
    return out_of_layout(replace(network, layers=specs))


_NEEDED = {
    "target": message('a key "target": what the network should have given'),
    "loss": message('a key "loss": {losses}'),
    "input": message('a key "input": the numbers that the first layer receives'),
    "layers": message('a key "layers": a list such as [{{"op": "dense", "weights": …}}]'),
}


def _needed(data: Mapping[str, Any], key: str) -> Any:
    if data.get(key) is None:
        raise FileError(
            say("The network file has no {key}.", key=key),
            found=say("the keys {keys}", keys=series(data)) if data else say("no keys"),
            expected=say(_NEEDED[key], losses=series(LOSSES)),
            fix=nearest(key, [name for name in data if name not in KEYS]),
        )
    return data[key]


def _loss(name: object) -> str:
    if not isinstance(name, str):
        raise SettingError(
            say("The loss is not a name."), found=repr(name), expected=series(LOSSES)
        )
    loss_kind(name)
    return name


def _layers(data: Mapping[str, Any]) -> tuple[LayerSpec, ...]:
    """The names and kinds of the layers."""
    entries = _needed(data, "layers")
    if not isinstance(entries, (list, tuple)) or not entries:
        raise FileError(
            say("layers is not a list of layers."),
            found=say("an empty list") if entries == [] else f"{entries!r:.60}",
            expected=say('a list such as [{{"op": "conv", "kernel": …}}, {{"op": "relu"}}]'),
        )
    refuse_costly(Cost(layers=len(entries)))
    counts: Counter[str] = Counter()
    specs: dict[str, LayerSpec] = {}
    for k, entry in enumerate(entries, 1):
        place = say("layer {name}", name=k)
        if not isinstance(entry, Mapping) or "op" not in entry:
            raise FileError(
                say("A layer does not say its kind."),
                where=place,
                found=f"{entry!r:.60}",
                expected=say('an object with a key "op", such as {{"op": "relu"}}'),
            )
        try:
            layer_kind(entry["op"])
        except CnngradError as error:
            raise error.at(place) from None
        counts[entry["op"]] += 1
        name = one_line(str(entry.get("name", f"{entry['op']}{counts[entry['op']]}")))
        if name in specs:
            raise FileError(
                say("Two layers have the same name."),
                where=place,
                found=name,
                fix=say("rename one"),
            )
        specs[name] = LayerSpec(name, entry["op"])
    return tuple(specs.values())


def _layer(
    entry: Mapping[str, Any], spec: LayerSpec, network: Network, folder: Path | None
) -> LayerSpec:
    try:
        return _read_layer(entry, spec, network, folder)
    except CnngradError as error:
        raise error.at(say("layer {name}", name=spec.name)) from None


def _read_layer(
    entry: Mapping[str, Any], spec: LayerSpec, network: Network, folder: Path | None
) -> LayerSpec:
    kind = spec.kind
    operands = {o.name: o.key for o in kind.problem.operands if o.name in kind.problem.parameters}
    parameters: dict[str, Array] = {}
    settings, sizes = {}, {}
    bias = True
    for key, value in entry.items():
        name = _PARAMETERS.get(key)
        if key in ("op", "name") or value is None:
            continue
        if name in operands and isinstance(value, bool) and name == "b":
            bias = value
        elif name in operands:
            if name in parameters:
                raise FileError(
                    say("{name} is given twice.", name=name),
                    fix=say("keep {key}", key=operands[name]),
                )
            parameters[name] = _matrix(value, key, folder)
        elif key in kind.settings:
            settings[key] = value
        elif key in kind.sizes:
            sizes[key] = _size(key, value)
        else:
            known = [*operands.values(), *kind.sizes, *kind.settings]
            raise FileError(
                say("A {op} layer has no key {key}.", op=spec.op, key=key),
                found=f'"{key}"',
                expected=series(["op", "name", *known]),
                fix=nearest(key, known),
            )
    stated = replace(spec, settings=settings)
    kind.problem.read_settings(stated.settings_for(kind.problem, network.shared))
    if "W" in operands and "W" not in parameters:
        _can_be_drawn(spec.op, kind, operands["W"], sizes, network.init)
    return LayerSpec(spec.name, spec.op, settings, parameters, sizes, bias)


def _can_be_drawn(
    op: str, kind: Layer, key: str, sizes: Mapping[str, Any], init: str | None
) -> None:
    missing = [size for size in kind.sizes if size not in sizes]
    if missing or init is None:
        raise FileError(
            say("The {op} layer has no {key}.", op=op, key=key),
            found=say("no init in the file")
            if init is None
            else say("init, but no {size}", size=missing[0]),
            expected=say(
                "{key}; or {sizes} here and init in the file", key=key, sizes=joined(kind.sizes)
            ),
            fix=say('add "init": "{init}" to the file', init=next(iter(INITS)))
            if not missing
            else "",
        )


def _size(key: str, value: object) -> object:
    return pair(value, key) if key == "kernel_size" else _whole(key, value, 1)


def _whole(key: str, value: object, least: int) -> int:
    known = integer(value)
    if known is None or known < least:
        raise SettingError(
            say("{key} is not a whole number.", key=key),
            found=repr(value),
            expected=say("{least} or more", least=least),
        )
    return known


def _matrix(value: object, key: str, folder: Path | None) -> Array:
    if isinstance(value, str):
        return read_array(value, key, (key,), folder, within=True)
    if isinstance(value, list) and (array := plain_array(value)) is not None:
        return array
    if isinstance(value, (list, int)) and not isinstance(value, bool):
        return nested_array(value, key)
    return as_array(value)
