"""Limits and faults of frameworks: what a profile refuses, and what it tells but does not do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .conventions import PROFILES, Profile
from .errors import SettingError
from .text import message, say, series

Settings = Mapping[str, Any]


class Limit(NamedTuple):
    """What a framework cannot do, or does wrong."""

    kinds: tuple[str, ...]
    """The kinds of layer that it concerns."""
    applies: Callable[[Settings], bool]
    """Whether settings in their one form run into it."""
    words: str
    """What the framework does, as a template of `say`."""
    fix: str = ""


def _larger_than_one(value: object) -> bool:
    return isinstance(value, tuple) and max(value) > 1


def _word(settings: Settings, *words: str) -> bool:
    return settings.get("padding") in words


def _pads(settings: Settings) -> bool:
    """Whether padding adds a cell anywhere."""
    padding = settings.get("padding")
    if isinstance(padding, str):
        return padding != "valid"
    return any(side for pair in padding or () for side in pair)


def _lopsided(settings: Settings) -> bool:
    padding = settings.get("padding")
    return not isinstance(padding, str) and any(first != last for first, last in padding or ())


LIMITS: Mapping[str, Limit] = {
    "same-with-stride": Limit(
        ("conv",),
        lambda s: _word(s, "same") and _larger_than_one(s["stride"]),
        message('{title} refuses padding "same" with a stride above 1.'),
        message("give the padding in numbers: --padding top,bottom,left,right"),
    ),
    "no-ceil": Limit(
        ("pool",),
        lambda s: bool(s.get("ceil_mode")),
        message("{title} has no ceil mode in pooling."),
        message("leave --ceil-mode out"),
    ),
    "average-no-ceil": Limit(
        ("average-pool",),
        lambda s: bool(s.get("ceil_mode")),
        message("{title} has no ceil mode in average pooling."),
        message("leave --ceil-mode out"),
    ),
    "ceil-with-padding": Limit(
        ("pool",),
        lambda s: bool(s.get("ceil_mode")) and _pads(s),
        message("{title} refuses padding where pooling rounds the size up."),
        message("add --no-ceil-mode, which is its ignore_border=True"),
    ),
    "no-average": Limit(
        ("average-pool",),
        lambda _: True,
        message("{title} has no average pooling."),
        message("leave --like out, or take another profile"),
    ),
    "padding-by-word": Limit(
        ("conv", "pool"),
        lambda s: not isinstance(s.get("padding"), str) and _pads(s),
        message("{title} takes padding by word only."),
        message('give "valid" or "same"'),
    ),
}
"""What frameworks cannot do."""

FAULTS: Mapping[str, Limit] = {
    "float32-sum": Limit(
        (),
        lambda _: False,
        message(
            "In float32 its db of one map of 5000×5000 ones is 16,777,216; here it is 25,000,000."
        ),
    ),
    "3d-ties": Limit(
        (),
        lambda _: False,
        message(
            "On a CPU, run eagerly, its 3-D max pooling gives every tied cell the whole error."
        ),
    ),
    "3d-ties-last": Limit(
        (),
        lambda _: False,
        message("Its 3-D max pooling gives the error to the last of tied cells."),
    ),
    "3d-same-shift": Limit(
        (),
        lambda _: False,
        message(
            'Its 3-D layers under "same" shift their windows where the stride is above the window.'
        ),
    ),
    "torch-repeats-edge": Limit(
        ("average-pool",),
        lambda s: _word(s, "same"),
        message(
            "On the backend PyTorch its average pooling repeats the edge instead of leaving the"
            " padding out; here it is left out, as on TensorFlow and JAX."
        ),
    ),
    "same-resets-dilation": Limit(
        ("conv",),
        lambda s: _word(s, "same") and _larger_than_one(s["dilation"]),
        message('Under "same" {title} sets the dilation back to 1; here it stays as it is given.'),
    ),
    "lopsided-average": Limit(
        ("average-pool",),
        lambda s: bool(s.get("count_include_pad")) and (_lopsided(s) or _word(s, "same")),
        message(
            "With padding that differs from side to side its average pooling counts one side only;"
            " here every side counts."
        ),
    ),
    "logit-zero": Limit(
        (),
        lambda _: False,
        message(
            "The gradient of its binary_cross_entropy_with_logits is 1 too small at a logit of"
            " exactly 0; here it is sigmoid − target everywhere."
        ),
    ),
    "average-in-float32": Limit(
        (),
        lambda _: False,
        message("The gradient of its average pooling divides in float32, in float64 too."),
    ),
    "leak-in-float32": Limit(
        (),
        lambda _: False,
        message("Its leaky ReLU rounds the slope to float32, in float64 too."),
    ),
    "same-refuses-stride": Limit(
        (),
        lambda _: False,
        message('Its MaxPool refuses "same" where a stride is above the window.'),
    ),
    "divisor-times-cells": Limit(
        ("average-pool",),
        lambda s: s.get("divisor_override") is not None,
        message(
            "With exclusive=True its divisor_override is multiplied by the cells present;"
            " here it is the divisor."
        ),
    ),
    "same-ignores-dilation": Limit(
        ("max-pool",),
        lambda s: _word(s, "same", "same-lower") and _larger_than_one(s["dilation"]),
        message('Under "same" its MaxPool ignores the dilation when it pads; here it counts.'),
    ),
    "average-gradient-full-window": Limit(
        ("average-pool",),
        _pads,
        message(
            "Its gradient of average pooling divides by the whole window, though forward does not;"
            " here both divide by the cells present."
        ),
    ),
    "gradient-forgets-ceil": Limit(
        ("pool",),
        lambda s: bool(s.get("ceil_mode")),
        message("Its gradients of pooling forget the ceil mode; here they follow it."),
    ),
}
"""What frameworks do wrong in the version of their profile."""


def refuse_beyond(like: str, kinds: tuple[str, ...], settings: Settings) -> None:
    """Refuse settings that the framework of a profile does not have.

    Raises
    ------
    SettingError
        It refuses them, or has no such thing.
    """
    known = PROFILES[like]
    for limit in _met(known.limits, LIMITS, kinds, settings):
        raise SettingError(say(limit.words, title=known.title), fix=say(limit.fix))
    padding = settings.get("padding")
    if "conv" not in kinds and "pool" not in kinds:
        return
    words = known.conv_words if "conv" in kinds else known.pool_words
    if isinstance(padding, str) and padding not in words:
        raise SettingError(
            say('{title} has no padding "{word}" here.', title=known.title, word=padding),
            expected=say("numbers: --padding top,bottom,left,right")
            if not words
            else (say("numbers, or one of {words}", words=series(words))),
        )


def told(like: str, kinds: tuple[str, ...], settings: Settings) -> list[str]:
    """What the framework does otherwise on such a problem, by a fault that is not imitated."""
    known = PROFILES[like]
    return [
        say(fault.words, title=known.title) for fault in _met(known.faults, FAULTS, kinds, settings)
    ]


def faults_of(known: Profile) -> list[str]:
    """Every fault of a framework, in words."""
    return [say(FAULTS[name].words, title=known.title) for name in known.faults]


def limits_of(known: Profile) -> list[str]:
    """What a framework does not have, in words."""
    return [say(LIMITS[name].words, title=known.title) for name in known.limits]


def _met(
    names: Iterable[str], table: Mapping[str, Limit], kinds: tuple[str, ...], settings: Settings
) -> Iterator[Limit]:
    for name in names:
        limit = table[name]
        if set(limit.kinds) & set(kinds) and limit.applies(settings):
            yield limit
