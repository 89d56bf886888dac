"""Problem: what is asked, frozen and validated, with every shape worked out."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from .convention_limits import refuse_beyond, told
from .conventions import ARTICLE, default
from .denominators import MAX_DIGITS, common_digits
from .display import html
from .errors import CnngradError, SettingError, ShapeError, nearest
from .layouts import Axes, Rank, back, dense_order, image_order, kernel_order
from .limits import Cost, refuse_costly
from .names import matrix_of
from .numbers import Array, all_finite, as_array, exactly, rounded
from .numerals import Numerals, numerals
from .settings import DIMS, OneOf, Setting
from .shapes import by
from .spec import Operand, OpSpec
from .terms import Factors
from .text import message, say, series
from .trace import Index, Trace
from .unicode_safety import one_line

EXACT_WORK = 30_000_000
"""Multiply-adds up to which a problem is computed exactly unless told otherwise."""


_trying = ContextVar("trying", default=False)
"""Whether what an error proposes is being tried."""


class Gradients(NamedTuple):
    """The gradients of a layer with parameters."""

    dA_prev: Array
    """The error that goes to the layer before, in the shape of A_prev."""
    dW: Array
    db: Array

    def _repr_html_(self) -> str | None:
        return html("gradients", self)


@dataclass(frozen=True, eq=False)
class Problem(ABC):
    """One operation on given matrices.

    Parameters
    ----------
    given
        The matrices by the article's names (`A_prev`, `W`, `dZ`), in the rank they have.
    settings
        Settings by name; those left out take their default.
    title
        What the problem is about, for headings.

    Raises
    ------
    SettingError
        A setting is unknown or makes no sense.
    ShapeError
        A matrix is missing, or the shapes do not fit each other.
    """

    op: ClassVar[str]
    called: ClassVar[str]
    """What people call the kind of layer, for messages."""
    operands: ClassVar[tuple[Operand, ...]]
    options: ClassVar[tuple[Setting, ...]]
    forward: ClassVar["type[Problem] | None"] = None
    """For a backward problem: the forward problem whose gradients it gives."""
    backward: ClassVar["type[Problem] | None"] = None
    """For a forward problem: the backward problem that gives its gradients."""
    kinds: ClassVar[tuple[str, ...]] = ()
    """What a profile calls this kind of layer, the narrowest name first."""
    images: ClassVar[tuple[str, ...]] = ()
    """The matrices that are images, whose axes the setting `layout` orders."""

    parameters: ClassVar[tuple[str, ...]] = ("W", "b")
    """The matrices that a layer learns, where it has them."""

    given: Mapping[str, Array]
    settings: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    notation_choice: Numerals | None = None
    """How numbers are written, where that is settled for more than this problem."""

    def __init_subclass__(cls) -> None:
        forward = vars(cls).get("forward")
        if forward is not None:
            forward.backward = cls

    def __post_init__(self) -> None:
        dims = self.dims_of(self.settings)
        given = {
            operand.name: _checked(_in_dims(operand, dims), self.given.get(operand.name), self.op)
            for operand in self.operands
            if not (operand.optional and self.given.get(operand.name) is None)
        }
        object.__setattr__(self, "given", given)
        object.__setattr__(self, "settings", self.read_settings(self.settings))
        object.__setattr__(self, "title", one_line(self.title))
        self.fit()

    @classmethod
    def read_settings(cls, settings: Mapping[str, object]) -> dict[str, Any]:
        """All settings in their one form, defaults filled in."""
        known = {setting.name: setting for setting in cls.options}
        for name in settings:
            if name not in known:
                raise SettingError(
                    say(
                        "{kind} has no setting {name}.",
                        kind=say(cls.called).capitalize(),
                        name=name,
                    ),
                    expected=series(known),
                    fix=nearest(name, known),
                )
        like = known["like"].read(settings.get("like") or ARTICLE) if "like" in known else ARTICLE
        kinds, dims = cls.kinds_of(settings), cls.dims_of(settings)
        read: dict[str, Any] = {}
        for setting in cls.options:
            value = settings.get(setting.name)
            if value is None:
                value = default(like, kinds, setting.name, setting.default)
            read[setting.name] = setting.read(value, dims)
        refuse_beyond(like, kinds, read)
        return read

    @classmethod
    def dims_of(cls, settings: Mapping[str, object]) -> int:
        """How many spatial axes its images have under these settings."""
        value = settings.get("dims")
        known = any(setting is DIMS for setting in cls.options)
        return DIMS.read(value) if known and value is not None else 2

    @property
    def dims(self) -> int:
        """How many spatial axes its images have."""
        return self.dims_of(self.settings)

    @classmethod
    def kinds_of(cls, settings: Mapping[str, object]) -> tuple[str, ...]:  # noqa: ARG003
        """What a profile calls a layer with these settings, the narrowest name first."""
        return cls.kinds

    @classmethod
    def from_layout(
        cls, given: Mapping[str, Any], settings: Mapping[str, object], title: str = ""
    ) -> Self:
        """The problem of matrices whose axes stand as the settings of layout say.

        Examples
        --------
        >>> from cnngrad.layers.convolution.layer import ConvForward
        >>> given = {"A_prev": [[[1, 10], [2, 20]]], "W": [[[[3], [4]]]]}
        >>> problem = ConvForward.from_layout(given, {"layout": "nhwc", "kernel_layout": "hwio"})
        >>> problem.given["A_prev"].shape, problem.in_layout("Z", problem.results["Z"]).tolist()
        ((2, 1, 2), [[[43], [86]]])
        """
        known = cls.read_settings(settings)
        plain = {}
        for name, data in given.items():
            if data is not None:
                array = as_array(data)
                order = cls.order_of(name, array.ndim, known)
                plain[name] = array.transpose(back(order)) if order else array
        return cls(plain, settings, title)

    @classmethod
    def order_of(cls, name: str, rank: int, settings: Mapping[str, Any]) -> Axes:
        """Where each axis of a matrix as a person writes it comes from; empty where in place."""
        full = 2 + cls.dims_of(settings)
        if name in ("W", "dW"):
            if "dense_layout" in settings:
                return dense_order(settings["dense_layout"], rank)
            return kernel_order(settings.get("kernel_layout", "oihw"), rank, full)
        if name in cls.images:
            return image_order(settings.get("layout", "nchw"), rank, full)
        return ()

    def ranked(self, ranks: Mapping[str, int]) -> dict[str, int]:
        """Ranks that know in which order the axes are shown."""
        orders = {name: self.order_of(name, rank, self.settings) for name, rank in ranks.items()}
        return {n: Rank(rank, orders[n]) if orders[n] else rank for n, rank in ranks.items()}

    def in_layout(self, name: str, array: Array) -> Array:
        """A result, or a matrix that was given, with its axes as a person reads them."""
        order = self.order_of(name, array.ndim, self.settings)
        return array.transpose(order) if order else array

    @property
    def results_in_layout(self) -> dict[str, Array]:
        """Every result with its axes as a person reads them."""
        return {name: self.in_layout(name, array) for name, array in self.results.items()}

    @property
    def given_in_layout(self) -> dict[str, Array]:
        """Every matrix that was given, with its axes as a person wrote them."""
        return {name: self.in_layout(name, array) for name, array in self.given.items()}

    def out_of_layout(self, name: str, array: Array) -> Array:
        """A matrix as a person wrote it, with its axes in the program's order."""
        order = self.order_of(name, array.ndim, self.settings)
        return array.transpose(back(order)) if order else array

    def form(self, name: str, shape: Index | None = None) -> str:
        """The shape of a matrix as a person writes it; of one that is given, unless told."""
        shape = self.given[name].shape if shape is None else shape
        order = self.order_of(name, len(shape), self.settings)
        return by(tuple(shape[i] for i in order) if order else shape)

    @property
    def shapes_in_layout(self) -> dict[str, Index]:
        """The shape of every matrix, given and computed, as a person reads it."""
        found = {}
        for name, shape in self.shapes.items():
            order = self.order_of(name, len(shape), self.settings)
            found[name] = tuple(shape[i] for i in order) if order else shape
        return found

    @property
    def told(self) -> list[str]:
        """What the framework of its profile does otherwise here, by a fault."""
        return told(self.settings.get("like", ARTICLE), self.kinds_of(self.settings), self.settings)

    def would_fit(
        self, given: Mapping[str, Array] | None = None, settings: Mapping[str, Any] | None = None
    ) -> bool:
        """Whether the problem could be posed with these matrices and settings in their place.

        What an error proposes is tried by it first; nothing is proposed while that is tried.
        """
        if _trying.get():
            return False
        before = _trying.set(True)
        try:
            type(self)({**self.given, **(given or {})}, {**self.settings, **(settings or {})})
        except CnngradError:
            return False
        finally:
            _trying.reset(before)
        return True

    @abstractmethod
    def fit(self) -> None:
        """Raise a `ShapeError` unless the matrices fit each other and the settings."""

    @property
    @abstractmethod
    def ranks(self) -> Mapping[str, int]:
        """The rank in which each matrix, given or computed, is shown."""

    @property
    @abstractmethod
    def work(self) -> int:
        """How many multiply-adds the results cost."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The names of the results, in the order in which they are shown."""

    @abstractmethod
    def compute(self) -> dict[str, Array]:
        """The results by the vectorised engine, in full rank."""

    @abstractmethod
    def trace(self, name: str) -> Trace:
        """The steps that lead to one result."""

    def objective(self, name: str) -> tuple[Callable[[Array], Array], Array]:
        """What a gradient is the derivative of: Σ dZ·Z, as its matrix takes other values.

        Returns
        -------
        tuple
            A function that gives the terms dZ·Z for a value of the matrix, and the value at
            which the gradient is taken.
        """
        forward = self.forward
        assert forward is not None
        kept = {operand.name for operand in forward.operands}
        known = {setting.name for setting in forward.options}
        settings = {key: value for key, value in self.settings.items() if key in known}
        given = {key: array for key, array in self.given.items() if key in kept}

        def terms(values: Array) -> Array:
            moved = forward({**given, matrix_of(name): values}, settings)
            output = moved.results[moved.output_name]
            return output * self.given["dZ"].reshape(output.shape)

        return terms, given.get(matrix_of(name), np.zeros(self.results[name].shape))

    @cached_property
    def arrays(self) -> dict[str, Array]:
        """The given matrices in full rank."""
        return {
            operand.name: to_full_rank(self.given[operand.name], _in_dims(operand, self.dims))
            for operand in self.operands
            if operand.name in self.given
        }

    @cached_property
    def as_factors(self) -> dict[str, Factors]:
        """The cells of the given matrices as factors of terms, in full rank."""
        return {name: Factors(name, array) for name, array in self.arrays.items()}

    @cached_property
    def cells(self) -> dict[str, list[Any]]:
        """The given matrices in full rank as nested lists, for plain loops."""
        return {name: array.tolist() for name, array in self.arrays.items()}

    @property
    def derived(self) -> Mapping[str, Array]:
        """What the terms are made of besides what is given and computed: `relu'(Z_prev)`.

        By the name that a factor bears, in full rank.
        """
        return {}

    def source_matrix(self, trace: Trace) -> tuple[str, list[Any]]:
        """The matrix whose cells a trace works through, one a step: its name and its cells.

        Mostly that is dZ; where each step makes one cell of the result, it is the result.
        """
        source = trace.plan.source
        name = source if source in self.given or source in self.names else trace.name
        if name in self.given:
            return name, self.cells[name]
        return name, self.results[name].reshape(trace.plan.sources).tolist()

    @property
    def output_name(self) -> str:
        """Of a forward problem: the result that goes to the next layer."""
        return self.names[0]

    @property
    def by_all_ways(self) -> "Problem":
        """The same problem, with every gradient straight from dZ by all ways at once."""
        return self

    @property
    def notes(self) -> list[str]:
        """What there is to say of these numbers besides how exact they are."""
        return []

    @property
    def corner(self) -> str:
        """What its function is called where it may have no derivative: `relu`, `max`."""
        return ""

    @property
    def nondifferentiable_cells(self) -> int:
        """In how many places that an error reaches the function has no derivative of its own."""
        return 0

    @classmethod
    def keeps_fractions(cls, settings: Mapping[str, Any]) -> bool:  # noqa: ARG003
        """Whether integers and fractions give integers and fractions, under these settings."""
        return True

    @property
    def rational(self) -> bool:
        """Whether integers and fractions give integers and fractions."""
        return self.keeps_fractions(self.settings)

    @property
    def exact(self) -> bool:
        """Whether it is computed in integers and fractions."""
        return self.rational and all(array.dtype.kind != "f" for array in self.given.values())

    @property
    def resizes(self) -> bool:
        """Whether its output may have more cells than all that is given."""
        return hasattr(self, "geometry") or hasattr(self, "output")

    @property
    def cost(self) -> Cost:
        """What it takes to be computed and shown, known from its shapes alone."""
        cells = sum(array.size for array in self.given.values())
        for name in self.names:
            like = self.given.get(matrix_of(name))
            if like is not None:
                cells += like.size
            elif self.resizes:
                cells += cells_of(self.trace(name).shape)
            else:
                cells += max(array.size for array in self.given.values())
        return Cost(cells, self.work)

    @property
    def computes_exactly(self) -> bool:
        """Whether it is so small, and its denominators so short, that fractions stay fractions."""
        small = self.work <= EXACT_WORK and sum(a.size for a in self.given.values()) <= 2e6
        return small and common_digits(self.given.values()) <= MAX_DIGITS

    def computed(self, exact: bool | None = None) -> Self:
        """The same problem with numbers made exact (True), float64 (False), or as its size asks."""
        refuse_costly(self.cost)
        if exact is None:
            exact = self.computes_exactly
        elif exact and not self.computes_exactly:
            refuse_costly(self.cost._replace(digits=common_digits(self.given.values())))
        if exact == self.exact:
            return self
        change = exactly if exact else rounded
        return replace(self, given={name: change(array) for name, array in self.given.items()})

    @cached_property
    def results(self) -> dict[str, Array]:
        """Each result by name, in the rank of what was given.

        Raises
        ------
        NumberError
            A result is too large for its kind of floats.
        """
        floats = [array.dtype for array in self.given.values() if array.dtype.kind == "f"]
        half = bool(floats) and np.result_type(*floats) == np.float16
        with np.errstate(over="ignore", invalid="ignore"):
            results = self.compute()
            if half:  # computed in float32
                results = {name: array.astype(np.float16) for name, array in results.items()}
        return {name: all_finite(name, self.shown(name, array)) for name, array in results.items()}

    @cached_property
    def numerals(self) -> Numerals:
        """How its numbers are written, all of them alike."""
        return self.notation_choice or numerals(self.stated, self.results.values())

    @property
    def stated(self) -> list[Array]:
        """The numbers that a person wrote: matrices, and the learning rate."""
        rate = self.settings.get("learning_rate")
        return [*self.given.values(), *([] if rate is None else [as_array([rate])])]

    def written_as(self, notation_choice: Numerals) -> Self:
        """The same problem, results and all, with its numbers written as is settled."""
        same = copy(self)
        vars(same).update(notation_choice=notation_choice, numerals=notation_choice)
        return same

    def _repr_html_(self) -> str | None:
        return html("problem", self)

    def shown(self, name: str, array: Array) -> Array:
        """An array of full rank in the rank in which it is shown."""
        return array.reshape(array.shape[array.ndim - self.ranks[name] :])

    @property
    def shapes(self) -> dict[str, Index]:
        """The shape of every matrix, given and computed, as it is shown."""
        shapes = {name: array.shape for name, array in self.given.items()}
        for name in self.names:
            full = self.trace(name).shape
            shapes[name] = full[len(full) - self.ranks[name] :]
        return shapes


