"""Steps as an SVG figure, drawn as the article draws them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ...core.language import ENGLISH, spoken
from ...core.problem import Problem
from ...pictures import theme
from ...pictures.blocks import (
    Gap,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Passage,
    Sums,
    Title,
    grouped,
)
from ...pictures.captions import typeset
from ...pictures.outline import outline
from ...pictures.selection import FIGURE, Selection, SizeBudget
from .diagram import Group, descent, finished, framed, gap, head, step
from .drawing import Box, Drawing, Words

FONTS = "ui-sans-serif, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
_FORBIDDEN = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def figure(problem: Problem, names: Sequence[str], selection: Selection) -> str:
    """Draw the chosen steps, and with all of them the finished results.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to draw, such as `dA_prev`.
    selection
        Which steps; a single one is drawn alone.
    """
    blocks = outline(problem, names, selection, FIGURE)
    title, given = next(blocks), next(blocks)
    assert isinstance(title, Title)
    assert isinstance(given, Matrices)
    told = list(_groups(blocks, selection, len(names)))
    groups = [group for group, _ in told]
    above = None if selection.single else head(title, given)
    below = " ".join(dict.fromkeys(line for group in groups for line in group.legend))
    words = " ".join(words for _, said in told for words in said)
    return svg(framed(groups, above, below), title.words or title.op, words)


def groups_of(
    problem: Problem, names: Sequence[str], selection: Selection, room: SizeBudget = FIGURE
) -> Iterator[tuple[Group, list[str]]]:
    """Each result's steps, drawn and in words; the finished result unless one step is asked for."""
    return _groups(outline(problem, names, selection, room), selection, len(names))


def _groups(
    blocks: Iterable[OutlineBlock], selection: Selection, results: int
) -> Iterator[tuple[Group, list[str]]]:
    shown = (block for block in blocks if not (isinstance(block, Note) and block.closing))
    for passage in grouped(shown, HeadingLevel.PART):
        heading = passage.heading
        if heading is None:
            continue
        if heading.result:
            group, words = _result(passage, selection.single, results)
            if group.parts:
                yield group, words
        elif not selection.single:
            yield Group(heading.words, list(descent(passage.blocks)), []), [heading.words]


def _result(passage: Passage, single: bool, results: int) -> tuple[Group, list[str]]:
    """One result: its steps and its end as drawings, and all of it in words."""
    above, *steps = grouped(passage.blocks, HeadingLevel.STEP)
    rule, *rest = above.blocks
    assert isinstance(rule, Paragraph)
    parts = [gap(block) for block in rest if isinstance(block, Gap)]
    name = passage.heading.result if passage.heading else ""
    words: list[str] = [rule.words]
    legend: dict[str, None] = {}
    for heading, blocks in steps:
        assert heading is not None
        if shown := heading.step:
            parts.append(step(heading, blocks))
            legend |= dict.fromkeys(shown.picture.legend)
            words.append(f"{name}, {heading.words}: {shown.picture.words}")
        elif not single or (results == 1 and not parts):
            sums = [block for block in rest if isinstance(block, Sums)]
            parts.append(finished(heading, [*sums, *blocks]))
        gaps = [block for block in blocks if isinstance(block, Gap)]
        parts += map(gap, gaps)
        words += [block.words for block in gaps]
    return Group("" if single else rule.words, parts, list(legend)), words


def svg(drawing: Drawing, title: str, words: str = "") -> str:
    """A drawing as SVG, with a title and a description for those who cannot see it."""
    width, height = _number(drawing.width), _number(drawing.height)
    body = "\n".join(_shapes(drawing))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="title words"'
        f' font-family="{FONTS if spoken() == ENGLISH else theme.WIDE_FONTS}">\n'
        f'<title id="title">{_safe(title)}</title>\n'
        f'<desc id="words">{_safe(typeset(words))}</desc>\n{body}\n</svg>\n'
    )


def _shapes(drawing: Drawing) -> Iterator[str]:
    for shape in drawing.shapes:
        if isinstance(shape, Box):
            yield _box(shape)
        elif isinstance(shape, Words):
            yield _words(shape)
        else:
            at = f' transform="translate({_number(shape.x)} {_number(shape.y)})"'
            name = (
                f' class="matrix" data-name="{escape(shape.matrix.name)}"' if shape.matrix else ""
            )
            yield f"<g{name}{at if shape.x or shape.y else ''}>"
            yield from _shapes(shape)
            yield "</g>"


def _box(box: Box) -> str:
    stroke = ""
    if box.stroke:
        thick = f' stroke-width="{_number(box.thickness)}"' if box.thickness != 1 else ""
        stroke = f' stroke="{box.stroke}"{thick}'
    radius = f' rx="{_number(box.radius)}"' if box.radius else ""
    return (
        f'<rect x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}"'
        f' height="{_number(box.height)}"{radius} fill="{box.fill}"{stroke}/>'
    )


def _words(words: Words) -> str:
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    weight = ' font-weight="bold"' if words.bold else ""
    # The middle of digits lies about a third of the size above the line they stand on.
    y = words.y + 0.35 * words.size
    return (
        f'<text x="{_number(words.x)}" y="{_number(y)}" font-size="{_number(words.size)}"'
        f'{anchor}{weight} fill="{words.fill}">{_safe(words.text)}</text>'
    )


def _safe(words: str) -> str:
    """A text without what XML forbids."""
    return escape(_FORBIDDEN.sub("", words), quote=False)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
