"""A problem as a page: what is given, and a walk through the steps of each result."""

from collections.abc import Sequence
from typing import Any

from ...core.problem import Problem
from ...pictures import captions, sentences
from ...pictures import outline as story
from ...pictures.outline import PAGE, Gap, Section, Selection, SizeBudget
from ...pictures.step_picture import Matrix, Parts
from ...pictures.step_view import StepView
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
    settings = story.settings(problem)
    known = f'<p class="settings">{escaped(settings)}</p>' if settings else ""
    body, data = walk(problem, names, selection)
    return shell(
        f"{title} · cnngrad",
        f'<header class="top">{kicker}<h1>{escaped(title)}</h1>{known}</header>\n'
        f"<main>{body}</main>",
        {"words": captions.PAGE, "walks": [data]},
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
    results = (
        _result(section, number) for section in story.sections(problem, names, selection, room)
    )
    tabs = (
        f'<button type="button" role="tab" id="tab-{number}-{name}"'
        f' aria-controls="result-{number}-{name}" data-name="{name}">{name}</button>'
        for name in names
    )
    remarks = (f"<p>{escaped(line)}</p>" for line in story.remarks(problem, names))
    label = f'aria-label="{escaped(captions.RESULTS)}"'
    body = (
        f"{_given(story.given(problem))}\n"
        f'<section class="walk" data-walk="{number}" {label}>\n'
        f'<div class="bar" hidden><div class="tabs" role="tablist" {label}>{"".join(tabs)}</div>'
        f"{_controls()}</div>\n"
        f"{''.join(results)}"
        '<div class="formula" hidden></div>\n<p class="keys" hidden></p>'
        '<p class="spoken" aria-live="polite"></p></section>\n'
        f"{descents(sentences.STEP_OF_DESCENT, story.descents(problem))}"
        f'<section class="remarks">{"".join(remarks)}</section>'
    )
    return body, {name: terms(problem, name, most // len(names)) for name in names}


def _given(matrices: Sequence[Matrix]) -> str:
    """What is given; where it is much, folded up."""
    cells = sum(matrix.size for matrix in matrices)
    unfolded = " open" if cells <= UNFOLDED else ""
    return (
        f'<details class="given"{unfolded}><summary>{escaped(captions.GIVEN)}</summary>'
        f"{tables.matrices(matrices)}</details>"
    )


def descents(heading: str, told: Sequence[tuple[str, list[Parts]]]) -> str:
    """A step of gradient descent, where there is one."""
    if not told:
        return ""
    inside = "".join(
        f'<p class="words">{escaped(words)}</p>{"".join(map(tables.equation, equations))}'
        for words, equations in told
    )
    return f'<section class="descent"><h2>{escaped(heading)}</h2>{inside}</section>\n'


def _controls() -> str:
    words = captions.PAGE
    buttons = (
        f'<button type="button" class="{key}" aria-label="{escaped(words[key])}"'
        f' title="{escaped(words[key])}"></button>'
        for key in ("start", "back", "play", "forward", "end")
    )
    return (
        f'<div class="controls"><div class="buttons">{"".join(buttons)}</div>'
        f'<input type="range" min="0" value="0" aria-label="{escaped(words["slider"])}"></div>'
    )


def _result(section: Section, number: int) -> str:
    name = section.name
    finished = escaped(sentences.RESULT.format(name=name))
    note = f'<p class="more">{escaped(section.note)}</p>' if section.note else ""
    return (
        f'<section class="result" id="result-{number}-{name}" data-name="{name}"'
        f' aria-labelledby="tab-{number}-{name}"><h2>{name}</h2>'
        f'<p class="rule">{escaped(section.introduction)}</p>\n'
        f"{''.join(map(_slide, section.steps))}"
        f'<article class="step finished"><h3><span class="count">{finished}</span></h3>'
        f"{tables.sums(section.sums)}"
        f"{tables.matrices(section.result)}{note}</article></section>\n"
    )


def _slide(shown: StepView | Gap) -> str:
    if isinstance(shown, StepView):
        return tables.step(shown)
    return f'<article class="step gap"><p class="words">{escaped(shown.words)}</p></article>'
