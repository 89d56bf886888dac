"""Terms and sums written as formulas."""

from collections.abc import Sequence

from ..exact import Number, plain
from ..tracing import Term

LONGEST = 30
"""Terms of a sum that are written out; a longer one keeps its first and last."""


def factor(number: Number) -> str:
    """A number as the right factor of a product: in parentheses unless it stands alone.

    >>> factor(3), factor(-2)
    ('3', '(-2)')
    """
    written = plain(number)
    return f"({written})" if "/" in written or written.startswith("-") else written


def product(term: Term) -> str:
    """A term in numbers: `-1·3`; a share `2.5/4`; a number times 1 is the number itself."""
    left = plain(term.left.value)
    if term.right.name == "":
        parts = plain(term.right.value)
        return left if parts == "1" else f"{left}·{parts}"
    return f"{f'({left})' if '/' in left else left}·{factor(term.right.value)}"


def total(terms: Sequence[Term], value: Number) -> str:
    """A sum of products and what it comes to: `0·0 + 1·1 + 3·2 + 4·3 = 19`."""
    return f"{added([product(term) for term in terms])} = {plain(value)}"


def added(words: Sequence[str]) -> str:
    """Terms with plus signs between them; the middle of a long sum is left out.

    >>> added(["1", "-2"])
    '1 + -2'
    """
    if len(words) > LONGEST:
        left_out = len(words) - LONGEST
        words = [*words[: LONGEST - 3], f"… ({left_out} more) …", *words[-3:]]
    return " + ".join(words) if words else "0"


def overlap(name: str, before: Number, value: Number) -> str:
    """A cell that already held something: `dA_prev[1,1]: -3 + -4 = -7`."""
    return f"{name}: {plain(before)} + {plain(value)} = {plain(before + value)}"
