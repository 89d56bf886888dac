"""PyTorch on problems of `tests.frameworks`."""

import torch
import torch.nn.functional as f
from serve import errors, pair, serve, sides


def _tensor(values, grad=True):
    return torch.tensor(values, dtype=torch.float64, requires_grad=grad)


def _back(problem, output, **inputs):
    dZ = errors(problem, output.shape)
    output.backward(torch.tensor(dZ))
    return {"dZ": dZ, **{f"d{name}": tensor.grad for name, tensor in inputs.items()}}


def conv(problem):
    x, W, b = (_tensor(problem[name]) for name in ("A_prev", "W", "b"))
    options = {name: problem[name] for name in ("stride", "dilation", "groups") if name in problem}
    seen, padding = x, problem.get("padding", 0)
    if isinstance(padding, list) and any(first != last for first, last in padding):
        (top, bottom), (left, right) = padding
        seen, padding = f.pad(x, (left, right, top, bottom)), 0
    elif isinstance(padding, list):
        padding = tuple(first for first, _ in padding)
    Z = f.conv2d(seen, W, b, padding=padding, **options)
    return {"Z": Z.detach(), **_back(problem, Z, A_prev=x, W=W, b=b)}


def _pool(problem, pool, names):
    x = _tensor(problem["A_prev"])
    options = {name: problem[name] for name in names if name in problem}
    if "padding" in problem:
        options["padding"] = tuple(first for first, _ in sides(problem))
    A = pool(x, pair(problem["window"]), **options)
    return {"A": A.detach(), **_back(problem, A, A_prev=x)}


def max_pool(problem):
    return _pool(problem, f.max_pool2d, ("stride", "dilation", "ceil_mode"))


def average_pool(problem):
    return _pool(problem, f.avg_pool2d, ("stride", "ceil_mode", "count_include_pad"))


def dense(problem):
    x, W, b = (_tensor(problem[name]) for name in ("A_prev", "W", "b"))
    Z = f.linear(x, W, b)
    return {"Z": Z.detach(), **_back(problem, Z, A_prev=x, W=W, b=b)}


LOSSES = {
    "mean-squared-error": lambda out, y: torch.nn.MSELoss()(out, y),
    "softmax-cross-entropy": lambda out, y: torch.nn.CrossEntropyLoss()(out, y.long()),
    "binary-cross-entropy": lambda out, y: torch.nn.BCEWithLogitsLoss()(out, y),
}
ACTIVATIONS = {"identity": lambda z: z, "relu": f.relu, "leaky-relu": f.leaky_relu}


def network(problem):
    x, W, b = (_tensor(problem[name]) for name in ("A_prev", "W", "b"))
    loss = LOSSES[problem["loss"]](
        ACTIVATIONS[problem["activation"]](f.linear(x, W, b)), _tensor(problem["Y"], grad=False)
    )
    loss.backward()
    return {"loss": loss.detach(), "dA_prev": x.grad, "dW": W.grad, "db": b.grad}


serve(
    {"torch": torch.__version__},
    {
        "conv": conv,
        "max-pool": max_pool,
        "average-pool": average_pool,
        "dense": dense,
        "network": network,
    },
)
