"""Relation: which cells of output, weight and input meet, for a layer that is a sum of products.

Every term of such a layer is one cell of the output, one of the weight and one of the input. The
relation is the set of these triples, as the product of one small relation an axis. Read from the
output it gives what a cell of Z is made of and what its error sends back; read from the input or
the weight, which cells of the output feed a cell of dA_prev or dW. Read from the other end
(`turned`) it is the transposed convolution.

>>> from cnngrad.core.shapes import axis
>>> slide = Relation([Samples(1), Channels(1, 1), Sliding(axis(3, 2))])
>>> slide.read(OUTPUT, (0, 0, 1), INPUT)
[((0, 0, 1), (0, 0, 0)), ((0, 0, 2), (0, 0, 1))]
>>> slide.read(INPUT, (0, 0, 1), OUTPUT)
[((0, 0, 0), (0, 0, 1)), ((0, 0, 1), (0, 0, 0))]
"""

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import product

from .shapes import Axis
from .trace import Index, Window

OUTPUT, WEIGHT, INPUT = range(3)
"""The three spaces whose cells meet."""

Pairs = Sequence[tuple[Index, Index]]
"""The indices along one axis in the two other spaces, in the order of the spaces."""


class AxisRelation(ABC):
    """What meets along one axis; each space has none, one or several indices of it."""

    shapes: tuple[Index, Index, Index]
    """Its part of the shapes of output, weight and input."""

    def __init__(self, output: Index, weight: Index, inputs: Index) -> None:
        self.shapes = (output, weight, inputs)
        self._known: tuple[dict[Index, Pairs], ...] = ({}, {}, {})
        self._spans: tuple[dict[Index, Index], ...] = ({}, {}, {})

    def of(self, space: int, part: Index) -> Pairs:
        """What meets an index of one space in the two others."""
        known = self._known[space]
        if part not in known:
            known[part] = self._of(space, part)
        return known[part]

    @abstractmethod
    def _of(self, space: int, part: Index) -> Pairs:
        """The same, worked out."""

    def span(self, space: int, part: Index) -> Index:
        """Where an index of output or input meets the other of the two."""
        known = self._spans[space]
        if part not in known:
            side = int(space == OUTPUT)
            known[part] = tuple(pair[side][-1] for pair in self.of(space, part))
        return known[part]


class Samples(AxisRelation):
    """The batch, or channels that keep to themselves: each output meets its own input."""

    def __init__(self, size: int) -> None:
        super().__init__((size,), (), (size,))

    def _of(self, space: int, part: Index) -> Pairs:
        if space == WEIGHT:
            return [((n,), (n,)) for n in range(self.shapes[OUTPUT][0])]
        return [((), part)] if space == OUTPUT else [(part, ())]


