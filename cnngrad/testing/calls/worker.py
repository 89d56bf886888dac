"""The process that a person's function runs in: `python -m cnngrad.testing.calls.worker`.

What it prints goes to a file, the answers go back through the pipe that was standard output. It
loads one file or module, then answers one request after the other.
"""

import ast
import importlib
import importlib.util
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from ...core.numbers import Array
from .calling import Calling
from .frames import receive, send
from .invoke import exception_line, invoke, own_lines
from .signatures import signatures

Answer = tuple[dict[str, Any], dict[str, Array]]


def main() -> int:
    """Answer requests until the other side has gone."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    start, _ = receive(requests)
    printed = os.open(start["printed"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    own = os.fdopen(os.dup(0), "rb")
    os.dup2(nothing, 0)
    requests = own
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    if start["memory"]:
        _limit_memory(int(start["memory"]))
    warnings.simplefilter("default")
    module = _answered(answers, lambda: _load(start["target"]))
    while True:
        try:
            request, arrays = receive(requests)
        except EOFError:
            return 0
        send(answers, *_answer(module, request, arrays))


def _end_with(parent: int) -> None:
    """End when the program has gone, also in the middle of an endless loop."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _limit_memory(size: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ImportError, ValueError, OSError):
        return


def _load(target: str) -> ModuleType:
    """The file or module, with its own folder first among those that it imports from."""
    sys.path.insert(0, "")
    if not target.endswith(".py"):
        return importlib.import_module(target)
    path = Path(target).resolve()
    sys.path.insert(0, str(path.parent))
    package = _package(path)
    sys.path.extend(str(folder) for folder in path.parents[1 : 3 + len(package)])
    name = ".".join([*package, path.stem])
    if package:
        sys.path.insert(0, str(path.parents[len(package)]))
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(target)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _package(path: Path) -> list[str]:
    """The folders that make a package for a file that imports from its neighbours (`from .`)."""
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except SyntaxError:
        return []
    levels = [node.level for node in nodes if isinstance(node, ast.ImportFrom)]
    deepest = max(levels, default=0)
    return [folder.name for folder in reversed(path.parents[:deepest])]


def _answered(answers: BinaryIO, load: Callable[[], ModuleType]) -> ModuleType:
    try:
        module = load()
        found = [
            {
                "name": one.name,
                "parameters": [[p.name, p.default] for p in one.parameters],
                "kind": one.kind,
                "methods": list(one.methods),
                "line": one.line,
            }
            for one in signatures(module)
        ]
    except BaseException as error:
        stand_in = ModuleType("target")
        stand_in.__file__ = getattr(error, "filename", None) or ""
        trace = own_lines(error, stand_in) or _syntax(error)
        send(answers, {"error": exception_line(error), "trace": list(trace)}, {})
        raise SystemExit(1) from None
    send(answers, {"signatures": found, "file": getattr(module, "__file__", "")}, {})
    return module


def _syntax(error: BaseException) -> tuple[str, ...]:
    if isinstance(error, SyntaxError):
        return (f"line {error.lineno}: {(error.text or '').strip()}",)
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    here = str(Path(__file__).parent)
    own = [f for f in frames if not f.filename.startswith((here, "<frozen"))]
    return tuple(f"{Path(f.filename).name}, line {f.lineno}: {f.line}" for f in own[-3:])


def _answer(module: ModuleType, request: dict[str, Any], arrays: dict[str, Array]) -> Answer:
    fields = dict(request["calling"])
    for key in ("roles", "forward_roles"):
        fields[key] = tuple((str(a), str(b)) for a, b in fields[key])
    settings = {key: _plain(value) for key, value in request["settings"].items()}
    outcome = invoke(module, Calling(**fields), arrays, settings)
    message = {
        "names": [name for name, _ in outcome.results],
        "error": outcome.error,
        "trace": list(outcome.trace),
        "odd": outcome.odd,
        "written": list(outcome.written),
    }
    return message, {str(k): array for k, (_, array) in enumerate(outcome.results)}


def _plain(value: Any) -> Any:
    """JSON has no tuples, and shapes and strides are tuples."""
    if isinstance(value, list):
        return tuple(_plain(part) for part in value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value


if __name__ == "__main__":
    sys.exit(main())
