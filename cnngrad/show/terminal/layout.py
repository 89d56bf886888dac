"""Styled text laid out as rectangles: matrices side by side, never wider than the screen."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ...core.text import Span as Numbers
from ...core.text import say
from ...core.widths import broken_lines, screen_width

Span = tuple[str, str]
"""Text and the name of its style (see `theme`); "" is plain."""
Line = list[Span]


class Block(NamedTuple):
    """Lines of text that are laid out together."""

    lines: list[Line]

    @property
    def width(self) -> int:
        """Columns of the longest line."""
        return max(map(length, self.lines), default=0)

    def padded(self, width: int, height: int) -> "Block":
        """The block with blanks to the right and empty lines below."""
        lines = [*self.lines, *([] for _ in range(height - len(self.lines)))]
        return Block([[*line, (" " * (width - length(line)), "")] for line in lines])

    def plain(self) -> str:
        """The text without styles or trailing blanks."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self.lines)


def length(line: Line) -> int:
    """Columns of a line."""
    return sum(screen_width(text) for text, _ in line)


SHORT = 20
"""Characters up to which a formula is never broken."""
_TIE = "\N{NO-BREAK SPACE}"
_FORMULA = re.compile(r"… \([^)]*\) …|[^\s…]+(?: (?:[=+×/−⊙≈]|:=) [^\s…]+)+")
_BREAKS = re.compile("(?<! [=+×/−⊙≈]) ")


def text(words: str, style: str = "") -> Block:
    """A block of one line for each line of the text."""
    return Block([[(line, style)] for line in words.split("\n")])


def wrapped(words: str, width: int, style: str = "", indent: str = "") -> Block:
    """A paragraph; lines break at blanks, long sums before a plus, short ones nowhere."""
    broken = broken_lines(_words(words), width, len(indent))
    return Block([[(indent + line, style)] for line in broken])


def _words(words: str) -> list[str]:
    """What stays on one line: words, and formulas so short that breaking them gains nothing.

    >>> _words("each receives 2.5 / 4 = 5/8.")
    ['each', 'receives', '2.5 / 4 = 5/8.']
    """
    tied = _FORMULA.sub(lambda m: m[0].replace(" ", _TIE) if len(m[0]) <= SHORT else m[0], words)
    return [word.replace(_TIE, " ") for word in _BREAKS.split(tied)]


def stacked(blocks: Iterable[Block], gap: int = 0) -> Block:
    """Blocks below each other."""
    lines: list[Line] = []
    for k, block in enumerate(blocks):
        lines += [[] for _ in range(gap if k else 0)]
        lines += block.lines
    return Block(lines)


def indented(block: Block) -> Block:
    """The block two columns further to the right."""
    return Block([[("  ", ""), *line] if line else [] for line in block.lines])


def beside(blocks: Sequence[Block], gap: int = 2) -> Block:
    """Blocks next to each other, aligned at the top."""
    height = max(len(block.lines) for block in blocks)
    columns = [block.padded(block.width, height).lines for block in blocks]
    space = (" " * gap, "")
    return Block(
        [
            [
                span
                for k, column in enumerate(columns)
                for span in ([space] if k else []) + column[i]
            ]
            for i in range(height)
        ]
    )


def flow(blocks: Sequence[Block], width: int, gap: int = 2, between: int = 1) -> Block:
    """Blocks next to each other as far as the width allows, the rest below."""
    rows: list[list[Block]] = [[]]
    for block in blocks:
        used = sum(b.width + gap for b in rows[-1])
        if rows[-1] and used + block.width > width:
            rows.append([])
        rows[-1].append(block)
    return stacked([beside(row, gap) for row in rows if row], gap=between)


def equation(parts: Sequence[Block | str], width: int) -> Block:
    """Matrices with operators between them, on one line or, if too wide, on several.

    An operator stands at the height of the matrices' first rows and begins a new line
    where the line breaks.
    """
    rows: list[list[Block]] = [[]]
    waiting: list[Block] = []
    for part in parts:
        if isinstance(part, str):
            waiting = [text(f"\n{part}", "operator")]
            continue
        needed = sum(block.width + 2 for block in [*waiting, part])
        if rows[-1] and sum(block.width + 2 for block in rows[-1]) + needed > width:
            rows.append([])
        rows[-1] += [*waiting, part]
        waiting = []
    return stacked([beside(row) for row in rows], gap=1)


