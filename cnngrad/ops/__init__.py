"""The operations: one file a kind of layer, one line here an operation."""

from importlib import import_module

from ..errors import SettingError, nearest
from ..problem import Operation

OPERATIONS = {
    "conv-forward": "conv2d:FORWARD",
    "conv-backward": "conv2d:BACKWARD",
    "pool-forward": "pool:FORWARD",
    "pool-backward": "pool:BACKWARD",
}
"""Where each operation lives: the module here and the name in it, imported when needed."""


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
            mend=nearest(str(name), OPERATIONS),
        )
    module, _, attribute = OPERATIONS[name].partition(":")
    found: Operation = getattr(import_module(f".{module}", __name__), attribute)
    return found
