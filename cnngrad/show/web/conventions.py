"""Conventions of frameworks as a page: an outline of tables, without script."""

from collections.abc import Iterable

from ...pictures.blocks import OutlineBlock, Title
from .page_template import escaped, shell
from .tables import html


def conventions_page(blocks: Iterable[OutlineBlock]) -> str:
    """A whole page of an outline."""
    title, body = "", []
    for block in blocks:
        if isinstance(block, Title):
            title = block.words
        else:
            body.append(html(block))
    head = f'<header class="top"><h1>{escaped(title)}</h1></header>'
    return shell(f"{title} · cnngrad", f"{head}<main>{''.join(body)}</main>")
