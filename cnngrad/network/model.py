"""Network: layers in a row, an input, a target and a loss; and the walk forward."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from ..core.errors import CnngradError, ShapeError, UsageError, nearest
from ..core.layer import Layer
from ..core.limits import Cost, refuse_costly
from ..core.numbers import Array, Number, exactly, rounded
from ..core.problem import EXACT_WORK, Problem, cells_of
from ..core.settings import DIMS
from ..core.shapes import by
from ..core.text import joined, message, say, series
from ..core.trace import Index
from ..layers import layer as layer_kind
from ..layers.loss.layer import Loss, loss
from .conventions import ARTICLES, Conventions
from .initialise import drawn

INPUT = message("the input")


@dataclass(frozen=True, eq=False)
class LayerSpec:
    """One layer as a network file describes it."""

    name: str
    op: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The settings that were given, as they were given."""
    parameters: Mapping[str, Array] = field(default_factory=dict)
    """W and b, where they are given."""
    sizes: Mapping[str, Any] = field(default_factory=dict)
    """How large drawn parameters are, such as `units`; empty where nothing is drawn."""
    bias: bool = True
    """Whether a bias is drawn together with the weights."""

    @property
    def kind(self) -> Layer:
        """What is known of this kind of layer."""
        return layer_kind(self.op)

    @property
    def keeps_fractions(self) -> bool:
        """Whether integers and fractions pass through this layer as such."""
        return self.kind.problem.keeps_fractions({**self.kind.fixed, **self.settings})

    def settings_for(
        self, problem: type[Problem], shared: Mapping[str, Any] | None = None, **more: object
    ) -> dict[str, Any]:
        """Those of this layer's settings, of what all layers share and of `more`, that it has."""
        known = {setting.name for setting in problem.options}
        stated = {**(shared or {}), **self.kind.fixed, **self.settings, **more}
        return {name: value for name, value in stated.items() if name in known}


