"""The loop of a worker: problems come as JSON lines, what the framework gives goes back as such.

A worker runs in the interpreter that has the framework, and knows nothing of cnngrad.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def errors(problem: dict[str, Any], shape: Any) -> Any:
    """The error at an output of this shape: the first cells of those that the problem gives."""
    size = int(np.prod(shape))
    return np.resize(np.array(problem["errors"], float), size).reshape(shape)


def sides(problem: dict[str, Any], usual: Any = 0) -> list[list[int]]:
    """The padding as ((top, bottom), (left, right)), where it is no word."""
    padding = problem.get("padding", usual)
    if isinstance(padding, int):
        return [[padding, padding], [padding, padding]]
    return padding


def pair(value: Any) -> list[int]:
    """Height and width."""
    return [value, value] if isinstance(value, int) else list(value)


def serve(
    versions: dict[str, str], kinds: dict[str, Callable[[dict[str, Any]], dict[str, Any]]]
) -> None:
    """Answer problems until there are no more."""
    say = sys.stdout
    sys.stdout = sys.stderr  # what a framework prints does not belong among the answers
    print(json.dumps({"python": sys.version.split()[0], **versions}), file=say, flush=True)
    for line in sys.stdin:
        problem = json.loads(line)
        try:
            found = kinds[problem["kind"]](problem)
            answer = {name: np.asarray(array, float).tolist() for name, array in found.items()}
        except Exception as error:
            answer = {"refused": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), file=say, flush=True)
