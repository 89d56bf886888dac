"""Why a cell is what it is: the terms that make it up, and the way back from a given cell.

>>> from cnngrad.layers import operation
>>> given = {"A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "W": [[0, 1], [2, 3]]}
>>> given["dZ"] = [[-1, -2], [-3, -4]]
>>> problem = operation("conv-backward").problem(given, {})
>>> why = explain(problem, "dA_prev[1,1]")
>>> why.value, [term.value for term in why.terms]
(-10, [-3, -4, -3, 0])
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .errors import UsageError, nearest
from .layouts import ordered
from .names import gradient_of, matrix_of
from .numbers import Number, index
from .problem import Problem
from .shapes import by
from .text import Count, say, series
from .trace import Factor, Index, Term, Trace, cell_name

WORK = 500_000
"""Terms that are gone through for one cell unless told otherwise."""
MAX_END_TERMS = 40
"""Where a sum is too long for that: so many sources from either end."""

_CELL = re.compile(r"\s*(?:.+\.)?([A-Za-z_]\w*)\s*((?:\[\s*\d+\s*(?:,\s*\d+\s*)*\]\s*)+)")


class Cell(NamedTuple):
    """A cell of a matrix, given or computed."""

    name: str
    place: Index
    """In the rank of what was given."""


@dataclass(frozen=True)
class Explanation:
    """One computed cell as a sum of terms."""

    problem: Problem
    """The problem that it is a result of: a backward one, or its forward one."""
    trace: Trace
    cell: Index
    """In full rank."""
    terms: tuple[Term, ...]
    """In the order of the steps; of a very long sum, from its two ends."""
    head: int
    """So many of them come before the gap, where there is one."""
    gap: int
    """Sources in the gap, each with its terms: 0 where all terms are here."""
    elsewhere: tuple[Term, ...]
    """Terms of sources that reach this cell but chose another, as in max pooling."""

    @property
    def label(self) -> str:
        """The cell as a person writes it."""
        return cell_name(self.trace.name, self.cell, self.problem.ranks[self.trace.name])

    @property
    def value(self) -> Number:
        """What the engine says that the cell is."""
        full = self.problem.results[self.trace.name].reshape(self.trace.shape)
        value: Number = full.item(*self.cell)
        return value

    @property
    def divided_by(self) -> int:
        """N where the sum is divided by the number of samples, else 1."""
        return self.trace.plan.divisor

    @cached_property
    def total(self) -> Number:
        """The sum before the division."""
        if not self.gap:
            return sum((term.value for term in self.terms), 0)
        total: Number = self.trace.plan.partial_result(self.trace.sources).item(*self.cell)
        return total


class Use(NamedTuple):
    """What a given cell does for one cell of the output, and what it receives for it."""

    output: Factor
    """The cell of dZ (of dA_prev, for the derivative of an activation) that answers."""
    forward: Term | None
    """The term of the output in which the cell takes part."""
    backward: tuple[Term, ...]
    """The terms that come back to the cell."""


@dataclass(frozen=True)
class Influence:
    """Where a given cell goes, and so where its gradient comes from."""

    problem: Problem
    name: str
    cell: Index
    """In full rank."""
    value: Number
    uses: tuple[Use, ...]
    """One for each cell of the output; empty for a cell of dZ."""
    output: str
    """The matrix whose cells it feeds: `Z`, or `A_prev` where an activation was given the cell."""
    sends: Mapping[str, tuple[Term, ...]]
    """For a cell of dZ: the terms that it sends to each gradient."""
    gradient: Explanation | None
    """Of the cell itself, where there is an error to know it from."""

    @property
    def label(self) -> str:
        """The cell as a person writes it."""
        return cell_name(self.name, self.cell, self.problem.ranks[self.name])

    @cached_property
    def forward(self) -> Problem:
        """The problem that knows both the cell and what it feeds."""
        ahead = forward_of(self.problem)
        return ahead if self.output in ahead.names else self.problem


def written(problem: Problem, factor: Factor) -> str:
    """A factor as a person writes it.

    A function of a matrix is a matrix itself: `relu'(Z_prev)[0,1]`. The derivative of the
    softmax has an index more: `softmax'(Z_prev)[0,2,1]`.
    """
    if not factor.name:
        return str(factor.value)
    return cell_name(factor.name, factor.place, rank_of(problem, factor.name))


def rank_of(problem: Problem, name: str) -> int:
    """The rank in which a matrix is shown; that of a function follows from its argument's."""
    inside = argument(name)
    if name not in problem.derived:
        return problem.ranks[inside]
    more = problem.derived[name].ndim - problem.arrays[inside].ndim
    return problem.ranks[inside] + more


