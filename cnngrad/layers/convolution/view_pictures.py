"""The other views of a convolution as pictures: the turned kernel, zeros between, the matrices."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from math import prod
from typing import Any

from ...core.numbers import Number
from ...core.relation import INPUT, OUTPUT
from ...core.shapes import Axis
from ...core.text import say
from ...core.trace import Index
from ...pictures.formula import total
from ...pictures.step_context import StepContext
from ...pictures.step_picture import Matrix, Parts, StepPicture, holed, plane, plane_title
from . import words
from .geometry import Geometry
from .layer import Convolution
from .transposed import Transposed

PLANES = 4
"""Of a step that touches more planes, so many are drawn."""
MOST = 40_000
"""Cells of the matrix C up to which it is drawn."""


def collected(scene: StepContext, spread: str, around: bool) -> StepPicture:
    """The kernel turned by 180° on a matrix with zeros between its cells, and around it.

    Parameters
    ----------
    scene
        The step.
    spread
        The matrix that has zeros between its cells: dZ, or A_prev of a transposed convolution.
    around
        Whether zeros stand around it, too.
    """
    geometry, source = _geometry(scene), scene.step.source
    lines = geometry.slides
    n, c, *place = source
    met: dict[tuple[Index, Index], Index] = {}
    for cell, weight in geometry.relation.read(INPUT, source, OUTPUT):
        met[cell[: -len(lines)], weight[: -len(lines)]] = cell
    filters = [(n, o) for o in geometry.outputs_of(c)]
    equations: list[Parts] = []
    for leading in filters[:PLANES]:
        weight = (leading[1], c % geometry.channels)
        with_zeros = _spaced(scene, spread, leading, place, lines, around)
        for depth, (shown, turned) in enumerate(
            zip(with_zeros, _turned(scene, weight), strict=False)
        ):
            if depth < PLANES:
                equations.append([shown, "∗", turned])
    equations = equations[:PLANES] or [[]]
    equations[-1] += ["=", scene.result(source[:-2], [source[-2:]])]
    return StepPicture(scene.words(), equations, [_sum(scene)], max(len(filters) - PLANES, 0))


def weighed(scene: StepContext, image: str, spread: str) -> StepPicture:
    """A cell of dW: the image, and the other matrix with zeros between its cells, laid on it."""
    source = scene.step.source
    pairs: dict[tuple[Index, Index], tuple[list[Index], list[Index]]] = {}
    for term in scene.step.terms:
        over, under = term.left.place, term.right.place
        lit = pairs.setdefault((over[:-2], under[:-2]), ([], []))
        lit[0].append(over[-2:])
        lit[1].append(under[-2:])
    equations: list[Parts] = [
        [scene.given(image, under, lit_under), "∗", scene.given(spread, over, lit_over)]
        for (over, under), (lit_over, lit_under) in list(pairs.items())[:PLANES]
    ]
    equations = equations or [[]]
    equations[-1] += ["=", scene.result(source[:-2], [source[-2:]])]
    return StepPicture(scene.words(), equations, [_sum(scene)], max(len(pairs) - PLANES, 0))


def by_matrix(
    scene: StepContext, usual: Callable[[StepContext], StepPicture], row: bool, vector: str
) -> StepPicture:
    """A row of C times a vector, or a column of Cᵀ times a number.

    Parameters
    ----------
    scene
        The step.
    usual
        The picture where C is too large to be drawn.
    row
        Whether the step makes one cell, a row of C times the vector.
    vector
        The matrix that is multiplied, written as a vector.
    """
    geometry, source = _geometry(scene), scene.step.source
    lines = geometry.slides
    outs, ins = _sizes(lines)
    if prod(outs) * prod(ins) > MOST:
        return usual(scene)
    n, o, *place = source
    k = _flat(place, outs)
    equations: list[Parts] = []
    channels = list(enumerate(geometry.inputs_of(o)))
    for weight, c in channels[:PLANES]:
        C = _matrix(scene, geometry, o, weight)
        lit = {x for x, number in enumerate(C[k]) if number is not None}
        cells = [[0 if number is None else number for number in line] for line in C]
        given = _vector(scene, vector, (n, c) if row else (n, o), lit if row else {k})
        if row:
            drawn = _drawn(scene, say(words.C, o=o, c=c), cells, {(k, x) for x in lit})
            equations.append([drawn, "·", given])
        else:
            turned = [list(column) for column in zip(*cells, strict=True)]
            drawn = _drawn(scene, say(words.C_TURNED, o=o, c=c), turned, {(x, k) for x in lit})
            made = _vector(scene, "", (n, c), lit)
            equations.append([made, "+=", drawn, "·", given])
    if row:
        equations[-1] += ["=", _vector(scene, "", (n, o), {k})]
    left_out = max(len(channels) - PLANES, 0)
    sums = [_sum(scene)] if row else scene.overlaps()
    return StepPicture(scene.words(), equations, sums, left_out)


def _geometry(scene: StepContext) -> Geometry:
    problem = scene.problem
    assert isinstance(problem, (Convolution, Transposed))
    return problem.geometry


def _sum(scene: StepContext) -> str:
    terms = scene.step.terms
    value = sum(term.value for term in terms)
    cell = scene.cell(scene.trace.name, scene.step.source)
    return f"{cell} = {total(terms, value, scene.write)}"


def _spaced(
    scene: StepContext,
    name: str,
    leading: Index,
    place: Sequence[int],
    lines: Sequence[Axis],
    around: bool,
) -> list[Matrix]:
    """A plane (of a block, several) with zeros between its cells, the kernel's window lit."""
    nested: Any = scene.problem.cells[name]
    for i in leading:
        nested = nested[i]
    sides = [_places(line, around) for line in lines]
    windows = [_lit(line, x, around) for line, x in zip(lines, place, strict=True)]

    def number(index: Sequence[int | None]) -> Number:
        value = nested
        for i in index:
            if i is None:
                return 0
            value = value[i]
        return value  # type: ignore[no-any-return]

    if len(sides) == 1:
        sides, windows = [[0], *sides], [{0}, *windows]
        base = number
        number = lambda index: base(index[1:])  # noqa: E731
    template = words.ZEROS_AROUND if around else words.ZEROS_BETWEEN
    title = say(template, name=_called(scene, name, leading))
    planes = []
    for depth in product(*(range(len(side)) for side in sides[:-2])):
        if not all(d in lit for d, lit in zip(depth, windows[:-2], strict=True)):
            continue
        outer = [side[d] for side, d in zip(sides[:-2], depth, strict=True)]
        cells = [[number((*outer, i, j)) for j in sides[-1]] for i in sides[-2]]
        lit = {(i, j) for i in windows[-2] for j in windows[-1]}
        planes.append(_drawn(scene, title, cells, lit))
    return planes


