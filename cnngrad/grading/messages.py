"""What is said of a verdict: messages for people, and the object for machines."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..core.notation import plain
from ..core.numbers import index
from ..core.shapes import by
from ..core.text import Count, say, series, translated
from ..core.trace import Index
from ..diagnosis.articles import article_for
from ..diagnosis.candidates import Codes
from ..diagnosis.slips import Slip
from ..layers.rules import SAME_THING, rule_words
from . import slip_texts
from . import verdict_texts as texts
from .marked_result import MarkedResult, Mistake

WHERE, RULE, FULL = 1, 2, 3
"""Levels of help: where; what rule, without the solution; everything."""
_NAMED = 8
"""So many cells are named in a sentence."""


def brief(marked: MarkedResult) -> str:
    """What went wrong in a gradient, in a few words; empty where nothing is known."""
    if marked.mistakes:
        titles = [rule_words(code).title for code in marked.mistakes[0].codes]
    else:
        titles = [slip_texts.SLIPS[slip.code].title for slip in marked.slips[:1]]
    return f"{marked.name}: {' + '.join(map(say, titles))}" if titles else ""


def in_a_word(score: int, max_score: int, correct: bool) -> str:
    """How many cells are right, of how many."""
    template = texts.ALL_RIGHT if correct else texts.SCORE
    return say(template, score=Count(score), max_score=Count(max_score))


def result_json(marked: MarkedResult, level: int) -> dict[str, Any]:
    """One gradient for machines; nothing that the level withholds is in it."""
    mistakes = marked.mistakes if level >= RULE else ()
    slips = marked.slips if level >= RULE else ()
    said = [summary(marked)]
    if not marked.correct:
        said += [*shape_hint(marked, level), *alike(marked, level), *_rest(marked, level)]
    return {
        "correct": marked.correct,
        "cells": marked.cells,
        "wrong_cells": [list(marked.place(cell)) for cell in marked.wrong_cells],
        "message": " ".join(said),
        **_shapes(marked),
        **({"follows": marked.follows} if marked.follows else {}),
        "mistakes": [_mistake(marked, mistake, level) for mistake in mistakes],
        "slips": [_slip(marked, slip, level) for slip in slips],
    }


def _mistake(marked: MarkedResult, mistake: Mistake, level: int) -> dict[str, Any]:
    said = {"codes": list(mistake.codes), "message": mistake_message(marked, mistake, level)}
    return {**said, "convention": mistake.convention} if mistake.convention else said


def _shapes(marked: MarkedResult) -> dict[str, Any]:
    """The shapes, where the one that was handed in is wrong."""
    if marked.shape_right:
        return {}
    return {
        "shape": list(marked.form(marked.given.values.shape)),
        "expected_shape": list(marked.form(marked.truth.shape)),
    }


def _slip(marked: MarkedResult, slip: Slip, level: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": code_of(slip),
        "cell": list(marked.place(slip.cell)),
        "message": slip_message(marked, slip, level),
        "likely": slip.likely,
    }
    if level >= FULL and slip.term:
        said["term"] = slip.term
    return said


def code_of(slip: Slip) -> str:
    """The slip's code, as the contract has it."""
    return slip.code.partition(",")[0]


def summary(marked: MarkedResult) -> str:
    """How much of a gradient is right, and whether its shape is."""
    if not marked.shape_right:
        said = say(
            texts.SHAPE,
            name=marked.name,
            given=by(marked.form(marked.given.values.shape)),
            expected=by(marked.form(marked.truth.shape)),
            why=say(texts.WHY_SHAPE[marked.name.rpartition(".")[2]]),
        )
        return f"{said} {say(texts.SHAPE_RIGHT_NUMBERS)}" if marked.numbers_right else said
    if marked.follows:
        said = _counted(translated(texts.RIGHT), marked.cells, 0, 0)
        return f"{said} {say(texts.FOLLOWS, earlier=marked.follows)}"
    if marked.correct:
        template = texts.RIGHT
    elif marked.blank == marked.cells:
        template = texts.ALL_OPEN
    elif not marked.blank:
        template = texts.ONLY_CELL_DIFFERS if marked.cells == 1 else texts.DIFFER
    else:
        template = texts.DIFFER_AND_OPEN if marked.wrong else texts.OPEN
    return _counted(translated(template), marked.cells, marked.wrong, marked.blank)


