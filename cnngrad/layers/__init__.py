"""The operations: one file a kind of layer, one line here an operation."""

from importlib import import_module

from ..core.errors import SettingError, nearest
from ..core.layer import Layer
from ..core.problem import Operation

OPERATIONS = {
    "conv-forward": "convolution:FORWARD",
    "conv-backward": "convolution:BACKWARD",
    "pool-forward": "pooling:FORWARD",
    "pool-backward": "pooling:BACKWARD",
    "dense-forward": "dense:FORWARD",
    "dense-backward": "dense:BACKWARD",
}
"""Where each operation lives: the module here and the name in it, imported when needed."""

LAYERS = {
    "conv": "convolution",
    "max-pool": "pooling",
    "average-pool": "pooling",
    "dense": "dense",
    "flatten": "flatten",
    "identity": "activation",
    "relu": "activation",
    "leaky-relu": "activation",
    "sigmoid": "activation",
    "tanh": "activation",
    "softmax": "activation",
}
"""The kinds of layer that a network may have, and the module here that has it in `LAYERS`."""


def operation(name: str) -> Operation:
    """The operation of this name.

    Raises
    ------
    SettingError
        There is none.
    """
    if name not in OPERATIONS:
        raise SettingError(
            "The operation is unknown.",
            found=repr(name),
            expected=", ".join(OPERATIONS),
            fix=nearest(str(name), OPERATIONS),
        )
    module, _, attribute = OPERATIONS[name].partition(":")
    found: Operation = getattr(import_module(f".{module}.layer", __name__), attribute)
    return found


def layer(name: object) -> Layer:
    """The kind of layer of this name.

    Raises
    ------
    SettingError
        There is none.
    """
    if not isinstance(name, str) or name not in LAYERS:
        raise SettingError(
            "The kind of layer is unknown.",
            found=repr(name),
            expected=", ".join(LAYERS),
            fix=nearest(str(name), LAYERS),
        )
    kinds: dict[str, Layer] = import_module(f".{LAYERS[name]}.layer", __name__).LAYERS
    return kinds[name]
