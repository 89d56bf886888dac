"""Comparing an answer with the truth: which cells are right, and what most likely happened."""

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..core.descent import updated
from ..core.errors import UsageError, nearest
from ..core.numbers import Array, Number
from ..core.problem import Problem
from ..core.text import message, say, series
from ..core.trace import Index
from ..diagnosis.answer_matrix import AnswerMatrix
from ..diagnosis.candidates import CandidateIndex, Fit
from ..diagnosis.compare import Precision, Reading, reading, understood
from ..diagnosis.slips import Slip, Slips
from ..layers.rules import rules_for
from .answers import Answer, answer_matrix_of
from .marked_result import MarkedResult, Mistake, Overlap
from .rounding import TOO_FEW, misrounded
from .slip_texts import NOT_FILLED_IN
from .verdict import Verdict

_CLEARLY_EARNED = 7.0
"""Bits by which a claim must beat chance where other gradients look random: one in 128."""
_NOT_SMALL = 6
"""Cells of which one may be odd, and the others still tell of a rule."""
_TINY = 2
"""Cells that say little where nothing else was handed in."""
_ONE_IN_THREE = 3
_MOST_SLIPS = 8
_MOST_EVIDENCE = 100
_REMEMBERED = 256
"""Cells up to which the same wrong cells are looked into once only."""


NOTHING_TO_MARK = message("The answer holds none of the problem's results.")


