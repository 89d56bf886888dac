"""One step of gradient descent: each parameter before, its gradient, and after."""

from collections.abc import Iterator, Mapping

from ..exact import Array, Number, plain
from ..problem import Problem
from . import sentences
from .picture import Parts, plane, planes


def descent(
    problem: Problem, after: Mapping[str, Array], learning_rate: Number
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
    """
    rate = plain(learning_rate, given=True)
    for name, array in after.items():
        full = problem.arrays[name]
        parts = (
            planes(problem, name, full.tolist()),
            planes(problem, f"d{name}", problem.results[f"d{name}"].reshape(full.shape).tolist()),
            planes(problem, name, array.reshape(full.shape).tolist()),
        )
        equations: list[Parts] = [
            [
                plane(name, before[0], before[2], lambda _i, _j: "kernel", given=True),
                f"− {rate} ×",
                plane(f"d{name}", slope[0], slope[2]),
                "=",
                plane(name, sentences.AFTER.format(name=new[0]), new[2], lambda _i, _j: "done"),
            ]
            for before, slope, new in zip(*parts, strict=True)
        ]
        yield sentences.DESCENT.format(name=name, rate=rate), equations
