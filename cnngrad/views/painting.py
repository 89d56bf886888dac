"""Blocks in colour, by Rich."""

from rich.console import Console
from rich.text import Text

from .blocks import Block, Line
from .theme import STYLES


def rich_text(line: Line) -> Text:
    """One line with its styles."""
    return Text.assemble(*((text, STYLES[style]) for text, style in line), no_wrap=True)


def paint(block: Block, console: Console | None = None) -> Console:
    """Print a block on the terminal; returns the console, to be used for the next."""
    console = console or Console(highlight=False, soft_wrap=True)
    console.print(*map(rich_text, block.lines), sep="\n")
    return console
