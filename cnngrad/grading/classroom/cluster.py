"""Sharing the marking over a Dask cluster: the workers read the answers themselves.

Marking is a pure function, so the work of a worker that is lost is done again by another.
Needs the extra `dask` (the package distributed).
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from ...core.errors import CnngradError, FileError, UsageError
from ...core.text import say
from .marking import DIED, Job, MarkedAnswer, failed, mark
from .submissions import Submission
from .workers import Answers, chunks, cores, deaf, in_order

LOCAL = "local"
"""In place of an address: a cluster on this machine."""
INSTALL = "pip install 'cnngrad[dask]'"
LOOPBACK = "127.0.0.1"
MAX_SECONDS_TO_CONNECT = 3
"""Seconds to wait for the scheduler."""


def marked(
    work: Job, answers: Answers, address: str, jobs: int | None = None
) -> Iterator[MarkedAnswer]:
    """Mark answers, in their order, on a cluster.

    Parameters
    ----------
    work
        What to mark by.
    answers
        The answers; the workers read them from the same paths.
    address
        The scheduler's address, such as `tcp://10.0.0.1:8786`, or `local`.
    jobs
        For a local cluster: how many workers; one for each core unless told otherwise.

    Raises
    ------
    UsageError
        The package is not installed.
    FileError
        There is no cluster at this address, or it is gone.
    """
    check_installed()
    from distributed import KilledWorker

    there = [_absolute(submission) for submission in answers]
    with _client(address, jobs) as client:
        workers = max(sum(client.nthreads().values()), 1)

        def submit(part: Answers) -> "_Chunk":
            return _Chunk(client.submit(mark, work, part, pure=False), part)

        class _Chunk:
            def __init__(self, future: Any, part: Answers) -> None:
                self.future, self.part = future, part

            def result(self) -> list[MarkedAnswer]:
                try:
                    found: list[MarkedAnswer] = self.future.result()
                except KilledWorker:  # it killed several workers, one after the other
                    if len(self.part) == 1:
                        return [
                            failed(
                                self.part[0],
                                CnngradError(say(DIED)),
                                dict(work.parts),
                                lasting=False,
                            )
                        ]
                    return [one for s in self.part for one in submit([s]).result()]
                return found

        try:
            for results in in_order(submit, chunks(there, workers), workers):
                yield from results
        except CnngradError:
            raise
        except Exception as error:
            raise FileError(
                say("The Dask cluster cannot go on."),
                where=address,
                found=f"{type(error).__name__}: {error}"[:300],
                fix=say("cnngrad, in the same version, must be installed on every worker"),
            ) from None


def check_installed() -> None:
    """Refuse to go on without the package.

    Raises
    ------
    UsageError
        It is not installed.
    """
    if find_spec("distributed") is None:
        raise UsageError(say("--dask needs the package distributed."), fix=INSTALL)


def _absolute(submission: Submission) -> Submission:
    return submission._replace(files=tuple(map(os.path.abspath, submission.files)))


@contextmanager
def _client(address: str, jobs: int | None) -> Iterator[Any]:
    import distributed

    # the package has no types
    Client: Any = distributed.Client
    LocalCluster: Any = distributed.LocalCluster
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if address == LOCAL:
        with (
            deaf() as listen,
            LocalCluster(
                n_workers=jobs or cores(),
                threads_per_worker=1,
                # Left to itself it takes port 8787, and complains where that is taken.
                dashboard_address=f"{LOOPBACK}:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):
            listen()
            yield client
        return
    try:
        client = Client(address, timeout=MAX_SECONDS_TO_CONNECT)
    except Exception as error:  # also of what answers there and is no scheduler
        raise FileError(
            say("There is no Dask scheduler at this address."),
            where=address,
            found=str(error)[:200],
            expected=say("an address such as tcp://10.0.0.1:8786, or local"),
        ) from None
    with client:
        yield client
