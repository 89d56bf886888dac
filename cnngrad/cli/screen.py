"""Printing: blocks to standard output, in colour where it can be seen; notes to standard error."""

import shutil
import sys
from collections.abc import Iterable
from typing import Any

from ..core.unicode_safety import visible
from ..show.terminal.display import Display
from ..show.terminal.layout import Block
from .colour import shows_colours
from .streams import MAX_COLUMNS, tell, written


class Screen:
    """Standard output as it is now: how wide it is and whether it shows colours."""

    def __init__(self, no_color: bool = False, quiet: bool = False) -> None:
        self.quiet = quiet
        columns = min(shutil.get_terminal_size((80, 24)).columns, MAX_COLUMNS)
        self.look = Display(max(columns, 30), not no_color and shows_colours())
        self._console: Any = None

    def show(self, blocks: Iterable[Block]) -> None:
        """Print blocks as they come, as long as anyone reads them."""
        if self.quiet:
            return
        for block in blocks:
            if not (
                self._paint(block) if self.look.colour else emit(visible(block.plain()) + "\n")
            ):
                return

    def note(self, words: str) -> None:
        """Say something that is no result."""
        if not self.quiet:
            tell(words)

    def _paint(self, block: Block) -> bool:
        from ..show.terminal.painting import console, paint

        self._console = self._console or console()
        return written(lambda: paint(block, self._console))


def emit(text: str) -> bool:
    """Print text; returns whether anyone still reads it.

    A file or a pipe gets it as it is, a terminal without signs that would steer it.
    """
    shown = visible(text) if sys.stdout.isatty() else text
    return written(lambda: sys.stdout.write(shown))
