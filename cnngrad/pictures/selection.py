"""Which steps to show, and how many a screen or a file has room for."""

import sys
from typing import NamedTuple

MAX_STEPS_SHOWN = 16
"""Steps up to which a terminal shows all unless told otherwise."""
FIRST_STEPS, LAST_STEPS = 3, 2
"""Of a longer trace, so many from either end."""


class Selection(NamedTuple):
    """Which steps to show: all of them, none, some by number, or as many as make sense."""

    first: int | None = None
    last: int | None = None
    sensible: bool = True
    most: int | None = None
    """Where there is no room for more steps than these: of more, those at the two ends."""

    @property
    def numbered(self) -> bool:
        """Whether steps are asked for by their numbers."""
        return not self.sensible and self.first is not None

    @property
    def single(self) -> bool:
        """Whether one step is asked for."""
        return self.numbered and self.first == self.last

    def ranges(self, count: int) -> list[tuple[int, int]]:
        """The chosen steps as (first, last), counted from 1; between two, some are left out."""
        if not self.sensible:
            if self.first is None:
                return []
            last = count if self.last is None else min(self.last, count)
            return self._ends(self.first, last, self.most) if self.first <= last else []
        few = MAX_STEPS_SHOWN if self.most is None else self.most
        return self._ends(1, count, FIRST_STEPS + LAST_STEPS if count > few else None)

    @staticmethod
    def _ends(first: int, last: int, most: int | None) -> list[tuple[int, int]]:
        if most is None or last - first < most or last - first < FIRST_STEPS + LAST_STEPS:
            return [(first, last)]
        head = max(most - LAST_STEPS, FIRST_STEPS)
        return [(first, first + head - 1), (last - LAST_STEPS + 1, last)]


ALL = Selection(1, None, sensible=False)
NONE = Selection(None, None, sensible=False)


class SizeBudget(NamedTuple):
    """About how many cells of steps a file has room for."""

    usual: int
    """Unless told which steps to show."""
    most: int
    """Of all the steps that are asked for."""

    def shared(self, count: int) -> "SizeBudget":
        """The room of each of so many results."""
        return SizeBudget(self.usual // count, self.most // count)


HANDOUT = SizeBudget(60_000, sys.maxsize)
PAGE = SizeBudget(60_000, 240_000)
NETWORK = SizeBudget(240_000, 240_000)
FIGURE = SizeBudget(15_000, 60_000)
ANIMATION = SizeBudget(4_000, 15_000)
"""A browser can hold no more than that and stay quick; in a figure, every cell is two shapes,
and an animation shows each step for a second and a half."""
