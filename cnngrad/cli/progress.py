"""A progress bar on standard error, for work that takes longer than a moment."""

import os
import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Any, TypeVar

from .screen import Screen

T = TypeVar("T")

PATIENCE = 0.7
"""Seconds that nobody minds; only then does a bar appear."""


def progress(items: Iterable[T], total: int, what: str, screen: Screen) -> Iterator[T]:
    """Pass items on, and show on a terminal how many came, how fast, and the time left.

    Parameters
    ----------
    items
        What takes its time.
    total
        How many there are.
    what
        What they are, in a word: `answers`.
    screen
        Where the results go; a quiet one shows no bar.
    """
    if screen.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from items
        return
    begun, bar, task = monotonic(), None, None
    try:
        for done, item in enumerate(items, 1):
            if bar is None and monotonic() - begun > PATIENCE:
                bar, task = _started(what, total)
            if bar is not None:
                bar.update(task, completed=done)
            yield item
    finally:
        if bar is not None:
            bar.stop()


def _started(what: str, total: int) -> tuple[Any, Any]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """So many a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    bar = Progress(
        TextColumn(what),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
        expand=True,
    )
    bar.start()
    return bar, bar.add_task(what, total=total)
