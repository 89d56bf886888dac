"""Why a cell is what it is, in words. Each sentence stands whole, so that it can be translated."""

NONE, ONE, MANY = range(3)
"""Which sentence: of a cell without terms, with one, with several."""

REASON = {
    "conv.Z": (
        "The window lies in the padding: there is nothing to multiply.",
        "One cell of the window times the weight of W that lies on it.",
        "The window of A_prev and the kernel W, multiplied cell by cell and added up:"
        " {count} terms.",
    ),
    "conv.dA_prev": (
        "No window of the kernel covers this cell: no error comes back to it.",
        "One cell of Z was made from this cell. It sends back its error times the weight of W"
        " that lay on it.",
        "{count} cells of Z were made from this cell. Each sends back its error times the weight"
        " of W that lay on it.",
    ),
    "conv.dW": (
        "This weight lay on nothing but padding: no error comes back to it.",
        "This weight took part in one cell of Z, which sends back its error times the cell of"
        " A_prev that lay under the weight.",
        "This weight took part in {count} cells of Z. Each sends back its error times the cell of"
        " A_prev that lay under the weight.",
    ),
    "conv.db": (
        "The bias was added to no cell of Z.",
        "The bias was added to one cell of Z: its gradient is that cell's error.",
        "The bias was added to {count} cells of Z: their errors add up.",
    ),
    "max.A": (
        "The window holds no cell.",
        "The maximum of its window.",
        "The maximum of its window.",
    ),
    "max.dA_prev": (
        "No window chose this cell as its maximum: no error comes back to it.",
        "One window chose this cell as its maximum: its error comes back to it.",
        "{count} windows chose this cell as their maximum: their errors come back to it.",
    ),
    "average.A": (
        "The window holds no cell of A_prev.",
        "The average of its window, of which one cell lies in A_prev.",
        "The average of its window: {count} cells, each with its share.",
    ),
    "average.dA_prev": (
        "No window holds this cell: no error comes back to it.",
        "One window holds this cell and sends it an equal share of its error.",
        "{count} windows hold this cell. Each sends it an equal share of its error.",
    ),
    "dense.Z": (
        "There is nothing to multiply.",
        "The sample's number times the unit's weight.",
        "The sample's numbers times the unit's weights, added up: {count} terms.",
    ),
    "dense.dA_prev": (
        "No unit used this number.",
        "One unit used this number. It sends back its error times its weight for it.",
        "{count} units used this number. Each sends back its error times its weight for it.",
    ),
    "dense.dW": (
        "This weight took part in nothing.",
        "This weight took part in one cell of Z, which sends back its error times the number of"
        " A_prev that the weight multiplied.",
        "This weight took part in {count} samples. Each sends back its error times the number of"
        " A_prev that the weight multiplied.",
    ),
    "dense.db": (
        "The bias was added to nothing.",
        "The bias was added to one cell of Z: its gradient is that cell's error.",
        "The bias was added in {count} samples: their errors add up.",
    ),
    "": (
        "Nothing adds to this cell.",
        "One term makes up this cell.",
        "{count} terms add up to this cell.",
    ),
}
"""By the rule of the result; the last is for rules that have no words of their own."""

DIVIDED = "The sum is divided by the number of samples, N = {divisor}: the mean over the batch."
ELSEWHERE = "{error} goes to {cells} instead, the maximum of its window."
ELSEWHERE_TIED = {
    "first": "{error} goes to {cells} instead, the first of {count} equal maxima in its window"
    " (--ties first).",
    "last": "{error} goes to {cells} instead, the last of {count} equal maxima in its window"
    " (--ties last).",
    "all": "{error} goes to {cells} instead, the {count} equal maxima of its window (--ties all).",
    "split": "{error} is shared by {cells} instead, the {count} equal maxima of its window"
    " (--ties split).",
}
"""Where the maximum stands in several cells of a window."""

NOT_ALONE = (
    "No window chose this cell as its maximum: no error comes back to it.",
    "The maximum of one window stands in this cell, and in others too.",
    "The maximum of {count} windows stands in this cell, and of some in others too.",
)
"""Where a cell has no window's error to itself, as the maxima of a window all receive some."""
TIED = {
    "first": "{error} goes to this cell, the first of {count} equal maxima in its window"
    " (--ties first).",
    "last": "{error} goes to this cell, the last of {count} equal maxima in its window"
    " (--ties last).",
    "all": "{error} goes whole to each of {count} equal maxima in its window (--ties all).",
    "split": "{error} is shared by {count} equal maxima in its window: this cell receives"
    " 1/{count} of it (--ties split).",
}
"""Where this cell is one of several maxima of a window."""

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
