"""Why a cell is what it is, in words. Each sentence stands whole, so that it can be translated."""

from ..core.text import Count, message, say

NONE, ONE, MANY = range(3)
"""Which sentence: of a cell without terms, with one, with several."""

DIVIDED = message(
    "The sum is divided by the number of samples, N = {divisor}: the mean over the batch."
)
ADDED = message("Add {value} to {cell}.")
"""A step of a sum such as db."""

LETTERS, NUMBERS, GROWTH = message("letters"), message("numbers"), message("sum")
"""What stands before the three lines of a formula."""
ZEROS = message("{count:One term that is 0 is|# terms that are 0 are} left out of the sum.")
MORE_TERMS = message("… ({count} more) …")
MORE_SOURCES = message("… (those of {count:# more cell|# more cells} of {name}) …")
MORE_MATRICES = message("… and {count:# more pair|# more pairs} of matrices")
BETWEEN = message("… and what lies between the first and the last terms")
APPLIED = message("= {function} of")
"""Between a cell's matrix and the one that a function is taken of."""
SHARES = message("= Σ share ·")
"""Where the terms of a sum are divided by different numbers."""
MORE_LINES = message("… and {count} more")

FEEDS = (
    message("This cell takes part in no cell of {output}: no error can come back to it."),
    message("This cell takes part in one cell of {output}:"),
    message("This cell takes part in {count} cells of {output}:"),
)
RETURNS = (
    message("No error comes back to it: its gradient is 0."),
    message("The error of that cell comes back to it:"),
    message("The errors of those cells come back to it:"),
)
SENDS = (
    message("It sends nothing to {name}."),
    message("It sends one term to {name}:"),
    message("It sends {count} terms to {name}:"),
)


def chosen(sentences: tuple[str, str, str], count: int, **facts: str) -> str:
    """The sentence for so many, with the facts filled in.

    >>> chosen(FEEDS, 2, output="Z")
    'This cell takes part in 2 cells of Z:'
    """
    return say(sentences[min(count, MANY)], count=Count(count), **facts)
