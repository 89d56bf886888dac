"""Terms and sums written as formulas."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

from ..core.notation import in_full, plain
from ..core.numbers import Number
from ..core.text import Count, say
from ..core.trace import Term
from .reasons import MORE_TERMS

Part = TypeVar("Part")
Write = Callable[[Number], str]
"""How a number is written; see `Problem.numerals`."""

LONGEST = 30
"""Terms of a sum that are written out; a longer one keeps its first and last."""
LAST_TERMS = 3
"""So many of its last."""


def factor(number: Number, write: Write = plain) -> str:
    """A number as the right factor of a product: in parentheses unless it stands alone.

    >>> factor(3), factor(-2)
    ('3', '(-2)')
    """
    written = write(number)
    return f"({written})" if "/" in written or written.startswith("-") else written


def product(term: Term, write: Write = plain) -> str:
    """A term in numbers: `-1·3`; a share `2.5/4`; a number times 1 is the number itself."""
    left = write(term.left.value)
    if term.right.name == "":
        parts = in_full(term.right.value)
        if parts.startswith("-"):
            parts = f"({parts})"
        return left if parts == "1" else f"{left}·{parts}"
    return f"{f'({left})' if '/' in left else left}·{factor(term.right.value, write)}"


def total(terms: Sequence[Term], value: Number, write: Write = plain) -> str:
    """A sum of products and what it comes to: `0·0 + 1·1 + 3·2 + 4·3 = 19`."""
    words = added([product(term, write) for term in terms])
    return f"{words} {comes_to(terms, value, write)}"


def comes_to(terms: Sequence[Term], value: Number, write: Write = plain) -> str:
    """What a sum of products comes to: `= 19`, or `≈ 0.5493` (see `equals`)."""
    numbers = [number for term in terms for number in (term.left.value, term.right.value)]
    return f"{equals(write, value, *numbers)} {write(value)}"


def ends(parts: Sequence[Part]) -> Sequence[Part]:
    """Of a long sum, the terms that are written out: the first and the last."""
    return (
        parts if len(parts) <= LONGEST else [*parts[: LONGEST - LAST_TERMS], *parts[-LAST_TERMS:]]
    )


def added(words: Sequence[str], count: int | None = None) -> str:
    """Terms with plus signs between them; the middle of a long sum is left out.

    Parameters
    ----------
    words
        The terms.
    count
        How many there are, where `words` are only the ends of the sum.

    Examples
    --------
    >>> added(["1", "-2"])
    '1 + -2'
    """
    left_out = (len(words) if count is None else count) - LONGEST
    if left_out > 0:
        more = say(MORE_TERMS, count=Count(left_out))
        words = [*words[: LONGEST - LAST_TERMS], more, *words[-LAST_TERMS:]]
    return " + ".join(words) if words else "0"


def overlap(name: str, before: Number, value: Number, write: Write = plain) -> str:
    """A cell that already held something: `dA_prev[1,1]: -3 + -4 = -7`."""
    after = before + value
    sign = equals(write, before, value, after)
    return f"{name}: {write(before)} + {write(value)} {sign} {write(after)}"


def equals(write: Write, *numbers: Number) -> str:
    """`=`, or `≈` where a number is not written in full, so that the sum may not come out.

    >>> equals(plain, 0.1, 0.5), equals(plain, 1 / 3)
    ('=', '≈')
    """
    return "=" if all(_in_full(write, number) for number in numbers) else "≈"


def _in_full(write: Write, number: Number) -> bool:
    kind = float if isinstance(number, float) else Fraction
    return kind(write(number)) == number
