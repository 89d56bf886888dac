"""Worksheets of whole networks: what is given, empty cells for every gradient, and the key."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...core.numbers import Array
from ...core.text import message, say
from ...grading.network_marker import LOSS, NetworkMarker
from .worksheet import ASKED, CHECK, GIVEN, HAND_IN, NAME, TEMPLATE

TITLE = message("A network, backward: exercise {seed}")
TASK = message(
    "Walk forward, work out the loss, and walk back: the error of each layer, and the gradients of"
    " its parameters. Fill in the empty cells."
)
LOSS_IS = message("The loss is ½ of the squared error, the mean over the samples.")
BATCH = message("dW and db are the mean over the samples; the error of a sample is its own.")
LAYER = message("Layer {name}")
ANSWER = message("Key: {title}")
SHAPE = message("`{name}` ({shape})")


def network_worksheet(marker: NetworkMarker, seed: int) -> str:
    """The sheet to print, in Markdown, with a template of the answer."""
    parts = [f"# {say(TITLE, seed=seed)}", say(NAME), f"## {say(GIVEN)}", *_given(marker)]
    parts += [say(LOSS_IS), say(BATCH), f"## {say(ASKED)}", say(TASK)]
    parts += [_table(name, array, empty=True) for name, array in _asked(marker)]
    parts += [f"## {say(HAND_IN)}", say(TEMPLATE), f"```json\n{network_template(marker)}\n```"]
    parts += [say(CHECK), "```sh\ncnngrad check problem.json answer.json\n```"]
    return "\n\n".join(parts) + "\n"


def network_key(marker: NetworkMarker, seed: int) -> str:
    """The right numbers, in Markdown."""
    parts = [f"# {say(ANSWER, title=say(TITLE, seed=seed))}"]
    parts += [_table(name, array) for name, array in _asked(marker)]
    return "\n\n".join(parts) + "\n"


def network_template(marker: NetworkMarker) -> str:
    """The answer with every cell open, as JSON."""
    return _dumped({name: _blank(array.tolist()) for name, array in _asked(marker)})


def network_answer(marker: NetworkMarker) -> str:
    """The right answer, as JSON."""
    return _dumped({name: _written(array.tolist()) for name, array in _asked(marker)}) + "\n"


def _asked(marker: NetworkMarker) -> Iterator[tuple[str, Array]]:
    """What is to be worked out: the loss, then layer by layer from the last one back."""
    order = [LOSS, *(layer.spec.name for layer in reversed(marker.walk.layers))]
    for layer in order:
        for name, array in marker.truths.items():
            if name == layer or (name.startswith(f"{layer}.") and layer != LOSS):
                yield name, array


def _given(marker: NetworkMarker) -> Iterator[str]:
    yield _table("input", marker.network.input)
    for layer in marker.walk.layers:
        yield f"### {say(LAYER, name=layer.spec.name)}"
        for name, array in layer.spec.parameters.items():
            yield _table(name, array)
    yield _table("target", marker.network.target)


def _table(name: str, array: Array, empty: bool = False) -> str:
    """A matrix, plane by plane, as tables."""
    full = array.reshape((1,) * (2 - array.ndim) + array.shape)
    said = [say(SHAPE, name=name, shape="×".join(map(str, array.shape)))]
    for plane in full.reshape(-1, *full.shape[-2:]).tolist():
        rows = [
            "| " + " | ".join("" if empty else str(cell) for cell in row) + " |" for row in plane
        ]
        rule = "|" + " --- |" * len(plane[0])
        said.append("\n".join(["|" + "  |" * len(plane[0]), rule, *rows]))
    return "\n\n".join(said)


def _blank(cells: Any) -> Any:
    return [_blank(cell) for cell in cells] if isinstance(cells, list) else "_"


def _written(cells: Any) -> Any:
    if isinstance(cells, list):
        return [_written(cell) for cell in cells]
    return cells if isinstance(cells, int) else str(cells)


def _dumped(data: Mapping[str, Any]) -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(cells)}" for name, cells in data.items())
    return "{\n" + ",\n".join(lines) + "\n}"
