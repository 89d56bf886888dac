"""Transposed convolution and batch normalisation as lines of NumPy and of PyTorch."""

from collections.abc import Iterator
from typing import Any

from .literals import number


def _wide(problem: Any, name: str) -> str:
    """One number for each channel, beside images of so many axes."""
    return f"{name}[:, {', '.join(['None'] * problem.dims)}]"


def _missing(problem: Any, library: str) -> Iterator[str]:
    kind = ", dtype=torch.float64" if library == "torch" else ""
    channels = problem.arrays["A_prev"].shape[1]
    for name, made in (("gamma", "ones"), ("beta", "zeros")):
        if name not in problem.given:
            yield f"{name} = {library}.{made}({channels}{kind})"


def _ends(problem: Any) -> list[tuple[int, int]]:
    """What is cut off (or added, as output padding) at both ends of each spatial axis."""
    ends = []
    for line in problem.axes:
        whole = (line.out - 1) * line.stride + line.extent
        ends.append((line.before, line.before + line.size - whole))
    return ends


def torch_transposed(problem: Any) -> Iterator[str]:
    """F.conv_transpose with its gradients by autograd."""
    backward = problem.op.endswith("-backward")
    c_out, dims = problem.shape[1], problem.dims
    if "b" not in problem.given:
        yield f"b = torch.zeros({c_out}, dtype=torch.float64)"
    if backward:
        yield "for leaf in (A_prev, W, b):"
        yield "    leaf.requires_grad_()"
    spatial = ", ".join(map(str, range(2, 2 + dims)))
    kernel = f"W.flip({spatial})" if problem.settings["flip"] else "W"
    stride = tuple(line.stride for line in problem.axes)
    dilation = tuple(line.dilation for line in problem.axes)
    groups = problem.settings["groups"]
    yield (
        f"Z = F.conv_transpose{dims}d(A_prev, {kernel}, stride={stride}, dilation={dilation},"
        f" groups={groups})"
    )
    sides = [side for before, after in reversed(_ends(problem)) for side in (-before, after)]
    if any(sides):
        yield f"Z = F.pad(Z, {tuple(sides)})  # padding is cut off, output padding is added"
    yield f"Z = Z + {_wide(problem, 'b')}"
    if backward:
        yield "Z.backward(dZ)"
        yield "dA_prev, dW, db = A_prev.grad, W.grad, b.grad"
        if problem.divisor > 1:
            by = problem.divisor
            yield f"dW, db = dW / {by}, db / {by}  # the mean over the batch"


def numpy_transposed(problem: Any) -> Iterator[str]:
    """Plain loops: every cell of A_prev times W, onto its window of Z; and back."""
    rows, columns = problem.axes
    forward = problem.op.endswith("-forward")
    groups = problem.settings["groups"]
    if problem.settings["flip"]:
        yield "W = W[:, :, ::-1, ::-1]  # turned by 180°"
    height, width = (
        max((line.out - 1) * line.stride + line.extent, line.before + line.size)
        for line in problem.axes
    )
    c_in, c_out = problem.arrays["A_prev"].shape[1], problem.shape[1]
    yield f"inputs = np.split(np.arange({c_in}), {groups})"
    yield f"outputs = np.split(np.arange({c_out}), {groups})"
    top, left = rows.before, columns.before
    inside = f"[:, :, {top}:{top + rows.size}, {left}:{left + columns.size}]"
    yield f"whole = np.zeros((len(A_prev), {c_out}, {height}, {width}))"
    if not forward:
        yield f"whole{inside} = dZ"
        yield "dA_prev, dW = np.zeros(A_prev.shape), np.zeros(W.shape)"
    yield f"for i in range({rows.out}):"
    yield f"    for j in range({columns.out}):"
    for index, name, line in zip("ij", ("rows", "columns"), problem.axes, strict=True):
        start = f"{index} * {line.stride}"
        step = f", {line.dilation}" if line.dilation > 1 else ""
        yield f"        {name} = slice({start}, {start} + {line.extent}{step})"
    yield "        for c, o in zip(inputs, outputs):"
    yield "            window = slice(None), slice(o[0], o[-1] + 1), rows, columns"
    cell = "A_prev[:, c, i, j]"
    if forward:
        yield f'            whole[window] += np.einsum("nc,cohw->nohw", {cell}, W[c])'
        yield f"Z = whole{inside}"
        if "b" in problem.given:
            yield "Z = Z + b[:, None, None]"
        return
    yield '            dA_prev[:, c, i, j] = np.einsum("nohw,cohw->nc", whole[window], W[c])'
    yield f'            dW[c] += np.einsum("nc,nohw->cohw", {cell}, whole[window])'
    if problem.settings["flip"]:
        yield "dW = dW[:, :, ::-1, ::-1]"
    yield "db = dZ.sum((0, 2, 3))"
    if problem.divisor > 1:
        by = problem.divisor
        yield f"dW, db = dW / {by}, db / {by}  # the mean over the batch"


def _statistics(problem: Any, root: str) -> Iterator[str]:
    axes = (0, *range(2, 2 + problem.dims))
    yield f"axes = {axes}"
    yield "mean = A_prev.mean(axes)"
    yield f"centred = A_prev - {_wide(problem, 'mean')}"
    yield "variance = (centred**2).mean(axes)"
    wide = _wide(problem, "variance")
    yield f"root = {root}({wide} + {number(problem.settings['epsilon'])})"
    yield "x_hat = centred / root"


def torch_batch_norm(problem: Any) -> Iterator[str]:
    """Mean, variance, x_hat and A, and their gradients by autograd."""
    backward = problem.op.endswith("-backward")
    yield from _missing(problem, "torch")
    if backward:
        yield "for leaf in (A_prev, gamma, beta):"
        yield "    leaf.requires_grad_()"
    yield from _statistics(problem, "torch.sqrt")
    yield f"A = {_wide(problem, 'gamma')} * x_hat + {_wide(problem, 'beta')}"
    if not backward:
        return
    yield "for between in (mean, variance, x_hat):"
    yield "    between.retain_grad()"
    yield "A.backward(dZ)"
    yield "dx_hat, dvariance, dmean = x_hat.grad, variance.grad, mean.grad"
    yield "dA_prev, dgamma, dbeta = A_prev.grad, gamma.grad, beta.grad"
    yield from _mean_of_batch(problem)


def numpy_batch_norm(problem: Any) -> Iterator[str]:
    """Mean, variance, x_hat and A, and the three ways back."""
    yield from _missing(problem, "np")
    yield from _statistics(problem, "np.sqrt")
    if problem.op.endswith("-forward"):
        yield f"A = {_wide(problem, 'gamma')} * x_hat + {_wide(problem, 'beta')}"
        return
    yield f"dx_hat = dZ * {_wide(problem, 'gamma')}"
    yield "dvariance = (dx_hat * -centred / (2 * root**3)).sum(axes)"
    yield "dmean = (-dx_hat / root).sum(axes)"
    yield "m = A_prev.size // A_prev.shape[1]"
    yield f"dA_prev = dx_hat / root + {_wide(problem, 'dvariance')} * 2 * centred / m"
    yield f"dA_prev = dA_prev + {_wide(problem, 'dmean')} / m"
    yield "dgamma, dbeta = (dZ * x_hat).sum(axes), dZ.sum(axes)"
    yield from _mean_of_batch(problem)


def _mean_of_batch(problem: Any) -> Iterator[str]:
    if problem.divisor > 1:
        by = problem.divisor
        yield f"dgamma, dbeta = dgamma / {by}, dbeta / {by}  # the mean over the batch"
