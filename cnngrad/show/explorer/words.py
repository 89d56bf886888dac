"""What the explorer says."""

KEYS = (
    ("→ ←", "next step, step before"),
    ("↓ ↑", "next gradient, gradient before"),
    ("Home End", "first step, last step"),
    ("g", "go to a step by its number"),
    ("Space", "play and stop"),
    ("Tab", "into the cells, and on to the next matrix"),
    ("arrows", "in the cells: from cell to cell (h j k l: at any time)"),
    ("Esc", "back to the steps"),
    ("PgDn PgUp", "scroll a step that is higher than the screen"),
    ("a", "the answer that was given with --answer: hide or show it"),
    ("s", "save the picture (SVG)"),
    ("d", "light or dark"),
    ("q", "leave"),
    ("mouse", "point at a cell to see its formula, click to keep it"),
)
CLOSE = "Any key closes this."
WHICH = "Which step? A number, then Enter"
IN_STEPS = "← → step  ↑ ↓ gradient  Tab cells  ? keys  q quit"
IN_CELLS = "CELLS: arrows move  Tab matrix  Esc steps"
SAVED = "Saved {path}"

SO_FAR = "{cell} = {now} after this step, {value} in the end"
IN_THE_END = "{cell} = {value} in the end"
FINISHED = "{cell} = {value}"
ADDS = "This step adds {letters} = {numbers} = {value}."
NOTHING = "No term adds to this cell: it stays 0."

YOURS = "your {title}"
RIGHT = "your answer {value} is right"
WRONG = "your answer {value} is wrong"
ALL_RIGHT = "Your answer: all {cells} cells of {name} are right."
SOME_RIGHT = "Your answer: {right} of {cells} cells of {name} are right. The lit ones are not:"
NOT_ANSWERED = "Your answer has no {name}."
OTHER_SHAPE = "Your {name} is {found}, but it should be {expected}."

FEEDS_ONE = "{cell} takes part in one cell of {output}, whose error comes back as {gradient}:"
FEEDS_MANY = "{cell} takes part in {count} cells of {output}, whose errors come back as {gradient}:"
SENT_ONE = "{cell} sends one term to {name}:"
SENT_MANY = "{cell} sends {count} terms to {name}:"


def feeds(count: int, **facts: str) -> str:
    """Of how many outputs a cell is a part."""
    return (FEEDS_ONE if count == 1 else FEEDS_MANY).format(count=f"{count:,}", **facts)


def sent(count: int, **facts: str) -> str:
    """How many terms a cell sends."""
    return (SENT_ONE if count == 1 else SENT_MANY).format(count=f"{count:,}", **facts)
