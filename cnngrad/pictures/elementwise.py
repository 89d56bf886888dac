"""Activations, flatten and losses as pictures: one cell a step, or all cells at once."""

from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

from ..core.numbers import Array, as_array
from ..core.problem import Problem
from ..core.text import say
from ..core.trace import Index, Step, Term, Trace
from . import sentences
from .formula import Write, comes_to, equals, product
from .layer_words import words_of
from .step_context import StepContext
from .step_picture import Matrix, Parts, StepPicture, holed, plane, plane_title

PLANES = 4
"""Channels or samples that are drawn of an image."""
WRITTEN = 200
"""Cells that are looked at in order to write sums out."""


def backward(scene: StepContext) -> StepPicture:
    """The error at work, the activation's slope, and what they make."""
    problem, step = scene.problem, scene.step
    if len(step.terms) != 1:
        return _rowwise(scene)
    (term,) = step.terms
    leading, cell = _split(step.source)
    lit = [cell]
    at = term.right.name.partition("(")[2].rstrip(")")
    equation: Parts = [
        drawn(problem, scene.trace.plan.source, _values(problem, scene.trace), leading, lit, scene),
        "⊙",
        _slopes(problem, at, leading, lit, scene),
        "=",
        scene.result(leading, lit),
    ]
    name = scene.cell(scene.trace.name, term.target)
    return StepPicture(scene.words(), [equation], [_formula(name, step.terms, scene.write)])


def backward_overview(problem: Problem, trace: Trace) -> StepPicture | None:
    """dZ ⊙ f'(A_prev) = dA_prev, whole; none where a row's numbers depend on each other."""
    first = next(trace.steps(1, 1))
    if len(first.terms) != 1:
        return None
    at = first.terms[0].right.name.partition("(")[2].rstrip(")")
    values = _values(problem, trace)
    equations: list[Parts] = [
        [
            drawn(problem, trace.plan.source, values, leading, ()),
            "⊙",
            _slopes(problem, at, leading, ()),
            "=",
            drawn(problem, trace.name, _full(problem, trace), leading, ()),
        ]
        for leading in _planes(trace.shape)
    ]
    return StepPicture(
        say(words_of(problem, trace.plan.rule).overview),
        equations,
        _formulas(problem, trace, _formula),
        max(len(list(_all_planes(trace.shape))) - PLANES, 0),
    )


def _values(problem: Problem, trace: Trace) -> Array:
    name = trace.plan.source
    return problem.arrays[name] if name in problem.arrays else problem.compute()[name]


def _full(problem: Problem, trace: Trace) -> Array:
    return problem.results[trace.name].reshape(trace.shape)


def _slopes(
    problem: Any,
    at: str,
    leading: Index,
    lit: Collection[Index],
    scene: StepContext | None = None,
) -> Matrix:
    slopes = problem.function.derivative(problem.arrays[at])
    title = f"{problem.function.name}'({at})"
    return drawn(problem, at, slopes, leading, lit, scene, title=title)


def _rowwise(scene: StepContext) -> StepPicture:
    """One output's slopes in all inputs of its row."""
    leading, (i, j) = _split(scene.step.source)
    terms = scene.step.terms
    lit = [(i, k) for k in range(len(terms))]
    slopes = holed(terms[0].right.name, [[term.right.value for term in terms]], "kernel")
    adds = holed(say(sentences.ADDS), [[term.value for term in terms]], scene.colour)
    source = scene.trace.plan.source
    values = _values(scene.problem, scene.trace)
    equation: Parts = [
        scene.result(leading, lit),
        "+=",
        slopes,
        "×",
        drawn(scene.problem, source, values, leading, [(i, j)], scene),
        "=",
        adds,
    ]
    return StepPicture(
        scene.words(sentences.ROWWISE), [equation], scene.overlaps(), label=say(sentences.OVERLAP)
    )


def moved(scene: StepContext) -> StepPicture:
    """One cell that goes to its place as it is."""
    (term,) = scene.step.terms
    source = scene.trace.plan.source if scene.trace.plan.source in scene.problem.arrays else ""
    name = source or term.left.name
    leading, cell = _split(term.left.place)
    target, place = _split(term.target)
    shown: Parts = []
    if name in scene.problem.arrays:
        array = scene.problem.arrays[name]
        shown = [drawn(scene.problem, name, array, leading, [cell], scene), "→"]
    words = f"{scene.cell(scene.trace.name, term.target)} = {scene.write(term.value)}"
    return StepPicture(scene.words(), [[*shown, scene.result(target, [place])]], [words])


