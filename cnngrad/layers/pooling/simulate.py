"""Max and average pooling computed under any variant."""

from math import lcm
from typing import Any, NamedTuple

import numpy as np

from ...core.numbers import Array, Scaled, alike, hold, largest
from ...core.shapes import Axis
from ...diagnosis.rules_sliding import axes_under
from ...diagnosis.variants import Variant
from .layer import AverageBackward, AverageForward, AveragePooling
from .windows import Pooling


class _Windows(NamedTuple):
    """Every window's cells along both axes: what they hold and where they are."""

    values: Array
    """(N, C, H_out, W_out, kH·kW): the cells of the input; 0 where there is none."""
    real: Array
    """(H_out, W_out, kH·kW): whether the cell lies in the input."""
    rows: Array
    columns: Array
    """(H_out, W_out, kH·kW): where it lies, in cells of the result."""
    lands: Array
    """(H_out, W_out, kH·kW): whether it lies in the result."""
    zeros: Array | None = None
    """(H_out, W_out, kH·kW): whether it is a cell of the padding that counts as 0."""


class PoolingSimulator:
    """Computes A and dA_prev under any variant."""

    def __init__(self, problem: Pooling) -> None:
        self.problem = problem
        self.average = isinstance(problem, (AverageForward, AverageBackward))
        arrays = problem.arrays
        known = alike(arrays["A_prev"], arrays["dZ"]) if "dZ" in arrays else alike(arrays["A_prev"])
        self.images = known[0]
        self.errors = known[1] if len(known) > 1 else None

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        axes = self._axes(variant)
        if min(line.out for line in axes) < 1:
            return None
        cooked = self._forward(axes, variant) if name == "A" else self._backward(axes, variant)
        return Scaled(self.problem.shown(name, cooked.values), cooked.scale)

    def _axes(self, variant: Variant) -> tuple[Axis, Axis]:
        rows, columns = self.problem.axes
        if variant.window:
            rows, columns = (
                rows._replace(window=columns.window),
                columns._replace(window=rows.window),
            )
        rows, columns = axes_under(variant, (rows, columns))
        return rows, columns

    def _windows(self, axes: tuple[Axis, Axis], variant: Variant) -> _Windows:
        down, across = (_starts(line)[:, None] + _steps(line) for line in axes)
        real = _both(_within(down, axes[0].size), _within(across, axes[1].size), np.logical_and)
        y = down.clip(0, axes[0].size - 1)
        x = across.clip(0, axes[1].size - 1)
        block = self.images.values[:, :, y[:, None, :, None], x[None, :, None, :]]
        values = block.reshape(*block.shape[:4], -1) * real
        sizes = [line.size for line in axes]
        zeros = None
        if variant.padding == "as zeros":
            inside = [
                (at >= -line.before) & (at < line.size + line.after)
                for at, line in zip((down, across), axes, strict=True)
            ]
            zeros = _both(inside[0], inside[1], np.logical_and) & ~real
        if variant.stride == "placed by one":
            down, across = (
                _starts(line._replace(stride=1))[:, None] + _steps(line) for line in axes
            )
        for side, line in enumerate(axes):
            shift = 0
            if variant.padding == "kept":
                shift, sizes[side] = line.before, line.padded
            elif variant.padding == "cropped at the far end":
                shift = -line.after
            elif variant.padding == "cropped by the other side":
                shift = line.before - line.after
            if side == 0:
                down = down + shift
            else:
                across = across + shift
        lands = _both(_within(down, sizes[0]), _within(across, sizes[1]), np.logical_and)
        rows = _both(down, np.zeros_like(across), np.add)
        columns = _both(np.zeros_like(down), across, np.add)
        return _Windows(values, real, rows, columns, lands, zeros)

    def _shape(self, axes: tuple[Axis, Axis], variant: Variant) -> tuple[int, ...]:
        sides = [line.padded if variant.padding == "kept" else line.size for line in axes]
        return (*self.images.values.shape[:2], *sides)

    # ---- what each window gives ---------------------------------------------------------------

    def _chosen(self, windows: _Windows, variant: Variant) -> tuple[Array, Array]:
        """Which cells of each window receive something, and the number that share it."""
        share = variant.share or ("every" if self.average else self.problem.settings["ties"])
        shape = windows.values.shape
        one = np.ones(shape[:4], np.int64)
        if share == "every":
            everyone = np.broadcast_to(windows.lands, shape)
            return everyone, one
        if share in _CORNERS:
            return self._corner(share, shape), one
        if share == "first real cell":
            return windows.real & (windows.real.cumsum(-1) == 1) & np.ones(shape, bool), one
        top = _top(windows)
        seen = windows.real if windows.zeros is None else windows.real | windows.zeros
        winners = np.asarray(windows.values == top[..., None], bool) & seen
        order = winners.cumsum(-1)
        counts = order[..., -1:]
        if share == "split":
            return winners, counts[..., 0].clip(1)
        if share == "first":
            winners = winners & (order == 1)
        elif share == "last":
            winners = winners & (order == counts)
        elif share == "first-column":
            height, width = self.problem.settings["window"]
            if variant.window:
                height, width = width, height
            columns = winners.reshape(*shape[:4], height, width).swapaxes(-1, -2)
            flat = columns.reshape(shape)
            first = (flat & (flat.cumsum(-1) == 1)).reshape(columns.shape)
            winners = first.swapaxes(-1, -2).reshape(shape)
        elif share == "sides swapped":
            side = self.problem.settings["window"][0]
            winners = winners & (order == 1)
            planes = winners.reshape(*shape[:4], side, side)
            winners = planes.swapaxes(-1, -2).reshape(shape)
        return winners, one

    def _corner(self, share: str, shape: tuple[int, ...]) -> Array:
        height, width = self.problem.settings["window"]
        down, across = _CORNERS[share]
        tap = (height - 1) * width * down + (width - 1) * across
        chosen = np.zeros(shape, bool)
        chosen[..., tap] = True
        return chosen

    def _parts(self, axes: tuple[Axis, Axis], windows: _Windows, variant: Variant) -> Array:
        """What each window's amount is divided by: (H_out, W_out)."""
        settings, shape = self.problem.settings, windows.real.shape[:2]
        height, width = settings["window"]
        wanted = variant.divide
        if not wanted:
            if not self.average:
                return np.ones(shape, np.int64)
            if settings["divisor_override"]:
                return np.full(shape, settings["divisor_override"], np.int64)
            wanted = "padded" if settings["count_include_pad"] else "real"
        plain = {"none": 1, "height": height, "width": width, "area": height * width}
        if wanted in plain:
            return np.full(shape, plain[wanted], np.int64)
        if wanted == "padded" and self.problem.settings.get("overhang", "not") != "not":
            assert isinstance(self.problem, AveragePooling)
            if self.problem.overhang_counts:
                return np.full(shape, height * width, np.int64)
        if wanted == "real":
            real: Array = np.maximum(windows.real.sum(-1), 1)
            return real
        counted = [
            (_starts(line)[:, None] + _steps(line) < line.size + line.after).sum(-1)
            for line in axes
        ]
        padded: Array = np.maximum(np.outer(*counted), 1)
        return padded

    # ---- results ----------------------------------------------------------------------------

    def _forward(self, axes: tuple[Axis, Axis], variant: Variant) -> Scaled:
        windows = self._windows(axes, variant)
        parts = self._parts(axes, windows, variant)
        summed = variant.share == "every" or (self.average and variant.share != "first")
        values = windows.values.sum(-1) if summed else _top(windows)
        return _shared(Scaled(values, self.images.scale), parts)

    def _backward(self, axes: tuple[Axis, Axis], variant: Variant) -> Scaled:
        assert self.errors is not None
        windows = self._windows(axes, variant)
        chosen, sharers = self._chosen(windows, variant)
        if variant.amount in ("maximum", "error × maximum"):
            amounts = Scaled(_top(windows), self.images.scale)
            if variant.amount == "error × maximum":
                bound = largest(amounts.values) * largest(self.errors.values) + 1
                tops, errors = hold(bound, amounts.values, self.errors.values)
                amounts = Scaled(tops * errors, amounts.scale * self.errors.scale)
        elif variant.amount == "one":
            amounts = Scaled(np.ones_like(self.errors.values), 1)
        else:
            amounts = self.errors
        parts = self._parts(axes, windows, variant)
        amounts = _shared(amounts, parts * sharers)
        values = self._scattered(
            amounts.values, chosen, windows, self._shape(axes, variant), variant
        )
        return Scaled(values, amounts.scale)

    def _scattered(
        self,
        amounts: Array,
        chosen: Array,
        windows: _Windows,
        shape: tuple[int, ...],
        variant: Variant,
    ) -> Array:
        dA_prev = np.zeros(shape, amounts.dtype)
        sent = amounts[..., None] * chosen
        for i, j in np.ndindex(windows.lands.shape[:2]):
            taps = np.flatnonzero(windows.lands[i, j])
            rows, columns = windows.rows[i, j, taps], windows.columns[i, j, taps]
            block = sent[:, :, i, j, taps]
            if variant.write == "receivers":
                kept = dA_prev[:, :, rows, columns]
                dA_prev[:, :, rows, columns] = np.where(chosen[:, :, i, j, taps], block, kept)
            elif variant.write == "window":
                dA_prev[:, :, rows, columns] = block
            elif variant.write == "span":
                if len(rows):
                    across = slice(columns.min(), columns.max() + 1)
                    dA_prev[:, :, rows.min() : rows.max() + 1, across] = 0
                dA_prev[:, :, rows, columns] = block
            else:
                dA_prev[:, :, rows, columns] += block
        return dA_prev