def argument(name: str) -> str:
    """The matrix itself, or the one that it is a function of: `Z_prev` of `relu'(Z_prev)`."""
    return name.rpartition("(")[2].rstrip(")")


def is_cell(text: str) -> bool:
    """Whether a text reads like a cell, perhaps with a layer's name and a dot before it.

    >>> is_cell("dA_prev[1,1]"), is_cell("conv1.dW[0,1]"), is_cell("problem.json")
    (True, True, False)
    """
    return _CELL.fullmatch(text) is not None


def read_cell(text: str) -> Cell:
    """Read a cell as people write it.

    Raises
    ------
    UsageError
        It is none.

    Examples
    --------
    >>> read_cell("dA_prev[1,1]"), read_cell("dW[0][1]").place
    (Cell(name='dA_prev', place=(1, 1)), (0, 1))
    """
    match = _CELL.fullmatch(text)
    if match is None:
        raise UsageError(
            say("This names no cell."),
            found=text,
            expected=say("a name and the indices, counted from 0, such as dA_prev[1,1] or db[0]"),
        )
    return Cell(match[1], tuple(map(int, re.findall(r"\d+", match[2]))))


def explain(problem: Problem, text: str, whole: bool = False) -> Explanation:
    """Work out which terms make up one cell of a result.

    Parameters
    ----------
    problem
        What is asked. The output of a backward problem's forward pass can be explained too.
    text
        The cell, such as `dA_prev[1,1]`, in the rank of what was given.
    whole
        Collect all terms, however many there are; else only the two ends of a very long sum.

    Raises
    ------
    UsageError
        There is no such cell, or it is given rather than computed.
    """
    wanted = read_cell(text)
    owner = _owner(problem, wanted)
    trace = owner.trace(wanted.name)
    cell = _full(owner, wanted, trace.shape)
    return explain_cell(owner, trace, cell, None if whole else WORK)


def explain_cell(
    problem: Problem, trace: Trace, cell: Index, work: int | None = WORK
) -> Explanation:
    """Explain a cell of which trace and place in full rank are known.

    Parameters
    ----------
    problem, trace, cell
        Which one.
    work
        Terms that may be gone through; beyond, only the two ends of the sum are looked at.
    """
    sources = list(trace.plan.contributors(cell))
    head = tail = sources
    each = len(trace.plan.terms(sources[0])) if sources else 0
    if work is not None and len(sources) > 2 * MAX_END_TERMS and len(sources) * each > work:
        head, tail = sources[:MAX_END_TERMS], sources[-MAX_END_TERMS:]
    first, elsewhere = _terms(trace, cell, head)
    first = [*(trace.plan.opening(cell) if trace.plan.opening else ()), *first]
    last, more = ([], []) if head is sources else _terms(trace, cell, tail)
    gap = 0 if head is sources else len(sources) - 2 * MAX_END_TERMS
    return Explanation(problem, trace, cell, (*first, *last), len(first), gap, (*elsewhere, *more))


