"""Sliding windows over an image of any number of dimensions: their axes, from settings."""

from collections.abc import Mapping, Sequence
from typing import Any

from .problem import cells_of
from .shapes import Axis, axis, refuse_giants
from .text import message, say

AXES = (message("planes"), message("rows"), message("columns"))
"""What the spatial axes are called; an image of fewer dimensions has the last of them."""


def axis_names(dims: int) -> tuple[str, ...]:
    """What the spatial axes are called where there are so many.

    >>> axis_names(2)
    ('rows', 'columns')
    """
    return AXES[-dims:]


def slides(
    shape: Sequence[int], windows: Sequence[int], settings: Mapping[str, Any], what: str
) -> tuple[Axis, ...]:
    """The spatial axes of a window that slides over an input of this shape (N, C, …).

    Parameters
    ----------
    shape
        The input's.
    windows
        How large the window is along each spatial axis.
    settings
        `stride`, `dilation`, `padding`; `ceil_mode`, `ceil_rule` and `flip`, where there are such.
    what
        What the window is called: `kernel`.
    """
    pads = settings["padding"]
    return tuple(
        axis(
            size,
            windows[side],
            stride=settings["stride"][side],
            dilation=settings["dilation"][side],
            padding=pads if isinstance(pads, str) else pads[side],
            ceil=settings.get("ceil_mode", False),
            keep=settings.get("ceil_rule") == "keep",
            flipped=settings.get("flip", False),
            what=what,
            name=name,
        )
        for side, (size, name) in enumerate(zip(shape[2:], axis_names(len(windows)), strict=True))
    )


def refuse_giant_images(images: int, outputs: int, lines: Sequence[Axis], given: int) -> None:
    """Refuse an input or output that is out of all proportion to what was given.

    Parameters
    ----------
    images, outputs
        How many planes or blocks go in and come out.
    lines
        The spatial axes.
    given
        How many cells were given.
    """
    refuse_giants(
        {
            message("The padded input"): images * cells_of(tuple(line.padded for line in lines)),
            message("The output"): outputs * cells_of(tuple(line.out for line in lines)),
        },
        given,
        fix=message("use less padding"),
    )


def formulas(lines: Sequence[Axis]) -> str:
    """The output size along each axis, worked out, a line each."""
    names = [say(name) for name in axis_names(len(lines))]
    width = max(map(len, names)) + 2
    return "\n".join(
        f"{name:{width}}{line.formula()}" for name, line in zip(names, lines, strict=True)
    )
