"""An outline as a fragment of LaTeX with coloured cells, for `amsmath` and `xcolor`."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from ...core.language import ENGLISH, spoken
from ...core.text import Cells, message, say
from ...core.widths import screen_width
from ...pictures import captions
from ...pictures.blocks import (
    Equation,
    Gap,
    Heading,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Table,
    Title,
)
from ...pictures.captions import typeset
from ...pictures.step_picture import Matrix, Parts, operands
from ...pictures.theme import BRIGHT, FILLS

LINE = 33.6
"""The width of a line in em, as in an article at its usual size."""
SLIDE = 27.0
"""And on a slide, where a single step may stand."""
ROWS = 30
"""Rows that fit on a page."""
HEAD = r"% A fragment: \input it in a document with \usepackage{amsmath} and \usepackage{xcolor}."
OTHER_SIGNS = message("Chinese also needs \\usepackage{{ctex}}, and xelatex to compile it.")
CELL = (
    r"\providecommand{\gradcell}[3]{{\setlength{\fboxsep}{2pt}\setlength{\fboxrule}{0.3pt}"
    r"\fcolorbox{black!35}{#1}{\makebox[#2]{\strut$#3$}}\hspace{-0.3pt}}}"
)

SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
    '"': "''",
    "−": "$-$",
    "–": "--",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "∗": r"$\ast$",
    "→": r"$\to$",
    "⊙": r"$\odot$",
    "≈": r"$\approx$",
    "…": r"\dots{}",
    "α": r"$\alpha$",
    "≤": r"$\le$",
    "Σ": r"$\Sigma$",
    "ᵀ": r"$^{\mathsf{T}}$",
}
"""What stands for itself in text but not in LaTeX."""
LETTERS = set("ßøØæÆœŒåÅłŁ‘’“”¡¿§¶©£€°±²³µ¼½¾†‡•")
"""Beyond ASCII, what pdfLaTeX's usual fonts have; and the accents that it sets."""
ACCENTS = set("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030c\u0327")
_NAME = re.compile(r"\b(d?[AZ]_prev|dW|dZ|db|W|Z)\b")


def rendered(blocks: Iterable[OutlineBlock]) -> Iterator[str]:
    """Write an outline as a LaTeX fragment, piece by piece as it is worked out."""
    yield HEAD + "\n"
    if spoken() != ENGLISH:
        yield f"% {say(OTHER_SIGNS)}\n"
    for name, colour in FILLS.items():
        yield rf"\definecolor{{grad-{name}}}{{HTML}}{{{colour[1:].upper()}}}" + "\n"
    yield CELL + "\n"
    width = SLIDE
    for block in blocks:
        if isinstance(block, Title):
            width = LINE
        render: Callable[[Any, float], Iterator[str]] = _RENDER[type(block)]
        for line in render(block, width):
            yield line + "\n"


# ---- each block -----------------------------------------------------------------------------


def _whole(block: Title, _line: float) -> Iterator[str]:
    yield ""
    yield rf"\par\noindent{{\large\textbf{{{text(block.words or block.op)}}}}}\par"
    settings = text(block.settings)
    about = f"{text(block.op)}: {settings}" if settings else text(block.op)
    yield rf"{{\sloppy\noindent {about}.\par}}"


def _heading(block: Heading, _line: float) -> Iterator[str]:
    words = text(block.words)
    if block.level is HeadingLevel.STAGE:
        yield rf"\par\bigskip\noindent{{\large\textbf{{{words}}}}}\par\nobreak"
    elif block.level is HeadingLevel.PART:
        yield ""
        yield rf"\par\bigskip\noindent{{\large {words}}}\par\nobreak"
    elif block.step is None:
        yield rf"\par\medskip\noindent\textbf{{{words}}}\par\nobreak"
    else:
        yield ""
        line = rf"\par\medskip\noindent\textbf{{{words}}}"
        if block.step.cell:
            line += rf"\quad\colorbox{{grad-{block.step.colour}}}{{{text(block.step.cell)}}}"
        if block.step.place:
            line += rf"\quad {text(block.step.place)}"
        yield line + r"\par\nobreak"


def _paragraph(block: Paragraph, _line: float) -> Iterator[str]:
    yield rf"\noindent {text(block.words)}\par\nobreak"


def _note(block: Note, _line: float) -> Iterator[str]:
    yield rf"\par\noindent {text(block.words)}" + r"\par" * (not block.closing)


def _gap(block: Gap, _line: float) -> Iterator[str]:
    yield rf"\par\medskip\noindent\emph{{{text(block.words)}}}\par"


def _equation(block: Equation, line: float) -> Iterator[str]:
    yield from _display(operands(block.parts), line)


def _matrices(block: Matrices, line: float) -> Iterator[str]:
    yield from _display(_apart(part for part in block.shown if isinstance(part, Matrix)), line)
    for words in block.shown:
        if isinstance(words, str):
            yield rf"\par\noindent {text(words)}\par"


def _sums(block: Sums, _line: float) -> Iterator[str]:
    if block.label:
        yield rf"\noindent {text(block.label)}\par"
    start = r"\noindent" if block.short else r"\par\noindent"
    yield from (rf"{start} {text(line)}\par" for line in block.spelled)


def _table(block: Table, _line: float) -> Iterator[str]:
    yield rf"\par\noindent\begin{{tabular}}{{{'l' * len(block.head)}}}"
    yield " & ".join(map(text, block.head)) + r" \\"
    for i, row in enumerate(block.rows):
        words = (
            rf"\textbf{{{text(word)}}}" if (i, j) in block.marked else text(word)
            for j, word in enumerate(row)
        )
        yield " & ".join(words) + r" \\"
    yield r"\end{tabular}\par"


