"""The steps of a fully connected layer as pictures."""

from ...core.text import say
from ...core.trace import Index, Term
from ...pictures import elementwise as cellwise
from ...pictures import sentences
from ...pictures.formula import total
from ...pictures.step_context import StepContext
from ...pictures.step_picture import WHOLE, Matrix, StepPicture, holed, plane

DRAWN = 8
"""Of a row longer than a matrix that is shown whole, so many numbers are drawn."""


def forward(scene: StepContext) -> StepPicture:
    """A row of A_prev times a row of W, added up."""
    n, o = scene.step.source
    width = scene.problem.arrays["W"].shape[1]
    lit = _cells(n, width)
    value = scene.step.totals[n][o]
    cell = scene.cell("Z", scene.step.source)
    return StepPicture(
        _words(scene, width),
        [[scene.given("A_prev", (), lit), "·", _unit(scene, o), "=", scene.result((), [(n, o)])]],
        [f"{cell} = {total(scene.step.terms, value, scene.write)}"],
    )


def dA_prev(scene: StepContext) -> StepPicture:
    """A row of W times the cell of dZ, added onto the sample's row."""
    n, o = scene.step.source
    width = scene.problem.arrays["W"].shape[1]
    return StepPicture(
        _words(scene, width),
        [
            [
                scene.result((), _cells(n, width)),
                "+=",
                _unit(scene, o),
                "×",
                scene.given("dZ", (), [(n, o)]),
                "=",
                _adds(scene),
            ]
        ],
        scene.overlaps(),
        label=say(sentences.OVERLAP),
    )


def dW(scene: StepContext) -> StepPicture:
    """A row of A_prev times the cell of dZ, added onto the unit's row."""
    n, o = scene.step.source
    width = scene.problem.arrays["W"].shape[1]
    return StepPicture(
        _words(scene, width),
        [
            [
                scene.result((), _cells(o, width)),
                "+=",
                scene.given("A_prev", (), _cells(n, width)),
                "×",
                scene.given("dZ", (), [(n, o)]),
                "=",
                _adds(scene),
            ]
        ],
        scene.overlaps(),
        label=say(sentences.OVERLAP),
    )


PICTURES = {
    "dense.Z": forward,
    "dense.dA_prev": dA_prev,
    "dense.dW": dW,
    "dense.dZ_prev": cellwise.backward,
}
OVERVIEWS = {"dense.dZ_prev": cellwise.backward_overview}


def _words(scene: StepContext, width: int) -> str:
    n, o = scene.step.source
    words = scene.words(sample=str(n), unit=str(o))
    if width > WHOLE:
        words += " " + say(sentences.FIRST_CELLS, shown=DRAWN, count=width)
    return words


def _cells(row: int, width: int) -> list[Index]:
    return [(row, i) for i in range(_drawn(width))]


def _drawn(width: int) -> int:
    return DRAWN if width > WHOLE else width


def _unit(scene: StepContext, o: int) -> Matrix:
    """One row of W, yellow."""
    row = scene.problem.cells["W"][o]
    around = ({0}, range(_drawn(len(row))))
    title = f"W[{o}]" if scene.problem.ranks["W"] > 1 else "W"
    return plane("W", title, [row], lambda _i, _j: "kernel", around, given=True)


def _adds(scene: StepContext) -> Matrix:
    terms: list[Term] = scene.step.terms[: _drawn(len(scene.step.terms))]
    return holed(say(sentences.ADDS), [[term.value for term in terms]], scene.colour)
