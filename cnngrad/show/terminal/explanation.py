"""One cell explained: why, from which matrices, and its sum."""

from dataclasses import replace
from typing import NamedTuple

from ...core.explanation import Explanation, argument
from ...core.notation import approximate, in_full
from ...core.numbers import Array, Number
from ...core.problem import Problem
from ...core.text import Count, say
from ...core.trace import Index, Term
from ...pictures import reasons
from ...pictures.layer_words import notes_of, words_of
from ...pictures.step_picture import CORNER, WHOLE, Matrix, plane, plane_title
from .cell_formula import formula_block, named, term_colour
from .display import Display
from .layout import Block, Line, equation, indented, stacked, text, wrapped

PAIRS = 4
"""So many pairs of matrices are drawn."""
NOTES = 6
"""So many windows that chose another cell are named."""
TARGET, BRACKETED = "done", "pink"
"""The style of the cell in question; without colour, one that has brackets."""


def explanation_block(explanation: Explanation, look: Display, layer: str = "") -> Block:
    """Draw the explanation of one cell.

    Parameters
    ----------
    explanation
        Of which cell.
    look
        For what screen.
    layer
        Of which layer of a network.
    """
    width = look.width - 3
    blocks = [
        Block([heading(explanation, layer)]),
        wrapped(reason(explanation), look.width - 1, indent="  "),
        Block([[]]),
        indented(matrices(explanation, Display(width, look.colour))),
        Block([[]]),
    ]
    if explanation.terms:
        blocks += [indented(formula_block(explanation, Display(width, look.colour))), Block([[]])]
    if notes := elsewhere(explanation):
        blocks += [wrapped(note, look.width - 1, "faint", "  ") for note in notes]
        blocks += [Block([[]]), indented(_rivals(explanation, look)), Block([[]])]
    return stacked(blocks)


def heading(explanation: Explanation, layer: str = "") -> Line:
    """The cell and its value."""
    cell = named(explanation.label, layer)
    value = explanation.value
    written, decimals = explanation.problem.numerals(value), approximate(value)
    if decimals == f"≈ {written}":  # a fraction too long to print: once is enough
        return [(f" {cell} {decimals} ", TARGET)]
    line: Line = [(f" {cell} = {written} ", TARGET)]
    if decimals and decimals != f"= {written}":
        line.append((f"  {decimals}", "faint"))
    return line


def reason(explanation: Explanation) -> str:
    """Why there are so many terms."""
    notes, rule = notes_of(explanation), explanation.trace.plan.rule
    known = notes.reason or words_of(explanation.problem, rule).reason
    words = [reasons.chosen(known, len(explanation.terms) + explanation.gap), *notes.own[:NOTES]]
    if len(notes.own) > NOTES:
        words.append(say(reasons.MORE_LINES, count=len(notes.own) - NOTES))
    if explanation.divided_by > 1:
        words.append(
            say(words_of(explanation.problem, rule).divided, divisor=explanation.divided_by)
        )
    return " ".join(words)


def elsewhere(explanation: Explanation) -> list[str]:
    """Windows that hold this cell but sent their error to another one."""
    sent = notes_of(explanation).elsewhere
    more = [say(reasons.MORE_LINES, count=len(sent) - NOTES)] if len(sent) > NOTES else []
    return [*sent[:NOTES], *more]


# ---- the matrices ---------------------------------------------------------------------------


def matrices(explanation: Explanation, look: Display) -> Block:
    """The cell's matrix and those that its terms come from, the cells that take part lit."""

    def draw(shown: Matrix) -> Block:
        return look.draw(shown if look.colour else _bracketed(shown))

    problem, pairs = explanation.problem, _pairs(explanation)
    parts: list[Block | str] = [
        draw(matrix_of(problem, explanation.trace.name, {explanation.cell: TARGET}))
    ]
    for (left, right, _), sign in zip(pairs[:PAIRS], _signs(explanation, pairs), strict=False):
        factors: list[Block | str] = [draw(matrix_of(problem, *left))]
        if right is not None:
            factors += [times(problem, right[0]), draw(matrix_of(problem, *right))]
        parts += [sign, equation(factors, look.width)]
    blocks = [equation(parts, look.width)]
    if len(pairs) > PAIRS:
        left_out = Count(len(pairs) - PAIRS)
        blocks.append(text(say(reasons.MORE_MATRICES, count=left_out), "faint"))
    if explanation.gap:
        blocks.append(text(say(reasons.BETWEEN), "faint"))
    return stacked(blocks)


