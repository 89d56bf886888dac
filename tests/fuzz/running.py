"""Running a case in this process, in its folder, with streams and an environment of its own."""

import io
import os
import resource
import shutil
import signal
import sys
import traceback
import warnings
from pathlib import Path
from typing import NamedTuple

from cnngrad.cli import main

from .cases import Case
from .seeds import ROOT

MOST_SECONDS = 120
"""Processor time after which a run counts as endless; the load of the machine does not matter."""
MOST_MEMORY = 6 << 30


class Outcome(NamedTuple):
    """What a run left behind."""

    code: object
    out: str
    err: str
    raised: str
    """The traceback, where an exception left the program."""
    before: dict[str, bytes | None]
    """The files of the folder with their bytes; a folder has None."""
    after: dict[str, bytes | None]


class Endless(BaseException):
    """A run took too much processor time."""


def prepare() -> None:
    """Let this process show every warning, and none of its runs take all memory or time."""

    def stop(*_: object) -> None:
        raise Endless

    warnings.simplefilter("always")
    signal.signal(signal.SIGPROF, stop)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for name in ("NO_COLOR", "FORCE_COLOR", "CNNGRAD_LANG"):
        os.environ.pop(name, None)
    os.environ["PYTHONPATH"] = str(ROOT)  # for a process that a command starts
    os.environ["TERM"] = "xterm-256color"


def _content() -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}


def _lay(files: dict[str, bytes]) -> None:
    for name in os.listdir("."):
        if os.path.isdir(name):
            shutil.rmtree(name)
        else:
            os.remove(name)
    for name, data in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def run(case: Case) -> Outcome:
    """Run the program on a case, in the working folder, which is emptied before."""
    _lay(case.files)
    before = _content()
    kept = sys.stdin, sys.stdout, sys.stderr, dict(os.environ)
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(case.stdin), "utf-8"), out, err
    os.environ.update(case.environment)
    code: object = None
    raised = ""
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        code = main(list(case.argv))
    except SystemExit as end:
        code = end.code
    except BaseException:
        raised = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdin, sys.stdout, sys.stderr = kept[:3]
        os.environ.clear()
        os.environ.update(kept[3])
    return Outcome(code, _said(out), _said(err), raised, before, _content())


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return data.decode("utf-8", "replace")
