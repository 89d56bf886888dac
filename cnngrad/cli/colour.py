"""Whether colours are shown: `--color`, `NO_COLOR`, `FORCE_COLOR`, `TERM`, in this order."""

import inspect
import os
import sys
from collections.abc import Callable
from typing import Any

from . import options as opt

_AUTO, _ALWAYS = "auto", "always"
_asked = _AUTO


def takes_color(command: Callable[..., int]) -> Callable[..., int]:
    """A command that has `--no-color` with `--color` beside it."""
    own = list(inspect.signature(command).parameters.values())
    at = next((k for k, p in enumerate(own) if p.name == "no_color"), None)
    if at is None:
        return command
    own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    more = inspect.Parameter(
        "color", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=opt.Color
    )

    def run(**values: Any) -> int:
        global _asked
        before, color = _asked, values.pop("color")
        _asked = color or _asked
        try:
            return command(**values)
        finally:
            _asked = before

    run.__signature__ = inspect.Signature([*own[:at], more, *own[at:]])  # type: ignore[attr-defined]
    return run


def shows_colours() -> bool:
    """Whether standard output is painted, unless `--no-color` says that it is not."""
    if _asked != _AUTO:
        return _asked == _ALWAYS
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
