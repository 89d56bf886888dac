"""The functions and classes of a person's file, as far as they show: names, parameters, methods."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .calling import Parameter, Signature


def signatures(module: ModuleType) -> list[Signature]:
    """The functions and classes that a file defines itself."""
    found = []
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value) or inspect.isfunction(value):
            found.append(signature_of(name, value))
    return sorted(found, key=lambda signature: signature.line)


def signature_of(name: str, value: Any) -> Signature:
    """What a function or class shows of itself."""
    if inspect.isclass(value):
        return _of_class(name, value)
    code = getattr(value, "__code__", None)
    return Signature(name, _parameters(value), line=code.co_firstlineno if code else 0)


def _of_class(name: str, value: type) -> Signature:
    above = {f"{base.__module__}.{base.__name__}" for base in value.__mro__}
    methods = tuple(m for m in dir(value) if callable(getattr(value, m, None)))
    line = getattr(value, "__firstlineno__", 0) or _line_of(value)
    if "torch.autograd.function.Function" in above:
        forward = _parameters(value.forward)[1:]  # type: ignore[attr-defined]
        return Signature(name, forward, "torch.autograd.Function", methods, line)
    kind = "torch.nn.Module" if "torch.nn.modules.module.Module" in above else "class"
    return Signature(name, _parameters(value), kind, methods, line)


def _line_of(value: type) -> int:
    for member in vars(value).values():
        if inspect.isfunction(member):
            return member.__code__.co_firstlineno
    return 0


def _parameters(value: Callable[..., Any]) -> tuple[Parameter, ...]:
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(
        Parameter(p.name, _default(p))
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    )


def _default(parameter: inspect.Parameter) -> str:
    value = parameter.default
    if value is inspect.Parameter.empty:
        return ""
    if value is None:
        return "none"
    known = {bool: "bool", int: "int", tuple: "tuple", list: "tuple", str: "str", dict: "dict"}
    return known.get(type(value), "other")