class Operation(NamedTuple):
    """An operation as the registry knows it: what it takes, and a kind of problem for each mode."""

    spec: OpSpec
    problems: tuple[type[Problem], ...]
    """In the order of the spec's modes."""

    def problem(
        self, given: Mapping[str, object], settings: Mapping[str, object], title: str = ""
    ) -> Problem:
        """Make a problem of what was given; raises as `Problem` does."""
        arrays: dict[str, Any] = {name: array for name, array in given.items() if array is not None}
        return self.kind(settings)(arrays, settings, title)

    def read(
        self, given: Mapping[str, object], settings: Mapping[str, object], title: str = ""
    ) -> Problem:
        """The same of matrices as a person wrote them, in the layouts that the settings say."""
        return self.kind(settings).from_layout(given, settings, title)

    def kind(self, settings: Mapping[str, object]) -> type[Problem]:
        """The kind of problem that the setting `mode` asks for."""
        modes = dict(zip(self.spec.modes, self.problems, strict=True))
        mode = next(iter(modes))
        if mode and settings.get("mode") is not None:
            mode = OneOf(*modes).read("mode", settings["mode"])
        return modes[mode]


def _in_dims(operand: Operand, dims: int) -> Operand:
    """A matrix of images or kernels with another number of spatial axes than two."""
    if dims == 2 or operand.vector or operand.rank != IMAGE_RANK:
        return operand
    forms = operand.forms or say(_FORMS[dims].get(operand.name, _FORMS[dims][""]))
    return operand._replace(rank=2 + dims, least=min(dims, 2), forms=forms)


