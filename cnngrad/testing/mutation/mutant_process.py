"""The process that runs a person's tests with a mistake in their function's place.

`python -m cnngrad.testing.mutation.mutant_process JOB`: the tests are collected first, then the
function is replaced wherever it has been imported, then they run.
"""

import functools
import inspect
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from ...core.numbers import Array
from ..calls.calling import SETTINGS, Calling, role_of
from ..problems.explanations import same
from ..problems.ladder import Rung
from ..problems.simulations import Simulations
from ..session import names_of
from .mutants import Mutant, MutantJob

_SECONDS = 120
"""That a run of the tests may take."""


def main() -> int:
    """Run the tests with each mutant in turn, and print the exit code of each run."""
    with open(sys.argv[1], "rb") as file:
        job, mutants = pickle.load(file)
    answers = os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    for folder in (Path(job.target).resolve().parent, Path(job.tests).resolve().parent):
        sys.path.insert(0, str(folder))
    for code in _codes(job, mutants):
        print(code, file=answers, flush=True)
    return 0


def _codes(job: MutantJob, mutants: list[Mutant | None]) -> Iterator[int]:
    try:
        import pytest
    except ImportError:
        for mutant in mutants:
            yield _apart(lambda mutant=mutant: _unittest(job, mutant))  # type: ignore[misc]
        return
    words = [job.tests, "-q", "-x", "-p", "no:cacheprovider"]
    if len(mutants) == 1 or not hasattr(os, "fork"):
        for mutant in mutants:
            yield int(pytest.main(words, [_Plugin(job, mutant)]))
        return
    codes: list[int] = []
    reading, writing = os.pipe()
    child = os.fork()  # the tests are collected there once, and forked again for each mutant
    if child == 0:
        pytest.main(words, [_ForkingPlugin(job, mutants, writing)])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as lines:
        for line in lines:
            codes.append(int(line))
            yield codes[-1]
    os.waitpid(child, 0)
    yield from [1] * (len(mutants) - len(codes))


class _ForkingPlugin:
    """Runs the collected tests once for each mutant, each time in a process of its own."""

    def __init__(self, job: MutantJob, mutants: list[Mutant | None], answers: int) -> None:
        self.job, self.mutants, self.answers = job, mutants, answers
        self.mutated = False

    def pytest_runtestloop(self, session: object) -> bool | None:
        """Pytest's hook: in a fork the tests run, in the process itself they do not."""
        del session
        for mutant in self.mutants:
            child = os.fork()
            if child == 0:
                self.mutated = True
                replace_everywhere(self.job, mutant)
                return None
            os.write(self.answers, b"%d\n" % _waited(child))
        return True

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Pytest's hook: a fork ends with its own exit code."""
        if self.mutated:
            os._exit(int(exitstatus))


def _apart(run: Callable[[], int]) -> int:
    """Run in a process of its own, which shares what is loaded."""
    if not hasattr(os, "fork"):
        return run()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = run()
        finally:
            os._exit(code)
    return _waited(child)


def _waited(child: int) -> int:
    """The exit code of a fork; a test that hangs has caught the mistake too."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return 1


def _unittest(job: MutantJob, mutant: Mutant | None) -> int:
    import unittest

    path = Path(job.tests)
    suite = unittest.defaultTestLoader.discover(str(path.parent or "."), path.name)
    if not suite.countTestCases():
        return 5
    replace_everywhere(job, mutant)
    nowhere = StringIO()
    return int(not unittest.TextTestRunner(nowhere, verbosity=0).run(suite).wasSuccessful())


class _Plugin:
    """Replaces the function when the tests have been collected."""

    def __init__(self, job: MutantJob, mutant: Mutant | None) -> None:
        self.job, self.mutant = job, mutant

    def pytest_collection_finish(self, session: object) -> None:
        """Pytest's hook: all test modules have been imported."""
        del session
        replace_everywhere(self.job, self.mutant)


def replace_everywhere(job: MutantJob, mutant: Mutant | None) -> None:
    """Put the mutant where the function is known, in whatever module."""
    if mutant is None:
        return
    path = str(Path(job.target).resolve())
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            code = getattr(value, "__code__", None)
            if code is None or value.__name__ != job.calling.name:
                continue
            if str(Path(code.co_filename).resolve()) == path:
                setattr(module, name, mutated(value, job, mutant))


def mutated(function: Callable[..., Any], job: MutantJob, mutant: Mutant) -> Callable[..., Any]:
    """The function with one result made wrong."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        kept = [np.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
        back = function(*arguments, **named)
        try:
            values = signature.bind(*kept, **named)
            values.apply_defaults()
            return _with_mistake(back, dict(values.arguments), job, mutant)
        except Exception:
            return back

    return call


def _with_mistake(back: Any, arguments: Mapping[str, Any], job: MutantJob, mutant: Mutant) -> Any:
    rung = _posed(arguments, job)
    simulations = Simulations(mutant.result)
    variant = simulations.mistakes_on(rung).get(mutant.mistake)
    array = None if variant is None else simulations.prediction(variant, rung)
    if array is None or same(array, rung.results[mutant.result]):
        return back
    dense = job.calling.op.startswith("dense")
    name = "W" if mutant.result == "dW" else mutant.result
    shown = job.presentation.shown(name, array, dense)
    if not isinstance(back, tuple):
        return shown
    order = job.order or names_of(job.calling.op)
    place = order.index(mutant.result)
    return (*back[:place], shown, *back[place + 1 :])


def _posed(arguments: Mapping[str, Any], job: MutantJob) -> Rung:
    """The problem that a call poses."""
    values = _roles(arguments, job.calling)
    dense = job.calling.op.startswith("dense")
    given: dict[str, Array] = {
        name: job.presentation.full(name, np.asarray(values[name], np.float64), dense)
        for name in ("A_prev", "W", "b", "gamma", "beta", "dZ")
        if values.get(name) is not None
    }
    settings = {name: values[name] for name in SETTINGS if values.get(name) is not None}
    if job.calling.mode and job.calling.op.startswith("pool"):
        settings["mode"] = job.calling.mode
    return Rung(job.calling.op, given, settings | dict(job.settings), flipped=job.flipped)


def _roles(arguments: Mapping[str, Any], calling: Calling) -> dict[str, Any]:
    """What each role was given, out of the parameters, caches and dictionaries of a call."""
    roles = dict(calling.roles)
    values = {roles[name]: value for name, value in arguments.items() if name in roles}
    cache = values.pop("cache", None)
    if cache is not None:
        arrays = [part for part in cache if isinstance(part, np.ndarray)]
        values |= zip(("A_prev", "W", "b"), arrays, strict=False)
        for part in cache:
            if isinstance(part, dict):
                values["hparameters"] = part
    for key in ("conv_param", "pool_param", "hparameters"):
        for name, value in (values.pop(key, None) or {}).items():
            role = "window" if name in ("f", "pool_height") else role_of(name)
            values[role] = value
    return values


if __name__ == "__main__":
    sys.exit(main())
