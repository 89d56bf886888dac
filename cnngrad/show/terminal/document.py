"""An outline in the terminal: each of its blocks in characters, with blank lines between them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from ...core.problem import Problem
from ...core.widths import flush_left, screen_width
from ...pictures import outline as story
from ...pictures.blocks import (
    CompactSteps,
    Equation,
    Gap,
    Heading,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Table,
    Title,
    step_blocks,
)
from ...pictures.step_view import StepView
from .compact_steps import compact_steps
from .display import Display
from .layout import Block, Line, equation, flow, indented, stacked, text, wrapped

FILE_WIDTH = 100
"""Characters of a line in a file."""


def document(
    blocks: Iterable[OutlineBlock], look: Display, *, in_file: bool = False
) -> Iterator[Block]:
    """Draw an outline, piece by piece, so that it can be printed as it is worked out.

    Parameters
    ----------
    blocks
        The outline.
    look
        For what screen.
    in_file
        Whether somebody reads a file, who cannot give another command to see more.
    """
    waiting: list[Line] = []
    staged = False
    before: OutlineBlock | None = None
    for block in blocks:
        if waiting and isinstance(block, Title | Heading | Gap | CompactSteps):
            yield Block(waiting)
            waiting = []
        if before is not None and _apart(before, block):
            waiting.append([])
        if isinstance(block, CompactSteps):
            yield from _compact(block, look, waiting)
            waiting = []
        elif isinstance(block, Gap):
            waiting += _quiet(block.words if in_file else block.command, look).lines
        elif isinstance(block, Note) and block.closing and not staged:
            waiting += wrapped(" " + block.words, look.width - 1, "faint").lines
        else:
            staged = staged or (isinstance(block, Heading) and block.level is HeadingLevel.STAGE)
            waiting += drawn(block, look).lines
        before = block
    if waiting:
        yield Block(waiting)


def _apart(before: OutlineBlock, block: OutlineBlock) -> bool:
    """Whether a blank line stands between two blocks."""
    if isinstance(before, Heading):
        return before.level < HeadingLevel.STEP
    if isinstance(block, Note):
        return block.closing and not (isinstance(before, Note) and before.closing)
    return not (isinstance(before, CompactSteps) and isinstance(block, CompactSteps))


def drawn(block: OutlineBlock, look: Display) -> Block:
    """Draw one block."""
    draw: Callable[[Any, Display], Block] = _RENDER[type(block)]
    return draw(block, look)


def rendered(blocks: Iterable[OutlineBlock]) -> Iterator[str]:
    """Write an outline as plain text, piece by piece as it is worked out."""
    for block in document(blocks, Display(FILE_WIDTH), in_file=True):
        yield block.plain() + "\n"


def panel_block(shown: StepView, look: Display) -> Block:
    """Draw what was said of one step."""
    return stacked(document(step_blocks(shown), look))


# ---- each block -----------------------------------------------------------------------------


def _title(block: Title, look: Display) -> Block:
    """The operation and its title, next to each other or, where the title is long, below."""
    shown = Block([[(f" {block.op} ", "banner")]])
    if block.words:
        words = wrapped(block.words, look.width - 4, "title", indent=" ")
        shown = flow([shown, words], look.width - 1, between=0)
    return stacked([shown, _quiet(block.settings, look)]) if block.settings else shown


def _heading(block: Heading, look: Display) -> Block:
    if block.level is HeadingLevel.STAGE:
        lines = wrapped(block.words, look.width - 3).lines
        return Block([[(f" {line[0][0]} ", "banner")] for line in lines])
    if block.level is HeadingLevel.PART:
        return ruled(block.words, look)
    words = text(f" {block.words}", "heading")
    if block.step is None:
        return words
    blocks = [words]
    if block.step.cell:
        blocks.append(text(f" {block.step.cell} ", block.step.colour))
    if block.step.place:
        blocks.append(text(block.step.place, "faint"))
    return flow(blocks, look.width - 1, gap=2, between=0)


def _paragraph(block: Paragraph, look: Display) -> Block:
    return indented(wrapped(block.words, look.width - 3))


def _note(block: Note, look: Display) -> Block:
    return _quiet(block.words, look)


def _quiet(words: str, look: Display) -> Block:
    return indented(wrapped(words, look.width - 3, "faint"))


def _equation(block: Equation, look: Display) -> Block:
    narrow = _narrow(look)
    parts = [p if isinstance(p, str) else narrow.draw(p) for p in block.parts]
    return indented(equation(parts, narrow.width))


def _matrices(block: Matrices, look: Display) -> Block:
    narrow = _narrow(look)
    blocks = [text(p, "faint") if isinstance(p, str) else narrow.draw(p) for p in block.shown]
    return indented(flow(blocks, narrow.width, gap=4))


def _sums(block: Sums, look: Display) -> Block:
    """Sums behind their label or, where there are many, in columns below it."""
    width = look.width - 3
    sums = [wrapped(words, width) for words in block.lines]
    if block.more:
        sums.append(text(block.more, "faint"))
    if not block.short:
        return indented(stacked(sums))
    label = [text(block.label, "faint")] if block.label else []
    line = flow([*label, *sums], width, gap=3, between=0)
    if len(line.lines) == 1 or not label:
        return indented(line)
    widest = max(sum_.width for sum_ in sums)
    columns = [sum_.padded(widest, 1) for sum_ in sums]
    return indented(stacked([*label, indented(flow(columns, width - 2, gap=3, between=0))]))


def _table(block: Table, look: Display) -> Block:
    return indented(table(block.head, block.rows, look, marked=block.marked))


def _compact(block: CompactSteps, look: Display, waiting: list[Line]) -> Iterator[Block]:
    if waiting:
        yield Block(waiting)
    problem, trace, first, last = block
    for lines in compact_steps(problem, trace, first, last, look.width):
        yield Block([[(line, "")] for line in lines])


def _narrow(look: Display) -> Display:
    return Display(look.width - 3, look.colour)


_RENDER: dict[type, Callable[..., Block]] = {
    Title: _title,
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _note,
    Equation: _equation,
    Matrices: _matrices,
    Sums: _sums,
    Table: _table,
}


# ---- what other documents begin with --------------------------------------------------------


def heading(problem: Problem, look: Display) -> Block:
    """The operation, its title and its settings."""
    title = Title(problem.op, problem.title, story.settings(problem))
    return stacked([_title(title, look), Block([[]])])


def given(problem: Problem, look: Display) -> Block:
    """The matrices as they were given."""
    return stacked([_matrices(Matrices(story.given(problem)), look), Block([[]])])


def rule(name: str, look: Display) -> Block:
    """A line across the screen that begins with a name, and a blank one."""
    return stacked([ruled(name, look), Block([[]])])


def ruled(name: str, look: Display) -> Block:
    """A line across the screen that begins with a name; a long one goes on below."""
    first, *more = wrapped(name, look.width - 4).plain().split("\n")
    line = f"── {first} "
    lines: list[Line] = [[(line + "─" * (look.width - 1 - screen_width(line)), "heading")]]
    return Block([*lines, *([(f"   {rest}", "heading")] for rest in more)])


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    look: Display,
    style: Callable[[int], str] = lambda _row: "",
    marked: Collection[tuple[int, int]] = (),
) -> Block:
    """Columns of words under their heads; where they are too wide, one paragraph a row.

    Parameters
    ----------
    head, rows
        The words.
    look
        For what screen.
    style
        The style of the last cell, by the row's number.
    marked
        Cells that are lit, by row and column.
    """
    widths = [max(screen_width(row[k]) for row in (head, *rows)) for k in range(len(head))]
    if sum(widths) + 3 * (len(widths) - 1) > look.width - 3:
        return stacked(
            wrapped(", ".join(f"{h} {cell}".strip() for h, cell in pairs if cell), look.width - 3)
            for pairs in (list(zip(("", *head[1:]), row, strict=True)) for row in rows)
        )
    lines: list[Line] = []
    for k, row in enumerate((head, *rows)):
        cells = [flush_left(cell, width) for cell, width in zip(row, widths, strict=True)]
        last = (row[-1], "title" if k == 0 else style(k - 1))
        if marked and k:
            lines.append(_marked(row, widths, {j for i, j in marked if i == k - 1}))
            continue
        words = "".join(cell + "   " for cell in cells[:-1])
        lines.append([(words if row[-1] else words.rstrip(), "title" if k == 0 else ""), last])
    return Block(lines)


def _marked(row: Sequence[str], widths: Sequence[int], lit: Collection[int]) -> Line:
    """One row of a table, with these of its cells lit."""
    line: Line = []
    for j, (cell, width) in enumerate(zip(row, widths, strict=True)):
        line.append((cell, "pink" if j in lit and cell else ""))
        line.append((" " * (width - screen_width(cell) + 3), ""))
    return line[:-1]
