"""A whole problem in the terminal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from ...core.descent import updated
from ...core.numbers import Array, Number
from ...core.problem import Problem
from ...pictures import outline as story
from ...pictures import sentences
from ...pictures.descent import descent
from ...pictures.outline import Gap, Section, Selection, SizeBudget
from .compact_steps import compact_steps
from .display import Display
from .layout import Block, flow, stacked, text, wrapped
from .steps import equations_block, indented, panel_block

MANY = 1_000
"""Steps in a row from which on each takes a line or two rather than a picture."""


def document(
    problem: Problem,
    names: Sequence[str],
    selection: Selection,
    look: Display,
    remarks: Sequence[str] | None = None,
    room: SizeBudget | None = None,
) -> Iterator[Block]:
    """Draw a problem, piece by piece, so that it can be printed as it is worked out.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to show, such as `dA_prev`.
    selection
        Which steps to show.
    look
        For what screen.
    remarks
        What to say at the end instead of how exact the numbers are.
    room
        How much a file has room for; without it, the terminal shows a few steps of many.
    """
    yield heading(problem, look)
    yield given(problem, look)
    for section in story.sections(problem, names, selection, room):
        yield from _opening(section, look)
        chosen = story.fitting(problem, section.name, selection, room and room.shared(len(names)))
        count = len(problem.trace(section.name))
        ranges = chosen.ranges(count)
        if any(last - first >= MANY for first, last in ranges) and not section.sums:
            yield from _briefly(problem, section.name, ranges, look)
        else:
            earlier, later = ([], []) if section.sums else story.around(ranges, count)
            shown = chain(earlier, section.steps, later)
            yield from _steps(section._replace(steps=shown), look, in_file=room is not None)
        yield _result(section, Display(look.width - 3, look.colour))
    if after := updated(problem):
        yield rule(sentences.STEP_OF_DESCENT, look)
        yield from descent_blocks(problem, after, problem.settings["learning_rate"], look)
    said = story.remarks(problem, names) if remarks is None else remarks
    yield stacked(wrapped(" " + words, look.width - 1, "faint") for words in said)


def heading(problem: Problem, look: Display) -> Block:
    """The operation, its title and its settings."""
    blocks = [banner(problem.op, problem.title, look)]
    if settings := story.settings(problem):
        blocks.append(indented(wrapped(settings, look.width - 3, "faint")))
    return stacked([*blocks, Block([[]])])


def banner(op: str, title: str, look: Display) -> Block:
    """The operation and its title, next to each other or, where the title is long, below."""
    called = Block([[(f" {op} ", "banner")]])
    if not title:
        return called
    words = wrapped(title, look.width - 4, "title", indent=" ")
    return flow([called, words], look.width - 1, between=0)


def given(problem: Problem, look: Display) -> Block:
    """The matrices as they were given."""
    narrow = Display(look.width - 3, look.colour)
    blocks = [narrow.draw(matrix) for matrix in story.given(problem)]
    return stacked([indented(flow(blocks, narrow.width, gap=4)), Block([[]])])


def _opening(section: Section, look: Display) -> Iterator[Block]:
    yield rule(section.name, look)
    yield stacked([indented(wrapped(section.introduction, look.width - 3)), Block([[]])])


def _briefly(
    problem: Problem, name: str, ranges: Sequence[tuple[int, int]], look: Display
) -> Iterator[Block]:
    for first, last in ranges:
        for lines in compact_steps(problem, problem.trace(name), first, last, look.width):
            yield Block([[(line, "")] for line in lines])
    yield Block([[]])


def _steps(section: Section, look: Display, in_file: bool) -> Iterator[Block]:
    width = look.width - 3
    for step in section.steps:
        if isinstance(step, Gap):
            words = step.words if in_file else step.command
            yield stacked([indented(wrapped(words, width, "faint")), Block([[]])])
        else:
            yield stacked([panel_block(step, look), Block([[]])])
    if section.sums:
        sums = stacked(wrapped(words, width) for words in section.sums)
        yield stacked([indented(sums), Block([[]])])


def descent_blocks(
    problem: Problem,
    after: Mapping[str, Array],
    learning_rate: Number,
    look: Display,
    shorten: Callable[[Array], Array] = lambda array: array,
) -> Iterator[Block]:
    """Parameters before and after one step of gradient descent."""
    narrow = Display(look.width - 3, look.colour)
    for words, equations in descent(problem, after, learning_rate, shorten):
        lines = equations_block(equations, narrow)
        yield stacked(
            [indented(wrapped(words, narrow.width)), Block([[]]), indented(lines), Block([[]])]
        )


def rule(name: str, look: Display) -> Block:
    """A line across the screen that begins with a name."""
    line = f"── {name} "
    return Block([[(line + "─" * (look.width - 1 - len(line)), "heading")], []])


def _result(section: Section, look: Display) -> Block:
    """The finished result, in green."""
    lines = [indented(flow([look.draw(matrix) for matrix in section.result], look.width, gap=4))]
    if section.note:
        lines += [Block([[]]), indented(wrapped(section.note, look.width, "faint"))]
    heading = text(f" {sentences.RESULT.format(name=section.name)}", "heading")
    return stacked([heading, *lines, Block([[]])])
