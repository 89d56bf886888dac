"""The colours of the article's pictures, by what they mean."""

PINK, BLUE, YELLOW, GREEN, RED = "#f7b2cb", "#a8d0f5", "#ffe38a", "#b5e3a5", "#ff9d9d"
PALE_PINK, PALE_BLUE = "#fbe3ec", "#e0eefb"

FILLS = {
    "kernel": YELLOW,
    "pink": PINK,
    "blue": BLUE,
    "pink-soft": PALE_PINK,
    "blue-soft": PALE_BLUE,
    "done": GREEN,
    "right": GREEN,
    "wrong": RED,
}
"""Style names of cells → the colour of their ground."""

BRIGHT = ("pink", "blue", "wrong")
"""Styles of cells that are told apart without colour, too: by an edge, bold type or brackets."""

STYLES = {
    **{style: f"black on {fill}" for style, fill in FILLS.items()},
    "banner": "bold reverse",
    "title": "bold",
    "heading": "bold",
    "operator": "bold",
    "faint": "dim",
    "": "",
}
"""Style names as the layout uses them → styles as Rich writes them."""


BASIC_STYLES = {
    **STYLES,
    "kernel": "black on yellow",
    "pink": "bold white on magenta",
    "blue": "bold white on blue",
    "pink-soft": "underline magenta",
    "blue-soft": "underline cyan",
    "done": "black on green",
    "right": "black on green",
    "wrong": "bold white on red",
}
"""The same for terminals with 8 or 16 colours, where all the pale grounds would be one."""


def step_colour(number: int) -> str:
    """Pink for odd steps and blue for even ones, so that overlapping windows are told apart."""
    return "pink" if number % 2 else "blue"


WIDE_FONTS = (
    "ui-sans-serif, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC',"
    " 'WenQuanYi Micro Hei', sans-serif"
)
"""Fonts with Chinese signs, for pages and figures in that language."""
