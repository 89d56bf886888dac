"""The problem that a file, or the options of the operations, pose."""

from ..core.errors import UsageError
from ..core.problem import Problem
from ..files import ProblemFile, read_problem
from ..files.problem_reader import read_object
from ..layers import operation
from .problem_options import Options
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
    if "exclude_pad" in asked:
        asked["count_include_pad"] = not asked.pop("exclude_pad")
    given = (problem_file if isinstance(problem_file, str) else None, *map(str, asked.values()))
    refuse_second_dash(*given)
    if isinstance(problem_file, str) and problem_file != "-":
        _refuse_network(problem_file)
    read = read_problem(problem_file) if isinstance(problem_file, str) else problem_file
    op = read.op if read else _meant(asked)
    if "dz" in asked:
        op = op.replace("-forward", "-backward")
    keys = [operand.key for operand in operation(op).operands]
    matrices = {key: str(asked.pop(key)) for key in keys if key in asked}
    return assemble(op, read, matrices, asked).computed(exact)


def _meant(asked: Options) -> str:
    """The operation that options without a problem file speak of."""
    direction = "backward" if "dz" in asked else "forward"
    for family, options in (("conv", ("kernel",)), ("dense", ("weights",)), ("pool", ("window",))):
        if any(option in asked for option in options):
            return f"{family}-{direction}"
    raise UsageError(
        "There is no problem to look at.",
        expected="a problem file, or --input with --kernel, --weights or --window",
        fix="cnngrad example convolution --copy . writes a problem file to start from",
    )


def _refuse_network(file: str) -> None:
    """Ask for the layer where a whole network is given."""
    data, source = read_object(file)
    if data.get("op") == "network-backward":
        from ..network import network_of

        layers = [spec.name for spec in network_of(data).layers]
        raise UsageError(
            "This file is a network: say which of its layers is meant.",
            where=source.name,
            expected=f"one of its layers: {', '.join(layers)}",
            fix=f"name the layer: --layer {layers[0]}; explain takes '{layers[0]}.dA_prev[0,0]'",
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
