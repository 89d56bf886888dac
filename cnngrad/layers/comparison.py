"""One problem under several conventions: where the results differ, and which setting it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..core.conventions import PROFILES
from ..core.errors import CnngradError
from ..core.explanation import Explanation, explain_cell, written
from ..core.layouts import ordered
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.text import Count, say
from ..core.trace import Index, cell_name
from ..pictures.blocks import Heading, HeadingLevel, Matrices, Note, OutlineBlock, Paragraph, Sums
from ..pictures.step_picture import Matrix, whole

MAX_CELLS = 12
"""Cells that differ which are explained; of more, it is said how many."""
MAX_TERMS = 8
"""Terms of a cell that are spelled out."""
_SHOWN_ALIKE = ("like", "layout", "kernel_layout", "dense_layout")
"""Settings that order or name matrices and change no number."""


class Difference(NamedTuple):
    """One cell that two conventions give otherwise."""

    name: str
    cell: Index
    """In full rank."""
    values: tuple[Any, ...]
    """Under each of the conventions."""


class Comparison:
    """A problem under several profiles, each of which gives what the problem leaves open.

    Parameters
    ----------
    base
        The problem as it was read: its numbers, and the layouts in which all is shown.
    explicit
        The settings that a person stated, which beat every profile.
    names
        The profiles.
    """

    def __init__(self, base: Problem, explicit: Mapping[str, Any], names: Sequence[str]) -> None:
        self.base, self.names = base, tuple(names)
        self.problems: dict[str, Problem] = {}
        self.refused: dict[str, CnngradError] = {}
        shown = {key: base.settings[key] for key in _SHOWN_ALIKE if key in base.settings}
        stated = {key: value for key, value in explicit.items() if key not in _SHOWN_ALIKE}
        for name in names:
            try:
                made = type(base)(base.given, {**shown, **stated, "like": name}, base.title)
                _ = made.results
                self.problems[name] = made
            except CnngradError as error:
                self.refused[name] = error

    @cached_property
    def settings(self) -> dict[str, dict[str, Any]]:
        """The settings that differ, each with its value under every profile."""
        first, *_ = self.problems.values() if self.problems else (self.base,)
        found = {}
        for name in first.settings:
            values = {like: p.settings[name] for like, p in self.problems.items()}
            if name not in _SHOWN_ALIKE and len(set(map(repr, values.values()))) > 1:
                found[name] = values
        return found

    def differences(self) -> Iterator[Difference]:
        """Every cell of every result that is not the same under all profiles."""
        if len(self.problems) < 2:
            return
        for name in self.base.names:
            full = [_full(problem, name) for problem in self.problems.values()]
            if len({array.shape for array in full}) > 1:
                continue
            apart = np.zeros(full[0].shape, bool)
            for array in full[1:]:
                apart |= np.asarray(array != full[0], bool)
            for place in np.argwhere(apart):
                cell = tuple(int(i) for i in place)
                yield Difference(name, cell, tuple(array.item(*cell) for array in full))

    def matrices(self, name: str) -> Iterator[Matrix]:
        """A result under each profile, to be drawn."""
        for like, problem in self.problems.items():
            for matrix in whole(problem, name, _full(problem, name), "done"):
                title = matrix.title if matrix.title != name else ""
                yield replace(matrix, title=f"{PROFILES[like].title} {title}".rstrip())

    def reasons(self, difference: Difference) -> list[str]:
        """The settings that make this difference: each alone changes the cell."""
        (first, problem), *others = self.problems.items()
        found = []
        for setting, values in self.settings.items():
            for other, _ in others:
                if repr(values[other]) == repr(values[first]):
                    continue
                changed = self._with(problem, setting, values[other])
                if changed is None or self._apart(changed, difference):
                    found.append(setting)
                    break
        return found

    def _with(self, problem: Problem, setting: str, value: Any) -> Problem | None:
        """The same problem with one setting of another profile; None where that cannot be."""
        key = (setting, repr(value))
        if key not in self._changed:
            try:
                self._changed[key] = replace(
                    problem, settings={**problem.settings, "like": None, setting: value}
                )
            except CnngradError:
                self._changed[key] = None
        return self._changed[key]

    @cached_property
    def _changed(self) -> dict[tuple[str, str], Problem | None]:
        return {}

    @staticmethod
    def _apart(changed: Problem, difference: Difference) -> bool:
        array = _full(changed, difference.name)
        fits = all(i < size for i, size in zip(difference.cell, array.shape, strict=True))
        return not fits or bool(array.item(*difference.cell) != difference.values[0])


def _full(problem: Problem, name: str) -> Array:
    """A result in full rank."""
    return problem.results[name].reshape(problem.trace(name).shape)


def comparison_outline(comparison: Comparison) -> Iterator[OutlineBlock]:
    """The results under each profile, and every cell that differs, explained."""
    yield Heading(HeadingLevel.PART, say("On these numbers"))
    for name, error in comparison.refused.items():
        title = PROFILES[name].title
        yield Paragraph(say("{title} refuses this: {why}", title=title, why=_one_line(error)))
    if len(comparison.problems) < 2:
        yield Note(say("There is nothing to compare."))
        return
    yield from _settings(comparison)
    yield from _shapes(comparison)
    for name in comparison.base.names:
        yield Heading(HeadingLevel.PART, name, result=name)
        yield Matrices(list(comparison.matrices(name)))
        found = [d for d in comparison.differences() if d.name == name]
        if not found:
            yield Paragraph(say("{name} is the same under all of them.", name=name))
        for difference in found[:MAX_CELLS]:
            yield from _explained(comparison, difference)
        if len(found) > MAX_CELLS:
            left = Count(len(found) - MAX_CELLS)
            yield Note(say("{count:# more cell differs|# more cells differ}.", count=left))
    for like, problem in comparison.problems.items():
        for words in problem.told:
            yield Note(say("{title}: {words}", title=PROFILES[like].title, words=words))


def _settings(comparison: Comparison) -> Iterator[OutlineBlock]:
    lines = []
    for setting, values in comparison.settings.items():
        each = [f"{PROFILES[like].title} {_value(value)}" for like, value in values.items()]
        lines.append(f"{setting}: {', '.join(each)}")
    if lines:
        yield Paragraph(say("Settings that differ:"))
        yield Sums(lines)
    else:
        yield Paragraph(say("No setting that concerns this problem differs."))


def _shapes(comparison: Comparison) -> Iterator[OutlineBlock]:
    for name in comparison.base.names:
        shapes = {like: _full(p, name).shape for like, p in comparison.problems.items()}
        if len(set(shapes.values())) > 1:
            each = ", ".join(
                f"{PROFILES[like].title} {problem.form(name, problem.results[name].shape)}"
                for like, problem in comparison.problems.items()
            )
            yield Paragraph(say("{name} has another size: {each}.", name=name, each=each))


def _explained(comparison: Comparison, difference: Difference) -> Iterator[OutlineBlock]:
    """One cell under each profile, its terms, and the setting that makes the difference."""
    lines = []
    for like, problem in comparison.problems.items():
        trace = problem.trace(difference.name)
        found = explain_cell(problem, trace, difference.cell)
        lines.append(f"{PROFILES[like].title}: {_formula(found)}")
    label = cell_name(
        difference.name, difference.cell, ordered(comparison.base.ranks[difference.name])
    )
    reasons = ", ".join(comparison.reasons(difference))
    words = say("{cell} differs by {settings}:", cell=label, settings=reasons or "–")
    yield Paragraph(words)
    yield Sums(lines)


def _formula(found: Explanation) -> str:
    """A cell as the sum of its terms."""
    problem, write = found.problem, found.problem.numerals
    value = write(found.value)
    terms = [term for term in found.terms if term.value != 0]
    if not terms:
        return say("0: no term reaches it") if not found.terms else value
    parts = []
    for term in terms[:MAX_TERMS]:
        left, right = written(problem, term.left), written(problem, term.right)
        parts.append(left if right == "1" else f"{left}·{right}")
    if len(terms) > MAX_TERMS or found.gap:
        parts.append("…")
    words = " + ".join(parts)
    if found.divided_by > 1:
        words = f"({words}) / {found.divided_by}"
    return f"{words} = {value}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, tuple):
        return ",".join(map(_value, value)) if len(set(value)) > 1 else _value(value[0])
    return str(value)


def _one_line(error: CnngradError) -> str:
    return str(error).splitlines()[0]


def differences_json(comparison: Comparison) -> list[dict[str, Any]]:
    """Every cell that differs, for programs."""
    found = []
    for difference in comparison.differences():
        rank = ordered(comparison.base.ranks[difference.name])
        values = zip(comparison.problems, difference.values, strict=True)
        found.append(
            {
                "result": difference.name,
                "cell": list(rank.place(difference.cell)),
                "values": {like: str(value) for like, value in values},
                "settings": comparison.reasons(difference),
            }
        )
    return found
