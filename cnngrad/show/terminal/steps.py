"""One step in the terminal: a heading, a sentence, a line of matrices, and sums spelled out."""

from collections.abc import Iterable

from ...core.problem import Problem
from ...core.text import Count
from ...core.trace import Step, Trace
from ...pictures import captions, sentences
from ...pictures.step_picture import SUMS, Parts, StepPicture
from ...pictures.step_view import StepView, panel
from .display import Display
from .layout import Block, equation, flow, stacked, text, wrapped


def step_block(problem: Problem, trace: Trace, step: Step, look: Display) -> Block:
    """Draw one step.

    Parameters
    ----------
    problem
        What is asked.
    trace
        The trace that the step is of.
    step
        The step; its totals are read now, so draw it before you take the next.
    look
        For what screen.
    """
    return panel_block(panel(problem, trace, step), look)


def panel_block(shown: StepView, look: Display) -> Block:
    """Draw what was said of one step."""
    narrow = Display(look.width - 3, look.colour)
    blocks = [_heading(shown, look.width - 1), indented(wrapped(shown.picture.words, narrow.width))]
    blocks += [Block([[]]), *_lines(shown.picture, narrow)]
    return stacked(blocks)


def _lines(picture: StepPicture, look: Display) -> list[Block]:
    blocks = [indented(equations_block(picture.equations, look))]
    if picture.left_out:
        blocks.append(text("  " + captions.CHANNELS.format(count=Count(picture.left_out)), "faint"))
    if picture.sums:
        blocks += [Block([[]]), indented(_sums(picture, look.width))]
    return blocks


def _sums(picture: StepPicture, width: int) -> Block:
    """Sums behind their label or, where there are many, in columns below it."""
    sums = [wrapped(words, width) for words in picture.sums[:SUMS]]
    if len(picture.sums) > SUMS:
        more = len(picture.sums) - SUMS
        sums.append(text(sentences.MORE_SUMS.format(count=more), "faint"))
    label = [text(picture.label, "faint")] if picture.label else []
    line = flow([*label, *sums], width, gap=3, between=0)
    if len(line.lines) == 1 or not label:
        return line
    widest = max(block.width for block in sums)
    columns = [block.padded(widest, 1) for block in sums]
    return stacked([*label, indented(flow(columns, width - 2, gap=3, between=0))])


def equations_block(equations: Iterable[Parts], look: Display) -> Block:
    """Lines of matrices below each other."""
    return stacked(
        (
            equation([p if isinstance(p, str) else look.draw(p) for p in parts], look.width)
            for parts in equations
        ),
        gap=1,
    )


def indented(block: Block) -> Block:
    """The block two columns further to the right."""
    return Block([[("  ", ""), *line] if line else [] for line in block.lines])


def _heading(shown: StepView, width: int) -> Block:
    blocks = [text(f" Step {shown.number} of {shown.total}", "heading")]
    if shown.cell:
        blocks.append(text(f" {shown.cell} ", shown.colour))
    if shown.place:
        blocks.append(text(shown.place, "faint"))
    return flow(blocks, width, gap=2, between=0)
