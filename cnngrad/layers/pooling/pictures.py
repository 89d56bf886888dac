"""The steps of pooling as pictures."""

from ...core.numbers import Number
from ...core.text import Count
from ...core.trace import Index
from ...pictures import sentences
from ...pictures.formula import added
from ...pictures.step_context import StepContext
from ...pictures.step_picture import Matrix, Parts, StepPicture
from .layer import AveragePooling
from .windows import Pooling


def max_forward(scene: StepContext) -> StepPicture:
    """The maximum of a window and where it stands."""
    n, c, i, j = scene.step.source
    (term,) = scene.step.terms
    place = scene.cell("A_prev", term.left.place)
    return StepPicture(
        scene.words(top=scene.write(term.value), place=place),
        [[_window(scene, [term.left.place]), "→", scene.result((n, c), [(i, j)])]],
    )


def max_backward(scene: StepContext) -> StepPicture:
    """The whole error to the maximum."""
    pool = scene.problem
    assert isinstance(pool, Pooling)
    taps = list(pool.taps(scene.step.source))
    top = max(value for _, value in taps)
    tied = sum(value == top for _, value in taps)
    receivers = [term.target for term in scene.step.terms]
    facts = {
        "top": scene.write(top),
        "place": " and ".join(scene.cell("A_prev", place) for place in receivers),
        "count": str(tied),
        "share": scene.write(scene.step.terms[0].value),
    }
    ties = sentences.TIES[pool.settings["ties"]] if tied > 1 else ""
    return StepPicture(
        scene.words(ties, **facts),
        _routed(scene, receivers),
        scene.overlaps(),
        label=sentences.OVERLAP,
    )


def average_forward(scene: StepContext) -> StepPicture:
    """The sum of a window, divided by its cells."""
    n, c, i, j = scene.step.source
    places = [term.left.place for term in scene.step.terms]
    numbers = added([scene.write(term.left.value, given=True) for term in scene.step.terms])
    value = scene.step.totals[n][c][i][j]
    parts = _parts(scene)
    cell = scene.cell("A", scene.step.source)
    return StepPicture(
        scene.words(parts=parts),
        [[_window(scene, places), "→", scene.result((n, c), [(i, j)])]],
        [f"{cell} = ({numbers}) / {parts} = {scene.write(value)}"],
    )


def average_backward(scene: StepContext) -> StepPicture:
    """The error in equal shares to every cell of the window."""
    receivers = [term.target for term in scene.step.terms]
    share = scene.step.terms[0].value if scene.step.terms else 0
    parts = _parts(scene)
    counted = sentences.INSIDE_ONLY if parts == str(len(receivers)) else ""
    words = scene.words(
        outside=counted, parts=parts, share=scene.write(share), count=Count(len(receivers))
    )
    return StepPicture(
        words, _routed(scene, receivers, image=False), scene.overlaps(), label=sentences.OVERLAP
    )


PICTURES = {
    "max.A": max_forward,
    "max.dA_prev": max_backward,
    "average.A": average_forward,
    "average.dA_prev": average_backward,
}


def _parts(scene: StepContext) -> str:
    """What the window is divided by."""
    pool = scene.problem
    assert isinstance(pool, AveragePooling)
    return str(pool.divisors[scene.step.source[2:]])


def _window(scene: StepContext, peaks: list[Index]) -> Matrix:
    """A_prev with the window lit, and the cells that count most in it."""
    n, c = scene.step.source[:2]
    window = scene.step.window
    assert window is not None  # pooling has no closing step
    cells = [(y, x) for y in window.rows for x in window.columns]
    return scene.given("A_prev", (n, c), cells, peaks=[place[2:] for place in peaks])


def _routed(scene: StepContext, receivers: list[Index], image: bool = True) -> list[Parts]:
    n, c, i, j = scene.step.source
    window = scene.step.window
    assert window is not None  # pooling has no closing step
    lit = [(y, x) for y in window.rows for x in window.columns]
    values = {term.target[2:]: term.value for term in scene.step.terms}
    parts: Parts = [
        scene.result((n, c), lit, peaks=[place[2:] for place in receivers]),
        "+=",
        scene.given("dZ", (n, c), [(i, j)]),
        "→",
    ]
    if image:
        parts += [_window(scene, receivers), "="]
    pool = scene.problem
    assert isinstance(pool, Pooling)
    rows, columns = pool.axes
    cells: dict[tuple[int, ...], Number] = {
        (row, column): values.get((y, x), 0)
        for row, y in rows.taps(i)
        for column, x in columns.taps(j)
    }
    return [[*parts, scene.patch((rows.window, columns.window), cells)]]
