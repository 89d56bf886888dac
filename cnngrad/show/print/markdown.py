"""An outline as Markdown with GitHub's tables; lit cells are bold."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from ...core.text import Cells, say
from ...pictures import captions
from ...pictures.blocks import (
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
)
from ...pictures.step_picture import Matrix, Parts
from ...pictures.theme import BRIGHT

COLUMNS = 16
"""Columns up to which matrices stand next to each other."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")


def rendered(blocks: Iterable[OutlineBlock]) -> Iterator[str]:
    """Write an outline as Markdown, piece by piece as it is worked out."""
    between = ""
    for part in _parts(blocks):
        yield between + part
        between = "\n\n"
    yield "\n"


def _parts(blocks: Iterable[OutlineBlock]) -> Iterator[str]:
    explained = False
    for block in blocks:
        if isinstance(block, Heading) and block.has_steps and not explained:
            yield say(captions.LIT)
            explained = True
        render: Callable[[Any], Iterator[str]] = _RENDER[type(block)]
        yield from render(block)


# ---- each block -----------------------------------------------------------------------------


def _title(block: Title) -> Iterator[str]:
    yield f"# {escaped(block.words or block.op)}"
    settings = _plain(block.settings)
    yield f"`{block.op}` – {settings}" if settings else f"`{block.op}`"


def _heading(block: Heading) -> Iterator[str]:
    marks = "###" if block.level is HeadingLevel.STEP else "##"
    more = [block.step.cell, block.step.place] if block.step else []
    about = _plain(", ".join(filter(None, more)))
    yield f"{marks} {_plain(block.words)}: {about}" if about else f"{marks} {_plain(block.words)}"


def _paragraph(block: Paragraph | Note) -> Iterator[str]:
    yield _plain(block.words)


def _gap(block: Gap) -> Iterator[str]:
    yield f"*{_plain(block.words)}*"


def _equation(block: Equation) -> Iterator[str]:
    yield table(block.parts)


def _matrices(block: Matrices) -> Iterator[str]:
    if block.caption:
        yield f"## {block.caption}"
    yield from _tables(block.shown)


def _sums(block: Sums) -> Iterator[str]:
    if block.label:
        yield _plain(block.label)
    yield "\n".join(f"- {_plain(line)}" for line in block.spelled)


def _table(block: Table) -> Iterator[str]:
    rows = [
        [
            f"**{_plain(word)}**" if word and (i, j) in block.marked else _plain(word)
            for j, word in enumerate(row)
        ]
        for i, row in enumerate(block.rows)
    ]
    lines = [[*map(_plain, block.head)], ["---"] * len(block.head), *rows]
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


_RENDER: dict[type, Callable[..., Iterator[str]]] = {
    Title: _title,
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _paragraph,
    Gap: _gap,
    Equation: _equation,
    Matrices: _matrices,
    Sums: _sums,
    Table: _table,
}


def _tables(shown: Sequence[Matrix | str]) -> Iterator[str]:
    """Matrices next to each other as far as there is room."""
    line: Parts = []
    width = 0
    for part in shown:
        columns = len(part.columns) if isinstance(part, Matrix) else 0
        if line and (not columns or width + columns > COLUMNS):
            yield table(line)
            line, width = [], 0
        if isinstance(part, str):
            yield _plain(part)
        else:
            line += ["", part] if line else [part]
            width += columns + 1
    if line:
        yield table(line)


def table(parts: Parts) -> str:
    """One table of matrices next to each other, with operators between them.

    >>> from cnngrad.pictures.step_picture import plane
    >>> lit = plane("W", "W", [[0, 1]], lambda i, j: "pink" if j else "")
    >>> print(table([lit, "×", plane("dZ", "dZ", [[-1], [-2]])]))
    | W |  |  | dZ |
    | --: | --: | :-: | --: |
    | 0 | **1** | × | -1 |
    |  |  |  | -2 |
    """
    columns: list[list[str]] = []
    for part in parts:
        if isinstance(part, str):
            columns.append(["", ":-:", _plain(part)])
        else:
            columns += _columns(part)
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _columns(matrix: Matrix) -> Iterator[list[str]]:
    title = matrix.title
    if matrix.cut:
        rows, columns = Cells(matrix.rows), Cells(matrix.columns)
        title = say(captions.SHOWN, title=title, rows=rows, columns=columns)
    for j in range(len(matrix.columns)):
        numbers = (
            _cell(row[j], matrix.styles[i][j], matrix.loose) for i, row in enumerate(matrix.written)
        )
        yield [_plain(title) if j == 0 else "", "--:", *numbers]


def _cell(number: str, style: str, loose: bool) -> str:
    if style in BRIGHT and not loose:
        return f"**{number}**"
    return f"*{number}*" if style.endswith("-soft") else number


def _plain(words: str) -> str:
    """Our own words: only what would break a table or open a tag is escaped."""
    return words.replace("|", "\\|").replace("<", "\\<")


def escaped(words: str) -> str:
    r"""Any text, so that it reads as it is.

    >>> escaped("<b> a_b\n")
    '\\<b\\> a\\_b'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))
