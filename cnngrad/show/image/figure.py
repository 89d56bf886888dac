"""Steps as an SVG figure, drawn as the article draws them."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from ...core.problem import Problem
from ...pictures import outline as story
from ...pictures.captions import HOLES, STEP, typeset
from ...pictures.outline import FIGURE, Gap, Selection, SizeBudget
from ...pictures.step_view import StepView
from .diagram import Group, finished, framed, gap, head, step
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
    title = problem.title or problem.op
    told = list(groups_of(problem, names, selection))
    groups = [group for group, _ in told]
    above = None
    if not _single(selection):
        above = head(title, story.settings(problem), story.given(problem))
    below = HOLES if any(group.holed for group in groups) else ""
    words = " ".join(words for _, said in told for words in said)
    return svg(framed(groups, above, below), title, words)


def _single(selection: Selection) -> bool:
    return not selection.sensible and selection.first == selection.last is not None


def groups_of(
    problem: Problem, names: Sequence[str], selection: Selection, room: SizeBudget = FIGURE
) -> Iterator[tuple[Group, list[str]]]:
    """Each result's steps, drawn and in words; the finished result unless one step is asked for."""
    single = _single(selection)
    for section in story.sections(problem, names, selection, room):
        parts, words, holed = [], [], False
        for told in section.steps:
            parts.append(step(told) if isinstance(told, StepView) else gap(told))
            holed = holed or (isinstance(told, StepView) and told.picture.holed)
            words.append(_said(section.name, told))
        if not single or (len(names) == 1 and not parts):
            parts.append(finished(section))
        if parts:
            heading = "" if single else section.introduction
            yield Group(heading, parts, holed), [section.introduction, *words]


def _said(name: str, told: StepView | Gap) -> str:
    if isinstance(told, Gap):
        return told.words
    return f"{name}, {STEP.format(number=told.number, total=told.total)}: {told.picture.words}"


def svg(drawing: Drawing, title: str, words: str = "") -> str:
    """A drawing as SVG, with a title and a description for those who cannot see it."""
    width, height = _number(drawing.width), _number(drawing.height)
    body = "\n".join(_shapes(drawing))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="title words"'
        f' font-family="{FONTS}">\n'
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
