"""A person's tests tried: known mistakes put in the function's place, and which get through."""

import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import FileError, UsageError
from ...core.text import say
from ...diagnosis.variants import Variant
from ..calls.calling import Calling
from ..calls.presentation import Presentation
from ..problems.explanations import same
from ..problems.ladder import Rung
from ..problems.simulations import KnownMistake, Simulations
from ..session import names_of

CALLINGS = ("arrays", "cs231n", "deeplearning.ai")
"""Callings whose arguments can be read back."""
_NO_TESTS = 5
"""Pytest's exit code where it finds no test."""


@dataclass(frozen=True)
class Mutant:
    """One result of a function, made wrong by one known mistake."""

    result: str
    mistake: KnownMistake

    @property
    def code(self) -> str:
        """The code of the mistake."""
        return self.mistake.code


@dataclass(frozen=True)
class MutantJob:
    """All that the process needs which runs a person's tests.

    Parameters
    ----------
    target, tests
        The file of the function and that of its tests.
    settings
        The conventions under which the function is right, as settings of a problem.
    """

    target: str
    tests: str
    calling: Calling
    presentation: Presentation
    settings: tuple[tuple[str, Any], ...]
    flipped: bool
    order: tuple[str, ...]


def mutants(op: str, rungs: Sequence[Rung], results: Iterable[str]) -> list[Mutant]:
    """The mistakes that a call within the function's parameters can show, no two alike.

    Parameters
    ----------
    op
        The operation.
    rungs
        The problems that the function's parameters allow, under its conventions.
    results
        The results that it gives.
    """
    found: list[Mutant] = []
    given = set(results)
    for name in names_of(op):
        if name not in given:
            continue
        simulations, seen = Simulations(name), set()
        for mistake in _once_each(simulations, rungs):
            outcomes = tuple(_outcome(simulations, mistake, rung) for rung in rungs)
            if any(outcomes) and outcomes not in seen:
                seen.add(outcomes)
                found.append(Mutant(name, mistake))
    return found


def _once_each(simulations: Simulations, rungs: Sequence[Rung]) -> list[KnownMistake]:
    """The mistakes; of those that differ in what their factor counts, the one that fits most."""
    made = Counter(m for rung in rungs for m in simulations.mistakes_on(rung))
    best: dict[tuple[str, Variant], KnownMistake] = {}
    for mistake, count in made.items():
        known = best.setdefault((mistake.code, mistake.variant), mistake)
        if count > made[known]:
            best[mistake.code, mistake.variant] = mistake
    return list(best.values())


def _outcome(simulations: Simulations, mistake: KnownMistake, rung: Rung) -> bytes:
    """What comes out under a mistake; nothing where it changes nothing."""
    variant = simulations.mistakes_on(rung).get(mistake)
    array = None if variant is None else simulations.prediction(variant, rung)
    if array is None or same(array, rung.results[simulations.name]):
        return b""
    return repr(array.shape).encode() + np.round(array, 9).tobytes()


def run_tests(job: MutantJob, every: Sequence[Mutant | None]) -> Iterator[int]:
    """Run a person's tests with each mutant in turn; their exit codes, as they come.

    The process that runs them loads what all of them need once.
    """
    here = str(Path(__file__).resolve().parents[3])
    known = os.environ.get("PYTHONPATH")
    paths = os.pathsep.join([here, *([known] if known else [])])
    with tempfile.TemporaryDirectory(prefix="cnngrad-") as folder:
        file = Path(folder) / "job"
        file.write_bytes(pickle.dumps((job, list(every))))
        with subprocess.Popen(
            [sys.executable, "-m", "cnngrad.testing.mutation.mutant_process", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            text=True,
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    yield int(line)
            finally:
                process.kill()


def survivors(
    job: MutantJob,
    every: Sequence[Mutant],
    progress: Callable[[Iterable[int]], Iterable[int]] = lambda codes: codes,
) -> list[Mutant]:
    """The mutants that the tests let through.

    Parameters
    ----------
    job
        The function and its tests.
    every
        The mutants to try.
    progress
        Wraps the outcomes as they come.

    Raises
    ------
    UsageError
        There is no test among them.
    FileError
        The tests fail with the function as it is.
    """
    (code,) = run_tests(job, [None])
    if code == _NO_TESTS:
        raise UsageError(say("There is no test in the file."), where=job.tests)
    if code:
        raise FileError(
            say("The tests fail with the function as it is."),
            where=job.tests,
            expected=say("tests that pass: only then does a failure say that a mistake is caught"),
        )
    codes = progress(run_tests(job, every))
    return [mutant for mutant, code in zip(every, codes, strict=True) if code == 0]
