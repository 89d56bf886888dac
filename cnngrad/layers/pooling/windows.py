"""Windows of a pooling: how they slide, and which cells lie in each."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import cached_property
from math import prod
from typing import Any, ClassVar

from ...core.errors import SettingError, ShapeError
from ...core.numbers import Number
from ...core.problem import Problem, cells_of
from ...core.relation import INPUT, OUTPUT, Relation, Samples, Sliding
from ...core.shapes import Axis
from ...core.sliding import axis_names, formulas, refuse_giant_images, slides
from ...core.text import message, say
from ...core.trace import Index, Term

_ROUNDED_UP = message("dZ {shape}\n{formulas}\n(input + padding − window) / stride + 1, rounded up")
_ROUNDED_DOWN = message(
    "dZ {shape}\n{formulas}\n(input + padding − window) / stride + 1, rounded down"
)


class Pooling(Problem):
    """What all four share: how the window slides."""

    @classmethod
    def read_settings(cls, settings: Mapping[str, object]) -> dict[str, Any]:
        if settings.get("window") is None:
            raise SettingError(
                say("Pooling needs a window."),
                expected=say("--window 2 (or the key window), or 3,2"),
            )
        known = super().read_settings({**settings, "mode": cls.mode})
        if known["stride"] is None:
            known["stride"] = known["window"]
        return known

    mode: ClassVar[str]
    images = ("A_prev", "dA_prev", "A", "dZ")

    @classmethod
    def kinds_of(cls, settings: Mapping[str, object]) -> tuple[str, ...]:  # noqa: ARG003
        return f"{cls.mode}-pool", "pool"

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The spatial axes of the sliding window."""
        shape = self.arrays["A_prev"].shape
        lines = slides(shape, self.settings["window"], self.settings, message("window"))
        images = cells_of(shape[:2])
        refuse_giant_images(images, images, lines, cells_of(shape))
        return lines

    @cached_property
    def relation(self) -> Relation:
        """Which cells of A, of the window and of A_prev meet: each channel keeps to itself."""
        samples, channels = self.arrays["A_prev"].shape[:2]
        return Relation([Samples(samples), Samples(channels), *map(Sliding, self.axes)])

    @property
    def area(self) -> int:
        """The cells of a window."""
        return prod(line.window for line in self.axes)

    def fit(self) -> None:
        lines = self.axes
        if "dZ" in self.arrays and self.arrays["dZ"].shape != self.output:
            template = _ROUNDED_UP if self.settings.get("ceil_mode") else _ROUNDED_DOWN
            raise ShapeError(
                say("dZ does not fit the output of this pooling."),
                found=say("dZ {shape}", shape=self.form("dZ")),
                expected=say(
                    template,
                    shape=self.form("dZ", self.output[-self.ranks["A"] :]),
                    formulas=formulas(lines),
                ),
                fix=say("give dZ in that shape, or change window, stride or padding"),
            )

    def _refuse_empty_windows(self, why: str) -> None:
        for line, name in zip(self.axes, axis_names(len(self.axes)), strict=True):
            for i in range(line.out):
                if not any(True for _ in line.taps(i)):
                    raise ShapeError(
                        say("A window holds nothing but padding."),
                        found=say(
                            "window {i} along the {lines} has no cell of the input",
                            i=i,
                            lines=say(name),
                        ),
                        expected=say(
                            "at least one cell of the input in every window: {why}", why=why
                        ),
                        fix=say("use less padding"),
                    )

    @property
    def output(self) -> Index:
        """The shape of A and dZ, in full rank."""
        return self.relation.shapes[OUTPUT]

    @cached_property
    def ranks(self) -> dict[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        return self.ranked({**ranks, "A": ranks["A_prev"], "dA_prev": ranks["A_prev"]})

    @property
    def work(self) -> int:
        return cells_of(self.output) * self.area

    def places(self, cell: Index) -> list[Index]:
        """The cells of A_prev in one window, in row-major order."""
        return [place for place, _ in self.relation.read(OUTPUT, cell, INPUT)]

    def taps(self, cell: Index) -> Iterator[tuple[Index, Number]]:
        """The cells of A_prev in one window, with their values, in row-major order."""
        known = self.as_factors["A_prev"]
        return ((place, known[place].value) for place in self.places(cell))

    @abstractmethod
    def terms(self, source: Index) -> list[Term]:
        """The terms of one window."""
