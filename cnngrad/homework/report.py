"""What is said of a verdict: messages for people, and the object for machines."""

from collections.abc import Sequence
from typing import Any

from ..exact import index, plain
from ..shapes import by
from ..tracing import Index
from . import slip_texts, texts
from .diagnose import Codes
from .slips import Slip
from .verdict import Marked, Mistake, Verdict

WHERE, RULE, FULL = 1, 2, 3
"""Levels of help: where; what rule, without the solution; everything."""


def as_json(verdict: Verdict, level: int = FULL) -> dict[str, Any]:
    """The verdict for machines; nothing that the level withholds is in it."""
    return {
        "op": verdict.op,
        "correct": verdict.correct,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "gradients": {name: _gradient(marked, level) for name, marked in verdict.gradients.items()},
    }


def in_brief(verdict: Verdict) -> str:
    """The verdict in a line: the score, and what went wrong in which gradient."""
    template = texts.ALL_RIGHT if verdict.correct else texts.SCORE
    said = [f"{verdict.op}: " + template.format(score=verdict.score, max_score=verdict.max_score)]
    for name, marked in verdict.gradients.items():
        if marked.mistakes:
            titles = [texts.RULES[code].title for code in marked.mistakes[0].codes]
        else:
            titles = [slip_texts.SLIPS[slip.code].title for slip in marked.slips[:1]]
        if titles:
            said.append(f"{name}: {' + '.join(titles)}")
    return " ".join(said)


def _gradient(marked: Marked, level: int) -> dict[str, Any]:
    mistakes = marked.mistakes if level >= RULE else ()
    slips = marked.slips if level >= RULE else ()
    return {
        "correct": marked.correct,
        "cells": marked.cells,
        "wrong_cells": [list(place) for place in marked.wrong_cells],
        "message": " ".join([summary(marked), *shape_hint(marked, level), *alike(marked, level)]),
        **_shapes(marked),
        "mistakes": [
            {"codes": list(mistake.codes), "message": mistake_message(marked, mistake, level)}
            for mistake in mistakes
        ],
        "slips": [_slip(marked, slip, level) for slip in slips],
    }


def _shapes(marked: Marked) -> dict[str, Any]:
    """The shapes, where the one that was handed in is wrong."""
    if marked.shape_right:
        return {}
    return {"shape": list(marked.given.values.shape), "expected_shape": list(marked.truth.shape)}


def _slip(marked: Marked, slip: Slip, level: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": code_of(slip),
        "cell": list(slip.cell),
        "message": slip_message(marked, slip, level),
        "likely": slip.likely,
    }
    if level >= FULL and slip.term:
        said["term"] = slip.term
    return said


def code_of(slip: Slip) -> str:
    """The slip's code, as the contract has it."""
    return slip.code.partition(",")[0]


def summary(marked: Marked) -> str:
    """How much of a gradient is right, and whether its shape is."""
    if not marked.shape_right:
        said = texts.SHAPE.format(
            name=marked.name,
            given=by(marked.given.values.shape),
            expected=by(marked.truth.shape),
            why=texts.WHY_SHAPE[marked.name],
        )
        return f"{said} {texts.SHAPE_RIGHT_NUMBERS}" if marked.numbers_right else said
    wrong = marked.cells - marked.score
    if marked.cells == 1:
        return texts.ONLY_CELL_DIFFERS if wrong else texts.ONLY_CELL_RIGHT
    return (texts.DIFFER if wrong else texts.RIGHT).format(cells=marked.cells, wrong=wrong)


def shape_hint(marked: Marked, level: int) -> list[str]:
    """What the wrong shape comes from, where no rule gives just this answer."""
    if marked.mistakes or level < RULE or not marked.shape_comes_of:
        return []
    titles = "; ".join(texts.RULES[code].title for code in marked.shape_comes_of)
    return [texts.SHAPE_COMES_OF.format(titles=titles)]


def mistake_message(marked: Marked, mistake: Mistake, level: int = FULL) -> str:
    """What happened, with the evidence that the level allows."""
    said = [summary(marked), *explanation(marked, mistake, level)]
    others = tuple(m.codes for m in distinct(marked) if _plainly(m) != _plainly(mistake))
    if others:
        said.append(told_apart(others))
    return " ".join(said)


