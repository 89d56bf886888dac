"""What the explorer says."""

from ...core.text import Count, message, say

KEYS = (
    ("→ ←", message("next step, step before")),
    ("↓ ↑", message("next gradient, gradient before")),
    (message("Home End"), message("first step, last step")),
    (message("g"), message("go to a step by its number")),
    (message("Space"), message("play and stop")),
    (message("Tab"), message("into the cells, and on to the next matrix")),
    (message("arrows"), message("in the cells: from cell to cell (h j k l: at any time)")),
    (message("Esc"), message("back to the steps")),
    (message("PgDn PgUp"), message("scroll a step that is higher than the screen")),
    (message("a"), message("the answer that was given with --answer: hide or show it")),
    (message("s"), message("save the picture (SVG)")),
    (message("d"), message("light or dark")),
    (message("q"), message("leave")),
    (message("mouse"), message("point at a cell to see its formula, click to keep it")),
)
CLOSE = message("Any key closes this.")
WHICH = message("Which step? A number, then Enter")
IN_STEPS = message("← → step  ↑ ↓ gradient  Tab cells  ? keys  q quit")
IN_CELLS = message("CELLS: arrows move  Tab matrix  Esc steps")
SAVED = message("Saved {path}")

SO_FAR = message("{cell} = {now} after this step, {value} in the end")
IN_THE_END = message("{cell} = {value} in the end")
FINISHED = message("{cell} = {value}")
ADDS = message("This step adds {letters} = {numbers} = {value}.")
NOTHING = message("No term adds to this cell: it stays 0.")

YOURS = message("your {title}")
RIGHT = message("your answer {value} is right")
WRONG = message("your answer {value} is wrong")
ALL_RIGHT = message("Your answer: all {cells} cells of {name} are right.")
SOME_RIGHT = message(
    "Your answer: {right} of {cells} cells of {name} are right. The lit ones are not:"
)
NOT_ANSWERED = message("Your answer has no {name}.")
OTHER_SHAPE = message("Your {name} is {found}, but it should be {expected}.")

FEEDS_ONE = message(
    "{cell} takes part in one cell of {output}, whose error comes back as {gradient}:"
)
FEEDS_MANY = message(
    "{cell} takes part in {count} cells of {output}, whose errors come back as {gradient}:"
)
SENT_ONE = message("{cell} sends one term to {name}:")
SENT_MANY = message("{cell} sends {count} terms to {name}:")


def feeds(count: int, **facts: str) -> str:
    """Of how many outputs a cell is a part."""
    return say(FEEDS_ONE if count == 1 else FEEDS_MANY, count=Count(count), **facts)


def sent(count: int, **facts: str) -> str:
    """How many terms a cell sends."""
    return say(SENT_ONE if count == 1 else SENT_MANY, count=Count(count), **facts)
