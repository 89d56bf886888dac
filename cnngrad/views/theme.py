"""The colours of the article's pictures, by what they mean."""

PINK, BLUE, YELLOW, GREEN, RED = "#f7b2cb", "#a8d0f5", "#ffe38a", "#b5e3a5", "#ff9d9d"
PALE_PINK, PALE_BLUE = "#fbe3ec", "#e0eefb"

STYLES = {
    "kernel": f"black on {YELLOW}",
    "pink": f"black on {PINK}",
    "blue": f"black on {BLUE}",
    "pink-soft": f"black on {PALE_PINK}",
    "blue-soft": f"black on {PALE_BLUE}",
    "banner": "bold reverse",
    "done": f"black on {GREEN}",
    "right": f"black on {GREEN}",
    "wrong": f"black on {RED}",
    "title": "bold",
    "heading": "bold",
    "operator": "bold",
    "faint": "dim",
    "": "",
}
"""Style names as the layout uses them → styles as Rich writes them."""


def step_colour(number: int) -> str:
    """Pink for odd steps and blue for even ones, so that overlapping windows are told apart."""
    return "pink" if number % 2 else "blue"
