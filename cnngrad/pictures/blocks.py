"""The blocks that every face shows: headings, paragraphs, gaps, equations, matrices, sums, notes.

An outline (of a problem in `outline`, of a network in `network.outline`) is a stream of them,
worked out as it is asked for. A face turns each into its own kind of text and leaves nothing out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from ..core.problem import Problem
from ..core.text import Count, Span, say
from ..core.trace import Trace
from . import captions, sentences
from .step_picture import Matrix, Parts
from .step_view import StepView

MAX_SUMS = 12
"""So many sums of one step are spelled out: all overlaps of a 3×3 kernel, and of most others."""


class HeadingLevel(IntEnum):
    """How much a heading is the heading of."""

    STAGE = 1
    PART = 2
    STEP = 3


class Title(NamedTuple):
    """What the whole is about."""

    op: str
    words: str
    """A person's own title; "" where there is none."""
    settings: str
    """In one line."""


class Heading(NamedTuple):
    """What stands above a part, one of its steps or its result."""

    level: HeadingLevel
    words: str
    result: str = ""
    """The name of the result that it is about."""
    step: StepView | None = None
    """The step that follows."""
    has_steps: bool = False
    """Whether steps of the result follow."""


class Paragraph(NamedTuple):
    """One sentence or several."""

    words: str


class Note(NamedTuple):
    """A remark on what stands above it, less important than that."""

    words: str
    closing: bool = False
    """Whether it stands at the end and is about the whole."""


class Gap(NamedTuple):
    """Steps that are left out."""

    first: int
    last: int

    @property
    def steps(self) -> Span:
        """Their numbers."""
        return Span(self.first, self.last)

    @property
    def words(self) -> str:
        """That they are left out, for somebody who reads a file."""
        return say(captions.LEFT_OUT, steps=self.steps)

    @property
    def command(self) -> str:
        """That they are left out, and how to see them, for somebody at a command line."""
        steps = self.steps
        chosen = str(steps).replace("–", "-")
        return say(sentences.LEFT_OUT, count=Count(steps.size), steps=steps, chosen=chosen)


class Equation(NamedTuple):
    """Matrices with operators between them."""

    parts: Parts


class Matrices(NamedTuple):
    """Matrices next to each other; words among them say what is not drawn."""

    shown: Sequence[Matrix | str]
    caption: str = ""
    """What they are, for a face that says so."""


class Sums(NamedTuple):
    """Sums spelled out, each in a line."""

    lines: Sequence[str]
    label: str = ""
    """What they are."""
    short: bool = False
    """Whether several may stand in one line."""
    more: str = ""
    """How many are left out."""

    @property
    def spelled(self) -> list[str]:
        """The sums, and how many are left out."""
        return [*self.lines, self.more] if self.more else [*self.lines]


class Table(NamedTuple):
    """Words in columns."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    marked: Collection[tuple[int, int]] = ()
    """Cells that stand out, by row and column."""


class CompactSteps(NamedTuple):
    """Steps in a row, too many for pictures: a line or two for each."""

    problem: Problem
    trace: Trace
    first: int
    last: int


OutlineBlock = (
    Title | Heading | Paragraph | Note | Gap | Equation | Matrices | Sums | Table | CompactSteps
)


def step_blocks(shown: StepView) -> Iterator[OutlineBlock]:
    """One step: its heading, a sentence, a line of matrices, and sums spelled out."""
    heading = say(captions.STEP, number=shown.number, total=shown.total)
    picture = shown.picture
    yield Heading(HeadingLevel.STEP, heading, step=shown)
    yield Paragraph(picture.words)
    yield from map(Equation, picture.equations)
    if picture.left_out:
        yield Note(say(captions.CHANNELS, count=Count(picture.left_out)))
    if picture.sums:
        yield capped(picture.sums, picture.label)


def capped(sums: Sequence[str], label: str = "") -> Sums:
    """The sums of a step, of which very many are not all spelled out."""
    left_out = len(sums) - MAX_SUMS
    more = say(captions.SUMS, count=left_out) if left_out > 0 else ""
    return Sums(sums[:MAX_SUMS], label, short=True, more=more)


def alone(blocks: Iterable[OutlineBlock]) -> Iterator[OutlineBlock]:
    """Of an outline, the steps without what stands around them."""
    inside = False
    for block in blocks:
        if isinstance(block, Title | Heading):
            inside = isinstance(block, Heading) and block.step is not None
        if inside:
            yield block


class Passage(NamedTuple):
    """A heading and what stands below it."""

    heading: Heading | None
    blocks: list[OutlineBlock]


def grouped(blocks: Iterable[OutlineBlock], level: HeadingLevel) -> Iterator[Passage]:
    """An outline cut at the headings of a level; first what stands above them, without one.

    >>> blocks = [Note("1"), Heading(HeadingLevel.PART, "dW"), Paragraph("dW is …")]
    >>> [len(passage.blocks) for passage in grouped(blocks, HeadingLevel.PART)]
    [1, 1]
    """
    passage = Passage(None, [])
    for block in blocks:
        if isinstance(block, Heading) and block.level <= level:
            yield passage
            passage = Passage(block, [])
        else:
            passage.blocks.append(block)
    yield passage
