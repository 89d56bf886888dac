"""What can be wrong with what a person gave, told so that the person can fix it.

An error is raised where the fact is known (`ShapeError("…", found=…, expected=…)`) and
completed further out, where the place is known (`error.at("dZ.csv, line 3, cell 2")`).
"""

from collections.abc import Iterable
from enum import IntEnum

from .text import message, say


class ExitCode(IntEnum):
    """What the program tells the shell."""

    DONE = 0
    WRONG_ANSWER = 1
    USAGE = 2
    BAD_DATA = 3
    INTERRUPTED = 130
    CUT_SHORT = 141
    """All was done but shown: the reader of standard output left, as `head` does."""


ERROR_LABELS = (message("where"), message("found"), message("expected"), message("fix"))
"""What stands before the parts of an error."""


class CnngradError(Exception):
    """Something a person gave cannot be used.

    Parameters
    ----------
    fact
        What is wrong, as one whole sentence.
    found, expected, fix
        What was there, what belongs there, and how to get from one to the other.
    where
        The place: file, line and cell, layer.
    source
        The offending line, with the culprit marked by a caret below it.
    """

    exit_code = ExitCode.BAD_DATA

    def __init__(
        self,
        fact: str,
        *,
        where: str = "",
        source: str = "",
        found: str = "",
        expected: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(fact)
        self.fact = fact
        self.where = where
        self.source = source
        self.found = found
        self.expected = expected
        self.fix = fix

    def at(self, place: str) -> "CnngradError":
        """Put a place around the error, outermost first; returns the error itself."""
        self.where = f"{place}, {self.where}" if self.where else place
        return self

    def __str__(self) -> str:
        from .widths import flush_left  # only an error that is told needs it

        rows = [self.fact]
        if self.source:
            rows += ["", *("    " + line for line in self.source.splitlines()), ""]
        for name in ERROR_LABELS:
            if text := getattr(self, name):
                head, *more = text.splitlines()
                rows += [
                    f"  {flush_left(say(name), 10)}{head}",
                    *(" " * 12 + line for line in more),
                ]
        return "\n".join(rows)


class FileError(CnngradError):
    """A file cannot be read or written."""


class NumberError(CnngradError):
    """A cell does not hold a number that can be used."""


class ShapeError(CnngradError):
    """Arrays do not fit each other, or the settings."""


class SettingError(CnngradError):
    """A setting such as stride has a value that makes no sense."""


class UsageError(CnngradError):
    """The command line asks for something that does not exist or leaves out what is needed."""

    exit_code = ExitCode.USAGE


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, as a hint; empty if there is none.

    >>> nearest("strid", ["stride", "padding"])
    'did you mean "stride"?'
    """
    meant = closest(word, known)
    return say('did you mean "{word}"?', word=meant) if meant else ""


def closest(word: str, known: Iterable[str], likeness: float | None = None) -> str:
    """The known word that is most likely meant; empty if none is likely.

    >>> closest("strid", ["stride", "padding"]), closest("mean", ["max", "average"])
    ('stride', 'average')
    """
    from .likely import LIKENESS, likely  # only a mistake needs it

    return likely(word, known, LIKENESS if likeness is None else likeness)
