"""One cell explained: why, from which matrices, and its sum."""

from dataclasses import replace

from ..exact import Array, approximate, plain
from ..explain import Explanation, argument, written
from ..ops.pool import MaxBackward
from ..plural import Count
from ..problem import Problem
from ..tracing import Factor, Index
from . import reasons
from .blocks import Block, Line, equation, stacked, text, wrapped
from .cellsum import formula_block, term_colour
from .look import Look
from .picture import CORNER, WHOLE, Matrix, plane, plane_title
from .steps import indented

PAIRS = 4
"""So many pairs of matrices are drawn."""
NOTES = 6
"""So many windows that chose another cell are named."""
TARGET, BRACKETED = "done", "pink"
"""The style of the cell in question; without colour, one that has brackets."""


def explanation_block(explanation: Explanation, look: Look) -> Block:
    """Draw the explanation of one cell.

    Parameters
    ----------
    explanation
        Of which cell.
    look
        For what screen.
    """
    width = look.width - 3
    blocks = [
        Block([heading(explanation)]),
        wrapped(reason(explanation), look.width - 1, indent="  "),
        Block([[]]),
        indented(matrices(explanation, Look(width, look.colour))),
        Block([[]]),
    ]
    if explanation.terms:
        blocks += [indented(formula_block(explanation, Look(width, look.colour))), Block([[]])]
    if notes := elsewhere(explanation):
        blocks += [wrapped(note, look.width - 1, "faint", "  ") for note in notes]
        blocks += [Block([[]]), indented(_rivals(explanation, look)), Block([[]])]
    return stacked(blocks)


def heading(explanation: Explanation) -> Line:
    """The cell and its value."""
    value = explanation.value
    written, decimals = explanation.problem.numerals(value), approximate(value)
    if decimals == f"≈ {written}":  # a fraction too long to print: once is enough
        return [(f" {explanation.label} {decimals} ", TARGET)]
    line: Line = [(f" {explanation.label} = {written} ", TARGET)]
    if decimals:
        line.append((f"  {decimals}", "faint"))
    return line


def reason(explanation: Explanation) -> str:
    """Why there are so many terms."""
    known = reasons.REASON.get(explanation.trace.plan.rule, reasons.REASON[""])
    words = reasons.chosen(known, len(explanation.terms) + explanation.gap)
    if explanation.divided_by > 1:
        words += " " + reasons.DIVIDED.format(divisor=explanation.divided_by)
    return words


def elsewhere(explanation: Explanation) -> list[str]:
    """Windows that hold this cell but sent their error to another one."""
    problem, sent = explanation.problem, dict[Factor, list[str]]()
    for term in explanation.elsewhere:
        place = Factor("A_prev", term.target, term.value)
        sent.setdefault(term.left, []).append(written(problem, place))
    notes = []
    for error, cells in list(sent.items())[:NOTES]:
        assert isinstance(problem, MaxBackward)  # in all other operations every cell has its part
        tied = len(problem.winners(error.place))
        words = reasons.ELSEWHERE_TIED[problem.settings["ties"]] if tied > 1 else reasons.ELSEWHERE
        facts = {"error": written(problem, error), "cells": " and ".join(cells), "count": tied}
        notes.append(words.format(**facts))
    if len(sent) > NOTES:
        notes.append(reasons.MORE_LINES.format(count=len(sent) - NOTES))
    return notes


# ---- the matrices ---------------------------------------------------------------------------


def matrices(explanation: Explanation, look: Look) -> Block:
    """The cell's matrix and those that its terms come from, the cells that take part lit."""

    def draw(shown: Matrix) -> Block:
        return look.draw(shown if look.colour else _bracketed(shown))

    target, pairs, left_out = equation_of(explanation)
    parts: list[Block | str] = [draw(target)]
    for k, (left, right) in enumerate(pairs):
        parts.append("+" if k else _equals(explanation))
        factors: list[Block | str] = [draw(left)]
        factors += [] if right is None else ["×", draw(right)]
        parts.append(equation(factors, look.width))
    blocks = [equation(parts, look.width)]
    if left_out:
        blocks.append(text(reasons.MORE_MATRICES.format(count=Count(left_out)), "faint"))
    if explanation.gap:
        blocks.append(text(reasons.BETWEEN, "faint"))
    return stacked(blocks)


