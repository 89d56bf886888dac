"""`network-backward`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import ExitCode, SettingError, UsageError
from ...core.settings import LEARNING_RATE, NETWORK_SETTINGS
from ...core.text import HelpText, message, say
from .. import options as opt
from ..operations import Options, takes_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.problem import Problem
    from ...network import Backward
    from ...pictures.selection import Selection
    from ...show.terminal.layout import Block
    from ..screen import Screen

NetworkFile = Annotated[
    str,
    typer.Argument(
        metavar="NETWORK", help=message("A network file (JSON), or - for standard input.")
    ),
]
LayerName = Annotated[
    str | None,
    typer.Option("--layer", metavar="NAME", help=message("Look into one layer, step by step.")),
]


HELP = HelpText(
    message("A whole network: forward, back layer by layer, and one step of gradient descent."),
    example=r"""
cnngrad example lenet_toy --learning-rate 0.1
cnngrad example lenet_toy --copy mine
cnngrad network-backward mine/lenet_toy.json --layer conv2
cnngrad network-backward mine/lenet_toy.json --learning-rate 0.1 \
                         --output mine/next.json
cnngrad network-backward mine/next.json
""",
    notes=(
        message(
            "With a learning rate, --output FILE.json writes the network after the step, so"
            " that the next step can be run on it; without one, the gradients."
        ),
    ),
)


@takes_settings(LEARNING_RATE, *NETWORK_SETTINGS)
def backward(
    network: NetworkFile,
    layer: LayerName = None,
    *,
    options: Options,
    gradient: opt.Gradient = None,
    steps: opt.Steps = None,
    format: opt.OutputFormat = "table",  # noqa: A002 - the option's name
    output: opt.Output = None,
    force: opt.Force = False,
    exact: opt.Exact = None,
    no_color: opt.NoColor = False,
    quiet: opt.Quiet = False,
) -> int:
    """Run `network-backward`, as HELP tells it."""
    from ...network import backward as walk_back
    from ...network import read_network
    from ...show.formats import BY_ENDING, BY_NAME
    from .. import output as out
    from ..progress import busy
    from ..run_operation import as_usage, check_steps, chosen, read_steps
    from ..screen import Screen, emit

    selection = read_steps(steps)
    out.check_targets(output or [], force, whole_network=layer is None)
    if layer is None and (gradient or steps):
        raise UsageError(
            say("--gradient and --steps look into one layer."), fix=say("add --layer NAME")
        )
    if layer is None and format != "table" and BY_NAME[format].network is None:
        raise UsageError(
            say("--format {format} shows one layer of a network.", format=format),
            fix=say("add --layer NAME"),
        )
    screen = Screen(no_color, quiet)
    asked = {s.name: options[s.name] for s in NETWORK_SETTINGS if options[s.name] is not None}
    rate = options["learning_rate"]
    try:
        asked = {s.name: s.read(asked[s.name]) for s in NETWORK_SETTINGS if s.name in asked}
        if rate is not None:
            rate = LEARNING_RATE.kind.read("--learning-rate", rate)
    except SettingError as error:
        raise as_usage(error) from None
    with busy(say("reading"), screen):
        read = read_network(network, exact, asked)
    if rate is not None:
        read = replace(read, learning_rate=rate)
    with busy(say("computing"), screen):
        walk = walk_back(read)
        _ = walk.loss_after  # now, so that what cannot be computed is said before all else
    problem = _problem(walk, layer) if layer is not None else None
    names = chosen(problem, gradient) if problem else ()
    if problem is not None:
        check_steps(problem, names, selection, screen)
    if problem is None:
        out.check_network(output or (), walk)
    else:
        out.check_results(output or (), problem, names)
    if format == "table":
        screen.show(_blocks(walk, problem, names, selection, screen))
    elif not quiet:
        told = out.network_printed(format, walk, layer)
        if problem is not None and BY_NAME[format].shows_layer:
            told = out.printed(format, problem, names, selection)
        for text in told:
            if not emit(text):
                break
    for path in output or ():
        if problem is not None and BY_ENDING[path.suffix.lower()].shows_layer:
            out.write(path, problem, names, selection, force)
            screen.note(out.written(path, problem, names, selection))
        else:
            out.write_network(path, walk, force)
            screen.note(out.network_written(path, walk))
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


def _blocks(
    walk: "Backward",
    problem: "Problem | None",
    names: "Sequence[str]",
    selection: "Selection",
    screen: "Screen",
) -> "Iterator[Block]":
    """The network for the terminal, or the one layer."""
    from ...network.outline import layer_remarks, network_outline
    from ...pictures.outline import outline
    from ...show.terminal.document import document

    if problem is None:
        return document(network_outline(walk), screen.look)
    told = outline(problem, names, selection, in_lines=True, closing=layer_remarks(walk))
    return document(told, screen.look)
