"""The command line: parse, call, render, exit code. The only place that prints."""

import os
import sys

# All else is loaded where ctrl-c is caught already.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

INTERRUPTED, TERMINATED = "cnngrad: interrupted", "cnngrad: terminated"
_CTRL_C, _SIGNAL_CODE = 2, 128

_signal = 0
"""The signal that asked for an end, also where some library kept its exception to itself."""


def start() -> "NoReturn":
    """Run the program as a process of its own, and end it.

    All files are closed and all streams flushed by then; what Python would still clear away,
    object by object, takes it a tenth of a short run, and the system frees it at once.
    """
    try:
        import signal
        import warnings

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
        for name in ("SIGTERM", "SIGHUP"):  # what is half-written is cleared away first
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _interrupt)
        sys.unraisablehook = _silent
        warnings.simplefilter("ignore")  # they speak to programmers
        code = main()
    except KeyboardInterrupt:
        code = _interrupted()
    os._exit(code)


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code.

    What a person can cause ends in a message and an exit code, never in a traceback.
    """
    try:
        import gc

        # An idle BLAS thread costs more processor time than all that small problems need.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # What a start makes is still in use at its end: looking for garbage takes 5% of it.
        gc.set_threshold(50_000, 20, 20)
        # Python's limit guards against long input, which `parse` refuses; exact sums may grow.
        sys.set_int_max_str_digits(0)
        return _told(arguments)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception:
        if _signal:  # in the middle of an import, ctrl-c ends in errors of other kinds
            return _interrupted()
        raise


def _interrupt(number: int, _frame: "FrameType | None") -> None:
    """Stop once: the program is ending when ctrl-c is pressed again."""
    import signal

    global _signal
    signal.signal(number, signal.SIG_IGN)
    if not _signal:
        _signal = number
        raise KeyboardInterrupt


def _silent(_unraisable: object) -> None:
    """Nobody can do anything about an exception that Python itself passes over."""


def _interrupted() -> int:
    """Say so in one line, whatever is loaded by now."""
    try:
        words = INTERRUPTED if _signal in (0, _CTRL_C) else TERMINATED
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        pass  # nobody listens
    return _SIGNAL_CODE + (_signal or _CTRL_C)


def _told(arguments: list[str] | None) -> int:
    from ..core.errors import ExitCode
    from ..core.limits import enforce
    from . import streams

    streams.prepare()
    try:
        from .app import run

        code = run(_with_limits(_in_the_language_asked(arguments)))
    except KeyboardInterrupt:
        raise
    except Exception as error:
        if _signal:
            raise
        code = _complain(error)
    finally:
        enforce(False)  # whoever calls this from Python has no limits
    try:
        streams.written(sys.stdout.flush)
    except Exception as error:
        return _complain(error)
    if _signal:
        return _interrupted()
    return ExitCode.CUT_SHORT if code == 0 and streams.cut_short() else code


def _in_the_language_asked(arguments: list[str] | None) -> list[str]:
    """Choose the language before anything is said; returns the words without `--lang`."""
    from ..core.errors import UsageError
    from ..core.language import known, of_environment, use
    from ..core.text import say, series

    words = sys.argv[1:] if arguments is None else list(arguments)
    asked = None
    end = words.index("--") if "--" in words else len(words)
    for k in reversed(range(end)):
        name, equals, value = words[k].partition("=")
        if name != "--lang":
            continue
        if not equals and k + 1 >= end:
            raise UsageError(say("--lang needs a language."), expected=series(known()))
        asked = asked or (value if equals else words[k + 1])
        del words[k : k + (1 if equals else 2)]
    use(of_environment(os.environ) if asked is None else asked)
    return words


def _with_limits(words: list[str]) -> list[str]:
    """Refuse what takes too much memory or time, unless `--no-limits` is among the words."""
    from ..core.limits import enforce

    end = words.index("--") if "--" in words else len(words)
    asked = [k for k in range(end) if words[k] == "--no-limits"]
    enforce(not asked)
    return [word for k, word in enumerate(words) if k not in asked]


def _complain(error: Exception) -> int:
    """Say what is wrong; what no person can have caused goes on to the programmer."""
    from ..core.errors import CnngradError, FileError, NumberError
    from ..core.text import say
    from .streams import tell

    if isinstance(error, MemoryError):
        error = CnngradError(
            say("There is not enough memory for this."),
            fix=say("use a smaller matrix or less padding"),
        )
    elif isinstance(error, OverflowError):
        error = NumberError(
            say("A number is too large to be used here."), expected=say("numbers below 1.8e308")
        )
    elif isinstance(error, OSError):
        error = FileError(
            say("The system refuses to read or write."),
            where=str(error.filename or ""),
            found=error.strerror or str(error),
        )
    if not isinstance(error, CnngradError):
        raise error
    tell(say("cnngrad: {error}", error=error))
    return error.exit_code
