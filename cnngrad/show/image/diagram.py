"""Matrices, steps and results as diagrams: squares in the article's colours."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...core.text import Count, say
from ...pictures import captions
from ...pictures.blocks import (
    Equation,
    Gap,
    Heading,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Title,
)
from ...pictures.captions import typeset
from ...pictures.step_picture import HOLE, Matrix, Parts
from ...pictures.theme import BRIGHT, FILLS
from .drawing import (
    HAIR,
    INK,
    MARGIN,
    MIN_SIZE,
    QUIET,
    SIZE,
    SMALL,
    Box,
    Drawing,
    Words,
    column,
    line,
    measure,
    paragraph,
    row,
)

CELL = 48.0
"""The side of a square."""
PADDING = 6.0
"""Left free in a cell beside its number."""
GAP = 14.0
"""Between a matrix and an operator."""
RESULT = 200
"""Cells up to which a finished result is drawn."""
PLANES = 4
"""So many planes of a result stand next to each other."""
RATIO = 1.6
"""Width to height that several steps are arranged to, as a slide is."""
WIDEST = 1_600.0
"""So wide the steps may grow together: on a sheet of paper, their digits are still legible."""


def matrix(shown: Matrix) -> Drawing:
    """One matrix as squares under its title; long numbers shrink, then their cells widen."""
    numbers = [[typeset(number) for number in row] for row in shown.written]
    widest = max(measure(number, SIZE, bold=True) for row in numbers for number in row)
    widest = max(widest, measure("0" * shown.least, SIZE, bold=True)) + PADDING
    size = max(min(SIZE, SIZE * CELL / widest), MIN_SIZE)
    width = max(CELL, widest * size / SIZE)
    margin, head = (
        (measure(str(shown.rows[-1]), MIN_SIZE) + 6, MIN_SIZE * 1.6) if shown.cut else (0, 0)
    )
    grid = Drawing(matrix=shown)
    lit: list[Box] = []
    for j, index in enumerate(shown.columns if shown.cut else ()):
        x = margin + (j + 0.5) * width
        grid.shapes.append(Words(x, head / 2, str(index), MIN_SIZE, "middle", False, QUIET))
    for i, cells in enumerate(numbers):
        y = head + i * CELL
        if shown.cut:
            label = str(shown.rows[i])
            grid.shapes.append(
                Words(margin - 6, y + CELL / 2, label, MIN_SIZE, "end", False, QUIET)
            )
        for j, number in enumerate(cells):
            style = shown.styles[i][j]
            x = margin + j * width
            grid.shapes.append(Box(x, y, width, CELL, FILLS.get(style, "#ffffff"), HAIR))
            bold = style in BRIGHT and not shown.loose
            if bold:
                lit.append(Box(x, y, width, CELL, "none", INK, 2))
            fill = QUIET if number == HOLE else INK
            grid.shapes.append(
                Words(x + width / 2, y + CELL / 2, number, size, "middle", bold, fill)
            )
    grid.shapes += lit
    grid.width, grid.height = margin + len(numbers[0]) * width, head + len(numbers) * CELL
    whole = Drawing()
    whole.put(line(shown.title, SMALL, fill=QUIET), margin, 0)
    whole.put(grid, 0, whole.height + 2)
    return whole


def equation(parts: Parts) -> Drawing:
    """Matrices with operators between them, which stand at the height of the cells."""
    title = SMALL * 1.5 + 2
    drawn = []
    for part in parts:
        if isinstance(part, str):
            operator = Drawing()
            operator.put(line(part, SIZE * 1.15), 0, title)
            drawn.append(operator)
        else:
            drawn.append(matrix(part))
    return row(drawn, GAP)


def step(heading: Heading, blocks: Sequence[OutlineBlock]) -> Drawing:
    """One step: its heading, its line of matrices, and sums spelled out."""
    head = [line(heading.words, bold=True)]
    if shown := heading.step:
        head += [chip(shown.cell, FILLS[shown.colour])] if shown.cell else []
        head += [line(shown.place, SMALL, fill=QUIET)] if shown.place else []
    drawn = [row(head, GAP)]
    drawn += [equation(block.parts) for block in blocks if isinstance(block, Equation)]
    width = max(part.width for part in drawn)
    for block in blocks:
        if isinstance(block, Note):
            drawn.append(line(block.words, SMALL, fill=QUIET))
        elif isinstance(block, Sums):
            drawn.append(_sums(block, width))
    return column(drawn, GAP)


def _sums(block: Sums, width: float) -> Drawing:
    """Sums spelled out, in as many columns as there is room for."""
    sums = [paragraph(words, width) for words in block.spelled]
    widest = max(drawing.width for drawing in sums) + 2 * GAP
    count = max(int((width + 2 * GAP) // widest), 1)
    whole = Drawing()
    for start in range(0, len(sums), count):
        y = whole.height
        for k, drawing in enumerate(sums[start : start + count]):
            whole.put(drawing, k * widest, y)
    if block.label:
        return column([line(block.label, SMALL, fill=QUIET), whole], 0)
    return whole


def chip(words: str, fill: str) -> Drawing:
    """Words on a coloured ground."""
    words = typeset(words)
    width, height = measure(words, SIZE, bold=True) + SIZE / 2, SIZE * 1.5
    ground = Box(0, 0, width, height, fill, radius=height / 2)
    return Drawing(
        width, height, [ground, Words(width / 2, height / 2, words, SIZE, "middle", bold=True)]
    )


def finished(heading: Heading, blocks: Sequence[OutlineBlock]) -> Drawing:
    """The finished result, unless it is too large."""
    drawn = [line(heading.words, bold=True)]
    notes = [block.words for block in blocks if isinstance(block, Note)]
    for block in blocks:
        if isinstance(block, Sums):
            drawn += [paragraph(words, 12 * CELL) for words in block.spelled]
        elif isinstance(block, Matrices):
            shown = [part for part in block.shown if isinstance(part, Matrix)]
            cells = sum(part.size for part in shown)
            if cells > RESULT and not notes:
                notes = [say(captions.TOO_LARGE, name=heading.result, cells=Count(cells))]
            drawn += [] if notes else _in_rows(list(map(matrix, shown)))
    drawn += [paragraph(words, 8 * CELL) for words in notes]
    return column(drawn, GAP)


def descent(blocks: Sequence[OutlineBlock]) -> Iterator[Drawing]:
    """Each parameter before and after a step of gradient descent."""
    drawn: list[Drawing] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            if drawn:
                yield column(drawn, GAP)
            drawn = [line(block.words, SMALL, fill=QUIET)]
        elif isinstance(block, Equation):
            drawn.append(equation(block.parts))
    yield column(drawn, GAP)


def _in_rows(planes: Sequence[Drawing]) -> list[Drawing]:
    starts = range(0, len(planes), PLANES)
    return [row(planes[start : start + PLANES], 2 * GAP) for start in starts]


def gap(shown: Gap) -> Drawing:
    """That steps are left out."""
    return paragraph(shown.words, 8 * CELL)


class Group(NamedTuple):
    """What there is to draw of one result."""

    heading: str
    parts: list[Drawing]
    legend: list[str]
    """What a dot means in it."""


def head(title: Title, given: Matrices) -> Drawing:
    """What it is about: a title, the settings and, unless they are large, the given matrices."""
    drawn = [line(title.words or title.op, SIZE * 1.3, bold=True)]
    drawn += [paragraph(title.settings, WIDEST)] if title.settings else []
    shown = [part for part in given.shown if isinstance(part, Matrix)]
    if sum(part.size for part in shown) <= RESULT:
        drawn += _in_rows(list(map(matrix, shown)))
    return column(drawn, GAP)


def framed(groups: Sequence[Group], above: Drawing | None = None, below: str = "") -> Drawing:
    """Each result in a grid on white, all about as wide and high as a slide.

    Parameters
    ----------
    groups
        What there is to draw.
    above
        What stands at the head.
    below
        What is said at the foot.
    """
    width = max(part.width for group in groups for part in group.parts) + 3 * GAP
    count = _columns(groups, width, max(len(group.parts) for group in groups))
    drawn = [above] if above else []
    drawn += [_grouped(group, width, count) for group in groups]
    drawn += [line(below, SMALL, fill=QUIET)] if below else []
    inside = column(drawn, 3 * GAP)
    whole = Drawing()
    whole.put(inside, MARGIN, MARGIN)
    whole.width += MARGIN
    whole.height += MARGIN
    whole.shapes.insert(0, Box(0, 0, whole.width, whole.height, "#ffffff"))
    return whole


def _columns(groups: Sequence[Group], width: float, most: int) -> int:
    """How many steps to lay next to each other."""

    def misfit(count: int) -> float:
        height = sum(
            max(part.height + 2 * GAP for part in group.parts[start : start + count])
            for group in groups
            for start in range(0, len(group.parts), count)
        )
        ratio = count * width / height / RATIO
        return max(ratio, 1 / ratio)

    room = max(int((WIDEST + 3 * GAP) // width), 1)
    return min(range(1, min(most, room) + 1), key=misfit)


def _grouped(group: Group, width: float, count: int) -> Drawing:
    whole = Drawing()
    if group.heading:
        whole.put(line(group.heading, fill=QUIET), 0, 0)
    for start in range(0, len(group.parts), count):
        y = whole.height + (2 * GAP if whole.shapes else 0)
        for k, part in enumerate(group.parts[start : start + count]):
            whole.put(part, k * width, y)
    return whole
