"""Probe: a corner of a large problem, on which a mistake is refuted before it is computed whole.

In a gradient of the input, the cells near the top left corner know only the windows near it,
whatever the mistake: all but a few mistakes act window by window.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..core.errors import CnngradError
from ..core.numbers import Array, divided
from ..core.problem import Problem
from .compare import Reading
from .rules import Rules, Simulator
from .variants import Variant, finished

_WINDOWS = 12
"""So many windows along each axis."""
_SAMPLES = 2
_FAR = ("rotated", "transposed", "last sample")
"""What is done to dZ that brings cells from elsewhere."""
LOCAL = "dA_prev"
"""The result of which a corner is known from a corner."""


class _Corner(NamedTuple):
    problem: Problem
    rows: int
    columns: int
    """So many of them no window beyond the corner reaches, whatever the mistake."""


class Probe:
    """Refutes mistakes on a corner of a problem."""

    def __init__(self, problem: Problem, rules: Rules) -> None:
        self._corner = _corner_of(problem)
        self._rules = rules
        self._simulator: Simulator | None = None
        self._known: dict[Variant, Array | None] = {}

    def refutes(self, variant: Variant, reading: Reading) -> bool:
        """Whether a mistake gives other numbers than the answer in the corner."""
        if self._corner is None or not _local(variant):
            return False
        if variant not in self._known:
            self._known[variant] = self._predicted(variant)
        predicted = self._known[variant]
        if predicted is None:
            return False
        full = (1,) * (4 - reading.floats.ndim) + reading.floats.shape
        samples = predicted.shape[0]
        part = (slice(samples), slice(None), slice(self._corner.rows), slice(self._corner.columns))
        given = reading.floats.reshape(full)[part]
        if predicted[part].shape != given.shape:
            return True
        slack = 0.0 if reading.slack is None else reading.slack.reshape(full)[part]
        off = np.abs(predicted[part] - given) > slack + 1e-9 * np.abs(given) + 1e-12
        if reading.blank is not None:
            off &= ~reading.blank.reshape(full)[part]
        return bool(off.any())

    def _predicted(self, variant: Variant) -> Array | None:
        assert self._corner is not None
        if self._simulator is None:
            self._simulator = self._rules.simulate(self._corner.problem)
        core = self._simulator.simulate(LOCAL, variant.core)
        found = None if core is None else finished(core, variant)
        if found is None:
            return None
        values = np.asarray(divided(found.values, found.scale)).astype(np.float64)
        return values.reshape((1,) * (4 - values.ndim) + values.shape)


def _local(variant: Variant) -> bool:
    """Whether what happens in the corner does not hang on what lies elsewhere."""
    at_once = set(variant.after) <= {"negated"} and not variant.product and not variant.descent
    return at_once and variant.error not in _FAR


def _corner_of(problem: Problem) -> _Corner | None:
    axes = getattr(problem, "axes", ())
    if len(axes) != 2 or "dZ" not in problem.arrays or problem.arrays["A_prev"].ndim != 4:
        return None
    sizes, pads, safe = [], [], []
    for line in axes:
        size = (_WINDOWS - 1) * line.stride + line.extent - line.before
        if line.out <= _WINDOWS or not 0 < size <= line.size:
            return None
        sizes.append(size)
        pads.append((line.before, 0))
        safe.append(min(_WINDOWS - line.before - line.after - 1, size))
    if min(safe) < 1:
        return None
    settings = {**problem.settings, "padding": tuple(pads)}
    if "ceil_mode" in settings:
        settings["ceil_mode"] = False
    images = problem.arrays["A_prev"][:_SAMPLES, :, : sizes[0], : sizes[1]]
    errors = problem.arrays["dZ"][:_SAMPLES, :, :_WINDOWS, :_WINDOWS]
    given = {**problem.given, "A_prev": images, "dZ": errors}
    try:
        return _Corner(replace(problem, given=given, settings=settings), safe[0], safe[1])
    except CnngradError:
        return None
