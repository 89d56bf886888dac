"""The digest of a large network: of each gradient the rule, one cell and a corner; a summary."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from ..core.names import gradient_of
from ..core.numbers import Array, Number
from ..core.problem import Problem
from ..core.shapes import by
from ..core.text import Count, say
from ..core.trace import Index, cell_name
from ..pictures import network_sentences as phrases
from ..pictures.blocks import (
    Heading,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Table,
)
from ..pictures.formula import factor, product
from ..pictures.outline import introduction
from ..pictures.step_picture import Matrix, plane
from .passes import Backward, LayerResult
from .rounding import rounded_number, rounded_term, short

LARGE = 4_000
"""Cells of all gradients from which on a network is told as a digest."""
ROWS, COLUMNS = 3, 4
"""Of each matrix, so many of its first rows and columns are drawn."""
TERMS = 4
"""Terms of a sum that are written out."""
LOOKED_THROUGH = 1_000
"""Terms that are gone through to find some that are not 0."""


def is_large(walk: Backward) -> bool:
    """Whether a network has more gradients than anybody reads."""
    return cells_of(walk) > LARGE


def cells_of(walk: Backward) -> int:
    """How many cells its gradients have."""
    return sum(array.size for layer in walk.layers for array in layer.results.values())


def corner(
    problem: Problem,
    name: str,
    array: Array,
    style: str = "",
    *,
    title: str = "",
    given: bool = False,
) -> Matrix:
    """The first rows and columns of a matrix, with its shape in its title."""
    leading = (0,) * max(array.ndim - 2, 0)
    rows = np.atleast_2d(short(array)[leading])[:ROWS, :COLUMNS].tolist()
    shown = plane(
        name,
        f"{title or name} {by(array.shape)}",
        rows,
        lambda _i, _j: style,
        leading=leading,
        vector=array.ndim == 1,
        given=given,
    )
    return replace(shown, loose=True, numerals=problem.numerals)


def layer_digest(result: LayerResult) -> Iterator[OutlineBlock]:
    """One layer: the rule and one cell of each gradient, then the corners of all of them."""
    problem = result.backward
    for name in problem.names:
        yield Paragraph(introduction(problem, problem.trace(name)))
        yield Note(_one_cell(problem, name))
    yield Matrices([corner(problem, name, problem.results[name], "done") for name in problem.names])


def _one_cell(problem: Problem, name: str) -> str:
    """The greatest cell of a gradient with the first of its terms that are not 0."""
    trace, write = problem.trace(name), problem.numerals
    full = problem.results[name].reshape(trace.shape)
    place = greatest(full)
    looked = islice(trace.terms_of(place), LOOKED_THROUGH)
    terms = list(islice((term for term in looked if term.value), TERMS + 1))
    words = [product(rounded_term(term), write) for term in terms[:TERMS]]
    sum_ = " + ".join(words) or "0"
    if len(terms) > TERMS:
        sum_ = f"{sum_} + …"
    if trace.plan.divisor > 1:
        sum_ = f"({sum_}) / {trace.plan.divisor}"
    value = write(rounded_number(full.item(*place)))
    cell = cell_name(name, place, problem.ranks[name])
    written = value if sum_ == value else f"{sum_} ≈ {value}"
    return say(phrases.FOR_INSTANCE, cell=cell, sum=written)


def greatest(array: Array) -> Index:
    """The place of the cell that is greatest in size."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(np.abs(array))), array.shape))


def step_digest(walk: Backward, rate: Number) -> Iterator[OutlineBlock]:
    """The first cell of each parameter before and after the step."""
    write, lines = walk.numerals, []
    for result in walk.layers:
        for name, array in result.updated(rate).items():
            place = (0,) * array.ndim
            facts = (result.spec.parameters[name], result.results[gradient_of(name)], array)
            before, slope, after = (rounded_number(a.item(*place)) for a in facts)
            cell = f"{result.spec.name}.{cell_name(name, place, array.ndim)}"
            change = f"{write(rate, given=True)}·{factor(slope, write)}"
            lines.append(f"{cell} := {write(before)} − {change} ≈ {write(after)}")
    yield Sums(lines)


def summary(walk: Backward) -> Iterator[OutlineBlock]:
    """Every gradient in a line, and how to see more."""
    rows = []
    for result in walk.layers:
        for name, array in result.results.items():
            place = greatest(array)
            value = walk.numerals(rounded_number(array.item(*place)))
            at = cell_name(name, place, array.ndim).removeprefix(name)
            rows.append((f"{result.spec.name}.{name}", by(array.shape), value, at))
    yield Heading(HeadingLevel.PART, say("all gradients"))
    yield Table((say("gradient"), say("shape"), say("greatest in size"), say("at")), rows)
    layer = next((r.spec.name for r in walk.layers if r.spec.parameters), walk.layers[0].spec.name)
    yield Note(
        say(
            "Only corners are drawn, as there are {cells:# cell|# cells}. Every step of a layer:"
            " --layer {layer}. Its numbers: --layer {layer} --format csv. All of them:"
            " --output FILE.json, .csv or .npz.",
            cells=Count(cells_of(walk)),
            layer=layer,
        )
    )
