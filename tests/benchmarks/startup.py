"""How long whole commands take, as a ratio to `python -c 'import numpy'` in the same run."""

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from cnngrad.files.samples import samples_folder

LIMIT_HELP, LIMIT_RUN, LIMIT_TORCH = 0.85, 1.9, 1 / 9

CONVOLUTION = samples_folder() / "convolution"
MATRICES = [
    word
    for option, name in (("--input", "A_prev"), ("--kernel", "W"), ("--dz", "dZ"))
    for word in (option, str(CONVOLUTION / f"{name}.csv"))
]
TORCH = """
import sys, torch
from numpy import loadtxt
A, W, dZ = (torch.tensor(loadtxt(p, delimiter=","))[None, None] for p in sys.argv[1:])
A.requires_grad_(); W.requires_grad_(); b = torch.zeros(1, dtype=A.dtype, requires_grad=True)
torch.nn.functional.conv2d(A, W, b).backward(dZ)
print(A.grad, W.grad, b.grad)
"""


class Row(NamedTuple):
    """One command against a peer."""

    name: str
    ratio: float
    limit: float
    peer: str
    """What it is measured against."""


def measure(runs: int = 15) -> list[Row]:
    """Time the commands and their peers in turn."""
    program = str(Path(sys.executable).with_name("cnngrad"))
    numpy = [sys.executable, "-c", "import numpy"]
    cases = [
        (words, words.split(), LIMIT_HELP)
        for words in ("--version", "--help", *(f"{name} --help" for name in _commands()))
    ]
    run = ["conv-backward", *MATRICES]
    cases.append(("conv-backward, three CSV files", run, LIMIT_RUN))
    rows = [
        Row(name, _ratio([program, *arguments], numpy, runs), limit, "import numpy")
        for name, arguments, limit in cases
    ]
    if importlib.util.find_spec("torch"):
        theirs = [sys.executable, "-c", TORCH, *MATRICES[1::2]]
        name = "conv-backward, three CSV files"
        ratio = _ratio([program, *run], theirs, runs)
        rows.append(Row(name, ratio, LIMIT_TORCH, "the same in PyTorch"))
    return rows


def _commands() -> list[str]:
    from cnngrad.cli.app import COMMANDS

    return list(COMMANDS)


def _ratio(ours: list[str], theirs: list[str], runs: int) -> float:
    """The best of our times by the best of theirs: all else that a machine does only adds."""
    for command in (ours, theirs):
        _seconds(command)  # files into the system's cache, bytecode onto the disk
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(runs)]
    return min(mine for mine, _ in pairs) / min(yours for _, yours in pairs)


def _seconds(command: list[str]) -> float:
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # pip compiles what it installs; so it is for us
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    return time.perf_counter() - start
