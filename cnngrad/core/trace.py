"""A gradient is a sum of terms; a step is the terms that one cell sends; a trace is all steps.

Everything that the program shows is a view of these three.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from .display import html
from .errors import ShapeError
from .layouts import ordered
from .numbers import Array, Number, index
from .text import say

Index = tuple[int, ...]


class Factor(NamedTuple):
    """A number and where it comes from: a cell of a matrix, or a share such as 1/4."""

    name: str
    """The matrix, or "" for a plain number."""
    place: Index
    value: Number


class Term(NamedTuple):
    """This target cell receives `left × right`."""

    target: Index
    left: Factor
    right: Factor
    value: Number


class Window(NamedTuple):
    """The cells of A_prev that belong to a step; padding is left out."""

    sample: int
    channels: range
    spans: tuple[tuple[int, ...], ...]
    """Along each spatial axis, the last one being the columns."""
    whole: bool = True
    """No part of it lies in the padding, or beyond."""
    among: int = 1
    """So many channels there are, of which it has some."""

    @property
    def rows(self) -> tuple[int, ...]:
        """Along the last axis but one."""
        return self.spans[-2]

    @property
    def columns(self) -> tuple[int, ...]:
        """Along the last axis."""
        return self.spans[-1]


class Step(NamedTuple):
    """All that one cell adds to one gradient: a `+=`."""

    number: int
    """Counted from 1."""
    source: Index
    """The cell of dZ now at work (of the output, for a forward step); () for the closing step."""
    window: Window | None
    terms: list[Term]
    before: list[Number]
    """What each term's target held before this step."""
    totals: list[Any]
    """The whole result after the step, as nested lists. It lives on: copy what you keep."""
    divisor: int = 1
    """N in the closing step, which divides every cell by it."""

    def _repr_html_(self) -> str | None:
        return html("step", self)


class Addition(NamedTuple):
    """What is left of a step where only the numbers matter: no terms, no sums so far."""

    number: int
    source: Index
    window: Window | None
    values: list[Number]
    """What the step adds, in the order of its terms."""
    divisor: int = 1


class Plan(NamedTuple):
    """What an operation says of one of its results, for the trace to run."""

    name: str
    """`dA_prev`, `dW`, `db`, `Z` or `A`."""
    rule: str
    """Names the sentence that tells what a step does."""
    shape: Index
    sources: Index
    """The shape of the matrix whose cells are worked through, one a step."""
    terms: Callable[[Index], list[Term]]
    window: Callable[[Index], Window | None]
    contributors: Callable[[Index], Iterable[Index]]
    """The sources that have a term for this target cell, in the order of the steps."""
    partial_result: Callable[[int], Array]
    """The engine's result from the first k sources alone, not yet divided."""
    divisor: int = 1
    source: str = "dZ"
    """The matrix whose cells are worked through."""
    values: Callable[[Index], list[Number]] | None = None
    """The values of a source's terms alone, where there are so many that terms take long."""
    opening: Callable[[Index], list[Term]] | None = None
    """What a target cell holds before the first step, such as its bias; none where it holds 0."""
    met: Callable[[Index], Iterable[Index]] | None = None
    """The sources whose terms a cell of dZ takes part in, where a step is not a cell of dZ."""

    def terms_of(self, cell: Index) -> Iterator[Term]:
        """The terms that make up one cell, in the order of the steps."""
        yield from self.opening(cell) if self.opening else ()
        for source in self.contributors(cell):
            yield from (term for term in self.terms(source) if term.target == cell)


