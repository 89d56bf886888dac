"""What is fuzzed: the commands, their options, valid lines of them, and the files named there."""

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import typer

from cnngrad.cli.app import COMMANDS, app

ROOT = Path(__file__).parents[2]
_LARGEST = 60_000  # bytes of a sample that is worth changing

LEFT_OUT = {
    "--dask": "it waits for a network, or starts a cluster",
    "--jobs": "it starts processes",
}
"""Options that no random command line may have, and why."""


STARTS_A_PROCESS = {"test"}
"""Commands that take long for that reason: one of them is run for every twenty of the others."""

MY_LAYER = b'''"""What `cnngrad test` may be asked to look at."""
import numpy as np


def conv_backward(A_prev, W, dZ, stride, padding):
    A = np.pad(A_prev, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dA, dW = np.zeros(A.shape), np.zeros(W.shape)
    k, m = W.shape[2:]
    for n, o, i, j in np.ndindex(*dZ.shape):
        at = np.s_[n, :, i * stride : i * stride + k, j * stride : j * stride + m]
        dA[at] += dZ[n, o, i, j] * W[o]
        dW[o] += dZ[n, o, i, j] * A[at]
    inner = np.s_[:, :, padding : A.shape[2] - padding, padding : A.shape[3] - padding]
    return dA[inner], dW, dZ.sum((0, 2, 3))


def back(dZ, cache):
    A_prev, W, b, options = cache
    return conv_backward(A_prev, W, dZ, options["stride"], options["pad"])
'''


class Parameter(NamedTuple):
    """An option or an argument of a command, as its parser knows it."""

    names: tuple[str, ...]
    """The option's spellings, its negatives too; of an argument its name."""
    is_argument: bool
    is_flag: bool
    metavar: str
    choices: tuple[str, ...]
    bounds: tuple[int | None, int | None]


class Command(NamedTuple):
    """A command with what it understands, and valid lines of it (without its name)."""

    name: str
    options: tuple[Parameter, ...]
    arguments: tuple[Parameter, ...]
    lines: tuple[tuple[str, ...], ...]


class Seeds(NamedTuple):
    """All that random command lines are made from."""

    commands: tuple[Command, ...]
    files: dict[str, bytes]
    ops: dict[str, str]
    """The problem and network files, and what they are for."""
    matrices: tuple[str, ...]
    """The files that hold a matrix."""
    keys: tuple[str, ...]
    """Keys that problem and network files have."""


def _parameter(given: Any) -> Parameter:
    kind = given.type
    return Parameter(
        (*given.opts, *given.secondary_opts),
        given.param_type_name == "argument",
        bool(getattr(given, "is_flag", False)),
        given.metavar or "",
        tuple(map(str, getattr(kind, "choices", ()))),
        (getattr(kind, "min", None), getattr(kind, "max", None)),
    )


def shown_lines(text: str) -> list[list[str]]:
    r"""The command lines that a help text or a page shows, as words.

    >>> shown_lines("Words.\n\n  cnngrad check p.json \\\n      '1 2'   marks it\n")
    [['check', 'p.json', '1 2']]
    """
    joined = re.sub(r"\\\n\s*", "", text)
    lines = re.findall(r"^\s*cnngrad (\S.*)$", joined, re.MULTILINE)
    return [shlex.split(re.split(r"\s{2,}", line)[0], comments=True) for line in lines]


def _files() -> dict[str, bytes]:
    """The files that may stand in a command line: the samples, and what the help texts speak of."""
    files = {}
    for path in sorted((ROOT / "samples").rglob("*")):
        if (
            path.is_file()
            and path.stat().st_size < _LARGEST
            and path.suffix in (".json", ".csv", ".py")
        ):
            files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    homework = "samples/homework/convolution/"
    files["problem.json"] = files[homework + "problem.json"]
    files["answer.json"] = files[homework + "answers/negated.json"]
    small = min((data for data in files.values() if b'"layers"' in data), key=len)
    for name, data in list(files.items()):
        if name.startswith(homework + "answers/"):
            files["answers/" + name.rpartition("/")[2]] = data
        if b'"layers"' in data:
            files["mine/" + name.rpartition("/")[2]] = small  # a large one takes a second a run
    for student in ("student01", "student02"):
        files[f"class/{student}/problem.json"] = files["problem.json"]
        files[f"class/{student}/answer.json"] = files["answer.json"]
    files["mylayer.py"] = MY_LAYER
    dense = {"op": "dense-backward", "input": [1, 0, 3], "weights": [[1, 0, 2], [0, 1, -1]]}
    dense |= {"bias": [1, 2], "dz": [1, -2], "z": [1, -4, 3], "activation": "relu"}
    files["dense.json"] = json.dumps(dense).encode()
    array = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, -1.0], [0.0, 2.0, 7.0]])
    for name, values in (("matrix", array), ("small", array[:2, :2]), ("whole", array.astype(int))):
        with io.BytesIO() as file:
            np.save(file, values)
            files[f"{name}.npy"] = file.getvalue()
        files[f"{name}.csv"] = "\n".join(",".join(map(str, row)) for row in values).encode()
        files[f"{name}.json"] = json.dumps(values.tolist()).encode()
    with io.BytesIO() as file:
        np.savez(file, dA_prev=array, dW=array[:2, :2], db=array[0, :1])
        files["answers.npz"] = file.getvalue()
    return files


def _keys(files: dict[str, bytes]) -> tuple[str, ...]:
    found = set()
    for name, data in files.items():
        if name.endswith(".json"):
            found |= set(re.findall(rb'"(\w+)":', data))
    return tuple(sorted(key.decode() for key in found))


def load() -> Seeds:
    """The seeds, from the program as it is now."""
    group: Any = typer.main.get_command(app)
    shown = shown_lines((ROOT / "README.md").read_text(encoding="utf-8"))
    parsed = {name: group.get_command(None, name) for name in COMMANDS}
    for command in parsed.values():
        shown += shown_lines(command.help or "")
    commands = []
    for name, command in parsed.items():
        parameters = [_parameter(one) for one in command.params]
        commands.append(
            Command(
                name,
                tuple(p for p in parameters if not p.is_argument and p.names[0] not in LEFT_OUT),
                tuple(p for p in parameters if p.is_argument),
                tuple(
                    tuple(words)
                    for command_name, *words in shown
                    if command_name == name and not LEFT_OUT.keys() & set(words)
                ),
            )
        )
    files = _files()
    ops = {
        name: found[1].decode()
        for name, data in files.items()
        if name.endswith(".json") and (found := re.search(rb'"op": "([\w-]+)"', data))
    }
    matrices = tuple(
        name
        for name in files
        if "answer" not in name and name not in ops and not name.endswith(".py")
    )
    return Seeds(tuple(commands), files, ops, matrices, _keys(files))
