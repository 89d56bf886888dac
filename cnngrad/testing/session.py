"""One function asked: problems in its own layout in, results in the article's layout out."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..core.errors import UsageError, nearest
from ..core.numbers import Array
from ..core.text import say, series
from ..core.trace import Index
from .calls.calling import SETTINGS, Calling
from .calls.constructor import sizes
from .calls.invoke import CallOutcome
from .calls.presentation import Presentation
from .calls.process import Runner
from .problems.explanations import same
from .problems.ladder import Rung

_SPELLINGS = {
    "dA_prev": "da_prev dx dinput dinputs da d_input grad_input grad_x dx_prev da_prev_ dl_dx",
    "dW": "dw dkernel dfilters dweights grad_w grad_weights dk df grad_weight dl_dw",
    "db": "db dbias dbiases grad_b grad_bias dl_db",
    "dgamma": "dgamma d_gamma",
    "dbeta": "dbeta d_beta",
    "loss": "loss l cost j",
}
_NAMED = {word: name for name, words in _SPELLINGS.items() for word in words.split()}


def names_of(op: str) -> tuple[str, ...]:
    """The results of an operation, in the order in which functions give them."""
    if op.endswith("forward"):
        return ("A",) if op.startswith(("pool", "activation", "batch-norm")) else ("Z",)
    if op.startswith("loss"):
        return ("loss", "dA_prev")
    if op.startswith("batch-norm"):
        return ("dA_prev", "dgamma", "dbeta")
    return ("dA_prev", "dW", "db") if op.startswith(("conv", "dense")) else ("dA_prev",)


def order_of(returns: str, op: str) -> tuple[str, ...]:
    """The names of what a function returns, as a person writes them: `dA_prev, dW, db`.

    Raises
    ------
    UsageError
        A name is none of the operation's results.
    """
    names = tuple(name.strip() for name in returns.split(",")) if returns else ()
    known = names_of(op)
    for name in names:
        if name not in known:
            raise UsageError(
                say("{op} has no result {name}.", op=op, name=name or '""'),
                expected=series(known),
                fix=nearest(name, known),
            )
    return names


@dataclass(frozen=True)
class Asked:
    """What one problem came to, read into the article's layout."""

    rung: Rung
    outcome: CallOutcome
    results: Mapping[str, Array]

    @property
    def failed(self) -> str:
        """What is wrong with the call itself; empty where arrays came back."""
        if self.outcome.odd:
            return say("it gives {kind} back, no array", kind=self.outcome.odd)
        return self.outcome.error


@dataclass(frozen=True)
class Session:
    """A function with all that is known of how to call it.

    Parameters
    ----------
    order
        The name of each result by its place, where the function gives several.
    """

    runner: Runner
    calling: Calling
    presentation: Presentation = field(default_factory=Presentation)
    order: tuple[str, ...] = ()

    def ask(self, rung: Rung, calling: Calling | None = None) -> Asked:
        """Run the function on one problem."""
        outcome = self.outcome(rung, calling or self.calling)
        return Asked(rung, outcome, self.read(rung, outcome, calling or self.calling))

    def outcome(self, rung: Rung, calling: Calling) -> CallOutcome:
        """What comes back, as it is."""
        given = {
            name: self.presentation.shown(name, array, self._dense)
            for name, array in rung.given.items()
            if not (name == "dZ" and calling.op.endswith("forward"))
        }
        return self.runner.call(calling, given, self._settings(rung, given))

    @property
    def _dense(self) -> bool:
        return self.calling.op.startswith("dense")

    def _settings(self, rung: Rung, given: Mapping[str, Array]) -> dict[str, Any]:
        """Settings in the form that the function takes: one number, two, or a word."""
        settings: dict[str, Any] = {}
        usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0}
        for name in SETTINGS:
            default = usual.get(name)
            value = rung.settings.get(name, default)
            if value is None:
                continue
            if self.calling.tuples and name in ("stride", "window", "dilation"):
                value = value if isinstance(value, tuple) else (value, value)
            if name == "padding" and self.calling.words and value == 0:
                value = "valid"
            settings[name] = value
        if self.calling.kind in ("class", "torch"):
            settings["sizes"] = sizes(rung.given, given, self.calling.tuples)
        if "epsilon" in rung.settings:
            settings["epsilon"] = float(rung.settings["epsilon"])
        if rung.settings.get("slope") is not None:
            settings["slope"] = rung.settings["slope"]
        return settings

    def read(self, rung: Rung, outcome: CallOutcome, calling: Calling) -> dict[str, Array]:
        """What came back, by the names of results, in full rank."""
        expected = rung.results if calling.op == self.calling.op else {}
        names = names_of(calling.op)
        found: dict[str, Array] = {}
        for k, (key, array) in enumerate(outcome.results):
            name = self._name(k, key, names, len(outcome.results))
            if name and name not in found:
                shape = expected[name].shape if name in expected else array.shape
                found[name] = self.presentation.read(name, array, shape, self._dense)
        return found

    def _name(self, k: int, key: str, names: Sequence[str], count: int) -> str:
        if key in names:
            return key
        if not key.isdigit():
            return _NAMED.get(key.lower(), "")
        if self.order:
            return self.order[k] if k < len(self.order) else ""
        del count
        return names[k] if k < len(names) else ""

    def ordered(self, probe: Rung) -> "Session":
        """The same with the order in which the function gives its results, found on a problem."""
        outcome = self.outcome(probe, self.calling)
        keys = [key for key, _ in outcome.results]
        arrays = [array for _, array in outcome.results]
        if outcome.error or not arrays or not all(key.isdigit() for key in keys):
            return self
        names, shapes = names_of(self.calling.op), probe.results
        best, order = -1.0, names[: len(arrays)]
        for chosen in itertools.permutations(names, min(len(arrays), len(names))):
            points = sum(
                self._points(name, array, shapes[name].shape, shapes[name])
                for name, array in zip(chosen, arrays, strict=False)
            )
            if points > best + 1e-9:
                best, order = points, chosen
        return replace(self, order=tuple(order))

    def _points(self, name: str, array: Array, shape: Index, truth: Array) -> float:
        read = self.presentation.read(name, array, shape, self._dense)
        if read.shape != shape:
            return 0.0
        return 1.0 + likeness(read, truth)


def likeness(array: Array, truth: Array) -> float:
    """Which part of the cells is right; 0 where the shapes differ."""
    if array.shape != truth.shape:
        return 0.0
    if same(array, truth):
        return 1.0
    near = np.isclose(np.asarray(array, np.float64), truth, rtol=1e-4, atol=1e-6)
    return float(near.mean()) * 0.99


def best_likeness(asked: Asked, versions: Iterable[Rung]) -> float:
    """How right the results of a problem are, under the convention that suits them best."""
    found = [
        sum(likeness(asked.results[name], rung.results[name]) for name in asked.results)
        / max(len(asked.results), 1)
        for rung in versions
    ]
    return max(found, default=0.0)