class Stage(NamedTuple):
    """One layer on the way forward."""

    spec: LayerSpec
    """With its parameters, drawn ones too."""
    forward: Problem

    @property
    def output(self) -> Array:
        return self.forward.results[self.forward.output_name]

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns."""
        return sum(array.size for array in self.spec.parameters.values())


@dataclass(frozen=True, eq=False)
class Network:
    """Layers in a row, with all that one step of gradient descent needs.

    Examples
    --------
    >>> import numpy as np
    >>> weights = {"W": np.array([[2, 1]])}
    >>> network = Network(
    ...     (LayerSpec("dense1", "dense", parameters=weights),),
    ...     np.array([3, 4]),
    ...     np.array([8]),
    ...     "squared-error",
    ... )
    >>> network.output, network.loss.value
    (array([10]), 2)
    """

    layers: tuple[LayerSpec, ...]
    input: Array
    target: Array
    loss_name: str
    conventions: Conventions = ARTICLES
    learning_rate: Number | None = None
    init: str | None = None
    seed: int = 0
    title: str = ""

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The walk forward, layer by layer.

        Raises
        ------
        CnngradError
            A layer does not fit the one before it.
        """
        return tuple(self._walk())

    def _walk(self) -> Iterator[Stage]:
        value, holds, before = self.input, self._input_holds, say(INPUT)
        spent = Cost()
        for k, spec in enumerate(self.layers):
            kind = spec.kind
            if kind.takes and kind.takes != holds:
                raise _misplaced(spec, before, value, holds)
            try:
                stage = self._stage(k, spec, value)
                spent = spent.plus(stage.forward.cost)
                refuse_costly(spent)
                value = stage.output
            except ShapeError as error:
                raise _unfit(error, spec, before, value) from None
            except CnngradError as error:
                raise error.at(say("layer {name}", name=spec.name)) from None
            yield stage
            holds, before = kind.gives or holds, say("layer {name}", name=spec.name)

    def _stage(self, k: int, spec: LayerSpec, value: Array) -> Stage:
        forward = spec.kind.problem.forward
        assert forward is not None
        settings = spec.settings_for(forward, self.shared)
        if spec.sizes and "W" not in spec.parameters:
            spec = replace(spec, parameters=self._drawn(k, spec, value, settings))
        elif len(spec.sizes) == len(spec.kind.sizes):
            _refuse_other_sizes(spec, value, settings)
        return Stage(spec, forward({"A_prev": value, **spec.parameters}, settings))

    def _drawn(
        self, k: int, spec: LayerSpec, value: Array, settings: Mapping[str, Any]
    ) -> dict[str, Array]:
        assert self.init is not None
        shapes = _shapes(spec, value, settings)
        if not spec.bias:
            del shapes["b"]
        refuse_costly(Cost(sum(map(cells_of, shapes.values()))))
        made = drawn(self.init, self.seed, k, shapes)
        if value.dtype.kind == "f":
            made = {name: array.astype(value.dtype) for name, array in made.items()}
        return {**made, **spec.parameters}

    @cached_property
    def _input_holds(self) -> str:
        """Whether the input is `images` or `rows`; a matrix is what the first layer takes."""
        if self.input.ndim > 2 or (self.input.ndim == 1 and self.dims != 1):
            return "images" if self.input.ndim > 2 else "rows"
        return next((spec.kind.takes for spec in self.layers if spec.kind.takes), "rows")

    @property
    def notation_choice(self) -> Self:
        """The same network with drawn parameters written down."""
        return replace(self, layers=tuple(stage.spec for stage in self.stages))

    @property
    def batch(self) -> str:
        """Where the mean over the samples lies: `mean`, `sum` or `loss-mean`."""
        return self.conventions.batch

    @cached_property
    def dims(self) -> int:
        """How many spatial axes its images have: as a layer says that says it."""
        stated = (spec.settings["dims"] for spec in self.layers if "dims" in spec.settings)
        return int(DIMS.read(next(stated, 2)))

    @property
    def shared(self) -> dict[str, Any]:
        """What all layers share that do not say it themselves."""
        return {**self.conventions.shared, "dims": self.dims}

    @property
    def samples(self) -> int:
        """N."""
        batch_rank = 2 + self.dims if self._input_holds == "images" else 2
        return self.input.shape[0] if self.input.ndim == batch_rank else 1

    @property
    def output(self) -> Array:
        """What the last layer gives."""
        return self.stages[-1].output

    @cached_property
    def loss(self) -> Loss:
        """The loss of the output; it takes a last sigmoid or softmax together with itself.

        Raises
        ------
        CnngradError
            The target does not fit.
        """
        last = self.stages[-1]
        forms = loss(self.loss_name)
        joined = [form for form in forms if form.joined == last.spec.op]
        output = last.forward.given["A_prev"] if joined else last.output
        given = {"A_prev": output, "Y": self.target}
        settings = {
            "batch": self.batch,
            "reduction": self.conventions.reduction,
            "samples": self.samples,
            "layout": self.conventions.layout,
        }
        try:
            return (*joined, *forms)[0](given, settings)
        except CnngradError as error:
            raise error.at(f"the target, at layer {last.spec.name}") from None

    @property
    def joined(self) -> bool:
        """Whether the loss is taken together with the last layer."""
        return self.loss.joined == self.layers[-1].op

    @property
    def rational(self) -> bool:
        """Whether integers and fractions stay integers and fractions to the end."""
        forms = [form.keeps_fractions({}) for form in loss(self.loss_name)]
        return all([spec.keeps_fractions for spec in self.layers] + forms)

    @property
    def exact(self) -> bool:
        """Whether it is computed in integers and fractions."""
        arrays = (self.input, self.target, *(a for s in self.layers for a in s.parameters.values()))
        return self.rational and all(array.dtype.kind != "f" for array in arrays)

    @property
    def shapes(self) -> dict[str, Index]:
        """The shape of the input and of each layer's output."""
        return {"input": self.input.shape} | {s.spec.name: s.output.shape for s in self.stages}

    def computed(self, exact: bool | None = None) -> Self:
        """The same network with numbers made exact (True), float64 (False), or as fits it."""
        if exact is None:
            exact = self.computes_exactly
        return self.changed(exactly if exact else rounded)

    @property
    def computes_exactly(self) -> bool:
        """Whether it is so small, and of such layers, that it is computed in fractions."""
        if not self.rational:
            return False
        stages = self.changed(rounded).stages
        return sum(3 * stage.forward.work for stage in stages) <= EXACT_WORK

    def changed(self, change: Any) -> Self:
        """The same network with every array changed."""
        layers = tuple(
            replace(s, parameters={name: change(a) for name, a in s.parameters.items()})
            for s in self.layers
        )
        return replace(self, layers=layers, input=change(self.input), target=change(self.target))

    def layer(self, name: str) -> int:
        """The place of the layer of this name.

        Raises
        ------
        UsageError
            There is none.
        """
        names = [spec.name for spec in self.layers]
        if name not in names:
            raise UsageError(
                say("The network has no such layer."),
                found=name,
                expected=series(names),
                fix=nearest(name, names),
            )
        return names.index(name)


