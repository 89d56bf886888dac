"""The steps of a fully connected layer as pictures."""

from dataclasses import replace

from ...core.layouts import ordered
from ...core.text import say
from ...core.trace import Index, Term
from ...pictures import elementwise as cellwise
from ...pictures import sentences
from ...pictures.formula import total
from ...pictures.step_context import StepContext
from ...pictures.step_picture import WHOLE, Matrix, StepPicture, holed, plane
from .words import IN_COLUMNS

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
    in_columns = ordered(scene.problem.ranks["W"]).turned
    sentence = IN_COLUMNS.get(scene.trace.plan.rule, "") if in_columns else ""
    words = scene.words(sentence, sample=str(n), unit=str(o))
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
    rank = ordered(scene.problem.ranks["W"])
    drawn = plane("W", "W", [row], lambda _i, _j: "kernel", around, given=True)
    if rank.turned:
        return replace(drawn, title=f"W[:,{o}]").transposed()
    return replace(drawn, title=f"W[{o}]" if rank > 1 else "W")


def _adds(scene: StepContext) -> Matrix:
    terms: list[Term] = scene.step.terms[: _drawn(len(scene.step.terms))]
    drawn = holed(say(sentences.ADDS), [[term.value for term in terms]], scene.colour)
    in_columns = scene.trace.name == "dW" and ordered(scene.problem.ranks["W"]).turned
    return drawn.transposed() if in_columns else drawn