def to_full_rank(array: Array, operand: Operand) -> Array:
    """An array in full rank: leading axes of size 1 are put before those given."""
    if operand.vector:
        return array.reshape(-1)
    return array.reshape((1,) * (operand.rank - array.ndim) + array.shape)


def _checked(operand: Operand, data: object, op: str) -> Array:
    if data is None:
        raise ShapeError(
            say("{op} needs {name}.", op=op, name=operand.name),
            expected=say("--{key}, or the key {key} in a problem file", key=operand.key),
        )
    array = as_array(data)
    if array.size == 0:
        raise ShapeError(
            say("{name} is empty.", name=operand.name), expected=say("at least one number")
        )
    if operand.vector:
        if array.size not in (1, *array.shape):
            raise ShapeError(
                say("{name} is not a list of numbers.", name=operand.name),
                found=by(array.shape),
                expected=say("one number for each channel of the output"),
            )
        return array.reshape(-1)
    if not operand.least <= array.ndim <= operand.rank:
        raise ShapeError(
            say("{name} has {ndim} axes.", name=operand.name, ndim=array.ndim),
            found=say("a {ndim}-D array, {shape}", ndim=array.ndim, shape=by(array.shape)),
            expected=operand.forms or say(_FORMS[2].get(operand.name, _FORMS[2][""])),
        )
    return array


