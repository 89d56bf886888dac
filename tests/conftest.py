"""What tests share: running the program as a person would, and golden files."""

import io
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import proofs
import pytest

from cnngrad.cli import main

# A shell lets what it runs in the background ignore Ctrl-C, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
GOLDEN = Path(__file__).parent / "golden"


PATIENCE = 300
"""Seconds after which something hangs. No test may depend on how fast a machine is."""


def until(met: Callable[[], object]) -> None:
    """Wait until something is so, however long it takes."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


class Run(NamedTuple):
    """What a run of the program left behind."""

    code: int
    out: str
    err: str


Program = Callable[..., Run]


@pytest.fixture
def cnngrad(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """Run the program in this process: `cnngrad("conv-backward", "--dz", "1", stdin=b"…")`."""

    def run(*arguments: object, stdin: bytes = b"", columns: int = 80, color: bool = False) -> Run:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLORTERM", "truecolor")
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.delenv("FORCE_COLOR", raising=False)
        if color:
            monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main([os.fspath(a) if isinstance(a, Path) else str(a) for a in arguments])
        out, err = capsys.readouterr()
        return Run(int(code), out, err)

    return run


def pytest_configure(config: pytest.Config) -> None:
    proofs.take(config.getoption("--times"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--times", type=int, default=1, help="take so many times as many random examples"
    )
    parser.addoption(
        "--regenerate", action="store_true", help="write tests/golden anew instead of comparing"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file in tests/golden, or write it with --regenerate."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--regenerate"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), (
            f"{name} differs; look at it, then: pytest --regenerate"
        )

    return compare
