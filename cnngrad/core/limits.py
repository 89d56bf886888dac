"""Limits: what a problem costs, known before anything is allocated, and how much is too much.

Only the command line has limits: it calls `enforce`. What stands here is measured on a usual
computer, and errs to the side of refusing too little.
"""

import os
from contextlib import suppress
from typing import NamedTuple

from .errors import CnngradError
from .text import Count, say

MAX_SECONDS = 60
MAX_SHARE = 0.5
"""Of the machine's memory."""

_BYTES_A_CELL = 60
"""Of a result: the number itself, and what is made of it to be shown."""
_PRODUCTS_A_SECOND = 400_000_000
_CELLS_A_SECOND = 1_500_000
_EXACT_PRODUCTS_A_SECOND = 20_000_000
_DIGIT_CELLS_A_SECOND = 20_000_000
"""Cells times digits of their common denominator."""
_BYTES_A_DIGIT = 0.42
SECONDS_A_LAYER = 0.003

_enforced = False


class Cost(NamedTuple):
    """What something takes to be computed and shown."""

    cells: int = 0
    """Of all its matrices."""
    products: int = 0
    """Multiply-adds."""
    digits: int = 0
    """Of the common denominator of its fractions, where it is computed exactly."""
    layers: int = 0
    """Of a network."""

    def plus(self, other: "Cost") -> "Cost":
        """What both take together."""
        return Cost(
            self.cells + other.cells,
            self.products + other.products,
            max(self.digits, other.digits),
            self.layers + other.layers,
        )

    @property
    def bytes(self) -> int:
        """Of memory, about."""
        return self.cells * (_BYTES_A_CELL + int(self.digits * _BYTES_A_DIGIT))

    @property
    def seconds(self) -> float:
        """About so long."""
        digits = self.cells * self.digits / _DIGIT_CELLS_A_SECOND
        if self.digits:
            digits += self.products / _EXACT_PRODUCTS_A_SECOND
        numbers = self.products / _PRODUCTS_A_SECOND + self.cells / _CELLS_A_SECOND
        return numbers + digits + self.layers * SECONDS_A_LAYER


def enforce(on: bool) -> None:
    """From now on refuse what costs too much, or no more."""
    global _enforced
    _enforced = on


def enforced() -> bool:
    """Whether what costs too much is refused."""
    return _enforced


def refuse_costly(cost: Cost) -> None:
    """Refuse what would take too much memory or time, if limits are enforced.

    Raises
    ------
    CnngradError
        It would; the figures are told.
    """
    if not _enforced:
        return
    most = int(memory() * MAX_SHARE)
    if cost.bytes <= most and cost.seconds <= MAX_SECONDS:
        return
    needs = say(
        "about {memory} of memory and {seconds:# second|# seconds}, for {cells:# number|# numbers}",
        memory=in_bytes(cost.bytes),
        seconds=Count(max(round(cost.seconds), 1)),
        cells=Count(cost.cells),
    )
    if cost.layers:
        needs = say(
            "about {seconds:# second|# seconds}, for {layers:# layer|# layers}",
            seconds=Count(max(round(cost.seconds), 1)),
            layers=Count(cost.layers),
        )
    elif cost.digits:
        needs = say(
            "{needs} with a common denominator of {digits:# digit|# digits}",
            needs=needs,
            digits=Count(cost.digits),
        )
    raise CnngradError(
        say("This is too large to be computed and shown here."),
        found=needs,
        expected=say(
            "at most {memory}, half of this machine's memory, and {seconds} seconds",
            memory=in_bytes(most),
            seconds=MAX_SECONDS,
        ),
        fix=say("make it smaller, or let it take what it takes with --no-limits"),
    )


def memory() -> int:
    """Bytes of memory that this machine has, or that this process may use of it."""
    sizes = [2**33]
    with suppress(AttributeError, OSError, ValueError):
        sizes = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        # of a container; "max" where there is no limit
        with suppress(OSError, ValueError), open(path, encoding="ascii") as file:
            sizes.append(int(file.read()))
    return min(sizes)


def in_bytes(size: float) -> str:
    """A size in words.

    >>> in_bytes(3_900_000_000), in_bytes(150_000_000)
    ('3.9 GB', '150 MB')
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
