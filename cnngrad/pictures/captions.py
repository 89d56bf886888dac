"""What the page, the figure and the handouts say besides the sentences of the steps."""

import re

STEP = "Step {number} of {total}"
GIVEN = "Given"
RESULTS = "Results"
LEFT_OUT = "{steps:Step # is|Steps # are} left out."
STEPS_OF = "{steps:step #|steps #} of {name}"
WROTE = "wrote {path}"
WROTE_ROUNDED = "wrote {path}: rounded to float64; --output FILE.json keeps every digit"
WROTE_PART = "wrote {path}: {steps} are left out; --steps all has them"
WROTE_FULL = "wrote {path}: {steps} are left out, as there is no room for more in one file;"
WROTE_FULL += " --steps A-B chooses others"
WROTE_NETWORK = "wrote {path}: {steps} are left out; with --layer NAME a file has more"
LAST_STEP = "{count:There is one step|There are # steps}: --steps {steps} ends there."
STEP_ALONE = "Step {number}"
CHANNELS = "… and {count:# more channel|# more channels}"
SUMS = "… and {count} more"
NETWORK = "The network"
LAYERS = "Layers"
LOSS = "The loss ({name}) is {value}."
MADE_BY = "Made by cnngrad {version}."
SHOWN = "{title} ({rows:row #|rows #}, {columns:column #|columns #})"
LIT = "Lit cells are **bold**, the rest of their window is *slanted*."
HOLES = "A dot (·) lies outside the input, in the padding: it adds nothing."
TOO_LARGE = "{name} has {cells} cells, too many to draw here."

PAGE = {
    "back": "One step back",
    "forward": "One step on",
    "start": "To the first step",
    "end": "To the end",
    "play": "Play",
    "pause": "Pause",
    "slider": "Step",
    "hint": "Point at a cell of {name} to see what it is made of.",
    "unknown": "There are too many terms for this page. What a cell of {name} is made of:"
    " cnngrad explain.",
    "nothing": "{cell} = 0: nothing is added to it.",
    "sofar": "so far",
    "keys": "← → walk the steps · Home End · Space plays · {digits} choose the result",
    "keys_of_one": "← → walk the steps · Home End · Space plays",
}
"""What the page's controls are called, and what stands where no formula does."""

_MINUS = re.compile(r"(?<![\w\-–.])-(?=[\d.])")


def typeset(words: str) -> str:
    """A text with a true minus before its numbers, which typesets as wide as a plus.

    >>> typeset("dZ[0,1] = -2: -1 + -2·(-3), see --steps 4-13")
    'dZ[0,1] = −2: −1 + −2·(−3), see --steps 4-13'
    """
    return _MINUS.sub("\N{MINUS SIGN}", words)
