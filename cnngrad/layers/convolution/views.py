"""Other views of a convolution's steps: full convolution, zeros between, and the matrices C and Cᵀ.

They show the same terms. A step of the first two collects what a cell of dA_prev or dW receives,
where the usual step sends what a cell of dZ adds.
"""

from collections.abc import Callable

from ...core.numbers import Array
from ...core.problem import masked
from ...core.relation import INPUT, OUTPUT, WEIGHT, Relation
from ...core.terms import Factors, gathered
from ...core.trace import Index, Plan

STEPS, ZEROS, FULL, MATRIX = "steps", "zeros", "full", "matrix"
VIEWS = (STEPS, ZEROS, FULL, MATRIX)
COLLECTING = (ZEROS, FULL)


def collected(
    plan: Plan,
    view: str,
    relation: Relation,
    cells: Factors,
    others: Factors,
    bias: Factors | None,
    result: Callable[[], Array],
) -> Plan:
    """The plan of a result of which each step collects one cell.

    Parameters
    ----------
    plan
        The usual one, in which each step spreads a cell.
    view
        "zeros" or "full".
    relation
        Which cells meet.
    cells
        Those that the usual steps work through.
    others
        What they are multiplied by.
    bias
        One number for each channel of the result.
    result
        Gives the finished result, not yet divided.
    """
    space = WEIGHT if plan.name == "dW" else INPUT

    def met(cell: Index) -> list[Index]:
        return [place for place, _ in relation.read(OUTPUT, cell, space)]

    return plan._replace(
        rule=f"{plan.rule}.{view}",
        sources=plan.shape,
        terms=gathered(relation, space, cells, OUTPUT, others, bias),
        window=lambda _: None,
        contributors=lambda cell: (cell,),
        partial_result=lambda k: masked(result(), k),
        source=plan.name,
        values=None,
        opening=None,
        met=met,
    )
