"""Sharing the marking of a class over the cores of this machine.

Chunks of answers go out, and their results come back in the order of the answers. Only so
many chunks are under way that memory stays flat, however large the class.
"""

import multiprocessing
import os
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

from ...core.errors import CnngradError
from ...core.limits import enforce, enforced
from ...core.text import say
from .marking import DIED, Job, MarkedAnswer, failed, mark
from .submissions import Submission

CHUNK = 100
"""Answers in a chunk, at most."""
AHEAD = 4
"""Chunks under way for each worker."""
MANY = 1_500
"""Answers from which on it pays to start processes."""

Answers = Sequence[Submission]
Submit = Callable[[Answers], Any]
"""Sends a chunk to a worker; what comes back has a `result()`."""


def marked(work: Job, answers: Answers, jobs: int | None = None) -> Iterator[MarkedAnswer]:
    """Mark answers, in their order, on so many processes.

    Parameters
    ----------
    work
        What to mark by.
    answers
        The answers.
    jobs
        How many processes; unless told otherwise, one for each core if there are many answers.
    """
    if jobs is None:
        jobs = cores() if len(answers) >= MANY else 1
    jobs = min(jobs, len(answers))
    if jobs > 1:
        yield from _on_processes(work, answers, jobs)
    else:
        for submission in answers:
            yield from mark(work, [submission])


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def chunks(answers: Answers, workers: int) -> Iterator[Answers]:
    """Chunks so small that in the end all workers are done at about the same time."""
    size = max(min(CHUNK, len(answers) // (workers * AHEAD)), 1)
    for start in range(0, len(answers), size):
        yield answers[start : start + size]


def in_order(
    submit: Submit, parts: Iterable[Answers], workers: int
) -> Iterator[list[MarkedAnswer]]:
    """Send chunks out and wait for their results, the oldest first."""
    waiting: deque[Any] = deque()
    for part in parts:
        waiting.append(submit(part))
        if len(waiting) >= AHEAD * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _on_processes(work: Job, answers: Answers, jobs: int) -> Iterator[MarkedAnswer]:
    done = 0
    while done < len(answers):
        try:
            with _processes(work, jobs) as submit:
                for results in in_order(submit, chunks(answers[done:], jobs), jobs):
                    yield from results
                    done += len(results)
        except BrokenProcessPool:  # an answer killed its process: it is one of those under way
            for one in _one_by_one(work, answers[done : done + AHEAD * jobs * CHUNK]):
                yield one
                done += 1


def _one_by_one(work: Job, answers: Answers) -> Iterator[MarkedAnswer]:
    """Mark each answer on its own, so that the one that kills its process is found."""
    waiting = deque(answers)
    while waiting:
        try:
            with _processes(work, 1) as submit:
                while waiting:
                    yield from submit([waiting[0]]).result()
                    waiting.popleft()
        except BrokenProcessPool:
            yield failed(
                waiting.popleft(), CnngradError(say(DIED)), dict(work.parts), lasting=False
            )


@contextmanager
def _processes(work: Job, jobs: int) -> Iterator[Submit]:
    """Start processes; gives what sends them a chunk."""
    # Started afresh, not forked: the thread of a progress bar may be running.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(enforced(),))

    def submit(part: Answers) -> Any:
        with deaf():
            return pool.submit(mark, work, part)

    try:
        yield submit
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()  # what is under way is of no use any more
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def deaf() -> Iterator[Callable[[], object]]:
    """Put ctrl-c off, and never let what is started meanwhile hear it; gives what ends that.

    A blocked signal waits for this process, and stays blocked in those that it starts: they need
    some time before they could ignore it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where workers have no such signal
        yield lambda: None
        return
    resource_tracker.ensure_running()  # which a first worker would start, and listen again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def listen() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield listen
    finally:
        listen()


def _begin(limited: bool) -> None:
    """Leave ctrl-c to the process that started this one, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # they speak to programmers
    enforce(limited)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Wait until a process is gone, and end this one at once."""
    wait([sentinel])
    os._exit(1)
