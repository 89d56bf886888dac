"""Literals of code: arrays and numbers of a problem as Python writes them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ...core.errors import UsageError
from ...core.numbers import Array
from ...core.problem import Problem
from ...core.shapes import Axis
from ...core.text import say

MAX_CELLS = 20_000
"""Numbers that code spells out; a problem with more is better loaded from files."""


def number(value: Any) -> str:
    """A number in code.

    >>> number(Fraction(1, 4)), number(Fraction(1, 3)), number(-2)
    ('0.25', '1 / 3', '-2')
    """
    if not isinstance(value, Fraction):
        return repr(value)
    near = float(value)
    return (
        repr(near) if Fraction(repr(near)) == value else f"{value.numerator} / {value.denominator}"
    )


def nested(array: Array, indent: str = "") -> str:
    """An array as nested lists, a line for each row where there are several.

    >>> import numpy as np
    >>> nested(np.array([1, 2])), nested(np.array([[1, 2]]))
    ('[1, 2]', '[[1, 2]]')
    """
    if array.ndim < 2:
        return f"[{', '.join(number(cell) for cell in array.tolist())}]"
    inner = f"{indent} "
    parts = [nested(part, inner) for part in array]
    separator = f",\n{inner}"
    return f"[{separator.join(parts)}]"


def check_size(problem: Problem) -> None:
    """Refuse a problem whose numbers would fill a file of code.

    Raises
    ------
    UsageError
        They would, or there is no code for this kind of operation.
    """
    cells = sum(array.size for array in problem.given.values())
    if cells > MAX_CELLS:
        raise UsageError(
            say("There are too many numbers to be spelled out in code."),
            found=say("{cells} numbers", cells=cells),
            expected=say("at most {most}", most=MAX_CELLS),
            fix=say("write the results with --output FILE.npz"),
        )


def refuse(problem: Problem) -> UsageError:
    """That there is no code for an operation."""
    return UsageError(
        say("There is no code for {op} of this kind.", op=problem.op),
        expected=say(
            "convolution or pooling in two dimensions, a dense layer, or batch normalisation"
        ),
    )


def spans(lines: tuple[Axis, ...]) -> Iterator[tuple[int, int]]:
    """Padding at both ends of each axis, as far as the last window reaches or cells were padded."""
    for line in lines:
        reach = line.start(line.out - 1) + line.extent - line.size
        yield line.before, max(line.after, reach, 0)
