"""Matrix products where a number times a window is meant: what comes out of a convolution.

Which matrices people multiply differs, so there are several ways, each with its own shape.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...core.numbers import Array
from ...core.shapes import Axis
from .geometry import Geometry
from .layer import Convolution

Product = Callable[[Mapping[str, Array]], Array]


def products(problem: Convolution, name: str) -> dict[str, Product]:
    """The ways that fit this problem's shapes, by a short description."""
    geometry, shapes = problem.geometry, {n: a.shape for n, a in problem.arrays.items()}
    kernel, image = shapes["W"][2:], shapes["A_prev"][2:]
    output = (geometry.rows.out, geometry.columns.out)
    ways: dict[str, Product] = {}
    if name == "dA_prev":
        for way, (left, right, fits) in _pairs("dZ", output, "W", kernel).items():
            if fits:
                ways[way] = partial(_dA_prev_of, geometry, left, right)
                result = _result_shape(left, output, right, kernel)
                if result[0] <= image[0] and result[1] <= image[1] and result != image:
                    ways[f"{way}, in the corner"] = partial(
                        _in_the_corner, _dA_prev_of, geometry, left, right
                    )
    elif name == "dW":
        ways["every window times a matrix of dZ's cell"] = partial(
            _windows_of_dW, geometry, "right"
        )
        ways["a matrix of dZ's cell times every window"] = partial(_windows_of_dW, geometry, "left")
        for way, (left, right, fits) in _pairs("dZ", output, "A_prev", image).items():
            if fits:
                ways[way] = partial(_dW_of, geometry, left, right)
        for way, (left, right, fits) in _pairs("dZ", output, "window", kernel).items():
            if fits:
                ways[f"every window: {way}"] = partial(_dW_of_windows, geometry, left, right)
        if output[0] == output[1]:
            for way in ("shifted · dZ", "shifted · dZᵀ", "dZ · shifted"):
                ways[way] = partial(_dW_of_shifted, geometry, way)
    elif name == "Z" and kernel[0] == kernel[1]:
        for way in ("window · W", "W · window"):
            ways[way] = partial(_Z_of_windows, geometry, way)
    return ways


def _pairs(
    one: str, one_shape: tuple[int, ...], two: str, two_shape: tuple[int, ...]
) -> dict[str, tuple[str, str, bool]]:
    """All products of two matrices, each as it is or transposed, and whether it exists."""
    ways = {}
    shapes = {}
    for name, (rows, columns) in ((one, one_shape), (two, two_shape)):
        shapes[name] = (rows, columns)
        shapes[name + "ᵀ"] = (columns, rows)
    for first, second in ((one, two), (two, one)):
        for left in (first, first + "ᵀ"):
            for right in (second, second + "ᵀ"):
                fits = shapes[left][1] == shapes[right][0]
                ways[f"{left} · {right}"] = (left, right, fits)
    return ways


def _result_shape(
    left: str, output: tuple[int, ...], right: str, kernel: tuple[int, ...]
) -> tuple[int, ...]:
    shapes = {"dZ": output, "dZᵀ": output[::-1], "W": kernel, "Wᵀ": kernel[::-1]}
    return shapes[left][0], shapes[right][1]


def _matrix(arrays: Mapping[str, Array], word: str, *place: int) -> Array:
    matrix = arrays[word.rstrip("ᵀ")][place]
    turned: Array = matrix.T if word.endswith("ᵀ") else matrix
    return turned


def _dA_prev_of(geometry: Geometry, left: str, right: str, arrays: Mapping[str, Array]) -> Array:
    samples, channels = arrays["A_prev"].shape[:2]
    rows: list[Any] = []
    for n in range(samples):
        for c in range(channels):
            total: Any = 0
            for o in geometry.outputs_of(c):
                places = {"dZ": (n, o), "W": (o, c % geometry.channels)}
                total = total + np.matmul(
                    _matrix(arrays, left, *places[left.rstrip("ᵀ")]),
                    _matrix(arrays, right, *places[right.rstrip("ᵀ")]),
                )
            rows.append(total)
    return np.stack(rows).reshape(samples, channels, *rows[0].shape)


def _in_the_corner(
    product: Callable[..., Array],
    geometry: Geometry,
    left: str,
    right: str,
    arrays: Mapping[str, Array],
) -> Array:
    small = product(geometry, left, right, arrays)
    dA_prev = np.zeros_like(arrays["A_prev"], dtype=small.dtype)
    dA_prev[..., : small.shape[2], : small.shape[3]] = small
    return dA_prev


