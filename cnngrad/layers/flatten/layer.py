"""Flatten: the images of each sample become one row of numbers, in row-major order."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from ...core.errors import ShapeError
from ...core.layer import Layer
from ...core.numbers import Array
from ...core.problem import Problem, cells_of, masked
from ...core.relation import INPUT, OUTPUT, Relation, Samples, Unrolled
from ...core.shapes import by
from ...core.terms import ONE, shared
from ...core.text import message, say
from ...core.trace import Index, Plan, Term, Trace
from . import spec


class Flatten(Problem):
    """What forward and backward share."""

    called = message("flatten")
    images = ("A_prev", "dA_prev")
    options = spec.FORWARD.settings

    def fit(self) -> None:
        if "dZ" in self.arrays and self.arrays["dZ"].shape != self.output:
            raise ShapeError(
                say("dZ does not fit the output of this flatten layer."),
                found=say("dZ {shape}", shape=by(self.given["dZ"].shape)),
                expected=say("dZ {shape}", shape=by(self.output[2 - self.ranks["A"] :])),
            )

    @property
    def output(self) -> Index:
        """The shape of A and dZ in full rank."""
        shape = self.arrays["A_prev"].shape
        return shape[0], cells_of(shape[1:])

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        return self.ranked(
            {**ranks, "A": 2 if ranks["A_prev"] == 2 + self.dims else 1, "dA_prev": ranks["A_prev"]}
        )

    @property
    def channels_last(self) -> bool:
        """Whether a row holds the channels of each place together, as NHWC images do."""
        return bool(self.settings["layout"] == "nhwc")

    def rows_of(self, images: Array) -> Array:
        """Images as rows."""
        placed = np.moveaxis(images, 1, -1) if self.channels_last else images
        return placed.reshape(self.output)

    def images_of(self, rows: Array) -> Array:
        """Rows as images."""
        n, c, *image = self.arrays["A_prev"].shape
        if self.channels_last:
            return np.moveaxis(rows.reshape(n, *image, c), -1, 1)
        return rows.reshape(n, c, *image)

    @cached_property
    def relation(self) -> Relation:
        """Which cells of A and A_prev meet: one of each, in the order of the layout."""
        samples, *image = self.arrays["A_prev"].shape
        spatial = tuple(range(1, len(image)))
        order = (*spatial, 0) if self.channels_last else (0, *spatial)
        return Relation([Samples(samples), Unrolled(tuple(image), order)])

    @property
    def work(self) -> int:
        return cells_of(self.output)


class FlattenForward(Flatten):
    """A: A_prev in rows."""

    op = spec.FORWARD.name
    operands = spec.FORWARD.operands
    names = ("A",)

    def compute(self) -> dict[str, Array]:
        return {"A": self.rows_of(self.arrays["A_prev"])}

    def trace(self, name: str) -> Trace:
        known = self.as_factors["A_prev"]

        def terms(cell: Index) -> list[Term]:
            ((place, _),) = self.relation.read(OUTPUT, cell, INPUT)
            return [Term(cell, known[place], ONE, known[place].value)]

        return Trace(
            Plan(
                name,
                "flatten.A",
                self.output,
                self.output,
                terms,
                lambda _: None,
                lambda cell: (cell,),
                lambda k: masked(self.compute()["A"], k),
            )
        )


class FlattenBackward(Flatten):
    """dA_prev: dZ in the shape of A_prev."""

    op = spec.BACKWARD.name
    operands = spec.BACKWARD.operands
    names = ("dA_prev",)
    forward = FlattenForward

    def compute(self) -> dict[str, Array]:
        return {"dA_prev": self.images_of(self.arrays["dZ"])}

    def trace(self, name: str) -> Trace:
        dZ, known = self.arrays["dZ"], self.as_factors["dZ"]

        def terms(source: Index) -> list[Term]:
            ((place, _),) = self.relation.read(OUTPUT, source, INPUT)
            return shared([place], known[source], 1)

        return Trace(
            Plan(
                name,
                "flatten.dA_prev",
                self.arrays["A_prev"].shape,
                self.output,
                terms,
                lambda _: None,
                lambda cell: self.relation.contributors(INPUT, cell, OUTPUT),
                lambda k: self.images_of(masked(dZ, k)),
            )
        )


LAYERS = {"flatten": Layer(FlattenBackward, takes="images", gives="rows")}
