"""Problems to be worked by hand: small friendly numbers that tell the mistakes apart."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations
from math import isqrt, prod
from random import Random
from typing import Any, NamedTuple

from ..core.batch import DEFAULT
from ..core.errors import SettingError, ShapeError, nearest
from ..core.numbers import Array, as_array, divided
from ..core.problem import Problem
from ..core.shapes import Pair, by, pair
from ..core.text import say, series
from ..core.trace import Index
from ..diagnosis.candidates import CandidateIndex
from ..layers import operation
from ..layers.exercise_levels import (
    CONVOLUTIONS,
    DENSE,
    NORMALISATIONS,
    POOLINGS,
    TRANSPOSED,
    Level,
)
from ..layers.rules import SAME_THING, rules_for

LARGEST = 400
"""Cells of the largest matrix that anybody works by hand."""
TRIES = 20
"""So many problems are drawn, and the one that tells most mistakes apart is taken."""


class Wish(NamedTuple):
    """What kind of exercise is wanted; None is as the difficulty has it."""

    op: str
    difficulty: int = 1
    mode: str | None = None
    size: object = None
    kernel_size: object = None
    stride: object = None
    padding: object = None
    samples: int | None = None
    channels: int | None = None
    filters: int | None = None
    batch: str | None = None
    like: str | None = None


class Outcome(NamedTuple):
    """What comes out of one result under one mistake."""

    name: str
    code: str
    values: Array

    def harmless(self, problem: Problem) -> bool:
        """Whether the right answer comes out nevertheless."""
        return _same(self.values, problem.results[self.name])


class _Kind(NamedTuple):
    levels: tuple[Level, ...]
    draw: Callable[["_Draft"], Problem]


class _Draft(NamedTuple):
    wish: Wish
    level: Level
    random: Random

    def sides(self, name: str, otherwise: int) -> Pair:
        """A wish that is an integer or (height, width)."""
        value = getattr(self.wish, name)
        if value is None:
            return otherwise, otherwise
        return pair(value, name.replace("_", "-"))

    def count(self, name: str) -> int:
        """A wish that is a number of things."""
        wished = getattr(self.wish, name)
        return int(getattr(self.level, name) if wished is None else wished)

    def numbers(self, shape: Index, low: int, zero: bool = True, distinct: bool = False) -> Array:
        """Small integers; in each plane all different, where that is wanted and possible."""
        cells, plane = prod(shape), prod(shape[-2:])
        if cells > LARGEST:
            raise ShapeError(
                say("The exercise is too large to be worked by hand."),
                found=say("a matrix of {shape}", shape=by(shape)),
                expected=say("at most {largest} cells", largest=LARGEST),
            )
        high = self.level.reach
        if distinct and low >= 0:
            high = max(high, low + plane - 1)
        choices = [n for n in range(low, high + 1) if n or zero]
        drawn: list[int] = []
        while len(drawn) < cells:
            if distinct and len(choices) >= plane:
                drawn += self.random.sample(choices, plane)
            else:
                drawn += self.random.choices(choices, k=plane)
        return as_array(drawn).reshape(shape)


def exercises(wish: Wish, seed: int, count: int = 1) -> Iterator[Problem]:
    """Make problems, each a variant of its own; the same seed gives the same ones.

    Parameters
    ----------
    wish
        What kind of exercise.
    seed, count
        Where the numbers come from, and how many variants.

    Raises
    ------
    CnngradError
        The wish is unknown, contradicts itself or is too large.

    Examples
    --------
    >>> problem = next(exercises(Wish("conv-backward"), seed=1))
    >>> problem.shapes["A_prev"], problem.shapes["W"], problem.shapes["dZ"]
    ((3, 3), (2, 2), (2, 2))
    """
    least = 0
    for variant in range(1, count + 1):
        random = Random(f"{seed} {variant}")
        best, fewest = None, -1
        for _ in range(TRIES):
            problem = drawn(wish, random)
            confused = len(confusions(problem))
            if best is None or confused < fewest:
                best, fewest = problem, confused
            if fewest <= least:
                break
        assert best is not None  # TRIES is positive
        least = fewest  # what no numbers of this kind can tell apart
        yield best


def drawn(wish: Wish, random: Random) -> Problem:
    """Draw one problem, whatever it tells apart; raises as `exercises` does."""
    if wish.op not in _KINDS:
        raise SettingError(
            say("There are no exercises of this kind."),
            found=wish.op,
            expected=series(_KINDS),
            fix=nearest(wish.op, _KINDS),
        )
    kind = _KINDS[wish.op]
    if not 1 <= wish.difficulty <= len(kind.levels):
        raise SettingError(
            say("There is no such difficulty."),
            found=str(wish.difficulty),
            expected=say("1 to {count}", count=len(kind.levels)),
        )
    return kind.draw(_Draft(wish, kind.levels[wish.difficulty - 1], random))


def outcomes(problem: Problem) -> Iterator[Outcome]:
    """What comes out under every mistake that there is in this kind of problem.

    Of a mistake that is read in several ways, this gives the likeliest.
    """
    known = rules_for(problem)
    candidates = CandidateIndex(problem, dict(problem.results), known)
    for name in problem.names:
        seen: set[str] = set()
        for rule in known.rules:
            for variant in () if rule.code in seen else rule.variants(problem, name):
                done = candidates.simulated(name, variant)
                if done is not None:
                    seen.add(rule.code)
                    yield Outcome(name, rule.code, divided(done.values, done.scale))
                    break


def listed(problem: Problem) -> Iterator[Outcome]:
    """The outcomes that harm, each once: what is the same mistake by a second name is left out."""
    seen: list[Outcome] = []
    for outcome in outcomes(problem):
        if outcome.values.ndim != problem.results[outcome.name].ndim:
            continue
        code = SAME_THING.get(outcome.code)
        twins = [o for o in seen if o.name == outcome.name and o.code == code]
        if outcome.harmless(problem) or any(_same(outcome.values, o.values) for o in twins):
            continue
        seen.append(outcome)
        yield outcome


def confusions(problem: Problem) -> list[tuple[str, str, str]]:
    """What the numbers cannot tell apart: (result, mistake, other mistake).

    The other mistake is "" where the mistake does no harm and the right answer comes out.
    """
    found = []
    by_name: dict[str, list[Outcome]] = {name: [] for name in problem.names}
    for outcome in outcomes(problem):
        by_name[outcome.name].append(outcome)
    for name, known in by_name.items():
        wrong = []
        for outcome in known:
            if outcome.harmless(problem):
                found.append((name, outcome.code, ""))
            else:
                wrong.append(outcome)
        found += [
            (name, one.code, two.code)
            for one, two in combinations(wrong, 2)
            if _same(one.values, two.values)
        ]
    return found


def _same(one: Array, two: Array) -> bool:
    return one.shape == two.shape and bool((one == two).all())


# ---- one function a kind of layer ------------------------------------------------------------


def _refused(draft: _Draft, *names: str) -> None:
    """Refuse wishes that this kind of exercise knows nothing of."""
    for name in names:
        if getattr(draft.wish, name) is not None:
            raise SettingError(
                say(
                    "An exercise on {op} has no {option}.",
                    op=draft.wish.op,
                    option=name.replace("_", "-"),
                ),
                found=f"--{name.replace('_', '-')} {getattr(draft.wish, name)}",
            )


def _posed(draft: _Draft, given: dict[str, Array], settings: dict[str, Any], out: str) -> Problem:
    """The problem; a backward one gets its dZ in the shape of the forward result."""
    op = draft.wish.op
    if draft.wish.like is not None:
        settings = {**settings, "like": draft.wish.like}
    if op.endswith("forward"):
        return operation(op).problem(given, settings)
    forward = operation(op.replace("backward", "forward"))
    kept = {key: value for key, value in settings.items() if key in forward.spec.takes}
    shape = forward.problem(given, kept).shapes[out]
    errors = draft.numbers(shape, -draft.level.reach, zero=False)
    if draft.level.whole and settings.get("mode") == "average":
        errors = errors * prod(settings["window"])
    return operation(op).problem({**given, "dZ": errors}, settings)


def _batch(draft: _Draft) -> str | None:
    """What dW and db are; a profile says it where nobody else does."""
    return draft.wish.batch or (DEFAULT if draft.wish.like is None else None)


def _convolution(draft: _Draft) -> Problem:
    _refused(draft, "mode")
    level, samples, channels = draft.level, draft.count("samples"), draft.count("channels")
    filters = draft.count("filters")
    leading = (samples, channels) if samples > 1 else (channels,) if channels > 1 else ()
    kernels = (filters, channels) if filters > 1 else (channels,) if channels > 1 else ()
    given = {
        "A_prev": draft.numbers((*leading, *draft.sides("size", level.size)), 0),
        "W": draft.numbers(
            (*kernels, *draft.sides("kernel_size", level.window)), -level.reach, distinct=True
        ),
    }
    settings = _sliding(draft)
    if draft.wish.op.endswith("backward"):
        settings["batch"] = _batch(draft)
    else:
        _refused(draft, "batch")
        given["b"] = draft.numbers((filters,), -level.reach, zero=False)
    return _posed(draft, given, settings, "Z")


def _pooling(draft: _Draft) -> Problem:
    _refused(draft, "filters", "batch")
    level, samples, channels = draft.level, draft.count("samples"), draft.count("channels")
    leading = (samples, channels) if samples > 1 else (channels,) if channels > 1 else ()
    mode = draft.wish.mode or "max"
    shape = (*leading, *draft.sides("size", level.size))
    tied = level.ties and draft.wish.op.endswith("backward")
    given = {"A_prev": draft.numbers(shape, 1, distinct=mode == "max" and not tied)}
    settings = {
        **_sliding(draft),
        "mode": mode,
        "window": draft.sides("kernel_size", level.window),
    }
    return _posed(draft, given, settings, "A")


def _sliding(draft: _Draft) -> dict[str, Any]:
    padding = draft.wish.padding
    return {
        "stride": draft.sides("stride", draft.level.stride),
        "padding": draft.level.padding if padding is None else padding,
    }


def _dense(draft: _Draft) -> Problem:
    _refused(draft, "mode", "kernel_size", "stride", "padding", "channels")
    samples, units = draft.count("samples"), draft.count("filters")
    inputs = draft.sides("size", draft.level.size)[0]
    rows = (samples, inputs) if samples > 1 else (inputs,)
    given = {
        "A_prev": draft.numbers(rows, 1),
        "W": draft.numbers((units, inputs), -draft.level.reach, distinct=True),
    }
    settings = {}
    if draft.wish.op.endswith("backward"):
        settings["batch"] = _batch(draft)
    else:
        _refused(draft, "batch")
        given["b"] = draft.numbers((units,), -draft.level.reach, zero=False)
    return _posed(draft, given, settings, "Z")


def _transposed(draft: _Draft) -> Problem:
    _refused(draft, "mode")
    level, samples, channels = draft.level, draft.count("samples"), draft.count("channels")
    filters = draft.count("filters")
    leading = (samples, channels) if samples > 1 else (channels,) if channels > 1 else ()
    joined = max(channels, filters) > 1
    given = {
        "A_prev": draft.numbers((*leading, *draft.sides("size", level.size)), -level.reach),
        "W": draft.numbers(
            (*((channels, filters) if joined else ()), *draft.sides("kernel_size", level.window)),
            -level.reach,
            distinct=True,
        ),
    }
    settings = _sliding(draft)
    if draft.wish.op.endswith("backward"):
        settings["batch"] = draft.wish.batch or DEFAULT
    else:
        _refused(draft, "batch")
        given["b"] = draft.numbers((filters,), -level.reach, zero=False)
    return _posed(draft, given, settings, "Z")


def _normalisation(draft: _Draft) -> Problem:
    """One channel, and an epsilon that makes the root whole."""
    _refused(draft, "mode", "kernel_size", "stride", "padding", "channels", "filters")
    level, samples = draft.level, draft.count("samples")
    leading = (samples, 1) if samples > 1 else ()
    A_prev = draft.numbers((*leading, *draft.sides("size", level.size)), -level.reach)
    cells = [Fraction(cell) for cell in A_prev.ravel().tolist()]
    mean = sum(cells) / len(cells)
    variance = sum((cell - mean) ** 2 for cell in cells) / len(cells)
    whole = isqrt(int(variance)) + 1
    given = {"A_prev": A_prev, "gamma": draft.numbers((1,), 2)}
    settings: dict[str, Any] = {"epsilon": str(whole**2 - variance)}
    if draft.wish.op.endswith("backward"):
        settings["batch"] = draft.wish.batch or DEFAULT
    else:
        _refused(draft, "batch")
        given["beta"] = draft.numbers((1,), -level.reach, zero=False)
    return _posed(draft, given, settings, "A")


_KINDS = {
    "conv-backward": _Kind(CONVOLUTIONS, _convolution),
    "conv-forward": _Kind(CONVOLUTIONS, _convolution),
    "conv-transpose-backward": _Kind(TRANSPOSED, _transposed),
    "conv-transpose-forward": _Kind(TRANSPOSED, _transposed),
    "batch-norm-backward": _Kind(NORMALISATIONS, _normalisation),
    "batch-norm-forward": _Kind(NORMALISATIONS, _normalisation),
    "pool-backward": _Kind(POOLINGS, _pooling),
    "pool-forward": _Kind(POOLINGS, _pooling),
    "dense-backward": _Kind(DENSE, _dense),
    "dense-forward": _Kind(DENSE, _dense),
}

KINDS = tuple(_KINDS)
"""The operations that there are exercises for."""
