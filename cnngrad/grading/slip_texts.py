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
        message("the sign turned"),
        message("{cell} is {given} and should be {expected}: the sign is turned."),
        message("{cell}: look at the sign once more."),
        message("{cell} is {given} and should be {expected}: the sign may be turned."),
        message("{cell}: the sign may be wrong."),
    ),
    "term-missing": SlipText(
        message("a term left out"),
        message("{cell} is {given} and should be {expected}: the term {term} is missing."),
        message("{cell}: one of the terms that make up this cell is missing."),
        message("{cell} is {given} and should be {expected}: the term {term} may be missing."),
        message("{cell}: one of the terms that make up this cell may be missing."),
        message("the term {term} left out"),
    ),
    "term-doubled": SlipText(
        message("a term counted twice"),
        message("{cell} is {given} and should be {expected}: the term {term} is counted twice."),
        message("{cell}: one of the terms that make up this cell is counted twice."),
        message(
            "{cell} is {given} and should be {expected}: the term {term} may be counted twice."
        ),
        message("{cell}: one of the terms that make up this cell may be counted twice."),
        message("the term {term} counted twice"),
    ),
    "term-negated": SlipText(
        message("the sign of a term turned"),
        message("{cell} is {given} and should be {expected}: the term {term} has the wrong sign."),
        message("{cell}: one of the terms that make up this cell has the wrong sign."),
        message(
            "{cell} is {given} and should be {expected}: the term {term} may have the wrong sign."
        ),
        message("{cell}: one of the terms that make up this cell may have the wrong sign."),
        message("the sign of the term {term} turned"),
    ),
    "term-from-wrong-window": SlipText(
        message("a term from the wrong window"),
        message(
            "{cell} is {given} and should be {expected}: {term} belongs to another window;"
            " the right term is {right}."
        ),
        message("{cell}: one of the terms that make up this cell comes from the wrong window."),
        message(
            "{cell} is {given} and should be {expected}: {term}, of another window, may stand"
            " in the place of {right}."
        ),
        message("{cell}: one of the terms that make up this cell may come from the wrong window."),
        message("{term}, of another window, in the place of {right}"),
    ),
    "term-from-wrong-window, added": SlipText(
        message("a term from the wrong window"),
        message(
            "{cell} is {given} and should be {expected}: {term} belongs to another window"
            " and must not be added here."
        ),
        message("{cell}: something was added that comes from the wrong window."),
        message(
            "{cell} is {given} and should be {expected}: {term}, of another window, may have been"
            " added here."
        ),
        message("{cell}: something may have been added that comes from the wrong window."),
        message("{term}, of another window, added"),
    ),
    "cells-swapped": SlipText(
        message("two cells swapped"),
        message("{cell} is {given} and should be {expected}: it has changed places with {term}."),
        message("{cell}: this number belongs to another cell."),
    ),
    "digits-swapped": SlipText(
        message("two digits swapped"),
        message("{cell} is {given} and should be {expected}: two digits have changed places."),
        message("{cell}: read your own number once more, digit by digit."),
        message("{cell} is {given} and should be {expected}: two digits may have changed places."),
        message("{cell}: read your own number once more, digit by digit."),
    ),
    "cut-off": SlipText(
        message("cut off instead of rounded"),
        message("{cell} is {given} and should be {expected}: it is cut off instead of rounded."),
        message("{cell}: this number is cut off instead of rounded."),
    ),
    "too-few-decimals": SlipText(
        message("too few decimals"),
        message(
            "{cell} is {given} and should be {expected}: it is right to one decimal; write two or"
            " more decimals, or a fraction."
        ),
        message("{cell}: right to one decimal; write two or more decimals, or a fraction."),
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
        message("not filled in"),
        message("{cell} is not filled in; it should be {expected}."),
        message("{cell} is not filled in."),
    ),
    "single-cell": SlipText(
        message("a single wrong cell"),
        message("{cell} is {given} and should be {expected}."),
        message("{cell}: work this cell out once more, term by term."),
    ),
    "single-cell, off": SlipText(
        message("a single wrong cell"),
        message("{cell} is {given} and should be {expected}, off by {off}: a slip in adding?"),
        message("{cell}: work this cell out once more, term by term."),
        message(
            "{cell} is {given} and should be {expected}, off by {off}: perhaps a slip in adding."
        ),
        message("{cell}: work this cell out once more, term by term."),
        message("a slip in adding, off by {off}"),
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
