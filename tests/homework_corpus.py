"""Answers with planted mistakes, written with plain loops and nothing of the code under test.

Each planter computes the wrong gradient from the words of the mistake's definition. Arrays
are nested dictionaries of indices to fractions, so that nothing is shared, not even NumPy's
slicing.
"""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

Cells = dict[tuple[int, ...], Fraction]


@dataclass
class Case:
    """A problem, in the corpus's own words."""

    op: str
    A: Any
    W: Any = None
    dZ: Any = None
    stride: tuple[int, int] = (1, 1)
    pad: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1
    batch: str = "mean"
    mode: str = ""
    window: tuple[int, int] = (1, 1)
    ties: str = "first"
    count_pad: bool = True
    rank: int = 4
    truth: dict[str, Any] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, Any]:
        arrays = {"A_prev": self.A, "dZ": self.dZ}
        if self.W is not None:
            arrays["W"] = self.W
        return {name: cut(array, self.rank) for name, array in arrays.items()}

    @property
    def settings(self) -> dict[str, Any]:
        settings = {
            "stride": list(self.stride),
            "padding": list(self.pad),
            "dilation": list(self.dilation),
        }
        if self.op == "conv-backward":
            return {**settings, "groups": self.groups, "batch": self.batch}
        settings |= {"mode": self.mode, "window": list(self.window)}
        if self.mode == "max":
            return {**settings, "ties": self.ties}
        return {**settings, "count_include_pad": self.count_pad}


def cut(array: Any, rank: int) -> Any:
    """Without leading axes of size 1 beyond this rank."""
    return array.reshape(array.shape[array.ndim - rank :]) if array.ndim > rank else array


def out_size(size: int, window: int, stride: int, dilation: int, before: int, after: int) -> int:
    return (before + size + after - (window - 1) * dilation - 1) // stride + 1


# ---- random problems ------------------------------------------------------------------------


