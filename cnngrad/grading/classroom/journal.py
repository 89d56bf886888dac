"""Journal of a marked class: a line an answer, from which a run that was cut off is taken up."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ... import __version__
from ...core.errors import CnngradError, FileError
from ...core.problem import Problem
from ...core.text import say
from ...core.unicode_safety import encoded
from ...network import Network
from ...network.writer import dumped, network_file
from .marking import Facts, Job, MarkedAnswer, posed_by, problem_of
from .submissions import UNPOSED, Submission

Mark = Callable[[Sequence[Submission]], Iterator[MarkedAnswer]]


class Journal:
    """What was marked before, by the content of all that a mark depends on.

    Parameters
    ----------
    path
        The file; it is made where there is none. A torn last line is left out.

    Raises
    ------
    FileError
        It is something else than a journal, or another run is writing it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            # kept open while answers are marked; `taken_up` closes it
            self._file = open(path, "a+b")  # noqa: SIM115
        except OSError as error:
            raise FileError(
                say("The journal cannot be used."),
                where=str(path),
                found=error.strerror or str(error),
            ) from None
        try:
            self._lock()
            self._known = self._read()
        except FileError:
            self._file.close()
            raise

    def taken_up(
        self, work: Job, answers: Sequence[Submission], mark: Mark
    ) -> Iterator[MarkedAnswer]:
        """Marked answers in their order: those known from the journal, and the others anew.

        Parameters
        ----------
        work, answers
            What to mark by, and what.
        mark
            Marks some answers, in their order.
        """
        with self._file:
            shared = _shared(work)
            keys = [_key(shared, work, submission) for submission in answers]
            pairs = zip(answers, keys, strict=True)
            before = frozenset(self._known)
            fresh = mark([submission for submission, key in pairs if key not in before])
            for key in keys:
                if key in before:
                    yield self._marked(key)
                    continue
                marked = next(fresh)
                if marked.lasting:
                    self._add(key, marked)
                yield marked

    def _lock(self) -> None:
        """Let no other run write to it."""
        with suppress(ImportError):  # Windows has no such lock
            import fcntl

            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FileError(
                    say("Another run is writing this journal."),
                    where=str(self._path),
                    fix=say("wait until it has ended, or name another file"),
                ) from None

    def _read(self) -> dict[str, tuple[int, int]]:
        """Where each answer's line lies; what is torn at the end is cut off."""
        self._file.seek(0)
        known: dict[str, tuple[int, int]] = {}
        end = 0
        for line in self._file:
            key = _key_in(line)
            if key is None:
                if line.endswith(b"\n") or not (known or _begins_a_line(line)):
                    raise FileError(
                        say("This is no journal of marked answers."),
                        where=str(self._path),
                        expected=say("a new file, or one that --resume has written"),
                    )
                break
            known[key] = (end, len(line))
            end += len(line)
        self._file.truncate(end)
        return known

    def _marked(self, key: str) -> MarkedAnswer:
        start, length = self._known[key]
        self._file.seek(start)
        data = json.loads(self._file.read(length))["marked"]
        facts = data.pop("facts")
        facts |= {name: tuple(facts[name]) for name in ("right", "codes")}
        return MarkedAnswer(**data, facts=Facts(**facts))

    def _add(self, key: str, marked: MarkedAnswer) -> None:
        """One line more, written at once: whenever the program is killed, it is there or not."""
        data = marked._asdict() | {"facts": marked.facts._asdict()}
        del data["lasting"]
        line = json.dumps({"cnngrad": __version__, "key": key, "marked": data}, ensure_ascii=False)
        written = encoded(line) + b"\n"
        self._file.seek(0, os.SEEK_END)
        self._known[key] = (self._file.tell(), len(written))
        self._file.write(written)
        self._file.flush()


def _key_in(line: bytes) -> str | None:
    """The key of a whole line of a journal; None where it is none."""
    if not line.endswith(b"\n"):
        return None
    try:
        data = json.loads(line)
    except ValueError:
        return None
    known = isinstance(data, dict) and isinstance(data.get("marked"), dict)
    return data["key"] if known and isinstance(data.get("key"), str) else None


def _begins_a_line(line: bytes) -> bool:
    """Whether a torn line begins as those of a journal do."""
    start = b'{"cnngrad": '
    return start.startswith(line[: len(start)])


def _shared(work: Job) -> bytes:
    """All that every mark depends on, in so many bytes as tell it from others."""
    said: Any = [
        __version__,
        _identity(problem_of(work)) if work.problem else None,
        *map(str, work[1:6]),
        work.handout is not None,
        *map(str, (work.accept, work.follow, work.said)),
    ]
    return json.dumps(said).encode()


def _key(shared: bytes, work: Job, submission: Submission) -> str:
    """What an answer's mark depends on, as a number that no other content has."""
    digest = hashlib.sha256(shared)
    about = [*submission[:1], submission.problem == UNPOSED, *map(str, submission[3:8])]
    digest.update(json.dumps(about).encode())
    if not work.problem and submission.problem not in ("", UNPOSED):
        digest.update(json.dumps(_problem_s_identity(submission.problem)).encode())
    for path in submission.files:
        name = os.path.basename(path).encode("utf-8", "surrogateescape")
        digest.update(b"\0" + name + b"\0")
        try:
            with open(path, "rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            digest.update(str(error.errno).encode())
    return digest.hexdigest()


def _problem_s_identity(path: str) -> Any:
    try:
        return _identity(posed_by(path))
    except CnngradError as error:
        return str(error)


def _identity(problem: Problem | Network) -> Any:
    """A problem as JSON: all that its solution and its words depend on."""
    if isinstance(problem, Network):
        return json.loads(dumped(network_file(problem)))
    given = {
        name: [str(array.dtype), array.shape, [str(cell) for cell in array.ravel().tolist()]]
        for name, array in problem.given.items()
    }
    return [problem.op, problem.title, repr(sorted(problem.settings.items(), key=str)), given]
