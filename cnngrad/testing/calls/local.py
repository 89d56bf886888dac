"""A person's function called in this process: for tests, where it is at hand as an object."""

import types
from collections.abc import Callable, Mapping
from typing import Any

from ...core.numbers import Array
from .calling import Calling, Signature
from .invoke import CallOutcome, invoke
from .signatures import signature_of


class LocalRunner:
    """Calls a function or class, and its own forward where there is one.

    Parameters
    ----------
    function
        The function or class to test.
    forward
        Its own forward, for a backward that takes a cache.
    """

    def __init__(self, function: Callable[..., Any], forward: Callable[..., Any] | None) -> None:
        self._module = types.ModuleType("functions")
        code = getattr(function, "__code__", None)
        self._module.__file__ = code.co_filename if code else ""
        parts = [function, *([forward] if forward else [])]
        for part in parts:
            setattr(self._module, part.__name__, part)
        self.signatures: tuple[Signature, ...] = tuple(
            signature_of(part.__name__, part) for part in parts
        )

    def call(
        self, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
    ) -> CallOutcome:
        """Call it once."""
        return invoke(self._module, calling, given, settings)
