"""The steps of a batch normalisation as pictures: one cell a step."""

from functools import partial

from ...core.numbers import Array
from ...pictures.elementwise import drawn
from ...pictures.formula import total
from ...pictures.step_context import StepContext
from ...pictures.step_picture import StepPicture
from .layer import BatchNorm, BatchNormBackward
from .statistics import plain


def cell_by_cell(scene: StepContext, before: str) -> StepPicture:
    """The cell that is worked on, and the cell that it becomes."""
    step, problem = scene.step, scene.problem
    assert isinstance(problem, BatchNorm)
    leading, cell = step.source[:-2], step.source[-2:]
    value = sum(term.value for term in step.terms)
    name = scene.cell(scene.trace.name, step.source)
    matrix = drawn(problem, before, _matrix(problem, before), leading, [cell], scene)
    return StepPicture(
        scene.words(),
        [[matrix, "→", scene.result(leading, [cell])]],
        [f"{name} = {total(step.terms, value, scene.write)}"],
    )


def _matrix(problem: BatchNorm, name: str) -> Array:
    if name in problem.arrays:
        return problem.arrays[name]
    if name == "dx_hat":
        assert isinstance(problem, BatchNormBackward)
        return plain(problem.errors)
    return plain(problem.statistics.x_hat)


PICTURES = {
    "batch_norm.x_hat": partial(cell_by_cell, before="A_prev"),
    "batch_norm.A": partial(cell_by_cell, before="x_hat"),
    "batch_norm.dx_hat": partial(cell_by_cell, before="dZ"),
    "batch_norm.dA_prev": partial(cell_by_cell, before="dx_hat"),
    "batch_norm.closed": partial(cell_by_cell, before="dZ"),
}
