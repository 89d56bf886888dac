"""For commands that take any problem: the options of all operations together."""

import inspect
from collections.abc import Callable, Mapping
from importlib import import_module

from .request import Request

Options = Mapping[str, object]
"""What stands behind the options that pose a problem; None where one is not given."""

FAMILIES = ("conv", "pool", "dense")
SHARED = ("problem", *Request._fields)
"""Options of the operations that pose nothing."""


def problem_options() -> dict[str, inspect.Parameter]:
    """The options of all operations together, as their own commands declare them."""
    from .app import COMMANDS

    found: dict[str, inspect.Parameter] = {}
    for direction in ("backward", "forward"):
        for family in FAMILIES:
            module, _, function = COMMANDS[f"{family}-{direction}"][0].partition(":")
            command = getattr(import_module(f".commands.{module}", __package__), function)
            for option in inspect.signature(command).parameters.values():
                if option.name not in SHARED:
                    found.setdefault(option.name, option)
    return found


def takes_problem(command: Callable[..., int]) -> Callable[..., int]:
    """A command that has, beside its own parameters, the options of all operations.

    It receives them together, as `options`.
    """
    own = [p for p in inspect.signature(command).parameters.values() if p.name != "options"]
    more = problem_options()

    def run(**values: object) -> int:
        options = {name: values.pop(name) for name in more}
        return command(**values, options=options)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature([*own, *more.values()])  # type: ignore[attr-defined]
    return run
