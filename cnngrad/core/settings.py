"""Settings such as stride: what may be given, on the command line and in files, and how it is read.

Made without NumPy, so that commands and their help come of them at once; what reads a value is
imported when there is one.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .batch import BATCHES, DEFAULT, IN_NETWORKS, LOSS_MEAN
from .errors import NumberError, SettingError, nearest
from .layouts import DENSE, IMAGES, KERNELS
from .names import ACTIVATIONS
from .text import message, say, series

if TYPE_CHECKING:
    from .numbers import Number


class Kind:
    """What a setting may be: reads what was given and brings it to one form."""

    metavar = ""
    """What stands for a value in the help of the command line."""

    def read(self, name: str, value: object) -> Any:
        """The value in its one form.

        Raises
        ------
        SettingError
            It makes no sense.
        """
        raise SettingError(say("{name} is unknown.", name=name), found=repr(value))


class OneOf(Kind):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, name: str, value: object) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        raise SettingError(
            say("{name} is unknown.", name=name),
            found=repr(value),
            expected=series(self.words),
            fix=nearest(str(value), self.words),
        )


class YesNo(Kind):
    """True or false."""

    def read(self, name: str, value: object) -> bool:
        from .shapes import listed

        value = listed(value)
        if isinstance(value, bool):
            return value
        raise SettingError(say("{name} is not true or false.", name=name), found=repr(value))


class Whole(Kind):
    """A positive integer."""

    metavar = "N"

    def read(self, name: str, value: object) -> int:
        from .shapes import integer

        known = integer(value)
        if known is None or not 1 <= known < 2**31:
            small = known is None or known < 1
            raise SettingError(
                say("{name} is not a positive integer.", name=name),
                found=repr(value),
                expected=say("1 or more") if small else say("less than 2147483648"),
            )
        return known


class Amount(Kind):
    """A number from 0 up, kept exactly as it is written: 0.1 is 1/10."""

    metavar = "X"

    def read(self, name: str, value: object) -> "Number":
        from .numbers import parse  # NumPy, which help does not need

        try:
            known = parse(str(value))
        except NumberError:
            raise SettingError(
                say("{name} is not a number.", name=name),
                found=repr(value),
                expected=say("a number such as 0.5 or 1/3"),
            ) from None
        if known < 0:
            raise SettingError(
                say("{name} is negative.", name=name), found=str(value), expected=say("0 or more")
            )
        return known


class Sides(Kind):
    """An integer, or height and width: one for each spatial axis."""

    metavar = "S"

    def __init__(self, least: int = 1) -> None:
        self.least = least

    def read(self, name: str, value: object, dims: int = 2) -> Any:
        from .shapes import sides

        return sides(value, name, dims, self.least)


class Margins(Kind):
    """A padding."""

    metavar = "P"

    def read(self, name: str, value: object, dims: int = 2) -> Any:  # noqa: ARG002
        from .shapes import padding

        return padding(value, dims)


class Dimensions(Kind):
    """How many spatial axes there are: 1, 2 or 3."""

    metavar = "1|2|3"

    def read(self, name: str, value: object) -> int:
        from .shapes import integer

        known = integer(int(value) if isinstance(value, str) and value.isdecimal() else value)
        if known not in (1, 2, 3):
            raise SettingError(
                say("{name} is not 1, 2 or 3.", name=name),
                found=repr(value),
                expected=say("1 for rows, 2 for images, 3 for blocks"),
            )
        return known


class BatchMode(OneOf):
    """What a batch does to the gradients of a layer's parameters."""

    def __init__(self) -> None:
        super().__init__(*BATCHES)

    def read(self, name: str, value: object) -> str:
        if value == LOSS_MEAN:
            raise SettingError(
                say("loss-mean is a setting of a network: a single layer knows no loss."),
                found=repr(value),
                expected=series(BATCHES),
                fix=say("take sum, which is what a layer of such a network does"),
            )
        return super().read(name, value)


class ProfileName(Kind):
    """The name of a framework whose conventions hold."""

    metavar = "NAME"

    def read(self, name: str, value: object) -> str:  # noqa: ARG002 - there is one such setting
        from .conventions import profile_name  # a long table, which few need

        return profile_name(value)


