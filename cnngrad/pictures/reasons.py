"""Why a cell is what it is, in words. Each sentence stands whole, so that it can be translated."""

NONE, ONE, MANY = range(3)
"""Which sentence: of a cell without terms, with one, with several."""

DIVIDED = "The sum is divided by the number of samples, N = {divisor}: the mean over the batch."
ADDED = "Add {value} to {cell}."
"""A step of a sum such as db."""

LETTERS, NUMBERS, GROWTH = "letters", "numbers", "sum"
"""What stands before the three lines of a formula."""
MORE_TERMS = "… ({count} more) …"
MORE_SOURCES = "… (those of {count:# more cell|# more cells} of {name}) …"
MORE_MATRICES = "… and {count:# more pair|# more pairs} of matrices"
BETWEEN = "… and what lies between the first and the last terms"
APPLIED = "= {function} of"
"""Between a cell's matrix and the one that a function is taken of."""
SHARES = "= Σ share ·"
"""Where the terms of a sum are divided by different numbers."""
MORE_LINES = "… and {count} more"

FEEDS = (
    "This cell takes part in no cell of {output}: no error can come back to it.",
    "This cell takes part in one cell of {output}:",
    "This cell takes part in {count} cells of {output}:",
)
RETURNS = (
    "No error comes back to it: its gradient is 0.",
    "The error of that cell comes back to it:",
    "The errors of those cells come back to it:",
)
SENDS = (
    "It sends nothing to {name}.",
    "It sends one term to {name}:",
    "It sends {count} terms to {name}:",
)


def chosen(sentences: tuple[str, str, str], count: int, **facts: str) -> str:
    """The sentence for so many, with the facts filled in.

    >>> chosen(FEEDS, 2, output="Z")
    'This cell takes part in 2 cells of Z:'
    """
    return sentences[min(count, MANY)].format(count=f"{count:,}", **facts)