def _dW_of(geometry: Geometry, left: str, right: str, arrays: Mapping[str, Array]) -> Array:
    filters, channels = arrays["W"].shape[:2]
    rows: list[Any] = []
    for o in range(filters):
        for c in geometry.inputs_of(o):
            total: Any = 0
            for n in range(len(arrays["A_prev"])):
                places = {"dZ": (n, o), "A_prev": (n, c)}
                total = total + np.matmul(
                    _matrix(arrays, left, *places[left.rstrip("ᵀ")]),
                    _matrix(arrays, right, *places[right.rstrip("ᵀ")]),
                )
            rows.append(total)
    return np.stack(rows).reshape(filters, channels, *rows[0].shape)


def _windows(images: Array, rows: Axis, columns: Axis) -> Array:
    """Every window of every channel, padding as zeros: (N, C, H_out, W_out, kH, kW)."""
    down, inside = _places(rows)
    across, within = _places(columns)
    block = images[:, :, down[:, None, :, None], across[None, :, None, :]]
    kept: Array = block * (inside[:, None, :, None] & within[None, :, None, :])
    return kept


def _places(line: Axis) -> tuple[Array, Array]:
    """The positions of every window's cells along one axis, and which lie in the input."""
    starts = np.arange(line.out)[:, None] * line.stride - line.before
    places = starts + np.arange(line.window)[None, :] * line.dilation
    return places.clip(0, line.size - 1), (places >= 0) & (places < line.size)


def _windows_of_dW(geometry: Geometry, side: str, arrays: Mapping[str, Array]) -> Array:
    """Every window · D or D · every window, where D is a matrix full of dZ's cell."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns)
    spread = windows.sum(5, keepdims=True) if side == "right" else windows.sum(4, keepdims=True)
    windows = np.broadcast_to(spread, windows.shape)
    return _weighed(geometry, windows, arrays)


def _weighed(geometry: Geometry, windows: Array, arrays: Mapping[str, Array]) -> Array:
    dZ, rows = arrays["dZ"], []
    for o in range(dZ.shape[1]):
        for c in geometry.inputs_of(o):
            weights = dZ[:, o, :, :, None, None]
            rows.append((weights * windows[:, c]).sum((0, 1, 2)))
    return np.stack(rows).reshape(dZ.shape[1], geometry.channels, *windows.shape[4:])


def _dW_of_windows(geometry: Geometry, left: str, right: str, arrays: Mapping[str, Array]) -> Array:
    """Every window multiplied by the matrix dZ, and all of them added up."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns).sum((2, 3))
    filters, channels = arrays["W"].shape[:2]
    rows: list[Any] = []
    for o in range(filters):
        for c in geometry.inputs_of(o):
            total: Any = 0
            for n in range(len(windows)):
                both = {"dZ": arrays["dZ"][n, o], "window": windows[n, c]}
                total = total + np.matmul(_matrix(both, left), _matrix(both, right))
            rows.append(total)
    return np.stack(rows).reshape(filters, channels, *rows[0].shape)


def _dW_of_shifted(geometry: Geometry, way: str, arrays: Mapping[str, Array]) -> Array:
    """Each cell of dW: the part of A_prev that it meets, multiplied by dZ as a matrix, summed."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns)
    shifted = windows.transpose(0, 1, 4, 5, 2, 3)
    filters, channels = arrays["W"].shape[:2]
    rows: list[Any] = []
    for o in range(filters):
        dZ = arrays["dZ"][:, o, None, None]
        for c in geometry.inputs_of(o):
            part = shifted[:, c]
            if way == "dZ · shifted":
                product = np.matmul(dZ, part)
            else:
                product = np.matmul(part, dZ.swapaxes(-1, -2) if way.endswith("ᵀ") else dZ)
            rows.append(product.sum((0, 3, 4)))
    return np.stack(rows).reshape(filters, channels, *windows.shape[4:])


def _Z_of_windows(geometry: Geometry, way: str, arrays: Mapping[str, Array]) -> Array:
    """Each window multiplied by W as a matrix, and the product's cells added up."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns)
    samples = len(windows)
    Z = []
    for o in range(len(arrays["W"])):
        total: Any = 0
        for k, c in enumerate(geometry.inputs_of(o)):
            W, window = arrays["W"][o, k], windows[:, c]
            product = np.matmul(window, W) if way == "window · W" else np.matmul(W, window)
            total = total + product.sum((-1, -2))
        Z.append(total)
    stacked: Array = np.stack(Z, axis=1)
    return stacked.reshape(samples, len(arrays["W"]), *windows.shape[2:4])
