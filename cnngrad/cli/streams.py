"""The standard streams as they may be: closed, full, left by their reader, in any encoding."""

import codecs
import errno
import io
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from ..core.errors import ERROR_LABELS, FileError
from ..core.text import say
from ..core.unicode_safety import plainer, visible

MAX_COLUMNS = 1_000
"""No screen is wider; whoever says so would get lines that fill the memory."""


class _Closed(io.TextIOBase):
    """Standard output that was closed before the program began (`>&-`)."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")


def prepare() -> None:
    """Let every command take the streams for what they should be."""
    global _reader_left
    _reader_left = False
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > MAX_COLUMNS:
        os.environ["COLUMNS"] = str(MAX_COLUMNS)
    codecs.register_error("plainer", plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal shows what its encoding has. Files and pipes get UTF-8, as --output
            # writes it, unless the caller has said what they should get.
            said = stream.isatty() or os.environ.get("PYTHONIOENCODING")
            stream.reconfigure(encoding=None if said else "utf-8", errors="plainer")


_reader_left = False


def cut_short() -> bool:
    """Whether standard output had a reader who left before all was written."""
    return _reader_left


def written(put: Callable[[], object]) -> bool:
    """Write to standard output; returns whether anyone still reads it.

    A reader who has seen enough, such as `head`, is no error: the command goes on, so that
    its files are written.

    Raises
    ------
    FileError
        It cannot be written, as when the disk is full.
    """
    try:
        put()
    except OSError as error:
        _forsake(sys.stdout)
        if isinstance(error, BrokenPipeError):
            global _reader_left
            _reader_left = True
            return False
        raise FileError(
            say("Standard output cannot be written."), found=error.strerror or str(error)
        ) from None
    return True


def tell(words: str) -> None:
    """Write to standard error, folded where it is a terminal; if it is gone, to no one."""
    try:
        print(folded(visible(words), _width()), file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        _forsake(sys.stderr)


def folded(text: str, width: int | None) -> str:
    r"""The text with long lines broken at blanks, and indented as their beginning is.

    What is longer than a line, such as a path, is broken anywhere.

    >>> print(folded("cnngrad: A word.\n  found     a long story", 20))
    cnngrad: A word.
      found     a long
                story
    """
    if width is None or (len(text) <= width and text.isascii()):
        return text
    import textwrap  # only a long message needs it

    from ..core.widths import broken_lines, screen_width

    labels = "|".join(re.escape(say(label)) for label in ERROR_LABELS)
    error = re.escape(say("Error: {sentence}", sentence=""))
    hanging = rf"  (?:{labels}) +|cnngrad: |{error}| *"

    lines = []
    for line in text.splitlines():
        start = re.match(hanging, line)
        begun = start[0] if start else ""
        indent = " " * screen_width(begun)
        if screen_width(line) <= width or len(indent) == 4:  # a source, with a caret below it
            lines.append(line)
        elif screen_width(line) > len(line):
            broken = broken_lines(line[len(begun) :].split(" "), max(width - len(indent), 20))
            lines += [(indent if k else begun) + part for k, part in enumerate(broken)]
        else:
            lines += textwrap.wrap(
                line[len(begun) :],
                max(width, len(indent) + 20),
                initial_indent=begun,
                subsequent_indent=indent,
                break_on_hyphens=False,
            )
    return "\n".join(lines)


def _width() -> int | None:
    """How wide standard error is; None where it is no terminal, whose readers may search lines."""
    if not sys.stderr.isatty():
        return None
    try:
        columns = os.environ.get("COLUMNS") or os.get_terminal_size(sys.stderr.fileno()).columns
        return min(int(columns), MAX_COLUMNS) or None
    except (OSError, ValueError):
        return None


def _forsake(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, lest it fail once more when Python ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