IMAGE_RANK = 4
"""The rank of a batch of images, and of kernels, of two spatial axes."""

_FORMS = {
    1: {
        "": message("a row (L), channels of it (C, L) or a batch (N, C, L)"),
        "W": message("a kernel (k), one filter (C, k) or all (C_out, C_in/groups, k)"),
    },
    2: {
        "": message("a matrix (rows, columns), channels of it (C, H, W) or a batch (N, C, H, W)"),
        "W": message(
            "a kernel (kH, kW), one filter (C, kH, kW) or all (C_out, C_in/groups, kH, kW)"
        ),
    },
    3: {
        "": message("a block (D, H, W), channels of it (C, D, H, W) or a batch (N, C, D, H, W)"),
        "W": message(
            "a kernel (kD, kH, kW), one filter (C, kD, kH, kW) or all"
            " (C_out, C_in/groups, kD, kH, kW)"
        ),
    },
}
"""The shapes that an image or a kernel may have, by the number of spatial axes."""


def masked(array: Array, k: int) -> Array:
    """A copy in which all but the first k cells, in row-major order, are 0."""
    copy = array.copy()
    copy.reshape(-1)[k:] = 0
    return copy


def cells_of(shape: Index) -> int:
    """How many cells an array of this shape has."""
    return math.prod(shape)


def rank_for(shape: Index, least: int) -> int:
    """In how many axes an array is shown: in no fewer than `least`, and none but 1 left out.

    >>> rank_for((1, 1, 2, 2), 2), rank_for((1, 3, 2, 2), 2), rank_for((1, 1, 2, 2), 4)
    (2, 3, 4)
    """
    ones = next((k for k, size in enumerate(shape) if size > 1), len(shape))
    return max(least, len(shape) - ones)
