"""The verdict of `gradcheck`: one line a gradient, and what is to be said of corners."""

from collections.abc import Sequence

import numpy as np

from ...core.numbers import index
from ...core.text import say, series
from ...network.gradcheck import LOSS, SUM_OF_LOSSES, Checked
from ...pictures import network_sentences as phrases
from .display import Display
from .document import table
from .layout import Block, indented, stacked, wrapped


def gradcheck_blocks(checks: Sequence[Checked], network: bool, look: Display) -> list[Block]:
    """Draw what was checked.

    Parameters
    ----------
    checks
        Each gradient's comparison.
    network
        Whether it is a whole network's.
    look
        For what screen.
    """
    width = look.width - 3
    words = [wrapped(" ".join([say(phrases.CHECK_RULE), *_objectives(checks, network)]), width)]
    words.append(Block([[]]))
    notes = [wrapped(note, width, "faint") for check in checks for note in _notes(check)]
    failed = [check.called for check in checks if not check.passed]
    if failed:
        verdict = wrapped(say(phrases.CHECK_FAILED, names=series(failed)), width, "title")
    else:
        verdict = wrapped(say(phrases.CHECK_PASSED), width, "title")
    banner = Block([[(" gradcheck ", "banner")], []])
    rows = [_row(check) for check in checks]
    shown = table(
        [say(head) for head in phrases.CHECK_HEAD],
        rows,
        look,
        lambda k: "right" if checks[k].passed else "wrong",
    )
    lines = [*words, shown, Block([[]]), *notes, *([Block([[]])] if notes else [])]
    lines.append(verdict)
    return [stacked([banner, indented(stacked(lines))])]


def _objectives(checks: Sequence[Checked], network: bool) -> list[str]:
    """What f is, of which gradients."""
    if not network:
        divided = [check for check in checks if check.divisor > 1]
        if not divided:
            return [say("f is the sum of dZ·Z.")]
        return [
            say(
                "f is the sum of dZ·Z; for {names} it is that sum divided by N = {samples}.",
                names=_names(divided),
                samples=divided[0].divisor,
            )
        ]
    of_sum = [check for check in checks if check.differentiated == SUM_OF_LOSSES]
    of_loss = [check for check in checks if check.differentiated == LOSS]
    if not of_sum:
        return [say("f is the loss.")]
    own = say(
        "For {names} f is the sum of the samples' losses: the error that travels is each sample's"
        " own.",
        names=_names(of_sum),
    )
    if not of_loss:
        return [own]
    return [own, say("For {names} f is the loss, their mean.", names=_names(of_loss))]


def _names(checks: Sequence[Checked]) -> str:
    return series(check.called for check in checks)


def _row(check: Checked) -> tuple[str, ...]:
    if check.corner_count == check.cells:
        return check.called, str(check.cells), "–", "–", "–", say(phrases.ONLY_CORNERS)
    return (
        check.called,
        str(check.cells),
        f"{check.greatest:.1e}" if check.greatest else "0",
        f"{check.name}{index(check.place(check.cell))}",
        f"{check.analytic:.6g}",
        say(phrases.PASSED) if check.passed else say(phrases.FAILED),
    )


def _notes(check: Checked) -> list[str]:
    notes = []
    cells = int(np.prod(check.shape))
    if check.cells < cells:
        notes.append(say(phrases.CHECK_SOME, name=check.called, cells=check.cells, all=cells))
    if check.nondifferentiable_cells:
        corner = check.nondifferentiable_cells[0]
        sentence = phrases.CHECK_CORNERS if check.corner_count > 1 else phrases.CHECK_CORNER
        notes.append(
            say(
                sentence,
                name=check.called,
                count=check.corner_count,
                cell=check.name + index(check.place(corner.cell)),
                left=corner.left,
                right=corner.right,
                analytic=corner.analytic,
            )
        )
    return notes
