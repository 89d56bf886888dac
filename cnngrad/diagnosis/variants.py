"""Variants: how a gradient is computed, right or wrong, and how two mistakes combine.

A variant with every field empty is the right computation. A mistake fills in a field or two; two
mistakes at once are two variants merged. A field takes one of a few words, and any other word is
an error, under mypy and when the variant is made. The simulator of each kind of layer follows
what the words say.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np

from ..core.numbers import Array, Scaled

Kernel = Literal[
    "rotated",
    "transposed",
    "rows summed",
    "columns summed",
    "rows flipped",
    "columns flipped",
    "quarter turn",
    "three quarter turns",
    "channels swapped",
]
Errors = Literal[
    "",
    "ones",
    "transposed",
    "rotated",
    "first sample",
    "last sample",
    "first window",
    "first window of each channel",
    "first row of windows",
]
Descent = Literal["weights updated first", "sign turned", "rate missing"]
After = Literal[
    "negated",
    "rotated",
    "transposed",
    "reversed",
    "leading swapped",
    "channels last",
    "batch summed",
    "batch summed everywhere",
    "batch summed into the first",
    "first sample",
    "first sample everywhere",
    "first sample then zeros",
    "last sample",
    "last sample everywhere",
    "last sample then zeros",
    "first window then zeros",
    "channels summed",
]
Matrix = Literal["dZ", "W", "A_prev", "window", "dZ's cell", "shifted"]
Share = Literal[
    "",
    "every",
    "first",
    "last",
    "all",
    "split",
    "first-column",
    "sides swapped",
    "first real cell",
    "top left",
    "top right",
    "bottom left",
    "bottom right",
]
Padding = Literal[
    "",
    "none",
    "kept",
    "cropped at the far end",
    "cropped by the other side",
    "too wide",
    "other side",
    "as zeros",
]
Derivative = Literal[
    "",
    "missing",
    "twice",
    "at activation",
    "already",
    "diagonal",
    "output formula",
    "activation",
]


Norm = Literal[
    "", "unbiased", "epsilon outside", "mean path", "variance path", "gamma forgotten", "no beta"
]


class ProductOperand(NamedTuple):
    """One side of a matrix product, as it is or transposed."""

    matrix: Matrix
    turned: bool = False


class ProductWay(NamedTuple):
    """Which matrices are multiplied, and what is taken for one matrix."""

    each: Literal["plane", "plane, in the corner", "window", "windows added up", "part", "cell"]
    left: ProductOperand
    right: ProductOperand


class _Fields(NamedTuple):
    error: Errors = ""
    """What is done to dZ before it is used."""
    stride: Literal["", "one", "swapped", "placed by one", "swapped with dilation"] = ""
    dilation: Literal["", "one"] = ""
    padding: Padding = ""
    windows: Literal["", "all that fit"] = ""
    """How many windows there are on the way forward, where stride or padding change it."""
    kernel: tuple[Kernel, ...] = ()
    """What is done to the kernel before it is used, one after the other."""
    write: Literal["", "cells", "span", "windows", "window", "receivers"] = ""
    """What is written with `=` where `+=` is meant."""
    channels: Literal["", "last", "first", "own", "in turns"] = ""
    groups: Literal["", "first", "every", "in turns", "all pairs"] = ""
    product: ProductWay | None = None
    window: Literal["", "sides swapped"] = ""
    """How tall and how wide a pooling window is."""
    size: Literal["", "not divided"] = ""
    """How large a result is, where the stride does not divide what the windows slide over."""
    share: Share = ""
    """Which cells of a pooling window receive something."""
    amount: Literal["", "maximum", "error × maximum", "one"] = ""
    """What they receive, before it is divided."""
    divide: Literal["", "none", "height", "width", "area", "real", "padded"] = ""
    """What a pooling window's amount is divided by."""
    bias: Literal["", "missing", "in the sum", "one a cell", "one a place"] = ""
    derivative: Derivative = ""
    """What becomes of f'(z), the derivative of the activation."""
    descent: tuple[Descent, ...] = ()
    """What is done differently in the step of gradient descent, or before it."""
    transposed: Literal["", "no output padding", "as convolution"] = ""
    """What a transposed convolution is taken for."""
    norm: Norm = ""
    """What is done differently in a batch normalisation."""
    mean: Literal["", "not by N", "by N again"] = ""
    """How the gradient is divided on its way into the step of gradient descent."""
    factor: Fraction = Fraction(1)
    """What the result is multiplied by in the end."""
    after: tuple[After, ...] = ()
    """What is done to the finished result."""


