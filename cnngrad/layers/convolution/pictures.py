"""The steps of a convolution as pictures: one line of matrices for each plane that they touch."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

from ...core.relation import OUTPUT
from ...core.text import say
from ...core.trace import Index, Term
from ...pictures.formula import total
from ...pictures.sentences import OVERLAP
from ...pictures.step_context import StepContext
from ...pictures.step_picture import Matrix, Parts, StepPicture
from . import view_pictures
from .layer import Convolution
from .transposed import Transposed
from .words import TURNED, TURNED_BACK

PLANES = 4
"""Of a step that touches more planes of the input, so many are drawn."""


def gathered(scene: StepContext, image_name: str) -> StepPicture:
    """Kernel on a window of a matrix, multiplied and added up."""
    source = scene.step.source
    equations: list[Parts] = []
    for kernel, image, terms in _planes(scene, lambda term: (term.right.place, term.left.place)):
        window = scene.given(image_name, image, [term.left.place[-2:] for term in terms])
        equations.append([window, "∗", scene.kernel(kernel)])
    equations[-1] += ["=", scene.result(source[:-2], [source[-2:]])]
    value = sum(term.value for term in scene.step.terms)
    cell = scene.cell(scene.trace.name, source)
    return StepPicture(
        _words(scene, TURNED),
        equations,
        [f"{cell} = {total(scene.step.terms, value, scene.write)}"],
        _left_out(scene),
    )


def spread(scene: StepContext, cell_name: str) -> StepPicture:
    """Kernel times a cell, added onto the window."""
    source = scene.step.source
    equations: list[Parts] = [
        [
            scene.result(image, [term.target[-2:] for term in terms]),
            "+=",
            scene.kernel(kernel),
            "×",
            scene.given(cell_name, source[:-2], [source[-2:]]),
            "=",
            _added(scene, [(_lying(scene, term.right.place), term) for term in terms]),
        ]
        for kernel, image, terms in _planes(scene, lambda term: (term.right.place, term.target))
    ]
    words = _words(scene, TURNED)
    return StepPicture(words, equations, scene.overlaps(), _left_out(scene), say(OVERLAP))


def weighed(scene: StepContext, image_name: str, cell_name: str) -> StepPicture:
    """A window times a cell, added onto dW."""
    source = scene.step.source
    equations: list[Parts] = [
        [
            scene.result(kernel, [term.target[-2:] for term in terms]),
            "+=",
            scene.given(image_name, image, [term.right.place[-2:] for term in terms]),
            "×",
            scene.given(cell_name, source[:-2], [source[-2:]]),
            "=",
            _added(scene, [(term.target, term) for term in terms]),
        ]
        for kernel, image, terms in _planes(scene, lambda term: (term.target, term.right.place))
    ]
    words = _words(scene, TURNED_BACK)
    return StepPicture(words, equations, scene.overlaps(), _left_out(scene), say(OVERLAP))


PICTURES = {
    "conv.Z": partial(gathered, image_name="A_prev"),
    "conv.dA_prev": partial(spread, cell_name="dZ"),
    "conv.dW": partial(weighed, image_name="A_prev", cell_name="dZ"),
    "transposed.Z": partial(spread, cell_name="A_prev"),
    "transposed.dA_prev": partial(gathered, image_name="dZ"),
    "transposed.dW": partial(weighed, image_name="dZ", cell_name="A_prev"),
}
PICTURES |= view_pictures.pictures(PICTURES)


def _planes(
    scene: StepContext, places: Callable[[Term], tuple[Index, Index]]
) -> Iterator[tuple[Index, Index, list[Term]]]:
    """The indices of a plane of W and of the plane of A_prev under it, and the terms there.

    A row is drawn with all its channels as one plane; of a block, every plane is drawn.
    """
    met: dict[tuple[Index, Index], list[Term]] = {}
    for term in scene.step.terms:
        kernel, image = places(term)
        met.setdefault((kernel[:-2], image[:-2]), []).append(term)
    for kernel, image in list(_pairs(scene))[:PLANES]:
        yield kernel, image, met.get((kernel, image), [])


def _pairs(scene: StepContext) -> Iterator[tuple[Index, Index]]:
    """The planes of W and of A_prev that meet in this step."""
    problem = scene.problem
    assert isinstance(problem, (Convolution, Transposed))
    n, o, *image = scene.step.source
    if len(image) == 1:
        yield (o,), (n,)
        return
    axes = problem.geometry.relation.parts(OUTPUT, scene.step.source)[:-2]
    for pairs in product(*axes):
        kernel = tuple(i for pair in pairs for i in pair[0])
        yield kernel, tuple(i for pair in pairs for i in pair[1])


def _words(scene: StepContext, turned: str) -> str:
    """The sentence of a step, and in a true convolution what the turning of the kernel does."""
    return f"{scene.words()} {say(turned)}" if scene.flipped else scene.words()


def _lying(scene: StepContext, place: Index) -> Index:
    """Where a cell of W lies on the window: turned by 180° in a true convolution."""
    if not scene.flipped:
        return place
    sides = scene.problem.arrays["W"].shape[2:]
    turned = (size - 1 - k for size, k in zip(sides, place[2:], strict=True))
    return (*place[:2], *turned)


def _left_out(scene: StepContext) -> int:
    return max(len(list(_pairs(scene))) - PLANES, 0)


def _added(scene: StepContext, placed: list[tuple[Index, Term]]) -> Matrix:
    size = scene.problem.arrays["W"].shape[-2:]
    return scene.patch(size, {place[-2:]: term.value for place, term in placed})
