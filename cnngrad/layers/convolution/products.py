"""Matrix products where a number times a window is meant: what comes out of a convolution.

Which matrices people multiply differs, so there are several ways, each with its own shape.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...core.numbers import Array
from ...core.shapes import Axis
from ...diagnosis.variants import Matrix, ProductOperand, ProductWay
from .geometry import Geometry
from .layer import Convolution

Product = Callable[[Mapping[str, Array]], Array]


def products(problem: Convolution, name: str) -> dict[ProductWay, Product]:
    """The ways that fit this problem's shapes."""
    geometry, shapes = problem.geometry, {n: a.shape for n, a in problem.arrays.items()}
    kernel, image = shapes["W"][2:], shapes["A_prev"][2:]
    output = (geometry.rows.out, geometry.columns.out)
    ways: dict[ProductWay, Product] = {}
    if name == "dA_prev":
        for left, right in _pairs(("dZ", output), ("W", kernel)):
            ways[ProductWay("plane", left, right)] = partial(_dA_prev_of, geometry, left, right)
            result = _turned(left, output, kernel)[0], _turned(right, output, kernel)[1]
            if result[0] <= image[0] and result[1] <= image[1] and result != image:
                ways[ProductWay("plane, in the corner", left, right)] = partial(
                    _in_the_corner, _dA_prev_of, geometry, left, right
                )
    elif name == "dW":
        for left, right in ((_WINDOW, _CELL), (_CELL, _WINDOW)):
            ways[ProductWay("window", left, right)] = partial(_windows_of_dW, geometry, left)
        for left, right in _pairs(("dZ", output), ("A_prev", image)):
            ways[ProductWay("plane", left, right)] = partial(_dW_of, geometry, left, right)
        for left, right in _pairs(("dZ", output), ("window", kernel)):
            ways[ProductWay("windows added up", left, right)] = partial(
                _dW_of_windows, geometry, left, right
            )
        if output[0] == output[1]:
            for left, right in ((_PART, _DZ), (_PART, _DZ_TURNED), (_DZ, _PART)):
                ways[ProductWay("part", left, right)] = partial(
                    _dW_of_shifted, geometry, left, right
                )
    elif name == "Z" and kernel[0] == kernel[1]:
        for left, right in ((_WINDOW, _W), (_W, _WINDOW)):
            ways[ProductWay("window", left, right)] = partial(_Z_of_windows, geometry, left)
    return ways


_DZ, _DZ_TURNED = ProductOperand("dZ"), ProductOperand("dZ", True)
_W, _WINDOW = ProductOperand("W"), ProductOperand("window")
_PART, _CELL = ProductOperand("shifted"), ProductOperand("dZ's cell")


def _pairs(
    one: tuple[Matrix, tuple[int, ...]], two: tuple[Matrix, tuple[int, ...]]
) -> Iterator[tuple[ProductOperand, ProductOperand]]:
    """All products of two matrices that exist, each as it is or transposed."""
    for (first, shape), (second, other) in ((one, two), (two, one)):
        for turned, also in itertools.product((False, True), (False, True)):
            if shape[0 if turned else 1] == other[1 if also else 0]:
                yield ProductOperand(first, turned), ProductOperand(second, also)


def _turned(
    operand: ProductOperand, output: tuple[int, ...], kernel: tuple[int, ...]
) -> tuple[int, ...]:
    shape = output if operand.matrix == "dZ" else kernel
    return shape[::-1] if operand.turned else shape


def _matrix(arrays: Mapping[str, Array], operand: ProductOperand, *place: int) -> Array:
    matrix = arrays[operand.matrix][place]
    turned: Array = matrix.T if operand.turned else matrix
    return turned


def _dA_prev_of(
    geometry: Geometry, left: ProductOperand, right: ProductOperand, arrays: Mapping[str, Array]
) -> Array:
    samples, channels = arrays["A_prev"].shape[:2]
    rows: list[Any] = []
    for n in range(samples):
        for c in range(channels):
            total: Any = 0
            for o in geometry.outputs_of(c):
                places = {"dZ": (n, o), "W": (o, c % geometry.channels)}
                total = total + np.matmul(
                    _matrix(arrays, left, *places[left.matrix]),
                    _matrix(arrays, right, *places[right.matrix]),
                )
            rows.append(total)
    return np.stack(rows).reshape(samples, channels, *rows[0].shape)


