"""One step: a heading, a sentence, a line of matrices, and sums spelled out."""

from collections.abc import Callable
from importlib import import_module

from ..exact import plain
from ..problem import Problem
from ..trace import Step, Trace
from . import sentences
from .blocks import Block, Line, equation, flow, stacked, text, wrapped
from .look import Look, planes
from .scene import Picture, Scene

SUMS = 6
"""So many sums of one step are spelled out."""

HOMES = {"conv": "conv", "max": "pool", "average": "pool"}
"""Which module of views draws the rules of a kind of layer."""


def step_block(problem: Problem, trace: Trace, step: Step, look: Look) -> Block:
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
    if step.divisor > 1:
        return _closing(problem, trace, step, look)
    narrow = Look(look.width - 3, look.colour)
    picture = _artist(trace.plan.rule)(Scene(problem, trace, step, narrow))
    blocks = [Block([_heading(problem, trace, step), []])]
    blocks.append(indented(wrapped(picture.words, narrow.width)))
    blocks += [Block([[]]), *_lines(picture, narrow.width)]
    return stacked(blocks)


def _artist(rule: str) -> Callable[[Scene], Picture]:
    module = import_module(f".{HOMES[rule.partition('.')[0]]}", __package__)
    artist: Callable[[Scene], Picture] = module.PICTURES[rule]
    return artist


def _lines(picture: Picture, width: int) -> list[Block]:
    blocks = [
        indented(stacked((equation(parts, width) for parts in picture.equations), gap=1)),
    ]
    if picture.left_out:
        blocks.append(text("  " + sentences.MORE_CHANNELS.format(count=picture.left_out), "faint"))
    if picture.sums:
        sums = [wrapped(words, width) for words in picture.sums[:SUMS]]
        if len(picture.sums) > SUMS:
            more = len(picture.sums) - SUMS
            sums.append(text(sentences.MORE_SUMS.format(count=more), "faint"))
        blocks += [Block([[]]), indented(flow(sums, width, gap=3, between=0))]
    return blocks


def indented(block: Block) -> Block:
    """The block two columns further to the right."""
    return Block([[("  ", ""), *line] if line else [] for line in block.lines])


def _heading(problem: Problem, trace: Trace, step: Step) -> Line:
    scene = Scene(problem, trace, step, Look())
    line: Line = [(f" Step {step.number} of {len(trace)} ", "heading"), ("  ", "")]
    if "dZ" in problem.arrays:
        value = problem.arrays["dZ"][step.source]
        line.append((f" {scene.cell('dZ', step.source)} = {plain(value)} ", scene.colour))
    else:
        line.append((f" {scene.cell(trace.name, step.source)} ", scene.colour))
    if place := _place(problem, step):
        line.append((f"  {place}", "faint"))
    return line


def _place(problem: Problem, step: Step) -> str:
    """Which sample and channels the step is about, where there are several."""
    if step.window is None:
        return ""
    samples, channels = problem.arrays["A_prev"].shape[:2]
    words = [f"sample {step.source[0]}"] if samples > 1 else []
    if "W" not in problem.arrays:
        return ", ".join([*words, f"channel {step.source[1]}"] if channels > 1 else words)
    if problem.arrays["W"].shape[0] > 1:
        words.append(f"filter {step.source[1]}")
    if channels > 1:
        seen = step.window.channels
        words.append(f"input channel{'s' * (len(seen) > 1)} {sentences.span(seen)}")
    return ", ".join(words)


def _closing(problem: Problem, trace: Trace, step: Step, look: Look) -> Block:
    """The division by N: the sums before it, and what they become."""
    sums = trace.plan.upto(trace.sources).tolist()
    narrow = Look(look.width - 3, look.colour)
    done = planes(problem, trace.name, step.totals)
    lines = [
        equation(
            [
                narrow.plane(f"sum for {title}", before),
                f"/ {step.divisor} =",
                narrow.plane(title, after, lambda _i, _j: "done"),
            ],
            narrow.width,
        )
        for (title, before), (_, after) in zip(planes(problem, trace.name, sums), done, strict=True)
    ]
    heading: Line = [(f" Step {step.number} of {len(trace)} ", "heading")]
    words = wrapped(sentences.CLOSING.format(divisor=step.divisor), narrow.width)
    return stacked(
        [Block([heading, []]), indented(words), Block([[]]), indented(stacked(lines, 1))]
    )