def _called(scene: StepContext, name: str, leading: Index) -> str:
    """The name of a plane, whatever stands in for its depth."""
    known = leading + (0,) * (scene.problem.arrays[name].ndim - 2 - len(leading))
    return plane_title(scene.problem, name, known[: scene.problem.arrays[name].ndim - 2])


def _places(line: Axis, around: bool) -> list[int | None]:
    """For each place: which cell stands there; None where a zero does."""
    first, last = _ends(line, around)
    places: list[int | None] = []
    for u in range(first, last):
        i, rest = divmod(u, line.stride)
        places.append(i if rest == 0 and 0 <= i < line.out else None)
    return places


def _ends(line: Axis, around: bool) -> tuple[int, int]:
    """Of the cells with zeros between them, the first that is drawn and the one behind the last."""
    if not around:
        return 0, (line.out - 1) * line.stride + 1
    first = line.before - (line.extent - 1)
    return first, first + line.size + line.extent - 1


def _lit(line: Axis, x: int, around: bool) -> set[int]:
    """Where the turned kernel lies for a cell of the result."""
    first, last = _ends(line, around)
    start = x + line.before - (line.extent - 1)
    reach = (start + k * line.dilation for k in range(line.window))
    return {u - first for u in reach if first <= u < last}


def _turned(scene: StepContext, leading: Index) -> list[Matrix]:
    """The planes of a kernel, turned by 180°."""
    nested: Any = scene.problem.cells["W"]
    for i in leading:
        nested = nested[i]
    flat = [nested]
    while isinstance(flat[0][0], list) and isinstance(flat[0][0][0], list):
        flat = [inner for block in flat for inner in block]
    if not isinstance(flat[0][0], list):
        flat = [[flat[0]]]
    title = say(words.W_TURNED, name=_called(scene, "W", leading))
    geometry = _geometry(scene)
    if geometry.slides[0].flipped:
        flat = [[row[::-1] for row in cells[::-1]] for cells in flat[::-1]]
    return [
        plane("", title, [row[::-1] for row in cells[::-1]], lambda _i, _j: "kernel", given=True)
        for cells in flat[::-1]
    ]