class Channels(AxisRelation):
    """Every output channel (or unit) meets each input of its group, by a weight of its own."""

    def __init__(self, outputs: int, inputs: int, groups: int = 1) -> None:
        super().__init__((outputs,), (outputs, inputs // groups), (inputs,))
        self.inputs = inputs // groups
        """Input channels of one group."""
        self.outputs = outputs // groups
        """Output channels of one group."""

    def inputs_of(self, o: int) -> range:
        """The input channels that output channel `o` sees."""
        first = o // self.outputs * self.inputs
        return range(first, first + self.inputs)

    def outputs_of(self, c: int) -> range:
        """The output channels that input channel `c` feeds."""
        first = c // self.inputs * self.outputs
        return range(first, first + self.outputs)

    def _of(self, space: int, part: Index) -> Pairs:
        if space == OUTPUT:
            (o,) = part
            return [((o, k), (c,)) for k, c in enumerate(self.inputs_of(o))]
        if space == WEIGHT:
            o, k = part
            return [((o,), (self.inputs_of(o)[k],))]
        (c,) = part
        return [((o,), (o, c % self.inputs)) for o in self.outputs_of(c)]


class Sliding(AxisRelation):
    """A spatial axis: window i lies with its cell k on input i·stride + k·dilation − padding."""

    def __init__(self, line: Axis) -> None:
        super().__init__((line.out,), (line.window,), (line.size,))
        self.line = line

    def _of(self, space: int, part: Index) -> Pairs:
        (i,) = part
        if space == OUTPUT:
            return [((k,), (x,)) for k, x in self.line.taps(i)]
        if space == INPUT:
            return [((window,), (k,)) for window, k in self.line.reached_by(i)]
        line = self.line
        reach = (line.window - 1 - i if line.flipped else i) * line.dilation
        return [((window,), (line.start(window) + reach,)) for window in line.windows_with(i)]


class Unrolled(AxisRelation):
    """Several axes of the input in one of the output, one after the other; no weight.

    >>> Unrolled((2, 2, 2), (1, 2, 0)).of(OUTPUT, (1,))
    [((), (1, 0, 0))]
    """

    def __init__(self, shape: Index, order: Sequence[int]) -> None:
        super().__init__((math.prod(shape),), (), shape)
        self.order = order
        """The axes from the slowest to the fastest."""

    def of(self, space: int, part: Index) -> Pairs:
        return self._of(space, part)  # as many as there are cells, and quickly found

    def _of(self, space: int, part: Index) -> Pairs:
        shape = self.shapes[INPUT]
        if space == OUTPUT:
            place, (rest,) = [0] * len(shape), part
            for axis in reversed(self.order):
                rest, place[axis] = divmod(rest, shape[axis])
            return [((), tuple(place))]
        if space == INPUT:
            position = 0
            for axis in self.order:
                position = position * shape[axis] + part[axis]
            return [((position,), ())]
        return [((i,), self._of(OUTPUT, (i,))[0][1]) for i in range(self.shapes[OUTPUT][0])]


class Turned(AxisRelation):
    """An axis with input and output changed over."""

    def __init__(self, inner: AxisRelation) -> None:
        output, weight, inputs = inner.shapes
        super().__init__(inputs, weight, output)
        self.inner = inner

    def _of(self, space: int, part: Index) -> Pairs:
        return [(right, left) for left, right in self.inner.of(2 - space, part)]


class Relation:
    """The product of its axes, in the order of the indices."""

    def __init__(self, axes: Sequence[AxisRelation]) -> None:
        self.axes = tuple(axes)
        self.shapes: tuple[Index, ...] = tuple(
            tuple(size for axis in self.axes for size in axis.shapes[space])
            for space in (OUTPUT, WEIGHT, INPUT)
        )
        """The shapes of output, weight and input."""
        self._cuts = [self._cut(space) for space in (OUTPUT, WEIGHT, INPUT)]

    def _cut(self, space: int) -> list[slice]:
        cuts, start = [], 0
        for axis in self.axes:
            end = start + len(axis.shapes[space])
            cuts.append(slice(start, end))
            start = end
        return cuts

    def turned(self) -> "Relation":
        """The same triples with input and output changed over: the transposed layer."""
        return Relation([Turned(axis) for axis in self.axes])

    def parts(self, space: int, cell: Index) -> list[Pairs]:
        """For each axis, what meets this cell there."""
        cuts = self._cuts[space]
        return [axis.of(space, cell[cut]) for axis, cut in zip(self.axes, cuts, strict=True)]

    def read(self, space: int, cell: Index, first: int) -> list[tuple[Index, Index]]:
        """What meets a cell, in row-major order: the cell of the space `first`, and the third."""
        met: list[tuple[Index, Index]] = [((), ())]
        for pairs in self.parts(space, cell):
            if len(pairs) == 1:
                ((left, right),) = pairs
                met = [(a + left, b + right) for a, b in met]
            else:
                met = [(a + left, b + right) for a, b in met for left, right in pairs]
        if first > 3 - space - first:
            return [(b, a) for a, b in met]
        return met

    def contributors(self, space: int, cell: Index, source: int) -> Iterator[Index]:
        """The cells of the space `source` that meet this cell, in row-major order."""
        side = int(source > 3 - space - source)
        for pairs in product(*self.parts(space, cell)):
            yield tuple(i for pair in pairs for i in pair[side])

    def along(self, axis: int, index: int, space: int = OUTPUT) -> Iterator[Index]:
        """All cells of a space with this index along one axis: those that a bias is added to."""
        sizes = [range(size) for size in self.shapes[space]]
        sizes[axis] = range(index, index + 1)
        return product(*sizes)

    def window(self, cell: Index, space: int = OUTPUT) -> Window:
        """The cells of the other space that a cell slides over: of A_prev, for a cell of dZ."""
        cuts = self._cuts[space]
        _, seen, *spans = [
            axis.span(space, cell[cut]) for axis, cut in zip(self.axes, cuts, strict=True)
        ]
        whole = all(map(operator.eq, map(len, spans), self.shapes[WEIGHT][-len(spans) :]))
        among = self.shapes[INPUT if space == OUTPUT else OUTPUT][1]
        return Window(cell[0], range(seen[0], seen[-1] + 1), tuple(spans), whole, among)
