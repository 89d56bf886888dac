"""Random problems within a framework's reach: small whole numbers, so that ties are common."""

import random
from typing import Any

import numpy as np

from .reach import Reach

ORDERS = {
    "nchw": (0, 1, 2, 3),
    "nhwc": (0, 2, 3, 1),
    "oihw": (0, 1, 2, 3),
    "hwio": (2, 3, 1, 0),
    "ohwi": (0, 2, 3, 1),
    "out-in": (0, 1),
    "in-out": (1, 0),
}
"""From the article's order of axes to a layout's."""

LOSSES = ("mean-squared-error", "softmax-cross-entropy", "binary-cross-entropy")
ACTIVATIONS = ("identity", "relu", "leaky-relu")


def problem(kind: str, reach: Reach, rng: random.Random) -> dict[str, Any]:
    """A random problem of this kind, its arrays in the framework's layouts.

    What is left out is the framework's default. `errors` are the first cells of dZ.
    """
    drawn = {"conv": _conv, "dense": _dense, "network": _network}.get(kind, _pool)
    made = drawn(kind, reach, rng)
    return {"kind": kind, **made, "errors": [rng.randint(-4, 4) for _ in range(97)]}


def _cells(rng: random.Random, *shape: int, low: int = -4, high: int = 4) -> np.ndarray:
    size = int(np.prod(shape))
    return np.array([rng.randint(low, high) for _ in range(size)]).reshape(shape)


def _placed(array: np.ndarray, layout: str) -> Any:
    return np.transpose(array, ORDERS[layout]).tolist()


def _conv(_kind: str, reach: Reach, rng: random.Random) -> dict[str, Any]:
    groups = rng.choice((1, 1, 2, 3)) if reach.groups else 1
    channels, filters = groups * rng.randint(1, 2), groups * rng.randint(1, 2)
    kernel = (rng.randint(1, 3), rng.randint(1, 3))
    if reach.square_kernel:
        kernel = (kernel[0], kernel[0])
    made: dict[str, Any] = {}
    dilation = 1
    if reach.dilation and rng.random() < 0.35:
        dilation = made["dilation"] = rng.randint(1, 2)
    sizes = [(k - 1) * dilation + 1 + rng.randint(0, 4) for k in kernel]
    if groups > 1:
        made["groups"] = groups
    _slide(made, reach.conv_padding, reach.stride, kernel, rng)
    image = _cells(rng, rng.randint(1, 3), channels, *sizes)
    weights = _cells(rng, filters, channels // groups, *kernel, low=-3, high=3)
    return {
        "A_prev": _placed(image, reach.layout),
        "W": _placed(weights, reach.kernel),
        "b": _cells(rng, filters).tolist(),
        **made,
    }


def _slide(
    made: dict[str, Any],
    forms: tuple[str, ...],
    strides: str,
    window: tuple[int, int],
    rng: random.Random,
) -> None:
    """Draw stride and padding."""
    form = rng.choice(forms)
    if form == "number":
        made["padding"] = rng.randint(0, min(2, (min(window)) // 2 + 1) if min(window) > 1 else 0)
    elif form == "pair":
        pads = [rng.randint(0, size // 2) for size in window]
        made["padding"] = [[pad, pad] for pad in pads]
    elif form == "equal":
        pad = rng.randint(0, min(window) // 2)
        made["padding"] = [[pad, pad], [pad, pad]]
    elif form == "sides":
        made["padding"] = [[rng.randint(0, size // 2) for _ in range(2)] for size in window]
    elif form != "none":
        made["padding"] = form
    if strides == "one-if-same" and made.get("padding") == "same":
        return
    if strides == "given" or rng.random() < 0.7:
        stride = rng.randint(1, 3)
        square = strides == "square" or rng.random() < 0.6
        made["stride"] = stride if square else [stride, rng.randint(1, 3)]


def _pool(kind: str, reach: Reach, rng: random.Random) -> dict[str, Any]:
    average = kind == "average-pool"
    window = (rng.randint(1, 3), rng.randint(1, 3))
    made: dict[str, Any] = {"window": list(window)}
    dilation = 1
    if reach.pool_dilation and not average and rng.random() < 0.3:
        dilation = made["dilation"] = rng.randint(1, 2)
    forms = reach.average_padding if average and reach.average_padding else reach.pool_padding
    _slide(made, forms, reach.pool_stride, window, rng)
    if isinstance(made.get("padding"), int):
        made["padding"] = [[made["padding"]] * 2] * 2
        made["padding"] = [
            [min(p, size // 2)] * 2 for (p, _), size in zip(made["padding"], window, strict=True)
        ]
    if reach.ceil[average] and rng.random() < 0.6 and not isinstance(made.get("padding"), str):
        made["ceil_mode"] = rng.random() < 0.75
    if average:
        include = rng.choice(reach.include)
        if include is not None:
            made["count_include_pad"] = include
    sizes = [(k - 1) * dilation + 1 + rng.randint(0, 4) for k in window]
    image = _cells(rng, rng.randint(1, 2), rng.randint(1, 2), *sizes, low=-2, high=2)
    return {"A_prev": _placed(image, reach.layout), **made}


def _dense(_kind: str, reach: Reach, rng: random.Random) -> dict[str, Any]:
    samples, taken, given = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 4)
    return {
        "A_prev": _cells(rng, samples, taken).tolist(),
        "W": _placed(_cells(rng, given, taken), reach.dense),
        "b": _cells(rng, given).tolist(),
    }


def _network(_kind: str, reach: Reach, rng: random.Random) -> dict[str, Any]:
    made = _dense(_kind, reach, rng)
    samples = len(made["A_prev"])
    given = len(made["b"])
    loss = rng.choice(LOSSES)
    if loss == "softmax-cross-entropy":
        target = _cells(rng, samples, low=0, high=given - 1)
    elif loss == "binary-cross-entropy":
        target = _cells(rng, samples, given, low=0, high=1)
    else:
        target = _cells(rng, samples, given)
    activation = rng.choice(ACTIVATIONS) if loss != "binary-cross-entropy" else "identity"
    return {**made, "Y": target.tolist(), "loss": loss, "activation": activation}
