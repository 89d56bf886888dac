"""Slips: where no rule fits and few cells are wrong, which term went wrong in each of them."""

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from ..core.notation import plain
from ..core.numbers import Array, Number, nearest_float
from ..core.problem import Problem
from ..core.trace import Factor, Index, Term, Trace, cell_name
from .answer_matrix import AnswerMatrix
from .chance import ChanceModel, one_off
from .compare import Reading

_MOST_TERMS = 400
"""A cell made of more terms than this fits any difference; its terms say nothing."""
_MOST_FOREIGN = 20_000
_MOST_DOUBTFUL = 8
"""So many different slips are likely to fit a number that has nothing to do with any of them."""


class Slip(NamedTuple):
    """What went wrong in one cell."""

    code: str
    cell: Index
    """In the rank in which the matrix is shown."""
    given: str
    """As the student wrote it."""
    expected: Number
    term: str = ""
    """The term (or the other cell) that it is about."""
    right: str = ""
    """The term that belongs there."""
    likely: bool = True
    """Whether it is more than a possibility: more than chance, and nothing else is as likely."""
    off: str = ""
    """By how much the cell is off, where that alone tells of a slip in adding."""


class _Claim(NamedTuple):
    """What may have happened in a cell: with this term, in the place of that one."""

    code: str
    term: Term | None = None
    right: Term | None = None
    likely: bool = True


Claims = dict[str, _Claim]


