"""Signs: what may stand in text for people, and what stands for a sign that cannot be shown."""

import re

_UNSEEN = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
# Compiled where they are first needed, which takes a hundredth of a short run.
_IN_LINES = f"[\x00-\x08\x0b-\x1f{_UNSEEN}]"
_IN_A_LINE = f"[\x00-\x1f{_UNSEEN}]"

PLAINER = {
    "−": "-",
    "–": "-",
    "─": "-",
    "×": "x",
    "·": "*",
    "∗": "*",
    "⊙": "*",
    "→": "->",
    "←": "<-",
    "≈": "~",
    "≤": "<=",
    "…": "...",
    "∞": "inf",
    "Σ": "sum ",
    "∂": "d",
    "α": "alpha",
    "ᵀ": "^T",
    "²": "^2",
    "•": "*",
    "█": "#",
    "½": "1/2",
    "°": " degrees",
    "✓": "v",
    "✗": "x",
}
"""What stands for the program's own signs where an encoding lacks them."""


def visible(text: str) -> str:
    r"""The text with all that would steer a terminal made visible; line ends and tabs stay.

    A name or title may hold escape codes, or halves of characters, which nothing can show.

    >>> visible("\x1b[31mred\x07"), visible("Übung\t2\n")
    ('␛[31mred␇', 'Übung\t2\n')
    """
    return re.sub(_IN_LINES, _shown, text)


def one_line(text: str) -> str:
    r"""The same for what must stay on one line, such as a title.

    >>> one_line("Exercise\n3")
    'Exercise 3'
    """
    return text if text.isprintable() else re.sub(_IN_A_LINE, _shown, " ".join(text.split()))


def encoded(text: str) -> bytes:
    r"""The text in UTF-8; what no file can hold, as parts of a name of odd bytes, is shown.

    >>> encoded("Zoë\udcff.json")
    b'Zo\xc3\xab\xef\xbf\xbd.json'
    """
    return _HALVES.sub("�", text).encode()


_HALVES = re.compile("[\ud800-\udfff]")


def _shown(sign: re.Match[str]) -> str:
    """␛ stands for the escape sign, and so on."""
    code = ord(sign[0])
    if code < 32:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"


def plainer(error: UnicodeError) -> tuple[str, int]:
    """For `codecs.register_error`: a sign that an encoding lacks, as it can be shown."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAINER.get(sign, "?") for sign in lacking), error.end
