"""Comparing an answer to a whole network: each layer's results, and the loss with its gradient."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from ..core.errors import UsageError, nearest
from ..core.numbers import Array, as_array
from ..core.problem import Problem
from ..core.text import say, series
from ..diagnosis.answer_matrix import AnswerMatrix
from ..diagnosis.compare import Precision, reading
from ..diagnosis.rules_descent import UPDATED
from ..network import Backward, Network, backward
from .answers import answer_matrix_of
from .conventions import Convention, Outcome
from .marked_result import MarkedResult
from .marker import NOTHING_TO_MARK, Marker
from .network_conventions import (
    NAMES,
    accepted_in_networks,
    network_conventions,
    network_profiles,
    truths_of,
    under,
)
from .verdict import Verdict

LOSS = "loss"
"""The loss, and before a dot the name under which its own gradient stands."""
OP = "network-backward"
Sheets = dict[str, AnswerMatrix]


class _Own(NamedTuple):
    """The error of a person's own that goes on to the layer before."""

    error: Array
    source: str


class NetworkMarker:
    """Marks answers to a whole network; results are named by their layer: `conv1.dW`.

    Examples
    --------
    >>> from cnngrad.network import network_of
    >>> network = network_of(
    ...     {
    ...         "layers": [{"op": "dense", "weights": [[2, 1]]}, {"op": "relu"}],
    ...         "input": [3, 4],
    ...         "target": [8],
    ...         "loss": "squared-error",
    ...     }
    ... )
    >>> marker = NetworkMarker(network)
    >>> marker.check({"loss": [2], "dense1.dW": [[6, 8]]}).correct
    True
    """

    def __init__(
        self,
        network: Network,
        *,
        decimals: int | None = None,
        tolerance: Fraction | float | None = None,
        exact: bool | None = None,
        accept: Sequence[str] = (),
        follow: bool = True,
    ) -> None:
        self.network = network.computed(exact)
        self.precision = Precision.asked(decimals, tolerance)
        self.accept = accept
        self.follow = follow
        self.walk = backward(self.network)
        self.problems = {
            layer.spec.name: _stepping(layer.backward, self.network) for layer in self.walk.layers
        }
        self._markers: dict[str, Marker] = {}
        self._outcomes: list[tuple[Convention, Backward]] | None = None
        self.truths = self._all_truths(self.walk)
        accepted = accepted_in_networks(self.network, accept)
        self._accepted = [walk for one in accepted if (walk := under(self.network, one.settings))]

    @property
    def names(self) -> tuple[str, ...]:
        """What can be handed in."""
        return tuple(self.truths)

    def check(self, answer: Mapping[str, object]) -> Verdict:
        """Mark one answer, as `Marker.check` does.

        Raises
        ------
        UsageError
            A name is none of the network's results, or there is nothing to mark.
        """
        if not answer:
            raise UsageError(say(NOTHING_TO_MARK), expected=series(self.truths))
        sheets = {}
        for name, data in answer.items():
            if name not in self.truths:
                raise UsageError(
                    say("The network has no result {name}.", name=name),
                    expected=series(self.truths),
                    fix=nearest(name, self.truths),
                )
            sheets[name] = data if isinstance(data, AnswerMatrix) else answer_matrix_of(data)
        verdict = self._marked(sheets)
        if verdict.correct:
            return verdict
        others = []
        for walk in self._accepted:
            other = NetworkMarker(walk.network, follow=self.follow)
            other.precision = self.precision
            others.append(other._marked(sheets))
        return max([verdict, *others], key=lambda one: (one.correct, one.score))

    def layer_marker(self, layer: str) -> Marker:
        """A marker of one layer that knows the conventions of the network around it."""
        index = self.network.layer(layer)
        own = [name for name in self.accept if name not in NAMES]
        marker = Marker(self.problems[layer], accept=own, follow=self.follow)
        marker.precision = marker.conventions.precision = self.precision
        marker.also(
            [_stepping(walk.layers[index].backward, self.network) for walk in self._accepted]
        )
        marker.conventions.more = [
            Outcome(one, walk.layers[index].backward, _truths(walk, index))
            for one, walk in self._known_outcomes()
        ]
        return marker

    # ---- what is right --------------------------------------------------------------------------

    def _all_truths(self, walk: Backward) -> dict[str, Array]:
        found: dict[str, Array] = {LOSS: as_array([walk.loss])}
        found[f"{LOSS}.dA_prev"] = walk.network.loss.results["dA_prev"]
        for index, layer in enumerate(walk.layers):
            for name, array in _truths(walk, index).items():
                found[f"{layer.spec.name}.{name}"] = array
        return found

    def _marker(self, layer: str) -> Marker:
        if layer not in self._markers:
            marker = Marker(self.problems[layer], follow=self.follow)
            marker.precision = marker.conventions.precision = self.precision
            marker.conventions.enabled = False
            self._markers[layer] = marker
        return self._markers[layer]

    # ---- an answer ------------------------------------------------------------------------------

    def _marked(self, sheets: Sheets) -> Verdict:
        convention = self._convention(sheets)
        results: dict[str, MarkedResult] = {}
        loss_error = f"{LOSS}.dA_prev"
        for name in (LOSS, loss_error):
            if name in sheets:
                results[name] = self._plain(name, sheets[name])
        own: _Own | None = None
        if loss_error in sheets and not self.network.joined:
            own = self._handed_on(results[loss_error], sheets[loss_error], loss_error)
        for layer in reversed(self.walk.layers):
            name = layer.spec.name
            marked, own = self._layer(name, sheets, own, convention)
            results |= marked
        ordered = {name: results[name] for name in self.truths if name in results}
        missing = tuple(
            name
            for name in self.truths
            if name not in (*results, loss_error) and name.rpartition(".")[2] not in UPDATED
        )
        return Verdict(OP, ordered, missing)

    def _layer(
        self,
        layer: str,
        sheets: Sheets,
        own: _Own | None,
        convention: tuple[Convention, Backward] | None,
    ) -> tuple[dict[str, MarkedResult], _Own | None]:
        """The results of one layer, and the error of a person's own that it hands on."""
        prefix = f"{layer}."
        answer = {
            name.removeprefix(prefix): s for name, s in sheets.items() if name.startswith(prefix)
        }
        problem = self.problems[layer]
        theirs = self._from_own(problem, own)
        handed_on = (
            None if theirs is None or own is None else _Own(theirs.results["dA_prev"], own.source)
        )
        if not answer:
            return {}, handed_on
        marker = self._marker(layer)
        outcome = None
        if convention is not None:
            one, walk = convention
            index = self.network.layer(layer)
            outcome = Outcome(one, walk.layers[index].backward, _truths(walk, index))
        marked = dict(
            marker.checked(answer, outcome, network_profiles(one) if convention else ()).gradients
        )
        if theirs is not None and own is not None and self.follow:
            marked = self._following(marked, answer, theirs, own.source)
        if "dA_prev" in answer:
            handed_on = self._handed_on(marked["dA_prev"], answer["dA_prev"], f"{layer}.dA_prev")
        return {prefix + n: replace(m, name=prefix + n) for n, m in marked.items()}, handed_on

    def _following(
        self, marked: dict[str, MarkedResult], answer: Sheets, theirs: Problem, source: str
    ) -> dict[str, MarkedResult]:
        """The same, held against what follows from a person's own error."""
        marker = Marker(theirs, follow=self.follow)
        marker.precision = self.precision
        marker.conventions.enabled = False
        own = marker.checked(answer).gradients
        found = {}
        for name, one in marked.items():
            other = own[name]
            if one.correct or one.follows:
                found[name] = one
            elif other.correct:
                found[name] = replace(other, truth=one.truth, follows=other.follows or source)
            elif other.mistakes:
                found[name] = replace(one, mistakes=other.mistakes, slips=())
            else:
                found[name] = one
        return found

    def _from_own(self, problem: Problem, own: _Own | None) -> Problem | None:
        if own is None or not self.follow or "dZ" not in problem.given:
            return None
        dZ = problem.given["dZ"]
        return replace(problem, given={**problem.given, "dZ": own.error.reshape(dZ.shape)})

    @staticmethod
    def _handed_on(marked: MarkedResult, sheet: AnswerMatrix, source: str) -> _Own | None:
        """The error that was handed in, where it is whole and another than the true one."""
        if not marked.shape_right or sheet.blank is not None:
            return None
        values = sheet.values.reshape(marked.truth.shape)
        if marked.correct and not marked.follows:
            return None
        if bool(((values == 0) & (marked.truth != 0)).any()):
            return None
        return _Own(values, source)

    def _plain(self, name: str, sheet: AnswerMatrix) -> MarkedResult:
        """The loss, or its gradient: right or wrong cells, and no rule."""
        truth = self.truths[name]
        if sheet.values.size != truth.size:
            none = truth != truth
            return MarkedResult(name, sheet, truth, none, False, False)
        read = reading(sheet, truth, self.precision).reshaped(truth.shape)
        return MarkedResult(name, sheet, truth, read.equals(truth))

    # ---- conventions ----------------------------------------------------------------------------

    def _known_outcomes(self) -> list[tuple[Convention, Backward]]:
        if self._outcomes is None:
            made = (
                (one, under(self.network, one.settings))
                for one in network_conventions(self.network)
            )
            self._outcomes = [(one, walk) for one, walk in made if walk is not None]
        return self._outcomes

    def _convention(self, sheets: Sheets) -> tuple[Convention, Backward] | None:
        if self._fits(sheets, self.truths):
            return None
        known = self._known_outcomes()
        return next((o for o in known if self._fits(sheets, self._all_truths(o[1]))), None)

    def _fits(self, sheets: Sheets, truths: Mapping[str, Array]) -> bool:
        for name, sheet in sheets.items():
            truth = truths[name]
            if sheet.values.size != truth.size or sheet.blank is not None:
                return False
            if not reading(sheet, truth, self.precision).reshaped(truth.shape).fits(truth):
                return False
        return True


def _stepping(problem: Problem, network: Network) -> Problem:
    """The same problem with the network's learning rate, where it has parameters."""
    if network.learning_rate is None or "learning_rate" not in problem.settings:
        return problem
    settings = {**problem.settings, "learning_rate": network.learning_rate}
    return replace(problem, settings=settings)


def _truths(walk: Backward, index: int) -> dict[str, Array]:
    layer = walk.layers[index]
    rate = walk.network.learning_rate
    return truths_of(layer.backward, {} if rate is None else layer.updated(rate))
