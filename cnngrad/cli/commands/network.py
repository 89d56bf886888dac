"""`network-backward`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...core.errors import ExitCode, SettingError, UsageError
from ...core.settings import BATCH, LEARNING_RATE
from .. import options as opt
from ..operations import Options, takes_settings

if TYPE_CHECKING:
    from ...core.problem import Problem
    from ...network import Backward

NetworkFile = Annotated[
    str, typer.Argument(metavar="NETWORK", help="A network file (JSON), or - for standard input.")
]
LayerName = Annotated[
    str | None,
    typer.Option("--layer", metavar="NAME", help="Look into one layer, step by step."),
]
NetworkFormat = Annotated[
    Literal["table", "json", "csv"], typer.Option("--format", help="How to print the result.")
]


@takes_settings(LEARNING_RATE, BATCH)
def backward(
    network: NetworkFile,
    layer: LayerName = None,
    *,
    options: Options,
    gradient: opt.Gradient = None,
    steps: opt.Steps = None,
    format: NetworkFormat = "table",  # noqa: A002 - the option's name
    output: opt.Output = None,
    force: opt.Force = False,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    r"""A whole network: forward, back layer by layer, and one step of gradient descent.

    \b
      cnngrad example lenet_toy --learning-rate 0.1
      cnngrad example lenet_toy --copy mine
      cnngrad network-backward mine/lenet_toy.json --layer conv2
      cnngrad network-backward mine/lenet_toy.json --learning-rate 0.1 \
                               --output mine/next.json
      cnngrad network-backward mine/next.json

    With a learning rate, --output FILE.json writes the network after the step, so that the
    next step can be run on it; without one, the gradients.
    """
    from ...network import backward as walk_back
    from ...network import read_network
    from ..output import write, written
    from ..progress import busy
    from ..run_operation import as_usage, check_steps, chosen, read_steps
    from ..screen import Screen, emit

    selection = read_steps(steps)
    _check_targets(output or [], force, layer)
    if layer is None and (gradient or steps):
        raise UsageError("--gradient and --steps look into one layer.", fix="add --layer NAME")
    screen = Screen(no_color, quiet)
    with busy("reading", screen):
        read = read_network(network, exact)
    if options["learning_rate"] is not None:
        try:
            rate = LEARNING_RATE.kind.read("--learning-rate", options["learning_rate"])
        except SettingError as error:
            raise as_usage(error) from None
        read = replace(read, learning_rate=rate)
    if options["batch"] is not None:
        read = replace(read, batch=BATCH.read(options["batch"]))
    with busy("computing", screen):
        walk = walk_back(read)
    problem = _problem(walk, layer) if layer is not None else None
    names = chosen(problem, gradient) if problem else ()
    if problem is not None:
        check_steps(problem, names, selection, screen)
    if format == "table" and problem is not None:
        from ...show.terminal.document import document
        from ...show.terminal.network import layer_remarks

        remarks = layer_remarks(walk)
        screen.show(document(problem, names, selection, screen.look, remarks))
    elif format == "table":
        from ...show.terminal.network import network_document

        screen.show(network_document(walk, screen.look))
    elif not quiet:
        emit(_printed(format, walk, layer))
    for path in output or ():
        if problem is not None and path.suffix.lower() in LAYER_ENDINGS:
            write(path, problem, names, selection)
            screen.note(written(path, problem, names, selection))
        else:
            _write(path, walk)
            screen.note(_written(path, walk))
    return ExitCode.DONE


def _problem(walk: "Backward", name: str) -> "Problem":
    """The backward problem of one layer, with the learning rate where it has parameters."""
    result = walk.layers[walk.network.layer(name)]
    problem = result.backward
    options = {setting.name for setting in problem.options}
    settings = dict(problem.settings)
    if "learning_rate" in options:
        settings["learning_rate"] = walk.network.learning_rate
    return replace(problem, settings=settings, title=f"{name} · {walk.network.title}")


def _printed(style: str, walk: "Backward", layer: str | None) -> str:
    from ...network import writer as writing

    if style == "csv":
        return writing.csv_of_network(walk, layer)
    return writing.dumped(writing.json_of_network(walk, layer))


def _check_targets(paths: list[Path], force: bool, layer: str | None) -> None:
    from ...files.results import check_target

    for path in paths:
        ending = path.suffix.lower()
        if ending in LAYER_ENDINGS and ending not in WRITERS and layer is None:
            raise UsageError(
                f"A {ending} file shows one layer of a network.",
                where=str(path),
                fix="add --layer NAME, or write a .html page, which shows them all",
            )
        if ending not in WRITERS and ending not in LAYER_ENDINGS:
            raise UsageError(
                "The output's ending is unknown.",
                where=str(path),
                found=path.suffix or "no ending",
                expected=", ".join(dict.fromkeys((*WRITERS, *LAYER_ENDINGS))),
            )
        check_target(path, force)


def _write(path: Path, walk: "Backward") -> None:
    from ...files.results import write_whole

    write_whole(path, WRITERS[path.suffix.lower()](walk))


def _written(path: Path, walk: "Backward") -> str:
    from ...pictures import captions
    from ..output import wrote, wrote_part

    if path.suffix.lower() != ".html":
        results = (array for layer in walk.layers for array in layer.results.values())
        return wrote(path, results)
    from ...show.web import gaps

    return wrote_part(path, gaps(walk), captions.WROTE_NETWORK)


def _json(walk: "Backward") -> bytes:
    from ...network import writer as writing

    after = walk.after
    data = writing.json_of_network(walk) if after is None else writing.network_file(after)
    return writing.dumped(data).encode()


def _npz(walk: "Backward") -> bytes:
    from ...files.results import npz_of
    from ...network import writer as writing

    return npz_of(writing.arrays_of_network(walk))


def _text(walk: "Backward") -> bytes:
    from ...show.terminal.display import Display
    from ...show.terminal.network import network_document

    blocks = network_document(walk, Display(100))
    return ("\n".join(block.plain() for block in blocks) + "\n").encode()


def _page(walk: "Backward") -> bytes:
    from ...show.web import network_page

    return network_page(walk).encode("utf-8", "replace")


WRITERS = {
    ".json": _json,
    ".csv": lambda walk: _printed("csv", walk, None).encode(),
    ".npz": _npz,
    ".txt": _text,
    ".html": _page,
}
"""What `--output` writes, by the file's ending."""
LAYER_ENDINGS = (".html", ".svg", ".md", ".tex", ".gif")
"""What it writes of the one layer that --layer names."""
