"""An operation as lines of PyTorch, whose autograd gives the same gradients."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...core.layouts import back
from ...core.problem import Problem
from ...pictures.selection import Selection
from .literals import check_size, nested, refuse, spans
from .newer_layers import torch_batch_norm, torch_transposed
from .numpy_code import activation


def torch_code(problem: Problem, names: Sequence[str], _selection: Selection) -> str:
    """Lines of PyTorch that compute these results.

    Raises
    ------
    UsageError
        There is no such code for this operation.
    """
    check_size(problem)
    family = problem.op.rpartition("-")[0]
    if family not in _BODIES or (family in ("conv", "pool") and problem.dims != 2):
        raise refuse(problem)
    lines = ["import torch", "import torch.nn.functional as F", "", *_given(problem), ""]
    lines += _BODIES[family](problem)
    lines += _shown(problem)
    lines += [f'print("{name} =", {name}, sep="\\n")' for name in names]
    return "\n".join(lines) + "\n"


def _given(problem: Problem) -> Iterator[str]:
    """The matrices as they were given, and in full rank: N, C, H, W."""
    for name, array in problem.given_in_layout.items():
        start = f"{name} = torch.tensor("
        yield f"{start}{nested(array, ' ' * len(start))}, dtype=torch.float64)"
    for name, array in problem.given.items():
        order = problem.order_of(name, array.ndim, problem.settings)
        missing = problem.arrays[name].ndim - array.ndim
        steps = f".permute{back(order)}" if order else ""
        steps += f"[{', '.join(['None'] * missing)}]" if missing else ""
        if steps:
            yield f"{name} = {name}{steps}"


def _shown(problem: Problem) -> Iterator[str]:
    """The results in the rank and the order of axes in which they are shown."""
    for name in problem.names:
        full, rank = len(problem.trace(name).shape), int(problem.ranks[name])
        order = problem.order_of(name, rank, problem.settings)
        steps = f"[{', '.join(['0'] * (full - rank))}]" if full > rank else ""
        steps += f".permute{order}" if order else ""
        if steps:
            yield f"{name} = {name}{steps}"


def _backward(problem: Any, output: str, *names: str) -> Iterator[str]:
    yield f"{output}.backward(dZ)"
    for name in names:
        yield f"d{name} = {name}.grad"
    if problem.settings.get("batch") == "mean" and problem.divisor > 1:
        yield f"dW, db = dW / {problem.divisor}, db / {problem.divisor}  # the mean over the batch"


# ---- convolution --------------------------------------------------------------------------------


def _padding(problem: Any) -> tuple[str, str]:
    """A line that pads where `padding=` cannot say it, and what `padding=` says."""
    rows, columns = problem.axes
    if rows.before == rows.after and columns.before == columns.after:
        return "", f"({rows.before}, {columns.before})"
    sides = (columns.before, columns.after, rows.before, rows.after)
    return f"F.pad(A_prev, {sides})", "0"


def _conv(problem: Any) -> Iterator[str]:
    rows, columns = problem.axes
    backward = problem.op.endswith("-backward")
    if backward and "b" not in problem.given:
        yield "b = torch.zeros(len(W), dtype=torch.float64)"
    if backward:
        yield "for leaf in (A_prev, W, b):"
        yield "    leaf.requires_grad_()"
    made, padding = _padding(problem)
    flip = problem.settings["flip"]
    arguments = [made or "A_prev", "W.flip(2, 3)" if flip else "W"]
    if backward or "b" in problem.given:
        arguments.append("b")
    arguments += [
        f"stride=({rows.stride}, {columns.stride})",
        f"padding={padding}",
        f"dilation=({rows.dilation}, {columns.dilation})",
        f"groups={problem.settings['groups']}",
    ]
    yield f"Z = F.conv2d({', '.join(arguments)})"
    if backward:
        yield from _backward(problem, "Z", "A_prev", "W", "b")


# ---- pooling ------------------------------------------------------------------------------------


def _pool(problem: Any) -> Iterator[str]:
    backward = problem.op.endswith("-backward")
    if backward:
        yield "A_prev.requires_grad_()"
    yield from (_average if problem.mode == "average" else _max)(problem)
    if backward:
        yield from _backward(problem, "A", "A_prev")


def _taps(problem: Any, fill: str, columns_first: bool = False) -> Iterator[str]:
    """What each cell of the window meets, one after the other, in all windows at once."""
    (top, bottom), (left, right) = spans(problem.axes)
    rows, columns = problem.axes
    value = f", value={fill}" if fill != "0" else ""
    yield f"padded = F.pad(A_prev, ({left}, {right}, {top}, {bottom}){value})"
    down = f"slice(k * {rows.dilation}, k * {rows.dilation} + {(rows.out - 1) * rows.stride + 1}"
    down += f", {rows.stride})"
    across = f"slice(l * {columns.dilation}, l * {columns.dilation}"
    across += f" + {(columns.out - 1) * columns.stride + 1}, {columns.stride})"
    loops = [f"for k in range({rows.window})", f"for l in range({columns.window})"]
    yield "taps = torch.stack(["
    yield f"    padded[:, :, {down}, {across}]"
    yield f"    {' '.join(reversed(loops) if columns_first else loops)}"
    yield "])"


def _plain(problem: Any) -> bool:
    """Whether PyTorch's own pooling does the same."""
    settings = problem.settings
    rounded = settings["ceil_mode"] and settings["ceil_rule"] == "keep"
    even = all(
        line.before == line.after and 2 * line.before <= line.extent for line in problem.axes
    )
    return even and not rounded


