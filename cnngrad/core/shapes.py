"""Shape arithmetic of a sliding window: the only thing that engine and trace share."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple, SupportsIndex

from .errors import SettingError, ShapeError, nearest
from .text import message, say

Pair = tuple[int, int]
Padding = tuple[Pair, ...] | Literal["valid", "same", "same-lower"]


class Axis(NamedTuple):
    """One axis (height or width) of a window that slides over an input."""

    size: int
    """Cells of the input along this axis."""
    window: int
    """Cells of the kernel or pooling window."""
    stride: int
    dilation: int
    before: int
    """Padding at the top or left."""
    after: int
    """Padding at the bottom or right."""
    out: int
    """How many windows there are: the cells of the output."""
    flipped: bool = False
    """Whether the kernel is turned: its last cell meets the first of a window."""

    @property
    def extent(self) -> int:
        """Cells that one window spans, the gaps of dilation included."""
        return (self.window - 1) * self.dilation + 1

    @property
    def padded(self) -> int:
        """Cells of the padded input."""
        return self.before + self.size + self.after

    @property
    def in_one_window(self) -> bool:
        """Whether there is one window, in which every cell of the input lies."""
        inside = self.dilation == 1 and self.extent - self.before >= self.size
        return self.out == 1 and inside

    def start(self, i: int) -> int:
        """Where window `i` begins, in cells of the unpadded input (may be negative)."""
        return i * self.stride - self.before

    def taps(self, i: int) -> tuple[tuple[int, int], ...]:
        """Pairs (k, position) of window `i` that lie in the input; padding is left out.

        >>> axis(3, 2, padding=(1, 0)).taps(0)
        ((1, 0),)
        """
        return _taps(self, i)

    def band(self, first: int, last: int) -> tuple[slice, "Axis"]:
        """Windows `first` to `last − 1` alone: the cells they reach, and how they slide there.

        >>> cells, part = axis(5, 3, padding=(1, 1)).band(3, 5)
        >>> cells, part.size, part.before, part.after, part.out
        (slice(2, 5, None), 3, 0, 1, 2)
        """
        start, end = self.start(first), self.start(last - 1) + self.extent
        low = min(max(start, 0), self.size)
        high = max(min(end, self.size), low)
        part = self._replace(before=low - start, after=end - high)
        return slice(low, high), part._replace(size=high - low, out=last - first)

    def reached_by(self, position: int) -> Iterator[tuple[int, int]]:
        """Pairs (i, k): cell k of window i lies at this position of the input.

        >>> list(axis(3, 2).reached_by(1))
        [(0, 1), (1, 0)]
        """
        for k in reversed(range(self.window)):
            i, rest = divmod(position + self.before - k * self.dilation, self.stride)
            if rest == 0 and 0 <= i < self.out:
                yield i, self.window - 1 - k if self.flipped else k

    def windows_with(self, k: int) -> Iterator[int]:
        """The windows whose cell k lies in the input rather than in the padding.

        >>> list(axis(3, 2, padding=(1, 0)).windows_with(0))
        [1, 2]
        """
        if self.flipped:
            k = self.window - 1 - k
        for i in range(self.out):
            if 0 <= self.start(i) + k * self.dilation < self.size:
                yield i

    def formula(self) -> str:
        """The output size, worked out: `(3 + 0 + 0 − 2) / 1 + 1 = 2`."""
        return (
            f"({self.size} + {self.before} + {self.after} − {self.extent}) / {self.stride} + 1"
            f" = {self.out}"
        )


@lru_cache(maxsize=4096)  # every line of windows asks for the same columns
def _taps(axis: Axis, i: int) -> tuple[tuple[int, int], ...]:
    start = axis.start(i)
    first = max(-(start // axis.dilation), 0)
    last = min((axis.size - 1 - start) // axis.dilation, axis.window - 1)
    turned = axis.window - 1 if axis.flipped else 0
    return tuple((abs(turned - k), start + k * axis.dilation) for k in range(first, last + 1))


def axis(
    size: int,
    window: int,
    *,
    stride: int = 1,
    dilation: int = 1,
    padding: Pair | str = (0, 0),
    ceil: bool = False,
    keep: bool = False,
    flipped: bool = False,
    what: str = message("kernel"),
    name: str = message("rows"),
) -> Axis:
    """Work out one axis of a sliding window.

    With `ceil` the last window may reach beyond the padded input, but it is dropped
    when it would start beyond the input and its top or left padding (as PyTorch does), unless
    `keep` (as PaddlePaddle does).
    `"same"` keeps ceil(size / stride) windows; an odd extra cell of padding goes to the
    bottom and right, with `"same-lower"` to the top and left (ONNX SAME_UPPER, SAME_LOWER).

    Raises
    ------
    ShapeError
        The window is larger than the padded input.

    Examples
    --------
    >>> axis(3, 2).out
    2
    >>> axis(5, 3, stride=2, padding=(1, 1)).out
    3
    >>> axis(4, 3, padding="same")[4:7]
    (1, 1, 4)
    """
    extent = (window - 1) * dilation + 1
    if padding == "valid":
        before = after = 0
    elif isinstance(padding, str):  # "same" or "same-lower"
        total = max((-(-size // stride) - 1) * stride + extent - size, 0)
        before, after = total // 2, total - total // 2
        if padding == "same-lower":
            before, after = after, before
    else:
        before, after = padding
    span = before + size + after - extent
    out = (-(-span // stride) if ceil else span // stride) + 1
    if ceil and not keep and (out - 1) * stride >= size + before:
        out -= 1
    if out < 1:
        template = _TOO_LARGE_DILATED if dilation > 1 else _TOO_LARGE
        padded = before + size + after
        raise ShapeError(
            say(
                "The {what} is larger than the padded input: it does not fit even once.",
                what=say(what),
            ),
            found=say(
                template,
                what=say(what),
                extent=extent,
                lines=say(name),
                window=window,
                dilation=dilation,
                before=before,
                size=size,
                after=after,
                padded=padded,
            ),
            expected=say("at most {padded} {lines}", padded=padded, lines=say(name)),
            fix=say("use a smaller {what}, less dilation or more padding", what=say(what)),
        )
    return Axis(size, window, stride, dilation, before, after, out, flipped)


_TOO_LARGE = message(
    "a {what} of {extent} {lines} over {before} + {size} + {after} = {padded} {lines}"
)
_TOO_LARGE_DILATED = message(
    "a {what} of {extent} {lines} ({window} with dilation {dilation})"
    " over {before} + {size} + {after} = {padded} {lines}"
)

MOST_CELLS = 2**27
"""Of a matrix that follows from settings: a gigabyte in float64."""


def refuse_giants(cells: Mapping[str, int], given: int, fix: str) -> None:
    """Refuse settings that make a matrix out of all proportion, before anything is computed.

    Parameters
    ----------
    cells
        By what it is called, how many cells each matrix has.
    given
        How many cells were given; a matrix may well have many where these are many.
    fix
        What to change.

    Raises
    ------
    SettingError
        A matrix is too large.
    """
    most = max(MOST_CELLS, 64 * given)
    for called, count in cells.items():
        if count > most:
            raise SettingError(
                say("{called} is too large.", called=say(called)),
                found=say("{count} cells", count=count),
                expected=say("at most {most} cells", most=most),
                fix=say(fix),
            )


def pair(value: object, name: str, least: int = 1) -> Pair:
    """Read an integer or (height, width) setting.

    >>> pair(2, "stride")
    (2, 2)
    >>> pair((2, 1), "stride")
    (2, 1)
    """
    height, width = sides(value, name, 2, least)
    return height, width


def sides(value: object, name: str, dims: int, least: int = 1) -> tuple[int, ...]:
    """Read an integer, or one for each spatial axis.

    >>> sides(2, "stride", 3), sides("1,2,3", "stride", 3)
    ((2, 2, 2), (1, 2, 3))
    """
    values = _integers(value)
    if values is None or len(values) not in (1, dims):
        raise SettingError(
            say(_SIDES[dims - 1][0], name=name),
            found=repr(value),
            expected=say(_SIDES[dims - 1][1]),
        )
    _at_least(values, name, least)
    return tuple(values * dims if len(values) == 1 else values)


_SIDES = (
    (message("{name} is not an integer."), message("an integer such as 2")),
    (
        message("{name} is not an integer or a pair of integers."),
        message("an integer such as 2, or height and width such as 2,1"),
    ),
    (
        message("{name} is not an integer or three integers."),
        message("an integer such as 2, or depth, height and width such as 1,2,2"),
    ),
)
"""By the number of spatial axes: what is wrong, and what was expected."""


def padding(value: object, dims: int = 2) -> Padding:
    """Read a padding: an integer, (height, width), ((top, bottom), (left, right)) or a word.

    Four integers mean top, bottom, left, right, as on the command line; for rows two, the left
    and the right, and for blocks six, the front and the back first.

    >>> padding(1)
    ((1, 1), (1, 1))
    >>> padding((1, 0))
    ((1, 1), (0, 0))
    >>> padding((0, 1, 2, 3))
    ((0, 1), (2, 3))
    >>> padding("1,0", 1), padding(1, 3)
    (((1, 0),), ((1, 1), (1, 1), (1, 1)))
    """
    value = listed(value)
    if value == "valid" or value == "same" or value == "same-lower":
        return value
    if isinstance(value, (list, tuple)) and len(value) == dims:
        pairs = [_integers(side) for side in value if isinstance(side, (list, tuple))]
        if len(pairs) == dims and all(side is not None and len(side) == 2 for side in pairs):
            value = [cell for side in pairs for cell in side or ()]
    values = _integers(value)
    if values is None or len(values) not in (1, dims, 2 * dims):
        raise SettingError(
            say("padding is not understood."),
            found=repr(value),
            expected=say(_PADDINGS[dims - 1]),
            fix=nearest(str(value), ("valid", "same", "same-lower")),
        )
    _at_least(values, "padding", 0)
    if len(values) == 2 * dims:
        return tuple((values[2 * k], values[2 * k + 1]) for k in range(dims))
    values = values * dims if len(values) == 1 else values
    return tuple((side, side) for side in values)


_PADDINGS = (
    message("an integer; left,right; or one of valid, same, same-lower"),
    message("an integer; height,width; top,bottom,left,right; or one of valid, same, same-lower"),
    message(
        "an integer; depth,height,width; front,back,top,bottom,left,right; or one of valid, same,"
        " same-lower"
    ),
)


def _integers(value: object) -> list[int] | None:
    if isinstance(value, str):  # as on the command line: 2 or 2,1
        try:
            return [int(cell) for cell in value.split(",")]
        except ValueError:
            return None
    value = listed(value)
    cells = value if isinstance(value, (list, tuple)) else [value]
    numbers = []
    for cell in cells:
        number = integer(cell)
        if number is None:
            return None
        numbers.append(number)
    return numbers


def listed(value: object) -> object:
    """A NumPy array or number as lists or a number of Python; anything else as it is."""
    return value.tolist() if hasattr(value, "tolist") else value


def integer(value: object) -> int | None:
    """An integer of any kind as Python's; None where it is none."""
    if type(value) is int:  # as nearly all are, and asking for a protocol takes long
        return value
    value = listed(value)
    return int(value) if isinstance(value, SupportsIndex) and not isinstance(value, bool) else None


def _at_least(values: list[int], name: str, least: int) -> None:
    for value in values:
        if value < least:
            raise SettingError(
                say("{name} is too small.", name=name),
                found=str(value),
                expected=say("{least} or more", least=least),
            )
        if value > 1_000_000:
            raise SettingError(
                say("{name} is too large.", name=name),
                found=str(value),
                expected=say("1000000 or less"),
            )


def by(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `3×3`; a single number is `a single number`."""
    return "×".join(map(str, shape)) if shape else "a single number"
