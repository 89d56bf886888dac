"""Reading every face back: which matrices it shows, and where."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest
from typing import NamedTuple
from xml.etree import ElementTree

from cnngrad import trace
from cnngrad.core.numbers import parse
from cnngrad.core.problem import Problem
from cnngrad.pictures.selection import ALL
from cnngrad.show.explorer.navigator import Navigator
from cnngrad.show.formats import BY_ENDING
from cnngrad.show.terminal.display import Display
from cnngrad.show.terminal.document import panel_block

Grid = list[list[object]]
SVG = "{http://www.w3.org/2000/svg}"


class Shown(NamedTuple):
    """One matrix as somebody sees it."""

    section: str
    """The result that it explains; "" for what is given."""
    step: int | None
    """None for what is given and for the finished result."""
    title: str
    grid: Grid


def written(ending, problem, names=None, selection=ALL) -> str:
    """What `--output` writes in a file with that ending."""
    told = BY_ENDING[ending].problem(problem, problem.names if names is None else names, selection)
    return told if isinstance(told, str) else "".join(told)


def number(text: str) -> object:
    """A number, or None for a hole."""
    text = text.strip().strip("*")
    return None if text in ("·", r"\cdot") else parse(text)


# ---- HTML -----------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Shown] = []
        self.texts: list[str] = []
        self._section, self._step, self._title = "", None, ""
        self._grid: Grid = []
        self._text: str | None = None

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        classes = (known.get("class") or "").split()
        if "result" in classes:
            self._section = known["data-name"]
        elif "step" in classes:
            self._step = int(known["data-number"]) if "data-number" in known else None
        elif tag == "tbody":
            self._grid = []
        elif tag == "tr":
            self._grid.append([])
        if tag in ("td", "th", "figcaption", "li", "p", "h1", "script", "title"):
            self._text = ""

    def handle_data(self, data):
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "td" and self._text:
            self._grid[-1].append(number(self._text))
        elif tag == "figcaption":
            self._title = self._text or ""
        elif tag == "table":
            place = (self._section, self._step) if self._section else ("", None)
            self.shown.append(Shown(*place, self._title, self._grid))
        elif tag in ("li", "p", "h1"):
            self.texts.append(self._text or "")


def of_page(page: str) -> list[Shown]:
    reader = _Page()
    reader.feed(page)
    return reader.shown


# ---- SVG ------------------------------------------------------------------------------------


def of_figure(figure: str, names: list[str]) -> list[Shown]:
    section, step, before = "", None, ""
    shown = []
    for element in _drawn(ElementTree.fromstring(figure)):
        if element.tag == f"{SVG}g":
            shown.append(Shown(section, step, before, _svg_grid(element)))
            continue
        before = element.text or ""
        if match := re.match(r"Step (\d+) of", before):
            step = int(match[1])
        elif before.endswith(", finished"):
            step = None
        elif before.partition(":")[0] in names:
            section = before.partition(":")[0]
    return shown


def _drawn(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Texts and matrices in the order in which they are drawn."""
    for child in element:
        if child.get("class") == "matrix" or child.tag == f"{SVG}text":
            yield child
        else:
            yield from _drawn(child)


def _svg_grid(group: ElementTree.Element) -> Grid:
    """The texts of a matrix that stand in a box, row by row."""
    boxes = {_middle(box) for box in group.iter(f"{SVG}rect")}
    rows: dict[str, list[object]] = {}
    for text in group.iter(f"{SVG}text"):
        if text.get("text-anchor") == "middle" and float(text.get("x", "0")) in boxes:
            rows.setdefault(text.get("y", ""), []).append(number(text.text or ""))
    return list(rows.values())


def _middle(box: ElementTree.Element) -> float:
    return float(box.get("x", "0")) + float(box.get("width", "0")) / 2


# ---- Markdown -------------------------------------------------------------------------------


def of_markdown(text: str) -> list[Shown]:
    section, step = "", None
    shown = []
    for block in text.split("\n\n"):
        if match := re.match(r"### Step (\d+) of", block):
            step = int(match[1])
        elif block.startswith("### "):
            step = None
        elif block.startswith("## "):
            section = "" if block == "## Given" else block[3:]
        elif block.startswith("|"):
            shown += [Shown(section, step, *matrix) for matrix in _markdown_matrices(block)]
    return shown


