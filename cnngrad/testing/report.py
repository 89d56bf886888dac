"""What running a person's function has shown, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.numbers import Array
from .calls.calling import Calling
from .calls.presentation import Presentation
from .problems.ladder import Rung


@dataclass(frozen=True)
class Score:
    """On how many problems a result is right."""

    right: int
    of: int


@dataclass(frozen=True)
class Named:
    """A mistake that explains what is wrong.

    Parameters
    ----------
    codes
        Its code, or those of two mistakes at once.
    results
        The results that it explains.
    explains, of
        How many of their wrong results it gives, and how many there are.
    """

    codes: tuple[str, ...]
    results: tuple[str, ...]
    explains: int
    of: int


@dataclass(frozen=True)
class Smallest:
    """The smallest problem that shows what is wrong, in full rank."""

    rung: Rung
    answer: Mapping[str, Array]
    expected: Mapping[str, Array]


@dataclass(frozen=True)
class CallError:
    """An exception, or an answer that cannot be used, and the problem that brought it up."""

    rung: Rung
    said: str
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class FunctionReport:
    """What running one function on the ladder has shown.

    Parameters
    ----------
    conventions
        `layout`, `kernel_layout`, `dense_layout`, `batch`, `ties`, `flipped`, `same`, where they
        play a part and are known.
    refused
        Settings that it raises on always: named, and left out.
    pattern
        What all problems on which it fails have, and none on which it is right.
    """

    function: str
    calling: Calling
    conventions: Mapping[str, Any] = field(default_factory=dict)
    problems: int = 0
    results: Mapping[str, Score] = field(default_factory=dict)
    mistakes: tuple[Named, ...] = ()
    smallest: Smallest | None = None
    errors: tuple[CallError, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    printed: str = ""
    presentation: Presentation = field(default_factory=Presentation)
    order: tuple[str, ...] = ()
    """The names of what it gives back, by their places."""
    rungs: tuple[Rung, ...] = ()
    """The problems that it was asked, under its conventions."""

    @property
    def right(self) -> bool:
        """Whether every result is right on every problem."""
        scores = self.results.values()
        return bool(scores) and not self.errors and all(s.right == s.of for s in scores)
