"""Comparing an answer with the truth: which cells are right, and what most likely happened."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..core.descent import updated
from ..core.errors import UsageError, nearest
from ..core.numbers import Array, Number
from ..core.problem import Problem
from ..core.text import message, say, series
from ..diagnosis.answer_matrix import AnswerMatrix
from ..diagnosis.candidates import CandidateIndex, Fit
from ..diagnosis.compare import Precision, Sums, reading, understood
from ..diagnosis.proportion import factor_of
from ..diagnosis.slips import Slip, Slips
from ..layers.rules import rules_for
from .answers import Answer, answer_matrix_of
from .claims import Claims, supported
from .compared import Compared
from .conventions import Conventions, Outcome, accepted_settings
from .following import followed, followed_wrongly, follows_from
from .marked_result import MarkedResult, Mistake, Overlap
from .rounding import TOO_FEW, misrounded
from .term_sums import term_sums
from .verdict import Verdict

_CLEARLY_EARNED = 7.0
"""Bits by which a claim must beat chance where other gradients look random: one in 128."""
_NOT_SMALL = 6
"""Cells of which one may be odd, and the others still tell of a rule."""
_TINY = 2
"""Cells that say little where nothing else was handed in."""
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
        accept: Sequence[str] = (),
        follow: bool = True,
    ) -> None:
        self.problem = problem.computed(exact)
        self.precision = Precision.asked(decimals, tolerance)
        self.follow = follow
        self.truths: dict[str, Array] = {**self.problem.results, **updated(self.problem)}
        self._candidates = CandidateIndex(self.problem, self.truths, rules_for(self.problem))
        self._turned = {
            name
            for name, truth in self.truths.items()
            if self.problem.order_of(name, truth.ndim, self.problem.settings)
        }
        self._known_sums: dict[str, Sums] = {}
        self._slips = Slips(self.problem, self.truths)
        self.conventions = Conventions(self.problem, self.truths, self.precision)
        self._claims = Claims(self.problem, self.truths, self.conventions)
        self._overlaps: dict[tuple[str, bytes], Overlap | None] = {}
        self._accepting = [
            self._under(settings) for settings in accepted_settings(self.problem, accept)
        ]

    def also(self, problems: Iterable[Problem]) -> None:
        """Take an answer for right that is right of one of these problems."""
        for problem in problems:
            marker = Marker(problem, follow=self.follow)
            marker.precision = marker.conventions.precision = self.precision
            self._accepting.append(marker)

    def _under(self, settings: Mapping[str, object]) -> "Marker":
        """A marker of the same problem under other settings."""
        other = replace(self.problem, settings={**self.problem.settings, **settings})
        marker = Marker(other, follow=self.follow)
        marker.precision = marker.conventions.precision = self.precision
        return marker

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
        verdict = self.checked(answer)
        if verdict.correct or not self._accepting:
            return verdict
        others = [marker.checked(answer) for marker in self._accepting]
        return max(verdict, *others, key=lambda one: (one.correct, one.score))

    def checked(
        self,
        answer: Mapping[str, object] | Answer,
        told: Outcome | None = None,
        profiles: tuple[str, ...] = (),
    ) -> Verdict:
        """Mark one answer; `told` is the convention of a network under which all of it is right."""
        if not answer:
            raise UsageError(say(NOTHING_TO_MARK), expected=series(self.truths))
        compared = {name: self._compared(name, data) for name, data in answer.items()}
        if self.follow:
            compared |= self._following(compared)
        wrong = {name: found for name, found in compared.items() if not found.faultless}
        if not wrong:
            marked = {name: self._right(found) for name, found in compared.items()}
            return self._verdict(marked)
        convention = told or self.conventions.agreeing(compared)
        fits = {name: self._suspected(found) for name, found in wrong.items()}
        for name, found in wrong.items():
            fits[name] = supported(found, fits, self.truths[name])
        random = {name for name, found in wrong.items() if found.random and not fits[name]}
        marked = {}
        for name, found in compared.items():
            if name not in wrong:
                marked[name] = self._right(found)
                continue
            rest_random = bool(random - {name})
            one = self._marked(found, fits[name], rest_random, len(compared) == 1)
            marked[name] = self._claims.told(one, found, convention, profiles)
        return self._verdict(marked)

    def _ordered(self, marked: MarkedResult) -> MarkedResult:
        """The same with the order of its axes, where a person has them in another."""
        if marked.name not in self._turned:
            return marked
        order = self.problem.order_of(marked.name, marked.truth.ndim, self.problem.settings)
        return replace(marked, order=order)

    def _right(self, found: Compared) -> MarkedResult:
        truth = self.truths[found.name]
        return MarkedResult(found.name, found.sheet, truth, found.right, follows=found.follows)

    def _verdict(self, marked: Mapping[str, MarkedResult]) -> Verdict:
        ordered = {name: self._ordered(marked[name]) for name in self.truths if name in marked}
        missing = tuple(name for name in self.problem.names if name not in marked)
        return Verdict(self.problem.op, ordered, missing)

    def _following(self, compared: Mapping[str, Compared]) -> dict[str, Compared]:
        """The results that are right from a person's own earlier one, though not the true ones."""
        found = {}
        for name, one in compared.items():
            earlier = compared.get(follows_from(name))
            if earlier is None or not one.mistaken or not one.shape_right or not earlier.own:
                continue
            value = followed(self.problem, name, earlier.values)
            if value is None or one.read.blank is not None:
                continue
            if one.read.fits(value):
                right = np.ones(one.right.shape, bool)
                found[name] = one._replace(
                    right=right, wrong=~right, mistaken=0, misrounded={}, follows=earlier.name
                )
                continue
            rules = self._candidates.rules
            known = followed_wrongly(self.problem, rules, name, earlier.values)
            own = tuple(dict.fromkeys(code for code, wrong in known if one.read.fits(wrong)))
            found[name] = one._replace(own_codes=own)
        return found

    def _compared(self, name: str, data: object) -> "Compared":
        if name not in self.truths:
            raise UsageError(
                say("The problem has no result {name}.", name=name),
                expected=series(self.truths),
                fix=nearest(name, self.truths),
            )
        sheet = data if isinstance(data, AnswerMatrix) else answer_matrix_of(data)
        if name in self._turned:
            sheet = _plain(self.problem, name, sheet)
        truth = self.truths[name]
        read = reading(sheet, truth, self.precision, lambda: self._sums(name))
        if understood(read.shape, truth.shape):
            read = read.reshaped(truth.shape)
            right = read.equals(truth)
            wrong, mistaken = ~right, right.size - int(right.sum())
            if not mistaken:
                return Compared(name, sheet, read, right, wrong, 0)
            if read.blank is not None:
                wrong &= ~read.blank
                mistaken -= int(read.blank.sum())
            known = misrounded(sheet, read, truth, wrong)
            if self.precision != Precision():  # what is asked may be more, or less
                known = {
                    place: code for place, code in known.items() if not code.startswith(TOO_FEW)
                }
            return Compared(name, sheet, read, right, wrong, mistaken, known)
        same_size = read.values.size == truth.size
        in_a_row = same_size and bool(read.reshaped(truth.shape).equals(truth).all())
        none = np.zeros(truth.shape, bool)
        return Compared(name, sheet, read, none, ~none, none.size, {}, False, in_a_row)

    def _sums(self, name: str) -> Sums:
        if name not in self._known_sums:
            self._known_sums[name] = term_sums(self.problem, name, self.truths[name])
        return self._known_sums[name]

    def _suspected(self, found: "Compared") -> list[Fit]:
        """The rules that fit: single ones, or else pairs."""
        if found.own_codes:
            return [Fit((code,), _CLEARLY_EARNED) for code in found.own_codes]
        if (found.accounted_for and not found.whole) or not found.read.values.size:
            return []
        wrong = found.wrong if found.shape_right else None
        fits = self._candidates.single(found.name, found.read, wrong)
        if not any(fit.literal for fit in fits):
            fits += self._candidates.pairs(found.name, found.read, wrong)
        if found.read.blank is not None:  # the less is filled in, the more rules fit it
            fits = [f for f in fits if f.earned >= _CLEARLY_EARNED and found.speaking > 1]
        if found.whole or fits or found.few or not found.shape_right:
            return fits
        if factor_of(found.read, self.truths[found.name]) is None:
            fits = self._candidates.scaled(found.name, found.read, found.wrong)
        if fits or found.read.filled < _NOT_SMALL:
            return fits
        nearly = self._candidates.nearly(found.name, found.read, found.wrong)
        return [fit for fit in nearly if fit.earned >= _CLEARLY_EARNED]

    def _marked(
        self, found: "Compared", fits: Sequence[Fit], rest_random: bool, alone: bool
    ) -> MarkedResult:
        """Put together what has been found, but for claims that chance could make as well."""
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

    def _slips_of(self, found: "Compared", rest_random: bool, alone: bool) -> list[Slip]:
        """What went wrong cell by cell: what is plain to see, and of few cells the rest too."""
        known = self._slips.named(found.name, found.sheet, found.known)
        wrong = found.unknown
        looked_into = found.few and not (rest_random and found.mostly_wrong)
        if not looked_into or not wrong.any():
            return known
        others = self._slips.of(found.name, found.sheet, found.read, wrong, alone)
        return sorted([*known, *others], key=lambda slip: slip.cell)

    def _overlap(self, found: "Compared") -> Overlap | None:
        """The first step at which a wrong cell should have added up, with something to add."""
        if not found.shape_right:
            return None
        if found.right.size > _REMEMBERED:
            return self._first_overlap(found)
        key = (found.name, found.right.tobytes())
        if key not in self._overlaps:
            self._overlaps[key] = self._first_overlap(found)
        return self._overlaps[key]

    def _first_overlap(self, found: "Compared") -> Overlap | None:
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


def _plain(problem: Problem, name: str, sheet: AnswerMatrix) -> AnswerMatrix:
    """The same with its axes in the program's order."""
    if not problem.order_of(name, sheet.values.ndim, problem.settings):
        return sheet
    decimals = None if sheet.decimals is None else problem.out_of_layout(name, sheet.decimals)
    return AnswerMatrix(problem.out_of_layout(name, sheet.values), decimals)


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
