"""Columns of the screen: how many a text takes, East Asian signs among them, and lines of them."""

import re
import unicodedata
from collections.abc import Iterator

_FIRST_WIDE = "\u1100"
_WIDE = (
    r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff"
    r"\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
)
_CLOSING = "，。、；：？！）》”’】…·"
_SENTENCE_ENDS = ("。", "？", "！", "；", "：")
"""Full-width marks bring their own blank with them."""
_OPENING = "（《“‘【"
_BREAKS = re.compile(
    rf"(?<![{_OPENING}])(?:(?<=[{_WIDE}])|(?<=[{_CLOSING}])(?=[{_WIDE}{_OPENING}])|(?=[{_WIDE}]))"
    rf"(?![{_CLOSING}])"
)
"""Where a line may break beside a wide sign: not before what closes, nor behind what opens."""


def screen_width(text: str) -> int:
    r"""How many columns of a terminal a text takes: a wide sign takes two, an accent none.

    >>> screen_width("Anna"), screen_width("李明"), screen_width("1，2"), screen_width("e\u0301")
    (4, 4, 4, 1)
    """
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)


def flush_left(text: str, width: int) -> str:
    """The text with blanks behind it.

    >>> flush_left("误差", 6), flush_left("dZ", 6)
    ('误差  ', 'dZ    ')
    """
    return text + " " * (width - screen_width(text))


def flush_right(text: str, width: int) -> str:
    """The text with blanks before it.

    >>> flush_right("误差", 6)
    '  误差'
    """
    return " " * (width - screen_width(text)) + text


def pieces(word: str) -> list[str]:
    """What must stay on one line of a word without blanks: wide signs may part, marks stay.

    >>> pieces("error"), pieces("误差dZ，（每个）")
    (['error'], ['误', '差', 'dZ，', '（每', '个）'])
    """
    if word.isascii() or max(word) < _FIRST_WIDE:
        return [word]
    return [piece for piece in _BREAKS.split(word) if piece]


def glued(words: Iterator[str] | list[str]) -> Iterator[tuple[str, str]]:
    """The pieces of words, each with what stands before it on one line: a blank or nothing.

    >>> list(glued(["W 乘", "dZ"]))
    [(' ', 'W '), ('', '乘'), (' ', 'dZ')]
    """
    before = ""
    for word in words:
        first, *others = pieces(word) or [""]
        yield "" if before.endswith(_SENTENCE_ENDS) else " ", first
        before = word
        for other in others:
            yield "", other


def broken_lines(words: list[str], width: int, first: int = 0) -> list[str]:
    """Words on lines that are no wider than this; what is longer has a line of its own.

    >>> broken_lines("一个 word 和 误差".split(" "), 8)
    ['一个', 'word 和', '误差']
    """
    found, current = [], ""
    for glue, piece in glued(words):
        if current and first + screen_width(current) + len(glue) + screen_width(piece) > width:
            found.append(current)
            current = piece
        else:
            current = f"{current}{glue}{piece}" if current else piece
    return [*found, current]
