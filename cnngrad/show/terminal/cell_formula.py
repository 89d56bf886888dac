"""One cell's sum in three lines: in letters, in numbers, and as it grows."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from ...core.explanation import Explanation, written
from ...core.numbers import Number
from ...core.problem import Problem
from ...core.text import Count, say
from ...core.trace import Term
from ...core.widths import flush_left, screen_width
from ...pictures import reasons
from ...pictures.formula import LONGEST, product
from ...pictures.theme import step_colour
from .display import Display
from .layout import Block, Line, Span, length, stacked, wrapped

LAST_TERMS = 3
"""Terms of a sum too long to write out that are kept from its end."""

FEW_TERMS = 12
"""Terms of a sum up to which those that are 0 are written out, too."""


class Formula(NamedTuple):
    """A sum, term by term, as text."""

    terms: list[Term]
    """Those that are shown."""
    letters: list[str]
    numbers: list[str]
    growth: list[str]
    """The sum after each term."""
    gaps: dict[int, str]
    """Before which of the terms some are left out, and the words that stand for them."""
    places: list[int]
    """Which of all terms they are."""
    zeros: int = 0
    """How many terms are left out because they are 0."""


def formula(
    explanation: Explanation,
    most: int = LONGEST,
    near: int | None = None,
    few: float = math.inf,
) -> Formula:
    """Write a cell's sum; of one with more than `most` terms, only some.

    Parameters
    ----------
    explanation
        Of which cell.
    most
        So many terms are written out.
    near
        The place of a term; of a long sum, those around it and the two ends are kept. Without
        it, the first and the last.
    few
        Terms up to which those that are 0 are written, too.
    """
    terms, sums = explanation.terms, _growth(explanation)
    write = explanation.problem.numerals
    known: Sequence[int] = range(len(terms))
    if len(terms) > few and not explanation.gap:  # else it is not known how many are 0
        known = [k for k in known if terms[k].value] or [0]
    chosen = list(_places(len(known), most, near))
    places = [known[k] for k in chosen]
    gaps = {}
    for k, ((first, before), (second, after)) in enumerate(
        pairwise(zip(chosen, places, strict=True)), 1
    ):
        count, words = second - first - 1, reasons.MORE_TERMS
        if before < explanation.head <= after and explanation.gap:
            count, words = count + explanation.gap, reasons.MORE_SOURCES
        if count:
            gaps[k] = say(words, count=Count(count), name=terms[0].left.name)
    return Formula(
        [terms[k] for k in places],
        [letters(explanation.problem, terms[k]) for k in places],
        [product(terms[k], write) for k in places],
        [write(sums[k]) for k in places],
        gaps,
        places,
        len(terms) - len(known),
    )


def _places(count: int, most: int, near: int | None) -> Iterable[int]:
    """Which of so many terms are written out."""
    if count <= most:
        return range(count)
    if near is None:
        return (*range(most - LAST_TERMS), *range(count - LAST_TERMS, count))
    around = (most - 2) // 2
    first = min(max(near - around, 0), count - 2 * around)
    return sorted({0, *range(first, first + 2 * around), count - 1})


def _growth(explanation: Explanation) -> list[Number]:
    """The sum after each term that is known."""
    values = [term.value for term in explanation.terms]
    if not explanation.gap:
        return list(accumulate(values))
    tail = values[explanation.head :]
    before = explanation.total - sum(tail)
    return [
        *accumulate(values[: explanation.head]),
        *list(accumulate(tail, initial=before))[1:],
    ]


def letters(problem: Problem, term: Term) -> str:
    """A term in letters: `dZ[0,0]·W[1,1]`; a number times 1 is the number itself."""
    left, right = written(problem, term.left), written(problem, term.right)
    if term.right.name or not right.startswith("-"):
        return left if right == "1" else f"{left}·{right}"
    return f"{left}·({right})"


def named(cell: str, layer: str) -> str:
    """A cell with the layer of a network before it, as one writes it to ask for it."""
    return f"{layer}.{cell}" if layer else cell


def formula_block(
    explanation: Explanation,
    look: Display,
    style: Callable[[Term], str] | None = None,
    most: int = LONGEST,
    near: int | None = None,
) -> Block:
    """The three lines.

    Parameters
    ----------
    explanation
        Of which cell.
    look
        For what screen.
    style
        Of each term; unless given, the colour that its cells have in the matrices.
    most, near
        Of a long sum, which terms: see `formula`.
    """
    lines = formula(explanation, most, near, FEW_TERMS if style is None else math.inf)
    opening, closing = ("(", f") / {explanation.divided_by}")
    if explanation.divided_by == 1:
        opening = closing = ""
    styles = [
        style(term) if style else term_colour(k)
        for k, term in zip(lines.places, lines.terms, strict=True)
    ]
    bold = [k for k, shown in enumerate(styles) if shown != "faint"][-1:]
    shades = ["faint" if shown == "faint" else "" for shown in styles]
    shades = ["title" if k in bold else shade for k, shade in enumerate(shades)]
    sums = joined(lines.growth, "→", lines, shades)
    if explanation.divided_by > 1:
        ending = f"/ {explanation.divided_by} = {explanation.problem.numerals(explanation.value)}"
        sums.append([(ending, "title")])
    rows = [
        (say(reasons.LETTERS), joined(lines.letters, "+", lines, styles, opening, closing)),
        (say(reasons.NUMBERS), joined(lines.numbers, "+", lines, styles, opening, closing)),
        (say(reasons.GROWTH), sums),
    ]
    margin = max(screen_width(label) for label, _ in rows) + 2
    blocks = [labelled(label, words, margin, look.width) for label, words in rows]
    if lines.zeros:
        note = say(reasons.ZEROS, count=Count(lines.zeros))
        blocks.append(wrapped(note, look.width - margin, "faint", " " * margin))
    return stacked(blocks)


def symbols_block(explanation: Explanation, look: Display, layer: str = "") -> Block:
    """The cell in letters only: `dA_prev[1,1] = dZ[0,0]·W[1,1] + …`."""
    lines = formula(explanation)
    opening, closing = ("(", f") / {explanation.divided_by}")
    if explanation.divided_by == 1:
        opening = closing = ""
    terms = lines.letters or ["0"]
    words = joined(terms, "+", lines, [""] * len(terms), opening, closing)
    label = f"{named(explanation.label, layer)} ="
    return labelled(label, words, screen_width(label) + 1, look.width - 1, "")


Word = list[Span]
"""Spans that stay on one line."""


def joined(
    terms: Sequence[str],
    sign: str,
    of: Formula,
    styles: Sequence[str],
    opening: str = "",
    closing: str = "",
) -> list[Word]:
    """Terms with signs between them, each in its style."""
    words: list[Word] = []
    for k, term in enumerate(terms):
        before: Word = [(f"{sign} ", "operator")] if k else []
        if k in of.gaps:
            words.append([*before, (of.gaps[k] if sign == "+" else "…", "faint")])
        words.append([*before, (term, styles[k])])
    words[0].insert(0, (opening, ""))
    words[-1].append((closing, ""))
    return words


def term_colour(k: int) -> str:
    """The style of the k-th term and of its cells."""
    return step_colour(k + 1)


def labelled(
    label: str, words: Iterable[Word], margin: int, width: int, style: str = "faint"
) -> Block:
    """Words behind a label, broken between words."""
    lines: list[Line] = []
    current: Line = [(flush_left(label, margin), style)]
    filled = False
    for word in words:
        if filled and length(current) + 1 + length(word) > width:
            lines.append(current)
            current, filled = [(" " * margin, "")], False
        current += [(" ", ""), *word] if filled else word
        filled = True
    return Block([*lines, current])