def _rivals(explanation: Explanation, look: Display) -> Block:
    """A_prev, with the cell in question and those that were chosen instead of it."""
    leading = explanation.cell[:-2]
    places = [term.target for term in explanation.elsewhere if term.target[:-2] == leading]
    lit = dict.fromkeys(places, "blue") | {explanation.cell: TARGET}
    shown = matrix_of(explanation.problem, "A_prev", lit)
    return look.draw(shown if look.colour else _bracketed(shown))


Lit = tuple[str, dict[Index, str]]
"""A matrix by name, and the styles of those of its cells, all in one plane, that are lit."""


class _Pair(NamedTuple):
    """Two planes that are multiplied, or one whose cells are added up."""

    left: Lit
    right: Lit | None
    terms: list[Term]


def _pairs(explanation: Explanation) -> list[_Pair]:
    """The planes that are multiplied, in the order in which the terms need them."""
    pairs: dict[tuple[object, ...], _Pair] = {}
    for k, term in enumerate(explanation.terms):
        (name, place, _), (by, at, _) = term.left, term.right
        if name not in explanation.problem.derived:
            name = argument(name)  # A = f(A_prev): f stands before A_prev, see `_signs`
        pair = pairs.setdefault(
            (name, place[:-2], by, at[:-2]), _Pair((name, {}), (by, {}) if by else None, [])
        )
        pair.terms.append(term)
        pair.left[1].setdefault(place, term_colour(k))
        if pair.right:
            pair.right[1].setdefault(at, term_colour(k))
    return list(pairs.values())


def times(problem: Problem, right: str) -> str:
    """Slopes are multiplied cell by cell, unless they are a table for each row, as the softmax's.

    Of the other matrices, only the lit cells meet.
    """
    if right not in problem.derived:
        return "×"
    same = problem.derived[right].ndim == problem.arrays[argument(right)].ndim
    return "⊙" if same else "×"


def _signs(explanation: Explanation, pairs: list[_Pair]) -> list[str]:
    """The sign before each pair: `=` and `+`, `= 1/4 · Σ`, or `=` and `−` of a difference."""
    if not explanation.terms:
        return []
    name = explanation.terms[0].left.name
    if name != pairs[0].left[0]:
        return [say(reasons.APPLIED, function=name.partition("(")[0])]
    shares = {term.right.value for term in explanation.terms if not term.right.name}
    later = ["+"] * (len(pairs) - 1)
    if len(shares) > len(pairs):
        return [say(reasons.SHARES), *later]
    if len(shares) > 1:
        return [_signed(k, pair.terms[0].right.value) for k, pair in enumerate(pairs)]
    words = ["="]
    if explanation.divided_by > 1:
        words.append(f"1/{explanation.divided_by} ·")
    elif shares - {1}:
        words.append(f"{in_full(min(shares))} ·")
    if shares and len(explanation.terms) > 1:
        words.append("Σ")
    return [" ".join(words), *later]


def _signed(k: int, share: Number) -> str:
    """The sign of the k-th part of a difference, and what the part is multiplied by."""
    sign, size = ("−", -share) if share < 0 else ("+" if k else "=", share)
    return sign if size == 1 else f"{sign} {in_full(size)} ·"


def matrix_of(problem: Problem, name: str, lit: dict[Index, str]) -> Matrix:
    """The plane of a matrix, given or computed, in which some cells are lit."""
    full = _full(problem, name)
    leading = next(iter(lit))[:-2] if lit else ()
    rows = full[leading].tolist() if full.ndim > 1 else [full.tolist()]
    styles = {(0, *place)[-2:]: style for place, style in lit.items()}
    around = (_shown({i for i, _ in styles}), _shown({j for _, j in styles}))
    shown = plane(
        name,
        plane_title(problem, name, leading),
        rows,
        lambda i, j: styles.get((i, j), ""),
        around,
        leading=leading,
        vector=full.ndim == 1,
        given=name in problem.given,
    )
    return replace(shown, numerals=problem.numerals)


def _full(problem: Problem, name: str) -> Array:
    """A matrix, given, computed or a function of one, in full rank."""
    for known in (problem.arrays, problem.derived):
        if name in known:
            return known[name]
    return problem.results[name].reshape(problem.trace(name).shape)


def _shown(lit: set[int]) -> set[int]:
    """Of lit rows or columns that spread too far to show them all, the first."""
    first = min(lit, default=0)
    return {i for i in lit if i < first + CORNER} if max(lit, default=0) >= WHOLE else lit


def _bracketed(shown: Matrix) -> Matrix:
    """The same matrix for a screen without colours: the cell in question has brackets too."""
    styles = [[BRACKETED if style == TARGET else style for style in row] for row in shown.styles]
    return replace(shown, styles=styles)