def _in_the_corner(
    product: Callable[..., Array],
    geometry: Geometry,
    left: ProductOperand,
    right: ProductOperand,
    arrays: Mapping[str, Array],
) -> Array:
    small = product(geometry, left, right, arrays)
    dA_prev = np.zeros_like(arrays["A_prev"], dtype=small.dtype)
    dA_prev[..., : small.shape[2], : small.shape[3]] = small
    return dA_prev


def _dW_of(
    geometry: Geometry, left: ProductOperand, right: ProductOperand, arrays: Mapping[str, Array]
) -> Array:
    filters, channels = arrays["W"].shape[:2]
    rows: list[Any] = []
    for o in range(filters):
        for c in geometry.inputs_of(o):
            total: Any = 0
            for n in range(len(arrays["A_prev"])):
                places = {"dZ": (n, o), "A_prev": (n, c)}
                total = total + np.matmul(
                    _matrix(arrays, left, *places[left.matrix]),
                    _matrix(arrays, right, *places[right.matrix]),
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


def _windows_of_dW(geometry: Geometry, left: ProductOperand, arrays: Mapping[str, Array]) -> Array:
    """Every window · D or D · every window, where D is a matrix full of dZ's cell."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns)
    spread = windows.sum(5 if left == _WINDOW else 4, keepdims=True)
    windows = np.broadcast_to(spread, windows.shape)
    return _weighed(geometry, windows, arrays)


def _weighed(geometry: Geometry, windows: Array, arrays: Mapping[str, Array]) -> Array:
    dZ, rows = arrays["dZ"], []
    for o in range(dZ.shape[1]):
        for c in geometry.inputs_of(o):
            weights = dZ[:, o, :, :, None, None]
            rows.append((weights * windows[:, c]).sum((0, 1, 2)))
    return np.stack(rows).reshape(dZ.shape[1], geometry.channels, *windows.shape[4:])


def _dW_of_windows(
    geometry: Geometry, left: ProductOperand, right: ProductOperand, arrays: Mapping[str, Array]
) -> Array:
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


def _dW_of_shifted(
    geometry: Geometry, left: ProductOperand, right: ProductOperand, arrays: Mapping[str, Array]
) -> Array:
    """Each cell of dW: the part of A_prev that it meets, multiplied by dZ as a matrix, summed."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns)
    shifted = windows.transpose(0, 1, 4, 5, 2, 3)
    filters, channels = arrays["W"].shape[:2]
    rows: list[Any] = []
    for o in range(filters):
        dZ = arrays["dZ"][:, o, None, None]
        for c in geometry.inputs_of(o):
            part = shifted[:, c]
            if left == _DZ:
                product = np.matmul(dZ, part)
            else:
                product = np.matmul(part, dZ.swapaxes(-1, -2) if right.turned else dZ)
            rows.append(product.sum((0, 3, 4)))
    return np.stack(rows).reshape(filters, channels, *windows.shape[4:])


def _Z_of_windows(geometry: Geometry, left: ProductOperand, arrays: Mapping[str, Array]) -> Array:
    """Each window multiplied by W as a matrix, and the product's cells added up."""
    windows = _windows(arrays["A_prev"], geometry.rows, geometry.columns)
    samples = len(windows)
    Z = []
    for o in range(len(arrays["W"])):
        total: Any = 0
        for k, c in enumerate(geometry.inputs_of(o)):
            W, window = arrays["W"][o, k], windows[:, c]
            product = np.matmul(window, W) if left == _WINDOW else np.matmul(W, window)
            total = total + product.sum((-1, -2))
        Z.append(total)
    stacked: Array = np.stack(Z, axis=1)
    return stacked.reshape(samples, len(arrays["W"]), *windows.shape[2:4])
