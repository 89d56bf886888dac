"""Words about one result: its rule, its steps and its cells; plain ones where a layer has none."""

from typing import NamedTuple

from ..core.text import message


class ResultWords(NamedTuple):
    """What is said of one result of a kind of layer, each a sentence of `say`."""

    introduction: str = message("{name}: each step adds the terms of one cell of {source}.")
    """Its rule, in one line above its steps."""
    step: str = message("{terms:One term is|# terms are} added to {name}.")
    """What a step does. {value} is the cell of dZ now at work, {window} where its window lies."""
    reason: tuple[str, str, str] = (
        message("Nothing adds to this cell."),
        message("One term makes up this cell."),
        message("{count} terms add up to this cell."),
    )
    """Why a cell is what it is: without terms, with one, with several."""
    divided: str = message(
        "The sum is divided by the number of samples, N = {divisor}: the mean over the batch."
    )
    """Where a sum is divided in the end."""
    outside: str = message("Part of the window lies in the padding (·).")
    """What a step adds of a window that leaves the input."""
    sample: str = message("sample {index}")
    channel: str = message("channel {index}")
    """What the cell at work is one of, in the heading of a step."""
    seen: str = ""
    """Which channels its window has, there too; none where it keeps to its own."""
    overview: str = ""
    """What all steps together do, where each cell stands on its own."""


PLAIN = ResultWords()


class CornerWords(NamedTuple):
    """Where a function has no derivative of its own, and which is taken."""

    alone: str = message(
        "{count:One number|# numbers} that an error reaches {count:lies|lie} where the function has"
        " no derivative of its own."
    )
    in_network: str = message(
        "{layer} was given a number at which it has no derivative of its own where an error comes"
        " back ({count} ×)."
    )


PLAIN_CORNER = CornerWords()

FUNCTION_CORNERS = {
    "relu": CornerWords(
        message(
            "{count:One number|# numbers} that an error reaches {count:is|are} 0,"
            " where ReLU has a corner: its slope there is taken to be 0."
        ),
        message(
            "{layer} was given a 0 where an error comes back ({count} ×): the"
            " derivative of ReLU at 0 is taken to be 0."
        ),
    ),
    "leaky-relu": CornerWords(
        message(
            "{count:One number|# numbers} that an error reaches {count:is|are} 0,"
            " where leaky ReLU has a corner: its slope there is taken to be the slope"
            " for numbers below 0."
        ),
        message(
            "{layer} was given a 0 where an error comes back ({count} ×): the"
            " derivative there is taken to be the slope."
        ),
    ),
}
"""By the activation function."""
