"""The catalogue of mistakes in the terminal: a rule with its smallest case, or all of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from ...core.numbers import Array
from ...core.text import message, say
from ...diagnosis.articles import article_for
from ...grading.catalogue import Case, Entry
from .display import Display
from .document import heading
from .layout import Block, beside, flow, matrix, stacked, text, wrapped

TELL = message("How to tell it: {words}")
LINE = message("In NumPy: {line}")
SMALLEST = message("The smallest case, right and wrong:")
RIGHT = message("{name}, right")
WRONG = message("{name}, with this mistake")
READ = message("Read again: {article}.")
MORE = message("cnngrad explain CODE tells more of one of them.")


def catalogue_list(entries: Iterable[Entry], look: Display) -> Iterator[Block]:
    """Every rule in a line: its code and its title."""
    known = list(entries)
    widest = max(len(entry.code) for entry in known)
    for entry in known:
        code = Block([[(f" {entry.code:<{widest}}", "heading")]])
        yield beside([code, wrapped(say(entry.words.title), look.width - widest - 4)])
    yield stacked([text(""), wrapped(say(MORE), look.width - 2, "faint", indent=" ")])


def catalogue_entry(entry: Entry, look: Display) -> Iterator[Block]:
    """All that is known of one rule."""
    width = look.width - 2
    words, case = entry.words, entry.case
    name = "dW" if case is None else case.name
    yield wrapped(f"{entry.code}: {say(words.title)}", width, "heading", indent=" ")
    said = [say(words.explanation, name=name), say(words.hint)]
    if words.tell:
        said.append(say(TELL, words=say(words.tell)))
    if words.line:
        said.append(say(LINE, line=words.line))
    yield stacked([text(""), *(wrapped(one, width, indent=" ") for one in said)])
    if case is not None:
        yield from _case(case, look, width)
    article = say(article_for(words.article, "" if case is None else case.problem.op))
    yield stacked([text(""), wrapped(say(READ, article=article), width, "faint", indent=" ")])


def _case(case: Case, look: Display, width: int) -> Iterator[Block]:
    write = case.problem.numerals
    yield stacked([text(""), wrapped(say(SMALLEST), width, indent=" ")])
    yield heading(case.problem, look)
    given = [
        block
        for name, array in case.problem.given.items()
        for block in _planes(name, array, write, width)
    ]
    yield flow(given, width, gap=4)
    right = _planes(say(RIGHT, name=case.name), case.right, write, width)
    wrong = _planes(say(WRONG, name=case.name), case.wrong, write, width)
    yield stacked([text(""), flow([*right, *wrong], width, gap=4)])


def _planes(title: str, array: Array, write: Any, width: int) -> list[Block]:
    """Each plane of an array as a matrix."""
    if not array.size:
        return [text(f"   {title}: []")]
    full = array.reshape((1,) * (2 - array.ndim) + array.shape)
    planes = full.reshape(-1, *full.shape[-2:])
    blocks = []
    for k, plane in enumerate(planes):
        called = title if len(planes) == 1 else f"{title} {k + 1}"
        cells = [[write(cell) for cell in row] for row in plane.tolist()]
        blocks.append(matrix(called, cells, style=_plainly, width=width, brackets=False))
    return blocks


def _plainly(row: int, column: int) -> str:  # noqa: ARG001 - as a matrix asks for it
    return ""
