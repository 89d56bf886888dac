"""What a network needs to know of a kind of layer."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .problem import Problem
from .trace import Index


class Layer(NamedTuple):
    """A kind of layer, as a network file names it."""

    problem: type[Problem]
    """Its backward problem, which knows its forward one."""
    fixed: Mapping[str, Any] = {}
    """Settings that the kind implies, such as `mode`."""
    takes: str = ""
    """`images` (… C, H, W) or `rows` (N, n) of numbers; empty where both will do."""
    gives: str = ""
    """`images` or `rows`; empty where it gives what it takes."""
    sizes: tuple[str, ...] = ()
    """The keys that say how large drawn parameters are, such as `units`."""
    drawn: Callable[[Mapping[str, Any], Index, Mapping[str, Any]], dict[str, Index]] | None = None
    """From sizes, the input's shape and the settings: the shapes of the parameters to draw."""

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that the layer may have in a network file."""
        own = (setting for setting in self.problem.options if setting.per_layer)
        return tuple(setting.name for setting in own if setting.name not in self.fixed)
