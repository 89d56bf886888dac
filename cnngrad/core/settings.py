"""Settings such as stride: what is given, validated and brought to one form."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .batch import BATCHES, LOSS_MEAN
from .conventions import ARTICLE, profile_name
from .errors import NumberError, SettingError, nearest
from .layouts import DENSE, IMAGES, KERNELS
from .numbers import Number, parse
from .shapes import integer
from .text import say


class Setting(NamedTuple):
    """A setting of an operation, such as stride."""

    name: str
    read: Callable[[object], Any]
    """Validates what was given and brings it to one form."""
    default: object
    unsaid: bool = False
    """Left out of what is shown and written where it is the default."""


def said(settings: Mapping[str, Any], known: Iterable[Setting]) -> dict[str, Any]:
    """The settings that are shown: those that a person may not know of only where they differ."""
    usual = {setting.name: setting.default for setting in known if setting.unsaid}
    return {
        name: value
        for name, value in settings.items()
        if value is not None and not (name in usual and value == usual[name])
    }


def choice(name: str, *known: str) -> Callable[[object], str]:
    """A reader of a setting that is one of a few words."""

    def read(value: object) -> str:
        if isinstance(value, str) and value in known:
            return value
        raise SettingError(
            f"{name} is unknown.",
            found=repr(value),
            expected=", ".join(known),
            fix=nearest(str(value), known),
        )

    return read


def batch(value: object) -> str:
    """A reader of how a layer treats the samples of a batch."""
    if value == LOSS_MEAN:
        raise SettingError(
            say("loss-mean is a setting of a network: a single layer knows no loss."),
            found=repr(value),
            expected="mean, sum",
            fix=say("take sum, which is what a layer of such a network does"),
        )
    return choice("batch", *BATCHES)(value)


def flag(name: str) -> Callable[[object], bool]:
    """A reader of a yes-or-no setting."""

    def read(value: object) -> bool:
        if isinstance(value, (bool, np.bool_)):
            return bool(value)
        raise SettingError(f"{name} is not true or false.", found=repr(value))

    return read


def count(name: str, optional: bool = False) -> Callable[[object], int | None]:
    """A reader of a positive integer."""

    def read(value: object) -> int | None:
        if value is None and optional:
            return None
        known = integer(value)
        if known is None or not 1 <= known < 2**31:
            raise SettingError(
                f"{name} is not a positive integer.",
                found=repr(value),
                expected="1 or more" if known is None or known < 1 else "less than 2147483648",
            )
        return known

    return read


def number(name: str, optional: bool = False) -> Callable[[object], Number | None]:
    """A reader of a number from 0 up, kept exactly as it is written: 0.1 is 1/10."""

    def read(value: object) -> Number | None:
        if value is None and optional:
            return None
        try:
            known = parse(str(value))
        except NumberError:
            raise SettingError(
                f"{name} is not a number.",
                found=repr(value),
                expected="a number such as 0.5 or 1/3",
            ) from None
        if known < 0:
            raise SettingError(f"{name} is negative.", found=str(value), expected="0 or more")
        return known

    return read


LIKE = Setting("like", profile_name, ARTICLE, unsaid=True)
LAYOUT = Setting("layout", choice("layout", *IMAGES), IMAGES[0], unsaid=True)
KERNEL_LAYOUT = Setting("kernel_layout", choice("kernel_layout", *KERNELS), KERNELS[0], unsaid=True)
DENSE_LAYOUT = Setting("dense_layout", choice("dense_layout", *DENSE), DENSE[0], unsaid=True)
