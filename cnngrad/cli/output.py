"""What is printed on standard output and what is written to files, by the table of formats."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import UsageError
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.text import say, series
from ..core.unicode_safety import encoded
from ..files import atomic, results
from ..pictures import captions
from ..pictures.blocks import Gap
from ..pictures.outline import left_out
from ..pictures.selection import ALL, Selection
from ..show.formats import BY_ENDING, BY_NAME, Pieces

if TYPE_CHECKING:
    from ..network import Backward


def printed(
    style: str, problem: Problem, names: Sequence[str], selection: Selection
) -> Iterator[str]:
    """The results in a format, piece by piece."""
    if style == "csv" and selection.numbered:
        from ..files.step_csv import step_rows

        yield from step_rows(problem, names, selection.ranges)
    else:
        yield from _texts(BY_NAME[style].problem(problem, names, selection))


def lines(style: str, problem: Problem, names: Sequence[str], selection: Selection) -> int | None:
    """How many lines `printed` gives, where that is known before."""
    if style != "csv" or not selection.numbered:
        return None
    ranges = (selection.ranges(len(problem.trace(name))) for name in names)
    return 1 + sum(last - first + 1 for part in ranges for first, last in part)


def network_printed(style: str, walk: "Backward", layer: str | None) -> Iterator[str]:
    """A network in a format, piece by piece; as results, only those of a layer."""
    kind = BY_NAME[style]
    if kind.layer_results:
        yield from _texts(kind.layer_results(walk, layer))
    elif kind.network:
        yield from _texts(kind.network(walk))


def check_targets(paths: Sequence[Path], force: bool, *, whole_network: bool = False) -> None:
    """Refuse, before anything is computed, a file that could not be written."""
    for path in paths:
        kind = BY_ENDING.get(path.suffix.lower())
        if kind is None:
            raise UsageError(
                say("The output's ending is unknown."),
                where=str(path),
                found=path.suffix or say("no ending"),
                expected=series(BY_ENDING),
            )
        if whole_network and kind.network is None:
            raise UsageError(
                say("A {ending} file shows one layer of a network.", ending=kind.ending),
                where=str(path),
                fix=say("add --layer NAME, or write a .html page, which shows them all"),
            )
        if path.suffix.lower() == ".gif":
            from ..show.image.gif import check_pillow

            check_pillow()
    atomic.check_targets(paths, force)


def check_results(paths: Iterable[Path], problem: Problem, names: Sequence[str]) -> None:
    """Refuse, before anything is shown, results that a file of such an ending cannot hold."""
    for path in paths:
        ending = path.suffix.lower()
        if ending == ".npy":
            results.one_array(names)
        if ending in (".npy", ".npz"):
            for name in names:
                results.numeric(name, problem.results[name])


def check_network(paths: Iterable[Path], walk: "Backward") -> None:
    """The same for a whole network."""
    if any(path.suffix.lower() == ".npz" for path in paths):
        from ..network.writer import arrays_of_network

        for name, array in arrays_of_network(walk).items():
            results.numeric(name, array)


def write(
    path: Path,
    problem: Problem,
    names: Sequence[str],
    selection: Selection,
    force: bool = False,
) -> None:
    """Write the results to a file, whole or not at all."""
    _write(path, BY_ENDING[path.suffix.lower()].problem(problem, names, selection), force)


def write_network(path: Path, walk: "Backward", force: bool = False) -> None:
    """Write a network to a file, whole or not at all."""
    kind = BY_ENDING[path.suffix.lower()]
    assert kind.network is not None
    _write(path, kind.network(walk), force)


def _write(path: Path, told: Pieces, force: bool) -> None:
    if not isinstance(told, bytes):
        told = encoded("".join(_texts(told)))
    atomic.write_whole(path, told, force)


def _texts(told: Pieces) -> Iterable[str]:
    assert not isinstance(told, bytes)
    return [told] if isinstance(told, str) else told


def written(path: Path, problem: Problem, names: Sequence[str], selection: Selection) -> str:
    """What to say of a file that was written: also which steps it has no room for."""
    room = BY_ENDING[path.suffix.lower()].room
    if room is None:
        return wrote(path, (problem.results[name] for name in names))
    more = selection.sensible and not any(left_out(problem, names, ALL, room))
    words = captions.WROTE_PART if more else captions.WROTE_FULL
    return _wrote_part(path, left_out(problem, names, selection, room), words)


def network_written(path: Path, walk: "Backward") -> str:
    """What to say of a network that was written."""
    kind = BY_ENDING[path.suffix.lower()]
    if kind.room is None:
        return wrote(path, (array for layer in walk.layers for array in layer.results.values()))
    if kind.ending != ".html":
        return say(captions.WROTE, path=path)
    from ..show.web import gaps

    return _wrote_part(path, gaps(walk), captions.WROTE_NETWORK)


def wrote(path: Path, arrays: Iterable[Array]) -> str:
    """That results were written, and whether their file had to round them."""
    rounded = path.suffix.lower() in (".npy", ".npz") and results.rounds(arrays)
    return say(captions.WROTE_ROUNDED if rounded else captions.WROTE, path=path)


def _wrote_part(path: Path, gaps: Iterable[tuple[str, Gap]], words: str) -> str:
    """That steps were written; in these words, if those of some results are not in the file."""
    steps = [say(captions.STEPS_OF, steps=gap.steps, name=name) for name, gap in gaps]
    return say(words if steps else captions.WROTE, path=path, steps=series(steps))
