"""The outline of a problem: what is given, the steps of each result, the result, as blocks.

What the terminal prints, the page shows and the handouts set in type is this outline.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ..core.descent import updated
from ..core.notation import digits_shown
from ..core.numbers import index
from ..core.numerals import Numerals
from ..core.problem import Problem
from ..core.settings import said
from ..core.text import Count, say
from ..core.trace import Trace, cell_name
from . import captions, sentences
from .blocks import (
    CompactSteps,
    Gap,
    Heading,
    HeadingLevel,
    Matrices,
    Note,
    OutlineBlock,
    Paragraph,
    Sums,
    Title,
    step_blocks,
)
from .descent import descent
from .formula import added, ends, equals
from .layer_words import corner_words, words_of
from .selection import NONE, Selection, SizeBudget
from .step_picture import CORNER, WHOLE_CELLS, Matrix, whole
from .step_view import overview, panel

MANY = 1_000
"""Steps in a row from which on each takes a line or two rather than a picture."""
LONG = 16
"""Steps of all results together beyond which a screen ends with a summary."""
PART, STEP = HeadingLevel.PART, HeadingLevel.STEP


def fitting(
    problem: Problem, name: str, selection: Selection, room: SizeBudget | None
) -> Selection:
    """The same selection with no more steps of a result than there is room for."""
    trace = problem.trace(name)
    if room is None or len(trace.shape) == 1:
        return selection
    cells = room.usual if selection.sensible else room.most
    first = panel(problem, trace, next(trace.steps(1, 1)))
    return selection._replace(most=cells // max(first.picture.cells, 1))


def settings(problem: Problem) -> str:
    """The settings in one line."""
    return ", ".join(
        f"{name} {_setting(value, problem.numerals)}"
        for name, value in said(problem.settings, problem.options).items()
    )


def _setting(value: object, write: Numerals) -> str:
    """A setting in as few words as say it: (2, 2) is 2."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, tuple):
        parts = [_setting(part, write) for part in value]
        return parts[0] if len(set(parts)) == 1 else ",".join(parts)
    return write(value, given=True) if isinstance(value, Fraction) else str(value)


def given(problem: Problem) -> list[Matrix]:
    """The matrices as they were given; the kernel is yellow."""
    return [
        matrix
        for name in problem.given
        for matrix in whole(
            problem, name, problem.arrays[name], "kernel" if name == "W" else "", given=True
        )
    ]


def left_out(
    problem: Problem, names: Sequence[str], selection: Selection, room: SizeBudget | None
) -> Iterator[tuple[str, Gap]]:
    """Which steps of which result there is no room for."""
    for name in names:
        trace = problem.trace(name)
        chosen = fitting(problem, name, selection, room and room.shared(len(names)))
        if len(trace.shape) > 1 and not (selection.sensible and overview(problem, trace)):
            for before, after in pairwise(chosen.ranges(len(trace))):
                yield name, Gap(before[1] + 1, after[0] - 1)


def outline(
    problem: Problem,
    names: Sequence[str],
    selection: Selection,
    room: SizeBudget | None = None,
    *,
    in_lines: bool = False,
    closing: Sequence[str] | None = None,
) -> Iterator[OutlineBlock]:
    """A problem as blocks; its steps are worked out as they are asked for.

    Parameters
    ----------
    problem, names, selection
        Which steps of which results.
    room
        How much of that a file has room for; without it, as a terminal shows them.
    in_lines
        For a text without pages: it tells of the steps before and behind the chosen ones, too,
        and very many steps come in a line or two each.
    closing
        What to say at the end instead of how exact the numbers are.
    """
    yield Title(problem.op, problem.title, settings(problem))
    yield Matrices(given(problem), say(captions.GIVEN))
    steps = 0
    for name in names:
        for block in result_blocks(
            problem, name, selection, room and room.shared(len(names)), in_lines=in_lines
        ):
            steps += isinstance(block, Heading) and block.step is not None
            yield block
    yield from descent_blocks(problem)
    if in_lines and room is None and steps > LONG:
        yield from _in_short(problem, names)
    for words in remarks(problem, names) if closing is None else closing:
        yield Note(words, closing=True)


def _in_short(problem: Problem, names: Sequence[str]) -> Iterator[OutlineBlock]:
    """At the end of a long run: what each result is, all of them together, and how to see more."""
    yield Heading(PART, say(sentences.IN_SHORT))
    yield Sums([introduction(problem, problem.trace(name)) for name in names])
    yield Matrices([matrix for name in names for matrix in result(problem, name)])
    name = names[0]
    cell = cell_name(name, (0,) * len(problem.trace(name).shape), problem.ranks[name])
    yield Note(say(sentences.SEE_MORE, name=name, cell=cell))


