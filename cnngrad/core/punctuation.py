"""Dashes, full-width forms, Chinese punctuation and vulgar fractions: what they stand for.

Every sign is replaced by exactly one plain sign, so that a column of the plain text is the same
column of the text that a person wrote.
"""

import re
import unicodedata
from fractions import Fraction

_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys("\uff0c\u3001\ufe50\ufe51", ","),
    **dict.fromkeys("\uff1b\ufe54\u061b", ";"),
    **dict.fromkeys("\u3002\uff0e\ufe52", "."),
    **dict.fromkeys("\uff0f\u2044\u2215", "/"),
    **dict.fromkeys("\u3010\u3014\u300a\uff3b", "["),
    **dict.fromkeys("\u3011\u3015\u300b\uff3d", "]"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u300c\u300d\u300e\u300f\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009", " "),
    **dict.fromkeys("\u200a\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff", " "),
    **{chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)},  # the full-width forms
}
_TABLE = str.maketrans(_PLAIN)
_MIXED = re.compile(r"([+-]?)\s*(\d*)\s*([\u00bc-\u00be\u2150-\u215e])")
"""A vulgar fraction, alone or behind a whole number."""


def plain_signs(text: str) -> str:
    """The text with plain signs only; what has no plain sign stays.

    >>> plain_signs("［１，－２；３／４，½］")
    '[1,-2;3/4,½]'
    """
    return text if text.isascii() else text.translate(_TABLE)


def mixed_number(text: str) -> Fraction | None:
    """The value of `½`, `-¾` or `1½`; None for anything else.

    >>> mixed_number("1½"), mixed_number("-¾"), mixed_number("1/2")
    (Fraction(3, 2), Fraction(-3, 4), None)
    """
    match = _MIXED.fullmatch(text)
    if match is None:
        return None
    sign, whole, part = match.groups()
    top, _, bottom = unicodedata.normalize("NFKC", part).partition("\u2044")
    value = int(whole or 0) + Fraction(int(top), int(bottom))
    return -value if sign == "-" else value