def equation_of(explanation: Explanation) -> tuple[Matrix, list[tuple[Matrix, Matrix | None]], int]:
    """The cell's matrix, the pairs that are multiplied for it, and how many are left out."""
    problem, name = explanation.problem, explanation.trace.name
    pairs = _pairs(explanation)
    drawn = [
        (matrix_of(problem, *left), matrix_of(problem, *right) if right else None)
        for left, right in pairs[:PAIRS]
    ]
    target = matrix_of(problem, name, {explanation.cell: TARGET})
    return target, drawn, max(len(pairs) - PAIRS, 0)


def _rivals(explanation: Explanation, look: Look) -> Block:
    """A_prev, with the cell in question and those that were chosen instead of it."""
    leading = explanation.cell[:-2]
    places = [term.target for term in explanation.elsewhere if term.target[:-2] == leading]
    lit = dict.fromkeys(places, "blue") | {explanation.cell: TARGET}
    shown = matrix_of(explanation.problem, "A_prev", lit)
    return look.draw(shown if look.colour else _bracketed(shown))


Lit = tuple[str, dict[Index, str]]
"""A matrix by name, and the styles of those of its cells, all in one plane, that are lit."""


def _pairs(explanation: Explanation) -> list[tuple[Lit, Lit | None]]:
    """The planes that are multiplied, in the order in which the terms need them."""
    pairs: dict[tuple[object, ...], tuple[Lit, Lit | None]] = {}
    for k, term in enumerate(explanation.terms):
        left, right = _cell(explanation, term.left), _cell(explanation, term.right)
        assert left is not None  # a term's left factor is always a cell
        key = (left[0], left[1][:-2], right and right[0], right and right[1][:-2])
        if key not in pairs:
            pairs[key] = (left[0], {}), (right[0], {}) if right else None
        colour = term_colour(k)
        pair = pairs[key]
        pair[0][1].setdefault(left[1], colour)
        if right and pair[1]:
            pair[1][1].setdefault(right[1], colour)
    return list(pairs.values())


def _cell(explanation: Explanation, factor: Factor) -> tuple[str, Index] | None:
    """The cell to light for a factor; none for a plain number or a table of derivatives."""
    name = argument(factor)
    if not name or len(factor.place) > len(_full(explanation.problem, name).shape):
        return None
    return name, factor.place


def _equals(explanation: Explanation) -> str:
    """The sign behind the cell's matrix: `=`, `= 1/4 · Σ`."""
    rights = {term.right for term in explanation.terms}
    share = plain(rights.copy().pop().value) if len(rights) == 1 else ""
    plain_sum = bool(rights) and not any(right.name for right in rights)
    words = ["="]
    if explanation.divided_by > 1:
        words.append(f"1/{explanation.divided_by} ·")
    elif plain_sum and share not in ("", "1"):
        words.append(f"{share} ·")
    if plain_sum and len(explanation.terms) > 1:
        words.append("Σ")
    return " ".join(words)


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
    """A matrix, given or computed, in full rank."""
    if name in problem.arrays:
        return problem.arrays[name]
    return problem.results[name].reshape(problem.trace(name).shape)


def _shown(lit: set[int]) -> set[int]:
    """Of lit rows or columns that spread too far to show them all, the first."""
    first = min(lit, default=0)
    return {i for i in lit if i < first + CORNER} if max(lit, default=0) >= WHOLE else lit


def _bracketed(shown: Matrix) -> Matrix:
    """The same matrix for a screen without colours: the cell in question has brackets too."""
    styles = [[BRACKETED if style == TARGET else style for style in row] for row in shown.styles]
    return replace(shown, styles=styles)
