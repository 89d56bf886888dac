"""Answers to a whole network: the results of its layers, however they are nested."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..core.errors import FileError
from ..core.text import say


def of_layers(data: Any) -> Iterator[tuple[str, Any]]:
    """The results of a network's layers, each under its name and its layer's: `conv1.dW`."""
    if isinstance(data, dict):
        data = [{"name": name, "results": results} for name, results in data.items()]
    for layer in data:
        if not isinstance(layer, dict) or not isinstance(layer.get("name"), str):
            raise FileError(
                say("The answer's layers are not understood."),
                found=f"{layer!r:.60}",
                expected=say('{{"layers": {{"conv1": {{"dW": …}}}}}}, or keys such as conv1.dW'),
            )
        for part in ("results", "updated"):
            held = layer.get(part)
            for name, cells in held.items() if isinstance(held, dict) else ():
                if cells is not None:
                    yield f"{layer['name']}.{name}", cells


def of_input(name: str, names: Iterable[str]) -> str:
    """The name of a result that a network's own output has beside its layers."""
    layered = [known for known in names if "." in known and not known.startswith("loss.")]
    if name in names or not layered:
        return name
    return f"{layered[0].partition('.')[0]}.{name}"
