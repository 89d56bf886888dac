"""Proofs: what is shown on random problems, on as many as there is time for.

The suite takes the first part of each, the same one every time. `pytest tests/proofs --times 50`
takes fifty times as many, and other ones each time; so do the property tests beside this folder.
A proof says how many it takes, never how long: no test depends on the clock.
"""

from hypothesis import settings

_times = 1


def times() -> int:
    """How many times as many examples were asked for as the suite takes."""
    return _times


def take(many: int) -> None:
    """Take so many times as many examples; `conftest.py` passes `--times` on."""
    global _times
    _times = many


def proven(examples: int) -> settings:
    """The settings of a property test: so many examples in the suite."""
    return settings(max_examples=examples * _times, deadline=None, derandomize=_times == 1)