def distinct(marked: Marked) -> list[Mistake]:
    """The mistakes that fit, without those that are another one by a second name."""
    found: dict[frozenset[str], Mistake] = {}
    for mistake in marked.mistakes:
        found.setdefault(_plainly(mistake), mistake)
    return list(found.values())


def _plainly(mistake: Mistake) -> frozenset[str]:
    return frozenset(texts.SAME_THING.get(code, code) for code in mistake.codes)


def explanation(marked: Marked, mistake: Mistake, level: int = FULL) -> list[str]:
    """The claim and what speaks for it, sentence by sentence."""
    if level < FULL:
        return [texts.RULES[code].hint for code in mistake.codes]
    if len(mistake.codes) > 1:
        one, two = (texts.RULES[code].title for code in mistake.codes)
        said = [texts.PAIR.format(name=marked.name, one=one, two=two)]
    else:
        said = [texts.RULES[mistake.codes[0]].explanation.format(name=marked.name)]
    wrong = marked.cells - marked.score
    if not marked.shape_right:
        return [*said, texts.ALL_SPEAK.format(cells=marked.given.values.size)]
    said.append(_evidence(marked, mistake))
    if wrong > 1:
        said.append(texts.SPEAK.format(wrong=wrong))
    elif marked.cells > 1:
        said.append(texts.ONE_SPEAKS)
    return said


def told_apart(others: tuple[Codes, ...]) -> str:
    """That the data fits other mistakes as well."""
    names = "; ".join(" + ".join(texts.RULES[code].title for code in codes) for codes in others)
    template = texts.TOLD_APART_ONE if len(others) == 1 else texts.TOLD_APART
    return template.format(others=names)


def _evidence(marked: Marked, mistake: Mistake) -> str:
    overlap = mistake.overlap
    if overlap is not None and len(mistake.codes) == 1:
        return texts.OVERLAP.format(
            step=overlap.step,
            cell=index(overlap.cell),
            before=plain(overlap.before),
            value=plain(overlap.value),
            total=plain(overlap.total),
        )
    blank = marked.blank_cells
    place = next(cell for cell in marked.wrong_cells if cell not in blank)
    return texts.EVIDENCE.format(
        cell=marked.name + index(place),
        given=marked.written(place),
        expected=plain(marked.truth.item(*place)),
    )


def slip_message(marked: Marked, slip: Slip, level: int = FULL) -> str:
    """What happened in one cell, with the evidence that the level allows."""
    text = slip_texts.SLIPS[slip.code]
    cell = marked.name + index(slip.cell)
    if level < FULL:
        return (text.hint if slip.likely else text.maybe_hint).format(cell=cell)
    return (text.full if slip.likely else text.maybe).format(
        cell=cell,
        given=slip.given,
        expected=plain(slip.expected),
        off=slip.off,
        term=slip.term,
        right=slip.right,
    )


def alike(marked: Marked, level: int = FULL) -> list[str]:
    """One sentence for all wrong cells, where they have one reason that is plain to see."""
    if not marked.slips:
        return []
    codes = {slip.code for slip in marked.slips}
    known = level >= RULE and len(codes) == 1
    return [slip_texts.ALL_ALIKE[code] for code in codes & {*slip_texts.ALL_ALIKE} if known]


def cell_messages(marked: Marked, level: int = FULL) -> list[str]:
    """For every wrong cell its likeliest slip, and what else would give the same number."""
    if said := alike(marked, level):
        return said
    cells: dict[Index, list[Slip]] = {}
    for slip in marked.slips:
        cells.setdefault(slip.cell, []).append(slip)
    return [_cell_message(marked, slips, level) for slips in cells.values()]


def _cell_message(marked: Marked, slips: Sequence[Slip], level: int) -> str:
    said = slip_message(marked, slips[0], level)
    if len(slips) == 1:
        return said
    titles = dict.fromkeys(slip_texts.SLIPS[slip.code].title for slip in slips[1:])
    return f"{said} {slip_texts.ALSO.format(others='; '.join(titles))}"


def article(code: str, op: str) -> str:
    """The part of the article that a mistake breaks."""
    part = texts.RULES[code].article
    kind, _, way = op.partition("-")
    if kind == "pool":
        part = texts.POOL_ARTICLE.get(code, part)
    if way == "forward" and part in texts.WAY_BACK:
        return texts.FORWARD_ARTICLE.get(kind, part)
    return part