class Marker:
    """Marks answers to one problem.

    What comes out under every known mistake is computed once, when it is first needed, so
    that marking another answer costs comparisons only. A marker can be sent to another
    process.

    Examples
    --------
    >>> from cnngrad.layers import operation
    >>> given = {"A_prev": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "W": [[0, 1], [2, 3]]}
    >>> given["dZ"] = [[-1, -2], [-3, -4]]
    >>> marker = Marker(operation("conv-backward").problem(given, {}))
    >>> marker.check({"db": [-10]}).correct
    True
    >>> verdict = marker.check({"dW": [[27, 37], [57, 67]]})
    >>> verdict.gradients["dW"].mistakes[0].codes
    ('negated',)
    """

    def __init__(
        self,
        problem: Problem,
        *,
        decimals: int | None = None,
        tolerance: Fraction | float | None = None,
        exact: bool | None = None,
    ) -> None:
        self.problem = problem.computed(exact)
        self.precision = Precision.asked(decimals, tolerance)
        self.truths: dict[str, Array] = {**self.problem.results, **updated(self.problem)}
        self._candidates = CandidateIndex(self.problem, self.truths, rules_for(self.problem))
        self._slips = Slips(self.problem, self.truths)
        self._overlaps: dict[tuple[str, bytes], Overlap | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What can be handed in."""
        return tuple(self.truths)

    @np.errstate(over="ignore", invalid="ignore")
    def check(self, answer: Mapping[str, object] | Answer) -> Verdict:
        """Mark one answer.

        Parameters
        ----------
        answer
            By the name of the gradient: an array, nested lists, or a `AnswerMatrix` as
            `read_answer` gives it.

        Raises
        ------
        UsageError
            A name is none of the problem's results, or there is nothing to mark.
        """
        if not answer:
            raise UsageError(say(NOTHING_TO_MARK), expected=series(self.truths))
        compared = {name: self._compared(name, data) for name, data in answer.items()}
        fits = {name: self._suspected(found) for name, found in compared.items()}
        random = {name for name, found in compared.items() if found.random and not fits[name]}
        marked = {
            name: self._marked(found, fits[name], bool(random - {name}), len(compared) == 1)
            for name, found in compared.items()
        }
        ordered = {name: marked[name] for name in self.truths if name in marked}
        missing = tuple(name for name in self.problem.names if name not in marked)
        return Verdict(self.problem.op, ordered, missing)

    def _compared(self, name: str, data: object) -> "_Compared":
        if name not in self.truths:
            raise UsageError(
                say("The problem has no result {name}.", name=name),
                expected=series(self.truths),
                fix=nearest(name, self.truths),
            )
        sheet = data if isinstance(data, AnswerMatrix) else answer_matrix_of(data)
        truth = self.truths[name]
        read = reading(sheet, truth, self.precision)
        if understood(read.shape, truth.shape):
            read = read.reshaped(truth.shape)
            right = read.equals(truth)
            wrong, mistaken = ~right, right.size - int(right.sum())
            if not mistaken:
                return _Compared(name, sheet, read, right, wrong, 0)
            if read.blank is not None:
                wrong &= ~read.blank
                mistaken -= int(read.blank.sum())
            known = misrounded(sheet, read, truth, wrong)
            if self.precision != Precision():  # what is asked may be more, or less
                known = {place: code for place, code in known.items() if code != TOO_FEW}
            return _Compared(name, sheet, read, right, wrong, mistaken, known)
        same_size = read.values.size == truth.size
        in_a_row = same_size and bool(read.reshaped(truth.shape).equals(truth).all())
        none = np.zeros(truth.shape, bool)
        return _Compared(name, sheet, read, none, ~none, none.size, {}, False, in_a_row)

    def _suspected(self, found: "_Compared") -> list[Fit]:
        """The rules that fit: single ones, or else pairs."""
        if found.accounted_for or not found.read.values.size:
            return []
        wrong = found.wrong if found.shape_right else None
        fits = self._candidates.single(found.name, found.read, wrong)
        if not any(fit.literal for fit in fits):
            fits += self._candidates.pairs(found.name, found.read, wrong)
        if found.read.blank is not None:  # the less is filled in, the more rules fit it
            fits = [f for f in fits if f.earned >= _CLEARLY_EARNED and found.speaking > 1]
        if fits or found.read.filled < _NOT_SMALL or found.few or not found.shape_right:
            return fits
        nearly = self._candidates.nearly(found.name, found.read, found.wrong)
        return [fit for fit in nearly if fit.earned >= _CLEARLY_EARNED]

    def _marked(
        self, found: "_Compared", fits: Sequence[Fit], rest_random: bool, alone: bool
    ) -> MarkedResult:
        """Put together what has been found, but for claims that chance could make as well."""
        if not found.mistaken and found.read.blank is None:
            return MarkedResult(found.name, found.sheet, self.truths[found.name], found.right)
        if rest_random or (alone and found.read.filled <= _TINY):
            single = 0 if rest_random else 1  # a single rule is likely enough on its own
            fits = [f for f in fits if f.earned >= _CLEARLY_EARNED or len(f.codes) == single]
        overwritten = "overlap-overwritten"
        mistakes = tuple(
            Mistake(
                fit.codes,
                self._overlap(found) if overwritten in fit.codes and not fit.besides else None,
                fit.besides,
            )
            for fit in fits
        )
        return MarkedResult(
            found.name,
            found.sheet,
            self.truths[found.name],
            found.right,
            found.shape_right,
            found.numbers_right,
            () if found.shape_right else self._candidates.shaped(found.name, found.read.shape),
            mistakes,
            () if fits else tuple(self._slips_of(found, rest_random, alone)),
        )

    def _slips_of(self, found: "_Compared", rest_random: bool, alone: bool) -> list[Slip]:
        """What went wrong cell by cell: what is plain to see, and of few cells the rest too."""
        known = self._slips.named(found.name, found.sheet, found.known)
        wrong = found.unknown
        looked_into = found.few and not (rest_random and found.mostly_wrong)
        if not looked_into or not wrong.any():
            return known
        others = self._slips.of(found.name, found.sheet, found.read, wrong, alone)
        return sorted([*known, *others], key=lambda slip: slip.cell)

    def _overlap(self, found: "_Compared") -> Overlap | None:
        """The first step at which a wrong cell should have added up, with something to add."""
        if not found.shape_right:
            return None
        if found.right.size > _REMEMBERED:
            return self._first_overlap(found)
        key = (found.name, found.right.tobytes())
        if key not in self._overlaps:
            self._overlaps[key] = self._first_overlap(found)
        return self._overlaps[key]

    def _first_overlap(self, found: "_Compared") -> Overlap | None:
        trace = self.problem.trace(found.name)
        lead = (0,) * (len(trace.shape) - found.right.ndim)
        steps: list[Overlap] = []
        for place in np.argwhere(found.wrong)[:_MOST_EVIDENCE]:
            cell = tuple(map(int, place))
            total: Number = 0
            for term in itertools.islice(trace.terms_of((*lead, *cell)), _MOST_EVIDENCE):
                if total and term.value and term.left.name == trace.plan.source:
                    step = int(np.ravel_multi_index(term.left.place, trace.plan.sources)) + 1
                    steps.append(Overlap(step, cell, total, term.value, total + term.value))
                    break
                total += term.value
        return min(steps, key=lambda overlap: overlap.step, default=None)


class _Compared(NamedTuple):
    """One gradient of an answer, compared with the truth."""

    name: str
    sheet: AnswerMatrix
    read: Reading
    right: Array
    wrong: Array
    """Which cells are filled in, and wrong."""
    mistaken: int
    """How many they are."""
    misrounded: Mapping[Index, str] = {}
    """The wrong cells that are right but for their rounding."""
    shape_right: bool = True
    numbers_right: bool = False

    @property
    def puzzling(self) -> int:
        """How many wrong cells are wrong by more than their rounding."""
        return self.mistaken - len(self.misrounded)

    @property
    def speaking(self) -> int:
        """How many cells can speak for a rule."""
        return self.mistaken if self.shape_right else self.read.filled

    @property
    def accounted_for(self) -> bool:
        """Whether it is plain to see what is wrong with each cell that is wrong."""
        return not self.puzzling

    @property
    def known(self) -> dict[Index, str]:
        """Slips that are plain to see, by their cells."""
        if self.read.blank is None or not self.shape_right:
            return dict(self.misrounded)
        blank = np.argwhere(self.read.blank).tolist()
        return {**self.misrounded, **{tuple(place): NOT_FILLED_IN for place in blank}}

    @property
    def unknown(self) -> Array:
        """The wrong cells that need a closer look."""
        wrong = self.wrong.copy()
        for place in self.misrounded:
            wrong[place] = False
        return wrong

    @property
    def few(self) -> bool:
        """Whether so few cells are wrong that each may have its own small reason."""
        cells = self.read.filled
        few = min(max(cells // _ONE_IN_THREE, min(2, cells)), _MOST_SLIPS)
        return self.shape_right and 0 < self.puzzling <= few

    @property
    def mostly_wrong(self) -> bool:
        return 2 * self.puzzling >= self.read.filled

    @property
    def random(self) -> bool:
        """Whether it looks like no attempt at all, where no rule explains it."""
        if not self.shape_right or self.accounted_for:
            return False
        return not self.few or self.puzzling == self.read.filled


def check(
    problem: Problem,
    answer: Mapping[str, object],
    *,
    decimals: int | None = None,
    tolerance: float | None = None,
) -> Verdict:
    """Mark one answer to a problem.

    Parameters
    ----------
    problem
        What was asked.
    answer
        By the name of the gradient: an array or nested lists.
    decimals, tolerance
        How precise it has to be. Unless told otherwise, a cell is right when it equals the
        exact value, or that value rounded to the decimals that it is written with (two or
        more).

    Returns
    -------
    Verdict
        Which cells are right, and what most likely happened where they are not.

    Raises
    ------
    UsageError
        There is nothing to mark, or the precision makes no sense.
    """
    return Marker(problem, decimals=decimals, tolerance=tolerance).check(answer)