def loss(scene: StepContext) -> StepPicture:
    """Prediction minus target, at one cell."""
    leading, cell = _split(scene.step.source)
    equation = _difference(scene.problem, leading, [cell], scene)
    name = scene.cell(scene.trace.name, scene.step.source)
    formula = _subtracted(name, scene.step.terms, scene.write)
    return StepPicture(scene.words(), [[*equation, "=", scene.result(leading, [cell])]], [formula])


def loss_overview(problem: Problem, trace: Trace) -> StepPicture:
    """Prediction minus target, whole."""
    equations: list[Parts] = [
        [
            *_difference(problem, leading, ()),
            "=",
            drawn(problem, trace.name, _full(problem, trace), leading, ()),
        ]
        for leading in _planes(trace.shape)
    ]
    return StepPicture(
        say(words_of(problem, trace.plan.rule).overview),
        equations,
        _formulas(problem, trace, _subtracted),
    )


def _difference(
    problem: Any, leading: Index, lit: Collection[Index], scene: StepContext | None = None
) -> Parts:
    predicted, scale, called = problem.factors()
    parts: Parts = [
        drawn(problem, "A_prev", predicted, leading, lit, scene, title=called),
        "−",
        drawn(problem, "Y", problem.arrays["Y"], leading, lit, scene),
    ]
    if (scale != 1).any():
        parts += [
            "⊙",
            drawn(problem, "A_prev", scale, leading, lit, scene, title="1 / (A·(1 − A))"),
        ]
    return parts


def moved_overview(problem: Problem, trace: Trace) -> StepPicture | None:
    """Every cell before and after, whole."""
    name = trace.plan.source if trace.plan.source in problem.arrays else "A_prev"
    before = [
        drawn(problem, name, problem.arrays[name], leading, ())
        for leading in _planes(problem.arrays[name].shape)
    ]
    after = [
        drawn(problem, trace.name, _full(problem, trace), leading, ())
        for leading in _planes(trace.shape)
    ]
    parts: Parts = [*before, "→", *after]
    return StepPicture(say(words_of(problem, trace.plan.rule).overview), [parts])


def _split(place: Index) -> tuple[Index, Index]:
    """The indices that choose a plane, and those of the cell in it."""
    return place[:-2], place[-2:]


def _all_planes(shape: Index) -> list[Index]:
    planes: list[Index] = [()]
    for size in shape[:-2]:
        planes = [(*leading, i) for leading in planes for i in range(size)]
    return planes


def _planes(shape: Index) -> list[Index]:
    return _all_planes(shape)[:PLANES]


def drawn(
    problem: Problem,
    name: str,
    array: Array,
    leading: Index,
    lit: Collection[Index],
    scene: StepContext | None = None,
    title: str = "",
) -> Matrix:
    """One plane of an array that stands cell for cell beside the matrix of this name."""
    cells = as_array(array)[leading].tolist()
    styles = set(lit)
    colour = scene.colour if scene else ""
    around = ({i for i, _ in lit}, {j for _, j in lit}) if lit else None
    called = plane_title(problem, name, leading)
    return plane(
        name if not title else "",
        called.replace(name, title, 1) if title else called,
        cells,
        lambda i, j: colour if (i, j) in styles else "",
        around,
        leading=leading,
        given=name in problem.given and not title,
    )


def _formula(name: str, terms: list[Term], write: Write) -> str:
    value = sum(term.value for term in terms)
    words = " + ".join(product(term, write) for term in terms)
    return f"{name} = {words} {comes_to(terms, value, write)}"


def _subtracted(name: str, terms: list[Term], write: Write) -> str:
    """Prediction minus target, times what stands before them."""
    predicted, target, factor = terms[0].left.value, terms[1].left.value, terms[0].right.value
    words = f"{write(predicted)} − {write(target)}"
    if factor != 1:
        words = f"({words})·{write(factor)}"
    value = terms[0].value + terms[1].value
    sign = equals(write, predicted, target, factor, value)
    return f"{name} = {words} {sign} {write(value)}"


def _formulas(
    problem: Problem, trace: Trace, formula: Callable[[str, list[Term], Write], str]
) -> list[str]:
    steps: list[Step] = list(islice(trace, WRITTEN))
    rank = problem.ranks[trace.name]
    return [
        formula(f"{trace.name}{_index(step.source, rank)}", step.terms, problem.numerals)
        for step in steps
        if step.terms
    ]


def _index(place: Index, rank: int) -> str:
    return f"[{','.join(map(str, place[len(place) - rank :]))}]"
