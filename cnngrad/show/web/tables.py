"""Matrices and steps as HTML: every matrix is a real table."""

from collections.abc import Iterable, Sequence

from ...core.text import Count
from ...pictures import captions
from ...pictures.step_picture import HOLE, SUMS, Matrix, Parts, operands
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
    picture = shown.picture
    spelled = list(picture.sums[:SUMS])
    if len(picture.sums) > SUMS:
        spelled.append(captions.SUMS.format(count=len(picture.sums) - SUMS))
    counted = captions.STEP.format(number=shown.number, total=shown.total)
    heading = f'<span class="count">{escaped(counted)}</span>'
    if shown.cell:
        heading += f' <span class="chip {shown.colour}">{escaped(shown.cell)}</span>'
    if shown.place:
        heading += f' <span class="place">{escaped(shown.place)}</span>'
    more = [captions.CHANNELS.format(count=Count(picture.left_out))] if picture.left_out else []
    return (
        f'<article class="step" data-number="{shown.number}"><h3>{heading}</h3>'
        f'<p class="words">{escaped(picture.words)}</p>'
        f"{''.join(map(equation, picture.equations))}"
        f"{''.join(f'<p class=more>{escaped(words)}</p>' for words in more)}"
        f"{sums(spelled, picture.label)}</article>"
    )


def sums(lines: Sequence[str], label: str = "") -> str:
    """Sums spelled out; those under a label are short, and stand in columns."""
    if not lines:
        return ""
    items = "".join(f"<li>{escaped(line)}</li>" for line in lines)
    if not label:
        return f'<ul class="sums">{items}</ul>'
    return f'<ul class="sums columns"><li class="label">{escaped(label)}</li>{items}</ul>'


def matrices(shown: Iterable[Matrix]) -> str:
    """Matrices next to each other."""
    return f'<div class="matrices">{"".join(map(matrix, shown))}</div>'
