"""The outline of a network: forward, the loss, back layer by layer, one step, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from ..core.batch import LOSS_MEAN
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.shapes import by
from ..core.text import say
from ..core.trace import cell_name
from ..layers.loss.layer import Loss
from ..pictures import network_sentences as phrases
from ..pictures import sentences
from ..pictures.blocks import (
    Heading,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Table,
    Title,
)
from ..pictures.descent import descent
from ..pictures.formula import product
from ..pictures.layer_words import corner_words
from ..pictures.outline import introduction
from ..pictures.step_picture import Matrix, whole
from .digest import corner, is_large, layer_digest, step_digest, summary
from .layouts import parameters_in_layout, shapes_in_layout
from .model import Network
from .passes import Backward, LayerResult
from .rounding import rounded_number, rounded_term, short

PLANES = 4
"""Channels, filters or samples of one matrix that are drawn."""
TERMS = 6
"""Terms of a sum that are written out; of a longer one, all but the middle."""
FEW_CELLS = 100
"""Of a layer without weights, what it was given is drawn up to so many cells: enough to see
which cell was the maximum, or where ReLU let the error through."""
STAGE, PART, STEP = HeadingLevel


def network_outline(walk: Backward) -> Iterator[OutlineBlock]:
    """A network's way forward and back as blocks, worked out as they are asked for.

    Parameters
    ----------
    walk
        The network with its gradients.
    """
    network = walk.network
    yield Title("network-backward", network.title, settings(walk))
    if network.init is not None:
        yield Note(say(phrases.DRAWN, init=network.init, seed=network.seed))
    yield Heading(PART, say(phrases.FORWARD))
    yield overview(network)
    yield from _loss(walk)
    yield from _back(walk)
    yield from _step(walk)
    if is_large(walk):
        yield from summary(walk)
    for words in _remarks(walk):
        yield Note(words, closing=True)


def settings(walk: Backward) -> str:
    """The settings in one line."""
    network = walk.network
    known = {"loss": network.loss_name, "batch": network.batch, "N": network.samples}
    if network.learning_rate is not None:
        known["learning_rate"] = walk.numerals(network.learning_rate, given=True)
    return ", ".join(f"{name} {value}" for name, value in known.items())


def overview(network: Network) -> Table:
    """Of each layer, the shape of its output and the number of its parameters."""
    known = shapes_in_layout(network)
    rows = [(say(phrases.INPUT), by(known["input"]), "")]
    for stage in network.stages:
        shapes = ", ".join(
            f"{name} {by(array.shape)}"
            for name, array in parameters_in_layout(stage.spec, network).items()
        )
        count = f"{stage.parameters}  ({shapes})" if shapes else ""
        rows.append((stage.spec.name, by(known[stage.spec.name]), count))
    total = sum(stage.parameters for stage in network.stages)
    rows.append((say(phrases.TOTAL), "", str(total)))
    return Table((say(phrases.LAYER), say(phrases.GIVES), say(phrases.PARAMETERS)), rows)


def _loss(walk: Backward) -> Iterator[OutlineBlock]:
    network = walk.network
    loss, last = network.loss.written_as(walk.numerals), network.layers[-1].name
    rules = phrases.JOINED_RULES if network.joined else phrases.LOSS_RULES
    yield Heading(PART, say(phrases.LOSS, name=network.loss_name))
    yield Paragraph(say(rules[network.loss_name], layer=last))
    predicted, _, called = loss.factors()
    called = "A" if called == "A_prev" else called.replace("A_prev", "Z")
    if is_large(walk):
        yield Matrices(
            [
                corner(loss, "A_prev", predicted.reshape(loss.given["A_prev"].shape), title=called),
                corner(loss, "Y", loss.arrays["Y"], given=True),
                corner(loss, "dA_prev", loss.results["dA_prev"], "pink"),
            ]
        )
    else:
        yield Matrices(
            [
                *_planes(loss, "A_prev", short(predicted), title=called)[:PLANES],
                *_planes(loss, "Y", short(loss.arrays["Y"]), given=True)[:PLANES],
                *_planes(loss, "dA_prev", short(_full(loss, "dA_prev")), "pink")[:PLANES],
            ]
        )
    yield Sums([_loss_sum(walk)])
    yield from (Note(words) for words in _division(network.loss, network.batch))


def _division(loss: Loss, batch: str) -> Iterator[str]:
    """What the error at the output is divided by, and why."""
    inside, between = loss.inside, loss.between
    facts = {"samples": loss.samples, "elements": inside, "divisor": inside * between}
    if batch == LOSS_MEAN and inside > 1 and between > 1:
        yield say(phrases.DIVIDED_BY_ALL, **facts)
        return
    if inside > 1:
        yield say(phrases.DIVIDED_INSIDE, **facts)
    if loss.samples > 1 and between > 1:
        yield say(phrases.DIVIDED if batch == LOSS_MEAN else phrases.NEVER_DIVIDED, **facts)


def _loss_sum(walk: Backward) -> str:
    network, write = walk.network, walk.numerals
    value = write(walk.loss)
    if network.samples == 1:
        return say(phrases.LOSS_ONE, value=value)
    terms = " + ".join(_middle_out([write(cell) for cell in network.loss.each().tolist()]))
    words = phrases.LOSS_MEAN if network.loss.between > 1 else phrases.LOSS_SUM
    return say(words, terms=terms, samples=network.samples, value=value)


def _back(walk: Backward) -> Iterator[OutlineBlock]:
    stages = _dense_stage(walk.layers)
    both = len(set(stages)) > 1
    titles = (
        (say(phrases.STAGE_IMAGES), say(phrases.STAGE_DENSE))
        if both
        else (say(phrases.ONLY_IMAGES), say(phrases.ONLY_DENSE))
    )
    told = None
    behind = ""
    for result, dense in reversed(list(zip(walk.layers, stages, strict=True))):
        if dense != told:
            yield Heading(STAGE, titles[dense])
            told = dense
        yield from _layer(result, behind, whole_layer=not is_large(walk))
        behind = result.spec.name


def _dense_stage(layers: Sequence[LayerResult]) -> list[bool]:
    """Of each layer, whether it belongs to the fully connected stage: behind the last image."""
    images = [k for k, result in enumerate(layers) if result.spec.kind.takes == "images"]
    return [k > max(images, default=-1) for k in range(len(layers))]


def shapes(result: LayerResult) -> str:
    """The shapes of what a layer was given and what it gave."""
    forward, name = result.forward, result.forward.output_name
    return f"{forward.form('A_prev')} → {forward.form(name, forward.results[name].shape)}"


def _layer(result: LayerResult, behind: str, whole_layer: bool) -> Iterator[OutlineBlock]:
    spec, problem = result.spec, result.backward
    yield Heading(PART, f"{spec.name}: {shapes(result)}")
    if "dZ" in problem.given:
        words = phrases.RECEIVES if behind else phrases.RECEIVES_LOSS
        yield Paragraph(say(words, behind=behind, shape=problem.form("dZ")))
    if not whole_layer:
        yield from layer_digest(result)
        return
    if spec.parameters or problem.given["A_prev"].size <= FEW_CELLS:
        yield Matrices(list(_given(problem)))
    for name in problem.names:
        yield from _gradient(result, name)


def _given(problem: Problem) -> Iterator[Matrix | str]:
    """What the layer was given on the way forward, and its weights in yellow."""
    for name in ("A_prev", "W"):
        if name in problem.given:
            style = "kernel" if name == "W" else ""
            shown = _planes(problem, name, short(problem.arrays[name]), style, given=True)
            yield from shown[:PLANES]
            if len(shown) > PLANES:
                yield say(phrases.MORE, count=len(shown) - PLANES)


def _gradient(result: LayerResult, name: str) -> Iterator[OutlineBlock]:
    problem = result.backward
    yield Paragraph(introduction(problem, problem.trace(name)))
    yield Note(_formula(problem, name))
    shown = _planes(problem, name, short(_full(problem, name)), "done")
    yield Matrices(shown[:PLANES])
    if len(shown) > PLANES:
        words = say(phrases.MORE_PLANES, count=len(shown) - PLANES, layer=result.spec.name)
        yield Note(words)


def _formula(problem: Problem, name: str) -> str:
    """The greatest cell of a gradient, written out without the terms that are 0."""
    full = _full(problem, name)
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(abs(full))), full.shape))
    trace = problem.trace(name)
    terms = [rounded_term(term) for term in islice(trace.terms_of(place), 1_000) if term.value]
    words = " + ".join(_middle_out([product(term, problem.numerals) for term in terms])) or "0"
    if trace.plan.divisor > 1:
        words = f"({words}) / {trace.plan.divisor}"
    cell = cell_name(name, place, problem.ranks[name])
    value = problem.numerals(rounded_number(full.item(*place)))
    sign = "=" if problem.exact else "≈"
    sum_ = f"{words} {sign} {value}" if words != value else value
    return say(phrases.FOR_INSTANCE, cell=cell, sum=sum_)


def _middle_out(words: list[str]) -> list[str]:
    if len(words) <= TERMS:
        return words
    left_out = len(words) - TERMS + 1
    return [*words[: TERMS - 2], f"… ({left_out} more) …", words[-1]]


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


def _step(walk: Backward) -> Iterator[OutlineBlock]:
    rate = walk.network.learning_rate
    if rate is None:
        return
    yield Heading(PART, say(sentences.STEP_OF_DESCENT))
    if is_large(walk):
        yield from step_digest(walk, rate)
    else:
        for result in walk.layers:
            if after := result.updated(rate):
                yield Heading(STEP, result.spec.name)
                yield from descent(result.backward, after, rate, short)
    yield from loss_after(walk)


def loss_after(walk: Backward) -> Iterator[OutlineBlock]:
    """What the loss is after the step, where there is one."""
    before, now = walk.loss, walk.loss_after
    if now is None:
        return
    yield Paragraph(say(phrases.AFTER, before=walk.numerals(before), after=walk.numerals(now)))
    if now > before:
        yield Note(say(phrases.GROWN))


def layer_remarks(walk: Backward) -> list[str]:
    """How exact the numbers are, and which layers stand at a corner."""
    words = [say(phrases.EXACT) if walk.network.exact else say(phrases.FLOAT)]
    for result in walk.layers:
        count = result.backward.nondifferentiable_cells
        if count:
            sentence = corner_words(result.backward).in_network
            words.append(say(sentence, layer=result.spec.name, count=count))
    return words


def _remarks(walk: Backward) -> Iterator[str]:
    network = walk.network
    if network.learning_rate is None:
        yield say(phrases.NO_STEP)
    if not is_large(walk):
        yield say(phrases.ZEROS)
    yield from layer_remarks(walk)
    if not is_large(walk):
        yield say(phrases.LOOK_INTO, layer=network.layers[0].name)
    if network.learning_rate is not None:
        yield say(phrases.GO_ON)
