"""What people call from Python besides the layers themselves: the steps of a problem."""

from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any

from .core.errors import UsageError, nearest
from .core.problem import Problem
from .core.text import say, series
from .core.trace import Trace
from .files import Source, read_problem
from .files.problem_reader import problem_of


def trace(problem: Problem | str | PathLike[str] | Mapping[str, Any], name: str = "") -> Trace:
    """The steps of one result, which a notebook shows.

    Parameters
    ----------
    problem
        A `Problem`, the path of a problem file, or what such a file would hold as a dict; its
        matrices may be arrays.
    name
        Which result, such as `dW`; the first one unless given.

    Returns
    -------
    Trace
        To be shown, or iterated over: the steps are worked out as they are asked for.

    Raises
    ------
    CnngradError
        The problem cannot be read or has no such result.

    Examples
    --------
    >>> problem = {"op": "conv-backward", "input": [[1, 2], [3, 4]], "kernel": [[5]]}
    >>> steps = trace({**problem, "dz": [[1, 0], [0, 1]]}, "dW")
    >>> steps
    <Trace of dW: 4 steps>
    >>> steps.total()
    [[[[5]]]]
    """
    if not isinstance(problem, Problem):
        problem = _read(problem).computed()
    if name and name not in problem.names:
        raise UsageError(
            say("{op} has no result {name}.", op=problem.op, name=name),
            expected=series(problem.names),
            fix=nearest(name, problem.names),
        )
    steps = problem.trace(name or problem.names[0])
    steps.problem = problem
    return steps


def _read(problem: str | PathLike[str] | Mapping[str, Any]) -> Problem:
    if not isinstance(problem, Mapping):
        return read_problem(fspath(problem)).problem()
    held = {
        key: value.tolist() if hasattr(value, "tolist") else value for key, value in problem.items()
    }
    return problem_of(held, Source("the problem", ".json", b"")).problem()