class Trace:
    """The lazy sequence of steps of one result, with a closing division where there is one.

    Iterate over it as often as you like. `steps(first, last)` starts anywhere without
    running what comes before: the engine supplies the sums up to there.
    """

    problem: object = None
    """The problem that it belongs to, where a notebook needs to know; see `cnngrad.trace`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.name = plan.name
        self.shape = plan.shape
        self.sources = 1
        for size in plan.sources:
            self.sources *= size

    def __repr__(self) -> str:
        return f"<Trace of {self.name}: {len(self)} step{'s' * (len(self) > 1)}>"

    def _repr_html_(self) -> str | None:
        return html("trace", self)

    def __len__(self) -> int:
        return self.sources + (self.plan.divisor > 1)

    def __iter__(self) -> Iterator[Step]:
        return self.steps()

    def steps(self, first: int = 1, last: int | None = None) -> Iterator[Step]:
        """Steps `first` to `last`, counted from 1, both included.

        Raises
        ------
        ShapeError
            `first` is no step.
        """
        last = self._until(first, last)
        known = first > 1 or self.plan.opening is not None
        totals = self.plan.partial_result(first - 1).tolist() if known else _zeros(self.shape)
        for number, source in self._numbered(first, last):
            terms = self.plan.terms(source)
            before = []
            for target, _, _, value in terms:
                *leading, i = target
                row = totals
                for k in leading:
                    row = row[k]
                before.append(row[i])
                row[i] += value
            yield Step(number, source, self.plan.window(source), terms, before, totals)
        if last > self.sources:
            yield self._closing(totals)

    def additions(self, first: int = 1, last: int | None = None) -> Iterator[Addition]:
        """The same steps by their numbers alone: many times faster, where there are very many.

        >>> import cnngrad
        >>> problem = {"op": "conv-backward", "input": [[1, 2], [3, 4]], "kernel": [[5]]}
        >>> trace = cnngrad.trace({**problem, "dz": [[1, -1], [2, 0]]})
        >>> [(step.source, step.values) for step in trace.additions(2, 3)]
        [((0, 0, 0, 1), [-5]), ((0, 0, 1, 0), [10])]
        """
        last = self._until(first, last)
        window, values = self.plan.window, self.plan.values or self._values
        for number, source in self._numbered(first, last):
            yield Addition(number, source, window(source), values(source))
        if last > self.sources:
            yield Addition(len(self), (), None, [], self.plan.divisor)

    def _until(self, first: int, last: int | None) -> int:
        if not 1 <= first <= len(self):
            raise ShapeError(
                say("{name} has no step {first}.", name=self.name, first=first),
                expected=say("1 to {count}: steps are counted from 1", count=len(self)),
            )
        return len(self) if last is None else min(last, len(self))

    def _numbered(self, first: int, last: int) -> Iterator[tuple[int, Index]]:
        """The sources of these steps, each with the number of its step."""
        cells = itertools.product(*map(range, self.plan.sources))
        return enumerate(itertools.islice(cells, first - 1, last), first)

    def _values(self, source: Index) -> list[Number]:
        return [term.value for term in self.plan.terms(source)]

    def _closing(self, totals: list[Any]) -> Step:
        divisor = self.plan.divisor
        divided = _each(totals, lambda value: quotient(value, divisor))
        return Step(len(self), (), None, [], [], divided, divisor)

    def total(self) -> list[Any]:
        """The whole result as nested lists, by running every step."""
        totals: list[Any] = _zeros(self.shape)
        for step in self:
            totals = step.totals
        return totals

    def terms_of(self, cell: Index) -> Iterator[Term]:
        """The terms that make up one cell, in the order of the steps (before the division).

        Raises
        ------
        ShapeError
            There is no such cell.
        """
        if len(cell) != len(self.shape) or not all(
            0 <= i < size for i, size in zip(cell, self.shape, strict=True)
        ):
            raise ShapeError(
                say("{name} has no cell {cell}.", name=self.name, cell=index(cell)),
                expected=say(
                    "an index in its full shape {shape}, counted from 0", shape=self.shape
                ),
            )
        return self.plan.terms_of(cell)

    def filled(self, cell: Index, before: Index) -> bool:
        """Whether an earlier source has already added something to this cell: an overlap."""
        if self.plan.opening is not None and self.plan.opening(cell):
            return True
        first = next(iter(self.plan.contributors(cell)), before)
        return first < before


def quotient(value: Number, divisor: int) -> Number:
    """`value / divisor`, exact where `value` is.

    >>> quotient(6, 2), quotient(1, 4), quotient(0.5, 2)
    (3, Fraction(1, 4), 0.25)
    """
    if isinstance(value, float):
        return value / divisor
    exact = Fraction(value, divisor)
    return exact.numerator if exact.denominator == 1 else exact


def _zeros(shape: Index) -> list[Any]:
    if len(shape) == 1:
        return [0] * shape[0]
    return [_zeros(shape[1:]) for _ in range(shape[0])]


def _each(nested: list[Any], change: Callable[[Number], Number]) -> list[Any]:
    return [_each(cell, change) if isinstance(cell, list) else change(cell) for cell in nested]


def cell_name(name: str, place: Index, given_rank: int) -> str:
    """A cell as the person who gave the matrix would write it; a `Rank` knows the order of axes.

    >>> cell_name("dZ", (0, 0, 1, 1), 2), cell_name("dZ", (0, 0, 1, 1), 4)
    ('dZ[1,1]', 'dZ[0,0,1,1]')
    """
    return name + index(ordered(given_rank).place(place))
