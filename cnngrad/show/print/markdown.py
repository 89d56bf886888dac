"""A problem as Markdown with GitHub's tables; lit cells are bold."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ...core.problem import Problem
from ...core.text import Cells, Count
from ...pictures import captions, sentences
from ...pictures import outline as story
from ...pictures.outline import HANDOUT, Gap, Section, Selection
from ...pictures.step_picture import Matrix, Parts
from ...pictures.step_view import StepView
from ...pictures.theme import BRIGHT

COLUMNS = 16
"""Columns up to which matrices stand next to each other."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")


def markdown(problem: Problem, names: Sequence[str], selection: Selection) -> str:
    """Write a problem with its steps as Markdown.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to show, such as `dA_prev`.
    selection
        Which steps to show.
    """
    return "".join(pieces(problem, names, selection))


def pieces(problem: Problem, names: Sequence[str], selection: Selection) -> Iterator[str]:
    """The same text piece by piece, as it is worked out."""
    between = ""
    for block in _blocks(problem, names, selection):
        yield between + block
        between = "\n\n"
    yield "\n"


def _blocks(problem: Problem, names: Sequence[str], selection: Selection) -> Iterator[str]:
    yield f"# {escaped(problem.title or problem.op)}"
    settings = _plain(story.settings(problem))
    yield f"`{problem.op}` – {settings}" if settings else f"`{problem.op}`"
    yield f"## {captions.GIVEN}"
    yield from _tables(story.given(problem))
    if selection != story.NONE:
        yield captions.LIT
    for section in story.sections(problem, names, selection, HANDOUT):
        yield from _section(section)
    for words, equations in story.descents(problem):
        yield f"## {_plain(words)}"
        yield from map(table, equations)
    yield from story.remarks(problem, names)


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.name}"
    yield _plain(section.introduction)
    for shown in section.steps:
        if isinstance(shown, Gap):
            yield f"*{_plain(shown.words)}*"
        else:
            yield from _step(shown)
    if section.sums:
        yield _list(section.sums)
    yield f"### {sentences.RESULT.format(name=section.name)}"
    yield from _tables(section.result)
    if section.note:
        yield _plain(section.note)


def _step(shown: StepView) -> Iterator[str]:
    heading = captions.STEP.format(number=shown.number, total=shown.total)
    more = ", ".join(filter(None, (shown.cell, shown.place)))
    yield f"### {heading}: {_plain(more)}" if more else f"### {heading}"
    picture = shown.picture
    yield _plain(picture.words)
    yield from map(table, picture.equations)
    if picture.left_out:
        yield captions.CHANNELS.format(count=Count(picture.left_out))
    if picture.label and picture.sums:
        yield _plain(picture.label)
    if picture.sums:
        yield _list(picture.sums)


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {_plain(line)}" for line in lines)


def _tables(matrices: Sequence[Matrix]) -> Iterator[str]:
    """Matrices next to each other as far as there is room."""
    line: Parts = []
    width = 0
    for matrix in matrices:
        if line and width + len(matrix.columns) > COLUMNS:
            yield table(line)
            line, width = [], 0
        line += ["", matrix] if line else [matrix]
        width += len(matrix.columns) + 1
    if line:
        yield table(line)


def table(parts: Parts) -> str:
    """One table of matrices next to each other, with operators between them.

    >>> from cnngrad.pictures.step_picture import plane
    >>> lit = plane("W", "W", [[0, 1]], lambda i, j: "pink" if j else "")
    >>> print(table([lit, "×", plane("dZ", "dZ", [[-1], [-2]])]))
    | W |  |  | dZ |
    | --: | --: | :-: | --: |
    | 0 | **1** | × | -1 |
    |  |  |  | -2 |
    """
    columns: list[list[str]] = []
    for part in parts:
        if isinstance(part, str):
            columns.append(["", ":-:", _plain(part)])
        else:
            columns += _columns(part)
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _columns(matrix: Matrix) -> Iterator[list[str]]:
    title = matrix.title
    if matrix.cut:
        rows, columns = Cells(matrix.rows), Cells(matrix.columns)
        title = captions.SHOWN.format(title=title, rows=rows, columns=columns)
    for j in range(len(matrix.columns)):
        numbers = (
            _cell(row[j], matrix.styles[i][j], matrix.loose) for i, row in enumerate(matrix.written)
        )
        yield [_plain(title) if j == 0 else "", "--:", *numbers]


def _cell(number: str, style: str, loose: bool) -> str:
    if style in BRIGHT and not loose:
        return f"**{number}**"
    return f"*{number}*" if style.endswith("-soft") else number


def _plain(words: str) -> str:
    """Our own words: only what would break a table or open a tag is escaped."""
    return words.replace("|", "\\|").replace("<", "\\<")


def escaped(words: str) -> str:
    r"""Any text, so that it reads as it is.

    >>> escaped("<b> a_b\n")
    '\\<b\\> a\\_b'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))
