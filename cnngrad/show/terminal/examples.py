"""The list of examples."""

from collections.abc import Mapping

from ...core.text import say
from ...pictures.sentences import EXAMPLES
from .display import Display
from .layout import Block, Line, beside, stacked, text, wrapped


def examples(titles: Mapping[str, str], look: Display) -> Block:
    """Names and titles below each other, and how to run one."""
    widest = max(map(len, titles))
    rows = []
    for name, title in titles.items():
        line: Line = [(f" {name:<{widest}}", "heading")]
        rows.append(beside([Block([line]), wrapped(title, look.width - widest - 4)]))
    return stacked([*rows, text(""), wrapped(say(EXAMPLES), look.width - 2, "faint", indent=" ")])