def _shapes(spec: LayerSpec, value: Array, settings: Mapping[str, Any]) -> dict[str, Index]:
    """The shapes of the parameters that a layer's sizes ask for."""
    if spec.kind.drawn is None:
        return {}
    stated = spec.kind.problem.read_settings(settings)
    return spec.kind.drawn(spec.sizes, value.shape, stated)


def _refuse_other_sizes(spec: LayerSpec, value: Array, settings: Mapping[str, Any]) -> None:
    """Sizes may stand beside given parameters, but must say the same."""
    given = spec.parameters.get("W")
    asked = _shapes(spec, value, settings).get("W", ())
    if given is not None and (1,) * (len(asked) - given.ndim) + given.shape != asked:
        raise ShapeError(
            say("W is not as large as {sizes} say.", sizes=joined(spec.sizes)),
            found=f"W {by(given.shape)}",
            expected=f"W {by(asked)}",
            fix=say("leave {sizes} out where W is given", sizes=joined(spec.sizes)),
        )


def _misplaced(spec: LayerSpec, before: str, value: Array, holds: str) -> CnngradError:
    if holds == "images":
        return ShapeError(
            say(
                "Layer {name} takes rows of numbers, but {before} gives images.",
                name=spec.name,
                before=before,
            ),
            found=say("{before} gives {shape}", before=before, shape=by(value.shape)),
            expected=say("a row of numbers for each sample"),
            fix=say('put {{"op": "flatten"}} between them'),
        )
    return ShapeError(
        say(
            "Layer {name} takes images, but {before} gives rows of numbers.",
            name=spec.name,
            before=before,
        ),
        found=say("{before} gives {shape}", before=before, shape=by(value.shape)),
        expected=say("images: (N, C, H, W), (C, H, W) or (H, W)"),
        fix=say("leave {name} out, or put it before the layer that makes rows", name=spec.name),
    )


def _unfit(error: ShapeError, spec: LayerSpec, before: str, value: Array) -> CnngradError:
    if before == say(INPUT):
        return ShapeError(
            say("Layer {name} does not fit the input: {fact}", name=spec.name, fact=error.fact),
            where=error.where,
            found=say(
                "the input is {shape}; {name}: {found}",
                shape=by(value.shape),
                name=spec.name,
                found=error.found,
            ),
            expected=error.expected,
            fix=say("a batch of images has four axes: (N, C, H, W)")
            if value.ndim == 3
            else error.fix,
        )
    return ShapeError(
        say(
            "Layer {name} does not fit {before} before it: {fact}",
            name=spec.name,
            before=before,
            fact=error.fact,
        ),
        where=error.where,
        found=say(
            "{before} gives {shape}; {name}: {found}",
            before=before,
            shape=by(value.shape),
            name=spec.name,
            found=error.found,
        ),
        expected=error.expected,
        fix=error.fix,
    )
