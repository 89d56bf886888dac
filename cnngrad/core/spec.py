"""What an operation takes, as data: its matrices, its settings, its modes, and its help.

From a spec come its command, the options of the commands that take any problem, and the keys
of its files. Made without NumPy, so that `--help` comes at once.
"""

from collections.abc import Iterable
from typing import NamedTuple

from .settings import OneOf, Setting
from .text import HelpText, message

FORWARD, BACKWARD = "forward", "backward"


class Operand(NamedTuple):
    """A matrix that a problem needs."""

    name: str
    """In the article's notation: `A_prev`."""
    key: str
    """In problem files and, with hyphens before it, on the command line: `input`."""
    optional: bool = False
    vector: bool = False
    """One number for each channel rather than an image or kernel."""
    rank: int = 4
    """The rank that it is lifted to by leading axes of size 1."""
    least: int = 2
    """The fewest axes that it may have."""
    forms: str = ""
    """The shapes that it may have, in words; an image's or a kernel's unless said otherwise."""
    help: str = ""
    """What the command line says of it."""


A_PREV = Operand("A_prev", "input", help=message("A_prev: a file, -, or numbers: '0 1; 2 3'."))
DZ = Operand("dZ", "dz", help=message("dZ, the output's error."))

MATRICES = message(
    "Matrices are files (.json .csv .tsv .txt .npy .npz), - for standard input, or the numbers"
    " themselves."
)


class OpSpec(NamedTuple):
    """One operation: forward or backward of one kind of layer."""

    family: str
    """The kind of layer, as its commands are called: `conv`."""
    direction: str
    """`forward` or `backward`."""
    operands: tuple[Operand, ...]
    settings: tuple[Setting, ...] = ()
    """Of all modes, in the order in which they are told."""
    help: HelpText = HelpText("")

    @property
    def name(self) -> str:
        """The operation's name, in files and on the command line: `conv-backward`."""
        return f"{self.family}-{self.direction}"

    @property
    def modes(self) -> tuple[str, ...]:
        """The words of the setting `mode`, the default first; `("",)` where there is none."""
        kind = next((s.kind for s in self.settings if s.name == "mode"), None)
        return kind.words if isinstance(kind, OneOf) else ("",)

    def setting(self, name: str) -> Setting:
        """The setting of this name; there must be one."""
        return next(setting for setting in self.settings if setting.name == name)

    def settings_of(self, mode: str) -> tuple[Setting, ...]:
        """The settings that one of its modes has."""
        return tuple(s for s in self.settings if not s.modes or mode in s.modes)

    @property
    def needs(self) -> frozenset[str]:
        """The keys of the matrices and settings that must be given."""
        operands = (operand.key for operand in self.operands if not operand.optional)
        return frozenset([*operands, *(s.name for s in self.settings if s.required)])

    @property
    def takes(self) -> frozenset[str]:
        """The keys of all matrices and settings."""
        return frozenset([*(o.key for o in self.operands), *(s.name for s in self.settings)])


def meant(given: Iterable[str], specs: Iterable[OpSpec]) -> OpSpec | None:
    """The operation that these keys pose a problem of; None where they tell none.

    It is one whose own needs, those that not every kind of layer has, are all given; where
    several are, one that knows all of the keys, and of these the first. It is backward where
    what only the backward operation needs is given.

    Parameters
    ----------
    given
        Keys of matrices and settings that were given.
    specs
        All operations, forward and backward.
    """
    given, specs = set(given), list(specs)
    common = frozenset.intersection(*(spec.needs for spec in specs))
    likely = [spec for spec in specs if (own := spec.needs - common) and own <= given]
    likely.sort(key=lambda spec: (not given <= spec.takes, spec.direction == FORWARD))
    return likely[0] if likely else None
