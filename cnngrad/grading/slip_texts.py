"""What people read about a slip: one entry a kind, every sentence whole."""

from typing import NamedTuple

from ..core.text import message


class SlipText(NamedTuple):
    """What people read about a slip."""

    title: str
    full: str
    """With all the evidence; `{cell}`, `{given}`, `{expected}`, `{off}`, `{term}` and `{right}`."""
    hint: str
    """Without anything that gives the solution away."""
    maybe: str = ""
    """As `full`, where the numbers fit something else as well, or fit only by chance."""
    maybe_hint: str = ""
    """As `hint`, likewise."""
    named: str = ""
    """As `title`, with `{term}`, `{right}` and `{off}`."""


SLIPS: dict[str, SlipText] = {
    "sign-turned": SlipText(
        "the sign turned",
        "{cell} is {given} and should be {expected}: the sign is turned.",
        "{cell}: look at the sign once more.",
        "{cell} is {given} and should be {expected}: the sign may be turned.",
        "{cell}: the sign may be wrong.",
    ),
    "term-missing": SlipText(
        "a term left out",
        "{cell} is {given} and should be {expected}: the term {term} is missing.",
        "{cell}: one of the terms that make up this cell is missing.",
        "{cell} is {given} and should be {expected}: the term {term} may be missing.",
        "{cell}: one of the terms that make up this cell may be missing.",
        "the term {term} left out",
    ),
    "term-doubled": SlipText(
        "a term counted twice",
        "{cell} is {given} and should be {expected}: the term {term} is counted twice.",
        "{cell}: one of the terms that make up this cell is counted twice.",
        "{cell} is {given} and should be {expected}: the term {term} may be counted twice.",
        "{cell}: one of the terms that make up this cell may be counted twice.",
        "the term {term} counted twice",
    ),
    "term-negated": SlipText(
        "the sign of a term turned",
        "{cell} is {given} and should be {expected}: the term {term} has the wrong sign.",
        "{cell}: one of the terms that make up this cell has the wrong sign.",
        "{cell} is {given} and should be {expected}: the term {term} may have the wrong sign.",
        "{cell}: one of the terms that make up this cell may have the wrong sign.",
        "the sign of the term {term} turned",
    ),
    "term-from-wrong-window": SlipText(
        "a term from the wrong window",
        "{cell} is {given} and should be {expected}: {term} belongs to another window;"
        " the right term is {right}.",
        "{cell}: one of the terms that make up this cell comes from the wrong window.",
        "{cell} is {given} and should be {expected}: {term}, of another window, may stand in the"
        " place of {right}.",
        "{cell}: one of the terms that make up this cell may come from the wrong window.",
        "{term}, of another window, in the place of {right}",
    ),
    "term-from-wrong-window, added": SlipText(
        "a term from the wrong window",
        "{cell} is {given} and should be {expected}: {term} belongs to another window"
        " and must not be added here.",
        "{cell}: something was added that comes from the wrong window.",
        "{cell} is {given} and should be {expected}: {term}, of another window, may have been"
        " added here.",
        "{cell}: something may have been added that comes from the wrong window.",
        "{term}, of another window, added",
    ),
    "cells-swapped": SlipText(
        "two cells swapped",
        "{cell} is {given} and should be {expected}: it has changed places with {term}.",
        "{cell}: this number belongs to another cell.",
    ),
    "digits-swapped": SlipText(
        "two digits swapped",
        "{cell} is {given} and should be {expected}: two digits have changed places.",
        "{cell}: read your own number once more, digit by digit.",
        "{cell} is {given} and should be {expected}: two digits may have changed places.",
        "{cell}: read your own number once more, digit by digit.",
    ),
    "cut-off": SlipText(
        "cut off instead of rounded",
        "{cell} is {given} and should be {expected}: it is cut off instead of rounded.",
        "{cell}: this number is cut off instead of rounded.",
    ),
    "too-few-decimals": SlipText(
        "too few decimals",
        "{cell} is {given} and should be {expected}: it is right to one decimal; write two or"
        " more decimals, or a fraction.",
        "{cell}: right to one decimal; write two or more decimals, or a fraction.",
    ),
    "too-few-decimals, digits": SlipText(
        "too few digits",
        "{cell} is {given} and should be {expected}: so few digits do not show its value; write"
        " two or more digits behind the leading zeros, or a fraction.",
        "{cell}: too few digits to show its value; write two or more digits behind the leading"
        " zeros, or a fraction.",
    ),
    "cut-off, whole": SlipText(
        "cut off to a whole number",
        "{cell} is {given} and should be {expected}: it is cut off to a whole number.",
        "{cell}: this number is cut off to a whole number.",
    ),
    "too-few-decimals, whole": SlipText(
        "rounded to a whole number",
        "{cell} is {given} and should be {expected}: it is rounded to a whole number; write two or"
        " more decimals, or a fraction.",
        "{cell}: rounded to a whole number; write two or more decimals, or a fraction.",
    ),
    "not-filled-in": SlipText(
        "not filled in",
        "{cell} is not filled in; it should be {expected}.",
        "{cell} is not filled in.",
    ),
    "single-cell": SlipText(
        "a single wrong cell",
        "{cell} is {given} and should be {expected}.",
        "{cell}: work this cell out once more, term by term.",
    ),
    "single-cell, off": SlipText(
        "a single wrong cell",
        "{cell} is {given} and should be {expected}, off by {off}: a slip in adding?",
        "{cell}: work this cell out once more, term by term.",
        "{cell} is {given} and should be {expected}, off by {off}: perhaps a slip in adding.",
        "{cell}: work this cell out once more, term by term.",
        "a slip in adding, off by {off}",
    ),
}

NOT_FILLED_IN = "not-filled-in"
ALL_ALIKE = {
    "cut-off": message("What differs is cut off instead of rounded."),
    "too-few-decimals": message(
        "What differs is right to one decimal: write two or more decimals, or a fraction."
    ),
    "too-few-decimals, digits": message(
        "What differs has too few digits to show its value: write two or more digits behind the"
        " leading zeros, or a fraction."
    ),
    "cut-off, whole": message("What differs is cut off to whole numbers."),
    "too-few-decimals, whole": message(
        "What differs is rounded to whole numbers: write two or more decimals, or a fraction."
    ),
    "not-filled-in": message(
        "What is not filled in counts as wrong; all that is filled in is right."
    ),
}
"""In place of a sentence for each cell, where the wrong cells of a gradient all have one reason."""

NOTHING_FILLED_IN = message("What is not filled in counts as wrong.")
"""As `ALL_ALIKE`, where nothing is filled in that could be right."""

REST = message("{count:This wrong cell needs|These # wrong cells need} another look: {cells}.")
"""Of the cells that have no sentence of their own, where others have."""

OPEN = message("Not filled in: {cells}.")
"""In place of a sentence for each open cell, where there are several, and other wrong cells."""

ALSO = message("The same number comes out of: {others}.")
COMES_OUT_OF = message("It may be: {others}.")
"""As `ALSO`, where no reason was named before."""
