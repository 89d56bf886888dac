"""What may not happen in any run, whatever was typed and whatever the files hold."""

import io
import json
import re
import xml.etree.ElementTree
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath
from typing import Any, NamedTuple

import numpy as np

from .cases import Case
from .running import Outcome

CODES = (0, 1, 2, 3, 130)
REFUSED = (2, 3)


class Fault(NamedTuple):
    """Something that may not happen."""

    kind: str
    told: str
    place: str
    """What tells this fault from others of its kind: the same place is told once."""


_LEAKS = ("Traceback (most", "Warning:", "please report", "Exception ignored", "object at 0x")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ENDLESS = re.compile(r"(?<![\w.])[-−]?(?:nan|inf|infinity)(?![\w.])", re.IGNORECASE)
_NAMED = re.compile(rb"nan|inf", re.IGNORECASE)


def faults(case: Case, outcome: Outcome) -> Iterator[Fault]:
    """All that is wrong with a run."""
    command = case.argv[0] if case.argv else ""
    if outcome.raised:
        yield Fault("exception", outcome.raised[-2000:], _place(outcome.raised))
        return
    if outcome.code not in CODES:
        yield Fault("exit code", f"{outcome.code!r}", repr(outcome.code))
    for stream in (outcome.out, outcome.err):
        for leak in _LEAKS:
            if leak in stream:
                words = stream[stream.index(leak) :][:400]
                yield Fault("leak", words, re.sub(r"\d+", "", words[:80]))
        if stream is outcome.out and _format(case.argv) in ("csv", "json"):
            continue  # data for programs: a name stands there as it is
        coloured = "FORCE_COLOR" in case.environment or _given(case.argv, "--color")
        plain = _COLOUR.sub("", stream) if coloured else stream
        if sign := _CONTROL.search(plain):
            yield Fault("control character", repr(sign[0]), command + repr(sign[0]))
    if outcome.code in REFUSED:
        yield from _refused(command, outcome)
    given = "\n".join((*case.argv, *case.files)).encode("utf-8", "surrogateescape")
    if (
        (sign := _ENDLESS.search(outcome.out))
        and not _NAMED.search(given)
        and not any(_NAMED.search(data) for data in (case.stdin, *case.files.values()))
    ):
        at = max(sign.start() - 60, 0)
        yield Fault("not finite", outcome.out[at : sign.end() + 20], command)
    if outcome.code in (0, 1) and _format(case.argv) == "json" and outcome.out:
        try:
            _strict(outcome.out)
        except ValueError as error:
            yield Fault("JSON", f"{error}: {outcome.out[:300]}", command + type(error).__name__)
    yield from _files(command, case, outcome)


def _refused(command: str, outcome: Outcome) -> Iterator[Fault]:
    first = re.sub(r"\d+", "", outcome.err.strip().partition("\n")[0])[:60]
    if not first:
        yield Fault("no message", "", command)
    if outcome.out and command != "test":  # a file's functions are told one by one
        told = f"{outcome.out[:200]!r} … {outcome.err[:200]!r}"
        yield Fault("printed, then refused", told, f"{command}: {first}")
    if outcome.after != outcome.before:
        changed = sorted(outcome.after.items() ^ outcome.before.items(), key=str)
        names = sorted({name for name, _ in changed})
        yield Fault("written, then refused", f"{names[:5]} {outcome.err[:200]!r}", command)


def _files(command: str, case: Case, outcome: Outcome) -> Iterator[Fault]:
    for name, data in outcome.before.items():
        if "--force" not in case.argv and outcome.after.get(name, b"") != data:
            yield Fault("overwritten", name, command)
    for name, written in outcome.after.items():
        if written is None or written == outcome.before.get(name):
            continue
        path = PurePath(name)
        if name in _given(case.argv, "--resume"):
            continue  # a journal, whatever its name ends with
        if "cnngrad" in path.parts[:-1]:
            continue  # the program itself, which an autograder needs
        if path.name.startswith("."):
            yield Fault("left behind", name, command)
        elif why := _broken(path.suffix, written):
            yield Fault("broken file", f"{name}: {why}", command + path.suffix + why[:40])


def _broken(ending: str, data: bytes) -> str:
    """Why a file is not whole; nothing where it is."""
    try:
        match ending:
            case ".json":
                _strict(data.decode())
            case ".npy" | ".npz":
                loaded = np.load(io.BytesIO(data))
                arrays = loaded.values() if ending == ".npz" else [loaded]
                if not all(np.isfinite(array).all() for array in arrays):
                    return "a number in it is not finite"
            case ".svg":
                xml.etree.ElementTree.fromstring(data)
            case ".html":
                if not data.decode().rstrip().endswith("</html>"):
                    return "it has no end"
            case ".gif":
                if not data.endswith(b";"):
                    return "it has no end"
            case _:
                if not data.decode():
                    return "it is empty"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    return ""


def _strict(text: str) -> Any:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def _given(argv: list[str], option: str) -> list[str]:
    """All that stands behind an option."""
    apart = [b for a, b in pairwise(argv) if a == option]
    return apart + [w.partition("=")[2] for w in argv if w.startswith(f"{option}=")]


def _format(argv: list[str]) -> str:
    """The last --format of a line."""
    last = ""
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--format":
            last = following
        elif word.startswith("--format="):
            last = word.partition("=")[2]
    return last


def _place(raised: str) -> str:
    """The innermost line of our own code, and the exception's kind."""
    lines = [line.strip() for line in raised.splitlines() if line.startswith("  File ")]
    own = [line for line in lines if "/cnngrad/" in line and "/fuzz/" not in line]
    kind = raised.strip().splitlines()[-1].partition(":")[0]
    return f"{kind} {(own or lines or ['?'])[-1].rpartition('/')[2]}"
