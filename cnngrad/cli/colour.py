"""Whether colours are shown: `--color`, `NO_COLOR`, `FORCE_COLOR`, `TERM`, in this order."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_AUTO, _ALWAYS = "auto", "always"
_asked = _AUTO


@contextmanager
def colours(when: str | None, _others: object = None) -> Iterator[None]:
    """Show colours as is asked for: auto, always or never; None is what was asked before."""
    global _asked
    before, _asked = _asked, when or _asked
    try:
        yield
    finally:
        _asked = before


def shows_colours() -> bool:
    """Whether standard output is painted, unless `--no-color` says that it is not."""
    if _asked != _AUTO:
        return _asked == _ALWAYS
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
