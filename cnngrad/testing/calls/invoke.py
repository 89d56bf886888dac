"""A person's function called on one problem: arguments in, whatever comes back out, errors kept.

This runs where the function lives: in the worker's process, or, for the pytest helper, in the
caller's own.
"""

import inspect
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ...core.numbers import Array
from .calling import Calling

WEIGHTS = ("W", "w", "weights", "weight", "kernel", "kernels", "filters", "filter", "_W")
BIASES = ("b", "bias", "biases", "_b")
GRADIENTS = {
    "dW": "dW dw grad_W grad_w grad_weights grad_weight dweights dweight weights_grad weight_grad"
    " W_grad w_grad d_weights dkernel dfilters grad_kernel grad_filters dL_dW d_W dK",
    "db": "db grad_b grad_bias grad_biases dbias dbiases bias_grad biases_grad b_grad d_bias"
    " dL_db d_b",
}
_FORWARD = ("forward", "__call__", "call", "forward_pass")
_BACKWARD = ("backward", "backprop", "backward_pass", "back")


class CallOutcome(NamedTuple):
    """What one call came to."""

    results: tuple[tuple[str, Array], ...] = ()
    """What came back, by name where the function names it, else by its place: `0`, `1`."""
    error: str = ""
    """The exception in one line; empty where there was none."""
    trace: tuple[str, ...] = ()
    """The lines of the person's own code that led to it."""
    odd: str = ""
    """What came back that is no array: `None`, or a type."""
    written: tuple[str, ...] = ()
    """The inputs that the function has written into."""
    ended: bool = False
    """Whether the process had to be started anew: no answer in time, an exit, a crash."""


class _OddError(Exception):
    """What came back cannot be a gradient."""


def invoke(
    module: ModuleType, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
) -> CallOutcome:
    """Call the function on arrays as it wants them; whatever it does is in the outcome."""
    own = {name: np.array(array) for name, array in given.items()}
    try:
        back = _CALLS[calling.kind](module, calling, own, settings)
        results = tuple(_arrays(back, calling))
    except _OddError as odd:
        return CallOutcome(odd=str(odd))
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        return CallOutcome(error=exception_line(error), trace=own_lines(error, module))
    written = tuple(name for name, array in given.items() if not _same(own[name], array))
    return CallOutcome(results, written=written)


def _same(one: Array, two: Array) -> bool:
    return one.shape == two.shape and bool(np.array_equal(one, two))


def exception_line(error: BaseException) -> str:
    """An exception in one line."""
    said = str(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def own_lines(error: BaseException, module: ModuleType) -> tuple[str, ...]:
    """The frames of the person's own file, innermost last."""
    path = getattr(module, "__file__", "") or ""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == path]
    return tuple(f"line {frame.lineno}, in {frame.name}: {frame.line}" for frame in own[-4:])


def _arrays(back: Any, calling: Calling) -> list[tuple[str, Array]]:
    named = _named(back)
    found = []
    for name, value in named:
        if value is None:
            if len(named) == 1:
                raise _OddError("None")
            continue
        if callable(getattr(value, "detach", None)):
            value = value.detach().cpu().numpy()
        if isinstance(value, (dict, str, bytes)) or callable(value):
            if name != "0":
                continue  # a cache that comes back beside the result
            raise _OddError(type(value).__name__)
        try:
            array = np.asarray(value)
        except ValueError:
            if name != "0":
                continue
            raise _OddError(type(value).__name__) from None
        if array.dtype.kind not in "biuf":
            if name != "0" and array.dtype.kind == "O":
                continue
            array = _numbers(array)
        found.append((name, array))
    if calling.op.endswith("forward"):
        return found[:1]
    return found


def _numbers(array: Array) -> Array:
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        raise _OddError(f"an array of {array.dtype}") from None


def _named(back: Any) -> list[tuple[str, Any]]:
    if isinstance(back, dict):
        return [(str(name), value) for name, value in back.items()]
    if isinstance(back, tuple) and hasattr(back, "_fields"):
        return list(zip(back._fields, back, strict=True))
    if isinstance(back, (tuple, list)) and not _is_rows(back):
        return [(str(k), value) for k, value in enumerate(back)]
    return [("0", back)]


