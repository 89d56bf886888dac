"""A test file of literal numbers under which no known mistake survives."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...core.numbers import Array
from ..problems.explanations import same
from ..problems.ladder import Rung, ladder
from ..problems.simulations import Simulations
from ..session import names_of
from .mutants import mutants

_SIGNATURES = {
    "conv-backward": ("conv_backward(dZ, A_prev, W, stride, padding)", ("stride", "padding")),
    "conv-forward": ("conv_forward(A_prev, W, b, stride, padding)", ("stride", "padding")),
    "pool-backward": ("{mode}_pool_backward(dZ, A_prev, window, stride)", ("window", "stride")),
    "pool-forward": ("{mode}_pool_forward(A_prev, window, stride)", ("window", "stride")),
    "dense-backward": ("dense_backward(dZ, A_prev, W)", ()),
    "dense-forward": ("dense_forward(A_prev, W, b)", ()),
}
"""How the function that is tested is called, by operation, and the settings that it takes."""

KINDS = tuple(_SIGNATURES)
_TAGS = ("stride", "padding")
_MODES = {"max": "max", "average": "avg"}


class LiteralTests(NamedTuple):
    """What is written.

    Parameters
    ----------
    text
        The test file.
    arrays
        The same problems and results, for an `.npz`.
    function
        The name of the function that the tests call.
    """

    text: str
    arrays: dict[str, Array]
    function: str


def literal_tests(op: str, mode: str = "") -> LiteralTests:
    """Tests for a function of a person's own: each known mistake fails one of them at least.

    Parameters
    ----------
    op
        One of `KINDS`.
    mode
        `max` or `average`, for pooling.
    """
    rungs = [rung for rung in _rungs(op, mode) if _plain(rung, op)]
    chosen = _enough(op, rungs)
    call, settings = _SIGNATURES[op]
    call = call.format_map({"mode": _MODES.get(mode, mode)})  # code, no sentence
    function = call.partition("(")[0]
    lines = [
        f'"""Tests of {function}: numbers worked out exactly, by which each mistake is seen."""',
        "",
        "import numpy as np",
        "",
        f"from mylayer import {function}  # put the name of your own file here",
    ]
    arrays: dict[str, Array] = {}
    for k, rung in enumerate(chosen, 1):
        lines += ["", "", *_test(k, rung, call, settings, op)]
        for name, array in (*rung.given.items(), *rung.results.items()):
            arrays[f"{k}/{name}"] = array
        for name in settings:
            arrays[f"{k}/{name}"] = np.asarray(rung.settings.get(name, _default(name)))
    return LiteralTests("\n".join(lines) + "\n", arrays, function)


def _rungs(op: str, mode: str) -> list[Rung]:
    rungs = ladder(op, mode)
    return [rung.asked(batch="sum") if "batch" in rung.settings else rung for rung in rungs]


def _plain(rung: Rung, op: str) -> bool:
    """Whether the function's parameters can say the problem."""
    known = {*_SIGNATURES[op][1], "mode", "batch"}
    usual = {"dilation": 1, "groups": 1, "padding": 0, "stride": 1}
    return all(
        name in known or value == usual.get(name) for name, value in rung.settings.items()
    ) and all(isinstance(rung.settings.get(name, 1), int) for name in known - {"mode", "batch"})


def _enough(op: str, rungs: Sequence[Rung]) -> list[Rung]:
    """As few problems as show every mistake, the one that shows most first."""
    shown: dict[int, set[int]] = {rung.number: set() for rung in rungs}
    for k, mutant in enumerate(mutants(op, rungs, names_of(op))):
        simulations = Simulations(mutant.result)
        for rung in rungs:
            variant = simulations.mistakes_on(rung).get(mutant.mistake)
            array = None if variant is None else simulations.prediction(variant, rung)
            if array is not None and not same(array, rung.results[mutant.result]):
                shown[rung.number].add(k)
    left, chosen = set().union(*shown.values()), []
    while left:
        best = max(rungs, key=lambda rung: (len(shown[rung.number] & left), -rung.number))
        left -= shown[best.number]
        chosen.append(best)
    return sorted(chosen, key=lambda rung: rung.number)


def _test(k: int, rung: Rung, call: str, settings: Sequence[str], op: str) -> Iterator[str]:
    names = names_of(op)
    parameters = call.partition("(")[2].rstrip(")").split(", ")
    yield f"def test_problem_{k}():"
    for name in parameters:
        if name in rung.given:
            yield f"    {name} = np.array({_cells(rung.given[name])}, float)"
    words = [
        f"{name}={rung.settings.get(name, _default(name))!r}" if name in settings else name
        for name in parameters
    ]
    function = call.partition("(")[0]
    yield f"    {', '.join(names)} = {function}({', '.join(words)})"
    for name in names:
        yield f"    np.testing.assert_allclose({name}, {_cells(rung.results[name])}, atol=1e-9)"


def _default(name: str) -> int:
    return 0 if name == "padding" else 1


def _cells(array: Array) -> str:
    whole = (array == np.round(array)).all()
    return str(array.astype(np.int64).tolist() if whole else array.tolist())