class Slips:
    """Compares wrong cells with the terms that make them up."""

    def __init__(self, problem: Problem, truths: dict[str, Array]) -> None:
        self.problem = problem
        self.truths = truths
        self._known: dict[tuple[str, Index], tuple[dict[Number, Claims], ChanceModel]] = {}

    def named(self, name: str, sheet: AnswerMatrix, codes: dict[Index, str]) -> list[Slip]:
        """Slips that are known already, each by its cell."""
        shape = self.truths[name].shape
        return [
            Slip(code, place, _text(sheet, place, shape), _number(self.truths[name][place]))
            for place, code in sorted(codes.items())
        ]

    def of(
        self, name: str, sheet: AnswerMatrix, reading: Reading, wrong: Array, alone: bool
    ) -> list[Slip]:
        """The slips in the wrong cells; where any is claimed, every cell has at least one.

        Parameters
        ----------
        name, sheet, reading, wrong
            The result, what was handed in, the same made ready, and which cells of it are wrong.
        alone
            Whether nothing else was handed in that speaks for the student.
        """
        places = [tuple(map(int, place)) for place in np.argwhere(wrong)]
        swapped = self._swapped(name, reading, places)
        if 2 * len(places) > reading.filled > 1 and not swapped:
            return []  # more than half of it wrong: that is no slip
        doubtful = alone and reading.filled == 1
        slips: list[Slip] = []
        for place in places:
            given = _number(reading.values[place])
            expected = _number(self.truths[name][place])
            text = _text(sheet, place, wrong.shape)
            slack = 0.0 if reading.slack is None else float(reading.slack[place])
            if place in swapped:
                other = cell_name(name, swapped[place], self.problem.ranks.get(name, len(place)))
                slips.append(Slip("cells-swapped", place, text, expected, other))
                continue
            claims = self._claims(name, place, given, expected, slack)
            if doubtful and len(self._differences(name, place)[0]) > _MOST_DOUBTFUL:
                claims = [_Claim("single-cell")]
            for claim in claims:
                term, right = self._written(claim.term), self._written(claim.right)
                off = plain(given - expected) if claim.code == OFF else ""
                slips.append(
                    Slip(claim.code, place, text, expected, term, right, claim.likely, off)
                )
        return slips

    def _swapped(self, name: str, reading: Reading, places: list[Index]) -> dict[Index, Index]:
        truth = self.truths[name]
        found: dict[Index, Index] = {}
        for one, two in itertools.combinations(places, 2):
            if one in found or two in found:
                continue
            crossed = truth.copy()
            crossed[one], crossed[two] = truth[two], truth[one]
            same = reading.equals(crossed)
            if same[one] and same[two]:
                found |= {one: two, two: one}
        return found

    def _claims(
        self, name: str, place: Index, given: Number, expected: Number, slack: float
    ) -> list[_Claim]:
        """What may have happened, the likeliest first.

        Where a slip in adding is as likely as all that fits, the cell is only said to be wrong.
        """
        found: Claims = {}
        if abs(nearest_float(given + expected)) <= slack:
            found["sign-turned"] = _Claim("sign-turned")
        if digits_swapped(given, expected):
            found["digits-swapped"] = _Claim("digits-swapped")
        known, rivals = self._differences(name, place)
        off = (given - expected) * self._divisor(name)
        near = slack * self._divisor(name) * (1 + 1e-9)
        if slack:
            close = [
                claims
                for change, claims in known.items()
                if abs(nearest_float(off - change)) <= near
            ]
        else:
            close = [known[off]] if off in known else []
        for claims in close:
            found = {**claims, **found}
        codes = sorted(found, key=_LIKELY.index)
        adding = one_off(given - expected)
        off_by = OFF if adding and self._terms(name, place) > 1 else "single-cell"
        believed = [
            code
            for code in codes
            if code == "sign-turned"  # 1 in the place of -1 is off by 2, and yet
            or (
                not adding
                and (code in _WHOLE_NUMBER or rivals.believed(off, _LIKELY.index(code), near))
            )
        ]
        others = [found[code]._replace(likely=False) for code in codes if code not in believed]
        if not believed:
            return [_Claim(off_by), *others]
        if off_by == OFF:
            others.insert(0, _Claim(OFF, likely=False))
        if believed[0] == "sign-turned":  # also that of the only term, which says the same
            only = not adding and not {*believed} - {"sign-turned", "term-negated"}
        else:
            only = len(believed) == 1
        return [*(found[code]._replace(likely=only) for code in believed), *others]

    def _terms(self, name: str, place: Index) -> int:
        """How many terms make up a cell, as far as two; of an updated parameter, two."""
        if name not in self.problem.names:
            return 2
        trace = self.problem.trace(name)
        cell = (0,) * (len(trace.shape) - len(place)) + place
        return sum(1 for _ in itertools.islice(trace.terms_of(cell), 2))

    def _divisor(self, name: str) -> int:
        """What the sum of the terms is divided by in the end."""
        return self.problem.trace(name).plan.divisor if name in self.problem.names else 1

    # ---- what a slip with a term makes of a cell ------------------------------------------------

    def _differences(self, name: str, place: Index) -> tuple[dict[Number, Claims], ChanceModel]:
        """By how much each slip with a term changes this cell, before the division by N."""
        key = (name, place)
        if key not in self._known:
            known: dict[Number, Claims] = {}
            for difference, claim in self._all(name, place):
                if difference:
                    code = claim.code.partition(",")[0]
                    known.setdefault(difference, {}).setdefault(code, claim)
            ranked = [(off, min(map(_LIKELY.index, claims))) for off, claims in known.items()]
            self._known[key] = known, ChanceModel.of(ranked)
        return self._known[key]

    def _all(self, name: str, place: Index) -> Iterator[tuple[Number, _Claim]]:
        if name not in self.problem.names:
            return  # updated parameters have no terms of their own
        trace = self.problem.trace(name)
        cell = (0,) * (len(trace.shape) - len(place)) + place
        terms = list(itertools.islice(trace.terms_of(cell), _MOST_TERMS + 1))
        if len(terms) > _MOST_TERMS:
            return
        for term in terms:
            yield -term.value, _Claim("term-missing", term)
            yield term.value, _Claim("term-doubled", term)
            yield -2 * term.value, _Claim("term-negated", term)
        foreign = itertools.islice(self._foreign(trace, cell, terms), _MOST_FOREIGN)
        for wrong, right in foreign:
            if right is None:
                yield wrong.value, _Claim("term-from-wrong-window, added", wrong)
            else:
                claim = _Claim("term-from-wrong-window", wrong, right)
                yield wrong.value - right.value, claim

    def _foreign(
        self, trace: Trace, cell: Index, terms: list[Term]
    ) -> Iterator[tuple[Term, Term | None]]:
        """Terms of other windows, each with the term whose place it may have taken.

        The likeliest come first: one factor taken from a neighbouring place.
        """
        for near in (True, False):
            for term in terms:
                for left in self._elsewhere(term.left, near):
                    yield term._replace(left=left, value=left.value * term.right.value), term
                for right in self._elsewhere(term.right, near) if near else ():
                    yield term._replace(right=right, value=term.left.value * right.value), term
        for other in _around(trace.shape, cell):
            for foreign in itertools.islice(trace.terms_of(other), _MOST_TERMS):
                yield foreign, None
                for term in terms:
                    yield foreign, term

    def _elsewhere(self, factor: Factor, near: bool) -> Iterator[Factor]:
        """The same matrix one place (near) or further away in the same channel."""
        if factor.name not in self.problem.arrays:
            return
        array = self.problem.arrays[factor.name]
        if not near and array[(0,) * max(array.ndim - 2, 0)].size > _MOST_TERMS:
            return  # of so many numbers one fits whatever was written
        if array.ndim < 2 or len(factor.place) != array.ndim:
            return
        *lead, row, column = factor.place
        height, width = array.shape[-2:]
        rows, columns = range(height), range(width)
        if near:
            rows = range(max(row - 1, 0), min(row + 2, height))
            columns = range(max(column - 1, 0), min(column + 2, width))
        for i, j in itertools.product(rows, columns):
            distance = max(abs(i - row), abs(j - column))
            if distance and (distance == 1) == near:
                place = (*lead, i, j)
                yield factor._replace(place=place, value=array.item(*place))

    def _written(self, term: Term | None) -> str:
        """A term as people write it: `dZ[0,1] × W[1,0] = -4`."""
        if term is None:
            return ""
        left = self._factor(term.left)
        if term.right.name == "" and term.right.value == 1:
            return f"{left} = {plain(term.value)}"
        return f"{left} × {self._factor(term.right)} = {plain(term.value)}"

    def _factor(self, factor: Factor) -> str:
        if not factor.name:
            return plain(factor.value)
        rank = self.problem.ranks.get(factor.name, len(factor.place))
        return cell_name(factor.name, factor.place, rank)


