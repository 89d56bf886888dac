"""The formats: what is printed on standard output, and what is written to files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import FileError
from ..files import results
from ..problem import Problem
from ..views.document import document
from ..views.look import Look
from ..views.story import Selection

Writer = Callable[[Problem, Sequence[str], Selection], bytes]


def _json(problem: Problem, names: Sequence[str], _selection: Selection) -> str:
    return results.dumped(results.json_of(problem, names))


def _csv(problem: Problem, names: Sequence[str], _selection: Selection) -> str:
    return results.csv_of(problem, names)


def _text(problem: Problem, names: Sequence[str], selection: Selection) -> str:
    blocks = document(problem, names, selection, Look(100))
    return "\n".join(block.plain() for block in blocks) + "\n"


def _page(problem: Problem, names: Sequence[str], selection: Selection) -> str:
    from ..views.page import problem_page

    return problem_page(problem, names, selection)


FORMATS: dict[str, Callable[[Problem, Sequence[str], Selection], str]] = {
    "json": _json,
    "csv": _csv,
}
"""What `--format` prints, but for the table."""

WRITERS: dict[str, Writer] = {
    ".json": lambda *asked: _json(*asked).encode(),
    ".csv": lambda *asked: _csv(*asked).encode(),
    ".txt": lambda *asked: _text(*asked).encode(),
    ".html": lambda *asked: _page(*asked).encode(),
    ".npy": lambda problem, names, _selection: results.npy_bytes(problem, names),
    ".npz": lambda problem, names, _selection: results.npz_bytes(problem, names),
}
"""What `--output` writes, by the file's ending."""


def printed(
    style: str, problem: Problem, names: Sequence[str], selection: Selection
) -> Iterator[str]:
    """The results in a format for machines, piece by piece."""
    if style == "csv" and not selection.sensible and selection.first is not None:
        from ..files.steps import step_rows

        yield from step_rows(problem, names, selection.ranges)
    else:
        yield FORMATS[style](problem, names, selection)


def check_targets(paths: Iterable[Path], force: bool) -> None:
    """Refuse, before anything is computed, a file that could not be written."""
    for path in paths:
        if path.suffix.lower() not in WRITERS:
            raise FileError(
                "The output's ending is unknown.",
                where=str(path),
                found=path.suffix or "no ending",
                expected=", ".join(WRITERS),
            )
        results.check_target(path, force)


def write(path: Path, problem: Problem, names: Sequence[str], selection: Selection) -> None:
    """Write the results to a file, whole or not at all."""
    results.write_whole(path, WRITERS[path.suffix.lower()](problem, names, selection))