class Setting(NamedTuple):
    """A setting of an operation, such as stride.

    >>> stride = Setting("stride", Sides(), 1)
    >>> stride.read("2,1"), stride.options
    ((2, 1), ('--stride',))
    >>> Setting("ceil_mode", YesNo(), False).negatives
    ('--no-ceil-mode',)
    """

    name: str
    """In files; on the command line with hyphens for the underscores."""
    kind: Kind
    default: object
    """What holds where nothing is given; None where that depends, or where it must be given."""
    help: str = ""
    """What the command line says of it."""
    metavar: str = ""
    """What stands for a value in help, where the kind's own would not do."""
    modes: tuple[str, ...] = ()
    """The modes that have it; empty where all do."""
    required: bool = False
    per_layer: bool = True
    """Whether a layer of a network has its own; else the network has one for all its layers."""
    other_options: tuple[str, ...] = ()
    """Other names on the command line."""
    short: str = ""
    """One letter for it, on the commands of its own operations only."""
    negative: str = ""
    """What says no to a yes-or-no setting, where that is not `--no-` and its name."""
    unsaid: bool = False
    """Left out of what is shown and written where it is the default."""

    def read(self, value: object, dims: int = 2) -> Any:
        """The value in its one form; raises `SettingError` where it makes no sense.

        Parameters
        ----------
        value
            What was given.
        dims
            How many spatial axes there are.
        """
        if value is None and self.default is None:
            return None
        if isinstance(self.kind, (Sides, Margins)):
            return self.kind.read(self.name, value, dims)
        return self.kind.read(self.name, value)

    @property
    def options(self) -> tuple[str, ...]:
        """Its names on the command line."""
        return f"--{self.name.replace('_', '-')}", *self.other_options

    @property
    def negatives(self) -> tuple[str, ...]:
        """The names on the command line that say no; only of a yes-or-no setting."""
        if not isinstance(self.kind, YesNo):
            return ()
        return (self.negative or f"--no-{self.name.replace('_', '-')}",)


def said(settings: Mapping[str, Any], known: Iterable[Setting]) -> dict[str, Any]:
    """The settings that are shown: those that a person may not know of only where they differ."""
    usual = {setting.name: setting.default for setting in known if setting.unsaid}
    return {
        name: value
        for name, value in settings.items()
        if value is not None and not (name in usual and value == usual[name])
    }


ACTIVATION = OneOf(*ACTIVATIONS)
BATCH = Setting(
    "batch",
    BatchMode(),
    DEFAULT,
    message("Divide dW and db by N (mean, the default), or not (sum, as PyTorch)."),
    per_layer=False,
)
NETWORK_BATCH = BATCH._replace(kind=OneOf(*IN_NETWORKS))
LEARNING_RATE = Setting(
    "learning_rate",
    Amount(),
    None,
    message("Take a step: W := W − α·dW, b := b − α·db."),
    metavar="ALPHA",
    per_layer=False,
)
SLOPE = Setting("slope", Amount(), None, message("Of the leaky ReLU; 1/100."), metavar="S")
CORNER_SLOPE = Setting(
    "corner_slope",
    Amount(),
    None,
    message("The derivative of (leaky) ReLU at exactly 0."),
    metavar="S",
)
LIKE = Setting(
    "like",
    ProfileName(),
    "article",
    message("As this framework does it: pytorch, keras, tensorflow, cs231n …"),
    per_layer=False,
    unsaid=True,
)
LAYOUT = Setting(
    "layout",
    OneOf(*IMAGES),
    IMAGES[0],
    message("The axes of images: channels first or last."),
    per_layer=False,
    unsaid=True,
)
KERNEL_LAYOUT = Setting(
    "kernel_layout",
    OneOf(*KERNELS),
    KERNELS[0],
    message("The axes of the kernel."),
    per_layer=False,
    unsaid=True,
)
DENSE_LAYOUT = Setting(
    "dense_layout",
    OneOf(*DENSE),
    DENSE[0],
    message("The axes of the weights W."),
    per_layer=False,
    unsaid=True,
)
DIMS = Setting(
    "dims",
    Dimensions(),
    2,
    message("Spatial axes: 1 for rows, 2 for images, 3 for blocks."),
    unsaid=True,
)
FLIP = Setting(
    "flip",
    YesNo(),
    False,
    message("Turn the kernel by 180°, as a true convolution does, or not."),
    unsaid=True,
)
REDUCTION = Setting(
    "reduction",
    OneOf("samples", "elements", "sum"),
    None,
    message("What the loss is the mean over: samples, all elements, or their sum."),
    per_layer=False,
)
NETWORK_SETTINGS = (NETWORK_BATCH, REDUCTION, LIKE, LAYOUT, KERNEL_LAYOUT, DENSE_LAYOUT, FLIP)
"""What a network says for all its layers and its loss."""
