"""Ctrl-c at any moment: one line, exit code 130, and no half-written file."""

import os
import signal
import subprocess
import sys

import pytest
from conftest import PATIENCE

AT_AN_IMPORT = """
import os, signal, sys

class Interrupter:
    left = int(os.environ["AFTER"])

    def find_spec(self, name, path=None, target=None):
        if "cnngrad.cli" in sys.modules:
            self.left -= 1
            if self.left == 0:
                for _ in range(int(os.environ["TIMES"])):
                    os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupter())
sys.argv = ["cnngrad", "conv-backward", "convolution", "--output", os.environ["TO"]]
from cnngrad.cli import start
start()
"""


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("after", [1, 2, 3, 5, 9, 16, 30, 55, 90, 130, 170])
@pytest.mark.parametrize("times", ["1", "3"])
def test_in_the_middle_of_the_imports(tmp_path, after, times):
    done = run(AT_AN_IMPORT, AFTER=str(after), TIMES=times, TO=f"{tmp_path}/x.html")
    assert (done.returncode, done.stderr) == (130, "cnngrad: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_the_package_loads_nothing_of_weight_before_ctrl_c_is_caught():
    code = "import sys; a = set(sys.modules); import cnngrad.cli; print(*set(sys.modules) - a)"
    loaded = set(run(code).stdout.split())
    assert loaded <= {"cnngrad", "cnngrad.cli", "cnngrad.core", "cnngrad.core.display"}


def test_where_a_library_keeps_the_interrupt_to_itself_it_still_counts(tmp_path):
    code = """
import os, signal, sys
import cnngrad.cli.app as app

def run(arguments):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        pass
    return 0

app.run = run
sys.argv = ["cnngrad"]
from cnngrad.cli import start
start()
"""
    done = run(code)
    assert (done.returncode, done.stderr) == (130, "cnngrad: interrupted\n")


def test_an_error_that_an_interrupt_makes_of_an_import_is_an_interrupt():
    code = """
import os, signal, sys
import cnngrad.cli.app as app

def run(arguments):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        raise ImportError("cannot import name x from partially initialized module") from None

app.run = run
from cnngrad.cli import start
start()
"""
    done = run(code)
    assert (done.returncode, done.stderr) == (130, "cnngrad: interrupted\n")


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="POSIX signals")
def test_whoever_ignores_it_is_not_interrupted():
    code = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
import os, sys
import cnngrad.cli.app as app
app.run = lambda arguments: os.kill(os.getpid(), signal.SIGINT) or 0
from cnngrad.cli import start
start()
"""
    done = run(code)
    assert (done.returncode, done.stderr) == (0, "")


def test_warnings_of_libraries_reach_nobody():
    code = """
import sys
import cnngrad.cli.app as app

def run(arguments):
    import warnings
    import numpy as np
    warnings.warn("look out", UserWarning)
    np.float64(1e308) * np.float64(10)
    return 0

app.run = run
from cnngrad.cli import start
start()
"""
    assert run(code).stderr == ""
