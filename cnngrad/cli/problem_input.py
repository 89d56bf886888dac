"""The problem that a file, or the options of the operations, pose."""

from ..core.errors import UsageError
from ..core.problem import Problem
from ..core.spec import BACKWARD, OpSpec, meant
from ..core.text import say, series
from ..files import ProblemFile, read_problem
from ..files.problem_reader import read_object
from ..layers import spec, specs
from .operations import Options
from .run_operation import assemble, refuse_second_dash


def posed(
    problem_file: str | ProblemFile | None, options: Options, exact: bool | None = None
) -> Problem:
    """The problem that a file and options pose, in exact numbers or floats as is asked.

    Raises
    ------
    CnngradError
        They pose none.
    """
    asked = {name: value for name, value in options.items() if value is not None}
    given = (problem_file if isinstance(problem_file, str) else None, *map(str, asked.values()))
    refuse_second_dash(*given)
    if isinstance(problem_file, str) and problem_file != "-":
        _refuse_network(problem_file)
    read = read_problem(problem_file) if isinstance(problem_file, str) else problem_file
    known = _turned(spec(read.op), asked) if read else meant(asked, specs())
    if known is None:
        raise UsageError(
            say("There is no problem to look at."),
            expected=say("a problem file, or --input with --kernel, --weights or --window"),
            fix=say("cnngrad example convolution --copy . writes a problem file to start from"),
        )
    return assemble(known, read, asked).computed(exact)


def _turned(known: OpSpec, asked: Options) -> OpSpec:
    """The backward operation, where what only that one needs is among the options."""
    backward = spec(f"{known.family}-{BACKWARD}")
    return backward if (backward.needs - known.needs) & asked.keys() else known


def _refuse_network(file: str) -> None:
    """Ask for the layer where a whole network is given."""
    data, source = read_object(file)
    if data.get("op") == "network-backward":
        from ..network import network_of

        layers = [spec.name for spec in network_of(data).layers]
        raise UsageError(
            say("This file is a network: say which of its layers is meant."),
            where=source.name,
            expected=say("one of its layers: {layers}", layers=series(layers)),
            fix=say(
                "name the layer: --layer {first}; explain takes '{first}.dA_prev[0,0]'",
                first=layers[0],
            ),
        )


def layer_problem(network_file: str, layer: str, exact: bool | None = None) -> Problem:
    """The backward problem of one layer of a network, on the error that reaches it.

    Raises
    ------
    CnngradError
        The network cannot be read, or has no such layer.
    """
    from ..network import backward, read_network

    walk = backward(read_network(network_file, exact))
    return walk.layers[walk.network.layer(layer)].backward
