"""Terms read off a relation: what a cell sends to a gradient, and what makes up a cell of Z."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from .numbers import Array
from .relation import Relation
from .trace import Factor, Index, Term, quotient

MOST_KNOWN = 100_000
"""Cells of a matrix that are kept as factors; beyond, it starts anew."""

ONE = Factor("", (), 1)
"""What a term is multiplied by where it goes on as it is."""


class Factors(dict[Index, Factor]):
    """The cells of a matrix as factors, each made when it is first asked for.

    >>> import numpy as np
    >>> Factors("W", np.array([[2, 3]]))[0, 1]
    Factor(name='W', place=(0, 1), value=3)
    """

    def __init__(self, name: str, array: Array) -> None:
        super().__init__()
        self.name = name
        self.array = array

    def __missing__(self, place: Index) -> Factor:
        if len(self) >= MOST_KNOWN:
            self.clear()
        made = self[place] = Factor(self.name, place, self.array.item(*place))
        return made


Terms = Callable[[Index], list[Term]]


def spread(relation: Relation, space: int, sources: Factors, target: int, others: Factors) -> Terms:
    """What each cell of one space sends to the targets: its value times the cell of the third.

    Parameters
    ----------
    relation
        Which cells meet.
    space, sources
        Where the cells that are worked through lie, and the cells.
    target
        The space of the result.
    others
        The cells of the third space.
    """

    def terms(source: Index) -> list[Term]:
        left = sources[source]
        value = left.value
        return [
            Term(place, left, right, value * right.value)
            for place, other in relation.read(space, source, target)
            for right in (others[other],)
        ]

    return terms


def gathered(
    relation: Relation,
    space: int,
    lefts: Factors,
    first: int,
    rights: Factors,
    bias: Factors | None,
) -> Terms:
    """What makes up each cell of one space: the cells of the two others, multiplied; the bias.

    Parameters
    ----------
    relation
        Which cells meet.
    space
        Where the cells of the result lie.
    lefts, first
        The cells of one of the two others, and which space that is.
    rights
        The cells of the third.
    bias
        One number for each channel of the result, the second of its indices.
    """

    def terms(cell: Index) -> list[Term]:
        made = [
            Term(cell, left, right, left.value * right.value)
            for one, other in relation.read(space, cell, first)
            for left, right in ((lefts[one], rights[other]),)
        ]
        if bias is not None:
            added = bias[cell[1:2]]
            made.append(Term(cell, added, ONE, added.value))
        return made

    return terms


def summed(sources: Factors) -> Terms:
    """What each cell of dZ sends to db: itself, to its channel."""

    def terms(source: Index) -> list[Term]:
        error = sources[source]
        return [Term(source[1:2], error, ONE, error.value)]

    return terms


def share(parts: int) -> Factor:
    """The factor of one part of so many."""
    return Factor("", (), Fraction(1, parts)) if parts > 1 else ONE


def shared(targets: Iterable[Index], error: Factor, parts: int) -> list[Term]:
    """An error in equal parts to each of the targets."""
    part, value = share(parts), quotient(error.value, parts) if parts > 1 else error.value
    return [Term(target, error, part, value) for target in targets]
