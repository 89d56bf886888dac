"""A progress bar on standard error, for work that takes longer than a moment."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

from .screen import Screen

T = TypeVar("T")

SECONDS_UNTIL_SHOWN = 0.7
"""Seconds that nobody minds; only then does a bar appear."""


def progress(
    items: Iterable[T],
    total: int | None,
    what: str,
    screen: Screen,
    size: Callable[[T], int] = lambda _: 1,
) -> Iterator[T]:
    """Pass items on, and show on a terminal how many came, how fast, and the time left.

    Parameters
    ----------
    items
        What takes its time.
    total
        How many there are; None where nobody knows.
    what
        What is counted, in a word: `answers`.
    screen
        Where the results go; a quiet one shows no bar.
    size
        For how many an item counts.
    """
    if not _watched(screen):
        yield from items
        return
    begun, done, bar = monotonic(), 0, None
    try:
        for item in items:
            done += size(item)
            if bar is None and monotonic() - begun > SECONDS_UNTIL_SHOWN:
                bar = _started(what, total, counted=True)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done)
            yield item
    finally:
        if bar is not None:
            bar.stop()


def piped(
    items: Iterable[T], total: int | None, what: str, screen: Screen, size: Callable[[T], int]
) -> Iterable[T]:
    """Items on their way to standard output, which shows itself how far it is on a terminal."""
    return items if sys.stdout.isatty() else progress(items, total, what, screen, size)


@contextmanager
def busy(what: str, screen: Screen) -> Iterator[None]:
    """While this is at work, of which nobody knows how long it takes, let a bar move."""
    if not _watched(screen):
        yield
        return
    from threading import Lock, Timer

    bars: list[Any] = []
    over, lock = False, Lock()

    def begin() -> None:
        with lock:
            if not over:
                bars.append(_started(what, None, counted=False))

    timer = Timer(SECONDS_UNTIL_SHOWN, begin)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            over = True
        for bar in bars:
            bar.stop()


def _watched(screen: Screen) -> bool:
    """Whether somebody sits before standard error and wants to know."""
    return not screen.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _started(what: str, total: int | None, counted: bool) -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """So many a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    columns: list[ProgressColumn] = [TextColumn(what), BarColumn(bar_width=None)]
    if counted:
        columns += [MofNCompleteColumn(), Rate()]
    columns.append(TimeElapsedColumn() if total is None else TimeRemainingColumn(compact=True))
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    # Results keep their way to standard output: unless told so, Rich takes them to its console.
    bar = Progress(*columns, console=console, transient=True, expand=True, redirect_stdout=False)
    bar.add_task(what, total=total)
    bar.start()
    return bar
