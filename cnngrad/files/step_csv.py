"""Steps as lines of CSV, streamed: one line a step."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ..core.problem import Problem
from ..core.trace import cell_name

HEADER = "gradient,step,cell,value,sample,channels,rows,columns,adds\n"


def step_rows(
    problem: Problem,
    names: Sequence[str],
    ranges: Callable[[int], list[tuple[int, int]]],
) -> Iterator[str]:
    """A header, then one line for each chosen step of each result.

    `adds` holds the values that the step adds, in the order of its window, separated by
    blanks; in a closing step, `value` is the number that everything is divided by.
    """
    yield HEADER
    for name in names:
        trace = problem.trace(name)
        source_matrix, cells = problem.source_matrix(trace)
        rank = problem.ranks[source_matrix]
        for first, last in ranges(len(trace)):
            for number, source, window, values, divisor in trace.additions(first, last):
                if divisor > 1:
                    yield f"{name},{number},divided by,{divisor},,,,,\n"
                    continue
                place = ",,,"
                if window is not None:
                    sample, channels, (rows, columns), *_ = window
                    place = f"{sample},{_listed(channels)},{_listed(rows)},{_listed(columns)}"
                value: Any = cells
                for i in source:
                    value = value[i]
                cell = cell_name(source_matrix, source, rank)
                adds = " ".join([str(added + 0) for added in values])  # -0.0 + 0 is 0.0
                yield f'{name},{number},"{cell}",{value},{place},{adds}\n'


@lru_cache(maxsize=4096)  # every line of windows has the same columns
def _listed(cells: range | tuple[int, ...]) -> str:
    return " ".join(map(str, cells))
