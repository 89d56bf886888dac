"""How problems, traces, steps and gradients show themselves in a notebook: HTML without script."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

import numpy as np

from ...core.notation import plain
from ...core.numbers import Array, Number, index
from ...core.problem import EXACT_WORK, Gradients, Problem
from ...core.shapes import by
from ...core.text import Count, say
from ...core.trace import Factor, Step, Term, Trace
from ...pictures import captions, sentences
from ...pictures import outline as story
from ...pictures.blocks import Gap, Heading, HeadingLevel, Note, OutlineBlock, Paragraph, grouped
from ...pictures.formula import product
from ...pictures.selection import FIGURE, Selection
from ...pictures.step_picture import CORNER, Matrix, plane
from . import tables
from .page_template import colours, escaped

TERMS = 40
"""Terms of a step that are listed."""
PLANES = 12
"""Channels of a gradient that are drawn."""
LARGEST = 40
"""Rows and columns up to which a plane is drawn whole."""


def problem_html(problem: Problem) -> str:
    """What is given, and the results where they cost little."""
    title = f'<span class="title">{escaped(problem.title or problem.op)}</span>'
    quiet = ", ".join(filter(None, [problem.op * bool(problem.title), story.settings(problem)]))
    parts = [f'<p>{title} <span class="quiet">{escaped(quiet)}</span></p>']
    parts.append(tables.matrices(story.given(problem)))
    if problem.work <= EXACT_WORK:
        results = (story.result(problem, name) for name in problem.names)
        parts.append(tables.matrices(chain.from_iterable(results)))
        parts += (_quiet(words) for words in story.remarks(problem, problem.names))
    return framed("".join(parts))


def trace_html(shown: Trace) -> str:
    """The steps of one result, to be unfolded one by one, and the result."""
    problem = shown.problem
    if not isinstance(problem, Problem):
        return framed(f"<p>{escaped(repr(shown))}</p>")
    blocks = story.result_blocks(problem, shown.name, Selection(), FIGURE)
    above, *steps = grouped(blocks, HeadingLevel.STEP)
    parts = [_block(block) for block in above.blocks]
    for number, (heading, inside) in enumerate(steps):
        assert heading is not None
        parts.append(_unfolded(heading, inside, number == 0))
    return framed("".join(parts))


def _unfolded(heading: Heading, blocks: Sequence[OutlineBlock], first: bool) -> str:
    """The first step open, the others to be opened; the finished result as it is."""
    told = heading.step
    gaps = "".join(_block(block) for block in blocks if isinstance(block, Gap))
    rest = [block for block in blocks if not isinstance(block, Gap)]
    if told is None:
        return _quiet(heading.words) + "".join(map(_block, rest))
    chip = f' <span class="chip {told.colour}">{escaped(told.cell)}</span>' * bool(told.cell)
    return (
        f"<details{' open' * first}><summary>{escaped(heading.words)}{chip}"
        f' <span class="place">{escaped(told.place)}</span></summary>'
        f"{tables.slide(heading, rest)}</details>{gaps}"
    )


def _block(block: OutlineBlock) -> str:
    """A block as it stands in a notebook, which has styles of its own for words."""
    if isinstance(block, Note | Gap):
        return _quiet(block.words)
    return f"<p>{escaped(block.words)}</p>" if isinstance(block, Paragraph) else tables.html(block)


def step_html(step: Step) -> str:
    """A step on its own, as the sums that it makes; indices are those of the full rank."""
    if step.divisor > 1:
        return framed(f"<p>{escaped(say(sentences.CLOSING, divisor=step.divisor))}</p>")
    rows = [
        f"<tr><td>{escaped(index(term.target))}</td><td>{escaped(_named(term))}</td>"
        f"<td>{escaped(_sum(before, term))}</td></tr>"
        for term, before in zip(step.terms[:TERMS], step.before, strict=False)
    ]
    more = len(step.terms) - TERMS
    heading = f"<p><b>{escaped(say(captions.STEP_ALONE, number=step.number))}</b></p>"
    table = f'<table class="terms"><tbody>{"".join(rows)}</tbody></table>'
    return framed(heading + table + (_quiet(say(captions.SUMS, count=more)) if more > 0 else ""))


def _sum(before: Number, term: Term) -> str:
    return f"{plain(before)} + {product(term)} = {plain(before + term.value)}"


def _named(term: Term) -> str:
    left, right = _factor(term.left), _factor(term.right)
    return left if right == "1" else f"{left}·{right}"


def _factor(factor: Factor) -> str:
    return factor.name + index(factor.place) if factor.name else str(factor.value)


def gradients_html(gradients: Gradients) -> str:
    """dA_prev, dW and db as tables."""
    drawn, left_out = [], 0
    for name, array in gradients._asdict().items():
        planes = list(_planes(name, array))
        drawn += planes[:PLANES]
        left_out += len(planes[PLANES:])
    more = _quiet(say(captions.CHANNELS, count=Count(left_out))) if left_out else ""
    return framed(tables.matrices(drawn) + more)


def _planes(name: str, array: Array) -> Iterator[Matrix]:
    """The planes of an array; of a large plane, its corner."""
    rows = array.reshape(-1, *array.shape[-2:]) if array.ndim > 1 else array.reshape(1, 1, -1)
    leading = np.ndindex(*array.shape[:-2])
    for place, cells in zip(leading, rows, strict=True):
        large = max(cells.shape) > LARGEST
        corner = cells[:CORNER, :CORNER] if large else cells
        title = name + (index(place) if place else "") + (f" {by(cells.shape)}" if large else "")
        yield plane(
            name,
            title,
            corner.tolist(),
            lambda _i, _j: "done",
            leading=place,
            vector=array.ndim == 1,
        )


def _quiet(words: str) -> str:
    return f'<p class="quiet">{escaped(words)}</p>'


def framed(inside: str) -> str:
    """A part of a notebook, with the styles that it needs and no other is touched by."""
    return f'<div class="cnngrad"><style>{_styles()}</style>{inside}</div>'


@cache
def _styles() -> str:
    rules = (files(__package__) / "notebook.css").read_text(encoding="utf-8")
    return colours(".cnngrad") + rules


RENDERERS: dict[str, Callable[[Any], str]] = {
    "gradients": gradients_html,
    "problem": problem_html,
    "step": step_html,
    "trace": trace_html,
}
"""By the kind of object that a notebook shows."""