@lru_cache(maxsize=256)
def _counted(template: str, cells: int, wrong: int, blank: int) -> str:
    """A sentence, translated before, with its counts: in a class the same come again and again."""
    return say(template, cells=Count(cells), wrong=Count(wrong), blank=Count(blank))


def unexplained(marked: MarkedResult) -> str:
    """That nothing is known of what happened."""
    return say(texts.UNEXPLAINED_SO_FAR if marked.blank else texts.UNEXPLAINED)


def shape_hint(marked: MarkedResult, level: int) -> list[str]:
    """What the wrong shape comes from, where no rule gives just this answer."""
    if marked.mistakes or level < RULE or not marked.shape_comes_of:
        return []
    titles = series((say(rule_words(code).title) for code in marked.shape_comes_of), say("; "))
    return [say(texts.SHAPE_COMES_OF, titles=titles)]


def mistake_message(marked: MarkedResult, mistake: Mistake, level: int = FULL) -> str:
    """What happened, with the evidence that the level allows."""
    said = [summary(marked), *explanation(marked, mistake, level)]
    others = tuple(m.codes for m in distinct(marked) if _plainly(m) != _plainly(mistake))
    if others:
        said.append(told_apart(others))
    return " ".join(said)


def distinct(marked: MarkedResult) -> list[Mistake]:
    """The mistakes that fit, without those that are another one by a second name."""
    found: dict[frozenset[str], Mistake] = {}
    for mistake in marked.mistakes:
        found.setdefault(_plainly(mistake), mistake)
    return list(found.values())


def _plainly(mistake: Mistake) -> frozenset[str]:
    return frozenset(SAME_THING.get(code, code) for code in mistake.codes)


def explanation(marked: MarkedResult, mistake: Mistake, level: int = FULL) -> list[str]:
    """The claim and what speaks for it, sentence by sentence."""
    if mistake.convention:
        return _conventionally(marked, mistake)
    besides = [say(texts.BESIDES, cells=_cells(marked, mistake.besides))]
    if level < FULL:
        hints = [say(rule_words(code).hint) for code in mistake.codes]
        return hints + besides if mistake.besides else hints
    said = [_claim(marked, mistake)]
    if not marked.shape_right:
        cells = Count(marked.given.values.size - marked.blank)
        return [*said, say(texts.ALL_SPEAK, cells=cells)]
    if mistake.besides:
        return said + besides
    said.append(_evidence(marked, mistake))
    if marked.cells > 1:
        said.append(say(texts.SPEAK, wrong=Count(marked.wrong)))
    return said


def _conventionally(marked: MarkedResult, mistake: Mistake) -> list[str]:
    """Under which convention it is right, and who has it."""
    said = [say(texts.CONVENTION, name=marked.name, convention=mistake.convention)]
    if mistake.profiles:
        template = texts.CONVENTION_OF if len(mistake.profiles) > 1 else texts.CONVENTION_OF_ONE
        said.append(say(template, frameworks=series(mistake.profiles)))
    return said


def _scaled(marked: MarkedResult, factor: Fraction, causes: Sequence[str]) -> str:
    """By what factor everything is off, and what usually makes it."""
    template = texts.PART if abs(factor) < 1 else texts.TIMES
    said = [say(template, name=marked.name, factor=plain(factor))]
    if causes:
        said.append(say(texts.CAUSES, causes=series(map(say, causes), say("; "))))
    else:
        said.append(say(texts.NO_CAUSE))
    return " ".join(said)


def _claim(marked: MarkedResult, mistake: Mistake) -> str:
    """What gives the answer; that it does so exactly only where all of it does."""
    if mistake.factor is not None:
        return _scaled(marked, mistake.factor, mistake.causes)
    titles = [say(rule_words(code).title) for code in mistake.codes]
    if mistake.besides:
        return say(texts.NEARLY, besides=Count(len(mistake.besides)), title=titles[0])
    if len(titles) > 1:
        pair = texts.PARTLY_PAIR if marked.blank else texts.PAIR
        return say(pair, name=marked.name, one=titles[0], two=titles[1])
    if marked.blank:
        return say(texts.PARTLY, name=marked.name, title=titles[0])
    return say(rule_words(mistake.codes[0]).explanation, name=marked.name)


def _cells(marked: MarkedResult, places: Sequence[Index]) -> str:
    """Some cells by their names; of many the first."""
    named = [marked.label(place) for place in places[:_NAMED]]
    return series([*named, "…"] if len(places) > _NAMED else named)


