"""The options that say how texts of numbers are read, given to every command that reads any."""

import inspect
from typing import Any

from . import options as opt
from .operations import Described
from .streams import tell

_MORE = {"decimal_mark": opt.DecimalMark, "header": opt.Header}
_BEFORE = ("exact", "no_color", "quiet")
"""The options that end the list of a command."""


def reads_texts(command: Described) -> Described:
    """A command with `--decimal-mark` and `--header`, which hold for all that it reads.

    A guess at how a text is meant is told once on standard error, unless `--quiet` is given.
    """
    own = list(inspect.signature(command.run).parameters.values())
    at = next((k for k, p in enumerate(own) if p.name in _BEFORE), len(own))
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in _MORE.items()
    ]
    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]

    def run(**values: Any) -> int:
        from ..files.dialect import Dialect, decimal_mark_of, read_as

        told: set[str] = set()

        def tell_once(words: str) -> None:
            if words not in told and not values.get("quiet"):
                told.add(words)
                tell(words)

        mark, header = values.pop("decimal_mark"), values.pop("header")
        said = Dialect(
            decimal_mark_of(mark), None if header is None else header == "yes", tell_once
        )
        with read_as(said):
            return command.run(**values)

    run.__signature__ = inspect.Signature([*own[:at], *more, *own[at:]])  # type: ignore[attr-defined]
    return command._replace(run=run)
