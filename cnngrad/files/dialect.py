"""How texts of numbers are read: the decimal mark and header that a person says, and the guesses.

What stands in a text mostly says how to read it. Where it could be read in another way, the
reader tells what it took (`guessed`), and a person can say otherwise (`read_as`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from ..core.errors import UsageError
from ..core.text import say


def _nowhere(_words: str) -> None:
    """Where guesses go when nobody listens."""


class Dialect(NamedTuple):
    """What a person says about the texts of this run."""

    decimal_mark: str | None = None
    """`.` or `,`; None where each text shows it."""
    header: bool | None = None
    """Whether the first line of a file names its columns; None where each text shows it."""
    tell: Callable[[str], None] = _nowhere
    """Takes one line about a guess."""


_NOTHING = Dialect()
_said: ContextVar[Dialect | None] = ContextVar("dialect", default=None)


def dialect() -> Dialect:
    """What has been said about the texts that are read now."""
    return _said.get() or _NOTHING


@contextmanager
def read_as(said: Dialect) -> Iterator[None]:
    """Read every text in this way for a while.

    >>> with read_as(Dialect(decimal_mark=",")):
    ...     dialect().decimal_mark
    ','
    """
    token = _said.set(said)
    try:
        yield
    finally:
        _said.reset(token)


def guessed(words: str) -> None:
    """Tell how a text was taken that could be read in another way."""
    dialect().tell(words)


def decimal_mark_of(text: str | None) -> str | None:
    """Understand `--decimal-mark`.

    >>> decimal_mark_of("comma"), decimal_mark_of(".")
    (',', '.')

    Raises
    ------
    UsageError
        It is neither a point nor a comma.
    """
    marks = {".": ".", ",": ",", "point": ".", "comma": ",", "dot": "."}
    if text is None:
        return None
    if text.strip() not in marks:
        raise UsageError(
            say("--decimal-mark is not understood."),
            found=text,
            expected=say("a point or a comma: . or ,"),
        )
    return marks[text.strip()]
