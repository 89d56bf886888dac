"""Standard streams as they may be: in any encoding, closed, full, left by their reader."""

import os
import subprocess
import sys

import pytest
from conftest import PATIENCE

from cnngrad.cli.streams import folded

RIGHT = "check convolution -10 --gradient db"
WRONG = "check convolution -11 --gradient db"


def shell(line, **environment):
    """What a shell says of a line in which `cnngrad` stands for the program."""
    line = line.replace("cnngrad", f"{sys.executable} -m cnngrad", 1)
    run = subprocess.run(
        ["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert b"Traceback" not in run.stderr, run.stderr.decode()
    return run


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "gbk", "utf-8"])
def test_what_an_encoding_lacks_is_written_plainer(encoding):
    run = shell(f"cnngrad {RIGHT}", PYTHONIOENCODING=encoding)
    assert run.returncode == 0
    shown = run.stdout.decode(encoding)
    assert ("3×3 input" in shown) or (encoding == "ascii" and "3x3 input" in shown)
    assert ("✓ Everything" if encoding == "utf-8" else "v Everything") in shown


@pytest.mark.parametrize(
    "words", ["--help", "gradcheck convolution", "explain convolution 'dW[0,1]'"]
)
def test_a_pipe_gets_utf_8_where_nothing_else_is_said(words):
    plain = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run = shell(f"cnngrad {words}", PYTHONIOENCODING="", **plain)
    assert run.returncode == 0
    assert "−" in run.stdout.decode() or "·" in run.stdout.decode()


@pytest.mark.parametrize("words", [RIGHT, "--help", "conv-backward convolution --format json"])
@pytest.mark.parametrize("place", [">/dev/full", ">&-"])
@pytest.mark.parametrize("color", ["", "1"])
def test_output_that_cannot_be_written_is_told(words, place, color):
    run = shell(f"cnngrad {words} {place}", FORCE_COLOR=color)
    assert run.returncode == 3
    assert run.stderr.startswith(b"cnngrad: ")


@pytest.mark.parametrize("place", ["2>/dev/full", "2>&-"])
def test_errors_that_no_one_hears_keep_their_code(place):
    assert shell(f"cnngrad conv-backward nowhere.json {place}").returncode == 3
    assert shell(f"cnngrad conv-backward convolution --colour {place}").returncode == 2


def test_closed_input_is_empty_input():
    run = shell("cnngrad conv-backward --input - --kernel 1 --dz 1 <&-")
    assert run.returncode == 3
    assert b"Standard input is empty" in run.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [(RIGHT, 141), (WRONG, 1), ("--help", 141), ("check --help", 141), ("example batch", 141)],
)
@pytest.mark.parametrize("color", ["", "1"])
def test_output_that_a_reader_cut_short_is_not_done(words, code, color):
    run = shell(f"cnngrad {words} > >(exec <&-)", FORCE_COLOR=color)
    assert run.returncode == code
    assert run.stderr == b""


def test_files_are_written_though_the_reader_leaves_and_steps_end_at_once(tmp_path):
    (tmp_path / "A.csv").write_text(("1," * 399 + "1\n") * 400)
    given = f"--input {tmp_path}/A.csv --kernel 1 --steps all --float --output {tmp_path}/Z.npy"
    run = shell(f"cnngrad conv-forward {given} | head -1")
    assert run.returncode == 141
    assert (tmp_path / "Z.npy").exists()


def test_long_messages_hang_under_their_beginning():
    words = (
        "cnngrad: There is no example called convoluton.\n  expected  convolution, batch, pooling\n"
    )
    assert folded(words + "    1,two,3\n      ^^^", 32) == (
        "cnngrad: There is no example\n"
        "         called convoluton.\n"
        "  expected  convolution, batch,\n"
        "            pooling\n"
        "    1,two,3\n"
        "      ^^^"
    )
    assert folded(words, None) == words


def test_a_long_path_begins_where_it_is_told():
    words = f"  where     /home/{'very/' * 9}long.json\n  found     -3"
    first, *more, last = folded(words, 40).splitlines()
    assert first.startswith("  where     /home/very/")
    assert more
    assert all(line.startswith(" " * 12) and line[12] != " " for line in more)
    assert "".join(line[12:] for line in [first, *more]) == words.split()[1]
    assert last == "  found     -3"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["conv-backward", "convolution", "--stride", "2"], "where     the sample convolution\n"),
        (["explain", "perceptron", "dW[0,0]"], "where     the sample perceptron\n"),
    ],
)
def test_a_sample_is_called_by_its_name(cnngrad, words, told):
    assert told in cnngrad(*words).err


def test_too_little_memory_is_told(cnngrad, monkeypatch):
    def greedy(*_arguments, **_settings):
        raise MemoryError

    monkeypatch.setattr("cnngrad.cli.run_operation.operate", greedy)
    run = cnngrad("conv-backward", "convolution")
    assert run.code == 3
    assert run.err.startswith("cnngrad: There is not enough memory")
