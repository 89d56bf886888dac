"""The kinds of layer, a folder each; one line here an operation, and one a layer of a network."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from ..core.errors import SettingError, nearest
from ..core.names import ACTIVATIONS
from ..core.text import message, say, series

if TYPE_CHECKING:
    from ..core.layer import Layer
    from ..core.problem import Operation
    from ..core.spec import OpSpec

OPERATIONS = {
    "conv-forward": (
        "convolution:FORWARD",
        message("Convolve: every window times the kernel, added up."),
    ),
    "conv-backward": (
        "convolution:BACKWARD",
        message("dA_prev, dW and db of a convolution, step by step."),
    ),
    "conv-transpose-forward": (
        "convolution:TRANSPOSED_FORWARD",
        message("Transposed convolution, cell by cell."),
    ),
    "conv-transpose-backward": (
        "convolution:TRANSPOSED_BACKWARD",
        message("dA_prev, dW and db of a transposed convolution."),
    ),
    "batch-norm-forward": (
        "normalisation:FORWARD",
        message("Batch normalisation: mean, variance, x_hat and A."),
    ),
    "batch-norm-backward": (
        "normalisation:BACKWARD",
        message("dA_prev, dgamma and dbeta of a batch normalisation."),
    ),
    "pool-forward": (
        "pooling:FORWARD",
        message("Max or average pooling, window by window."),
    ),
    "pool-backward": (
        "pooling:BACKWARD",
        message("dA_prev of a max or average pooling, step by step."),
    ),
    "dense-forward": (
        "dense:FORWARD",
        message("A fully connected layer, unit by unit."),
    ),
    "dense-backward": (
        "dense:BACKWARD",
        message("dA_prev, dW and db of a fully connected layer."),
    ),
}
"""Each operation: the folder here and the name in its `spec` and its `layer`; what it does."""

LAYERS = {
    "conv": "convolution",
    "conv-transpose": "convolution",
    "batch-norm": "normalisation",
    "max-pool": "pooling",
    "average-pool": "pooling",
    "global-max-pool": "pooling",
    "global-average-pool": "pooling",
    "dense": "dense",
    "flatten": "flatten",
    **dict.fromkeys(ACTIVATIONS, "activation"),
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
            expected=series(OPERATIONS),
            fix=nearest(str(name), OPERATIONS),
        )
    folder, _, attribute = OPERATIONS[name][0].partition(":")
    return getattr(_part(folder, part), attribute)


def _part(folder: str, part: str) -> ModuleType:
    """A module of a layer's folder: here, or elsewhere where its full name is given."""
    return import_module(f"{folder}.{part}" if "." in folder else f"{__name__}.{folder}.{part}")


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
            expected=series(LAYERS),
            fix=nearest(str(name), LAYERS),
        )
    kinds: dict[str, Layer] = _part(LAYERS[name], "layer").LAYERS
    return kinds[name]
