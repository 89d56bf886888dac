"""L2 pooling: A = √(Σ a²) over windows that do not overlap; dA_prev = dZ · a / A."""

from functools import cached_property

import numpy as np

from cnngrad.core.layer import Layer
from cnngrad.core.numbers import rounded
from cnngrad.core.problem import Operation, Problem, cells_of, masked
from cnngrad.core.relation import INPUT, OUTPUT, Relation, Samples, Sliding
from cnngrad.core.shapes import axis
from cnngrad.core.terms import ONE
from cnngrad.core.trace import Factor, Plan, Term, Trace

from . import spec


class L2Pooling(Problem):
    """What forward and backward share."""

    called = "L2 pooling"

    @classmethod
    def keeps_fractions(cls, settings):
        return False

    @cached_property
    def relation(self):
        """Which cells of A and A_prev meet."""
        samples, channels, *image = self.arrays["A_prev"].shape
        window = self.settings["window"]
        slides = [axis(n, k, stride=k, what="window") for n, k in zip(image, window, strict=True)]
        return Relation([Samples(samples), Samples(channels), *map(Sliding, slides)])

    def fit(self):
        assert "dZ" not in self.arrays or self.arrays["dZ"].shape == self.relation.shapes[OUTPUT]

    @property
    def ranks(self):
        rank = self.given["A_prev"].ndim
        return dict.fromkeys(("A_prev", "dZ", "A", "dA_prev"), rank)

    @property
    def work(self):
        return cells_of(self.arrays["A_prev"].shape)

    @cached_property
    def norms(self):
        """A, in float64."""
        image = rounded(self.arrays["A_prev"])
        n, c, rows, columns = self.relation.shapes[OUTPUT]
        height, width = self.settings["window"]
        kept = image[:, :, : rows * height, : columns * width]
        return np.sqrt((kept.reshape(n, c, rows, height, columns, width) ** 2).sum((3, 5)))

    def plan(self, name, shape, terms, contributors, partial):
        """What a trace needs."""
        sources = self.relation.shapes[OUTPUT]
        rule = f"l2.{name}"
        return Plan(name, rule, shape, sources, terms, self.relation.window, contributors, partial)


class L2Forward(L2Pooling):
    """A = √(Σ a²)."""

    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    options = spec.FORWARD.settings
    names = ("A",)

    def compute(self):
        return {"A": self.norms}

    def trace(self, name):
        def terms(cell):
            return [
                Term(cell, Factor("√Σ(A_prev)", cell, value := self.norms.item(*cell)), ONE, value)
            ]

        return Trace(
            self.plan(
                name,
                self.norms.shape,
                terms,
                lambda cell: (cell,),
                lambda k: masked(self.norms, k),
            )
        )


class L2Backward(L2Pooling):
    """dA_prev = dZ · a / A."""

    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
    options = spec.BACKWARD.settings
    names = ("dA_prev",)
    forward = L2Forward

    def sent(self, dZ):
        """dA_prev of these errors, summed term by term."""
        image = rounded(self.arrays["A_prev"])
        dA_prev = np.zeros(image.shape)
        for cell in np.ndindex(dZ.shape):
            for place, _ in self.relation.read(OUTPUT, cell, INPUT):
                dA_prev[place] += float(dZ[cell]) * image[place] / self.norms[cell]
        return dA_prev

    def compute(self):
        return {"dA_prev": self.sent(self.arrays["dZ"])}

    def trace(self, name):
        def terms(source):
            error = self.as_factors["dZ"][source]
            return [
                Term(place, error, right, error.value * right.value)
                for place, _ in self.relation.read(OUTPUT, source, INPUT)
                for right in (
                    Factor("", (), float(self.arrays["A_prev"][place]) / self.norms.item(*source)),
                )
            ]

        return Trace(
            self.plan(
                name,
                self.arrays["A_prev"].shape,
                terms,
                lambda cell: self.relation.contributors(INPUT, cell, OUTPUT),
                lambda k: self.sent(masked(self.arrays["dZ"], k)),
            )
        )


FORWARD = Operation(spec.FORWARD, (L2Forward,))
BACKWARD = Operation(spec.BACKWARD, (L2Backward,))
LAYERS = {"l2-pool": Layer(L2Backward, takes="images", gives="images")}
