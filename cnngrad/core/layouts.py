"""Layouts: the order of axes in which a person reads and writes a matrix.

Inside the program images are N, C, H, W, kernels C_out, C_in, H, W, and weights of dense layers
out, in. A `Rank` knows as how many axes, and in which order, a matrix is read, written and shown.
"""

from typing import Any, Self

Axes = tuple[int, ...]

IMAGES = ("nchw", "nhwc")
"""Channels before the image's rows and columns, or behind them."""
KERNELS = ("oihw", "hwio", "ohwi")
"""PyTorch's order; TensorFlow's; MLX's."""
DENSE = ("out-in", "in-out")


class Rank(int):
    """As how many axes a matrix is shown, and in which order they stand.

    >>> image = Rank(4, image_order("nhwc", 4, 4))
    >>> image, image.place((0, 2, 1, 1)), image.full((0, 1, 1, 2), 4)
    (4, (0, 1, 1, 2), (0, 2, 1, 1))
    """

    order: Axes
    """Where each axis that is shown comes from; empty where all stand as they are."""

    def __new__(cls, rank: int, order: Axes = ()) -> Self:
        """A rank with an order of axes."""
        made = super().__new__(cls, rank)
        made.order = () if order == tuple(range(rank)) else order
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (int(self), self.order)

    def place(self, place: Axes) -> Axes:
        """A place in full rank as a person writes it."""
        shown = place[len(place) - self :]
        return tuple(shown[i] for i in self.order) if self.order else shown

    def full(self, shown: Axes, rank: int) -> Axes:
        """The place in full rank that a person means."""
        if self.order:
            plain = [0] * self
            for i, k in zip(self.order, shown, strict=True):
                plain[i] = k
            shown = tuple(plain)
        return (0,) * (rank - self) + shown

    @property
    def turned(self) -> bool:
        """Whether the columns of a plane are shown as its rows."""
        if not self.order:
            return False
        return self.order.index(self - 1) < self.order.index(self - 2)

    def title(self, leading: Axes) -> str:
        """The indices that choose a plane, such as `[0,1]`, or `[0,:,:,1]` in channels last."""
        chosen = leading[len(leading) - max(self - 2, 0) :]
        if not chosen:
            return ""
        if not self.order:
            return f"[{','.join(map(str, chosen))}]"
        words = [*map(str, chosen), ":", ":"]
        return f"[{','.join(words[i] for i in self.order)}]"


def ordered(rank: int) -> Rank:
    """A rank that knows its order, whatever kind of integer was given."""
    return rank if isinstance(rank, Rank) else Rank(rank)


def image_order(layout: str, rank: int, full: int) -> Axes:
    """The axes of an image of this rank, where a batch has `full` axes.

    >>> image_order("nhwc", 4, 4), image_order("nhwc", 3, 4), image_order("nhwc", 2, 4)
    ((0, 2, 3, 1), (1, 2, 0), ())
    """
    channel = rank - full + 1
    if layout == "nchw" or not 0 <= channel <= 1:
        return ()
    return (*(i for i in range(rank) if i != channel), channel)


def kernel_order(layout: str, rank: int, full: int) -> Axes:
    """The axes of a kernel of this rank, where one of all filters has `full` axes.

    >>> kernel_order("hwio", 4, 4), kernel_order("hwio", 3, 4), kernel_order("ohwi", 4, 4)
    ((2, 3, 1, 0), (1, 2, 0), (0, 2, 3, 1))
    """
    channels = rank - full + 2
    if layout == "oihw" or not 1 <= channels <= 2:
        return ()
    sides = tuple(range(channels, rank))
    if channels == 1:
        return (*sides, 0)
    return (*sides, 1, 0) if layout == "hwio" else (0, *sides, 1)


def dense_order(layout: str, rank: int) -> Axes:
    """The axes of a dense layer's weights."""
    return (1, 0) if layout == "in-out" and rank == 2 else ()


def back(order: Axes) -> Axes:
    """The order that undoes another.

    >>> back((2, 3, 1, 0))
    (3, 2, 0, 1)
    """
    return tuple(order.index(i) for i in range(len(order)))


def letters(base: str, layout: str, rank: int, full: int) -> Axes:
    """The axes of a kernel by the letters of its layout; h and w stand for all spatial axes.

    >>> letters("iohw", "hwoi", 4, 4), letters("iohw", "hwio", 3, 4), letters("iohw", "iohw", 4, 4)
    ((2, 3, 1, 0), (1, 2, 0), ())
    """
    missing = full - rank
    if layout == base or not 0 <= missing <= 1:
        return ()
    spatial = tuple(range(2, full))
    order: list[int] = []
    for letter in layout.replace("hw", "s"):
        order += spatial if letter == "s" else (base.index(letter),)
    return tuple(axis - missing for axis in order if axis >= missing)
