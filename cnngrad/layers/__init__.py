"""The kinds of layer, a folder each; one line here an operation, and one a layer of a network."""

from importlib import import_module
from typing import TYPE_CHECKING

from ..core.errors import SettingError, nearest
from ..core.settings import ACTIVATION
from ..core.text import say

if TYPE_CHECKING:
    from ..core.layer import Layer
    from ..core.problem import Operation
    from ..core.spec import OpSpec

OPERATIONS = {
    "conv-forward": "convolution:FORWARD",
    "conv-backward": "convolution:BACKWARD",
    "pool-forward": "pooling:FORWARD",
    "pool-backward": "pooling:BACKWARD",
    "dense-forward": "dense:FORWARD",
    "dense-backward": "dense:BACKWARD",
}
"""Where each operation lives: the folder here, and the name in its `spec` and in its `layer`."""

LAYERS = {
    "conv": "convolution",
    "max-pool": "pooling",
    "average-pool": "pooling",
    "dense": "dense",
    "flatten": "flatten",
    **dict.fromkeys(ACTIVATION.words, "activation"),
}
"""The kinds of layer that a network may have, and the folder here that has it in `LAYERS`."""


def operation(name: str) -> "Operation":
    """The operation of this name.

    Raises
    ------
    SettingError
        There is none.
    """
    found: Operation = _named(name, "layer")
    return found


def spec(name: str) -> "OpSpec":
    """What the operation of this name takes, without loading what computes it.

    Raises
    ------
    SettingError
        There is none.
    """
    found: OpSpec = _named(name, "spec")
    return found


def specs() -> "list[OpSpec]":
    """What each operation takes, in the order of the registry."""
    return [spec(name) for name in OPERATIONS]


def _named(name: str, part: str):  # type: ignore[no-untyped-def]  # a spec or an operation
    if name not in OPERATIONS:
        raise SettingError(
            say("The operation is unknown."),
            found=repr(name),
            expected=", ".join(OPERATIONS),
            fix=nearest(str(name), OPERATIONS),
        )
    folder, _, attribute = OPERATIONS[name].partition(":")
    return getattr(import_module(f".{folder}.{part}", __name__), attribute)


def layer(name: object) -> "Layer":
    """The kind of layer of this name.

    Raises
    ------
    SettingError
        There is none.
    """
    if not isinstance(name, str) or name not in LAYERS:
        raise SettingError(
            say("The kind of layer is unknown."),
            found=repr(name),
            expected=", ".join(LAYERS),
            fix=nearest(str(name), LAYERS),
        )
    kinds: dict[str, Layer] = import_module(f".{LAYERS[name]}.layer", __name__).LAYERS
    return kinds[name]
