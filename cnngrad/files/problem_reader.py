"""Problem files: one JSON object with the operation, its matrices and its settings."""

import math
from pathlib import Path
from typing import Any, NamedTuple

from ..core.errors import CnngradError, FileError, nearest
from ..core.limits import Cost, refuse_costly
from ..core.numbers import Array, parse
from ..core.problem import Problem
from ..core.spec import BACKWARD, FORWARD
from ..core.text import message, say, series, translated
from ..layers import operation, spec
from .arrays import read_array
from .json_text import nested_array, read_json
from .samples import sample_files
from .source import Source, open_source

REMARKS = ("title", "note", "answer", "accept")
"""Keys beside the problem: the title is shown, the note passed over; `check` reads an answer, and
the conventions that it accepts.
"""

PROBLEM_FILE = message("problem file")
SAMPLE = message("the sample {name}")
"""What a sample's file is called: where it lies says nothing to who named it."""


class ProblemFile(NamedTuple):
    """What a problem file says, read but not yet put together."""

    op: str
    given: dict[str, Array]
    settings: dict[str, Any]
    title: str
    name: str

    def problem(self) -> Problem:
        """The problem that the file poses; raises as `Problem` does."""
        try:
            return operation(self.op).read(self.given, self.settings, self.title)
        except CnngradError as error:
            raise error.at(self.name) from None


def read_object(
    given: str, what: str = PROBLEM_FILE, plain_from: float = math.inf
) -> tuple[dict[str, Any], Source]:
    """Read the JSON object of a problem or network file, or of the sample of this name.

    Parameters
    ----------
    given
        A path, `-`, or the sample's name.
    what
        What the file is called where it is none.
    plain_from
        Bytes from which on decimals are read as floats.

    Raises
    ------
    FileError
        It cannot be read or holds something else.
    """
    sample = ""
    if given.isidentifier() and not Path(given).exists():
        known = sample_files()
        if given not in known:
            raise FileError(
                say("There is no such file, and no sample of this name."),
                where=given,
                expected=say(
                    "a {what}, or the name of a sample; cnngrad example lists them", what=say(what)
                ),
                fix=nearest(given, known),
            )
        sample, given = given, str(known[given])
    source = open_source(given, "the argument")
    if sample:
        source = source._replace(name=say(SAMPLE, name=sample), sample=sample)
    if source.kind != ".json":
        raise FileError(
            say("A {what} is JSON.", what=say(what)),
            where=source.name,
            found=say("a {kind} file", kind=source.kind),
            expected=say('an object such as {{"op": "conv-backward", "input": …, "kernel": …}}'),
            fix=say("give single matrices with --input, --kernel and --dz"),
        )
    if len(source.data) > 1_000_000:  # so many layers that reading them takes long enough
        refuse_costly(Cost(layers=source.data.count(b'"op"')))
    data = read_json(source, None if len(source.data) >= plain_from else parse)
    if not isinstance(data, dict):
        raise FileError(
            say("A {what} is a JSON object.", what=say(what)),
            where=source.name,
            found=say("a list") if isinstance(data, list) else repr(data),
            expected=say('{{"op": "conv-backward", "input": …, "kernel": …, "dz": …}}'),
        )
    return data, source


def read_problem(given: str, op: str | None = None) -> ProblemFile:
    """Read a problem file.

    Matrices stand under their key (`input`) or the article's name (`A_prev`), as nested
    lists, as text (`"1 2; 3 4"`) or as the path of a file beside it.

    Parameters
    ----------
    given
        A path, or `-` for standard input.
    op
        The operation that is wanted, where the file need not say so; a file made for the
        other direction of the same layer (forward, backward) serves as well.

    Raises
    ------
    CnngradError
        It cannot be read, has an unknown or missing key, or a value that does not belong.
    """
    return problem_of(*read_object(given), op)


def problem_of(data: dict[str, Any], source: Source, op: str | None = None) -> ProblemFile:
    """The problem file that an object is; raises as `read_problem` does."""
    try:
        return _read(data, source, op)
    except CnngradError as error:
        raise (error if source.name in error.where else error.at(source.name)) from None


def _read(data: dict[str, Any], source: Source, op: str | None) -> ProblemFile:
    stated = data.get("op", op)
    if not isinstance(stated, str):
        raise FileError(
            say("The problem file does not say its operation."),
            expected=say('a key "op", such as "op": "conv-backward"'),
            fix=nearest("op", data) if "op" not in data else "",
        )
    if stated == "network-backward":
        raise FileError(
            say("This is a network, not a single operation."),
            fix=say("run cnngrad network-backward {argument}", argument=source.argument),
        )
    family = spec(stated).family
    if op is not None and family != spec(op).family:
        raise FileError(
            say("The problem file is for another operation."),
            found=say('"op": "{stated}"', stated=stated),
            expected=say('"op": "{op}"', op=op),
            fix=say("run cnngrad {op}", op=stated),
        )
    both = [spec(f"{family}-{direction}") for direction in (FORWARD, BACKWARD)]
    wanted = spec(op or stated)
    operands = [operand for kind in both for operand in kind.operands]
    names = {word.lower(): o.name for o in operands for word in (o.key, o.name)}
    known = {setting.name for kind in both for setting in kind.settings}
    given: dict[str, Array] = {}
    settings: dict[str, Any] = {}
    for key, value in data.items():
        if key.lower() in names:
            given[names[key.lower()]] = _matrix(value, key, source)
        elif key in known:
            settings[key] = value
        elif key not in ("op", *REMARKS):
            keys = [o.key for o in operands] + [s.name for kind in both for s in kind.settings]
            raise _unknown(key, keys)
    return ProblemFile(
        wanted.name,
        {operand.name: given[operand.name] for operand in wanted.operands if operand.name in given},
        {name: value for name, value in settings.items() if name in wanted.takes},
        translated(str(data.get("title", ""))),
        source.name,
    )


def _unknown(key: str, known: list[str]) -> FileError:
    known = list(dict.fromkeys(known))
    return FileError(
        say("The problem file has an unknown key."),
        found=f'"{key}"',
        expected=series(["op", *known, *REMARKS]),
        fix=nearest(key, known),
    )


def _matrix(value: object, key: str, source: Source) -> Array:
    if isinstance(value, str):
        return read_array(value, key, (key,), source.folder)
    return nested_array(value, key)
