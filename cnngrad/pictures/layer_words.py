"""Words of a result as its kind of layer has them; plain ones where it has none.

A kind of layer lives in a folder: beside the module of its problems stand `words` (`WORDS`,
`CORNERS`) and `pictures` (`PICTURES`, `OVERVIEWS`, `NOTES`), each by the rule of the result. Any of
these may be missing; a layer of a single module may have them there.
"""

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from ..core.explanation import Explanation
from ..core.problem import Problem
from .result_words import PLAIN, PLAIN_CORNER, CornerWords, ResultWords


class CellNotes(NamedTuple):
    """What else there is to say of why a cell is what it is."""

    reason: tuple[str, str, str] | None = None
    """Instead of the result's own."""
    own: tuple[str, ...] = ()
    """Of the terms that it has."""
    elsewhere: tuple[str, ...] = ()
    """Of sources that reach it but chose another cell."""


def words_of(problem: Problem, rule: str) -> ResultWords:
    """What is said of the result of this rule."""
    words: ResultWords = entry(problem, "words", "WORDS", rule) or PLAIN
    return words


def corner_words(problem: Problem) -> CornerWords:
    """What is said where its function has no derivative of its own."""
    words: CornerWords = entry(problem, "words", "CORNERS", problem.corner) or PLAIN_CORNER
    return words


def notes_of(explanation: Explanation) -> CellNotes:
    """What else its kind of layer says of a cell."""
    rule = explanation.trace.plan.rule
    notes = entry(explanation.problem, "pictures", "NOTES", rule)
    found: CellNotes = notes(explanation) if notes else CellNotes()
    return found


def entry(problem: Problem, part: str, table: str, key: str) -> Any:
    """What stands under a key in a table of a part of the folder; None where nothing does."""
    entries = getattr(_module(type(problem).__module__, part), table, {})
    return entries.get(key)


@lru_cache(maxsize=256)
def _module(home: str, part: str) -> Any:
    """A part of the folder in which a module stands; where there is none, the module itself."""
    folder = sys.modules[home].__package__
    name = f"{folder}.{part}" if folder else home
    return import_module(name if find_spec(name) else home)
