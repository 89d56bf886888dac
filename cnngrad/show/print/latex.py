"""A problem as a fragment of LaTeX with coloured cells, for `amsmath` and `xcolor`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from ...core.problem import Problem
from ...core.text import Cells, Count
from ...pictures import captions, sentences
from ...pictures import outline as story
from ...pictures.captions import typeset
from ...pictures.outline import HANDOUT, Gap, Section, Selection
from ...pictures.step_picture import Matrix, Parts, operands
from ...pictures.step_view import StepView
from ...pictures.theme import BRIGHT, FILLS

LINE = 33.6
"""The width of a line in em, as in an article at its usual size."""
ROWS = 30
"""Rows that fit on a page."""
HEAD = r"% A fragment: \input it in a document with \usepackage{amsmath} and \usepackage{xcolor}."
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


def pieces(problem: Problem, names: Sequence[str], selection: Selection) -> Iterator[str]:
    """Write a problem with its steps as a LaTeX fragment, piece by piece as it is worked out.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to show, such as `dA_prev`.
    selection
        Which steps to show.
    """
    for line in _lines(problem, names, selection):
        yield line + "\n"


def _lines(problem: Problem, names: Sequence[str], selection: Selection) -> Iterator[str]:
    yield HEAD
    for name, colour in FILLS.items():
        yield rf"\definecolor{{grad-{name}}}{{HTML}}{{{colour[1:].upper()}}}"
    yield CELL
    yield ""
    title = text(problem.title or problem.op)
    yield rf"\par\noindent{{\large\textbf{{{title}}}}}\par"
    settings = text(story.settings(problem))
    about = f"{text(problem.op)}: {settings}" if settings else text(problem.op)
    yield rf"{{\sloppy\noindent {about}.\par}}"
    yield from _display(_apart(story.given(problem)))
    for section in story.sections(problem, names, selection, HANDOUT):
        yield from _section(section)
    for words, equations in story.descents(problem):
        yield rf"\par\bigskip\noindent {text(words)}\par\nobreak"
        for parts in equations:
            yield from _display(operands(parts))
    yield from (rf"\par\noindent {text(words)}" for words in story.remarks(problem, names))


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield rf"\par\bigskip\noindent{{\large {text(section.name)}}}\par\nobreak"
    yield rf"\noindent {text(section.introduction)}\par\nobreak"
    for shown in section.steps:
        if isinstance(shown, Gap):
            yield rf"\par\medskip\noindent\emph{{{text(shown.words)}}}\par"
        else:
            yield from _step(shown)
    yield from (rf"\par\noindent {text(line)}\par" for line in section.sums)
    finished = sentences.RESULT.format(name=section.name)
    yield rf"\par\medskip\noindent\textbf{{{text(finished)}}}\par\nobreak"
    yield from _display(_apart(section.result))
    if section.note:
        yield rf"\par\noindent {text(section.note)}\par"


def _step(shown: StepView) -> Iterator[str]:
    heading = text(captions.STEP.format(number=shown.number, total=shown.total))
    yield ""
    line = rf"\par\medskip\noindent\textbf{{{heading}}}"
    if shown.cell:
        line += rf"\quad\colorbox{{grad-{shown.colour}}}{{{text(shown.cell)}}}"
    if shown.place:
        line += rf"\quad {text(shown.place)}"
    yield line + r"\par\nobreak"
    picture = shown.picture
    yield rf"\noindent {text(picture.words)}\par\nobreak"
    for parts in picture.equations:
        yield from _display(operands(parts))
    if picture.left_out:
        yield rf"\noindent {text(captions.CHANNELS.format(count=Count(picture.left_out)))}\par"
    if picture.label and picture.sums:
        yield rf"\noindent {text(picture.label)}\par"
    yield from (rf"\noindent {text(line)}\par" for line in picture.sums)


# ---- matrices -------------------------------------------------------------------------------


def _apart(matrices: Iterable[Matrix]) -> Iterator[Parts]:
    for k, matrix in enumerate(matrices):
        yield ["", matrix] if k else [matrix]


def _display(given: Iterable[Parts]) -> Iterator[str]:
    """Matrices in displayed lines that are no wider than the page."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for operand in given:
        for parts in _narrow(operand):
            width = sum(map(_width, parts))
            if lines[-1] and used + width > LINE:
                lines.append([])
                used = 0
            lines[-1] += [_operator(p) if isinstance(p, str) else matrix(p) for p in parts]
            used += width
    for line in lines:
        yield "\n".join([r"\[", "\n\\enspace\n".join(line), r"\]"])


def _narrow(parts: Parts) -> Iterator[Parts]:
    """The same, with a matrix that is larger than a page in blocks of its rows and columns."""
    *before, last = parts
    if isinstance(last, str):
        yield parts
        return
    high, wide = len(last.rows), len(last.columns)
    fitting = max(int((LINE - 2) // _cell_width(last)), 1)
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
    return captions.SHOWN.format(title=shown.title, rows=rows, columns=columns)


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
    return max(len(part.columns) * _cell_width(part), 0.5 * len(_title(part))) + 0.6


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
            set_in_type.append(part.translate(_SET))
    return "".join(set_in_type)


class _Set(dict[int, str]):
    """How each sign is set, worked out when it first occurs."""

    def __missing__(self, code: int) -> str:
        self[code] = _sign(chr(code))
        return self[code]


_SET = _Set()


def _sign(sign: str) -> str:
    if sign in SIGNS:
        return SIGNS[sign]
    parts = unicodedata.normalize("NFD", sign)
    if sign in LETTERS or (parts[0].isascii() and set(parts[1:]) <= ACCENTS):
        return sign if sign.isprintable() else ""
    # pdfLaTeX stops at a letter that its fonts lack; the newer ones show it.
    return rf"\ifdefined\Umathcode {sign}\else ?\fi{{}}"
