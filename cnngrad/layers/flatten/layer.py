"""Flatten: the images of each sample become one row of numbers, in row-major order."""

from collections.abc import Mapping

from ...core.errors import ShapeError
from ...core.layer import Layer
from ...core.numbers import Array
from ...core.problem import Operand, Problem, cells_of, masked
from ...core.shapes import by
from ...core.trace import Factor, Index, Plan, Term, Trace

A_PREV = Operand("A_prev", "input")
DZ = Operand("dZ", "dz", rank=2, least=1, forms="the numbers of one sample (n) or rows (N, n)")


class Flatten(Problem):
    """What forward and backward share."""

    called = "flatten"
    options = ()

    def fit(self) -> None:
        if "dZ" in self.arrays and self.arrays["dZ"].shape != self.output:
            raise ShapeError(
                "dZ does not fit the output of this flatten layer.",
                found=f"dZ {by(self.given['dZ'].shape)}",
                expected=f"dZ {by(self.output[2 - self.ranks['A'] :])}",
            )

    @property
    def output(self) -> Index:
        """The shape of A and dZ in full rank."""
        shape = self.arrays["A_prev"].shape
        return shape[0], cells_of(shape[1:])

    @property
    def ranks(self) -> Mapping[str, int]:
        ranks = {name: array.ndim for name, array in self.given.items()}
        return {**ranks, "A": 2 if ranks["A_prev"] == 4 else 1, "dA_prev": ranks["A_prev"]}

    @property
    def work(self) -> int:
        return cells_of(self.output)

    def _row_cell(self, cell: Index) -> Index:
        n, c, y, x = cell
        _, _, height, width = self.arrays["A_prev"].shape
        return n, (c * height + y) * width + x

    def _image_cell(self, cell: Index) -> Index:
        n, i = cell
        _, _, height, width = self.arrays["A_prev"].shape
        return n, i // (height * width), i // width % height, i % width


class FlattenForward(Flatten):
    """A: A_prev in rows."""

    op = "flatten-forward"
    operands = (A_PREV,)
    names = ("A",)

    def compute(self) -> dict[str, Array]:
        return {"A": self.arrays["A_prev"].reshape(self.output)}

    def trace(self, name: str) -> Trace:
        A_prev = self.arrays["A_prev"]

        def terms(cell: Index) -> list[Term]:
            place = self._image_cell(cell)
            value = Factor("A_prev", place, A_prev.item(*place))
            return [Term(cell, value, Factor("", (), 1), value.value)]

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

    op = "flatten-backward"
    operands = (A_PREV, DZ)
    names = ("dA_prev",)
    forward = FlattenForward

    def compute(self) -> dict[str, Array]:
        return {"dA_prev": self.arrays["dZ"].reshape(self.arrays["A_prev"].shape)}

    def trace(self, name: str) -> Trace:
        dZ, shape = self.arrays["dZ"], self.arrays["A_prev"].shape

        def terms(source: Index) -> list[Term]:
            error = Factor("dZ", source, dZ.item(*source))
            return [Term(self._image_cell(source), error, Factor("", (), 1), error.value)]

        return Trace(
            Plan(
                name,
                "flatten.dA_prev",
                shape,
                self.output,
                terms,
                lambda _: None,
                lambda cell: (self._row_cell(cell),),
                lambda k: masked(dZ, k).reshape(shape),
            )
        )


LAYERS = {"flatten": Layer(FlattenBackward, takes="images", gives="rows")}
