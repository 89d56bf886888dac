"""The walk back through a network, and one step of gradient descent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ..core.descent import stepped
from ..core.errors import CnngradError, NumberError
from ..core.numbers import Array, Number, as_array
from ..core.numerals import BY_MATRIX, Numerals, numerals
from ..core.problem import Problem
from ..core.text import say
from .model import LayerSpec, Network


class LayerResult(NamedTuple):
    """One layer on the way back."""

    spec: LayerSpec
    forward: Problem
    backward: Problem
    """Where the loss is taken together with the last layer, this is the loss."""

    @property
    def results(self) -> dict[str, Array]:
        """dA_prev, and dW and db where the layer has parameters."""
        return self.backward.results

    @property
    def results_in_layout(self) -> dict[str, Array]:
        """The same with their axes as a person reads them."""
        return self.in_layout(self.results)

    def in_layout(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Gradients or parameters of this layer with their axes as a person reads them."""
        return {name: self.backward.in_layout(name, array) for name, array in arrays.items()}

    def updated(self, learning_rate: Number) -> dict[str, Array]:
        """The parameters after the step: W, and b where there is one.

        Raises
        ------
        NumberError
            A number is too large after it; layer and cell are named.
        """
        try:
            return stepped(self.spec.parameters, self.results, learning_rate)
        except NumberError as error:
            raise error.at(say("layer {name}", name=self.spec.name)) from None


@dataclass(frozen=True, eq=False)
class Backward:
    """A network's gradients, and where a step along them leads."""

    network: Network
    layers: tuple[LayerResult, ...]
    """In the order of the network."""
    numerals: Numerals = BY_MATRIX
    """How all its numbers are written."""

    @property
    def results(self) -> dict[str, Array]:
        """The error that arrives at the input."""
        return {"dA_prev": self.layers[0].results["dA_prev"]}

    @property
    def results_in_layout(self) -> dict[str, Array]:
        """The same with its axes as a person reads them."""
        return self.layers[0].in_layout(self.results)

    @property
    def loss(self) -> Number:
        """The loss before the step."""
        return self.network.loss.value

    @cached_property
    def after(self) -> Network | None:
        """The network after one step; none without a learning rate."""
        rate = self.network.learning_rate
        if rate is None:
            return None
        specs = (replace(result.spec, parameters=result.updated(rate)) for result in self.layers)
        return replace(self.network, layers=tuple(specs))

    @property
    def loss_after(self) -> Number | None:
        """The loss after the step.

        Raises
        ------
        NumberError
            The step is so large that numbers overflow behind it; layer and cell are named.
        """
        after = self.after
        try:
            return None if after is None else after.loss.value
        except NumberError as error:
            error.fact = say("The step is too large: {overflow}", overflow=error.fact)
            error.fix = say("take a smaller learning rate")
            raise


def backward(network: Network) -> Backward:
    """Walk back: each layer receives the error of the one behind it.

    The error that travels is each sample's own, never divided; dW and db are divided by the
    number of samples under `batch="mean"`. Under `"loss-mean"` the mean lies in the loss: the
    error at it is divided already.

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
    >>> walk = backward(network)
    >>> walk.loss, walk.layers[0].results["dW"], walk.results["dA_prev"]
    (2, array([[6, 8]]), array([4, 2]))
    """
    error = network.loss.results["dA_prev"]
    walked: list[LayerResult] = []
    joined: Problem | None = network.loss if network.joined else None
    for spec, forward in reversed(network.stages):
        if joined is not None:
            problem, joined = joined, None
        else:
            kind = spec.kind.problem
            shared = network.shared
            batch = network.conventions.batch_of(kind, spec.settings_for(kind, shared))
            settings = spec.settings_for(kind, shared, batch=batch)
            try:
                problem = kind({**forward.given, "dZ": error}, settings)
                error = problem.results["dA_prev"]
            except CnngradError as problem_error:
                raise problem_error.at(say("layer {name}", name=spec.name)) from None
        walked.append(LayerResult(spec, forward, problem))
    notation_choice = _settled(network, walked)
    layers = (
        layer._replace(backward=layer.backward.written_as(notation_choice))
        for layer in reversed(walked)
    )
    return Backward(network, tuple(layers), notation_choice)


def _settled(network: Network, layers: Sequence[LayerResult]) -> Numerals:
    """One way to write the numbers of all layers: what one computes, the next is given."""
    given = [network.input, network.target]
    given += [array for layer in layers for array in layer.spec.parameters.values()]
    if network.learning_rate is not None:
        given.append(as_array([network.learning_rate]))
    results = [array for layer in layers for array in layer.results.values()]
    decimals = numerals(given, [*(stage.output for stage in network.stages), *results]).computed
    return Numerals(decimals, decimals)