class Variant(_Fields):
    """A way of computing a gradient; an empty field is done right.

    Raises
    ------
    ValueError
        A field has a word that means nothing.

    Examples
    --------
    >>> Variant(stride="one").changes
    1
    >>> Variant(stride="swaped")
    Traceback (most recent call last):
    ...
    ValueError: stride cannot be 'swaped'
    """

    __slots__ = ()

    if not TYPE_CHECKING:  # mypy checks the words by the fields

        def __new__(cls, *args, **fields):
            made = super().__new__(cls, *args, **fields)
            for name, value in zip(cls._fields, made, strict=True):
                if value and not _means(name, value):
                    raise ValueError(f"{name} cannot be {value!r}")
            return made

    @property
    def changes(self) -> int:
        """How many fields are filled in; the number of windows follows from others."""
        filled = [name for name in self._fields if getattr(self, name) != getattr(RIGHT, name)]
        return len({*filled} - {"windows"})

    @property
    def core(self) -> "Variant":
        """The same without what is done to the finished result."""
        return self._replace(factor=Fraction(1), after=())


def _words() -> dict[str, frozenset[str]]:
    """The words that each field knows."""
    known = {}
    for name, hint in get_type_hints(_Fields).items():
        inner = get_args(hint)[0] if get_origin(hint) is tuple else hint
        if get_origin(inner) is Literal:
            known[name] = frozenset(get_args(inner))
    return known


_WORDS = _words()
_KINDS = {"product": ProductWay, "factor": Fraction}


def _means(name: str, value: Any) -> bool:
    if name in _KINDS:
        return isinstance(value, _KINDS[name])
    return {*(value if isinstance(value, tuple) else (value,))} <= _WORDS[name]


RIGHT = Variant()
_IN_A_ROW = ("kernel", "descent", "after")


def merged(one: Variant, two: Variant) -> Variant | None:
    """Both mistakes at once; None where they would change the same thing.

    >>> merged(Variant(stride="one"), Variant(after=("negated",))).stride
    'one'
    >>> merged(Variant(stride="one"), Variant(stride="swapped")) is None
    True
    """
    fields: list[Any] = []
    a: Any
    for name, right, a, b in zip(Variant._fields, RIGHT, one, two, strict=True):
        if a == right or b == right:
            fields.append(b if a == right else a)
        elif name in _IN_A_ROW and a != b:
            fields.append(a + b)
        else:
            return None
    return Variant._make(fields)


def finished(core: Scaled, variant: Variant) -> Scaled | None:
    """What is done to the finished result: multiplied, turned, transposed."""
    values, scale = core
    if variant.factor != 1:
        if values.dtype.kind == "f":
            values = values * float(variant.factor)
        else:
            values = values * variant.factor.numerator
            scale *= variant.factor.denominator
    for step in variant.after:
        changed = AFTER[step](values)
        if changed is None:
            return None
        values = changed
    return Scaled(values, scale)


def _rotated(values: Array) -> Array | None:
    return values[..., ::-1, ::-1] if values.ndim > 1 else None


def _transposed(values: Array) -> Array | None:
    return values.swapaxes(-1, -2) if values.ndim > 1 else None


def _reversed(values: Array) -> Array | None:
    return values.T if values.ndim > 2 else None


def _leading_swapped(values: Array) -> Array | None:
    return values.swapaxes(0, 1) if values.ndim > 2 else None