def result_blocks(
    problem: Problem,
    name: str,
    selection: Selection,
    room: SizeBudget | None,
    *,
    in_lines: bool = False,
) -> Iterator[OutlineBlock]:
    """How one result comes about: its rule in one line, its steps, and the result."""
    trace = problem.trace(name)
    vector = len(trace.shape) == 1
    yield Heading(PART, name, name, has_steps=not vector and selection != NONE)
    yield Paragraph(introduction(problem, trace))
    if vector:
        yield Sums(_sums(problem, trace))
    elif selection.sensible and (shown := overview(problem, trace)):
        yield from step_blocks(shown)
    else:
        chosen = fitting(problem, name, selection, room)
        yield from _steps(problem, trace, chosen.ranges(len(trace)), in_lines)
    yield Heading(STEP, say(sentences.RESULT, name=name), name)
    yield Matrices(result(problem, name))
    size = problem.results[name].size
    if size > WHOLE_CELLS:
        yield Note(say(sentences.TOO_LARGE, name=name, cells=Count(size)))


def introduction(problem: Problem, trace: Trace) -> str:
    """The rule of a result, in one line."""
    source, _ = problem.source_matrix(trace)
    return say(words_of(problem, trace.plan.rule).introduction, name=trace.name, source=source)


def result(problem: Problem, name: str) -> list[Matrix]:
    """The finished result, in green."""
    full = problem.results[name].reshape(problem.trace(name).shape)
    return whole(problem, name, full, "done")


def _steps(
    problem: Problem, trace: Trace, ranges: Sequence[tuple[int, int]], in_lines: bool
) -> Iterator[OutlineBlock]:
    """The chosen steps, and which are left out between them; in lines, at the ends, too."""
    done = 0
    for first, last in ranges:
        if first - done > 1 and (done or in_lines):
            yield Gap(done + 1, first - 1)
        if in_lines and last - first >= MANY:
            yield CompactSteps(problem, trace, first, last)
        else:
            for step in trace.steps(first, last):
                yield from step_blocks(panel(problem, trace, step))
        done = last
    if in_lines and 0 < done < len(trace):
        yield Gap(done + 1, len(trace))


def _sums(problem: Problem, trace: Trace) -> list[str]:
    sums = []
    write = problem.numerals
    total = problem.results[trace.name].tolist()
    for o in range(min(trace.shape[0], CORNER)):
        sources = list(trace.plan.contributors((o,)))
        shown = [term for source in ends(sources) for term in trace.plan.terms(source)]
        words = added([write(term.value) for term in shown], len(sources))
        if trace.plan.divisor > 1:
            words = f"({words}) / {trace.plan.divisor}"
        name, result = trace.name + index((o,)), write(total[o])
        sign = equals(write, total[o], *(term.value for term in shown))
        sums.append(f"{name} = {words} {sign} {result}" if words != result else f"{name} = {words}")
    return sums


def descent_blocks(problem: Problem) -> Iterator[OutlineBlock]:
    """Where there is a learning rate: one step of gradient descent, in words and in matrices."""
    if after := updated(problem):
        yield Heading(PART, say(sentences.STEP_OF_DESCENT))
        yield from descent(problem, after, problem.settings["learning_rate"])


def remarks(problem: Problem, names: Sequence[str]) -> list[str]:
    """How exact the numbers are."""
    words = [say(sentences.EXACT) if problem.exact else say(sentences.FLOAT)]
    if not problem.rational:
        words = [say(sentences.IRRATIONAL)]
    if problem.nondifferentiable_cells:
        facts = {
            "count": Count(problem.nondifferentiable_cells),
            "ties": problem.settings.get("ties"),
        }
        words.append(say(corner_words(problem).alone, **facts))
    shown = [(True, array) for array in problem.given.values()]
    shown += [(False, problem.results[name]) for name in names]
    if problem.exact and any(
        problem.numerals.notation(array.ravel()[:WHOLE_CELLS].tolist(), given).rounded
        for given, array in shown
    ):
        digits = digits_shown()
        known = sentences.ROUNDED if digits is None else sentences.WITH_DIGITS
        words.append(say(known, digits=Count(digits or 0)))
    return [*words, *problem.notes, *problem.told]
