"""One step of gradient descent: each parameter before, its gradient, and after."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from ..core.names import gradient_of
from ..core.numbers import Array, Number, rounded_to
from ..core.problem import Problem
from ..core.text import Count, say
from . import sentences
from .blocks import Equation, Note, OutlineBlock, Paragraph
from .step_picture import CORNER, WHOLE_CELLS, Parts, alike, plane, planes

MOST_PLACES = 9
"""Digits behind the point beyond which a change is too small to be shown."""


def descent(
    problem: Problem,
    after: Mapping[str, Array],
    learning_rate: Number,
    shorten: Callable[[Array], Array] = lambda array: array,
) -> Iterator[OutlineBlock]:
    """For W and b: the rule in words, and before − α × gradient = after, plane by plane.

    Parameters
    ----------
    problem
        A backward problem with its parameters.
    after
        The parameters after the step.
    learning_rate
        α.
    shorten
        Leaves digits out, where there is too little room for all.
    """
    rate = problem.numerals(learning_rate, given=True)
    for name, array in after.items():
        full, gradient = problem.arrays[name], problem.results[gradient_of(name)]
        places = _places(full, array.reshape(full.shape))
        new = _shortened(full, array.reshape(full.shape), places, shorten)
        arrays = shorten(full), shorten(gradient.reshape(full.shape)), new
        large = full.size > WHOLE_CELLS
        parts = (
            planes(problem, known, (_corner(shown) if large else shown).tolist())
            for known, shown in zip((name, gradient_of(name), name), arrays, strict=True)
        )
        equations: list[Parts] = [
            [
                plane(name, before[0], before[2], lambda _i, _j: "kernel", given=True),
                f"− {rate} ×",
                plane(gradient_of(name), slope[0], slope[2]),
                "=",
                replace(
                    plane(
                        name,
                        say(sentences.AFTER, name=new[0]),
                        new[2],
                        lambda _i, _j: "done",
                        given=True,
                    ),
                    places=places,
                ),
            ]
            for before, slope, new in zip(*parts, strict=True)  # plane by plane
        ]
        yield Paragraph(say(sentences.DESCENT, name=name, rate=rate))
        for equation in equations:
            yield Equation(alike(equation, problem.numerals))
        if large:
            yield Note(
                say(
                    "Only the first rows and columns of {name} are drawn, as it has"
                    " {cells:# cell|# cells}; --format json has them all, as updated.",
                    name=name,
                    cells=Count(full.size),
                )
            )


def _corner(array: Array) -> Array:
    """The first rows and columns of the first plane of a large matrix."""
    first = array[(slice(1),) * (array.ndim - 2)]
    return first[..., :CORNER, :CORNER] if array.ndim > 1 else first[:CORNER]


def _places(before: Array, after: Array) -> int:
    """Digits behind the point with which no parameter that changes seems to stay what it was."""
    if after.dtype.kind != "f":
        return 0
    with np.errstate(over="ignore"):
        changes = np.abs(after - before.astype(after.dtype))
    least = changes[changes > 0].min(initial=1)
    return min(max(-math.floor(math.log10(least)), 0), MOST_PLACES)


def _shortened(
    before: Array, after: Array, places: int, shorten: Callable[[Array], Array]
) -> Array:
    """The parameters after the step with fewer digits, but not so few as to hide it."""
    short = shorten(after)
    hidden = (short == shorten(before)) & (after != before)
    return rounded_to(after, places) if places and hidden.any() else short