BRACKETS = {
    "pink": ("[", "]"),
    "blue": ("[", "]"),
    "pink-soft": ("(", ")"),
    "blue-soft": ("(", ")"),
}
"""What a lit cell carries where there is no colour."""

Style = Callable[[int, int], str]
"""The style of the cell in a row and column; "" where it is not lit."""


def matrix(
    title: str,
    cells: Sequence[Sequence[str]],
    *,
    style: Style = lambda _row, _column: "",
    width: int = 80,
    brackets: bool = True,
    rows: Sequence[int] | None = None,
    columns: Sequence[int] | None = None,
    least: int = 0,
    marks: Sequence[Sequence[str]] | None = None,
) -> Block:
    """A matrix under its title, numbers aligned, lit cells in colour or brackets.

    Parameters
    ----------
    title
        The name, such as `dA_prev`.
    cells
        The numbers, written out.
    style
        Which cells are lit, by their place in `cells`.
    width
        A matrix that is wider comes in blocks of columns that say which they are.
    brackets
        Whether lit cells carry brackets (where there is no colour).
    rows, columns
        The indices of the rows and columns, where only a part is shown; they are printed.
    least
        Characters that a number takes at least, so that columns stand still from step to step.
    marks
        What stands behind each number, all equally long.
    """
    aligned = align(cells)
    if marks is not None:
        aligned = [
            [number + mark for number, mark in zip(*pair, strict=True)]
            for pair in zip(aligned, marks, strict=True)
        ]
    labelled = rows is not None or columns is not None
    rows = range(len(cells)) if rows is None else rows
    columns = range(len(cells[0])) if columns is None else columns
    cell_width = max(len(aligned[0][0]), least) + (3 if brackets else 2)
    if labelled:
        cell_width = max(cell_width, len(str(max(columns))) + 2)
    margin = len(str(max(rows))) + 1 if labelled else 0
    fitting = max((width - margin) // cell_width, 1)
    parts = []
    for start in range(0, len(columns), fitting):
        shown = range(start, min(start + fitting, len(columns)))
        lines: list[Line] = [[(f" {title}", "title")]]
        if len(shown) < len(columns):
            first, last = columns[shown[0]], columns[shown[-1]]
            span = say("{columns:column #|columns #}", columns=Numbers(first, last))
            lines[0].append((f"  {span}", "faint"))
        if labelled:
            numbers = "".join(f"{columns[j]:>{cell_width - 1}} " for j in shown)
            lines.append([(" " * margin + numbers, "faint")])
        for i, row in enumerate(aligned):
            line: Line = [(f"{rows[i]:>{margin - 1}} ", "faint")] if labelled else []
            line += [_cell(row[j], style(i, j), cell_width, brackets) for j in shown]
            lines.append(line)
        parts.append(Block(lines))
    return stacked(parts, gap=1)


def _cell(number: str, style: str, width: int, brackets: bool) -> Span:
    if brackets and style in BRACKETS:
        left, right = BRACKETS[style]
        return f"{left}{number.lstrip()}{right}".rjust(width), style
    return f"{number} ".rjust(width), style


def align(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """Numbers padded to one width, decimal point under decimal point.

    >>> align([["1", "-2.5"], ["10.25", "0"]])
    [[' 1   ', '-2.5 '], ['10.25', ' 0   ']]
    """
    tails = [len(cell) - cell.find(".") if "." in cell else 0 for row in cells for cell in row]
    tail = max(tails, default=0)
    padded = [
        [cell + " " * (tail - (len(cell) - cell.find(".") if "." in cell else 0)) for cell in row]
        for row in cells
    ]
    width = max((len(cell) for row in padded for cell in row), default=0)
    return [[cell.rjust(width) for cell in row] for row in padded]