def _channels_last(values: Array) -> Array | None:
    return values.transpose(0, 2, 3, 1) if values.ndim == 4 else None


def _batch_summed(values: Array) -> Array | None:
    return values.sum(0, keepdims=True) if values.ndim > 1 and len(values) > 1 else None


def _batch_summed_everywhere(values: Array) -> Array | None:
    summed = _batch_summed(values)
    return None if summed is None else summed.repeat(len(values), axis=0)


def _batch_summed_into_the_first(values: Array) -> Array | None:
    summed = _batch_summed(values)
    if summed is None:
        return None
    copy = np.zeros_like(values)
    copy[0] = summed[0]
    return copy


def _last_sample(values: Array) -> Array | None:
    return values[-1:] if values.ndim > 1 and len(values) > 1 else None


def _last_sample_everywhere(values: Array) -> Array | None:
    last = _last_sample(values)
    return None if last is None else last.repeat(len(values), axis=0)


def _last_sample_then_zeros(values: Array) -> Array | None:
    if values.ndim < 2 or len(values) < 2:
        return None
    copy = values.copy()
    copy[:-1] = 0
    return copy


def _first_window_then_zeros(values: Array) -> Array | None:
    copy = np.zeros_like(values)
    copy.flat[0] = values.flat[0]
    return copy if values.size > 1 else None


def _channels_summed(values: Array) -> Array | None:
    if values.ndim < 3 or values.shape[-3] < 2:
        return None
    summed: Array = values.sum(-3, keepdims=True)
    return summed.repeat(values.shape[-3], axis=-3)


def _first_sample(values: Array) -> Array | None:
    return values[:1] if values.ndim > 1 and len(values) > 1 else None


def _first_sample_everywhere(values: Array) -> Array | None:
    first = _first_sample(values)
    return None if first is None else first.repeat(len(values), axis=0)


def _first_sample_then_zeros(values: Array) -> Array | None:
    if values.ndim < 2 or len(values) < 2:
        return None
    copy = values.copy()
    copy[1:] = 0
    return copy


AFTER: dict[After, Callable[[Array], Array | None]] = {
    "negated": lambda values: -values,
    "rotated": _rotated,
    "transposed": _transposed,
    "reversed": _reversed,
    "leading swapped": _leading_swapped,
    "channels last": _channels_last,
    "batch summed": _batch_summed,
    "batch summed everywhere": _batch_summed_everywhere,
    "batch summed into the first": _batch_summed_into_the_first,
    "first sample": _first_sample,
    "first sample everywhere": _first_sample_everywhere,
    "first sample then zeros": _first_sample_then_zeros,
    "last sample": _last_sample,
    "last sample everywhere": _last_sample_everywhere,
    "last sample then zeros": _last_sample_then_zeros,
    "first window then zeros": _first_window_then_zeros,
    "channels summed": _channels_summed,
}
"""What can be done to a finished result, by its name in a variant; None where it cannot."""


def changed_errors(dZ: Array, how: Errors) -> Array | None:
    """What is used in the place of dZ, in full rank; None where it would not fit.

    >>> changed_errors(np.array([[[[1, 2], [3, 4]]]]), "transposed").tolist()
    [[[[1, 3], [2, 4]]]]
    """
    if how == "ones":
        return np.ones_like(dZ)
    if how == "first sample":
        return _first_sample_then_zeros(dZ)
    if how == "last sample":
        return _last_sample_then_zeros(dZ)
    if dZ.ndim < 3:
        return None
    if how == "transposed":
        return _transposed(dZ) if dZ.shape[-1] == dZ.shape[-2] else None
    if how == "rotated":
        return _rotated(dZ)
    kept = np.zeros_like(dZ)
    if how == "first window":
        kept.flat[0] = dZ.flat[0]
    elif how == "first window of each channel":
        kept[..., 0, 0] = dZ[..., 0, 0]
    else:
        kept[..., 0, :] = dZ[..., 0, :]
    return kept
