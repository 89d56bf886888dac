"""PaddlePaddle on problems of `tests.frameworks`."""

import paddle
import paddle.nn.functional as f
from serve import errors, pair, serve

paddle.set_device("cpu")


def _tensor(values):
    return paddle.to_tensor(values, dtype="float64", stop_gradient=False)


def _padding(problem):
    if "padding" not in problem:
        return {}
    padding = problem["padding"]
    if isinstance(padding, list):
        (top, bottom), (left, right) = padding
        padding = [top, bottom, left, right]
    return {"padding": padding.upper() if isinstance(padding, str) else padding}


def _run(problem, function, names):
    inputs = [_tensor(problem[name]) for name in names]
    output = function(*inputs)
    dZ = errors(problem, output.shape)
    found = paddle.grad(output, inputs, grad_outputs=paddle.to_tensor(dZ))
    return {
        "dZ": dZ,
        **{f"d{n}": g.numpy() for n, g in zip(names, found, strict=True)},
    }, output.numpy()


def conv(problem):
    options = {name: problem[name] for name in ("stride", "dilation", "groups") if name in problem}
    options |= _padding(problem)
    found, Z = _run(problem, lambda x, W, b: f.conv2d(x, W, b, **options), ("A_prev", "W", "b"))
    return {"Z": Z, **found}


def _pool(problem, pool, names):
    options = {name: problem[name] for name in names if name in problem} | _padding(problem)
    if "count_include_pad" in options:
        options["exclusive"] = not options.pop("count_include_pad")
    window = pair(problem["window"])
    found, A = _run(problem, lambda x: pool(x, window, **options), ("A_prev",))
    return {"A": A, **found}


def dense(problem):
    found, Z = _run(problem, f.linear, ("A_prev", "W", "b"))
    return {"Z": Z, **found}


LOSSES = {
    "mean-squared-error": f.mse_loss,
    "softmax-cross-entropy": lambda out, y: f.cross_entropy(out, y.astype("int64")),
    "binary-cross-entropy": f.binary_cross_entropy_with_logits,
}
ACTIVATIONS = {"identity": lambda z: z, "relu": f.relu, "leaky-relu": f.leaky_relu}


def network(problem):
    inputs = [_tensor(problem[name]) for name in ("A_prev", "W", "b")]
    out = ACTIVATIONS[problem["activation"]](f.linear(*inputs))
    loss = LOSSES[problem["loss"]](out, paddle.to_tensor(problem["Y"], dtype="float64"))
    dx, dW, db = (gradient.numpy() for gradient in paddle.grad(loss, inputs))
    return {"loss": loss.numpy(), "dA_prev": dx, "dW": dW, "db": db}


serve(
    {"paddle": paddle.__version__},
    {
        "conv": conv,
        "max-pool": lambda p: _pool(p, f.max_pool2d, ("stride", "ceil_mode")),
        "average-pool": lambda p: _pool(
            p, f.avg_pool2d, ("stride", "ceil_mode", "count_include_pad")
        ),
        "dense": dense,
        "network": network,
    },
)
