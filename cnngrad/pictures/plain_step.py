"""A step of any kind of layer: the cell at work, the cells that it changes, and their sums."""

from ..core.text import say
from ..core.trace import Index, Term
from . import sentences
from .formula import overlap, total
from .step_context import StepContext
from .step_picture import Parts, StepPicture

PLANES = 4
"""Planes of the result that are drawn."""


def plain_step(scene: StepContext) -> StepPicture:
    """The matrix that is worked through, and the result, with the cells of the step lit."""
    step, trace, problem = scene.step, scene.trace, scene.problem
    source, _ = problem.source_matrix(trace)
    made = source == trace.name
    planes: dict[Index, list[Index]] = {}
    for term in step.terms:
        planes.setdefault(term.target[:-2], []).append(term.target[-2:])
    before: Parts = []
    if source in problem.arrays and len(step.source) > 1:
        lit = [step.source[-2:]]
        before = [scene.given(source, step.source[:-2], lit), "→"]
    equations: list[Parts] = [
        [*before, scene.result(leading, lit)] for leading, lit in list(planes.items())[:PLANES]
    ]
    return StepPicture(
        scene.words(),
        equations or [before[:1]] if before else equations,
        _made(scene) if made else _sums(scene, step.terms),
        max(len(planes) - PLANES, 0),
        "" if made else say(sentences.ADDED_UP),
    )


def _made(scene: StepContext) -> list[str]:
    """The cell that the step makes, as the sum of its terms."""
    if not scene.step.terms:
        return []
    target = scene.step.terms[0].target
    value = sum(term.value for term in scene.step.terms)
    cell = scene.cell(scene.trace.name, target)
    return [f"{cell} = {total(scene.step.terms, value, scene.write)}"]


def _sums(scene: StepContext, terms: list[Term]) -> list[str]:
    """Each cell with what it held before and what is added."""
    return [
        overlap(scene.cell(scene.trace.name, term.target), before, term.value, scene.write)
        for term, before in zip(terms, scene.step.before, strict=True)
    ]
