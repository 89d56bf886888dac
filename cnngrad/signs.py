"""Signs: what may stand in text for people, and what stands for a sign that cannot be shown."""

_UNSEEN = [*range(0x80, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_HALVES = range(0xD800, 0xE000)
_STEERING: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(32)},  # ␛ stands for the escape sign, and so on
    0x7F: "␡",
    **dict.fromkeys([*_UNSEEN, *_HALVES], "�"),
}
_IN_LINES = {code: sign for code, sign in _STEERING.items() if chr(code) not in "\t\n"}

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
    return text if text.isprintable() else text.translate(_IN_LINES)


def one_line(text: str) -> str:
    r"""The same for what must stay on one line, such as a title.

    >>> one_line("Exercise\n3")
    'Exercise 3'
    """
    return text if text.isprintable() else " ".join(text.split()).translate(_STEERING)


def plainer(error: UnicodeError) -> tuple[str, int]:
    """For `codecs.register_error`: a sign that an encoding lacks, as it can be shown."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAINER.get(sign, "?") for sign in lacking), error.end
