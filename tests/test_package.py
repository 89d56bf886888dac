"""The package as others get it: built, installed and typed, away from the clone."""

import json
import os
import shlex
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT, SAMPLES

pytest.importorskip("hatchling", reason="hatchling, which builds the package, is not installed")


def run(*words, folder=None, **environment):
    """Run a program to its end; returns what it printed."""
    done = subprocess.run(
        [os.fspath(word) for word in words],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Built(NamedTuple):
    """The two archives that a release consists of."""

    wheel: Path
    sdist: Path


def build(source, folder):
    """Build both archives of a source tree."""
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, folder=source)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The archives of this clone."""
    return build(ROOT, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def installed(built, tmp_path_factory):
    """The `bin` of an environment with the wheel in it; what it needs is borrowed from this one."""
    pytest.importorskip("pip", reason="pip, which installs the package, is not installed")
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=os.name != "nt")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    python = python if python.exists() else scripts / "python"
    pip = sys.executable, "-m", "pip", "--python", python, "install", "-q"
    run(*pip, "--no-deps", "--no-index", "--disable-pip-version-check", built.wheel)
    place = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    borrowed = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (Path(place) / "borrowed.pth").write_text("\n".join(borrowed))
    return scripts


def contents(wheel):
    """The wheel's files, but for the list of their digests."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "RECORD" not in name}


def test_the_wheel_holds_the_program_its_samples_and_its_types(built):
    names = contents(built.wheel).keys()
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "cnngrad").rglob("*.py")}
    samples = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert modules <= names
    assert {f"cnngrad/samples/{path.relative_to(SAMPLES).as_posix()}" for path in samples} <= names
    assert "cnngrad/py.typed" in names
    assert not [name for name in names if name.startswith("tests")]


def test_the_sdist_builds_the_same_wheel_and_holds_the_tests(built, tmp_path):
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    for needed in ("README.md", "LICENSE", "pyproject.toml", "tests/conftest.py", "samples"):
        assert (source / needed).exists(), needed
    (tmp_path / "again").mkdir()
    assert contents(build(source, tmp_path / "again").wheel) == contents(built.wheel)


def test_it_runs_without_the_clone(installed, tmp_path, cnngrad):
    where = run(
        installed / "python", "-c", "import cnngrad; print(cnngrad.__file__)", folder=tmp_path
    )
    assert Path(where.strip()).is_relative_to(installed.parent)
    for line in (
        "example convolution",
        "conv-backward --input '0 1 2; 3 4 5; 6 7 8' --kernel '0 1; 2 3' --dz '-1 -2; -3 -4'",
        "check convolution -10 --gradient db",
        "--version",
        "conv-backward --help",
    ):
        words = shlex.split(line)
        assert run(installed / "cnngrad", *words, folder=tmp_path) == cnngrad(*words).out
    page = tmp_path / "page.html"
    run(installed / "cnngrad", *shlex.split("network-backward lenet_toy --quiet --output"), page)
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")


RIGHT = '''
"""A program as someone may write it who uses the package."""

from fractions import Fraction

import cnngrad
import numpy as np
from numpy.typing import NDArray


def sizes(images: NDArray[np.float64], kernel: NDArray[np.float64]) -> tuple[int, ...]:
    """Forward, back, pooling, a dense layer."""
    Z = cnngrad.conv2d(images, kernel, stride=(1, 2), padding="same")
    gradients: cnngrad.Gradients = cnngrad.conv2d_backward(
        images, kernel, Z, stride=(1, 2), padding="same", batch="sum"
    )
    pooled = cnngrad.max_pool2d(Z, 2)
    spread = cnngrad.max_pool2d_backward(Z, pooled, 2, ties="first")
    mean = cnngrad.avg_pool2d(Z, (2, 2), count_include_pad=False)
    shared = cnngrad.avg_pool2d_backward(Z, mean, 2)
    units = cnngrad.dense([[1, 2]], [[Fraction(1, 2), 3]], [1])
    weights = cnngrad.dense_backward([[1, 2]], [[Fraction(1, 2), 3]], units)
    arrays = (gradients.dA_prev, gradients.dW, gradients.db, spread, shared, weights.dW)
    return tuple(array.size for array in arrays)


def lines(path: str) -> list[str]:
    """The terms of each step of a problem, and what is right in an answer."""
    trace: cnngrad.Trace = cnngrad.trace(path, "dA_prev")
    found = [f"{step.source}: {[term.value for term in step.terms]}" for step in trace]
    found += [str(term.value) for term in trace.terms_of((0, 0, 1, 1))]
    network: cnngrad.Network = cnngrad.read_network(path)
    return [*found, str(network), cnngrad.__version__]


def told(error: cnngrad.CnngradError) -> int:
    """Its exit code."""
    return error.exit_code
'''

WRONG = '''
"""What a type checker must see."""

import cnngrad

cnngrad.conv2d([[1]], [[1]], strides=1)
cnngrad.max_pool2d_backward([[1]], [[1]], 1, ties=3)
number: str = cnngrad.conv2d_backward([[1]], [[1]], [[1]]).dW
cnngrad.nothing()
'''


def test_a_users_program_is_checked_strictly(installed, tmp_path):
    """It needs `py.typed`, and annotations that say what each function takes and gives."""
    pytest.importorskip("mypy", reason="mypy, the type checker, is not installed")
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    mypy = sys.executable, "-m", "mypy", "--strict", "--output", "json", "--config-file", ""
    done = subprocess.run(
        [*mypy, "--python-executable", installed / "python", "right.py", "wrong.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    errors = [one for one in told if one["severity"] == "error"]
    assert [(one["file"], one["line"], one["code"]) for one in errors] == [
        ("wrong.py", 6, "call-arg"),
        ("wrong.py", 7, "arg-type"),
        ("wrong.py", 8, "assignment"),
        ("wrong.py", 9, "attr-defined"),
    ], done.stdout + done.stderr