def _markdown_matrices(block: str) -> Iterator[tuple[str, Grid]]:
    head, rule, *rows = (
        [cell.strip() for cell in row.split("|")[1:-1]] for row in block.split("\n")
    )
    starts = [j for j, sign in enumerate(rule) if sign == "--:" and (j == 0 or head[j])]
    for start in starts:
        end = start + 1
        while end < len(rule) and rule[end] == "--:" and not head[end]:
            end += 1
        grid = [[number(cell) for cell in row[start:end]] for row in rows if row[start]]
        yield head[start], grid


# ---- LaTeX ----------------------------------------------------------------------------------


def of_latex(text: str) -> list[Shown]:
    section, step = "", None
    shown = []
    for line in text.replace("\\end{array}\\end{array}", "\n\\end").split("\n"):
        if match := re.search(r"\\large (.*?)\}\\par", line):
            section = "" if "textbf" in line else _plain(match[1])
        elif match := re.search(r"\\textbf\{Step (\d+) of", line):
            step = int(match[1])
        elif r"\textbf" in line and "finished" in line:
            step = None
        elif match := re.search(r"\\begin\{array\}\{@\{\}l@\{\}\}\\text\{(.*)\} \\\\", line):
            shown.append(Shown(section, step, _plain(match[1]), []))
        elif r"\gradcell" in line and "providecommand" not in line:
            cells = re.findall(r"\\gradcell\{[^}]*\}\{[^}]*\}\{(?:\\mathbf\{)?([^}]*)\}", line)
            shown[-1].grid.append([number(cell) for cell in cells])
    return shown


def _plain(text: str) -> str:
    return text.replace(r"_{\mathrm{prev}}", "_prev").replace("$", "")


# ---- the terminal, and what a file ending in .txt holds --------------------------------------


OPERATORS = ("+=", "×", "=", "→", "⊙", "·", "∗", "−")


def of_text(text: str) -> list[Shown]:
    section, step = "", None
    shown = []
    for block in text.rstrip().split("\n\n"):
        lines = block.split("\n")
        if match := re.match(r"── (.*?) ─", lines[0]):
            section, step = match[1], None
        elif match := re.match(r" Step (\d+) of", lines[0]):
            step = int(match[1])
        if lines[0].endswith(", finished"):
            step = None
            lines = lines[1:]
        if len(lines) > 1 and all(map(_only_numbers, lines[1:])):
            shown += [Shown(section, step, *matrix) for matrix in _text_matrices(lines)]
    return shown


def _only_numbers(line: str) -> bool:
    words = _one_sign(line).split()
    return all(re.fullmatch(r"[\[(]?(-?[\d./]+|·)[\])]?", w) or w in OPERATORS for w in words)


def _one_sign(line: str) -> str:
    """The operators of several words as one sign."""
    return re.sub(r"− \S+ ×", "×", re.sub(r"/ \d+ =", "=", line))


def _text_matrices(lines: list[str]) -> Iterator[tuple[str, Grid]]:
    """The matrices under a line of titles; an operator stands behind a matrix's first row."""
    titles = list(re.finditer(r"\S+(?: \S+)*", lines[0]))
    ends = [title.start() - 1 for title in titles[1:]]
    for title, end in zip_longest(titles, ends):
        rows = [_one_sign(row[title.start() - 1 : end]).split() for row in lines[1:]]
        if end is not None and rows[0] and rows[0][-1] in OPERATORS:
            rows[0] = rows[0][:-1]
        yield title[0], [[number(cell.strip("[]()")) for cell in row] for row in rows if row]


# ---- the notebook ----------------------------------------------------------------------------


def of_notebook(problem: Problem) -> list[Shown]:
    shown = []
    for matrix in of_page(problem._repr_html_()):
        given = matrix.title.partition("[")[0] in problem.given
        shown.append(matrix._replace(section="" if given else matrix.title.partition("[")[0]))
    for name in problem.names:
        steps, _, finished = trace(problem, name)._repr_html_().rpartition('<p class="quiet">')
        for html, step in ((steps, True), (finished, False)):
            framed = f'<section class="result" data-name="{name}">{html}</section>'
            shown += [m if step else m._replace(step=None) for m in of_page(framed)]
    return shown


# ---- the explorer ----------------------------------------------------------------------------


def of_explorer(problem: Problem) -> list[Shown]:
    """Every step as the screen paints it; there is no list of what was given, and no end."""
    from cnngrad.show.explorer.app import painted

    shown = []
    walk = Navigator(problem)
    for name in problem.names:
        walk.show(name)
        for number_ in range(1, len(walk.trace) + 1):
            walk.go(number_)
            screen = painted(panel_block(walk.panel, Display(100)), None, colour=False).plain
            shown += [m._replace(section=name) for m in of_text(screen)]
    return shown
