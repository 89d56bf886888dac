"""Where a given cell goes, and what comes back to it."""

from collections.abc import Sequence

from ...core.explanation import Influence, written
from ...core.problem import Problem
from ...core.text import say
from ...core.trace import Factor, Index, Term
from ...pictures import reasons
from ...pictures.formula import product
from .cell_formula import letters, named, term_colour
from .display import Display
from .explanation import explanation_block, matrix_of, times
from .layout import Block, Line, equation, flow, indented, stacked, text, wrapped

LINES = 16
"""Terms that are listed."""
PLANES = 4
"""Planes that are drawn of each matrix."""
CELL, BRACKETED = "kernel", "pink"
"""The style of the cell in question; without colour, one that has brackets."""


def feeding_block(influence: Influence, look: Display, layer: str = "") -> Block:
    """Draw what a given cell feeds, and what comes back to it.

    Parameters
    ----------
    influence
        Of which cell.
    look
        For what screen.
    layer
        Of which layer of a network.
    """
    value = influence.problem.numerals(influence.value, given=True)
    heading: Line = [(f" {named(influence.label, layer)} = {value} ", CELL)]
    blocks = [Block([heading])]
    if influence.name == "dZ":
        for name, terms in influence.sends.items():
            blocks += [_sent(influence, name, terms, look), Block([[]])]
        return stacked(blocks)
    blocks += [*_fed(influence, look), Block([[]])]
    if influence.gradient is not None:
        count = len(influence.gradient.terms)
        blocks.append(wrapped(reasons.chosen(reasons.RETURNS, count), look.width - 1, indent="  "))
        blocks += [Block([[]]), explanation_block(influence.gradient, look, layer)]
    return stacked(blocks)


def _fed(influence: Influence, look: Display) -> list[Block]:
    """The cells of the output in which the cell takes part."""
    forward, output = influence.forward, influence.output
    sentence = reasons.chosen(reasons.FEEDS, len(influence.uses), output=output)
    blocks = [wrapped(sentence, look.width - 1, indent="  "), Block([[]])]
    targets = [use.output.place for use in influence.uses]
    blocks.append(_drawn(forward, [(influence.name, [influence.cell]), (output, targets)], look))
    terms = [use.forward for use in influence.uses if use.forward]
    return [*blocks, *([Block([[]]), listed(forward, output, terms, look)] if terms else [])]


def _sent(influence: Influence, name: str, terms: Sequence[Term], look: Display) -> Block:
    """The terms that a cell of dZ sends to one gradient."""
    problem = influence.problem
    sentence = reasons.chosen(reasons.SENDS, len(terms), name=name)
    others = [term.right if term.left.name == influence.name else term.left for term in terms]
    met = [factor.place for factor in others if factor.name]
    matrices = [(influence.name, [influence.cell]), (others[0].name if others else "", met)]
    matrices.append((name, [term.target for term in terms]))
    return stacked(
        [
            wrapped(sentence, look.width - 1, indent="  "),
            Block([[]]),
            _drawn(problem, [(called, cells) for called, cells in matrices if cells], look),
            Block([[]]),
            listed(problem, name, terms, look),
        ]
    )


def _drawn(problem: Problem, matrices: Sequence[tuple[str, list[Index]]], look: Display) -> Block:
    """Matrices from left to right, the way that the numbers go."""
    narrow = Display(look.width - 3, look.colour)
    parts: list[Block | str] = []
    for name, cells in matrices:
        planes: dict[Index, dict[Index, str]] = {}
        for k, cell in enumerate(cells):
            colour = term_colour(k)
            if name == matrices[0][0]:
                colour = CELL if look.colour else BRACKETED
            planes.setdefault(cell[:-2], {})[cell] = colour
        if parts:
            parts.append("→" if name == matrices[-1][0] else times(problem, name))
        parts += [
            narrow.draw(matrix_of(problem, name, lit)) for lit in list(planes.values())[:PLANES]
        ]
    return indented(equation(parts, narrow.width))


def listed(problem: Problem, name: str, terms: Sequence[Term], look: Display) -> Block:
    """What each cell receives: `Z[0,0] += A_prev[1,1]·W[1,1] = 4·3 = 12`; a maximum is itself."""
    sign = "=" if problem.trace(name).plan.rule == "max.A" else "+="
    lines = []
    for term in terms[:LINES]:
        target = written(problem, Factor(name, term.target, 0))
        numbers = product(term, problem.numerals)
        steps = [letters(problem, term), numbers]
        if numbers != problem.numerals(term.value):
            steps.append(problem.numerals(term.value))
        lines.append(wrapped(f"{target} {sign} {' = '.join(steps)}", look.width - 3))
    if len(terms) > LINES:
        more = f"{len(terms) - LINES:,}"
        lines.append(text(say(reasons.MORE_LINES, count=more), "faint"))
    return indented(flow(lines, look.width - 3, gap=4, between=0))