def told_apart(others: tuple[Codes, ...]) -> str:
    """That the data fits other mistakes as well."""
    titles = (" + ".join(say(rule_words(code).title) for code in codes) for codes in others)
    names = series(titles, say("; "))
    template = texts.TOLD_APART_ONE if len(others) == 1 else texts.TOLD_APART
    return say(template, others=names)


def _evidence(marked: MarkedResult, mistake: Mistake) -> str:
    overlap = mistake.overlap
    if overlap is not None and len(mistake.codes) == 1:
        return say(
            texts.OVERLAP,
            step=overlap.step,
            cell=index(marked.place(overlap.cell)),
            before=marked.expected(overlap.before),
            value=marked.expected(overlap.value),
            total=marked.expected(overlap.total),
        )
    blank = marked.blank_cells
    place = next(cell for cell in marked.wrong_cells if cell not in blank)
    return say(
        texts.EVIDENCE,
        cell=marked.label(place),
        given=marked.written(place),
        expected=marked.expected(marked.truth.item(*place)),
    )


def slip_message(marked: MarkedResult, slip: Slip, level: int = FULL) -> str:
    """What happened in one cell, with the evidence that the level allows."""
    text = slip_texts.SLIPS[slip.code]
    cell = marked.label(slip.cell)
    if level < FULL:
        return say(text.hint if slip.likely else text.maybe_hint, cell=cell)
    return say(
        text.full if slip.likely else text.maybe,
        cell=cell,
        given=slip.given,
        expected=marked.expected(slip.expected),
        off=slip.off,
        term=slip.term,
        right=slip.right,
    )


def alike(marked: MarkedResult, level: int = FULL) -> list[str]:
    """One sentence for all wrong cells, where they have one reason that is plain to see."""
    codes = {slip.code for slip in marked.slips}
    if level < RULE or len(codes) != 1 or _unnamed(marked):
        return []
    if marked.blank == marked.cells:
        return [say(slip_texts.NOTHING_FILLED_IN)]
    return [say(slip_texts.ALL_ALIKE[code]) for code in codes & {*slip_texts.ALL_ALIKE}]


def _rest(marked: MarkedResult, level: int) -> list[str]:
    """The wrong cells of which no slip is known, where of others one is."""
    unnamed = _unnamed(marked) if level >= RULE else []
    count = Count(len(unnamed))
    return [say(slip_texts.REST, count=count, cells=_cells(marked, unnamed))] if unnamed else []


def _unnamed(marked: MarkedResult) -> list[Index]:
    if not marked.slips:
        return []
    named = {slip.cell for slip in marked.slips}
    return [cell for cell in marked.wrong_cells if cell not in named]


def cell_messages(marked: MarkedResult, level: int = FULL) -> list[str]:
    """For every wrong cell its likeliest slip, and what else would give the same number."""
    if said := alike(marked, level):
        return said
    cells: dict[Index, list[Slip]] = {}
    for slip in marked.slips:
        cells.setdefault(slip.cell, []).append(slip)
    opened = [cell for cell, slips in cells.items() if slips[0].code == slip_texts.NOT_FILLED_IN]
    several = opened if len(opened) > 1 else []
    said = [_cell_message(marked, cells[cell], level) for cell in cells if cell not in several]
    last = [say(slip_texts.OPEN, cells=_cells(marked, several))] if several else []
    return [*_rest(marked, level), *said, *last]


def _cell_message(marked: MarkedResult, slips: Sequence[Slip], level: int) -> str:
    said = slip_message(marked, slips[0], level)
    sure = slips[0].likely and slips[0].code.partition(",")[0] != "single-cell"
    if len(slips) == 1 or sure:
        return said
    others = dict.fromkeys(_named(slip, level) for slip in slips[1:])
    template = slip_texts.ALSO if slips[0].code != "single-cell" else slip_texts.COMES_OUT_OF
    return f"{said} {say(template, others=series(others, '; '))}"


def _named(slip: Slip, level: int) -> str:
    """A possibility in a few words: with its term, where that is no secret."""
    text = slip_texts.SLIPS[slip.code]
    if level < FULL:
        return text.title
    return say(text.named or text.title, term=slip.term, right=slip.right, off=slip.off)


def article(code: str, op: str) -> str:
    """The part of the article that a mistake breaks."""
    return say(article_for(rule_words(code).article, op))
