"""One step of gradient descent: each parameter before, its gradient, and after."""

from collections.abc import Callable, Iterator, Mapping

from ..exact import Array, Number
from ..problem import Problem
from . import sentences
from .picture import Parts, alike, plane, planes


def descent(
    problem: Problem,
    after: Mapping[str, Array],
    learning_rate: Number,
    shorten: Callable[[Array], Array] = lambda array: array,
) -> Iterator[tuple[str, list[Parts]]]:
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
        full, gradient = problem.arrays[name], problem.results[f"d{name}"]
        parts = (
            planes(problem, name, shorten(full).tolist()),
            planes(problem, f"d{name}", shorten(gradient.reshape(full.shape)).tolist()),
            planes(problem, name, shorten(array.reshape(full.shape)).tolist()),
        )
        equations: list[Parts] = [
            [
                plane(name, before[0], before[2], lambda _i, _j: "kernel", given=True),
                f"− {rate} ×",
                plane(f"d{name}", slope[0], slope[2]),
                "=",
                plane(
                    name,
                    sentences.AFTER.format(name=new[0]),
                    new[2],
                    lambda _i, _j: "done",
                    given=True,
                ),
            ]
            for before, slope, new in zip(*parts, strict=True)
        ]
        written = [alike(parts, problem.numerals) for parts in equations]
        yield sentences.DESCENT.format(name=name, rate=rate), written
