"""A convolution computed under any variant."""

from collections.abc import Callable

import numpy as np

from ...core.numbers import Array, Scaled, alike, hold, largest
from ...core.shapes import Axis
from ...diagnosis.rules_descent import TOO_EARLY, UPDATED, after_the_step, descending
from ...diagnosis.rules_sliding import axes_under
from ...diagnosis.variants import Kernel, Variant
from ...engine import conv2d as engine
from .geometry import Geometry
from .layer import ConvBackward, Convolution
from .products import products


class ConvolutionSimulator:
    """Computes Z, dA_prev, dW and db under any variant."""

    def __init__(self, problem: Convolution) -> None:
        self.problem = problem
        names = list(problem.arrays)
        known = dict(zip(names, alike(*(problem.arrays[n] for n in names)), strict=True))
        self.scales: dict[str, int] = {name: array.scale for name, array in known.items()}
        values = [array.values for array in known.values()]
        if values[0].dtype.kind != "f":
            geometry = problem.geometry
            inner = geometry.filters * geometry.groups * geometry.rows.window
            inner = max(inner * geometry.columns.window, problem.arrays["A_prev"].size)
            top = max(largest(a) for a in values)
            values = hold(max(top, 1) ** 2 * inner, *values)
        self.arrays: dict[str, Array] = dict(zip(names, values, strict=True))
        self.arrays["W"] = problem.turned(self.arrays["W"])
        self.scratch: dict[Variant, tuple[Array, Array, Array]] = {}

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if name in UPDATED:
            return descending(self, self.problem, name, variant)
        if TOO_EARLY in variant.descent:
            later = after_the_step(self.problem)
            return ConvolutionSimulator(later).simulate(name, variant._replace(descent=()))
        if name == "db" and variant.bias:
            return self._biases(variant)
        if variant.product:
            cooked = self._product(name, variant)
        elif name == "Z":
            cooked = self._forward(variant)
        else:
            cooked = self._gradient(name, variant)
        if cooked is None:
            return None
        values, scale = cooked
        if name == "dW":
            values = self.problem.turned(values)
        return Scaled(self.problem.shown(name, values), scale)

    def _scale(self, name: str) -> int:
        pair = {"dA_prev": ("W", "dZ"), "dW": ("A_prev", "dZ"), "db": ("dZ",)}[name]
        scale = 1
        for one in pair:
            scale *= self.scales[one]
        return scale if name == "dA_prev" else scale * self._divisor()

    def _divisor(self) -> int:
        assert isinstance(self.problem, ConvBackward)
        return self.problem.divisor

    def _biases(self, variant: Variant) -> Scaled | None:
        """A bias for each cell of Z, or for each place, in the place of one a channel."""
        errors, scale = self.arrays["dZ"], self.scales["dZ"]
        if variant != Variant(bias=variant.bias):
            return None
        if variant.bias == "one a cell":
            return Scaled(errors, scale)
        summed = errors.sum(0)
        divisor = self._divisor()
        return Scaled(summed / divisor, 1) if _float(summed) else Scaled(summed, scale * divisor)

    def _product(self, name: str, variant: Variant) -> Scaled | None:
        way = variant.product
        if way is None or variant != Variant(product=way):
            return None
        values = products(self.problem, name)[way](self.arrays)
        if name == "Z":
            return Scaled(values, self.scales["A_prev"] * self.scales["W"])
        if values.dtype.kind == "f":
            return Scaled(values / self._divisor() if name != "dA_prev" else values, 1)
        return Scaled(values, self._scale(name))

    # ---- geometry and kernel as the variant has them ----------------------------------------

    def _axes(self, variant: Variant, kernel: Array) -> tuple[Axis, Axis]:
        lines = []
        for line, window in zip(self.problem.axes, kernel.shape[2:], strict=True):
            if variant.padding == "kept":
                line = line._replace(size=line.padded, before=0, after=0)
            elif variant.padding == "cropped at the far end":
                line = line._replace(before=line.before + line.after)
            lines.append(line._replace(window=window, flipped=False))  # the kernel is turned
        rows, columns = axes_under(variant, tuple(lines))
        return rows, columns

    def _kernel(self, variant: Variant, name: str) -> Array:
        W = self.arrays["W"]
        for step in variant.kernel:
            W = KERNEL[step](W)
        if variant.channels:
            W = W * self._mask(variant.channels, name)[:, :, None, None]
        return W

    def _mask(self, which: str, name: str) -> Array:
        """Which pairs (output channel, input channel of its group) take part."""
        geometry = self.problem.geometry
        outputs = np.arange(geometry.filters * geometry.groups)[:, None] % geometry.filters
        inputs = np.arange(geometry.channels)[None, :]
        if which in ("own", "in turns"):
            met = inputs if which == "own" else inputs % geometry.filters
            own: Array = (outputs == met).astype(np.int64)
            return own
        summed, count = (inputs, geometry.channels) if name == "Z" else (outputs, geometry.filters)
        chosen = summed == (count - 1 if which == "last" else 0)
        mask: Array = np.broadcast_to(chosen, (len(outputs), geometry.channels)).astype(np.int64)
        return mask

    def _images(self, variant: Variant) -> Array:
        A_prev = self.arrays["A_prev"]
        if variant.padding != "kept":
            return A_prev
        rows, columns = self.problem.axes
        padded = np.zeros((*A_prev.shape[:2], rows.padded, columns.padded), A_prev.dtype)
        down = slice(rows.before, rows.before + rows.size)
        across = slice(columns.before, columns.before + columns.size)
        padded[..., down, across] = A_prev
        return padded

    # ---- results ----------------------------------------------------------------------------

    def _forward(self, variant: Variant) -> Scaled | None:
        W = self._kernel(variant, "Z")
        rows, columns = self._axes(variant, W)
        if min(rows.out, columns.out) < 1:
            return None
        A_prev, geometry = self._images(variant), self.problem.geometry
        if variant.groups in ("first", "every"):
            A_prev, W = self._ungrouped(A_prev, W, variant.groups)
            Z = engine.forward(A_prev, W, rows, columns, 1)
        elif variant.groups == "in turns":
            order = _in_turns(geometry)
            Z = np.empty_like(A_prev, shape=(len(A_prev), len(W), rows.out, columns.out))
            Z[:, order] = engine.forward(A_prev, W[order], rows, columns, geometry.groups)
        else:
            Z = engine.forward(A_prev, W, rows, columns, geometry.groups)
        scale = self.scales["A_prev"] * self.scales["W"]
        if "b" in self.arrays and variant.bias != "missing":
            bias = self.arrays["b"][:, None, None]
            if variant.bias == "in the sum":
                bias = bias * (geometry.channels * W.shape[2] * W.shape[3])
            if Z.dtype.kind == "f":
                return Scaled(Z + bias, 1)
            Z = Z.astype(object) * self.scales["b"] + bias.astype(object) * scale
            scale *= self.scales["b"]
        return Scaled(Z, scale)

    def _ungrouped(self, A_prev: Array, W: Array, how: str) -> tuple[Array, Array]:
        geometry = self.problem.geometry
        if how == "first":
            return A_prev[:, : geometry.channels], W
        return A_prev, np.tile(W, (1, geometry.groups, 1, 1))

    def _gradient(self, name: str, variant: Variant) -> Scaled | None:
        errors = self.arrays["dZ"]
        if variant.write and name != "dA_prev":
            values = self._last_window(name, errors, variant)
        elif name == "db":
            values = errors.sum((0, 2, 3))
        elif variant.write:
            values = self._overwritten(errors, variant)
        elif variant.size:
            return self._undivided(name, errors, variant)
        else:
            key = variant._replace(write="")
            if key not in self.scratch:
                self.scratch[key] = self._added(errors, variant)
            values = self.scratch[key][0 if name == "dA_prev" else 1]
        if values.dtype.kind == "f" and name != "dA_prev":
            values = values / self._divisor()
        return Scaled(values, 1 if values.dtype.kind == "f" else self._scale(name))

    def _added(self, errors: Array, variant: Variant) -> tuple[Array, Array, Array]:
        W, geometry = self._kernel(variant, "dA_prev"), self.problem.geometry
        rows, columns = self._axes(variant, W)
        A_prev = self._images(variant)[: len(errors)]
        if not variant.groups:
            return engine.backward(A_prev, W, errors, rows, columns, geometry.groups)
        if variant.groups == "in turns":
            order = _in_turns(geometry)
            dA_prev, ordered, db = engine.backward(
                A_prev, W[order], errors[:, order], rows, columns, geometry.groups
            )
            dW = np.empty_like(ordered)
            dW[order] = ordered
            return dA_prev, dW, db
        how = "every" if variant.groups == "all pairs" else variant.groups
        seen, spread = self._ungrouped(A_prev, W, how)
        dA, dW, db = engine.backward(seen, spread, errors, rows, columns, 1)
        if how == "first":
            dA_prev = np.zeros_like(A_prev)
            dA_prev[:, : geometry.channels] = dA
            return dA_prev, dW, db
        if variant.groups == "every":
            parts = dW.reshape(len(dW), geometry.groups, geometry.channels, *dW.shape[2:])
            dW = parts.sum(1)
        return dA, dW, db

    def _undivided(self, name: str, errors: Array, variant: Variant) -> Scaled | None:
        """dW with the rest of the division by the stride, or dA_prev as far as windows reach."""
        if variant != Variant(size=variant.size):
            return None
        rows, columns = (line._replace(flipped=False) for line in self.problem.axes)
        groups = self.problem.geometry.groups
        rests = [rest_of(line) // line.dilation for line in (rows, columns)]
        A_prev, W = self.arrays["A_prev"], self.arrays["W"]
        if name == "dW":
            W = np.pad(W, ((0, 0), (0, 0), (0, rests[0]), (0, rests[1])))
            rows, columns = (
                line._replace(window=line.window + rest)
                for line, rest in zip((rows, columns), rests, strict=True)
            )
        values = engine.backward(A_prev, W, errors, rows, columns, groups)[0 if name != "dW" else 1]
        if name == "dA_prev":
            reached = [line.start(line.out - 1) + line.extent for line in (rows, columns)]
            values = values[..., : reached[0], : reached[1]]
        elif values.dtype.kind == "f":
            values = values / self._divisor()
        return Scaled(values, 1 if values.dtype.kind == "f" else self._scale(name))

    def _overwritten(self, errors: Array, variant: Variant) -> Array:
        """dA_prev with = for +=."""
        W = self._kernel(variant, "dA_prev")
        rows, columns = self._axes(variant, W)
        if variant.write == "span":
            W, rows, columns = _spread(W, rows, columns)
        dA_prev = np.zeros_like(self._images(variant))
        filters = [o for o in range(len(W)) if self._takes_part(o, variant)]
        seen = [self._inputs_of(o, variant) for o in range(len(W))]
        if variant.write == "windows":
            return self._windows_overwritten(dA_prev, errors, W, (rows, columns), seen)
        for o in filters:
            taps, inputs = seen[o]
            kernel = W[o][taps]
            for i in range(rows.out):
                for j in range(columns.out):
                    at, within = _window(rows, columns, i, j)
                    error = errors[:, o, i, j][:, None, None, None]
                    dA_prev[(slice(None), inputs, *at)] = error * kernel[(slice(None), *within)]
        return dA_prev

    def _windows_overwritten(
        self,
        dA_prev: Array,
        errors: Array,
        W: Array,
        axes: tuple[Axis, Axis],
        seen: list[tuple[list[int], list[int]]],
    ) -> Array:
        """The filters are added up in each window; windows overwrite each other."""
        rows, columns = axes
        for i in range(rows.out):
            for j in range(columns.out):
                at, within = _window(rows, columns, i, j)
                touched = sorted({c for _, inputs in seen for c in inputs})
                dA_prev[(slice(None), touched, *at)] = 0
                for o, (taps, inputs) in enumerate(seen):
                    error = errors[:, o, i, j][:, None, None, None]
                    dA_prev[(slice(None), inputs, *at)] += error * W[o][(taps, *within)]
        return dA_prev

    def _takes_part(self, o: int, variant: Variant) -> bool:
        filters = self.problem.geometry.filters
        chosen = {"last": filters - 1, "first": 0}.get(variant.channels)
        return chosen is None or o % filters == chosen

    def _inputs_of(self, o: int, variant: Variant) -> tuple[list[int], list[int]]:
        """Pairs of the kernel's own channels and the input channels that they meet."""
        geometry = self.problem.geometry
        own = list(range(geometry.channels))
        if variant.groups == "first":
            return own, own
        if variant.groups == "every":
            return own * geometry.groups, list(range(geometry.channels * geometry.groups))
        if variant.groups == "in turns":
            first = o % geometry.groups * geometry.channels
            return own, [first + k for k in own]
        if variant.channels in ("own", "in turns"):
            mask = self._mask(variant.channels, "dA_prev")
            own = [k for k in own if mask[o, k]]
        first = o // geometry.filters * geometry.channels
        return own, [first + k for k in own]

    def _last_window(self, name: str, errors: Array, variant: Variant) -> Array:
        """dW or db with = for +=: what the last window left there."""
        if name == "db":
            last: Array = errors[-1, :, -1, -1]
            return last
        rows, columns = self._axes(variant, self.arrays["W"])
        alone = np.zeros_like(errors)
        alone[-1, :, -1, -1] = errors[-1, :, -1, -1]
        A_prev = self._images(variant)[: len(errors)]
        groups = self.problem.geometry.groups
        return engine.backward(A_prev, self.arrays["W"], alone, rows, columns, groups)[1]


def _float(values: Array) -> bool:
    return values.dtype.kind == "f"


def rest_of(line: Axis) -> int:
    """How many cells of the padded input lie behind the last window."""
    return line.padded - (line.out - 1) * line.stride - line.extent


def _in_turns(geometry: Geometry) -> list[int]:
    """The filters in the order of their groups, were they dealt out in turns."""
    return sorted(range(geometry.filters * geometry.groups), key=lambda o: o % geometry.groups)


def _spread(W: Array, rows: Axis, columns: Axis) -> tuple[Array, Axis, Axis]:
    """The kernel with the gaps of its dilation written out as zeros."""
    wide = np.zeros_like(W, shape=(*W.shape[:2], rows.extent, columns.extent))
    wide[..., :: rows.dilation, :: columns.dilation] = W
    return (
        wide,
        rows._replace(window=rows.extent, dilation=1),
        columns._replace(window=columns.extent, dilation=1),
    )


def _window(
    rows: Axis, columns: Axis, i: int, j: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The cells of the input in one window, and the cells of the kernel that meet them."""
    down, across = list(rows.taps(i)), list(columns.taps(j))
    return (_span(down, 1, rows.dilation), _span(across, 1, columns.dilation)), (
        _span(down, 0, 1),
        _span(across, 0, 1),
    )


def _span(taps: list[tuple[int, int]], which: int, step: int) -> slice:
    """Positions at equal distances, as a slice."""
    return slice(taps[0][which], taps[-1][which] + 1, step) if taps else slice(0, 0)


def _rows_summed(W: Array) -> Array:
    return np.broadcast_to(W.sum(3, keepdims=True), W.shape)


def _columns_summed(W: Array) -> Array:
    return np.broadcast_to(W.sum(2, keepdims=True), W.shape)


KERNEL: dict[Kernel, Callable[[Array], Array]] = {
    "rotated": lambda W: W[..., ::-1, ::-1],
    "transposed": lambda W: W.swapaxes(-1, -2),
    "rows summed": _rows_summed,
    "columns summed": _columns_summed,
    "rows flipped": lambda W: W[..., ::-1, :],
    "columns flipped": lambda W: W[..., ::-1],
    "quarter turn": lambda W: np.rot90(W, 1, (-2, -1)),
    "three quarter turns": lambda W: np.rot90(W, 3, (-2, -1)),
    "channels swapped": lambda W: W.swapaxes(0, 1),
}
"""What can be done to the kernel before it is used, by its name in a variant."""
