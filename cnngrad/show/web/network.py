"""A network as a page: a list of its layers at the side, a walk through each of them."""

from collections.abc import Iterator
from typing import Any

from ...core.text import say
from ...network import Backward, LayerResult
from ...network.outline import layer_remarks, loss_after, overview, settings, shapes
from ...pictures import captions, sentences
from ...pictures import network_sentences as phrases
from ...pictures.blocks import Gap, Heading, HeadingLevel, OutlineBlock, Paragraph, Passage
from ...pictures.descent import descent
from ...pictures.outline import left_out
from ...pictures.selection import NETWORK, Selection
from ...pictures.step_picture import WHOLE_CELLS
from . import tables
from .page_template import escaped, shell
from .problem import descent_html
from .problem import walk as walk_through

TERMS = 6_000
"""Terms of cells that it knows at most."""


def network_page(walk: Backward) -> str:
    """A whole page about one network.

    Parameters
    ----------
    walk
        The network with its gradients.
    """
    network = walk.network
    title = network.title or "network-backward"
    tabs, panels, data = [], [], []
    parts = [("", *_overview(walk)), *_layers(walk)]
    for number, (shape, name, body, known) in enumerate(parts):
        detail = f"<small>{escaped(shape)}</small>" if shape else ""
        tabs.append(
            f'<button type="button" role="tab" id="layer-{number}" aria-controls="panel-{number}">'
            f"<b>{escaped(name)}</b>{detail}</button>"
        )
        panels.append(
            f'<section class="layer" id="panel-{number}" aria-labelledby="layer-{number}">'
            f'<h2 class="layer-name">{escaped(name)}</h2>{body}</section>\n'
        )
        data.append(known)
    layers = escaped(say(captions.LAYERS))
    return shell(
        f"{title} · cnngrad",
        f'<header class="top"><p class="kicker">network-backward</p><h1>{escaped(title)}</h1>'
        f'<p class="settings">{escaped(settings(walk))}</p></header>\n'
        f'<main class="network"><div class="list" role="tablist" aria-orientation="vertical"'
        f' aria-label="{layers}" hidden>{"".join(tabs)}</div>'
        f'<div class="panels">{"".join(panels)}</div></main>',
        {"words": captions.page_words(), "walks": data},
    )


def _layers(walk: Backward) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    count = len(walk.layers)
    for number, result in enumerate(walk.layers, 1):
        body, known = walk_through(
            result.backward,
            result.backward.names,
            Selection(),
            number,
            room=NETWORK.shared(count),
            most=TERMS // count,
        )
        behind = walk.layers[number].spec.name if number < count else ""
        yield shapes(result), result.spec.name, _receives(result, behind) + body, known


def gaps(walk: Backward) -> Iterator[tuple[str, Gap]]:
    """Which steps of which layer's results the page has no room for."""
    room = NETWORK.shared(len(walk.layers))
    for result in walk.layers:
        problem = result.backward
        for name, gap in left_out(problem, problem.names, Selection(), room):
            yield f"{result.spec.name}.{name}", gap


def _receives(result: LayerResult, behind: str) -> str:
    if "dZ" not in result.backward.given:
        return ""
    words = phrases.COMES_FROM if behind else phrases.COMES_FROM_LOSS
    shape = result.backward.form("dZ")
    return f'<p class="rule">{escaped(say(words, behind=behind, shape=shape))}</p>'


def _overview(walk: Backward) -> tuple[str, str, dict[str, Any]]:
    network = walk.network
    loss = say(captions.LOSS, name=network.loss_name, value=walk.numerals(walk.loss))
    blocks: list[OutlineBlock] = [overview(network), Paragraph(loss), *loss_after(walk)]
    blocks += map(Paragraph, layer_remarks(walk))
    body = f"{''.join(map(tables.html, blocks))}{''.join(_descent(walk))}"
    return say(captions.NETWORK), body, {}


def _descent(walk: Backward) -> Iterator[str]:
    """The step of gradient descent of each layer whose parameters are few."""
    rate = walk.network.learning_rate
    if rate is None:
        return
    for result in walk.layers:
        after = result.updated(rate)
        if not after or sum(array.size for array in after.values()) > WHOLE_CELLS:
            continue
        words = say(sentences.AFTER, name=result.spec.name)
        heading = Heading(HeadingLevel.PART, words)
        yield descent_html(Passage(heading, list(descent(result.backward, after, rate))))
