"""A whole network as a worked solution: forward, the loss, back layer by layer, one step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from ...core.numbers import Array, Number
from ...core.problem import Problem
from ...core.shapes import by
from ...core.trace import Term, cell_name
from ...network import Backward, LayerResult, Network
from ...pictures import network_sentences as phrases
from ...pictures import sentences
from ...pictures.formula import product
from ...pictures.step_picture import Matrix, whole
from .display import Display
from .document import banner, descent_blocks, rule
from .layout import Block, Line, flow, stacked, text, wrapped
from .steps import indented

PLANES = 4
"""Channels, filters or samples of one matrix that are drawn."""
TERMS = 6
"""Terms of a sum that are written out; of a longer one, all but the middle."""
DECIMALS = 4
FEW_CELLS = 100
"""Of a layer without weights, what it was given is drawn up to so many cells: enough to see
which cell was the maximum, or where ReLU let the error through."""


def network_document(walk: Backward, look: Display) -> Iterator[Block]:
    """Draw a network's way forward and back, piece by piece.

    Parameters
    ----------
    walk
        The network with its gradients.
    look
        For what screen.
    """
    network = walk.network
    yield _heading(walk, look)
    yield _forward(network, look)
    yield from _loss(walk, look)
    yield from _back(walk, look)
    yield from _step(walk, look)
    yield _remarks(walk, look)


def _heading(walk: Backward, look: Display) -> Block:
    network = walk.network
    blocks = [banner("network-backward", network.title, look)]
    blocks.append(indented(wrapped(settings(walk), look.width - 3, "faint")))
    if network.init is not None:
        drawn = phrases.DRAWN.format(init=network.init, seed=network.seed)
        blocks.append(indented(wrapped(drawn, look.width - 3, "faint")))
    return stacked([*blocks, Block([[]])])


def settings(walk: Backward) -> str:
    """The settings in one line."""
    network = walk.network
    known = {"loss": network.loss_name, "batch": network.batch, "N": network.samples}
    if network.learning_rate is not None:
        known["learning_rate"] = walk.numerals(network.learning_rate, given=True)
    return ", ".join(f"{name} {value}" for name, value in known.items())


def _forward(network: Network, look: Display) -> Block:
    """Layer, output shape, number of parameters."""
    rows = [(phrases.INPUT, by(network.input.shape), "")]
    for stage in network.stages:
        shapes = ", ".join(f"{name} {by(a.shape)}" for name, a in stage.spec.parameters.items())
        count = f"{stage.parameters}  ({shapes})" if shapes else ""
        rows.append((stage.spec.name, by(stage.output.shape), count))
    total = sum(stage.parameters for stage in network.stages)
    rows.append((phrases.TOTAL, "", str(total)))
    return stacked([rule(phrases.FORWARD, look), indented(table(HEAD, rows, look)), Block([[]])])


HEAD = (phrases.LAYER, phrases.GIVES, phrases.PARAMETERS)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    look: Display,
    style: Callable[[int], str] = lambda _row: "",
) -> Block:
    """Columns of words under their heads; where they are too wide, one paragraph a row.

    Parameters
    ----------
    head, rows
        The words.
    look
        For what screen.
    style
        The style of the last cell, by the row's number.
    """
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    if sum(widths) + 3 * (len(widths) - 1) > look.width - 3:
        return stacked(
            wrapped(", ".join(f"{h} {cell}".strip() for h, cell in pairs if cell), look.width - 3)
            for pairs in (list(zip(("", *head[1:]), row, strict=True)) for row in rows)
        )
    lines: list[Line] = []
    for k, row in enumerate((head, *rows)):
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
        words = "".join(cell + "   " for cell in cells[:-1])
        last = (row[-1], "title" if k == 0 else style(k - 1))
        lines.append([(words if row[-1] else words.rstrip(), "title" if k == 0 else ""), last])
    return Block(lines)


def _loss(walk: Backward, look: Display) -> Iterator[Block]:
    network, narrow = walk.network, Display(look.width - 3, look.colour)
    loss, last = network.loss.written_as(walk.numerals), network.layers[-1].name
    rules = JOINED if network.joined else phrases.LOSS_RULES
    yield rule(f"{phrases.LOSS}: {network.loss_name}", look)
    lines = [wrapped(rules[network.loss_name].format(layer=last), narrow.width)]
    predicted, _, called = loss.factors()
    called = "A" if called == "A_prev" else called.replace("A_prev", "Z")
    planes: list[Matrix] = [
        *_planes(loss, "A_prev", short(predicted), title=called)[:PLANES],
        *_planes(loss, "Y", short(loss.arrays["Y"]), given=True)[:PLANES],
        *_planes(loss, "dA_prev", short(_full(loss, "dA_prev")), "pink")[:PLANES],
    ]
    lines += [Block([[]]), flow([narrow.draw(shown) for shown in planes], narrow.width, gap=4)]
    lines += [Block([[]]), wrapped(_loss_sum(walk), narrow.width)]
    if network.samples > 1 and network.batch == "mean":
        lines.append(wrapped(phrases.NEVER_DIVIDED.format(samples=network.samples), narrow.width))
    yield stacked([indented(stacked(lines)), Block([[]])])


JOINED = phrases.JOINED_RULES


def _loss_sum(walk: Backward) -> str:
    network, write = walk.network, walk.numerals
    value = write(walk.loss)
    if network.samples == 1:
        return phrases.LOSS_ONE.format(value=value)
    terms = " + ".join(_middle_out([write(cell) for cell in network.loss.each().tolist()]))
    words = phrases.LOSS_MEAN if network.batch == "mean" else phrases.LOSS_SUM
    return words.format(terms=terms, samples=network.samples, value=value)


def _back(walk: Backward, look: Display) -> Iterator[Block]:
    stages = _dense_stage(walk.layers)
    both = len(set(stages)) > 1
    titles = (
        (phrases.STAGE_IMAGES, phrases.STAGE_DENSE)
        if both
        else (phrases.ONLY_IMAGES, phrases.ONLY_DENSE)
    )
    told = None
    behind = ""
    for result, dense in reversed(list(zip(walk.layers, stages, strict=True))):
        if dense != told:
            title = wrapped(titles[dense], look.width - 3)
            lines: list[Line] = [[(f" {line[0][0]} ", "banner")] for line in title.lines]
            yield Block([*lines, []])
            told = dense
        yield from _layer(result, behind, look)
        behind = result.spec.name


def _dense_stage(layers: Sequence[LayerResult]) -> list[bool]:
    """Of each layer, whether it belongs to the fully connected stage: behind the last image."""
    images = [k for k, result in enumerate(layers) if result.spec.kind.takes == "images"]
    return [k > max(images, default=-1) for k in range(len(layers))]


def _layer(result: LayerResult, behind: str, look: Display) -> Iterator[Block]:
    narrow = Display(look.width - 3, look.colour)
    spec, problem = result.spec, result.backward
    output = next(iter(result.forward.results.values()))
    shapes = f"{by(result.forward.given['A_prev'].shape)} → {by(output.shape)}"
    yield rule(f"{spec.name}: {shapes}", look)
    if "dZ" in problem.given:
        words = phrases.RECEIVES if behind else phrases.RECEIVES_LOSS
        yield indented(wrapped(words.format(behind=behind, shape=by(output.shape)), narrow.width))
        yield Block([[]])
    if spec.parameters or problem.given["A_prev"].size <= FEW_CELLS:
        yield _given(problem, narrow)
    for name in problem.names:
        yield from _gradient(result, name, narrow)


def _given(problem: Problem, look: Display) -> Block:
    """What the layer was given on the way forward, and its weights in yellow."""
    blocks: list[Block] = []
    for name in ("A_prev", "W"):
        if name in problem.given:
            style = "kernel" if name == "W" else ""
            shown = _planes(problem, name, short(problem.arrays[name]), style, given=True)
            blocks += [look.draw(matrix) for matrix in shown[:PLANES]]
            if len(shown) > PLANES:
                blocks.append(text(phrases.MORE.format(count=len(shown) - PLANES), "faint"))
    return stacked([indented(flow(blocks, look.width, gap=4)), Block([[]])])


def _gradient(result: LayerResult, name: str, look: Display) -> Iterator[Block]:
    problem = result.backward
    trace = problem.trace(name)
    lines = [wrapped(sentences.INTRODUCTION[trace.plan.rule], look.width)]
    lines += [wrapped(_formula(problem, name), look.width, "faint"), Block([[]])]
    shown = _planes(problem, name, short(_full(problem, name)), "done")
    blocks = [look.draw(matrix) for matrix in shown[:PLANES]]
    lines.append(flow(blocks, look.width, gap=4))
    if len(shown) > PLANES:
        words = phrases.MORE_PLANES.format(count=len(shown) - PLANES, layer=result.spec.name)
        lines.append(wrapped(words, look.width, "faint"))
    yield stacked([indented(stacked(lines)), Block([[]])])


def _formula(problem: Problem, name: str) -> str:
    """The greatest cell of a gradient, written out without the terms that are 0."""
    full = _full(problem, name)
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(abs(full))), full.shape))
    trace = problem.trace(name)
    terms = [_shortened(term) for term in islice(trace.terms_of(place), 1_000) if term.value]
    words = " + ".join(_middle_out([product(term, problem.numerals) for term in terms])) or "0"
    if trace.plan.divisor > 1:
        words = f"({words}) / {trace.plan.divisor}"
    cell = cell_name(name, place, problem.ranks[name])
    value = problem.numerals(_rounded(full.item(*place)))
    sign = "=" if problem.exact else "≈"
    sum_ = f"{words} {sign} {value}" if words != value else value
    return phrases.FOR_INSTANCE.format(cell=cell, sum=sum_)


def _middle_out(words: list[str]) -> list[str]:
    if len(words) <= TERMS:
        return words
    left_out = len(words) - TERMS + 1
    return [*words[: TERMS - 2], f"… ({left_out} more) …", words[-1]]


def _shortened(term: Term) -> Term:
    left = term.left._replace(value=_rounded(term.left.value))
    return term._replace(left=left, right=term.right._replace(value=_rounded(term.right.value)))


def _rounded(number: Number) -> Number:
    return float(short(np.array([number]))[0]) if isinstance(number, float) else number


def short(array: Array) -> Array:
    """Floats with so few digits that a matrix of them fits the screen; exact numbers as they are.

    >>> short(np.array([0.123456, 12.0]))
    array([ 0.1235, 12.    ])
    """
    if array.dtype.kind != "f" or not array.size:
        return array
    greatest = float(np.abs(array).max())
    if greatest == 0:
        return array
    digits = max(DECIMALS, 2 - int(np.floor(np.log10(greatest))))
    return np.round(array, digits) + 0.0


def _full(problem: Problem, name: str) -> Array:
    return problem.results[name].reshape(problem.trace(name).shape)


def _planes(
    problem: Any, name: str, array: Array, style: str = "", given: bool = False, title: str = ""
) -> list[Matrix]:
    """The planes of a matrix; all of them are lit alike, so that brackets would tell nothing."""
    shown = [replace(plane, loose=True) for plane in whole(problem, name, array, style, given)]
    if title:
        return [replace(plane, title=plane.title.replace(name, title, 1)) for plane in shown]
    return shown


def _step(walk: Backward, look: Display) -> Iterator[Block]:
    rate = walk.network.learning_rate
    if rate is None:
        yield indented(wrapped(phrases.NO_STEP, look.width - 3, "faint"))
        return
    yield rule(sentences.STEP_OF_DESCENT, look)
    for result in walk.layers:
        if after := result.updated(rate):
            yield Block([[(f" {result.spec.name}", "heading")]])
            yield from descent_blocks(result.backward, after, rate, look, short)
    before, now = walk.loss, walk.loss_after
    assert now is not None
    words = phrases.AFTER.format(before=walk.numerals(before), after=walk.numerals(now))
    lines = [wrapped(words, look.width - 3, "title")]
    if now > before:
        lines.append(wrapped(phrases.GROWN, look.width - 3))
    yield stacked([indented(stacked(lines)), Block([[]])])


def layer_remarks(walk: Backward) -> list[str]:
    """How exact the numbers are, and which layers stand at a corner."""
    words = [phrases.EXACT if walk.network.exact else phrases.FLOAT]
    for result in walk.layers:
        if result.spec.op in phrases.CORNERS and result.backward.nondifferentiable_cells:
            sentence = phrases.CORNERS[result.spec.op]
            words.append(
                sentence.format(
                    layer=result.spec.name, count=result.backward.nondifferentiable_cells
                )
            )
    return words


def _remarks(walk: Backward, look: Display) -> Block:
    network = walk.network
    words = [phrases.ZEROS, *layer_remarks(walk)]
    words.append(phrases.LOOK_INTO.format(layer=network.layers[0].name))
    if network.learning_rate is not None:
        words.append(phrases.GO_ON)
    return stacked(indented(wrapped(line, look.width - 3, "faint")) for line in words)
