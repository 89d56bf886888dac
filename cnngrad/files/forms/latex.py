r"""Matrices in LaTeX: `bmatrix` and its kin, `array`, `\frac`."""

import re
from collections.abc import Callable
from typing import Any

from ...core.errors import FileError
from ...core.numbers import Array
from ...core.text import Count, say
from ..csv_text import array_of_rows
from .passage import Passage, Row

_MATRIX = re.compile(
    r"\\begin\{((?:[bpvVB]|small)?(?:small)?matrix\*?|array)\}"
    r"(?:\[[^\]]*\])?((?:(?!\\begin\{).)*?)\\end\{\1\}",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?<!\\)%.*")
_SHORTENED = re.compile(r"\\(?:[lcvd]?dots|dotsc|dotsb|hdotsfor)\b|…|⋯|\.\.\.")
_FRACTION = re.compile(
    r"([+-]?)\s*\\[dtc]?frac\s*(?:\{\s*([+-]?[\d.]+)\s*\}|(\d))\s*(?:\{\s*([\d.]+)\s*\}|(\d))"
)
_CELL = re.compile(r"\\gradcell\{[^{}]*\}\{[^{}]*\}\{((?:[^{}]|\{[^{}]*\})*)\}")
_STYLE = re.compile(r"\\(?:math|text)\w*\s*\{([^{}]*)\}|\\boxed\s*\{([^{}]*)\}")
_NOISE = re.compile(
    r"\\(?:left|right|displaystyle|hline|quad|qquad|phantom\{[^{}]*\}|[,;:!> ])|[${}]|~"
)
_NEW_ROW = re.compile(r"\\\\(?:\[[^\]]*\])?|\\cr\b|\\tabularnewline")


def is_latex(text: str) -> bool:
    r"""Whether a text is LaTeX.

    >>> is_latex(r"\begin{bmatrix} 1 & 2 \end{bmatrix}"), is_latex("1 2; 3 4")
    (True, False)
    """
    return r"\begin{" in text or r"\frac" in text or r"\dfrac" in text or r"\tfrac" in text


def read_latex(passage: Passage, number: Callable[[str], Any]) -> Array:
    r"""Read the one matrix of a text in LaTeX.

    Parameters
    ----------
    passage
        The text.
    number
        Reads a single cell.

    Raises
    ------
    FileError
        It holds no matrix, several, or one that is not written whole.
    """
    text = _COMMENT.sub("", passage.text)
    found = [m for m in _MATRIX.finditer(text) if m[2].strip()]
    if len(found) > 1:
        raise FileError(
            say("There are several matrices in this LaTeX."),
            where=passage.source,
            found=say("{count:# matrix|# matrices}", count=Count(len(found))),
            expected=say("one matrix"),
            fix=say("leave the others out, or write a line # NAME above each"),
        )
    if not found and r"\begin{" in text:
        raise FileError(
            say("There is no matrix in this LaTeX."),
            where=passage.source,
            expected=say(r"\begin{{bmatrix}} 1 & 2 \\ 3 & 4 \end{{bmatrix}}"),
        )
    body, start = (found[0][2], found[0].start(2)) if found else (text, 0)
    if found and found[0][1] == "array":
        body = re.sub(r"^\s*\{[^&\\]*?\}(?=[\s\\\d$+-])", "", body, count=1)
    if match := _SHORTENED.search(body):
        raise FileError(
            say("The matrix is not written whole."),
            where=passage.source,
            found=say('"{sign}"', sign=match[0]),
            expected=say("all rows and columns"),
        )
    line = text.count("\n", 0, start)
    rows = []
    for part in _NEW_ROW.split(body):
        cells = [_plain(cell) for cell in part.split("&")]
        if any(cells):
            rows.append(Row(line + part.count("\n", 0, len(part) - len(part.lstrip())), cells))
        line += part.count("\n")
    return array_of_rows(passage, [[rows]] if rows else [], False, number)


def _plain(cell: str) -> str:
    for _ in range(3):
        cell = _STYLE.sub(lambda m: m[1] or m[2] or "", _CELL.sub(r"\1", cell))
    cell = _FRACTION.sub(lambda m: f"{m[1]}{m[2] or m[3]}/{m[4] or m[5]}", cell)
    return _NOISE.sub("", cell).strip()
