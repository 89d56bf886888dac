"""One problem put to a framework's worker and to cnngrad under its profile, and what differs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import cnngrad
from cnngrad.network import backward, network_of

from .reach import Reach

WORKERS = Path(__file__).parent / "workers"
EMPTY = ("nothing but padding", "0/0")
"""Of a window of nothing: what some frameworks give as a number of one kind or another."""
LOWEST = -1e30
"""What a maximum of nothing comes to in frameworks that have one: less than this."""


class Worker:
    """A framework in a process of its own."""

    def __init__(self, reach: Reach, command: list[str]) -> None:
        environment = dict(os.environ)
        if reach.worker.endswith(".js"):
            environment["NODE_PATH"] = str(Path(command[-1]) / "node_modules")
            command = [*command[:-1]]
        self.process = subprocess.Popen(
            [*command, str(WORKERS / reach.worker)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self.versions: dict[str, str] = self._read()

    def _read(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the worker ended with code {self.process.wait()}")
        return json.loads(line)

    def ask(self, problem: dict[str, Any]) -> dict[str, Any]:
        """What the framework gives for a problem."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(problem) + "\n")
        self.process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:  # all that was asked has been answered
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Outcome(NamedTuple):
    """How one problem ended."""

    state: str
    """agrees, differs, both-refuse, not-a-number, framework-refuses, cnngrad-refuses or known."""
    words: str = ""


SETTINGS = (
    "stride",
    "padding",
    "dilation",
    "groups",
    "window",
    "ceil_mode",
    "count_include_pad",
)


def ours(name: str, problem: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The same by cnngrad under the framework's profile; raises `CnngradError` as it does."""
    kind = problem["kind"]
    settings = {key: problem[key] for key in SETTINGS if key in problem}
    A_prev, W, b = (problem.get(key) for key in ("A_prev", "W", "b"))
    dZ = found.get("dZ")
    like = {"like": name}
    if kind == "network":
        layers = [{"op": "dense", "weights": W, "bias": b}]
        if problem["activation"] != "identity":
            layers.append({"op": problem["activation"]})
        if problem["loss"] == "binary-cross-entropy":
            layers.append({"op": "sigmoid"})
        data = {"layers": layers, "input": A_prev, "target": problem["Y"], "loss": problem["loss"]}
        walk = backward(network_of({**data, **like}).computed(exact=False))
        results = walk.layers[0].results_in_layout
        return {"loss": walk.loss, **results}
    A_prev, W, b = (None if a is None else np.array(a, float) for a in (A_prev, W, b))
    if dZ is not None:
        dZ = np.array(dZ, float)
    if kind == "conv":
        results = {"Z": cnngrad.conv2d(A_prev, W, b, **settings, **like)}
        if dZ is not None:
            results |= _of(cnngrad.conv2d_backward(A_prev, W, dZ, **settings, **like))
    elif kind == "dense":
        results = {"Z": cnngrad.dense(A_prev, W, b, **like)}
        if dZ is not None:
            results |= _of(cnngrad.dense_backward(A_prev, W, dZ, **like))
    else:
        short = "max" if kind == "max-pool" else "avg"
        window = settings.pop("window")
        results = {"A": getattr(cnngrad, f"{short}_pool2d")(A_prev, window, **settings, **like)}
        if dZ is not None:
            back = getattr(cnngrad, f"{short}_pool2d_backward")
            results["dA_prev"] = back(A_prev, dZ, window, **settings, **like)
    return results


def _of(gradients: Any) -> dict[str, Any]:
    return {"dA_prev": gradients.dA_prev, "dW": gradients.dW, "db": gradients.db}


def compare(name: str, reach: Reach, problem: dict[str, Any], found: dict[str, Any]) -> Outcome:
    """Hold what a framework gave against cnngrad under its profile."""
    refused = found.get("refused")
    try:
        known = ours(name, problem, found)
    except cnngrad.CnngradError as error:
        if refused:
            return Outcome("both-refuse", refused)
        if not _finite(found) or any(words in str(error) for words in EMPTY):
            return Outcome("not-a-number", str(error).splitlines()[0])
        return Outcome("cnngrad-refuses", str(error))
    if refused:
        return Outcome("framework-refuses", refused)
    for result, array in known.items():
        if result not in found:
            return Outcome("differs", f"{result} is not there")
        theirs, mine = np.array(found[result], float), np.array(array, float)
        if theirs.shape != mine.shape:
            return Outcome("differs", f"{result}: shape {theirs.shape} against {mine.shape}")
        if not np.allclose(theirs, mine, rtol=reach.tolerance, atol=reach.tolerance):
            return Outcome("differs", f"{result}:\n{theirs.tolist()}\nagainst\n{mine.tolist()}")
    return Outcome("agrees")


def _finite(found: dict[str, Any]) -> bool:
    arrays = [np.array(array, float) for array in found.values()]
    return all(np.isfinite(array).all() and (array > LOWEST).all() for array in arrays)
