"""Batch normalisation: A = gamma·x_hat + beta, with the batch's own mean and variance.

Formulas: Ioffe and Szegedy, Batch Normalization (2015).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from ...core.batch import divisor
from ...core.errors import NumberError, ShapeError
from ...core.layer import Layer
from ...core.names import matrix_of
from ...core.numbers import Array
from ...core.problem import Operation, Problem, cells_of, masked
from ...core.terms import ONE, Factors
from ...core.text import Cells, message, say
from ...core.trace import Factor, Index, Plan, Term, Trace
from . import spec
from .statistics import Statistics, plain, root

CENTRED = "centred(A_prev)"
"""A_prev less the mean of its channel."""
SLOPE = "slope(A_prev)"
"""How each x_hat changes with the variance."""
X_HAT = "x_hat(A_prev)"
WORK = 500
"""What a cell costs in multiply-adds, when roots and fractions are taken."""


class BatchNorm(Problem):
    """What forward and backward share: the statistics and the ranks."""

    called = message("batch normalisation")
    kinds = ("batch-norm",)
    parameters = ("gamma", "beta")

    @classmethod
    def keeps_fractions(cls, settings: Mapping[str, Any]) -> bool:  # noqa: ARG003
        return False  # that depends on the numbers

    @cached_property
    def rational(self) -> bool:
        """Whether the root of every channel is a fraction."""
        if any(array.dtype.kind == "f" for array in self.given.values()):
            return False
        found = Statistics(self.arrays["A_prev"], self.settings["epsilon"], exact=True)
        shifted: list[Any] = (found.variance + found.epsilon).reshape(-1).tolist()
        return all(number > 0 and root(number) is not None for number in shifted)

    @cached_property
    def statistics(self) -> Statistics:
        """Mean, variance and root of each channel."""
        return Statistics(self.arrays["A_prev"], self.settings["epsilon"], self.rational)

    @property
    def channels(self) -> int:
        """C."""
        return int(self.arrays["A_prev"].shape[1])

    def parameter(self, name: str) -> Array:
        """gamma or beta, one number for each channel."""
        usual = np.full(self.channels, int(name == "gamma"), np.int64)
        return self.arrays.get(name, usual)

    def fit(self) -> None:
        for name in self.parameters:
            if name in self.given and self.given[name].size != self.channels:
                raise ShapeError(
                    say("{name} does not fit the channels.", name=name),
                    found=say("{count} numbers", count=self.given[name].size),
                    expected=say("{count}: one for each channel of A_prev", count=self.channels),
                )
        if self.settings["epsilon"] == 0 and self.constant:
            raise NumberError(
                say("The variance of a channel is 0, and so is epsilon: x_hat would be 0/0."),
                where=say("{channels:channel #|channels #}", channels=Cells(self.constant)),
                fix=say("give an epsilon such as 1e-5"),
            )
        shape = self.arrays["A_prev"].shape
        if "dZ" in self.arrays and self.arrays["dZ"].shape != shape:
            raise ShapeError(
                say("dZ does not fit the output of this batch normalisation."),
                found=say("dZ {shape}", shape=self.form("dZ")),
                expected=say("dZ {shape}, the shape of A_prev", shape=self.form("A_prev")),
            )

    @cached_property
    def constant(self) -> list[int]:
        """The channels whose cells are all the same."""
        A_prev = np.moveaxis(self.arrays["A_prev"], 1, 0).reshape(self.channels, -1)
        return [c for c, cells in enumerate(A_prev) if (cells == cells[0]).all()]

    @property
    def notes(self) -> list[str]:
        if self.statistics.count == 1:
            return [
                say(
                    "Each channel has one number only, which is its own mean: A is beta, and no"
                    " error comes back."
                )
            ]
        if self.constant:
            return [
                say(
                    "{channels:Channel # has|Channels # have} the same number everywhere: the"
                    " variance is 0, x_hat is 0, and what comes back is divided by √epsilon.",
                    channels=Cells(self.constant),
                )
            ]
        return []

    @property
    def ranks(self) -> Mapping[str, int]:
        rank = self.given["A_prev"].ndim
        vectors = dict.fromkeys(
            ("gamma", "beta", "mean", "variance", "dvariance", "dmean", "dgamma", "dbeta"), 1
        )
        return self.ranked({**dict.fromkeys(self.images, rank), **vectors})

    images = ("A_prev", "dZ", "x_hat", "A", "dx_hat", "dA_prev")

    @property
    def work(self) -> int:
        return WORK * cells_of(self.arrays["A_prev"].shape)

    def known(self, name: str, array: Array) -> Factors:
        """The cells of a matrix of the statistics as factors."""
        return Factors(name, plain(array))

    def sums(
        self,
        name: str,
        left: Factors,
        right: Factors | None,
        whole: Array,
        parts: int,
        source: str,
    ) -> Trace:
        """A number for each channel: the sum over the channel of left × right."""
        shape = self.arrays["A_prev"].shape

        def terms(cell: Index) -> list[Term]:
            first = left[cell]
            second = ONE if right is None else right[cell]
            return [Term(cell[1:2], first, second, first.value * second.value)]

        def contributors(cell: Index) -> Any:
            sizes = [range(size) for size in shape]
            sizes[1] = range(cell[0], cell[0] + 1)
            return product(*sizes)

        def partial(k: int) -> Array:
            return plain(self.statistics.summed(masked(whole, k)).reshape(-1))

        rule = f"batch_norm.{name}"
        window: Callable[[Index], None] = lambda _: None  # noqa: E731
        return Trace(
            Plan(
                name,
                rule,
                (self.channels,),
                shape,
                terms,
                window,
                contributors,
                partial,
                parts,
                source,
            )
        )

    def cell_by_cell(
        self, name: str, terms: Callable[[Index], list[Term]], result: Array, rule: str = ""
    ) -> Trace:
        """A matrix that is made cell by cell."""
        shape = self.arrays["A_prev"].shape
        return Trace(
            Plan(
                name,
                f"batch_norm.{rule or name}",
                shape,
                shape,
                terms,
                lambda _: None,
                lambda cell: (cell,),
                lambda k: masked(plain(result), k),
                source=name,
            )
        )


class BatchNormForward(BatchNorm):
    """mean, variance, x_hat and A."""

    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    options = spec.FORWARD.settings
    names = ("mean", "variance", "x_hat", "A")
    output_name = "A"

    def compute(self) -> dict[str, Array]:
        s = self.statistics
        A = s.output(self.parameter("gamma"), self.parameter("beta"))
        return {
            "mean": plain(s.mean.reshape(-1)),
            "variance": plain(s.variance.reshape(-1)),
            "x_hat": plain(s.x_hat),
            "A": plain(A),
        }

    @property
    def derived(self) -> Mapping[str, Array]:
        return {CENTRED: plain(self.statistics.centred)}

    def trace(self, name: str) -> Trace:
        s = self.statistics
        if name == "mean":
            given = self.known("A_prev", s.A_prev)
            return self.sums(name, given, None, s.A_prev, s.count, "A_prev")
        centred = self.known(CENTRED, s.centred)
        if name == "variance":
            squares = s.centred * s.centred
            return self.sums(name, centred, centred, squares, s.count, "A_prev")
        if name == "x_hat":
            roots = plain(1 / s.root.reshape(-1))

            def normalised(cell: Index) -> list[Term]:
                left, right = centred[cell], Factor("", (), roots.item(cell[1]))
                return [Term(cell, left, right, left.value * right.value)]

            return self.cell_by_cell(name, normalised, s.x_hat)
        x_hat = self.known("x_hat", s.x_hat)
        gamma = self.known("gamma", s.of(self.parameter("gamma")))
        beta = self.known("beta", s.of(self.parameter("beta")))

        def scaled(cell: Index) -> list[Term]:
            left, right, shift = x_hat[cell], gamma[cell[1:2]], beta[cell[1:2]]
            return [
                Term(cell, left, right, left.value * right.value),
                Term(cell, shift, ONE, shift.value),
            ]

        result = s.output(self.parameter("gamma"), self.parameter("beta"))
        return self.cell_by_cell(name, scaled, result)


class BatchNormBackward(BatchNorm):
    """dx_hat, dvariance, dmean, dA_prev, dgamma and dbeta."""

    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
    options = spec.BACKWARD.settings
    forward = BatchNormForward

    @property
    def names(self) -> tuple[str, ...]:
        ends = ("dA_prev", "dgamma", "dbeta")
        between = ("dx_hat", "dvariance", "dmean")
        return (*between, *ends) if self.settings["form"] == spec.STEPS else ends

    @property
    def by_all_ways(self) -> Problem:
        return replace(self, settings={**self.settings, "form": spec.CLOSED})

    @property
    def divisor(self) -> int:
        """What dgamma and dbeta are divided by: N, or 1 under `batch="sum"`."""
        return divisor(self.settings["batch"], self.arrays["A_prev"].shape[0])

    @cached_property
    def errors(self) -> Array:
        """The error at x_hat."""
        return self.statistics.dx_hat(self.parameter("gamma"), self.arrays["dZ"])

    def compute(self) -> dict[str, Array]:
        s, dx_hat = self.statistics, self.errors
        dZ = s.of(self.arrays["dZ"])
        results = {
            "dx_hat": dx_hat,
            "dvariance": s.dvariance(dx_hat).reshape(-1),
            "dmean": s.dmean(dx_hat).reshape(-1),
            "dA_prev": s.back(dx_hat),
            "dgamma": s.summed(dZ * s.x_hat).reshape(-1) / self.divisor,
            "dbeta": s.summed(dZ).reshape(-1) / self.divisor,
        }
        return {name: plain(results[name]) for name in self.names}

    @property
    def derived(self) -> Mapping[str, Array]:
        s = self.statistics
        return {
            CENTRED: plain(s.centred),
            SLOPE: plain(s.to_variance()),
            X_HAT: plain(s.x_hat),
        }

    def trace(self, name: str) -> Trace:
        s, dx_hat = self.statistics, self.errors
        dZ = s.of(self.arrays["dZ"])
        sent, errors = self.known("dZ", dZ), self.known("dx_hat", dx_hat)
        if name == "dgamma":
            x_hat = self.known(X_HAT, s.x_hat)
            return self.sums(name, sent, x_hat, dZ * s.x_hat, self.divisor, "dZ")
        if name == "dbeta":
            return self.sums(name, sent, None, dZ, self.divisor, "dZ")
        if name == "dvariance":
            slope = self.known(SLOPE, s.to_variance())
            return self.sums(name, errors, slope, dx_hat * s.to_variance(), 1, "dx_hat")
        if name == "dmean":
            minus = self.known("", np.broadcast_to(-1 / s.root, dx_hat.shape))
            return self.sums(name, errors, minus, -dx_hat / s.root, 1, "dx_hat")
        if name == "dx_hat":
            gamma = self.known("gamma", s.of(self.parameter("gamma")))

            def scaled(cell: Index) -> list[Term]:
                left, right = sent[cell], gamma[cell[1:2]]
                return [Term(cell, left, right, left.value * right.value)]

            return self.cell_by_cell(name, scaled, dx_hat)
        if self.settings["form"] == spec.CLOSED:
            return self._closed(sent)
        return self._by_three_ways(errors)

    def _by_three_ways(self, errors: Factors) -> Trace:
        """dA_prev by x_hat itself, by the variance and by the mean."""
        s, dx_hat = self.statistics, self.errors
        dvariance = self.known("dvariance", s.dvariance(dx_hat).reshape(-1))
        dmean = self.known("dmean", s.dmean(dx_hat).reshape(-1))
        one_over, twice = plain(1 / s.root.reshape(-1)), plain(2 * s.centred / s.count)
        part = plain(s.of(np.ones(1, np.int64)) / s.count).item(0)

        def terms(cell: Index) -> list[Term]:
            channel = cell[1:2]
            pairs = (
                (errors[cell], one_over.item(cell[1])),
                (dvariance[channel], twice.item(*cell)),
                (dmean[channel], part),
            )
            return [
                Term(cell, left, Factor("", (), right), left.value * right) for left, right in pairs
            ]

        return self.cell_by_cell("dA_prev", terms, s.back(dx_hat))

    def _closed(self, sent: Factors) -> Trace:
        """dA_prev = gamma / (m√(variance + epsilon)) · (m·dZ − Σ dZ − x_hat·Σ dZ·x_hat)."""
        s, m = self.statistics, self.statistics.count
        before = plain((s.wide(self.parameter("gamma")) / s.root / m).reshape(-1))
        x_hat = plain(s.x_hat)

        def terms(cell: Index) -> list[Term]:
            own = x_hat.item(*cell)
            sizes = [range(size) for size in x_hat.shape]
            sizes[1] = range(cell[1], cell[1] + 1)
            made = []
            for place in product(*sizes):
                whole = m * (place == cell) - 1 - own * x_hat.item(*place)
                slope = Factor("", (), before.item(cell[1]) * whole)
                error = sent[place]
                made.append(Term(cell, error, slope, error.value * slope.value))
            return made

        return self.cell_by_cell("dA_prev", terms, s.back(self.errors), "closed")

    def objective(self, name: str) -> tuple[Callable[[Array], Array], Array]:
        s, dZ = self.statistics, np.asarray(self.arrays["dZ"])
        gamma, beta = self.parameter("gamma"), self.parameter("beta")
        known: dict[str, Any] = {
            "A_prev": self.arrays["A_prev"],
            "gamma": gamma,
            "beta": beta,
            "x_hat": s.x_hat,
            "variance": s.variance.reshape(-1),
            "mean": s.mean.reshape(-1),
        }
        what = matrix_of(name)

        def terms(values: Array) -> Array:
            values = values.reshape(known[what].shape)
            if what == "A_prev":
                moved = Statistics(values, self.settings["epsilon"], exact=False)
                return dZ * moved.output(gamma, beta)
            if what in ("gamma", "beta"):
                chosen = {"gamma": gamma, "beta": beta, what: values}
                return dZ * s.output(chosen["gamma"], chosen["beta"])
            x_hat = s.x_hat
            if what == "x_hat":
                x_hat = values
            elif what == "variance":
                x_hat = s.centred / np.sqrt(s.wide(values) + s.epsilon)
            elif what == "mean":
                x_hat = (s.A_prev - s.wide(values)) / s.root
            moved_output: Array = dZ * (x_hat * s.wide(gamma) + s.wide(beta))
            return moved_output

        return terms, np.asarray(known[what]).reshape(self.results[name].shape)


FORWARD = Operation(spec.FORWARD, (BatchNormForward,))
BACKWARD = Operation(spec.BACKWARD, (BatchNormBackward,))
LAYERS = {"batch-norm": Layer(BatchNormBackward, takes="images", gives="images")}
