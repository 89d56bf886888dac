"""Boxes and words on a plane, for whatever paints them: SVG or GIF.

No font is known here, so words are measured generously: nothing overflows in any.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from ...core.widths import glued
from ...pictures.captions import typeset
from ...pictures.step_picture import Matrix

INK, QUIET, HAIR = "#22262e", "#686f7b", "#8f8c85"
SIZE, SMALL, MIN_SIZE = 17.0, 14.0, 11.0
"""Of letters: the usual, the small, and the smallest that a long number shrinks to."""
MARGIN = 28.0
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""
    thickness: float = 1
    radius: float = 0


@dataclass(frozen=True)
class Words:
    """One line of text; `y` is its middle."""

    x: float
    y: float
    text: str
    size: float = SIZE
    anchor: Anchor = "start"
    bold: bool = False
    fill: str = INK


@dataclass
class Drawing:
    """Shapes on a plane; those of a matrix stay together, under its name."""

    width: float = 0
    height: float = 0
    shapes: list["Box | Words | Drawing"] = field(default_factory=list)
    x: float = 0
    y: float = 0
    matrix: Matrix | None = None

    def put(self, part: "Drawing", x: float, y: float) -> None:
        """Lay another drawing onto this one, which grows to hold it."""
        part.x, part.y = x, y
        self.shapes.append(part)
        self.width = max(self.width, x + part.width)
        self.height = max(self.height, y + part.height)

    def flat(self, x: float = 0, y: float = 0) -> Iterator[tuple[float, float, Box | Words]]:
        """Every shape with where its drawing lies."""
        for shape in self.shapes:
            if isinstance(shape, Drawing):
                yield from shape.flat(x + shape.x, y + shape.y)
            else:
                yield x, y, shape


# ---- measuring ------------------------------------------------------------------------------


def measure(words: str, size: float, bold: bool = False) -> float:
    """The width of a text in the widest of the usual fonts."""
    return size * sum(map(_advance, words)) * (1.12 if bold else 1)


def _advance(letter: str) -> float:
    if letter in "fijlrt.,:;|![]()' ":
        return 0.44
    if letter in "mwMW@%−+=×∗→⊙≈":
        return 0.98 if letter.isalpha() else 0.84
    return 1.0 if ord(letter) > 0x2E7F else 0.65


def line(
    words: str, size: float = SIZE, *, bold: bool = False, fill: str = INK, least: float = 0
) -> Drawing:
    """A line of text, at least so wide."""
    words = typeset(words)
    height = size * 1.5
    shapes: list[Box | Words | Drawing] = [Words(0, height / 2, words, size, "start", bold, fill)]
    return Drawing(max(measure(words, size, bold), least), height, shapes)


def paragraph(words: str, width: float, size: float = SMALL, fill: str = QUIET) -> Drawing:
    """Text broken at blanks to a width."""
    lines, current = [], ""
    for glue, word in glued(words.split(" ")):
        longer = f"{current}{glue}{word}" if current else word
        if current and measure(longer, size) > width:
            lines.append(current)
            longer = word
        current = longer
    return column((line(words, size, fill=fill) for words in [*lines, current]), 0)


def column(parts: Iterable[Drawing], gap: float) -> Drawing:
    """Drawings below each other."""
    whole = Drawing()
    for part in parts:
        whole.put(part, 0, whole.height + (gap if whole.shapes else 0))
    return whole


def row(parts: Iterable[Drawing], gap: float) -> Drawing:
    """Drawings next to each other, their middles at one height."""
    parts = list(parts)
    height = max(part.height for part in parts)
    whole = Drawing()
    for part in parts:
        x = whole.width + (gap if whole.shapes else 0)
        whole.put(part, x, (height - part.height) / 2)
    return whole
