"""What there is to say of one cell while the steps go by: its formula, as far as it has come."""

from functools import lru_cache

from ...core.explanation import Explanation, explain_cell, fed_through, written
from ...core.names import gradient_of
from ...core.numbers import Number
from ...core.problem import Problem
from ...core.text import say
from ...core.trace import Factor, Index, Term
from ...pictures.formula import product
from ...pictures.theme import step_colour
from ..terminal.cell_formula import formula_block, letters
from ..terminal.display import Display
from ..terminal.explanation import elsewhere
from ..terminal.influence import listed
from ..terminal.layout import Block, stacked, wrapped
from . import words
from .navigator import CellRef, Navigator

QUICK = 20_000
"""Terms that are gone through while the mouse moves."""
MAX_END_TERMS = 5
"""Terms of a sum too long to go through that are written out, from its two ends."""
SHOWN = 8
"""Terms of a sum that are written out, so that all three lines find room below a step."""


def cell_block(walk: Navigator, spot: CellRef, look: Display) -> tuple[str, Block]:
    """A title and the formula of a cell.

    Parameters
    ----------
    walk
        Terms of the steps that have been are plain, that of this step is coloured, and those
        to come are faint.
    spot
        The cell.
    look
        For what screen.
    """
    problem = walk.problem
    label = written(problem, Factor(spot.name, spot.place, 0))
    if spot.name == walk.trace.name:
        explanation = _explained(problem, spot.name, spot.place)
        return _so_far(walk, explanation), _formula(walk, explanation, look)
    value = _value(problem, spot)
    if value is None:
        return label, Block([])
    title = say(words.FINISHED, cell=label, value=problem.numerals(value, given=True))
    gradient = gradient_of(spot.name)
    if gradient in problem.names:
        explanation = _explained(problem, gradient, spot.place)
        count = len(explanation.terms) + explanation.gap
        output = fed_through(problem, explanation.trace)
        told = words.feeds(count, cell=label, output=output, gradient=explanation.label)
        return title, stacked([wrapped(told, look.width), _formula(walk, explanation, look)])
    if spot.name == walk.trace.plan.source:
        terms = walk.trace.plan.terms(spot.place)
        told = words.sent(len(terms), cell=label, name=walk.trace.name)
        sent = listed(problem, walk.trace.name, terms, Display(look.width + 3, look.colour))
        return title, stacked([wrapped(told, look.width), sent])
    return title, Block([])


def _value(problem: Problem, spot: CellRef) -> Number | None:
    """The number of a cell that is given, or a result; None for another matrix."""
    if spot.name in problem.arrays:
        given: Number = problem.arrays[spot.name].item(*spot.place)
        return given
    if spot.name in problem.names:
        return _explained(problem, spot.name, spot.place).value
    return None


@lru_cache(maxsize=256)
def _explained(problem: Problem, name: str, cell: Index) -> Explanation:
    return explain_cell(problem, problem.trace(name), cell, QUICK)


def _so_far(walk: Navigator, explanation: Explanation) -> str:
    """The cell, what it holds after this step, and what it will hold in the end."""
    write = explanation.problem.numerals
    value = write(explanation.value)
    if explanation.gap and walk.number < len(walk.trace):
        return say(words.IN_THE_END, cell=explanation.label, value=value)
    if explanation.gap or not walk.step.source:
        return say(words.FINISHED, cell=explanation.label, value=value)
    now: Number = 0
    for term in explanation.terms:
        if _source(explanation, term) <= walk.step.source:
            now += term.value
    if walk.number == len(walk.trace):
        return say(words.FINISHED, cell=explanation.label, value=value)
    return say(words.SO_FAR, cell=explanation.label, value=value, now=write(now))


def _formula(walk: Navigator, explanation: Explanation, look: Display) -> Block:
    if not explanation.terms:
        notes = [wrapped(note, look.width) for note in elsewhere(explanation)]
        return stacked([wrapped(say(words.NOTHING), look.width), *notes])

    def style(term: Term) -> str:
        source, now = _source(explanation, term), walk.step.source
        if source == now:
            return step_colour(walk.number)
        return "" if not now or source < now else "faint"

    if explanation.gap:
        mine = [term for term in walk.step.terms if term.target == explanation.cell]
        same = explanation.trace.name == walk.trace.name
        added = [wrapped(_added(explanation, term), look.width) for term in mine if same]
        return stacked([*added, formula_block(explanation, look, style, MAX_END_TERMS)])
    sources = [_source(explanation, term) for term in explanation.terms]
    now = walk.step.source or sources[-1]
    near = max(sum(source <= now for source in sources) - 1, 0)
    return formula_block(explanation, look, style, SHOWN, near)


def _added(explanation: Explanation, term: Term) -> str:
    left, write = letters(explanation.problem, term), explanation.problem.numerals
    return say(words.ADDS, letters=left, numbers=product(term, write), value=write(term.value))


def _source(explanation: Explanation, term: Term) -> Index:
    """The source of the step that a term belongs to."""
    if term.left.name == explanation.trace.plan.source:
        return term.left.place
    return term.target
