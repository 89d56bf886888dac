"""A person's function in a process of its own: called, timed, and ended when it does not end."""

import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from ...core.errors import FileError
from ...core.numbers import Array
from ...core.text import say
from .calling import Calling, Parameter, Signature
from .frames import receive, send
from .invoke import CallOutcome

_START_SECONDS = 60.0
"""Besides the time limit: loading PyTorch on a busy machine takes its time."""
_PRINTED = 20_000
"""Characters of what a function prints that are kept."""


class Runner(Protocol):
    """Where a function can be called."""

    signatures: tuple[Signature, ...]

    def call(
        self, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
    ) -> CallOutcome:
        """Call it once."""


class EndedError(Exception):
    """The worker's process has ended by itself: an exit, or a crash of the interpreter."""


class ProcessRunner:
    """A worker process; a new one is started after a call that did not come back.

    Parameters
    ----------
    target
        A file, or the name of a module.
    time_limit
        Seconds that one call may take.
    memory_limit
        Bytes that the process may take; 0 for no limit.

    Raises
    ------
    FileError
        The file cannot be loaded.
    """

    def __init__(self, target: str, time_limit: float, memory_limit: int = 0) -> None:
        self.target = target
        self.time_limit = time_limit
        self.memory_limit = memory_limit
        self._folder = tempfile.TemporaryDirectory(prefix="cnngrad-")
        self._printed = Path(self._folder.name) / "printed"
        self.signatures: tuple[Signature, ...] = ()
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._end()
        self._folder.cleanup()

    @property
    def printed(self) -> str:
        """What the function has printed so far, warnings as well."""
        if not self._printed.exists():
            return ""
        with self._printed.open("rb") as file:
            return file.read(_PRINTED).decode("utf-8", "replace")

    def call(
        self, calling: Calling, given: Mapping[str, Array], settings: Mapping[str, Any]
    ) -> CallOutcome:
        """Call the function once; an endless loop or a crash is an outcome too."""
        if self._process.poll() is not None:
            self._end()
            self._start()
        request = {"calling": asdict(calling), "settings": dict(settings)}
        try:
            send(self._stdin, request, given)
            message, arrays = self._receive(self.time_limit)
        except TimeoutError:
            self._end()
            said = say("no answer within {seconds:g} s", seconds=self.time_limit)
            return CallOutcome(error=said, ended=True)
        except (EOFError, OSError):
            code = self._process.wait()
            return CallOutcome(error=self._ended(code), ended=True)
        results = tuple((name, arrays[str(k)]) for k, name in enumerate(message["names"]))
        trace, written = tuple(message["trace"]), tuple(message["written"])
        return CallOutcome(results, message["error"], trace, message["odd"], written)

    @staticmethod
    def _ended(code: int) -> str:
        if code < 0:
            return say("its process was ended by signal {number}", number=-code)
        return say("it ended its process (exit code {code})", code=code)

    def _start(self) -> None:
        here = str(Path(__file__).resolve().parents[3])
        known = os.environ.get("PYTHONPATH")
        paths = os.pathsep.join([here, *([known] if known else [])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cnngrad.testing.calls.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._frames: queue.Queue[tuple[dict[str, Any], dict[str, Array]] | Exception] = (
            queue.Queue()
        )
        threading.Thread(target=self._listen, daemon=True).start()
        start = {"target": self.target, "printed": str(self._printed), "memory": self.memory_limit}
        try:
            send(self._stdin, start, {})
            message, _ = self._receive(_START_SECONDS + self.time_limit)
        except TimeoutError:
            self._end()
            raise FileError(
                say("The file does not come to an end when it is loaded."),
                where=self.target,
                fix=say("put what it runs behind: if __name__ == '__main__':"),
            ) from None
        except (EOFError, OSError):
            code = self._process.wait()
            raise FileError(
                say("The file ends the process when it is loaded."),
                where=self.target,
                found=self._ended(code),
            ) from None
        if "error" in message:
            raise FileError(
                say("The file cannot be loaded."),
                where=self.target,
                found="\n".join([message["error"], *message["trace"]]),
            )
        self.signatures = tuple(
            Signature(
                one["name"],
                tuple(Parameter(name, default) for name, default in one["parameters"]),
                one["kind"],
                tuple(one["methods"]),
                one["line"],
            )
            for one in message["signatures"]
        )

    def _listen(self) -> None:
        stream, frames = self._stdout, self._frames
        while True:
            try:
                frames.put(receive(stream))
            except Exception as error:
                frames.put(error if isinstance(error, OSError) else EOFError())
                return

    def _receive(self, seconds: float) -> tuple[dict[str, Any], dict[str, Array]]:
        try:
            found = self._frames.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(found, Exception):
            raise found
        return found

    def _end(self) -> None:
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, 9)
            except (OSError, AttributeError):
                self._process.kill()
            self._process.wait()
        for stream in (self._stdin, self._stdout):
            try:
                stream.close()
            except OSError:
                continue
