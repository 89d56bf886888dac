"""Printing: blocks to standard output, in colour where it can be seen; notes to standard error."""

import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any

from ..views.blocks import Block
from ..views.look import Look


class Screen:
    """Standard output as it is now: how wide it is and whether it shows colours."""

    def __init__(self, no_color: bool = False, quiet: bool = False) -> None:
        self.quiet = quiet
        self.look = Look(
            max(shutil.get_terminal_size((80, 24)).columns, 30), not no_color and _shows_colours()
        )
        self._console: Any = None

    def show(self, blocks: Iterable[Block]) -> None:
        """Print blocks as they come."""
        if self.quiet:
            return
        for block in blocks:
            if self.look.colour:
                self._paint(block)
            else:
                print(block.plain())  # noqa: T201

    def note(self, words: str) -> None:
        """Say something that is no result."""
        if not self.quiet:
            print(words, file=sys.stderr)  # noqa: T201

    def _paint(self, block: Block) -> None:
        from ..views.painting import paint

        self._console = paint(block, self._console)


def _shows_colours() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def emit(text: str) -> None:
    """Print a result in a format for machines."""
    sys.stdout.write(text)
