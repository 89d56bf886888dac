"""What the constructor of a layer may ask for, by the usual names of its parameters."""

from collections.abc import Mapping
from typing import Any

from ...core.numbers import Array

_CHANNELS = "in_channels input_channels channels c_in n_in in_ch num_channels depth"
_FILTERS = (
    "out_channels output_channels filters num_filters n_filters c_out n_out out_ch num_kernels"
)
_KERNEL = "kernel_size filter_size kernel_shape filter_shape kernel_dim filter_dim k f size ksize"
_INPUTS = "in input n_in fan_in"
_UNITS = "out output n_out"


def sizes(full: Mapping[str, Array], given: Mapping[str, Array], tuples: bool) -> dict[str, Any]:
    """Sizes by the names of constructors' parameters.

    Parameters
    ----------
    full
        The matrices in full rank.
    given
        The same as the layer takes them.
    tuples
        Whether a kernel's size is two numbers.
    """
    if "W" not in full:
        return {}
    found: dict[str, Any] = {"bias": True, "use_bias": True}
    W = full["W"]
    if W.ndim == 2:
        return found | _dense(W.shape[0], W.shape[1])
    height, width = W.shape[2:]
    kernel = height if height == width and not tuples else (height, width)
    found |= dict.fromkeys(_CHANNELS.split(), full["A_prev"].shape[1])
    found |= dict.fromkeys(_FILTERS.split(), W.shape[0])
    found |= dict.fromkeys(_KERNEL.split(), kernel)
    shape = given["A_prev"].shape
    image = shape[1:] if len(shape) == 4 else shape
    return found | {"input_shape": image, "input_dim": image}


def _dense(units: int, inputs: int) -> dict[str, Any]:
    found: dict[str, Any] = {"units": units, "num_inputs": inputs, "num_outputs": units}
    for words, size in ((_INPUTS, inputs), (_UNITS, units)):
        for word in words.split():
            found |= {word: size, f"{word}_features": size, f"{word}_dim": size}
            found |= {f"{word}_size": size, f"{word}puts": size, f"n_{word}puts": size}
    return found