def _sizes(lines: Sequence[Axis]) -> tuple[Index, Index]:
    return tuple(line.out for line in lines), tuple(line.size for line in lines)


def _flat(place: Sequence[int], sizes: Sequence[int]) -> int:
    position = 0
    for i, size in zip(place, sizes, strict=True):
        position = position * size + i
    return position


def _matrix(
    scene: StepContext, geometry: Geometry, o: int, channel: int
) -> list[list[Number | None]]:
    """C for a filter and a channel: a row for each cell of the output, a column for the input's."""
    outs, ins = _sizes(geometry.slides)
    known = scene.problem.as_factors["W"]
    rows: list[list[Number | None]] = [[None] * prod(ins) for _ in range(prod(outs))]
    for place in product(*map(range, outs)):
        for weight, cell in geometry.relation.read(OUTPUT, (0, o, *place), 1):
            if weight[1] == channel:
                rows[_flat(place, outs)][_flat(cell[2:], ins)] = known[weight].value
    return rows


def _vector(scene: StepContext, name: str, leading: Index, lit: set[int]) -> Matrix:
    """A plane of a matrix, or of the result as it stands, row after row as one column."""
    nested: Any = scene.problem.cells[name] if name else scene.step.totals
    for i in leading:
        nested = nested[i]
    while isinstance(nested[0], list):
        nested = [cell for row in nested for cell in row]
    called = plane_title(scene.problem, name or scene.trace.name, leading)
    return _drawn(scene, called, [[cell] for cell in nested], {(i, 0) for i in lit})


def _drawn(
    scene: StepContext, title: str, cells: list[list[Number]], lit: set[tuple[int, int]]
) -> Matrix:
    if not lit:
        return holed(title, cells, "")
    around = ({i for i, _ in lit}, {j for _, j in lit})
    return plane("", title, cells, lambda i, j: scene.colour if (i, j) in lit else "", around)


def pictures(usual: Mapping[str, Callable[[StepContext], StepPicture]]) -> dict[str, Any]:
    """Every other view, by the rule of the result."""
    return {
        "conv.dA_prev.zeros": partial(collected, spread="dZ", around=False),
        "conv.dA_prev.full": partial(collected, spread="dZ", around=True),
        "conv.dW.zeros": partial(weighed, image="A_prev", spread="dZ"),
        "conv.dW.full": partial(weighed, image="A_prev", spread="dZ"),
        "conv.Z.matrix": partial(by_matrix, usual=usual["conv.Z"], row=True, vector="A_prev"),
        "conv.dA_prev.matrix": partial(
            by_matrix, usual=usual["conv.dA_prev"], row=False, vector="dZ"
        ),
        "transposed.Z.zeros": partial(collected, spread="A_prev", around=False),
        "transposed.Z.full": partial(collected, spread="A_prev", around=True),
        "transposed.dW.zeros": partial(weighed, image="dZ", spread="A_prev"),
        "transposed.dW.full": partial(weighed, image="dZ", spread="A_prev"),
        "transposed.Z.matrix": partial(
            by_matrix, usual=usual["transposed.Z"], row=False, vector="A_prev"
        ),
        "transposed.dA_prev.matrix": partial(
            by_matrix, usual=usual["transposed.dA_prev"], row=True, vector="dZ"
        ),
    }
