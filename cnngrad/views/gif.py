"""Steps as an animated GIF; needs Pillow, the optional extra `gif`."""

import io
from collections.abc import Sequence
from typing import Any

from ..errors import UsageError
from ..problem import Problem
from .drawing import MARGIN, Box, Drawing
from .figure import groups_of
from .story import Selection

SCALE = 2
"""Points of the picture for each of the drawing."""
MILLISECONDS = 1_600
LAST_MILLISECONDS = 4_000
FONTS = {False: ("DejaVuSans.ttf", "Arial.ttf"), True: ("DejaVuSans-Bold.ttf", "Arial Bold.ttf")}
"""By whether they are bold; Pillow's own font has no mathematical signs."""
PLAIN = str.maketrans({"−": "-", "–": "-", "×": "x", "∗": "*", "⊙": "o", "≈": "~", "→": ">"})


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
    try:
        from PIL import Image
    except ImportError:
        raise UsageError(
            "A .gif file needs Pillow, which is not installed.",
            mend="pip install 'cnngrad[gif]', or write a .html or .svg file",
        ) from None
    drawings = [
        drawing for group, _ in groups_of(problem, names, selection) for drawing in group.parts
    ]
    size = (
        round(SCALE * (max(drawing.width for drawing in drawings) + 2 * MARGIN)),
        round(SCALE * (max(drawing.height for drawing in drawings) + 2 * MARGIN)),
    )
    pictures = []
    for drawing in drawings:
        picture = Image.new("RGB", size, "#ffffff")
        _paint(picture, drawing)
        pictures.append(picture.quantize(64))
    file = io.BytesIO()
    times = [MILLISECONDS] * (len(pictures) - 1) + [LAST_MILLISECONDS]
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=times, loop=0)
    return file.getvalue()


def _paint(picture: Any, drawing: Drawing) -> None:
    from PIL import ImageDraw

    brush = ImageDraw.Draw(picture)
    for left, top, shape in drawing.flat(MARGIN, MARGIN):
        x, y = SCALE * (left + shape.x), SCALE * (top + shape.y)
        if isinstance(shape, Box):
            corners = (x, y, x + SCALE * shape.width, y + SCALE * shape.height)
            brush.rounded_rectangle(
                corners,
                SCALE * shape.radius,
                None if shape.fill == "none" else shape.fill,
                shape.stroke or None,
                round(SCALE * shape.thickness),
            )
        else:
            font, text = _font(SCALE * shape.size, shape.bold, shape.text)
            anchor = {"start": "lm", "middle": "mm", "end": "rm"}[shape.anchor]
            brush.text((x, y), text, shape.fill, font, anchor)


def _font(size: float, bold: bool, text: str) -> tuple[Any, str]:
    """A font that is there, and the text in the letters that it has."""
    from PIL import ImageFont

    for name in FONTS[bold]:
        try:
            return ImageFont.truetype(name, size), text
        except OSError:
            continue
    return ImageFont.load_default(size), text.translate(PLAIN)
