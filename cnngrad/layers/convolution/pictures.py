"""The steps of a convolution as pictures."""

from collections.abc import Callable, Iterable, Iterator

from ...core.trace import Index, Term
from ...pictures.formula import total
from ...pictures.sentences import OVERLAP
from ...pictures.step_context import StepContext
from ...pictures.step_picture import Matrix, Parts, StepPicture

CHANNELS = 4
"""Of a step that touches more input channels, so many are drawn."""


def forward(scene: StepContext) -> StepPicture:
    """Kernel on window, multiplied and added up."""
    n, o, i, j = scene.step.source
    equations: list[Parts] = []
    for k, c, terms in _channels(scene, lambda term: term.left.place):
        window = scene.given("A_prev", (n, c), [term.left.place[2:] for term in terms])
        equations.append([window, "∗", scene.kernel((o, k))])
    equations[-1] += ["=", scene.result((n, o), [(i, j)])]
    value = scene.step.totals[n][o][i][j]
    cell = scene.cell("Z", scene.step.source)
    return StepPicture(
        scene.words(),
        equations,
        [f"{cell} = {total(scene.step.terms, value, scene.write)}"],
        _left_out(scene),
    )


def dA_prev(scene: StepContext) -> StepPicture:
    """Kernel times the cell of dZ, added onto the window."""
    n, o, i, j = scene.step.source
    equations: list[Parts] = [
        [
            scene.result((n, c), [term.target[2:] for term in terms]),
            "+=",
            scene.kernel((o, k)),
            "×",
            scene.given("dZ", (n, o), [(i, j)]),
            "=",
            _added(scene, terms, lambda term: term.right.place),
        ]
        for k, c, terms in _channels(scene, lambda term: term.target)
    ]
    return StepPicture(scene.words(), equations, scene.overlaps(), _left_out(scene), OVERLAP)


def dW(scene: StepContext) -> StepPicture:
    """The window of A_prev times the cell of dZ, added onto dW."""
    n, o, i, j = scene.step.source
    equations: list[Parts] = [
        [
            scene.result((o, k), [term.target[2:] for term in terms]),
            "+=",
            scene.given("A_prev", (n, c), [term.right.place[2:] for term in terms]),
            "×",
            scene.given("dZ", (n, o), [(i, j)]),
            "=",
            _added(scene, terms, lambda term: term.target),
        ]
        for k, c, terms in _channels(scene, lambda term: term.right.place)
    ]
    return StepPicture(scene.words(), equations, scene.overlaps(), _left_out(scene), OVERLAP)


PICTURES = {"conv.Z": forward, "conv.dA_prev": dA_prev, "conv.dW": dW}


def _channels(
    scene: StepContext, image: Callable[[Term], Index]
) -> Iterator[tuple[int, int, list[Term]]]:
    """(channel of the group, input channel, its terms) for the channels that are drawn."""
    window = scene.step.window
    assert window is not None  # only the closing step has none
    for k, c in list(enumerate(window.channels))[:CHANNELS]:
        places = ((term, image(term)) for term in scene.step.terms)
        yield k, c, [term for term, place in places if len(place) == 4 and place[1] == c]


def _left_out(scene: StepContext) -> int:
    window = scene.step.window
    return max(len(window.channels) - CHANNELS, 0) if window else 0


def _added(scene: StepContext, terms: Iterable[Term], where: Callable[[Term], Index]) -> Matrix:
    shape = scene.problem.arrays["W"].shape
    return scene.patch(shape[2:], {where(term)[2:]: term.value for term in terms})
