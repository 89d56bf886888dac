"""How wide the screen is and whether it has colours; matrices drawn for it."""

from typing import NamedTuple

from ...pictures.step_picture import Matrix
from .layout import Block, matrix


class Display(NamedTuple):
    """What a view is drawn for.

    Parameters
    ----------
    width
        Characters in a line.
    colour
        Whether lit cells are coloured; else they carry brackets.
    """

    width: int = 80
    colour: bool = False

    def draw(self, shown: Matrix) -> Block:
        """One matrix in characters."""
        return matrix(
            shown.title,
            shown.written,
            style=lambda i, j: shown.styles[i][j],
            width=self.width,
            brackets=not (self.colour or shown.loose),
            rows=shown.rows if shown.cut else None,
            columns=shown.columns if shown.cut else None,
            least=shown.least,
        )
