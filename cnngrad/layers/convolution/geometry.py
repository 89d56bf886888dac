"""Geometry of a convolution: how the kernel slides, which channels it joins, which cells meet."""

from functools import cached_property
from math import prod

from ...core.relation import Channels, Relation, Samples, Sliding
from ...core.shapes import Axis
from ...core.trace import Index


class Geometry:
    """How the kernel slides over the input and which channels it joins."""

    def __init__(self, samples: int, joined: Channels, slides: tuple[Axis, ...]) -> None:
        self.samples = samples
        self.slides = slides
        """The spatial axes; rows and columns are the last two."""
        self.channels = joined.inputs
        """Input channels of one group."""
        self.filters = joined.outputs
        """Output channels of one group."""
        self.groups = joined.shapes[0][0] // joined.outputs
        self.inputs_of = joined.inputs_of
        self.outputs_of = joined.outputs_of
        self._joined = joined

    @property
    def rows(self) -> Axis:
        return self.slides[-2]

    @property
    def columns(self) -> Axis:
        return self.slides[-1]

    @property
    def output(self) -> Index:
        """The shape of Z."""
        return self.samples, self.filters * self.groups, *(line.out for line in self.slides)

    @property
    def kernel_area(self) -> int:
        """The cells of one plane (or block) of the kernel."""
        return prod(line.window for line in self.slides)

    @cached_property
    def relation(self) -> Relation:
        """Which cells of Z, W and A_prev meet."""
        return Relation([Samples(self.samples), self._joined, *map(Sliding, self.slides)])