_CORNERS = {
    "top left": (0, 0),
    "top right": (0, 1),
    "bottom left": (1, 0),
    "bottom right": (1, 1),
}
"""Whether the last row, and the last column, of a window is meant."""


def _starts(line: Axis) -> Array:
    starts: Array = np.arange(line.out) * line.stride - line.before
    return starts


def _steps(line: Axis) -> Array:
    steps: Array = np.arange(line.window) * line.dilation
    return steps


def _within(places: Array, size: int) -> Array:
    inside: Array = (places >= 0) & (places < size)
    return inside


def _both(down: Array, across: Array, join: Any) -> Array:
    """Something of each axis joined for every cell of every window."""
    joined: Array = join(down[:, None, :, None], across[None, :, None, :])
    return joined.reshape(*joined.shape[:2], -1)


def _top(windows: _Windows) -> Array:
    """Each window's maximum; 0 where the window holds nothing."""
    lowest = windows.values.min() - 1
    seen = windows.real if windows.zeros is None else windows.real | windows.zeros
    top: Array = np.where(seen, windows.values, lowest).max(-1)
    return np.where(windows.real.any(-1), top, 0)


def _shared(amounts: Scaled, parts: Array) -> Scaled:
    """Amounts divided by as many parts, kept as integers over one scale."""
    values, scale = amounts
    parts = np.broadcast_to(parts, values.shape)
    if values.dtype.kind == "f":
        return Scaled(values / parts, 1)
    common = lcm(*set(parts.ravel().tolist()))
    (values,) = hold(largest(values) * common * 64, values)
    shared = values * (common // parts)
    return Scaled(shared, scale * common)
