"""The table of formats: what `--format` prints and `--output` writes, by name and by ending.

A face is a line here and a module with a function `rendered`, which turns an outline into text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from ..pictures.selection import ANIMATION, FIGURE, HANDOUT, PAGE, Selection, SizeBudget

if TYPE_CHECKING:
    from ..core.problem import Problem
    from ..network import Backward
    from ..pictures.blocks import OutlineBlock

Pieces = str | bytes | Iterable[str]
"""A text, whole or piece by piece as it is worked out; or a file that is no text."""


class Format(NamedTuple):
    """A kind of file, and what `--format` may print."""

    ending: str
    holds: str
    """What is in it, for README's table."""
    problem: Callable[[Problem, Sequence[str], Selection], Pieces]
    """Writes chosen results of a problem."""
    network: Callable[[Backward], Pieces] | None = None
    """Writes a whole network; None where a file can only show one of its layers."""
    name: str = ""
    """What `--format` calls it; "" where there are only files of it."""
    room: SizeBudget | None = None
    """How many steps it has room for; None where it holds results alone."""

    layer_results: Callable[[Backward, str | None], Pieces] | None = None
    """What `--format` prints of a network, where that is results, maybe of one layer only."""

    @property
    def shows_layer(self) -> bool:
        """Whether it shows the steps of a network's layer, where one is asked for."""
        return self.room is not None or self.network is None


def _face(
    ending: str,
    holds: str,
    module: str,
    *,
    name: str = "",
    in_lines: bool = False,
    step_alone: bool = False,
) -> Format:
    """A face that turns any outline into text, by the function `rendered` of its module.

    Parameters
    ----------
    ending, holds, name
        As in `Format`.
    module
        Where `rendered` is.
    in_lines
        Whether it is a text without pages; see `outline`.
    step_alone
        Whether a single step stands without what is around it.
    """

    def problem(problem: Problem, names: Sequence[str], selection: Selection) -> Pieces:
        from ..pictures.blocks import alone
        from ..pictures.outline import outline

        def blocks() -> Iterable[OutlineBlock]:
            return outline(problem, names, selection, HANDOUT, in_lines=in_lines)

        step = list(alone(blocks())) if step_alone and selection.single else []
        return _rendered(module, step or blocks())

    def network(walk: Backward) -> Pieces:
        from ..network.outline import network_outline

        return _rendered(module, network_outline(walk))

    return Format(ending, holds, problem, network, name, HANDOUT)


def _rendered(module: str, blocks: Iterable[OutlineBlock]) -> Iterable[str]:
    pieces: Iterable[str] = import_module(module, __package__).rendered(blocks)
    return pieces


def _call(module: str, function: str) -> Callable[..., Any]:
    """A function that is imported only when it is asked for."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(module, __package__), function)(*arguments)

    return call


def _results(module: str, function: str) -> Callable[..., Any]:
    """A writer of results, which steps are no part of."""
    write = _call(module, function)
    return lambda problem, names, _selection: write(problem, names)


FORMATS = (
    Format(
        ".json",
        "results, for programs",
        _results("..files.results", "json_text"),
        _call("..network.writer", "json_file"),
        name="json",
        layer_results=_call("..network.writer", "json_text"),
    ),
    Format(
        ".csv",
        "results, for spreadsheets",
        _results("..files.results", "csv_of"),
        _call("..network.writer", "csv_of_network"),
        name="csv",
        layer_results=_call("..network.writer", "csv_of_network"),
    ),
    _face(".txt", "all that the terminal shows", ".terminal.document", in_lines=True),
    _face(".md", "the same as Markdown, with GitHub's tables", ".print.markdown", name="markdown"),
    _face(
        ".tex",
        "the same as a LaTeX fragment; of one step, what fits a slide",
        ".print.latex",
        name="latex",
        step_alone=True,
    ),
    Format(
        ".html",
        "a page that walks through the steps",
        _call(".web", "problem_page"),
        _call(".web", "network_page"),
        room=PAGE,
    ),
    Format(
        ".py",
        "an operation as lines of NumPy that run",
        _call(".code.numpy_code", "numpy_code"),
        name="numpy",
    ),
    Format(
        "",
        "an operation as lines of PyTorch that run",
        _call(".code.torch_code", "torch_code"),
        name="torch",
    ),
    Format(".svg", "a figure of the steps", _call(".image.figure", "figure"), room=FIGURE),
    Format(".gif", "an animation of the steps", _call(".image.gif", "animation"), room=ANIMATION),
    Format(".npy", "one result, for NumPy", _results("..files.results", "npy_bytes")),
    Format(
        ".npz",
        "all results, for NumPy",
        _results("..files.results", "npz_bytes"),
        _call("..network.writer", "npz_bytes"),
    ),
)

BY_ENDING = {kind.ending: kind for kind in FORMATS if kind.ending}
BY_NAME = {kind.name: kind for kind in FORMATS if kind.name}
PRINTED = ("table", *BY_NAME)
"""What `--format` knows; the table is what the terminal shows."""


def markdown_table() -> str:
    """The table of formats as it stands in README."""
    rows = [
        (
            f"`{kind.ending}`" if kind.ending else "",
            f"`--format {kind.name}`" if kind.name else "",
            kind.holds,
            "whole" if kind.network else "one layer: `--layer NAME`",
        )
        for kind in FORMATS
    ]
    head = ("file", "printed by", "holds", "of a network")
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