def _window(problem: Any) -> str:
    rows, columns = problem.axes
    words = [
        f"({rows.window}, {columns.window})",
        f"stride=({rows.stride}, {columns.stride})",
        f"padding=({rows.before}, {columns.before})",
    ]
    return ", ".join([*words, "ceil_mode=True"] if problem.settings["ceil_mode"] else words)


def _average(problem: Any) -> Iterator[str]:
    settings = problem.settings
    dilated = any(line.dilation > 1 for line in problem.axes)
    if _plain(problem) and not dilated and not problem.overhang_counts:
        words = f"A_prev, {_window(problem)}"
        if not settings["count_include_pad"]:
            words += ", count_include_pad=False"
        if settings["divisor_override"]:
            words += f", divisor_override={settings['divisor_override']}"
        yield f"A = F.avg_pool2d({words})"
        return
    divisors = problem.divisors.tolist()
    yield from _taps(problem, "0")
    yield f"divisors = torch.tensor({divisors}, dtype=torch.float64)"
    yield "A = taps.sum(0) / divisors"


def _max(problem: Any) -> Iterator[str]:
    ties = problem.settings.get("ties", "first")
    rows, columns = problem.axes
    if ties == "first" and _plain(problem):
        dilation = f"dilation=({rows.dilation}, {columns.dilation})"
        yield f"A = F.max_pool2d(A_prev, {_window(problem)}, {dilation})"
        return
    yield from _taps(problem, "-1e300", ties == "first-column")
    if problem.op.endswith("-forward"):
        yield "A = taps.amax(0)"
        return
    yield "top = taps == taps.amax(0)"
    if ties == "split":
        yield "top = top.double() / top.sum(0)"
    elif ties == "last":
        yield "top = top & (top.flip(0).cumsum(0).flip(0) == 1)"
    elif ties != "all":
        yield "top = top & (top.cumsum(0) == 1)"
    yield "A = (taps * top).sum(0)  # of which only the gradient is wanted"


# ---- dense --------------------------------------------------------------------------------------


def _dense(problem: Any) -> Iterator[str]:
    backward = problem.op.endswith("-backward")
    if not backward:
        yield "Z = F.linear(A_prev, W, b)" if "b" in problem.given else "Z = F.linear(A_prev, W)"
        return
    if "b" not in problem.given:
        yield "b = torch.zeros(len(W), dtype=torch.float64)"
    yield "for leaf in (A_prev, W, b):"
    yield "    leaf.requires_grad_()"
    yield "Z = F.linear(A_prev, W, b)"
    yield from _backward(problem, "Z", "A_prev", "W", "b")
    if problem.function is not None:
        yield from (line.replace(".max(-1", ".amax(-1") for line in activation(problem, "torch"))


_BODIES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "conv": _conv,
    "pool": _pool,
    "dense": _dense,
    "conv-transpose": torch_transposed,
    "batch-norm": torch_batch_norm,
}