def _terms(trace: Trace, cell: Index, sources: list[Index]) -> tuple[list[Term], list[Term]]:
    """The terms for this cell, and those of sources that have none for it."""
    own: list[Term] = []
    elsewhere: list[Term] = []
    for source in sources:
        terms = trace.plan.terms(source)
        mine = [term for term in terms if term.target == cell]
        own += mine
        elsewhere += [] if mine else terms
    return own, elsewhere


def feeds(problem: Problem, text: str) -> Influence:
    """Follow a given cell (of A_prev, W, b or dZ) to the output and back.

    Raises
    ------
    UsageError
        There is no such cell, or it is computed rather than given.
    """
    wanted = read_cell(text)
    _check_given(problem, wanted.name)
    cell = _full(problem, wanted, problem.arrays[wanted.name].shape)
    value: Number = problem.arrays[wanted.name].item(*cell)
    if wanted.name == "dZ":
        sent = {name: _sent(problem, name, cell) for name in problem.names}
        sends = {name: terms for name, terms in sent.items() if terms}
        return Influence(problem, "dZ", cell, value, (), "", sends, None)
    backward = (problem if "dZ" in problem.arrays else _with_error(problem)).by_all_ways
    trace = backward.trace(gradient_of(wanted.name))
    uses = tuple(_uses(backward, trace, wanted.name, cell))
    gradient = None
    if "dZ" in problem.arrays:
        gradient = explain_cell(problem, problem.trace(gradient_of(wanted.name)), cell)
    output = fed_through(problem, trace)
    return Influence(problem, wanted.name, cell, value, uses, output, {}, gradient)


def fed_through(problem: Problem, trace: Trace) -> str:
    """The matrix whose errors come back to the cells of a gradient: mostly the output.

    What an activation was given feeds the matrix that the activation made.
    """
    source = trace.plan.source
    computed = source in problem.names and source != trace.name
    return matrix_of(source) if computed else forward_of(problem).output_name


def _sent(problem: Problem, name: str, source: Index) -> tuple[Term, ...]:
    """The terms of a gradient in which a cell of dZ takes part."""
    trace = problem.trace(name)
    met = trace.plan.met
    sources = met(source) if met else [source] if _fits(trace, source) else []
    terms = (term for one in sources for term in trace.plan.terms(one))
    return tuple(term for term in terms if _takes_part(term, "dZ", source))


def _takes_part(term: Term, name: str, cell: Index) -> bool:
    return (name, cell) in (term.left[:2], term.right[:2])


def _uses(problem: Problem, trace: Trace, name: str, cell: Index) -> Iterator[Use]:
    ahead = forward_of(problem)
    onward = ahead.trace(ahead.output_name)
    if onward.plan.source != "dZ":
        yield from _scattered_uses(problem, trace, onward, name, cell)
        return
    for source in trace.plan.contributors(cell):
        terms = trace.plan.terms(source)
        mine = tuple(term for term in terms if term.target == cell)
        known = onward.plan.terms(source) if _fits(onward, source) else ()
        ahead_term = next((term for term in known if _takes_part(term, name, cell)), None)
        if mine or ahead_term:
            yield Use(terms[0].left, ahead_term, mine)


def _scattered_uses(
    problem: Problem, trace: Trace, onward: Trace, name: str, cell: Index
) -> Iterator[Use]:
    """The same where a forward step spreads one cell of the input over many of the output."""
    errors = problem.as_factors["dZ"]
    for source in trace.plan.contributors(cell):
        ahead: dict[Index, Term] = {}
        known = onward.plan.terms(source) if _fits(onward, source) else []
        if trace.plan.source == "dZ" and onward.plan.opening:  # a bias, with which it begins
            known = onward.plan.opening(source)
        ahead = {term.target: term for term in known if _takes_part(term, name, cell)}
        back: dict[Index, list[Term]] = {}
        for term in trace.plan.terms(source):
            if term.target == cell:
                error = term.left if term.left.name == "dZ" else term.right
                back.setdefault(error.place, []).append(term)
        for place in dict.fromkeys([*ahead, *back]):
            yield Use(errors[place], ahead.get(place), tuple(back.get(place, ())))