def conv_case(rng: random.Random) -> Case:
    while True:
        groups = rng.choice([1, 1, 1, 2])
        c_in, c_out = groups * rng.randint(1, 2), groups * rng.randint(1, 2)
        samples = rng.choice([1, 2, 3])
        plain = rng.random() < 0.25
        if plain:
            groups = c_in = c_out = samples = 1
        kernel = (
            (rng.randint(1, 3), rng.randint(1, 3))
            if rng.random() < 0.4
            else (rng.choice([2, 3]),) * 2
        )
        size = rng.randint(3, 6), rng.randint(3, 6)
        stride = rng.randint(1, 2), rng.randint(1, 2)
        dilation = (1, 1) if rng.random() < 0.6 else (rng.randint(1, 2), rng.randint(1, 2))
        pad = (0, 0, 0, 0) if rng.random() < 0.5 else tuple(rng.randint(0, 2) for _ in range(4))
        out = [
            out_size(size[s], kernel[s], stride[s], dilation[s], pad[2 * s], pad[2 * s + 1])
            for s in (0, 1)
        ]
        if min(out) < 1:
            continue
        draw = drawer(rng)
        return Case(
            "conv-backward",
            draw((samples, c_in, *size)),
            draw((c_out, c_in // groups, *kernel)),
            draw((samples, c_out, *out)),
            stride,
            pad,  # type: ignore[arg-type]
            dilation,
            groups,
            rng.choice(["mean", "sum"]),
            rank=2 if plain else 4,
        )


def pool_case(rng: random.Random, mode: str) -> Case:
    while True:
        window = (
            (rng.randint(2, 3),) * 2
            if rng.random() < 0.6
            else (rng.randint(1, 3), rng.randint(1, 3))
        )
        if window == (1, 1):
            continue
        size = rng.randint(3, 6), rng.randint(3, 6)
        stride = window if rng.random() < 0.3 else (rng.randint(1, 3), rng.randint(1, 3))
        dilation = (1, 1) if rng.random() < 0.8 else (rng.randint(1, 2), rng.randint(1, 2))
        pad = (0, 0, 0, 0)
        if rng.random() < 0.5:
            pad = tuple(rng.randint(0, w // 2) for w in window for _ in (0, 1))  # type: ignore[assignment]
        out = [
            out_size(size[s], window[s], stride[s], dilation[s], pad[2 * s], pad[2 * s + 1])
            for s in (0, 1)
        ]
        if min(out) < 1:
            continue
        plain = rng.random() < 0.4
        samples, channels = (1, 1) if plain else (rng.randint(1, 3), rng.randint(1, 2))
        draw = drawer(rng)
        A = draw((samples, channels, *size))
        if rng.random() < 0.4:
            A = np.array([rng.randint(0, 3) for _ in range(A.size)], object).reshape(A.shape)
        case = Case(
            "pool-backward", A, None, draw((samples, channels, *out)), stride, pad, dilation,
            mode=mode, window=window, ties=rng.choice(["first"] * 3 + ["last", "all", "split"]),
            count_pad=rng.random() < 0.5, rank=2 if plain else 4,
        )  # fmt: skip
        if all(
            any(real for *_, real in taps(case, i, j)) for i in range(out[0]) for j in range(out[1])
        ):
            return case


def drawer(rng: random.Random) -> Callable[[tuple[int, ...]], Any]:
    top = rng.choice([5, 9, 20])

    def draw(shape: tuple[int, ...]) -> Any:
        count = int(np.prod(shape))
        cells = [Fraction(rng.choice([k for k in range(-top, top + 1) if k])) for _ in range(count)]
        array = np.empty(count, object)
        array[:] = [int(cell) for cell in cells]
        return array.reshape(shape)

    return draw


# ---- convolution, right and wrong ------------------------------------------------------------


def conv(case: Case, name: str, *wrong: str) -> Any:
    """A gradient of a convolution under any number of mistakes, from the definitions."""
    A, W, dZ = case.A, case.W, another_error(case.dZ, wrong)
    samples, c_in, height, width = A.shape
    c_out, depth, kh, kw = W.shape
    sh, sw = (1, 1) if "stride-ignored" in wrong else case.stride
    if "strides-swapped" in wrong:
        sh, sw = sw, sh
    dh, dw = (1, 1) if "dilation-ignored" in wrong else case.dilation
    if "stride-dilation-swapped" in wrong:
        sh, sw, dh, dw = dh, dw, sh, sw
    top, bottom, left, right = case.pad
    if "padding-too-wide" in wrong:
        top, left = top + 1, left + 1
    if "padding-other-side" in wrong:
        top, left = bottom, right
    if "bias-per-cell" in wrong:
        return dZ.copy()
    if "padding-ignored" in wrong:
        top = left = 0
    kept = "padding-not-cropped" in wrong
    kernel = {k: W[k] for k in np.ndindex(W.shape)}
    if "kernel-rotated" in wrong:
        kernel = {(o, k, kh - 1 - a, kw - 1 - b): v for (o, k, a, b), v in kernel.items()}
    if "kernel-transposed" in wrong:
        kernel = {(o, k, b, a): v for (o, k, a, b), v in kernel.items()}
        kh, kw = kw, kh
    if "kernel-flipped" in wrong:
        kernel = {(o, k, kh - 1 - a, b): v for (o, k, a, b), v in kernel.items()}
    if "kernel-quarter-turn" in wrong:
        kernel = {(o, k, kw - 1 - b, a): v for (o, k, a, b), v in kernel.items()}
        kh, kw = kw, kh
    if "kernel-channels-swapped" in wrong:
        kernel = {(k, o, a, b): v for (o, k, a, b), v in kernel.items()}
    dA = np.full(
        (samples, c_in, height + (top + bottom) * kept, width + (left + right) * kept),
        Fraction(0),
        object,
    )
    dW = np.full(W.shape, Fraction(0), object)
    db = np.full((c_out,), Fraction(0), object)
    y0, x0 = (0, 0) if kept else (top, left)
    filters, channels = c_out // case.groups, c_in // case.groups
    for n, o, i, j in np.ndindex(dZ.shape):
        if "batch-first-sample" in wrong and n > 0:
            continue
        db[o] += dZ[n, o, i, j]
        if "channels-not-summed" in wrong and o % filters != filters - 1:
            continue
        for k in range(depth):
            c = k if "groups-ignored" in wrong else o // filters * channels + k
            if "groups-formula-ungrouped" in wrong and name == "dA_prev":
                for other in range(c_in):
                    if other % depth == k and other != c:
                        ungrouped(case, dA, kernel, dZ, (n, o, i, j), (k, other), (y0, x0))
            for a in range(kh):
                for b in range(kw):
                    y, x = i * sh + a * dh, j * sw + b * dw
                    if 0 <= y - y0 < dA.shape[2] and 0 <= x - x0 < dA.shape[3]:
                        value = dZ[n, o, i, j] * kernel[o, k, a, b]
                        if "overlap-overwritten" in wrong:
                            dA[n, c, y - y0, x - x0] = value
                        else:
                            dA[n, c, y - y0, x - x0] += value
                    if name == "dW" and 0 <= y - top < height and 0 <= x - left < width:
                        dW[o, k, a, b] += dZ[n, o, i, j] * A[n, c, y - top, x - left]
    result = {"dA_prev": dA, "dW": dW, "db": db}[name]
    divided = name != "dA_prev" and case.batch == "mean"
    if divided and "not-divided-by-n" not in wrong and "batch-summed" not in wrong:
        result = result / Fraction(samples)
    if "divided-by-n" in wrong:
        result = result / Fraction(samples)
    if "divided-by-positions" in wrong:
        result = result / Fraction(dZ.shape[2] * dZ.shape[3])
    return finish(result, name, wrong)


def another_error(dZ: Any, wrong: tuple[str, ...]) -> Any:
    """dZ as it is used under a mistake."""
    made = np.empty(dZ.shape, object)
    for n, o, i, j in np.ndindex(dZ.shape):
        value = dZ[n, o, i, j]
        if "error-transposed" in wrong:
            value = dZ[n, o, j, i]
        if "error-rotated" in wrong:
            value = dZ[n, o, dZ.shape[2] - 1 - i, dZ.shape[3] - 1 - j]
        if "error-ignored" in wrong:
            value = 1
        if "batch-last-sample" in wrong and n < len(dZ) - 1:
            value = 0
        if "first-window-only" in wrong and (n, o, i, j) != (0, 0, 0, 0):
            value = 0
        made[n, o, i, j] = value
    return made


def ungrouped(
    case: Case, dA: Any, kernel: Any, dZ: Any, source: Any, channels: Any, corner: Any
) -> None:
    """What a filter sends to a channel of another group."""
    (n, o, i, j), (k, other), (y0, x0) = source, channels, corner
    for a, b in np.ndindex(case.W.shape[2:]):
        y = i * case.stride[0] + a * case.dilation[0] - y0
        x = j * case.stride[1] + b * case.dilation[1] - x0
        if 0 <= y < dA.shape[2] and 0 <= x < dA.shape[3]:
            dA[n, other, y, x] += dZ[source] * kernel[o, k, a, b]


def finish(result: Any, name: str, wrong: tuple[str, ...]) -> Any:
    if "batch-summed" in wrong and name == "dA_prev":
        total = sum(result[n] for n in range(len(result)))
        result = np.stack([total] * len(result))
    if "gradient-rotated" in wrong:
        result = result[..., ::-1, ::-1]
    if "channels-summed" in wrong:
        total = result.sum(axis=1, keepdims=True)
        result = np.concatenate([total] * result.shape[1], axis=1)
    if "scaled" in wrong:
        result = result * Fraction(3, 7)
    if "negated" in wrong:
        result = -result
    if "transposed" in wrong:
        result = np.swapaxes(result, -1, -2)
    return result


def conv_rules(case: Case, name: str) -> list[str]:
    """The rules that make sense for this gradient of this problem."""
    samples = len(case.A)
    codes = ["negated"]
    if name != "db":
        codes += ["transposed"]
        codes += ["stride-ignored"] * (case.stride != (1, 1))
        codes += ["dilation-ignored"] * (case.dilation != (1, 1))
        codes += ["padding-ignored"] * (case.pad != (0, 0, 0, 0))
        codes += ["strides-swapped"] * (case.stride[0] != case.stride[1])
        codes += ["groups-ignored"] * (case.groups > 1)
    if name == "dA_prev":
        codes += ["kernel-rotated", "kernel-transposed", "overlap-overwritten"]
        codes += ["padding-not-cropped"] * (case.pad != (0, 0, 0, 0))
        codes += ["divided-by-n", "batch-summed"] * (samples > 1)
        codes += ["channels-not-summed"] * (case.dZ.shape[1] > case.groups)
    else:
        codes += ["gradient-rotated"] * (name == "dW")
        if samples > 1:
            codes += ["batch-first-sample"]
            codes += (
                ["not-divided-by-n", "batch-summed"] if case.batch == "mean" else ["divided-by-n"]
            )
    if samples > 1 and name == "dA_prev":
        codes += ["batch-first-sample"]
    return codes


def sizes_of(array: Any) -> int:
    """How many numbers of different size there are, besides 0."""
    return len({abs(cell) for cell in array.flat} - {0})


def new_conv_rules(case: Case, name: str) -> list[str]:
    """The same of the rules that came later."""
    out, samples = case.dZ.shape[2:], len(case.A)
    codes = ["scaled"] * (sizes_of(case.truth[name]) > 2)
    if out[0] * out[1] > 1 and name != "dA_prev":
        codes += ["divided-by-positions"]
    if name == "db":
        return [*codes, "bias-per-cell"]
    codes += ["error-ignored", "padding-too-wide"]
    codes += ["error-transposed"] * (out[0] == out[1] > 1)
    codes += ["error-rotated", "first-window-only"] * (out[0] * out[1] > 1)
    codes += ["padding-other-side"] * (case.pad[0] != case.pad[1] or case.pad[2] != case.pad[3])
    codes += ["stride-dilation-swapped"] * (case.stride != case.dilation)
    codes += ["batch-last-sample"] * (samples > 1)
    codes += ["channels-summed"] * (case.truth[name].shape[1] > 1)
    if name == "dA_prev":
        codes += ["kernel-flipped"]
        codes += ["kernel-quarter-turn"] * (case.W.shape[2] == case.W.shape[3])
        square = case.groups == 1 and case.W.shape[0] == case.W.shape[1] > 1
        codes += ["kernel-channels-swapped"] * square
        codes += ["groups-formula-ungrouped"] * (case.groups > 1)
    return codes


# ---- pooling, right and wrong ----------------------------------------------------------------


def taps(case: Case, i: int, j: int, *wrong: str) -> Iterator[tuple[int, int, int, int, bool]]:
    """The cells of one window: place in it, place in the input, and whether it is there."""
    sh, sw = (1, 1) if "stride-ignored" in wrong else case.stride
    dh, dw = case.dilation
    if "stride-dilation-swapped" in wrong:
        sh, sw, dh, dw = dh, dw, sh, sw
    top, bottom, left, right = case.pad
    if "padding-too-wide" in wrong:
        top, left = top + 1, left + 1
    if "padding-other-side" in wrong:
        top, left = bottom, right
    height, width = case.A.shape[2:]
    kh, kw = case.window[::-1] if "sides-swapped" in wrong else case.window
    for a, b in itertools.product(range(kh), range(kw)):
        y, x = i * sh - top + a * dh, j * sw - left + b * dw
        yield a, b, y, x, 0 <= y < height and 0 <= x < width


def pool(case: Case, name: str, *wrong: str) -> Any:
    """dA_prev of a pooling under any number of mistakes, from the definitions."""
    A, dZ = case.A, another_error(case.dZ, wrong)
    samples, channels, height, width = A.shape
    top, bottom, left, right = case.pad
    kept = "padding-not-cropped" in wrong
    down, across = (top, left) if kept else (0, 0)
    dA = np.full(
        (samples, channels, height + (top + bottom) * kept, width + (left + right) * kept),
        Fraction(0),
        object,
    )
    for n, c, i, j in np.ndindex(dZ.shape):
        error = Fraction(dZ[n, c, i, j])
        window = [(a, b, y, x, real) for a, b, y, x, real in taps(case, i, j, *wrong)]
        real = [(y, x) for _, _, y, x, here in window if here]
        if not real:
            continue
        top_value = max(A[n, c, y, x] for y, x in real)
        winners = [(y, x) for y, x in real if A[n, c, y, x] == top_value]
        if "padding-as-zero" in wrong and len(real) < len(window):
            seen = [(A[n, c, y, x] if here else 0, (y, x)) for _, _, y, x, here in window]
            top_value = max(value for value, _ in seen)
            winners = [place for value, place in seen if value == top_value]
        if "error-to-first-column-tie" in wrong:
            order = {(y, x): (b, a) for a, b, y, x, _ in window}
            winners = [min(winners, key=order.__getitem__)]
        if "sides-swapped" in wrong and case.window[0] == case.window[1]:
            at = {(y, x): (a, b) for a, b, y, x, _ in window}
            place = {(a, b): (y, x) for a, b, y, x, _ in window}
            winners = [place[at[winners[0]][::-1]]]
        area = case.window[0] * case.window[1]
        sends: dict[tuple[int, int], Fraction] = {}
        every = [(y, x) for _, _, y, x, here in window if here or kept]
        if (case.mode == "max" or "max-rule-used" in wrong) and "average-rule-used" not in wrong:
            amount = error
            if "maximum-instead-of-error" in wrong:
                amount = Fraction(top_value)
            if "error-times-maximum" in wrong:
                amount = error * top_value
            ties = case.ties if case.mode == "max" else "first"
            for code, way in (
                ("error-to-all-ties", "all"),
                ("error-to-last-tie", "last"),
                ("error-split-over-ties", "split"),
            ):
                ties = way if code in wrong else ties
            if "error-to-every-cell" in wrong:
                sends = dict.fromkeys(every, amount)
            elif "error-at-window-corner" in wrong:
                sends = {(window[0][2], window[0][3]): amount}
            elif ties == "split":
                sends = {place: amount / len(winners) for place in winners}
            elif ties == "all":
                sends = dict.fromkeys(winners, amount)
            else:
                sends = {winners[0 if ties == "first" else -1]: amount}
        else:
            count_pad = case.count_pad
            if "padding-counted" in wrong or "average-rule-used" in wrong:
                count_pad = True
            if "padding-not-counted" in wrong:
                count_pad = False
            divisor = area if count_pad else len(real)
            if "not-divided-by-window" in wrong:
                divisor = 1
            if "divided-by-window-side" in wrong:
                divisor = case.window[0]
            amount = Fraction(1) if "error-ignored" in wrong else error
            sends = dict.fromkeys(every, amount / divisor)
        for _, _, y, x, _ in window:
            place = y + down, x + across
            if not (0 <= place[0] < dA.shape[2] and 0 <= place[1] < dA.shape[3]):
                continue
            value = sends.get((y, x), Fraction(0))
            if "overlap-overwritten" in wrong:
                dA[(n, c, *place)] = value
            else:
                dA[(n, c, *place)] += value
    if "divided-by-n" in wrong:
        dA = dA / Fraction(samples)
    if "batch-first-sample" in wrong:
        dA[1:] = Fraction(0)
    return finish(dA, name, wrong)


def new_pool_rules(case: Case, name: str) -> list[str]:
    """The same of the rules that came later."""
    out = case.dZ.shape[2:]
    codes = ["padding-too-wide"] + ["scaled"] * (sizes_of(case.truth[name]) > 2)
    codes += ["error-transposed"] * (out[0] == out[1] > 1)
    codes += ["error-rotated", "first-window-only"] * (out[0] * out[1] > 1)
    codes += ["padding-other-side"] * (case.pad[0] != case.pad[1] or case.pad[2] != case.pad[3])
    codes += ["stride-dilation-swapped"] * (case.stride != case.dilation)
    codes += ["batch-last-sample"] * (len(case.A) > 1)
    codes += ["channels-summed"] * (case.truth[name].shape[1] > 1)
    if case.window[0] != case.window[1] and case.mode == "max":
        codes += ["sides-swapped"]
    if case.mode == "max":
        codes += ["error-ignored"]
        codes += ["padding-as-zero"] * (case.pad != (0, 0, 0, 0))
        if case.ties in ("first", "last"):
            codes += ["sides-swapped"] * (case.window[0] == case.window[1] and case.ties == "first")
            codes += ["error-to-first-column-tie"]
    return codes


def pool_rules(case: Case, _name: str) -> list[str]:
    samples = len(case.A)
    codes = ["negated", "transposed", "overlap-overwritten"]
    codes += ["stride-ignored"] * (case.stride != (1, 1))
    codes += ["padding-not-cropped"] * (case.pad != (0, 0, 0, 0))
    codes += ["batch-first-sample", "batch-summed"] * (samples > 1)
    if case.mode == "max":
        ties = {
            "all": "error-to-all-ties",
            "last": "error-to-last-tie",
            "split": "error-split-over-ties",
        }
        codes += [code for way, code in ties.items() if way != case.ties]
        codes += ["error-to-every-cell", "average-rule-used", "maximum-instead-of-error"]
        codes += ["error-times-maximum", "error-at-window-corner"]
    else:
        codes += [
            "not-divided-by-window",
            "error-ignored",
            "divided-by-window-side",
            "max-rule-used",
        ]
        codes += ["padding-not-counted" if case.count_pad else "padding-counted"]
    return codes


EXCLUSIVE = [
    {"stride-ignored", "strides-swapped"},
    {"padding-ignored", "padding-not-cropped"},
    {"not-divided-by-n", "batch-summed"},
    {"not-divided-by-n", "divided-by-n"},
    {"batch-summed", "divided-by-n"},
    {"batch-summed", "batch-first-sample"},
    {"error-to-every-cell", "average-rule-used", "error-at-window-corner", "error-to-all-ties",
     "error-to-last-tie", "error-split-over-ties"},
    {"average-rule-used", "maximum-instead-of-error", "error-times-maximum"},
    {"error-ignored", "error-transposed", "error-rotated", "first-window-only",
     "batch-last-sample", "batch-first-sample"},
    {"padding-too-wide", "padding-other-side", "padding-ignored", "padding-not-cropped",
     "padding-as-zero"},
    {"stride-dilation-swapped", "stride-ignored", "strides-swapped", "dilation-ignored"},
    {"sides-swapped", "average-rule-used", "error-to-every-cell", "error-at-window-corner",
     "error-to-first-column-tie", "error-to-all-ties", "error-to-last-tie",
     "error-split-over-ties", "padding-as-zero", "max-rule-used"},
    {"scaled", "not-divided-by-n", "divided-by-n", "divided-by-positions", "batch-summed",
     "negated", "not-divided-by-window", "divided-by-window-side", "padding-counted",
     "padding-not-counted"},
    {"bias-per-cell", "divided-by-positions", "scaled", "negated"},
    {"groups-formula-ungrouped", "groups-ignored", "channels-not-summed", "kernel-flipped",
     "kernel-quarter-turn", "kernel-rotated", "kernel-transposed", "overlap-overwritten",
     "stride-ignored", "stride-dilation-swapped", "dilation-ignored", "padding-too-wide",
     "padding-ignored", "padding-other-side", "padding-not-cropped", "strides-swapped"},
    {"not-divided-by-window", "divided-by-window-side", "max-rule-used", "padding-counted",
     "padding-not-counted", "error-ignored"},
]  # fmt: skip
"""Rules of which only one can be broken at a time, as they concern the same thing."""


def together(one: str, two: str) -> bool:
    return not any({one, two} <= group for group in EXCLUSIVE)


# ---- slips ------------------------------------------------------------------------------------


def terms(case: Case, name: str) -> dict[tuple[int, ...], list[tuple[tuple[int, ...], Fraction]]]:
    """For every cell of a gradient, the terms that make it up, each with its cell of dZ."""
    found: dict[tuple[int, ...], list[tuple[tuple[int, ...], Fraction]]] = {}
    A, W, dZ = case.A, case.W, case.dZ
    top, _, left, _ = case.pad
    height, width = A.shape[2:]
    for n, o, i, j in np.ndindex(dZ.shape):
        source = (n, o, i, j)
        if case.op == "pool-backward":
            for place, value in pool_terms(case, n, o, i, j):
                found.setdefault(place, []).append((source, value))
            continue
        if name == "db":
            found.setdefault((o,), []).append((source, Fraction(dZ[source])))
            continue
        filters = W.shape[0] // case.groups
        for k, a, b in np.ndindex(W.shape[1:]):
            c = o // filters * W.shape[1] + k
            y = i * case.stride[0] + a * case.dilation[0] - top
            x = j * case.stride[1] + b * case.dilation[1] - left
            if 0 <= y < height and 0 <= x < width:
                cell, value = (
                    ((n, c, y, x), W[o, k, a, b])
                    if name == "dA_prev"
                    else ((o, k, a, b), A[n, c, y, x])
                )
                found.setdefault(cell, []).append((source, Fraction(dZ[source] * value)))
    return found


def pool_terms(
    case: Case, n: int, c: int, i: int, j: int
) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    error = Fraction(case.dZ[n, c, i, j])
    window = list(taps(case, i, j))
    real = [(y, x) for *_, y, x, here in window if here]
    if case.mode == "average":
        divisor = len(window) if case.count_pad else len(real)
        for y, x in real:
            yield (n, c, y, x), error / divisor
        return
    top_value = max(case.A[n, c, y, x] for y, x in real)
    winners = [(y, x) for y, x in real if case.A[n, c, y, x] == top_value]
    if case.ties in ("first", "last"):
        winners = winners[:1] if case.ties == "first" else winners[-1:]
    part = len(winners) if case.ties == "split" else 1
    for y, x in winners:
        yield (n, c, y, x), error / part


SLIPS = (
    "term-missing",
    "term-doubled",
    "term-negated",
    "term-from-wrong-window",
    "cells-swapped",
    "digits-swapped",
    "single-cell",
)


def slip(
    case: Case, name: str, code: str, rng: random.Random
) -> tuple[Any, tuple[int, ...]] | None:
    """An answer with this slip, and the cell that it is in; None where it changes nothing."""
    answer = case.truth[name].copy()
    by_cell = terms(case, name)
    cells = [cell for cell, made in by_cell.items() if len(made) > 1] or list(by_cell)
    if not cells:
        return None
    cell = rng.choice(sorted(cells))
    made = by_cell[cell]
    divisor = len(case.A) if case.batch == "mean" and name in ("dW", "db") else 1
    (source, value) = rng.choice(made)
    if code in ("term-missing", "term-doubled", "term-negated"):
        times = {"term-missing": -1, "term-doubled": 1, "term-negated": -2}[code]
        answer[cell] += times * value / divisor
    elif code == "term-from-wrong-window":
        n, o, i, j = source
        near = [
            (n, o, i + a, j + b)
            for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1))
            if 0 <= i + a < case.dZ.shape[2] and 0 <= j + b < case.dZ.shape[3]
        ]
        if not near or not case.dZ[source]:
            return None
        factor = value / Fraction(case.dZ[source])
        answer[cell] += (case.dZ[rng.choice(near)] * factor - value) / divisor
    elif code == "cells-swapped":
        other = rng.choice(list(np.ndindex(answer.shape)))
        answer[cell], answer[other] = answer[other], answer[cell]
    elif code == "digits-swapped":
        text = str(abs(answer[cell]))
        if len(text) < 2 or not text.isdigit() or text[0] == text[1]:
            return None
        swapped = text[1] + text[0] + text[2:]
        answer[cell] = Fraction(int(swapped)) * (1 if answer[cell] > 0 else -1)
    else:
        answer[cell] += Fraction(rng.choice([-1, 1]) * (10_000 + rng.randint(1, 99)), 1) + Fraction(
            1, 7
        )
    return None if answer[cell] == case.truth[name][cell] else (answer, cell)


# ---- how people write numbers ------------------------------------------------------------------


def spelled(value: Fraction, rng: random.Random) -> Any:
    """A right cell in one of the many ways to write it, as JSON takes it."""
    if value == 0:
        return rng.choice(["-0", "0", "0.0", "0/7", "+0.00"])
    if value.denominator == 1:
        return rng.choice(
            [str(value), f"{value}.0", f"{value.numerator * 3}/3", f"{value}e0", f" {value} "]
        )
    decimals = rng.randint(2, 6)
    rounded = f"{round(float(value), decimals):.{decimals}f}"
    half = abs(Fraction(rounded) - value)
    ways = [
        f"{value.numerator}/{value.denominator}",
        f"{value.numerator * 0.5}/{value.denominator * 0.5}",
        repr(float(value)),
    ]
    return rng.choice(ways + [rounded] * (half <= Fraction(1, 2 * 10**decimals)))


def noise(case: Case, name: str, rng: random.Random) -> Any:
    """Random numbers in the shape of the answer."""
    truth = case.truth[name]
    top = max(int(max(abs(value) for value in truth.flat)), 5)
    cells = [Fraction(rng.randint(-top, top)) for _ in range(truth.size)]
    array = np.empty(truth.size, object)
    array[:] = cells
    return array.reshape(truth.shape)


def cases(count: int, seed: int) -> Iterator[Case]:
    """Random problems of every kind, with their right answers."""
    rng = random.Random(seed)
    for k in range(count):
        kind = k % 4
        case = conv_case(rng) if kind < 2 else pool_case(rng, "max" if kind == 2 else "average")
        plant = planter(case)
        names = ("dA_prev", "dW", "db") if case.op == "conv-backward" else ("dA_prev",)
        case.truth = {name: plant(case, name) for name in names}
        yield case


def planter(case: Case) -> Callable[..., Any]:
    return conv if case.op == "conv-backward" else pool


def rules_for(case: Case, name: str) -> list[str]:
    return (conv_rules if case.op == "conv-backward" else pool_rules)(case, name)


def new_rules_for(case: Case, name: str) -> list[str]:
    return (new_conv_rules if case.op == "conv-backward" else new_pool_rules)(case, name)


# ---- mistakes that the program does not know ---------------------------------------------------


def elsewhere(case: Case, change: Callable[[Case], None]) -> Case:
    """The same problem with something changed before it is computed."""
    other = replace(case, A=case.A.copy(), dZ=case.dZ.copy())
    if case.W is not None:
        other.W = case.W.copy()
    change(other)
    return other


def cells_changed(array: Any, change: Callable[[Any], Any]) -> Any:
    made = np.empty(array.shape, object)
    for place in np.ndindex(array.shape):
        made[place] = change(array[place])
    return made


def _squared_error(case: Case) -> None:
    case.dZ = cells_changed(case.dZ, lambda cell: cell * abs(cell))


def _positive_error(case: Case) -> None:
    case.dZ = cells_changed(case.dZ, lambda cell: max(cell, 0) + 1)


def _absolute_error(case: Case) -> None:
    case.dZ = cells_changed(case.dZ, lambda cell: abs(cell) + 2)


def _rolled_error(case: Case) -> None:
    if case.dZ.shape[-1] > 2:
        case.dZ = np.roll(case.dZ, 1, axis=-1)


def _summed_error(case: Case) -> None:
    case.dZ = np.cumsum(case.dZ, axis=-1)


def _last_row_lost(case: Case) -> None:
    if case.dZ.shape[-2] > 2:
        case.dZ[..., -1, :] = 0


def _rolled_kernel(case: Case) -> None:
    if case.W is not None and case.W.shape[-1] > 2:
        case.W = np.roll(case.W, 1, axis=-1)


def _squared_input(case: Case) -> None:
    case.A = cells_changed(case.A, lambda cell: cell * cell)


def _first_row_twice(case: Case) -> None:
    if case.dZ.shape[-2] > 1:
        case.dZ[..., 0, :] = case.dZ[..., 0, :] * 2


def _centred_error(case: Case) -> None:
    mean = Fraction(sum(Fraction(cell) for cell in case.dZ.flat), case.dZ.size)
    case.dZ = cells_changed(case.dZ, lambda cell: cell - mean)


UNKNOWN = (
    _squared_error,
    _positive_error,
    _absolute_error,
    _rolled_error,
    _summed_error,
    _last_row_lost,
    _rolled_kernel,
    _squared_input,
    _first_row_twice,
    _centred_error,
)
"""Ten kinds of mistakes that no rule is for."""
