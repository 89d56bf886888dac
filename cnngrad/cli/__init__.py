"""The command line: parse, call, render, exit code. The only place that prints."""

import gc
import os
import sys
from typing import NoReturn


def start() -> NoReturn:
    """Run the program as a process of its own, and end it.

    All files are closed and all streams flushed by then; what Python would still clear away,
    object by object, takes it a tenth of a short run, and the system frees it at once.
    """
    os._exit(main())


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code.

    What a person can cause ends in a message and an exit code, never in a traceback.
    """
    # An idle BLAS thread costs more processor time than all that small problems need.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a start makes is still in use at its end: looking for garbage takes 5% of it.
    gc.set_threshold(50_000, 20, 20)
    # Python's limit guards against long input, which `parse` refuses; exact sums may grow longer.
    sys.set_int_max_str_digits(0)
    from . import streams

    streams.prepare()
    code = _told(arguments)
    try:
        streams.written(sys.stdout.flush)
    except Exception as error:
        return _complain(error)
    return code


def _told(arguments: list[str] | None) -> int:
    from ..core.errors import ExitCode
    from . import streams
    from .app import run

    try:
        return run(arguments)
    except KeyboardInterrupt:
        streams.tell("cnngrad: interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:
        return _complain(error)


def _complain(error: Exception) -> int:
    """Say what is wrong; what no person can have caused goes on to the programmer."""
    from ..core.errors import CnngradError, FileError, NumberError
    from .streams import tell

    if isinstance(error, MemoryError):
        error = CnngradError(
            "There is not enough memory for this.", fix="use a smaller matrix or less padding"
        )
    elif isinstance(error, OverflowError):
        error = NumberError(
            "A number is too large to be used here.", expected="numbers below 1.8e308"
        )
    elif isinstance(error, OSError):
        error = FileError(
            "The system refuses to read or write.",
            where=str(error.filename or ""),
            found=error.strerror or str(error),
        )
    if not isinstance(error, CnngradError):
        raise error
    tell(f"cnngrad: {error}")
    return error.exit_code
