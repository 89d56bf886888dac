"""Sentences for people: `say` fills in the facts, in the language that was chosen.

English is the key of every sentence. A sentence stands whole in the code, beside what it speaks
of, with each fact in braces. A fact that knows how many it is (`Count`, `Cells`, `Span`) picks its
form in the sentence itself: the form for one and the form for more stand in its braces, and where
two have a form of their own it stands between them; `#` is the fact itself. A language with one
form writes it once.

>>> say("{count:# step is|# steps are} left out", count=Count(1234))
'1,234 steps are left out'
>>> say("on {rows:row #|rows #}, {columns:column #|columns #}",
...     rows=Cells((0, 1)), columns=Cells((3,)))
'on rows 0–1, column 3'
>>> say("{count:One speaks|Both speak|All # speak}", count=Count(2))
'Both speak'
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

_translate: Callable[[str], str] | None = None


def say(template: str, /, **facts: object) -> str:
    """A sentence with its facts, in the language that was chosen.

    Parameters
    ----------
    template
        The whole sentence in English, facts in braces; a literal brace is doubled.
    **facts
        What stands in the braces.
    """
    return translated(template).format(**facts)


def translated(template: str) -> str:
    """A sentence in the language that was chosen, with its facts still in braces."""
    return template if _translate is None else _translate(template)


def message(template: str) -> str:
    """The same text: marks a sentence that a table holds, and `say` says later."""
    return template


def speak(translate: Callable[[str], str] | None) -> None:
    """Say everything from now on through this catalogue; None is English."""
    global _translate
    _translate = translate


def series(items: Iterable[object], mark: str = "") -> str:
    """Several things, one after the other, with the language's own comma unless a mark is given.

    >>> series(["dA_prev", "dW"])
    'dA_prev, dW'
    """
    return (mark or say(", ")).join(map(str, items))


def joined(items: Iterable[object]) -> str:
    """Several things that are all meant.

    >>> joined(["A_prev", "W", "dZ"])
    'A_prev and W and dZ'
    """
    first, *others = items
    told = str(first)
    for other in others:
        told = say("{these} and {this}", these=told, this=other)
    return told


def either(items: Iterable[object]) -> str:
    """Several things of which one is meant.

    >>> either(["A_prev", "input"])
    'A_prev or input'
    """
    first, *others = items
    told = str(first)
    for other in others:
        told = say("{these} or {this}", these=told, this=other)
    return told


class HelpText(NamedTuple):
    """What the help of a command says."""

    title: str
    """What it does, in a line."""
    example: str = ""
    """Commands that can be copied and run, in as many lines as they take."""
    notes: tuple[str, ...] = ()
    """What else there is to say, a paragraph each; one that begins with \\b keeps its lines."""

    def whole(self) -> str:
        """The text in the language that was chosen, as Click takes it."""
        lines = "\n".join(f"  {line}" for line in self.example.strip("\n").splitlines())
        example = [f"\b\n{lines}"] if lines else []
        return "\n\n".join([say(self.title), *example, *map(say, self.notes)])


class Cells(tuple[int, ...]):
    """Indices of rows, columns or channels.

    >>> str(Cells((0, 1, 2))), str(Cells((0, 2, 4))), str(Cells((3,)))
    ('0–2', '0, 2, 4', '3')
    """

    __slots__ = ()

    def __str__(self) -> str:
        if len(self) > 1 and self[-1] - self[0] == len(self) - 1:
            return f"{self[0]}–{self[-1]}"
        return ", ".join(map(str, self))

    def __format__(self, forms: str) -> str:
        return _formed(str(self), len(self), forms)


class Span(NamedTuple):
    """Numbers in a row, such as those of steps, of which there may be millions.

    >>> str(Span(4, 34)), str(Span(3, 3)), Span(4, 34).size
    ('4–34', '3', 31)
    """

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}–{self.last}" if self.size > 1 else str(self.first)

    def __format__(self, forms: str) -> str:
        return _formed(str(self), self.size, forms)


class Count(int):
    """A number of things."""

    def __format__(self, forms: str) -> str:
        return _formed(f"{int(self):,}", self, forms)


def _formed(written: str, count: int, forms: str) -> str:
    one, *others = (forms or "#").split("|")
    form = one if count == 1 or not others else others[0 if count == 2 else -1]
    return form.replace("#", written)
