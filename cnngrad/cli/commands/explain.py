"""`explain`: why a cell is what it is."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from ...core.errors import ExitCode, UsageError
from ...core.text import HelpText, message, say
from .. import options as opt
from ..operations import Options, takes_problem

if TYPE_CHECKING:
    from ...core.explanation import Explanation, Influence
    from ...core.problem import Problem
    from ...show.terminal.layout import Block
    from ..screen import Screen

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROBLEM] CELL...",
        help=message(
            "A problem file (JSON, or - for standard input), and cells such as dA_prev[1,1]."
        ),
    ),
]
Reverse = Annotated[
    list[str] | None,
    typer.Option(
        "--reverse",
        metavar="CELL",
        help=message("What a given cell (of A_prev, W, b or dZ) feeds; repeatable."),
    ),
]
Symbols = Annotated[bool, typer.Option("--symbols", help=message("Letters only."))]
Mistakes = Annotated[
    bool,
    typer.Option("--mistakes", help=message("List every mistake that the program knows.")),
]
ExplainFormat = Annotated[
    Literal["table", "json"], typer.Option("--format", help=message("How to print it."))
]


HELP = HelpText(
    message("Why a cell is what it is: the terms that make it up."),
    example=r"""
cnngrad explain --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3' \
                --dz '-1 -2; -3 -4' 'dA_prev[1,1]'
cnngrad explain kernel-rotated
""",
    notes=(
        message(
            "Any cell of dA_prev, dW, db, Z or A, counted from 0, with as many indices as"
            " the matrix that was given has. In a network file the layer stands before it:"
            " conv1.dW[0,1]."
        ),
        message(
            "The code of a mistake, as a verdict has it, tells that mistake with its smallest"
            " case; --mistakes lists them all."
        ),
    ),
)


@takes_problem
def explain_cells(
    words: Words = None,
    reverse: Reverse = None,
    symbols: Symbols = False,
    mistakes: Mistakes = False,
    format: ExplainFormat = "table",  # noqa: A002 - the option's name
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    *,
    options: Options,
) -> int:
    """Run `explain`, as HELP tells it."""
    from ...files.problem_reader import read_object
    from ..screen import Screen, emit

    if mistakes or _is_code(words or ()):
        return _catalogue("" if mistakes else (words or [""])[0], format == "json", no_color)
    posed_by_options = any(value is not None for value in options.values())
    file, cells = _told_apart(words or (), bool(reverse) or not posed_by_options)
    wanted = [(text, False) for text in cells] + [(text, True) for text in reverse or ()]
    if not wanted:
        if file is not None:
            read_object(file)  # a mistyped file is told before a missing cell
        raise UsageError(
            say("No cell is named."),
            expected=say("cells behind the problem, such as 'dA_prev[1,1]' or 'db[0]'"),
        )
    problems = _Problems(file, options, exact)
    found = [_found(problems, text, reverse, format == "json") for text, reverse in wanted]
    if format == "json":
        emit(_json(found))
    else:
        screen = Screen(no_color)
        screen.show(_blocks(found, symbols, screen))
    return ExitCode.DONE


def _is_code(words: Sequence[str]) -> bool:
    """Whether a lone word is the code of a mistake; a file of that name is written ./NAME."""
    if len(words) != 1 or not _CODE.fullmatch(words[0]):
        return False
    from ...files.samples import sample_files
    from ...layers.rules import rules_by_code

    return words[0] in rules_by_code() or ("-" in words[0] and words[0] not in sample_files())


_CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def _catalogue(code: str, as_json: bool, no_color: bool) -> int:
    """Tell a mistake, or list them all."""
    import json

    from ...grading.catalogue import entries, entry
    from ...show.terminal.catalogue import catalogue_entry, catalogue_list
    from ..screen import Screen, emit

    found = [entry(code)] if code else list(entries())
    if as_json:
        told = found[0].json() if code else [one.json() for one in found]
        emit(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return ExitCode.DONE
    screen = Screen(no_color)
    look = screen.look
    screen.show(catalogue_entry(found[0], look) if code else catalogue_list(found, look))
    return ExitCode.DONE


class _Found(NamedTuple):
    """What there is to tell of a cell, worked out before the first of them is shown."""

    layer: str
    told: "Explanation | Influence"


def _found(problems: "_Problems", text: str, reverse: bool, whole: bool) -> _Found:
    from ...core.explanation import explain, feeds

    problem, cell = problems.of(text)
    layer = text.rpartition(".")[0].strip()
    return _Found(layer, feeds(problem, cell) if reverse else explain(problem, cell, whole))


def _told_apart(words: Sequence[str], complete: bool) -> tuple[str | None, list[str]]:
    """The problem file and the cells: a first word that is no cell is the file.

    Where a word alone is `complete` without being a cell, it is the file in any case.
    """
    from ...core.explanation import is_cell

    if not words or is_cell(words[0]):
        return None, list(words)
    if len(words) == 1 and not complete and not Path(words[0]).exists() and "." not in words[0]:
        return None, list(words)
    return words[0], list(words[1:])


class _Problems:
    """The problem of a cell: the one that is posed, or that of a layer of a network."""

    def __init__(self, file: str | None, options: Options, exact: bool | None) -> None:
        self._file, self._options, self._exact = file, options, exact
        self._known: dict[str, Problem] = {}

    def of(self, text: str) -> "tuple[Problem, str]":
        """The problem that a cell belongs to, and the cell without its layer's name."""
        layer, _, cell = text.rpartition(".")
        if layer not in self._known:
            self._known[layer] = self._read(layer)
        return self._known[layer], cell

    def _read(self, layer: str) -> "Problem":
        from ..problem_input import layer_problem, posed

        if not layer:
            return posed(self._file, self._options, self._exact)
        if self._file is None:
            raise UsageError(
                say("A layer's name stands before the cell, but no network file is given."),
                found=layer,
            )
        return layer_problem(self._file, layer, self._exact)


def _json(found: Sequence[_Found]) -> str:
    """One object for one cell, a list of them for several."""
    import json

    from ...core.explanation import Influence
    from ...files.explanation_json import explanation_json, feeding_json

    data = [
        feeding_json(told) if isinstance(told, Influence) else explanation_json(told)
        for _, told in found
    ]
    return json.dumps(data if len(data) > 1 else data[0], ensure_ascii=False, indent=2) + "\n"


def _blocks(found: Sequence[_Found], symbols: bool, screen: "Screen") -> "Iterator[Block]":
    from ...core.explanation import Influence
    from ...show.terminal.cell_formula import symbols_block
    from ...show.terminal.explanation import explanation_block
    from ...show.terminal.influence import feeding_block

    for layer, told in found:
        if isinstance(told, Influence):
            yield feeding_block(told, screen.look, layer)
        else:
            draw = symbols_block if symbols else explanation_block
            yield draw(told, screen.look, layer)
