"""An operation as lines of NumPy: plain loops over windows, in the conventions of the problem."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...core.conventions import ARTICLE
from ...core.layouts import Axes, back
from ...core.problem import Problem
from ...pictures.selection import Selection
from .literals import check_size, nested, number, refuse, spans
from .newer_layers import numpy_batch_norm, numpy_transposed

IMAGES_ONLY = ("conv", "pool", "conv-transpose")
"""Kinds of layer whose code is that of two dimensions."""


def numpy_code(problem: Problem, names: Sequence[str], _selection: Selection) -> str:
    """Lines of NumPy that compute these results.

    Raises
    ------
    UsageError
        There is no such code for this operation.
    """
    check_size(problem)
    family = problem.op.rpartition("-")[0]
    if family not in _BODIES or (family in IMAGES_ONLY and problem.dims != 2):
        raise refuse(problem)
    lines = [_remark(problem), "import numpy as np", "", *_given(problem), ""]
    lines += _BODIES[family](problem)
    lines += _shown(problem)
    lines += [f'print("{name} =", {name}, sep="\\n")' for name in names]
    return "\n".join(lines) + "\n"


def _remark(problem: Problem) -> str:
    like = problem.settings.get("like", ARTICLE)
    return f"# {problem.op}" if like == ARTICLE else f"# {problem.op}, like {like}"


def _given(problem: Problem) -> Iterator[str]:
    """The matrices as they were given, and in full rank: N, C, H, W."""
    for name, array in problem.given_in_layout.items():
        start = f"{name} = np.array("
        yield f"{start}{nested(array, ' ' * len(start))}, float)"
    for name, array in problem.given.items():
        order = problem.order_of(name, array.ndim, problem.settings)
        steps = _transposed(back(order)) + _lifted(problem.arrays[name].ndim - array.ndim)
        if steps:
            yield f"{name} = {name}{steps}"


def _transposed(order: Axes) -> str:
    if not order:
        return ""
    return ".T" if order == (1, 0) else f".transpose{order}"


def _lifted(missing: int) -> str:
    return f"[{', '.join(['None'] * missing)}]" if missing else ""


def _shown(problem: Problem) -> Iterator[str]:
    """The results in the rank and the order of axes in which they are shown."""
    for name in problem.names:
        full = len(problem.trace(name).shape)
        rank = int(problem.ranks[name])
        order = problem.order_of(name, rank, problem.settings)
        steps = f"[{', '.join(['0'] * (full - rank))}]" if full > rank else ""
        steps += _transposed(order)
        if steps:
            yield f"{name} = {name}{steps}"


# ---- convolution --------------------------------------------------------------------------------


def _sides(problem: Any) -> str:
    (top, bottom), (left, right) = spans(problem.axes)
    return f"({top}, {bottom}), ({left}, {right})"


def _windows(problem: Any, indent: str = "        ") -> Iterator[str]:
    """Where a window lies in the padded input."""
    for index, name, line in zip("ij", ("rows", "columns"), problem.axes, strict=True):
        step = f", {line.dilation}" if line.dilation > 1 else ""
        start = index if line.stride == 1 else f"{index} * {line.stride}"
        yield f"{indent}{name} = slice({start}, {start} + {line.extent}{step})"


def _cropped(problem: Any, padded: str) -> str:
    rows, columns = problem.axes
    if not any(side for pair in spans(problem.axes) for side in pair):
        return padded
    top, left = rows.before, columns.before
    return f"{padded}[:, :, {top}:{top + rows.size}, {left}:{left + columns.size}]"


def _conv(problem: Any) -> Iterator[str]:
    forward = problem.op.endswith("-forward")
    groups, flip = problem.settings["groups"], problem.settings["flip"]
    yield f"padded = np.pad(A_prev, ((0, 0), (0, 0), {_sides(problem)}))"
    if flip:
        yield "W = W[:, :, ::-1, ::-1]  # a true convolution turns the kernel by 180°"
    if groups > 1:
        yield "inputs, outputs = np.arange(A_prev.shape[1]), np.arange(len(W))"
        yield f"inputs, outputs = np.split(inputs, {groups}), np.split(outputs, {groups})"
    rows, columns = problem.axes
    if forward:
        yield f"Z = np.zeros((len(A_prev), len(W), {rows.out}, {columns.out}))"
    else:
        yield "dpadded, dW = np.zeros(padded.shape), np.zeros(W.shape)"
    yield f"for i in range({rows.out}):"
    yield f"    for j in range({columns.out}):"
    yield from _windows(problem)
    inner = "        "
    window, error, kernel = "padded[:, :, rows, columns]", "dZ[:, :, i, j]", "W"
    into, output = "dpadded[:, :, rows, columns]", "Z[:, :, i, j]"
    if groups > 1:
        yield f"{inner}for c, o in zip(inputs, outputs):"
        inner += "    "
        yield f"{inner}of_group = slice(c[0], c[-1] + 1), rows, columns"
        window, into = "padded[:, *of_group]", "dpadded[:, *of_group]"
        error, output, kernel = "dZ[:, o, i, j]", "Z[:, o, i, j]", "W[o]"
    if forward:
        yield f'{inner}{output} = np.einsum("nchw,ochw->no", {window}, {kernel})'
        if "b" in problem.given:
            yield "Z += b[:, None, None]"
        return
    target = "dW[o]" if groups > 1 else "dW"
    yield f'{inner}{into} += np.einsum("no,ochw->nchw", {error}, {kernel})'
    yield f'{inner}{target} += np.einsum("no,nchw->ochw", {error}, {window})'
    yield f"dA_prev = {_cropped(problem, 'dpadded')}"
    if flip:
        yield "dW = dW[:, :, ::-1, ::-1]"
    yield "db = dZ.sum((0, 2, 3))"
    yield from _mean(problem)


def _mean(problem: Any) -> Iterator[str]:
    if problem.divisor > 1:
        yield f"dW, db = dW / {problem.divisor}, db / {problem.divisor}  # the mean over the batch"
    rate = problem.settings.get("learning_rate")
    if rate is not None:
        yield f"W_next = {'W[:, :, ::-1, ::-1]' if problem.settings.get('flip') else 'W'}" + (
            f" - {number(rate)} * dW"
        )


# ---- pooling ------------------------------------------------------------------------------------


def _pool(problem: Any) -> Iterator[str]:
    average = problem.mode == "average"
    fill = "" if average else ", constant_values=-np.inf"
    rows, columns = problem.axes
    yield f"padded = np.pad(A_prev, ((0, 0), (0, 0), {_sides(problem)}){fill})"
    if average:
        divisors = problem.divisors
        same = len(set(divisors.ravel().tolist())) == 1
        parts = number(int(divisors.flat[0])) if same else f"np.array({divisors.tolist()})"
        yield f"divisors = {parts}"
    each = "divisors" if average and same else "divisors[i, j]"
    if problem.op.endswith("-forward"):
        yield f"A = np.zeros((*A_prev.shape[:2], {rows.out}, {columns.out}))"
        yield f"for i in range({rows.out}):"
        yield f"    for j in range({columns.out}):"
        yield from _windows(problem)
        window = "padded[:, :, rows, columns]"
        if average:
            yield f"        A[:, :, i, j] = {window}.sum((2, 3)) / {each}"
        else:
            yield f"        A[:, :, i, j] = {window}.max((2, 3))"
        return
    yield "dpadded = np.zeros(padded.shape)"
    yield f"for i in range({rows.out}):"
    yield f"    for j in range({columns.out}):"
    yield from _windows(problem)
    if average:
        yield f"        dpadded[:, :, rows, columns] += dZ[:, :, i, j, None, None] / {each}"
    else:
        yield "        window = padded[:, :, rows, columns]"
        yield "        top = window == window.max((2, 3), keepdims=True)"
        yield from _ties(problem.settings["ties"])
        yield "        dpadded[:, :, rows, columns] += dZ[:, :, i, j, None, None] * top"
    yield f"dA_prev = {_cropped(problem, 'dpadded')}"


def _ties(ties: str) -> Iterator[str]:
    """Of several cells that are the maximum, those that receive something."""
    if ties == "all":
        return
    if ties == "split":
        yield "        top = top / top.sum((2, 3), keepdims=True)"
        return
    order = {
        "first": "top",
        "last": "top[..., ::-1, ::-1]",
        "first-column": "top.swapaxes(2, 3)",
    }[ties]
    undo = {"first": "", "last": "[..., ::-1, ::-1]", "first-column": ".swapaxes(2, 3)"}[ties]
    yield f"        order = {order}"
    yield "        flat = order.reshape(*order.shape[:2], -1)"
    yield "        first = flat & (flat.cumsum(2) == 1)"
    yield f"        top = first.reshape(order.shape){undo}"


# ---- dense --------------------------------------------------------------------------------------


def _dense(problem: Any) -> Iterator[str]:
    if problem.op.endswith("-forward"):
        yield "Z = A_prev @ W.T + b" if "b" in problem.given else "Z = A_prev @ W.T"
        return
    yield "dA_prev = dZ @ W"
    yield "dW = dZ.T @ A_prev"
    yield "db = dZ.sum(0)"
    yield from _mean(problem)
    if problem.function is not None:
        yield from activation(problem, "np")


def activation(problem: Any, module: str) -> Iterator[str]:
    """The error behind the activation between Z_prev and A_prev."""
    f = problem.function
    if f.name == "softmax":
        yield f"powers = {module}.exp(Z_prev - Z_prev.max(-1, keepdims=True))"
        yield "S = powers / powers.sum(-1, keepdims=True)"
        yield "dZ_prev = S * (dA_prev - (dA_prev * S).sum(-1, keepdims=True))"
        return
    if f.name == "sigmoid":
        yield f"S = 1 / (1 + {module}.exp(-Z_prev))"
        yield "slope = S * (1 - S)"
    elif f.name == "tanh":
        yield f"slope = 1 - {module}.tanh(Z_prev) ** 2"
    elif f.corner:
        yield _corners(problem, number(getattr(f, "leak", 0)), module)
    else:
        yield "slope = 1"
    yield "dZ_prev = dA_prev * slope"


def _corners(problem: Any, left: str, module: str) -> str:
    """The derivative of a ReLU in code, which says what it is at 0."""
    corner = number(problem.function.at_corner)
    cast = ".double()" if module == "torch" else ".astype(float)"
    positive, where = f"(Z_prev > 0){cast}", "<=" if corner == left else "<"
    parts = [positive]
    if left != "0":
        parts.append(f"(Z_prev {where} 0){cast} * ({left})")
    if corner not in (left, "0"):
        parts.append(f"(Z_prev == 0){cast} * ({corner})")
    return f"slope = {' + '.join(parts)}"


_BODIES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "conv": _conv,
    "pool": _pool,
    "dense": _dense,
    "conv-transpose": numpy_transposed,
    "batch-norm": numpy_batch_norm,
}
