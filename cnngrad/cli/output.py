"""The formats: what is printed on standard output, and what is written to files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.numbers import Array
from ..core.problem import Problem
from ..files import results
from ..pictures import captions
from ..pictures.outline import ALL, ANIMATION, FIGURE, HANDOUT, PAGE, Gap, Selection, left_out
from ..show.terminal.display import Display
from ..show.terminal.document import document

Writer = Callable[[Problem, Sequence[str], Selection], bytes]
Teller = Callable[[Problem, Sequence[str], Selection], Iterable[str]]
"""Gives a text piece by piece, so that its beginning is there before its end is known."""


def _json(problem: Problem, names: Sequence[str], _selection: Selection) -> Iterable[str]:
    return [results.dumped(results.json_of(problem, names))]


def _csv(problem: Problem, names: Sequence[str], _selection: Selection) -> Iterable[str]:
    return [results.csv_of(problem, names)]


def _text(problem: Problem, names: Sequence[str], selection: Selection) -> Iterable[str]:
    for block in document(problem, names, selection, Display(100), room=HANDOUT):
        yield block.plain() + "\n"


def _view(module: str, function: str) -> Callable[[Problem, Sequence[str], Selection], Any]:
    """A view that is imported only when it is asked for."""

    def view(problem: Problem, names: Sequence[str], selection: Selection) -> Any:
        found = import_module(f"cnngrad.show.{module}")
        return getattr(found, function)(problem, names, selection)

    return view


def _whole(module: str, function: str) -> Teller:
    """A view whose text is one piece."""
    view = _view(module, function)
    return lambda problem, names, selection: [view(problem, names, selection)]


TEXTS: dict[str, Teller] = {
    ".json": _json,
    ".csv": _csv,
    ".txt": _text,
    ".md": _view("print.markdown", "pieces"),
    ".tex": _view("print.latex", "pieces"),
    ".html": _whole("web", "problem_page"),
    ".svg": _whole("image.figure", "figure"),
}
"""What `--output` writes in UTF-8, by the file's ending."""

FORMATS = {
    "json": TEXTS[".json"],
    "csv": TEXTS[".csv"],
    "markdown": TEXTS[".md"],
    "latex": TEXTS[".tex"],
}
"""What `--format` prints, but for the table."""

BINARIES: dict[str, Writer] = {
    ".gif": _view("image.gif", "animation"),
    ".npy": lambda problem, names, _selection: results.npy_bytes(problem, names),
    ".npz": lambda problem, names, _selection: results.npz_bytes(problem, names),
}
"""What else `--output` writes."""

ENDINGS = (*TEXTS, *BINARIES)

ROOMS = {
    ".txt": HANDOUT,
    ".md": HANDOUT,
    ".tex": HANDOUT,
    ".html": PAGE,
    ".svg": FIGURE,
    ".gif": ANIMATION,
}
"""How many steps a file has room for, by its ending."""


def printed(
    style: str, problem: Problem, names: Sequence[str], selection: Selection
) -> Iterator[str]:
    """The results in a format for machines, piece by piece."""
    if style == "csv" and selection.numbered:
        from ..files.step_csv import step_rows

        yield from step_rows(problem, names, selection.ranges)
    else:
        yield from FORMATS[style](problem, names, selection)


def lines(style: str, problem: Problem, names: Sequence[str], selection: Selection) -> int | None:
    """How many lines `printed` gives, where that is known before."""
    if style != "csv" or not selection.numbered:
        return None
    ranges = (selection.ranges(len(problem.trace(name))) for name in names)
    return 1 + sum(last - first + 1 for part in ranges for first, last in part)


def check_targets(paths: Iterable[Path], force: bool) -> None:
    """Refuse, before anything is computed, a file that could not be written."""
    for path in paths:
        if path.suffix.lower() not in ENDINGS:
            raise UsageError(
                "The output's ending is unknown.",
                where=str(path),
                found=path.suffix or "no ending",
                expected=", ".join(ENDINGS),
            )
        results.check_target(path, force)


def write(path: Path, problem: Problem, names: Sequence[str], selection: Selection) -> None:
    """Write the results to a file, whole or not at all."""
    ending = path.suffix.lower()
    if ending in TEXTS:
        # A title may hold halves of characters, which no file can.
        data = "".join(TEXTS[ending](problem, names, selection)).encode("utf-8", "replace")
    else:
        data = BINARIES[ending](problem, names, selection)
    results.write_whole(path, data)


def written(path: Path, problem: Problem, names: Sequence[str], selection: Selection) -> str:
    """What to say of a file that was written: also which steps it has no room for."""
    room = ROOMS.get(path.suffix.lower())
    if room is None:
        return wrote(path, (problem.results[name] for name in names))
    more = selection.sensible and not any(left_out(problem, names, ALL, room))
    words = captions.WROTE_PART if more else captions.WROTE_FULL
    return wrote_part(path, left_out(problem, names, selection, room), words)


def wrote(path: Path, arrays: Iterable[Array]) -> str:
    """That results were written, and whether their file had to round them."""
    rounded = path.suffix.lower() in (".npy", ".npz") and results.rounds(arrays)
    return (captions.WROTE_ROUNDED if rounded else captions.WROTE).format(path=path)


def wrote_part(path: Path, gaps: Iterable[tuple[str, Gap]], words: str) -> str:
    """That steps were written; in these words, if those of some results are not in the file."""
    steps = [captions.STEPS_OF.format(steps=gap.steps, name=name) for name, gap in gaps]
    return (words if steps else captions.WROTE).format(path=path, steps=", ".join(steps))
