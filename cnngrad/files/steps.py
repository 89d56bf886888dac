"""Steps as lines of CSV, streamed: one line a step."""

from collections.abc import Callable, Iterator, Sequence

from ..problem import Problem
from ..tracing import cell_name

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
    worked = "dZ" if "dZ" in problem.arrays else problem.names[0]
    rank = problem.ranks[worked]
    values = problem.cells.get(worked)
    for name in names:
        trace = problem.trace(name)
        for first, last in ranges(len(trace)):
            for step in trace.steps(first, last):
                if step.divisor > 1:
                    yield f"{name},{step.number},divided by,{step.divisor},,,,,\n"
                    continue
                value: object = values if values is not None else step.totals
                for i in step.source:
                    value = value[i]  # type: ignore[index]
                cell = cell_name(worked, step.source, rank)
                window = step.window
                place = ",,,"
                if window is not None:
                    place = (
                        f"{window.sample},{_listed(window.channels)},"
                        f"{_listed(window.rows)},{_listed(window.columns)}"
                    )
                adds = " ".join([str(term.value + 0) for term in step.terms])  # -0.0 + 0 is 0.0
                yield f'{name},{step.number},"{cell}",{value},{place},{adds}\n'


def _listed(cells: range | tuple[int, ...]) -> str:
    return " ".join(map(str, cells))
