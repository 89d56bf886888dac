"""Steps as lines of CSV, streamed: one line a step."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ..core.problem import Problem
from ..core.sliding import axis_names
from ..core.trace import cell_name

HEADER = "gradient,step,cell,value,sample,channels,AXES,adds\n"


def step_rows(
    problem: Problem,
    names: Sequence[str],
    ranges: Callable[[int], list[tuple[int, int]]],
) -> Iterator[str]:
    """A header, then one line for each chosen step of each result.

    `adds` holds the values that the step adds, in the order of its window, separated by
    blanks; in a closing step, `value` is the number that everything is divided by.
    """
    axes = axis_names(problem.dims)
    yield HEADER.replace("AXES", ",".join(axes))
    nowhere = "," * (1 + len(axes))
    for name in names:
        trace = problem.trace(name)
        source_matrix, cells = problem.source_matrix(trace)
        rank = problem.ranks[source_matrix]
        for first, last in ranges(len(trace)):
            for number, source, window, values, divisor in trace.additions(first, last):
                if divisor > 1:
                    yield f"{name},{number},divided by,{divisor},{nowhere},\n"
                    continue
                place = nowhere
                if window is not None:
                    spans = ",".join(map(_listed, window.spans))
                    place = f"{window.sample},{_listed(window.channels)},{spans}"
                value: Any = cells
                for i in source:
                    value = value[i]
                cell = cell_name(source_matrix, source, rank)
                adds = " ".join([str(added + 0) for added in values])  # -0.0 + 0 is 0.0
                yield f'{name},{number},"{cell}",{value},{place},{adds}\n'


@lru_cache(maxsize=4096)  # every line of windows has the same columns
def _listed(cells: range | tuple[int, ...]) -> str:
    return " ".join(map(str, cells))
