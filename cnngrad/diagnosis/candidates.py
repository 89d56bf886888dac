"""Which rule gives just this answer: all candidates are computed once a problem, then compared."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import comb, gcd, lcm, log2
from typing import NamedTuple

import numpy as np

from ..core.numbers import Array, Scaled, alike, approximately, divided, nearest_float, rounded_to
from ..core.problem import Problem
from ..core.trace import Index
from .compare import Reading, understood
from .probe import LOCAL, Probe
from .rules import SCALED, Rule, Rules, Simulator
from .variants import RIGHT, Variant, finished, merged

Codes = tuple[str, ...]

_SINGLES_WORK = 50_000_000
_PAIRS_WORK = 300_000
"""Multiply-adds of a problem up to which single rules and pairs of them are tried."""
_PROBED_WORK = 1_000_000
"""Multiply-adds from which on a mistake is refuted on a corner before it is computed whole."""
_EXACT_WORK = 100_000
"""Multiply-adds up to which mistakes are computed exactly; beyond, in float64."""

_MOST_ODD = 2
"""So many wrong cells a rule may leave unexplained."""
_EARNED = 4.0
"""Bits by which a pair must beat chance: one in 16; more where the rest looks random."""
_MOST_BITS = 10.0
_SIZES_OF_A_FACTOR = 3
"""Numbers of different size that have to agree on a factor."""
_ZERO_BITS = 2.0
"""What a single cell can say for a claim; a 0 says less, as it is also what is left undone."""


class Fit(NamedTuple):
    """A rule, or two at once, that give just this answer."""

    codes: Codes
    earned: float
    """Bits by which the agreement beats chance."""
    literal: bool = True
    """Whether it is the rule itself, not a variant that two other rules may make up as well."""
    besides: tuple[Index, ...] = ()
    """Wrong cells that it does not explain."""
    weak: bool = False
    """Whether more than one cell has to speak for it."""
    rivals: int = 1
    """How many candidates differ from the truth in just the cells that are wrong."""


@dataclass
class _Table:
    """What comes out under many mistakes, all in one shape."""

    shape: Index
    codes: list[list[Codes]] = field(default_factory=list)
    scaled: list[Scaled] = field(default_factory=list)
    literal: list[bool] = field(default_factory=list)

    @cached_property
    def floats(self) -> Array:
        """One row a candidate, in float64."""
        return np.stack([_in_floats(scaled).ravel() for scaled in self.scaled])

    def matches(self, reading: Reading) -> list[int]:
        """The candidates that equal the answer in every cell that is filled in."""
        found = self._hit(reading)
        if not found:
            return []
        shaped = reading.reshaped(self.shape)
        return [
            k
            for k in found
            if self.scaled[k].values.dtype.kind == "f" or shaped.fits(divided(*self.scaled[k]))
        ]

    def _hit(self, reading: Reading) -> list[int]:
        """The candidates that agree in float64; most are refuted by a single cell."""
        given = reading.floats.ravel()
        k = int(np.abs(given).argmax())
        if reading.blank is not None or not given[k]:
            return list(np.flatnonzero(self.near(reading).all(1)).tolist())
        slack = 0.0 if reading.slack is None else reading.slack.ravel()
        at = slack if isinstance(slack, float) else slack[k]
        size = abs(given[k])
        rows = np.flatnonzero(np.abs(self.floats[:, k] - given[k]) <= at + 1e-9 * size + 1e-12)
        if not rows.size:
            return []
        near = np.abs(self.floats[rows] - given) <= slack + 1e-9 * np.abs(given) + 1e-12
        return list(rows[near.all(1)].tolist())

    def near(self, reading: Reading) -> Array:
        """For each candidate and each cell, whether they agree, or the cell is not filled in."""
        given = reading.floats.reshape(1, -1)
        slack = 0.0 if reading.slack is None else reading.slack.reshape(1, -1)
        near: Array = np.abs(self.floats - given) <= slack + 1e-9 * np.abs(given) + 1e-12
        return near if reading.blank is None else near | reading.blank.reshape(1, -1)

    def alike(self, wrong: Array, truth: Array, blank: Array | None) -> int:
        """How many candidates differ from the truth in just these cells, of those filled in."""
        if self.shape != truth.shape:
            return len(self.scaled)
        if self._differs is None:
            right = approximately(truth).reshape(1, -1)
            self._differs = np.abs(self.floats - right) > 1e-9 * (1 + np.abs(right))
        same = self._differs == wrong.reshape(1, -1)
        return int((same if blank is None else same | blank.reshape(1, -1)).all(1).sum())

    _differs: Array | None = None


class CandidateIndex:
    """What each result comes out as under every known mistake, computed when first asked for."""

    def __init__(self, problem: Problem, truths: dict[str, Array], rules: Rules) -> None:
        self.problem = problem
        self.truths = truths
        self.rules = rules
        self._weak = {rule.code for rule in rules.rules if rule.cells > 1}
        self._probe: Probe | None = None
        self._simulator: Simulator | None = None
        self._cores: dict[tuple[str, Variant], Scaled | None] = {}
        self._variants: dict[str, list[tuple[str, Variant]]] = {}
        self._tables: dict[tuple[str, int], list[_Table]] = {}

    def single(self, name: str, reading: Reading, wrong: Array | None) -> list[Fit]:
        """The single rules that give just this answer."""
        return self._fits(name, 1, reading, wrong)

    def pairs(self, name: str, reading: Reading, wrong: Array | None) -> list[Fit]:
        """The pairs of rules that give just this answer and have earned to be named."""
        fits = self._fits(name, 2, reading, wrong)
        return [fit for fit in fits if fit.earned >= _EARNED]

    def scaled(self, name: str, reading: Reading, wrong: Array) -> list[Fit]:
        """The single rules of which the answer is a constant multiple, with the rule of that."""
        truth, fits = self.truths[name], []
        if reading.blank is not None or not reading.floats.any():
            return []
        given = reading.floats.reshape(truth.shape)
        k = int(np.abs(given).argmax())
        for table in self._tables_of(name, 1):
            if table.shape != truth.shape:
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                factors = given.flat[k] / table.floats[:, k]
                off = np.abs(table.floats * factors[:, None] - given.reshape(1, -1))
            slack = 0.0 if reading.slack is None else 2 * reading.slack.reshape(1, -1)
            close = off <= slack + 1e-9 * (1 + abs(given.flat[k]))
            for j in np.flatnonzero(close.all(1)):
                candidate = table.floats[j].reshape(truth.shape)
                sizes = {float(x) for x in np.round(np.abs(candidate[wrong]), 9) if x}
                if len(sizes) < _SIZES_OF_A_FACTOR:
                    continue
                bits = self._bits(truth, candidate, wrong) - _MOST_BITS - log2(len(table.scaled))
                fits += [Fit((*codes, SCALED), bits) for codes in table.codes[j]]
        return [fit for fit in fits if fit.earned >= _EARNED]

    def nearly(self, name: str, reading: Reading, wrong: Array) -> list[Fit]:
        """The single rules that give all of the answer but very few of its wrong cells."""
        truth = self.truths[name]
        fits: dict[Codes, Fit] = {}
        for table in self._tables_of(name, 1):
            if table.shape != truth.shape:
                continue
            near = table.near(reading)
            least = near.shape[1] - _MOST_ODD
            for k in np.flatnonzero(np.count_nonzero(near, 1) >= least):
                besides = ~near[k].reshape(table.shape)
                if (besides & ~wrong).any():  # what is right has to be explained as well
                    continue
                explained = wrong & ~besides
                bits = self._bits(truth, table.floats[k].reshape(table.shape), explained)
                ways = len(table.scaled) * comb(wrong.size, int(besides.sum()))
                places = tuple(tuple(place) for place in np.argwhere(besides).tolist())
                for codes in table.codes[k]:
                    fits.setdefault(codes, Fit(codes, bits - log2(ways), besides=places))
        fewest = min((len(fit.besides) for fit in fits.values()), default=0)
        return [fit for fit in fits.values() if len(fit.besides) == fewest]

    def shaped(self, name: str, shape: Index) -> tuple[str, ...]:
        """The single rules under which a result has this shape."""
        truth = self.truths[name].shape
        tables = self._tables_of(name, 1)
        like = [t for t in tables if t.shape != truth and understood(shape, t.shape)]
        return tuple(dict.fromkeys(code for t in like for group in t.codes for (code,) in group))

    def _fits(self, name: str, size: int, reading: Reading, wrong: Array | None) -> list[Fit]:
        truth = self.truths[name]
        fits: dict[Codes, Fit] = {}
        for table in self._tables_for(name, size, reading, wrong):
            if not understood(reading.shape, table.shape):
                continue
            if (wrong is None) == (table.shape == truth.shape):
                continue
            for k in table.matches(reading):
                blank = reading.blank
                filled = np.ones(reading.shape, bool) if blank is None else ~blank
                where = filled.reshape(table.shape) if wrong is None else wrong
                bits = self._bits(truth, table.floats[k].reshape(table.shape), where)
                rivals = max(table.alike(where, truth, blank), 1)
                earned = bits - log2(rivals)
                for codes in table.codes[k]:
                    weak = any(code in self._weak for code in codes)
                    fits.setdefault(codes, Fit(codes, earned, table.literal[k], (), weak, rivals))
        return list(fits.values())

    @staticmethod
    def _bits(truth: Array, candidate: Array, wrong: Array) -> float:
        """How much the agreement in the wrong cells says: more where numbers vary more."""
        top = max(float(np.abs(approximately(truth)).max()), float(np.abs(candidate).max()))
        parts = 1.0
        if truth.dtype.kind != "i":
            parts = 10 if truth.dtype.kind == "f" else nearest_float(_denominator(truth))
        per_cell = min(log2(2 * top * parts + 1), _MOST_BITS)
        said = np.where(candidate == 0, min(_ZERO_BITS, per_cell), per_cell)
        return float(said[wrong].sum())

    # ---- candidates -------------------------------------------------------------------------

    def _tables_of(self, name: str, size: int) -> list[_Table]:
        key = (name, size)
        if key not in self._tables:
            self._tables[key] = self._built(name, size)
        return self._tables[key]

    def _tables_for(
        self, name: str, size: int, reading: Reading, wrong: Array | None
    ) -> list[_Table]:
        """The candidates that this answer may be; of a large problem, those that stand a probe."""
        if size > 1 or wrong is None or name != LOCAL or self.problem.work < _PROBED_WORK:
            return self._tables_of(name, size)
        if self._probe is None:
            self._probe = Probe(self.problem, self.rules)
        return self._built(name, size, reading)

    def _built(self, name: str, size: int, reading: Reading | None = None) -> list[_Table]:
        truth = self.truths[name]
        known = {_key(_scaled(truth)): -1}
        if size == 2:
            if self.problem.work > _PAIRS_WORK:
                return []
            for table in self._tables_of(name, 1):
                simple = zip(table.scaled, table.literal, strict=True)
                known |= {_key(scaled): -1 for scaled, literal in simple if literal}
        tables: dict[Index, _Table] = {}
        for codes, variant, literal in self._named(name, size):
            if reading is not None and self._probe and self._probe.refutes(variant, reading):
                continue
            scaled = self.simulated(name, variant)
            if scaled is None or not scaled.values.size or not scaled.values.any():
                continue
            key = _key(scaled)
            table = tables.setdefault(scaled.values.shape, _Table(scaled.values.shape))
            k = known.setdefault(key, len(table.scaled))
            if k == len(table.scaled):
                table.scaled.append(scaled)
                table.codes.append([])
                table.literal.append(False)
            if k >= 0 and codes not in table.codes[k]:
                table.codes[k].append(codes)
                table.literal[k] |= literal
        return [table for table in tables.values() if table.scaled]

    def _named(self, name: str, size: int) -> Iterator[tuple[Codes, Variant, bool]]:
        """All variants of a rule, or of two at once, and whether each is literally that."""
        if name not in self._variants:
            self._variants[name] = list(_variants_of(self.rules.rules, self.problem, name))
        variants = self._variants[name]
        if size == 1:
            codes = [code for code, _ in variants]
            for k, (code, variant) in enumerate(variants):
                yield (code,), variant, code not in codes[:k] or variant.changes == 1
            return
        for (one, first), (two, second) in itertools.combinations(variants, 2):
            both = merged(first, second) if one != two else None
            if both is None:
                continue
            yield (one, two), both, True
            if first.after and second.after:
                yield (one, two), both._replace(after=second.after + first.after), True
            if first.kernel and second.kernel:
                yield (one, two), both._replace(kernel=second.kernel + first.kernel), True

    def simulated(self, name: str, variant: Variant) -> Scaled | None:
        """A result under a variant; None where the variant makes no sense for this problem."""
        core = variant.core
        key = (name, core)
        if key not in self._cores:
            self._cores[key] = self._core(name, core)
        found = self._cores[key]
        return None if found is None else finished(found, variant)

    def _core(self, name: str, core: Variant) -> Scaled | None:
        if core == RIGHT:
            return _scaled(self.truths[name])
        if self.problem.work > _SINGLES_WORK:
            return None
        if self._simulator is None:
            exact = self.problem.exact and self.problem.work <= _EXACT_WORK
            self._simulator = self.rules.simulate(self.problem.computed(exact))
        return self._simulator.simulate(name, core)


def _variants_of(
    rules: Iterable[Rule], problem: Problem, name: str
) -> Iterator[tuple[str, Variant]]:
    for rule in rules:
        for variant in rule.variants(problem, name):
            yield rule.code, variant


def _scaled(array: Array) -> Scaled:
    return alike(array)[0]


def _in_floats(scaled: Scaled) -> Array:
    """The numbers in float64, ±∞ where one is too large."""
    values, scale = approximately(scaled.values), nearest_float(scaled.scale)
    if np.isfinite(scale) and np.isfinite(values).all():
        quotients: Array = values / scale
        return quotients
    return approximately(divided(*scaled))


def _key(scaled: Scaled) -> tuple[object, ...]:
    """The same for arrays that are equal, however they are scaled."""
    values, scale = scaled
    if values.dtype.kind == "f":
        return values.shape, 0, rounded_to(values, 9).tobytes()
    if values.dtype.kind == "i" and scale < 2**63:
        common = int(np.gcd.reduce(values.ravel(), initial=scale))
        return values.shape, scale // common, (values // common).tobytes()
    cells = values.ravel().tolist()
    common = gcd(scale, *cells)
    return values.shape, scale // common, tuple(cell // common for cell in cells)


def _denominator(truth: Array) -> int:
    return lcm(*{cell.denominator for cell in truth.flat})
