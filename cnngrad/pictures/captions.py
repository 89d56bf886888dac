"""What the page, the figure and the handouts say besides the sentences of the steps."""

import re

from ..core.text import message, translated

STEP = message("Step {number} of {total}")
GIVEN = message("Given")
RESULTS = message("Results")
LEFT_OUT = message("{steps:Step # is|Steps # are} left out.")
STEPS_OF = message("{steps:step #|steps #} of {name}")
WROTE = message("wrote {path}")
WROTE_ROUNDED = message("wrote {path}: rounded to float64; --output FILE.json keeps every digit")
WROTE_PART = message("wrote {path}: {steps} are left out; --steps all has them")
WROTE_FULL = message(
    "wrote {path}: {steps} are left out, as there is no room for more in one file;"
    " --steps A-B chooses others"
)
WROTE_NETWORK = message("wrote {path}: {steps} are left out; with --layer NAME a file has more")
LAST_STEP = message("{count:There is one step|There are # steps}: --steps {steps} ends there.")
STEP_ALONE = message("Step {number}")
CHANNELS = message("… and {count:# more channel|# more channels}")
SUMS = message("… and {count} more")
NETWORK = message("The network")
LAYERS = message("Layers")
LOSS = message("The loss ({name}) is {value}.")
MADE_BY = message("Made by cnngrad {version}.")
SHOWN = message("{title} ({rows:row #|rows #}, {columns:column #|columns #})")
LIT = message("Lit cells are **bold**, the rest of their window is *slanted*.")
HOLES = message("A dot (·) lies outside the input, in the padding: it adds nothing.")
PENDING = message("A dot (·) in a result is not computed yet.")
TOO_LARGE = message("{name} has {cells} cells, too many to draw here.")

PAGE = {
    "back": message("One step back"),
    "forward": message("One step on"),
    "start": message("To the first step"),
    "end": message("To the end"),
    "play": message("Play"),
    "pause": message("Pause"),
    "slider": message("Step"),
    "hint": message("Point at a cell of {name} to see what it is made of."),
    "unknown": message(
        "There are too many terms for this page. What a cell of {name} is made of: cnngrad explain."
    ),
    "nothing": message("{cell} = 0: nothing is added to it."),
    "sofar": message("so far"),
    "keys": message("← → walk the steps · Home End · Space plays · {digits} choose the result"),
    "keys_of_one": message("← → walk the steps · Home End · Space plays"),
}
"""What the page's controls are called, and what stands where no formula does."""


def page_words() -> dict[str, str]:
    """The words of the page in the language that was chosen; its script fills in the facts."""
    return {key: translated(words) for key, words in PAGE.items()}


_MINUS = re.compile(r"(?<![\w\-–.])-(?=[\d.])")


def typeset(words: str) -> str:
    """A text with a true minus before its numbers, which typesets as wide as a plus.

    >>> typeset("dZ[0,1] = -2: -1 + -2·(-3), see --steps 4-13")
    'dZ[0,1] = −2: −1 + −2·(−3), see --steps 4-13'
    """
    return _MINUS.sub("\N{MINUS SIGN}", words)
