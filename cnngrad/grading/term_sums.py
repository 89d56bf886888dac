"""Term sums: how many terms a result's cells have, and how large they are, for rounding errors."""

from dataclasses import replace

import numpy as np

from ..core.numbers import Array, approximately
from ..core.problem import Problem
from ..diagnosis.compare import Sums


def term_sums(problem: Problem, name: str, truth: Array) -> Sums:
    """What the cells of a result are summed from; measured by the result's own size at least.

    The absolute values of all numbers that are multiplied give the sum of the terms' absolute
    values. Where only the largest cell of the input counts, as in max pooling, the input stays.

    Examples
    --------
    >>> from cnngrad.layers import operation
    >>> given = {"A_prev": [[1, -1]], "W": [[3, 2]], "dZ": [[1]]}
    >>> problem = operation("conv-backward").problem(given, {})
    >>> term_sums(problem, "dW", problem.results["dW"])
    Sums(terms=1, sizes=array([[1., 1.]]))
    """
    sizes = np.abs(approximately(truth))
    if name not in problem.names:
        return Sums(2, sizes)
    kept = ("A_prev",) if getattr(problem, "mode", "") == "max" else ()
    given = {key: array if key in kept else np.abs(array) for key, array in problem.given.items()}
    summed = replace(problem, given=given).computed(exact=False).results[name]
    if summed.shape == truth.shape:
        sizes = np.maximum(sizes, np.abs(summed))
    plan = problem.trace(name).plan
    middle = tuple(size // 2 for size in plan.shape)
    return Sums(sum(1 for _ in plan.contributors(middle)), sizes)
