"""Blocks in colour, by Rich."""

from rich.console import Console
from rich.text import Text

from ...core.unicode_safety import visible
from ...pictures.theme import STYLES
from .layout import Block, Line


class _Console(Console):
    """A console that leaves it to the program what the end of a pipe means."""

    def on_broken_pipe(self) -> None:
        raise


def console() -> Console:
    """Standard output, to be painted on."""
    return _Console(highlight=False, soft_wrap=True)


def rich_text(line: Line) -> Text:
    """One line with its styles."""
    return Text.assemble(*((visible(text), STYLES[style]) for text, style in line), no_wrap=True)


def paint(block: Block, console: Console) -> None:
    """Print a block on the terminal."""
    console.print(*map(rich_text, block.lines), sep="\n")
