"""A problem as a page: what is given, and a walk through the steps of each result."""

from collections.abc import Sequence
from typing import Any

from ...core.problem import Problem
from ...core.text import say
from ...pictures import captions
from ...pictures.blocks import Gap, HeadingLevel, Matrices, Note, Paragraph, Passage, Sums, grouped
from ...pictures.outline import outline, settings
from ...pictures.selection import PAGE, Selection, SizeBudget
from ...pictures.step_picture import Matrix
from . import tables
from .cell_terms import MAX_TERMS, terms
from .page_template import escaped, shell

UNFOLDED = 400
"""Cells up to which what is given stands open at the head of the page."""


def problem_page(problem: Problem, names: Sequence[str], selection: Selection) -> str:
    """A whole page about one problem.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to show, such as `dA_prev`.
    selection
        Which steps to show; of very many the page holds the first and the last.
    """
    title = problem.title or problem.op
    kicker = f'<p class="kicker">{escaped(problem.op)}</p>' if problem.title else ""
    about = settings(problem)
    known = f'<p class="settings">{escaped(about)}</p>' if about else ""
    body, data = walk(problem, names, selection)
    return shell(
        f"{title} · cnngrad",
        f'<header class="top">{kicker}<h1>{escaped(title)}</h1>{known}</header>\n'
        f"<main>{body}</main>",
        {"words": captions.page_words(), "walks": [data]},
    )


def walk(
    problem: Problem,
    names: Sequence[str],
    selection: Selection,
    number: int = 0,
    room: SizeBudget = PAGE,
    most: int = MAX_TERMS,
) -> tuple[str, dict[str, Any]]:
    """A problem's part of a page, and what the script must know of it.

    Parameters
    ----------
    problem, names, selection
        As for `problem_page`.
    number
        The walk's place in the list `walks` of the page's data.
    room, most
        So many cells of steps, and terms of cells, may be in it.

    Returns
    -------
    tuple
        HTML, and an entry for that list.
    """
    blocks = list(outline(problem, names, selection, room))
    closing = [block for block in blocks if isinstance(block, Note) and block.closing]
    above, *parts = grouped(blocks[: len(blocks) - len(closing)], HeadingLevel.PART)
    results = [_result(part, number) for part in parts if part.heading and part.heading.result]
    descents = [descent_html(part) for part in parts if part.heading and not part.heading.result]
    tabs = (
        f'<button type="button" role="tab" id="tab-{number}-{name}"'
        f' aria-controls="result-{number}-{name}" data-name="{name}">{name}</button>'
        for name in names
    )
    remarks = (f"<p>{escaped(note.words)}</p>" for note in closing)
    label = f'aria-label="{escaped(say(captions.RESULTS))}"'
    body = (
        f"{''.join(_given(block) for block in above.blocks if isinstance(block, Matrices))}\n"
        f'<section class="walk" data-walk="{number}" {label}>\n'
        f'<div class="bar" hidden><div class="tabs" role="tablist" {label}>{"".join(tabs)}</div>'
        f"{_controls()}</div>\n"
        f"{''.join(results)}"
        '<div class="formula" hidden></div>\n<p class="keys" hidden></p>'
        '<p class="spoken" aria-live="polite"></p></section>\n'
        f"{''.join(descents)}"
        f'<section class="remarks">{"".join(remarks)}</section>'
    )
    return body, {name: terms(problem, name, most // len(names)) for name in names}


def _given(block: Matrices) -> str:
    """What is given; where it is much, folded up."""
    cells = sum(part.size for part in block.shown if isinstance(part, Matrix))
    unfolded = " open" if cells <= UNFOLDED else ""
    return (
        f'<details class="given"{unfolded}><summary>{escaped(block.caption)}</summary>'
        f"{tables.html(block)}</details>"
    )


def descent_html(part: Passage) -> str:
    """A step of gradient descent."""
    heading = part.heading.words if part.heading else ""
    inside = "".join(map(tables.html, part.blocks))
    return f'<section class="descent"><h2>{escaped(heading)}</h2>{inside}</section>\n'


def _controls() -> str:
    words = captions.page_words()
    buttons = (
        f'<button type="button" class="{key}" aria-label="{escaped(words[key])}"'
        f' title="{escaped(words[key])}"></button>'
        for key in ("start", "back", "play", "forward", "end")
    )
    return (
        f'<div class="controls"><div class="buttons">{"".join(buttons)}</div>'
        f'<input type="range" min="0" value="0" aria-label="{escaped(words["slider"])}"></div>'
    )


def _result(part: Passage, number: int) -> str:
    """One result: its rule, its steps and gaps as slides, and what stands at the end."""
    assert part.heading is not None
    name = part.heading.result
    above, *steps = grouped(part.blocks, HeadingLevel.STEP)
    rule, *rest = above.blocks
    assert isinstance(rule, Paragraph)
    shown = [tables.html(block) for block in rest if isinstance(block, Gap)]
    sums = [block for block in rest if isinstance(block, Sums)]
    for step in steps:
        assert step.heading is not None
        inside = [block for block in step.blocks if not isinstance(block, Gap)]
        inside = inside if step.heading.step else [*sums, *inside]
        shown.append(tables.slide(step.heading, inside))
        shown += [tables.html(block) for block in step.blocks if isinstance(block, Gap)]
    return (
        f'<section class="result" id="result-{number}-{name}" data-name="{name}"'
        f' aria-labelledby="tab-{number}-{name}"><h2>{name}</h2>'
        f'<p class="rule">{escaped(rule.words)}</p>\n{"".join(shown)}</section>\n'
    )