def _fits(trace: Trace, source: Index) -> bool:
    """Whether a place lies in the matrix whose cells a trace works through."""
    sizes = trace.plan.sources
    return len(sizes) == len(source) and all(i < n for i, n in zip(source, sizes, strict=True))


def forward_of(problem: Problem) -> Problem:
    """The forward problem of a backward one; a forward problem is its own."""
    kind = type(problem).forward
    if kind is None:
        return problem
    given = {o.name: problem.given[o.name] for o in kind.operands if o.name in problem.given}
    known = {setting.name for setting in kind.options}
    settings = {name: value for name, value in problem.settings.items() if name in known}
    return kind(given, settings, problem.title, problem.notation_choice)


def _with_error(problem: Problem) -> Problem:
    """The backward problem of a forward one, with an error of zeros: to know which cells meet."""
    name = problem.output_name
    zeros = np.zeros(problem.shapes[name], np.int64)
    backward = type(problem).backward
    assert backward is not None
    return backward({**problem.given, "dZ": zeros}, problem.settings, problem.title)


def _owner(problem: Problem, wanted: Cell) -> Problem:
    """The problem, forward or backward, that computes this matrix."""
    if wanted.name in problem.names:
        return problem
    ahead = forward_of(problem)
    if wanted.name in ahead.names:
        return ahead
    known = list(dict.fromkeys((*problem.names, *ahead.names)))
    if wanted.name in problem.given:
        raise UsageError(
            say("{name} is given, not computed.", name=wanted.name),
            expected=say("a cell of {known}", known=series(known)),
            fix=say(
                "--reverse '{name}{place}' shows what this cell feeds",
                name=wanted.name,
                place=index(wanted.place),
            ),
        )
    if wanted.name in ("dA_prev", "dW", "db") and "dZ" not in problem.given:
        raise UsageError(
            say("{name} needs an error to come from, and no dZ is given.", name=wanted.name),
            expected=say("--dz, or the key dz in the problem file"),
        )
    raise UsageError(
        say("This problem has no {name}.", name=wanted.name),
        expected=say("a cell of {known}", known=series(known)),
        fix=nearest(wanted.name, known),
    )


def _check_given(problem: Problem, name: str) -> None:
    computed = problem.names if "dZ" in problem.arrays else _with_error(problem).names
    known = [given for given in problem.given if given == "dZ" or gradient_of(given) in computed]
    if name in known:
        return
    if name in (*problem.names, *forward_of(problem).names):
        raise UsageError(
            say("{name} is computed, not given.", name=name),
            expected=say("a cell of {known}", known=series(known)),
            fix=say("without --reverse, its cells are explained"),
        )
    raise UsageError(
        say("This problem is given no {name}.", name=name),
        expected=say("a cell of {known}", known=series(known)),
        fix=nearest(name, known),
    )


def _full(problem: Problem, wanted: Cell, shape: Index) -> Index:
    """The place in full rank of a cell that a person named."""
    name, place = wanted
    rank = problem.ranks[name]
    shown = ordered(rank).place(shape)
    example = name + index(tuple(min(1, size - 1) for size in shown))
    last = name + index(tuple(size - 1 for size in shown))
    if len(place) != rank:
        raise UsageError(
            say(
                "{name} has {rank:# index|# indices}.",
                name=name,
                rank=Count(rank),
            ),
            found=f"{name}{index(place)}: {len(place)}",
            expected=say(
                "{name} is {shape}: a cell such as {example}",
                name=name,
                shape=by(shown),
                example=example,
            ),
        )
    if any(i >= size for i, size in zip(place, shown, strict=True)):
        raise UsageError(
            say("{name} has no such cell.", name=name),
            found=name + index(place),
            expected=say(
                "{name} is {shape}: its last cell is {last}, counted from 0",
                name=name,
                shape=by(shown),
                last=last,
            ),
        )
    return ordered(rank).full(place, len(shape))
