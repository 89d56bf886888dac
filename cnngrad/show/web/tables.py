"""The blocks of an outline as HTML: every matrix is a real table."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...pictures.blocks import (
    Equation,
    Gap,
    Heading,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Table,
    step_blocks,
)
from ...pictures.step_picture import HOLE, Matrix, Parts, operands
from ...pictures.step_view import StepView
from .page_template import escaped

CLASSES = {
    "kernel": "kernel",
    "pink": "pink lit",
    "blue": "blue lit",
    "pink-soft": "pink soft",
    "blue-soft": "blue soft",
    "done": "done",
    "right": "right",
    "wrong": "wrong lit",
}
"""A cell's style → its classes."""


def matrix(shown: Matrix) -> str:
    """One matrix with its title; it knows which cells it holds, for pointing at them."""
    colour = {style for row in shown.styles for style in row}
    every = colour.pop() if len(colour) == 1 else ""
    classes = f' class="{CLASSES[every]}"' if every else ""
    head = ""
    if shown.cut:
        columns = "".join(f'<th scope="col">{j}</th>' for j in shown.columns)
        head = f"<thead><tr><td></td>{columns}</tr></thead>"
    rows = "".join(
        f"<tr>{_row_head(shown, i)}{_row(row, [''] * len(row) if every else shown.styles[i])}</tr>"
        for i, row in enumerate(shown.written)
    )
    return (
        f"<figure><figcaption>{escaped(shown.title)}</figcaption>"
        f"<table{classes}{_whereabouts(shown)}>{head}<tbody>{rows}</tbody></table></figure>"
    )


def _whereabouts(shown: Matrix) -> str:
    label = f' aria-label="{escaped(shown.title)}"'
    if not shown.name:
        return label
    leading = "" if shown.vector else ",".join(map(str, shown.leading))
    rows = "" if shown.vector else f' data-row="{shown.rows[0]}"'
    return (
        f' data-name="{escaped(shown.name)}" data-leading="{leading}"{rows}'
        f' data-column="{shown.columns[0]}"{label}'
    )


def _row_head(shown: Matrix, i: int) -> str:
    return f'<th scope="row">{shown.rows[i]}</th>' if shown.cut else ""


def _row(numbers: Sequence[str], styles: Sequence[str]) -> str:
    return "".join(_cell(*pair) for pair in zip(numbers, styles, strict=True))


def _cell(number: str, style: str) -> str:
    if number == HOLE:
        return f'<td class="hole">{HOLE}</td>'
    classes = f' class="{CLASSES[style]}"' if style else ""
    return f"<td{classes}>{escaped(number)}</td>"


def equation(parts: Parts) -> str:
    """Matrices with operators between them; an operator stays with the matrix behind it."""
    inside = "".join(
        f'<div class="operand">{"".join(map(_part, operand))}</div>' for operand in operands(parts)
    )
    return f'<div class="equation">{inside}</div>'


def _part(part: Matrix | str) -> str:
    if isinstance(part, str):
        return f'<span class="operator">{escaped(part)}</span>'
    return matrix(part)


def step(shown: StepView) -> str:
    """One step."""
    heading, *blocks = step_blocks(shown)
    assert isinstance(heading, Heading)
    return slide(heading, blocks)


def slide(heading: Heading, blocks: Iterable[OutlineBlock]) -> str:
    """One step of a walk, or its end, where the result is finished."""
    count = f'<span class="count">{escaped(heading.words)}</span>'
    classes, number = "step finished", ""
    if shown := heading.step:
        classes, number = "step", f' data-number="{shown.number}"'
        if shown.cell:
            count += f' <span class="chip {shown.colour}">{escaped(shown.cell)}</span>'
        if shown.place:
            count += f' <span class="place">{escaped(shown.place)}</span>'
    inside = "".join(map(html, blocks))
    return f'<article class="{classes}"{number}><h3>{count}</h3>{inside}</article>'


def html(block: OutlineBlock) -> str:
    """One block of an outline; headings are for whoever frames what stands below them."""
    render: Callable[[Any], str] = _RENDER[type(block)]
    return render(block)


def _paragraph(block: Paragraph) -> str:
    return f'<p class="words">{escaped(block.words)}</p>'


def _note(block: Note) -> str:
    return f'<p class="more">{escaped(block.words)}</p>'


def _gap(block: Gap) -> str:
    return f'<article class="step gap"><p class="words">{escaped(block.words)}</p></article>'


def _heading(block: Heading) -> str:
    return f"<h3>{escaped(block.words)}</h3>"


def _sums(block: Sums) -> str:
    """Sums spelled out; those under a label are short, and stand in columns."""
    items = "".join(f"<li>{escaped(line)}</li>" for line in block.spelled)
    if not block.label:
        return f'<ul class="sums">{items}</ul>'
    return f'<ul class="sums columns"><li class="label">{escaped(block.label)}</li>{items}</ul>'


def _word(cell: str, marked: bool) -> str:
    return f"<td><b>{escaped(cell)}</b></td>" if marked else f"<td>{escaped(cell)}</td>"


def _table(block: Table) -> str:
    head = "".join(f'<th scope="col">{escaped(word)}</th>' for word in block.head)
    lines = "".join(
        f'<tr><th scope="row">{escaped(name)}</th>'
        f"{''.join(_word(cell, (i, j) in block.marked) for j, cell in enumerate(cells, 1))}</tr>"
        for i, (name, *cells) in enumerate(block.rows)
    )
    return (
        f'<table class="words" aria-label="{escaped(block.head[0])}">'
        f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    )


_RENDER: dict[type, Callable[..., str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _note,
    Gap: _gap,
    Equation: lambda block: equation(block.parts),
    Matrices: lambda block: matrices(block.shown),
    Sums: _sums,
    Table: _table,
}


def matrices(shown: Iterable[Matrix | str]) -> str:
    """Matrices next to each other."""
    return f'<div class="matrices">{"".join(map(_beside, shown))}</div>'


def _beside(part: Matrix | str) -> str:
    return f'<p class="more">{escaped(part)}</p>' if isinstance(part, str) else matrix(part)