_RENDER: dict[type, Callable[..., Iterator[str]]] = {
    Title: _whole,
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _note,
    Gap: _gap,
    Equation: _equation,
    Matrices: _matrices,
    Sums: _sums,
    Table: _table,
}


# ---- matrices -------------------------------------------------------------------------------


def _apart(matrices: Iterable[Matrix]) -> Iterator[Parts]:
    for k, matrix in enumerate(matrices):
        yield ["", matrix] if k else [matrix]


def _display(given: Iterable[Parts], room: float) -> Iterator[str]:
    """Matrices in displayed lines that are no wider than there is room."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for operand in given:
        for parts in _narrow(operand, room):
            width = sum(map(_width, parts))
            if lines[-1] and used + width > room:
                lines.append([])
                used = 0
            lines[-1] += [_operator(p) if isinstance(p, str) else matrix(p) for p in parts]
            used += width
    for line in lines:
        yield "\n".join([r"\[", "\n\\enspace\n".join(line), r"\]"])


def _narrow(parts: Parts, room: float) -> Iterator[Parts]:
    """The same, with a matrix that is larger than a page in blocks of its rows and columns."""
    *before, last = parts
    if isinstance(last, str):
        yield parts
        return
    high, wide = len(last.rows), len(last.columns)
    fitting = max(int((room - 2) // _cell_width(last)), 1)
    if high <= ROWS and wide <= fitting:
        yield parts
        return
    for top, left in product(range(0, high, ROWS), range(0, wide, fitting)):
        rows, columns = slice(top, top + ROWS), slice(left, left + fitting)
        part = replace(
            last,
            cells=[row[columns] for row in last.cells[rows]],
            styles=[row[columns] for row in last.styles[rows]],
            rows=last.rows[rows],
            columns=last.columns[columns],
            cut=True,
        )
        yield [*before, part]
        before = []


def matrix(shown: Matrix) -> str:
    """One matrix under its title; each cell on its colour."""
    count = len(shown.columns)
    width = f"{_cell_width(shown) - 0.4:.1f}em"
    lines = [
        rf"\begin{{array}}{{@{{}}l@{{}}}}\text{{{text(_title(shown))}}} \\",
        rf"\begin{{array}}{{@{{}}*{{{count}}}{{c@{{}}}}}}",
    ]
    for numbers, styles in zip(shown.written, shown.styles, strict=True):
        cells = (_cell(*cell, width, shown.loose) for cell in zip(numbers, styles, strict=True))
        lines.append(" & ".join(cells) + r" \\")
    return "\n".join([*lines, r"\end{array}\end{array}"])


def _title(shown: Matrix) -> str:
    if not shown.cut:
        return shown.title
    rows, columns = Cells(shown.rows), Cells(shown.columns)
    return say(captions.SHOWN, title=shown.title, rows=rows, columns=columns)


def _cell(number: str, style: str, width: str, loose: bool) -> str:
    number = number.replace("·", r"\cdot")
    if style in BRIGHT and not loose:
        number = rf"\mathbf{{{number}}}"
    return rf"\gradcell{{{f'grad-{style}' if style else 'white'}}}{{{width}}}{{{number}}}"


def _cell_width(shown: Matrix) -> float:
    """In em: of the longest number, with what stands around it."""
    longest = max(len(number) for row in shown.written for number in row)
    return max(0.56 * max(longest, shown.least) + 0.7, 1.6)


def _width(part: Matrix | str) -> float:
    if isinstance(part, str):
        return 0.7 * len(part) + 1
    return max(len(part.columns) * _cell_width(part), 0.5 * screen_width(_title(part))) + 0.6


def _operator(sign: str) -> str:
    if not sign:
        return r"\quad"
    return r"\mathrel{{+}{=}}" if sign == "+=" else rf"\text{{{text(sign)}}}"


def text(words: str) -> str:
    r"""Any text as LaTeX sets it, with the names of matrices as formulas.

    >>> text("dA_prev[0,1] = -2 & 50%")
    '$dA_{\\mathrm{prev}}$[0,1] = $-$2 \\& 50\\%'
    """
    words = " ".join(typeset(words).split())
    parts = _NAME.split(words)
    set_in_type = []
    for k, part in enumerate(parts):
        if k % 2:
            set_in_type.append("$" + part.replace("_prev", r"_{\mathrm{prev}}") + "$")
        else:
            set_in_type.append(part.translate(_SET if spoken() == ENGLISH else _SET_WIDE))
    return "".join(set_in_type)


class _Set(dict[int, str]):
    """How each sign is set, worked out when it first occurs."""

    def __init__(self, wide: bool) -> None:
        super().__init__()
        self.wide = wide

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = sign if self.wide and screen_width(sign) == 2 else _sign(sign)
        return self[code]


_SET, _SET_WIDE = _Set(False), _Set(True)
"""In English, and where the document must have fonts for wide signs anyway."""


def _sign(sign: str) -> str:
    if sign in SIGNS:
        return SIGNS[sign]
    parts = unicodedata.normalize("NFD", sign)
    if sign in LETTERS or (parts[0].isascii() and set(parts[1:]) <= ACCENTS):
        return sign if sign.isprintable() else ""
    # pdfLaTeX stops at a letter that its fonts lack; the newer ones show it.
    return rf"\ifdefined\Umathcode {sign}\else ?\fi{{}}"
