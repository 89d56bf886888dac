"""Steps as an animated GIF; needs Pillow, the optional extra `gif`."""

import io
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from ...core.errors import UsageError
from ...core.language import ENGLISH, spoken
from ...core.problem import Problem
from ...core.text import say
from ...pictures.selection import ANIMATION, Selection
from .drawing import MARGIN, QUIET, SMALL, Box, Drawing, column, line
from .figure import groups_of

SCALE = 2.0
"""Points of the picture for each of the drawing, unless it grows too large."""
LARGEST = 1_920
MILLISECONDS = 1_600
LAST_MILLISECONDS = 4_000
FONTS = {False: ("DejaVuSans.ttf", "Arial.ttf"), True: ("DejaVuSans-Bold.ttf", "Arial Bold.ttf")}
"""By whether they are bold; Pillow's own font has no mathematical signs."""
WIDE_FONTS = {
    False: ("NotoSansCJK-Regular.ttc", "msyh.ttc", "PingFang.ttc"),
    True: ("NotoSansCJK-Bold.ttc", "msyhbd.ttc", "PingFang.ttc"),
}
"""The same, with Chinese signs."""
PLAIN = str.maketrans({"−": "-", "–": "-", "×": "x", "∗": "*", "⊙": "o", "≈": "~", "→": ">"})


def check_pillow() -> None:
    """Refuse to draw without Pillow.

    Raises
    ------
    UsageError
        It is not installed.
    """
    if find_spec("PIL") is None:
        raise UsageError(
            say("A .gif file needs Pillow, which is not installed."),
            fix=say("pip install '.[gif]' in the clone, or write a .html or .svg file"),
        )


def animation(problem: Problem, names: Sequence[str], selection: Selection) -> bytes:
    """Draw the steps one after another.

    Parameters
    ----------
    problem, names, selection
        As for `figure`.

    Raises
    ------
    UsageError
        Pillow is not there.
    """
    check_pillow()
    from PIL import Image

    drawings = [
        column([drawing, *(line(words, SMALL, fill=QUIET) for words in group.legend)], MARGIN)
        for group, _ in groups_of(problem, names, selection, ANIMATION)
        for drawing in group.parts
    ]
    width = max(drawing.width for drawing in drawings) + 2 * MARGIN
    height = max(drawing.height for drawing in drawings) + 2 * MARGIN
    scale = min(SCALE, LARGEST / max(width, height))
    pictures = []
    for drawing in drawings:
        picture = Image.new("RGB", (round(scale * width), round(scale * height)), "#ffffff")
        _paint(picture, drawing, scale)
        pictures.append(picture.quantize(64))
    file = io.BytesIO()
    times = [MILLISECONDS] * (len(pictures) - 1) + [LAST_MILLISECONDS]
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=times, loop=0)
    return file.getvalue()


def _paint(picture: Any, drawing: Drawing, scale: float) -> None:
    from PIL import ImageDraw

    brush = ImageDraw.Draw(picture)
    for left, top, shape in drawing.flat(MARGIN, MARGIN):
        x, y = scale * (left + shape.x), scale * (top + shape.y)
        if isinstance(shape, Box):
            corners = (x, y, x + scale * shape.width, y + scale * shape.height)
            brush.rounded_rectangle(
                corners,
                scale * shape.radius,
                None if shape.fill == "none" else shape.fill,
                shape.stroke or None,
                max(round(scale * shape.thickness), 1),
            )
        else:
            font, complete = _font(scale * shape.size, shape.bold)
            text = shape.text if complete else shape.text.translate(PLAIN)
            anchor = {"start": "lm", "middle": "mm", "end": "rm"}[shape.anchor]
            brush.text((x, y), text, shape.fill, font, anchor)


@cache
def _font(size: float, bold: bool) -> tuple[Any, bool]:
    """A font that is there, and whether it has all the signs."""
    from PIL import ImageFont

    for name in (*(() if spoken() == ENGLISH else WIDE_FONTS[bold]), *FONTS[bold]):
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size), False
