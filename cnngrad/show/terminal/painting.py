"""Blocks in colour, by Rich."""

import os
import sys
from collections.abc import Mapping
from typing import Literal

from rich.console import Console
from rich.text import Text

from ...core.unicode_safety import visible
from ...pictures.theme import BASIC_STYLES, STYLES
from .layout import Block, Line

ColourSystem = Literal["standard", "256", "truecolor"]


class _Console(Console):
    """A console that leaves it to the program what the end of a pipe means."""

    def on_broken_pipe(self) -> None:
        raise


def console() -> Console:
    """Standard output, to be painted on."""
    return _Console(
        highlight=False,
        soft_wrap=True,
        force_terminal=True,  # whether to paint at all was decided before
        no_color=False,
        color_system=colour_system(),
    )


def colour_system() -> ColourSystem:
    """How many colours the terminal says that it has: 16 (or 8), 256, or all."""
    term = os.environ.get("TERM", "").lower()
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "-direct" in term:
        return "truecolor"
    if sys.platform == "win32":
        return "truecolor"
    return "256" if "256color" in term else "standard"


def styles() -> Mapping[str, str]:
    """The styles that this terminal can tell apart."""
    return BASIC_STYLES if colour_system() == "standard" else STYLES


def rich_text(line: Line) -> Text:
    """One line with its styles."""
    known = styles()
    return Text.assemble(*((visible(text), known[style]) for text, style in line), no_wrap=True)


def paint(block: Block, console: Console) -> None:
    """Print a block on the terminal."""
    console.print(*map(rich_text, block.lines), sep="\n")