def _around(shape: Index, cell: Index) -> Iterable[Index]:
    """The cells next to this one along the last two axes."""
    *lead, row, column = cell if len(cell) > 1 else (0, *cell)
    height, width = shape[-2:] if len(cell) > 1 else (1, *shape)
    for i, j in itertools.product((row - 1, row, row + 1), (column - 1, column, column + 1)):
        if 0 <= i < height and 0 <= j < width and (i, j) != (row, column):
            yield (*lead, i, j) if len(cell) > 1 else (j,)


_LIKELY = (
    "sign-turned",
    "term-missing",
    "term-doubled",
    "term-negated",
    "digits-swapped",
    "term-from-wrong-window",
)
_WHOLE_NUMBER = ("sign-turned", "digits-swapped")
"""Slips that say all of the number, so that chance seldom makes them."""
OFF = "single-cell, off"


def _text(sheet: AnswerMatrix, place: Index, shape: Index) -> str:
    return sheet.text(int(np.ravel_multi_index(place, shape)))


def _number(cell: Any) -> Number:
    number: Number = cell.item() if isinstance(cell, np.generic) else cell
    return number


def digits_swapped(given: Number, expected: Number) -> bool:
    """Whether two neighbouring digits of a number have changed places.

    >>> digits_swapped(-71, -17), digits_swapped(21, 12), digits_swapped(13, 12)
    (True, True, False)
    >>> digits_swapped(Fraction(652, 1000), Fraction(625, 1000))
    True
    """
    if (given < 0) != (expected < 0) and given and expected:
        return False
    one, two = _digits(given), _digits(expected)
    width = max(len(one.partition(".")[2]), len(two.partition(".")[2]))
    one, two = _filled_up(one, width), _filled_up(two, width)
    one = one.rjust(len(two), "0")  # 10 with its digits swapped is 01
    if "/" in one + two or len(one) != len(two):
        return False
    differ = [k for k, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    return (
        len(differ) == 2 and one[differ[0]] == two[differ[1]] and one[differ[1]] == two[differ[0]]
    )


def _digits(number: Number) -> str:
    text = _decimal(number) if isinstance(number, Fraction) else plain(number)
    return text.lstrip("-")


def _decimal(number: Fraction) -> str:
    """A fraction as a decimal where it ends soon, else as it is."""
    for digits in range(1, 9):
        scaled = number * 10**digits
        if scaled.denominator == 1:
            text = str(scaled.numerator).rjust(digits + 1, "0")
            return f"{text[:-digits]}.{text[-digits:]}"
    return str(number)


def _filled_up(text: str, width: int) -> str:
    """The same number with so many decimals."""
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(width, '0')}" if width else whole
