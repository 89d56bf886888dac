"""Lines of NumPy and PyTorch: they run, and give the same numbers under the same conventions."""

import contextlib
import io
import random

import numpy as np
import pytest

from cnngrad.cli import main
from cnngrad.core.errors import CnngradError, UsageError
from cnngrad.layers import operation
from cnngrad.pictures.selection import ALL
from cnngrad.show.formats import BY_NAME

CONV = [
    {},
    {"stride": 2, "padding": 1},
    {"padding": [[1, 0], [0, 2]], "dilation": [1, 2], "groups": 2},
    {"flip": True, "padding": "same"},
    {"like": "keras", "padding": "same", "stride": [2, 1]},
    {"like": "mlx", "groups": 2},
    {"like": "theano", "stride": 2, "learning_rate": "1/4"},
    {"batch": "sum"},
]
POOL = [
    {},
    {"stride": 1, "padding": 1},
    {"stride": [2, 1], "padding": [[1, 0], [0, 1]]},
    {"stride": 2, "ceil_mode": True, "padding": 1},
    {"like": "keras", "padding": "same", "stride": 2},
    {"like": "mlx", "stride": 1},
]
TIES = ["first", "last", "all", "split", "first-column"]
AVERAGE = [
    {"count_include_pad": False, "padding": 1},
    {"stride": 3, "ceil_mode": True, "overhang": "counts", "padding": 1},
    {"stride": 2, "padding": 1, "ceil_mode": True, "ceil_rule": "keep", "like": "pytorch"},
    {"divisor_override": 7},
    {"dilation": 2, "stride": 1},
]
TRANSPOSED = [
    {},
    {"stride": 2, "padding": 1, "output_padding": 1},
    {"padding": [[1, 0], [0, 2]], "dilation": [1, 2], "groups": 2},
    {"flip": True, "padding": "same", "stride": 2},
    {"batch": "sum", "stride": [3, 1], "output_padding": [2, 0]},
]
DENSE = [
    {},
    {"like": "keras"},
    {"activation": "relu"},
    {"activation": "leaky-relu", "slope": "1/3", "like": "paddle"},
    {"activation": "relu", "like": "theano"},
    {"activation": "sigmoid"},
    {"activation": "tanh", "batch": "sum"},
    {"activation": "softmax"},
]


def cells(rng, *shape):
    return np.array([rng.randint(-3, 3) for _ in range(int(np.prod(shape)))]).reshape(shape)


def problems():
    """(id, forward and backward problem) of many kinds, in the order and rank of a person."""
    rng = random.Random(14)
    for k, settings in enumerate(CONV):
        groups = settings.get("groups", 1)
        given = {"A_prev": cells(rng, 2, 4, 5, 6), "W": cells(rng, 4, 4 // groups, 3, 2)}
        if k % 2:
            given["b"] = cells(rng, 4)
        yield f"conv-{k}", "conv", given, settings
    yield "conv-2d", "conv", {"A_prev": cells(rng, 3, 3), "W": cells(rng, 2, 2)}, {}
    for k, settings in enumerate(POOL):
        for ties in TIES:
            given = {"A_prev": cells(rng, 2, 2, 5, 6)}
            yield f"max-{ties}-{k}", "pool", given, {"window": 2, **settings, "ties": ties}
    for k, settings in enumerate([*POOL, *AVERAGE]):
        given = {"A_prev": cells(rng, 2, 5, 6)}
        window = {"window": [3, 2] if k % 2 else 2, "mode": "average"}
        yield f"average-{k}", "pool", given, {**window, **settings}
    for k, settings in enumerate(TRANSPOSED):
        groups = settings.get("groups", 1)
        given = {"A_prev": cells(rng, 2, 4, 3, 4), "W": cells(rng, 4, 4 // groups, 3, 2)}
        if k % 2:
            given["b"] = cells(rng, 4)
        yield f"transposed-{k}", "conv-transpose", given, settings
    for k, shape in enumerate([(2, 3, 2, 3), (3, 2, 2), (4, 5)]):
        given = {"A_prev": cells(rng, *shape)}
        if k < 2:
            given |= {"gamma": cells(rng, shape[-3]), "beta": cells(rng, shape[-3])}
        yield f"batch-norm-{k}", "batch-norm", given, {"epsilon": "0.1"}
    for k, settings in enumerate(DENSE):
        given = {"A_prev": cells(rng, 3, 4), "W": cells(rng, 2, 4), "b": cells(rng, 2)}
        if "activation" in settings:
            given["Z_prev"] = cells(rng, 3, 4)
        yield f"dense-{k}", "dense", given, settings


def both(family, given, settings):
    """The forward and the backward problem, with a random error of the right shape."""
    rng = random.Random(7)
    kinds = operation(f"{family}-forward"), operation(f"{family}-backward")
    names = [{o.name for o in kind.spec.operands} for kind in kinds]
    known = [{s.name for s in kind.kind(settings).options} for kind in kinds]
    asked = [{k: v for k, v in settings.items() if k in those} for those in known]
    plain = {name: array for name, array in given.items() if name in names[0]}
    forward = kinds[0].problem(plain, asked[0])
    dZ = cells(rng, *forward.shapes[forward.output_name])
    return forward, kinds[1].problem({**given, "dZ": dZ}, asked[1])


def run(style, problem):
    code = BY_NAME[style].problem(problem, problem.names, ALL)
    found = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, style, "exec"), found)
    return {name: np.array(found[name].tolist()) for name in problem.names}


@pytest.mark.parametrize("style", ["numpy", "torch"])
@pytest.mark.parametrize(
    ("family", "given", "settings"), [pytest.param(*rest, id=name) for name, *rest in problems()]
)
def test_the_code_runs_and_gives_the_same_numbers(style, family, given, settings):
    if style == "torch":
        pytest.importorskip("torch")
    for problem in both(family, given, settings):
        found = run(style, problem)
        for name, array in problem.results_in_layout.items():
            assert found[name].shape == array.shape
            assert found[name] == pytest.approx(np.array(array, float), rel=1e-12, abs=1e-12)


def test_code_is_printed_and_written(tmp_path, capsys):
    own = ["conv-backward", "--input", "1 2; 3 4", "--kernel", "0.5", "--dz", "1 1; 1 1"]
    assert main([*own, "--format", "numpy", "--gradient", "dW"]) == 0
    printed = capsys.readouterr().out
    assert "W = np.array([[0.5]], float)" in printed
    assert 'print("dW =", dW' in printed
    assert 'print("db' not in printed
    path = tmp_path / "backward.py"
    assert main([*own, "--output", str(path), "--quiet"]) == 0
    found = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(path.read_text(encoding="utf-8"), found)
    assert found["dW"].tolist() == [[10.0]]
    assert main([*own, "--format", "torch"]) == 0
    assert "F.conv2d" in capsys.readouterr().out


def test_numbers_that_fill_a_file_are_not_spelled_out():
    problem = operation("pool-forward").problem({"A_prev": np.ones((200, 200), int)}, {"window": 2})
    with pytest.raises(UsageError, match="too many numbers"):
        BY_NAME["numpy"].problem(problem, problem.names, ALL)


def test_a_network_has_no_code_as_a_whole(capsys):
    try:
        code = main(["network-backward", "perceptron", "--format", "torch"])
    except CnngradError as error:
        pytest.fail(str(error))
    assert code in (2, 3)
    assert "--layer" in capsys.readouterr().err
