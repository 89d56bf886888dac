"""The command line: parse, call, render, exit code. The only place that prints."""

import gc
import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code.

    What a person can cause ends in a message and an exit code, never in a traceback.
    """
    # An idle BLAS thread costs more processor time than all that small problems need.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a start makes is still in use at its end: looking for garbage takes 5% of it.
    gc.set_threshold(50_000, 20, 20)
    from ..errors import CnngradError, ExitCode
    from .app import run

    try:
        return run(arguments)
    except CnngradError as error:
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE


def _complain(message: str) -> None:
    print(f"cnngrad: {message}", file=sys.stderr)  # noqa: T201
