"""What a person names on the command line: `mylayer.py:conv_backward`, or a file alone."""

from pathlib import Path
from typing import NamedTuple

from ...core.errors import FileError, UsageError, nearest
from ...core.text import say, series
from .calling import Signature


class Target(NamedTuple):
    """A file or a module, and the function in it; "" for all of them."""

    source: str
    name: str


def target(given: str) -> Target:
    """Take the words apart.

    Raises
    ------
    UsageError
        It names neither a Python file nor a module with a function.
    FileError
        There is no such file.

    Examples
    --------
    >>> target("numpy.linalg:norm")
    Target(source='numpy.linalg', name='norm')
    """
    source, colon, name = given.rpartition(":")
    if not colon or "/" in name or "\\" in name:
        source, name = given, ""
    if source.endswith(".py"):
        if not Path(source).is_file():
            raise FileError(say("There is no such file."), where=source)
        return Target(source, name)
    words = source.split(".")
    if name and all(word.isidentifier() for word in words):
        return Target(source, name)
    raise UsageError(
        say("The function to test is not named."),
        found=given,
        expected=say("FILE.py, FILE.py:NAME or module:NAME"),
    )


def named(wanted: Target, signatures: tuple[Signature, ...]) -> Signature:
    """The function of that name.

    Raises
    ------
    UsageError
        The file has none.
    """
    for signature in signatures:
        if signature.name == wanted.name:
            return signature
    names = [signature.name for signature in signatures]
    raise UsageError(
        say("{file} has no function {name}.", file=wanted.source, name=wanted.name),
        expected=series(names) or say("a function or class of its own"),
        fix=nearest(wanted.name, names),
    )
