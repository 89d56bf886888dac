"""The ladder: small problems, from one window up, on which known mistakes give other numbers.

Each rung adds one thing (a stride, padding, a second sample …), so that the first rung on which a
function fails says what it gets wrong, and the rungs that it passes say what it gets right.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...core.numbers import Array
from ...core.problem import Problem
from ...layers import operation
from ...layers.activation.layer import ActivationBackward, ActivationForward
from ...layers.loss.layer import Loss, SoftmaxCrossEntropy, SquaredError

Settings = Mapping[str, Any]

LAYERS = ("conv", "pool", "dense", "activation", "loss")


@dataclass(frozen=True, eq=False)
class Rung:
    """One problem of the ladder.

    Parameters
    ----------
    op
        The operation, such as `conv-backward`.
    given
        Its matrices by the article's names, in full rank, whole numbers in float64.
    settings
        As the operation takes them.
    adds
        What it has that the rungs before it lack, such as `stride`: a function that cannot be
        told of it is not asked.
    """

    op: str
    given: Mapping[str, Array]
    settings: Settings
    adds: tuple[str, ...] = ()
    number: int = 0
    divided_error: bool = False
    """Whether the error of a loss is divided by N, as the slope of a mean over samples is."""
    flipped: bool = False
    """Whether the kernel is turned by 180°, forward and back: true convolution."""

    def asked(self, **settings: object) -> "Rung":
        """The same rung under a convention."""
        return replace(self, settings={**self.settings, **settings})

    @cached_property
    def problem(self) -> Problem:
        """The problem, in exact numbers."""
        given = dict(self.given)
        if self.flipped:
            given["W"] = given["W"][..., ::-1, ::-1]
        return posed(self.op, given, self.settings)

    def turned_back(self, name: str, array: Array) -> Array:
        """A result of `problem` as a function that turns its kernel gives it."""
        turns = self.flipped and name == "dW" and array.ndim > 1
        return array[..., ::-1, ::-1] if turns else array

    @cached_property
    def results(self) -> dict[str, Array]:
        """What is right, in full rank, in float64; `loss` besides where the layer is a loss."""
        results = {
            name: self.turned_back(name, array.astype(np.float64)).reshape(self._shape(name))
            for name, array in self.problem.results.items()
        }
        if isinstance(self.problem, Loss):
            results["loss"] = np.asarray(float(self.problem.value))
            rows = results["dA_prev"].reshape(self.given["A_prev"].shape)
            results["dA_prev"] = rows / self.samples if self.divided_error else rows
        return results

    def _shape(self, name: str) -> tuple[int, ...]:
        if self.op.startswith(("loss", "activation")):
            return self.given["A_prev"].shape
        return self.problem.trace(name).shape

    @property
    def samples(self) -> int:
        """N."""
        return int(self.given["A_prev"].shape[0])

    def shown_rank(self, name: str) -> int:
        """The axes that are worth showing: two of an image or kernel where the others are 1."""
        shape = self.given[name].shape
        if len(shape) == 4:
            return 2 if self.plain else 4
        return 1 if len(shape) == 2 and name != "W" and shape[0] == 1 else len(shape)

    @cached_property
    def shown_problem(self) -> Problem:
        """The problem as a person would write it: a matrix where a matrix is all there is."""
        given = {
            name: array.reshape(array.shape[array.ndim - self.shown_rank(name) :])
            for name, array in self.problem.given.items()
        }
        if self.op in ("conv-backward", "conv-transpose-backward", "dense-backward"):
            given.pop("b", None)
        return type(self.problem)(given, self.problem.settings)

    @property
    def plain(self) -> bool:
        """Whether one sample of one channel and one filter are all that there is."""
        lead = [*self.given["A_prev"].shape[:2], *self.given.get("W", np.ones((1, 1))).shape[:2]]
        return set(lead) == {1}


def posed(op: str, given: Mapping[str, Array], settings: Settings) -> Problem:
    """The problem of a rung; its numbers are whole, so that all of it is exact."""
    exact = {name: _whole(array) for name, array in given.items()}
    if op.startswith("activation"):
        kind = ActivationForward if op.endswith("forward") else ActivationBackward
        return kind(given, settings)
    if op == "loss-softmax-cross-entropy":
        return SoftmaxCrossEntropy(given, settings)
    if op == "loss-squared-error":
        return SquaredError(given, settings)
    return operation(op).problem(exact, settings)


def _whole(array: Array) -> Array:
    whole = array.astype(np.int64)
    return whole if (whole == array).all() else array


@dataclass
class _Numbers:
    """Whole numbers that look random and are the same every time; none is 0, few repeat."""

    source: random.Random = field(default_factory=lambda: random.Random(20231))

    def array(self, *shape: int, low: int = -6, high: int = 7) -> Array:
        cells = [n for n in range(low, high + 1) if n]
        count = int(np.prod(shape))
        drawn = [self.source.choice(cells) for _ in range(count)]
        return np.array(drawn, np.float64).reshape(shape)

    def distinct(self, *shape: int, low: int | None = None) -> Array:
        """Numbers no two of which are equal, so that no maximum is tied."""
        count = int(np.prod(shape))
        first = -(count // 2) if low is None else low
        cells = list(range(first, first + count))
        self.source.shuffle(cells)
        return np.array(cells, np.float64).reshape(shape)


def ladder(op: str, mode: str = "") -> list[Rung]:
    """All problems for one operation, the smallest first.

    >>> [rung.adds for rung in ladder("dense-backward")][:3]
    [(), (), ('samples',)]
    """
    kind = op.removesuffix("-forward").removesuffix("-backward")
    rungs = {
        "conv": _convolution,
        "conv-transpose": _transposed,
        "batch-norm": _batch_norm,
        "pool": _pooling,
        "dense": _dense,
        "activation": _activation,
        "loss": _loss,
    }[kind](op, mode, _Numbers())
    return [replace(rung, number=k) for k, rung in enumerate(rungs, 1)]


# (N, C_in, H, W), (C_out, C_in / groups, kH, kW), settings, what it adds
_CONVOLUTIONS: tuple[tuple[tuple[int, ...], tuple[int, ...], Settings, tuple[str, ...]], ...] = (
    ((1, 1, 2, 2), (1, 1, 2, 2), {}, ()),
    ((1, 1, 3, 3), (1, 1, 2, 2), {}, ()),
    ((1, 1, 3, 4), (1, 1, 2, 2), {}, ("non-square input",)),
    ((1, 1, 4, 4), (1, 1, 3, 3), {}, ()),
    ((1, 1, 4, 5), (1, 1, 2, 3), {}, ("non-square kernel",)),
    ((1, 2, 3, 3), (1, 2, 2, 2), {}, ("input channels",)),
    ((1, 1, 3, 3), (2, 1, 2, 2), {}, ("filters",)),
    ((1, 2, 3, 4), (3, 2, 2, 2), {}, ("input channels", "filters")),
    ((2, 1, 3, 3), (1, 1, 2, 2), {}, ("samples",)),
    ((3, 2, 4, 4), (2, 2, 3, 3), {}, ("samples", "input channels", "filters")),
    ((1, 1, 4, 4), (1, 1, 2, 2), {"stride": 2}, ("stride",)),
    ((1, 1, 5, 5), (1, 1, 3, 3), {"stride": 2}, ("stride",)),
    ((1, 1, 5, 6), (1, 1, 2, 3), {"stride": 2}, ("stride", "non-square kernel", "rest")),
    ((1, 1, 4, 5), (1, 1, 2, 2), {"stride": (1, 2)}, ("stride", "two strides", "rest")),
    ((1, 1, 3, 3), (1, 1, 3, 3), {"padding": 1}, ("padding",)),
    ((1, 1, 3, 3), (1, 1, 2, 2), {"padding": 1}, ("padding",)),
    ((2, 2, 3, 4), (3, 2, 3, 3), {"padding": 2}, ("padding", "samples", "filters")),
    ((1, 1, 4, 4), (1, 1, 3, 3), {"padding": 1, "stride": 2}, ("padding", "stride", "rest")),
    ((2, 2, 5, 5), (2, 2, 3, 3), {"padding": 1, "stride": 2}, ("padding", "stride", "samples")),
    ((1, 1, 4, 4), (1, 1, 3, 2), {"padding": (1, 0)}, ("padding", "two paddings")),
    ((1, 1, 4, 4), (1, 1, 2, 2), {"dilation": 2}, ("dilation",)),
    ((1, 1, 6, 6), (1, 1, 2, 2), {"dilation": 2, "stride": 3}, ("dilation", "stride", "rest")),
    ((1, 2, 3, 3), (2, 1, 2, 2), {"groups": 2}, ("groups",)),
    ((2, 4, 3, 3), (6, 2, 2, 2), {"groups": 2}, ("groups", "samples")),
    ((1, 1, 3, 3), (1, 1, 3, 3), {"padding": "valid"}, ("padding by word",)),
    ((1, 1, 4, 4), (1, 1, 3, 3), {"padding": "same"}, ("padding by word",)),
    ((1, 1, 4, 3), (1, 1, 2, 2), {"padding": "same"}, ("padding by word", "even same")),
)


def _convolution(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    del mode
    for image, kernel, settings, adds in _CONVOLUTIONS:
        given = {"A_prev": numbers.array(*image), "W": numbers.array(*kernel)}
        given["b"] = numbers.array(kernel[0])
        yield _with_error(op, given, settings, adds, numbers)


# (N, C_in, H, W), (C_in, C_out / groups, kH, kW), settings, what it adds
_TRANSPOSED: tuple[tuple[tuple[int, ...], tuple[int, ...], Settings, tuple[str, ...]], ...] = (
    ((1, 1, 1, 1), (1, 1, 2, 2), {}, ()),
    ((1, 1, 2, 2), (1, 1, 2, 2), {}, ()),
    ((1, 1, 2, 3), (1, 1, 2, 2), {}, ("non-square input",)),
    ((1, 1, 2, 3), (1, 1, 3, 2), {}, ("non-square kernel",)),
    ((1, 2, 2, 2), (2, 1, 2, 2), {}, ("input channels",)),
    ((1, 2, 2, 2), (2, 3, 2, 2), {}, ("input channels", "filters")),
    ((3, 2, 2, 2), (2, 3, 3, 3), {}, ("samples", "input channels", "filters")),
    ((1, 1, 2, 2), (1, 1, 3, 3), {"stride": 2}, ("stride",)),
    ((2, 2, 2, 3), (2, 2, 2, 2), {"stride": 2}, ("stride", "samples")),
    ((1, 1, 3, 3), (1, 1, 3, 3), {"padding": 1}, ("padding",)),
    ((2, 2, 3, 3), (2, 3, 3, 3), {"padding": 1, "stride": 2}, ("padding", "stride", "samples")),
    ((1, 1, 2, 2), (1, 1, 3, 3), {"stride": 2, "output_padding": 1}, ("stride", "output padding")),
    ((1, 1, 2, 2), (1, 1, 2, 2), {"dilation": 2}, ("dilation",)),
    ((1, 2, 2, 2), (2, 1, 2, 2), {"groups": 2}, ("groups",)),
)


def _transposed(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    del mode
    for image, kernel, settings, adds in _TRANSPOSED:
        given = {"A_prev": numbers.array(*image), "W": numbers.array(*kernel)}
        given["b"] = numbers.array(kernel[1] * int(settings.get("groups", 1)))
        yield _with_error(op, given, settings, adds, numbers)


# (N, C, H, W), what it adds
_NORMALISED = (
    ((2, 1, 1, 1), ()),
    ((3, 1, 1, 1), ("samples",)),
    ((3, 2, 1, 1), ("samples", "channels")),
    ((5, 4, 1, 1), ("samples", "channels")),
    ((1, 1, 2, 2), ("images",)),
    ((2, 3, 2, 3), ("images", "samples", "channels")),
)


def _batch_norm(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    del mode
    for shape, adds in _NORMALISED:
        given = {"A_prev": numbers.distinct(*shape), "gamma": numbers.array(shape[1])}
        given["beta"] = numbers.array(shape[1])
        yield _with_error(op, given, {"epsilon": "1e-5"}, adds, numbers)


# (N, C, H, W), settings, what it adds, what the numbers are
_POOLINGS: tuple[tuple[tuple[int, ...], Settings, tuple[str, ...], str], ...] = (
    ((1, 1, 2, 2), {"window": 2, "stride": 2}, (), ""),
    ((1, 1, 4, 4), {"window": 2, "stride": 2}, (), ""),
    ((1, 1, 2, 4), {"window": 2, "stride": 2}, ("non-square input",), ""),
    ((1, 2, 4, 4), {"window": 2, "stride": 2}, ("channels",), ""),
    ((2, 1, 4, 4), {"window": 2, "stride": 2}, ("samples",), ""),
    ((2, 3, 4, 6), {"window": 2, "stride": 2}, ("samples", "channels"), ""),
    ((1, 1, 2, 2), {"window": 2, "stride": 2}, ("negative",), "negative"),
    ((1, 1, 3, 3), {"window": 2, "stride": 1}, ("overlap",), ""),
    ((1, 2, 5, 5), {"window": 3, "stride": 2}, ("overlap",), ""),
    ((1, 1, 4, 5), {"window": (2, 3), "stride": 2}, ("non-square window", "overlap"), ""),
    ((1, 1, 4, 6), {"window": (2, 3), "stride": (2, 3)}, ("non-square window", "two strides"), ""),
    ((1, 1, 5, 5), {"window": 2, "stride": 2}, ("rest",), ""),
    ((1, 1, 2, 2), {"window": 2, "stride": 2}, ("ties",), "tied"),
    ((1, 1, 4, 4), {"window": 2, "stride": 2}, ("ties",), "tied"),
    ((1, 1, 3, 3), {"window": 3, "stride": 3}, ("ties",), "tied"),
    ((1, 1, 3, 3), {"window": 3, "stride": 2, "padding": 1}, ("padding", "overlap"), ""),
    ((1, 1, 3, 3), {"window": 2, "stride": 2, "padding": 1}, ("padding", "negative"), "negative"),
    ((1, 1, 4, 4), {"window": 2, "stride": 2, "dilation": 2}, ("dilation",), ""),
)


def _pooling(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    for image, settings, adds, kind in _POOLINGS:
        if kind == "tied":
            if mode != "max" or op.endswith("forward"):
                continue
            cells = numbers.array(*image, low=1, high=2)
            cells[..., -1, -1] = cells[..., 0, -1] = cells[..., -1, 0] = 2
            cells[..., 0, 0] = 1
        else:
            count = int(np.prod(image))
            cells = numbers.distinct(*image, low=-count - 1 if kind == "negative" else None)
        given = {"A_prev": cells}
        yield _with_error(op, given, {"mode": mode, **settings}, adds, numbers)


# N, n_in, n_out
_DENSES = (
    ((1, 2, 1), ()),
    ((1, 3, 2), ()),
    ((2, 3, 2), ("samples",)),
    ((1, 3, 3), ("square",)),
    ((3, 2, 2), ("samples", "square")),
    ((3, 3, 3), ("samples", "square")),
    ((4, 5, 3), ("samples",)),
)


def _dense(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    del mode
    for (samples, inputs, units), adds in _DENSES:
        given = {"A_prev": numbers.array(samples, inputs), "W": numbers.array(units, inputs)}
        given["b"] = numbers.array(units)
        yield _with_error(op, given, {}, adds, numbers)


_ROWS = ((1, 2), (1, 3), (2, 3), (3, 4))


def _activation(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    for k, shape in enumerate(_ROWS):
        adds = ("samples",) if shape[0] > 1 else ()
        given = {"A_prev": numbers.array(*shape) / 2}
        given["A_prev"].reshape(-1)[0] = -1.5 if k % 2 else 2.0
        yield _with_error(op, given, {"activation": mode}, adds, numbers)


def _loss(op: str, mode: str, numbers: _Numbers) -> Iterator[Rung]:
    del op
    for samples, classes in ((1, 2), (1, 3), (2, 3), (3, 4)):
        scores = numbers.array(samples, classes) / 4
        adds = ("samples",) if samples > 1 else ()
        if mode == "softmax-cross-entropy":
            target = np.array([numbers.source.randrange(classes) for _ in range(samples)])
        else:
            target = numbers.array(samples, classes)
        yield Rung(f"loss-{mode}", {"A_prev": scores, "Y": target}, {"batch": "mean"}, adds)


def _with_error(
    op: str, given: dict[str, Array], settings: Settings, adds: tuple[str, ...], numbers: _Numbers
) -> Rung:
    """The rung of a forward function, or of a backward one with an error at its output."""
    forward = op.replace("backward", "forward")
    if not op.endswith("backward"):
        return Rung(op, given, settings, adds)
    known = {k: v for k, v in given.items() if not (k == "b" and op.startswith("pool"))}
    shape = Rung(forward, known, settings).results[forward_name(forward)].shape
    if op.startswith(("conv", "dense", "batch-norm")):
        settings = {**settings, "batch": "sum"}
    return Rung(op, {**given, "dZ": numbers.array(*shape)}, settings, adds)


def forward_name(op: str) -> str:
    """What a forward operation calls its result."""
    return "Z" if op.startswith(("conv", "dense")) else "A"