def _is_rows(back: Any) -> bool:
    """Whether a list holds numbers or rows of them, and so is one array."""
    return isinstance(back, list) and all(isinstance(x, (int, float, list)) for x in back)


# ---- the callings ---------------------------------------------------------------------------


def _values(
    calling: Calling, given: Mapping[str, Any], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """What each role is given."""
    stride, padding = settings.get("stride"), settings.get("padding")
    window = settings.get("window")
    values: dict[str, Any] = {**given, **settings}
    if "window" in settings:
        height, width = window if isinstance(window, tuple) else (window, window)
        values["pool_param"] = {"pool_height": height, "pool_width": width, "stride": stride}
        values["hparameters"] = {"f": window, "stride": stride}
    else:
        values["bn_param"] = {"mode": "train", "eps": settings.get("epsilon")}
        values["conv_param"] = {"stride": stride, "pad": padding}
        values["hparameters"] = {"stride": stride, "pad": padding}
    if calling.mode:
        values["mode"] = calling.mode
    return values


def _arguments(roles: tuple[tuple[str, str], ...], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[role] for name, role in roles if role in values}


def _call_plain(
    module: ModuleType, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
) -> Any:
    function = getattr(module, calling.name)
    values = _values(calling, given, settings)
    if "cache" in dict(calling.roles).values():
        values["cache"] = _cache(module, calling, values)
    return function(**_arguments(calling.roles, values))


def _cache(module: ModuleType, calling: Calling, values: Mapping[str, Any]) -> Any:
    """What the function's own forward leaves for it; else what its course says is in there."""
    if calling.forward:
        back = getattr(module, calling.forward)(**_arguments(calling.forward_roles, values))
        if isinstance(back, tuple):
            return back[-1]
    deep = calling.kind == "deeplearning.ai"
    if calling.op.startswith("conv"):
        last = values["hparameters"] if deep else values["conv_param"]
        return values["A_prev"], values["W"], values["b"], last
    if calling.op.startswith("pool"):
        return values["A_prev"], values["hparameters"] if deep else values["pool_param"]
    if calling.op.startswith("dense"):
        return values["A_prev"], values["W"], values["b"]
    if calling.op.startswith("batch-norm"):
        raise LookupError("the cache of a batch normalisation is known to its own forward only")
    return values["A_prev"]


def _call_written(
    module: ModuleType, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
) -> Any:
    """The call that a person wrote: the names of the article stand for the arrays."""
    values = _values(calling, given, settings)
    names = {**vars(module), **values, "f": getattr(module, calling.name)}
    return eval(calling.expression, names)


def _call_class(
    module: ModuleType, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
) -> Any:
    layer = _made(getattr(module, calling.name), calling, given, settings)
    if "W" in given:
        _set(layer, WEIGHTS, given["W"])
        if "b" in given:
            _set(layer, BIASES, given["b"])
    output = _method(layer, _FORWARD)(given["A_prev"])
    if not calling.backward:
        return output
    back = _method(layer, _BACKWARD)
    needed = [
        p
        for p in inspect.signature(back).parameters.values()
        if p.default is inspect.Parameter.empty and p.kind in (p.POSITIONAL_OR_KEYWORD,)
    ]
    first = back(given["dZ"], *(0.0 for _ in needed[1:]))
    found: dict[str, Any] = {}
    for k, value in enumerate(first if isinstance(first, tuple) else (first,)):
        found["dA_prev" if k == 0 else str(k)] = value
    for name, spellings in GRADIENTS.items():
        for spelling in spellings.split():
            if name in calling.op or getattr(layer, spelling, None) is not None:
                found[name] = getattr(layer, spelling)
                break
        else:
            kept = getattr(layer, "grads", None)
            if isinstance(kept, dict):
                key = next((k for k in kept if str(k) in (name, name[1:])), None)
                if key is not None:
                    found[name] = kept[key]
    return found


def _made(
    maker: Callable[..., Any],
    calling: Calling,
    given: Mapping[str, Array],
    settings: Mapping[str, Any],
) -> Any:
    """A layer of the sizes that the problem has."""
    sizes = _sizes(given, settings)
    arguments: dict[str, Any] = {}
    for parameter in inspect.signature(maker).parameters.values():
        word = parameter.name.lower().strip("_")
        if word in sizes and sizes[word] is not None:
            arguments[parameter.name] = sizes[word]
        elif parameter.default is inspect.Parameter.empty and parameter.kind in (
            parameter.POSITIONAL_OR_KEYWORD,
            parameter.KEYWORD_ONLY,
        ):
            raise TypeError(f"what {parameter.name} of {calling.name}(…) is for is not known")
    return maker(**arguments)


def _sizes(given: Mapping[str, Array], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the usual parameters of a constructor are given."""
    facts: dict[str, Any] = dict(settings.get("sizes", {}))
    facts |= {"w": given.get("W"), "b": given.get("b"), "weights": given.get("W")}
    facts |= {"bias": facts.get("bias", given.get("b"))}
    for words, key in (
        ("stride strides", "stride"),
        ("padding pad", "padding"),
        ("dilation", "dilation"),
        ("groups", "groups"),
        ("pool_size window size kernel_size filter_size filter_dim pool k", "window"),
        ("mode", "mode"),
    ):
        if settings.get(key) is not None:
            facts |= dict.fromkeys(words.split(), settings[key])
    return facts


def _set(layer: Any, spellings: tuple[str, ...], array: Array) -> None:
    for spelling in spellings:
        if hasattr(layer, spelling) and not callable(getattr(layer, spelling)):
            old = getattr(layer, spelling)
            shaped = array
            if isinstance(old, np.ndarray) and old.shape != array.shape and old.size == array.size:
                shaped = array.reshape(old.shape) if array.ndim == 1 else array
            setattr(layer, spelling, shaped)
            return
    params = getattr(layer, "params", None)
    if isinstance(params, dict):
        for spelling in spellings:
            if spelling in params:
                params[spelling] = array
                return
    raise AttributeError(f"none of its attributes is called {', '.join(spellings[:4])}")


def _method(layer: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        if callable(getattr(layer, name, None)):
            return getattr(layer, name)
    raise AttributeError(f"{type(layer).__name__} has no method {names[0]}")


def _call_torch(
    module: ModuleType, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
) -> Any:
    import torch

    function = getattr(module, calling.name)
    tensors = {
        name: torch.tensor(array, dtype=torch.float64, requires_grad=name != "dZ")
        for name, array in given.items()
    }
    if issubclass(function, torch.autograd.Function):
        values = {**_values(calling, tensors, settings)}
        output = function.apply(*(values[role] for _, role in calling.roles if role in values))
        leaves = {name: tensors[name] for _, name in calling.roles if name in ("A_prev", "W", "b")}
    else:
        layer = _made(function, calling, given, settings).double()
        with torch.no_grad():
            for name, value in layer.named_parameters():
                key = "b" if "bias" in name or name.endswith("b") else "W"
                value.copy_(tensors[key].reshape(value.shape))
        output = layer(tensors["A_prev"])
        leaves = {"A_prev": tensors["A_prev"]}
        for name, value in layer.named_parameters():
            leaves["b" if "bias" in name or name.endswith("b") else "W"] = value
    if not calling.backward:
        return output
    found = torch.autograd.grad(output, list(leaves.values()), tensors["dZ"], allow_unused=True)
    return {f"d{name}": gradient for name, gradient in zip(leaves, found, strict=True)}


_CALLS: dict[str, Callable[..., Any]] = {
    "arrays": _call_plain,
    "cs231n": _call_plain,
    "deeplearning.ai": _call_plain,
    "class": _call_class,
    "torch": _call_torch,
    "call": _call_written,
}
