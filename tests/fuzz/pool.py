"""Many cases in a few processes: each has a folder of its own, and takes a portion at a time."""

import collections
import functools
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from .cases import Case, Maker
from .judging import Fault, faults
from .running import Outcome, prepare, run
from .seeds import load

PORTION = 100
"""So many cases a process takes at a time."""


class Report(NamedTuple):
    """What came of some cases."""

    codes: collections.Counter[tuple[str, str]]
    """(command, exit code) → how often."""
    found: list[tuple[int, Fault]]


def build_commands_once() -> None:
    """Keep what the parser builds of a command: half of the time of a short run goes into it."""
    import typer

    from cnngrad.cli.app import app

    typer.main.get_command = functools.cache(typer.main.get_command)
    group: Any = type(typer.main.get_command(app))
    known: dict[str, Any] = {}
    plain = group.get_command

    def get_command(self: Any, context: Any, name: str) -> Any:
        if name not in known:
            known[name] = plain(self, context, name)
        return known[name]

    group.get_command = get_command


_state: dict[str, Any] = {}


def begin(folder: str) -> None:
    """Make a process ready."""
    home = tempfile.mkdtemp(dir=folder)
    os.chdir(home)
    prepare()
    build_commands_once()
    seeds = load()
    _state["maker"] = Maker(seeds)
    _state["names"] = {command.name for command in seeds.commands}


def portion(seed: int, numbers: range) -> Report:
    """Run some cases in this process."""
    codes: collections.Counter[tuple[str, str]] = collections.Counter()
    found = []
    for number in numbers:
        case = _state["maker"].case(seed, number)
        outcome = run(case)
        command = case.argv[0] if case.argv and case.argv[0] in _state["names"] else "(other)"
        codes[command, str(outcome.code)] += 1
        found += [(number, fault) for fault in faults(case, outcome)]
    return Report(codes, found)


def portions(seed: int, numbers: range, processes: int) -> Iterator[Report]:
    """Run all cases, in the order of their numbers."""
    shares = [numbers[k : k + PORTION] for k in range(0, len(numbers), PORTION)]
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, context, begin, (folder,)) as pool:
            yield from pool.map(functools.partial(portion, seed), shares)


def one(seed: int, number: int) -> tuple[Case, Outcome]:
    """Run one case in this process."""
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        begin(folder)
        try:
            case = _state["maker"].case(seed, number)
            return case, run(case)
        finally:
            os.chdir(here)
