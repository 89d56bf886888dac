"""Options that many commands have, each held for as long as a command runs."""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

Command = Callable[..., int]


def with_option(
    command: Command,
    name: str,
    kind: Any,
    hold: Callable[[Any, Mapping[str, Any]], AbstractContextManager[None]],
    before: str = "no_color",
    default: Any = None,
) -> Command:
    """A command with one option more.

    Parameters
    ----------
    command
        What Typer makes a command of; as it is where it has no option `before`.
    name, kind
        Of the option: the parameter, and what `options` says of it.
    hold
        Makes what is said hold while the command runs, whose other options it is told.
    before
        The option before which it stands in the help.
    default
        What is said where the option is not given.
    """
    own = list(inspect.signature(command).parameters.values())
    at = next((k for k, p in enumerate(own) if p.name == before), None)
    if at is None:
        return command
    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    more = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)

    def run(**values: Any) -> int:
        said = values.pop(name)
        with hold(said, values):
            return command(**values)

    run.__signature__ = inspect.Signature([*own[:at], more, *own[at:]])  # type: ignore[attr-defined]
    return run
