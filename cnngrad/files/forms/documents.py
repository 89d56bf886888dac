r"""Matrices under their names in a document, as this program writes them in all its formats.

`| dW |  |` heads a table of Markdown, `\text{$dW$}` stands above an array of LaTeX, and a line
`dW` above the rows of a text. A document shows a matrix as it grows; the last one is finished.
"""

import re
from collections.abc import Callable, Iterator

from .passage import Passage

_TITLED = re.compile(
    r"\\text\{\$((?:[^$]|\\\$)*)\$\}\s*\\\\\s*(\\begin\{array\}.*?\\end\{array\})", re.DOTALL
)
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_ROW = re.compile(r"\s*\|.*\|\s*")
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:/\d+|[eE][+-]?\d+)?"
_NUMBERS = re.compile(rf"\s*{_NUMBER}(?:\s+{_NUMBER})*\s*")
"""A row of numbers; each can be read in one way only, so that a long line takes no longer."""


def titled_passages(source: str, lines: list[str], is_name: Callable[[str], bool]) -> list[Passage]:
    """The matrices of a document, each with its name; none where the text is no document.

    Parameters
    ----------
    source
        What the text is called.
    lines
        The text, in plain signs.
    is_name
        Whether a word is what an operand or a result is called.
    """
    text = "\n".join(lines)
    if r"\text{$" in text:
        found = list(_in_latex(source, text))
    elif any(map(_RULE.fullmatch, lines)):
        found = list(_in_markdown(source, lines, is_name))
    else:
        found = list(_in_text(source, lines, is_name))
    return list({passage.name: passage for passage in found if is_name(passage.name)}.values())


def _in_latex(source: str, text: str) -> Iterator[Passage]:
    for match in _TITLED.finditer(text):
        name = re.sub(r"\\(?:mathrm|text|mathit)\{([^{}]*)\}", r"\1", match[1])
        name = re.sub(r"\\_", "_", re.sub(r"[{}\s]", "", name))
        lines = match[2].split("\n")
        yield Passage(source, text.count("\n", 0, match.start(2)) + 1, lines, lines, name)


def _in_markdown(
    source: str, lines: list[str], is_name: Callable[[str], bool]
) -> Iterator[Passage]:
    """The tables whose header names matrices; columns without a name belong to the one before."""
    for k, line in enumerate(lines[:-1]):
        if not (_ROW.fullmatch(line) and _RULE.fullmatch(lines[k + 1])):
            continue
        header = _cells(line)
        starts = [i for i, cell in enumerate(header) if is_name(cell)]
        if not starts or any(cell and i not in starts for i, cell in enumerate(header)):
            continue
        body = []
        for row in lines[k + 2 :]:
            if not _ROW.fullmatch(row):
                break
            body.append(_cells(row))
        for start, end in zip(starts, [*starts[1:], len(header)], strict=True):
            part = ["\t".join(row[start:end]).rstrip("\t") for row in body]
            rows = [row for row in part if row.strip()]
            yield Passage(source, k + 3, rows, rows, header[start])


def _cells(row: str) -> list[str]:
    return [cell.strip(" *`$") for cell in row.strip().strip("|").split("|")]


def _in_text(source: str, lines: list[str], is_name: Callable[[str], bool]) -> Iterator[Passage]:
    """The rows of numbers below lines that hold nothing but a name; no text begins with others."""
    if _NUMBERS.fullmatch(next((line for line in lines if line.strip()), "")):
        return
    for k, line in enumerate(lines[:-1]):
        if is_name(line.strip()) and _NUMBERS.fullmatch(lines[k + 1]):
            rows: list[str] = []
            for row in lines[k + 1 :]:
                if row.strip() and not _NUMBERS.fullmatch(row):
                    break
                rows.append(row)
            while not rows[-1].strip():
                rows.pop()
            yield Passage(source, k + 2, rows, rows, line.strip())
