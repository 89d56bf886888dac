"""Matrices from whatever holds them, and results back into files."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import arrays, fractions
from proofs import proven

from cnngrad.core.errors import CnngradError
from cnngrad.core.numbers import as_array, compact
from cnngrad.files import read_array
from cnngrad.files.results import csv_text

F = Fraction


def read(tmp_path, name, content, *names):
    path = tmp_path / name
    path.write_bytes(content)
    return read_array(str(path), "--dz", names or ("dZ", "dz")).tolist()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"1,2\n3,4\n", [[1, 2], [3, 4]]),
        (b"1;2\n3;4\n", [[1, 2], [3, 4]]),
        (b"1\t2\n3\t4\n", [[1, 2], [3, 4]]),
        (b"1 2\n3   4\n", [[1, 2], [3, 4]]),
        (b" 1, 2\r\n 3, 4 \r\n", [[1, 2], [3, 4]]),
        (b"\xef\xbb\xbf1,2\n3,4", [[1, 2], [3, 4]]),
        ("1\t2\r\n".encode("utf-16"), [[1, 2]]),
        (b"# two rows\n1,2 # the first\n\n\n# and\n", [[1, 2]]),
        (b"# c\n1 2\n# no new channel\n3 4\n", [[1, 2], [3, 4]]),
        (b'"1","2"\n', [[1, 2]]),
        (b"0.5;-1e-1\n", [[F(1, 2)], [F(-1, 10)]]),
        (b"2,5;1\n0,25;3\n", [[F(5, 2), 1], [F(1, 4), 3]]),
        (b"1/3 -2/4\n", [[F(1, 3), F(-1, 2)]]),
        ("\N{MINUS SIGN}3 -0\n".encode(), [[-3, 0]]),
        (b"1 2\n3 4\n\n5 6\n7 8\n", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
        (b"1\n\n2\n\n\n3\n\n4\n", [[[[1]], [[2]]], [[[3]], [[4]]]]),
        (b"1\n\n\n2\n", [[[[1]]], [[[2]]]]),
        (b"7", [[7]]),
    ],
)
def test_every_dialect_of_csv(tmp_path, content, expected):
    assert read(tmp_path, "dZ.csv", content) == expected
    assert read(tmp_path, "dZ.txt", content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        (b"[[0.1, 1e2]]", [[F(1, 10), 100]]),
        (b'[["1/3", "5"]]', [[F(1, 3), 5]]),
        (b'{"dZ": [[1]], "other": 2}', [[1]]),
        (b'{"cnngrad": "1", "results": {"dZ": [[1]]}}', [[1]]),
        (b"\xef\xbb\xbf[[1]]", [[1]]),
        (b"[[123456789012345678901234567890]]", [[123456789012345678901234567890]]),
    ],
)
def test_json(tmp_path, content, expected):
    assert read(tmp_path, "dZ.json", content) == expected


def test_numpy_files(tmp_path):
    array = np.arange(6).reshape(2, 3)
    np.save(tmp_path / "a.npy", array)
    np.savez(tmp_path / "one.npz", whatever=array)
    np.savez(tmp_path / "two.npz", dZ=array, W=array + 1)
    for name in ("a.npy", "one.npz", "two.npz"):
        assert read_array(str(tmp_path / name), "--dz", ("dZ", "dz")).tolist() == array.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1 -2; -3 -4", [[-1, -2], [-3, -4]]),
        ("[[-1,-2],[-3,-4]]", [[-1, -2], [-3, -4]]),
        ("1,2;3,4", [[1, 2], [3, 4]]),
        ("1 2\n3 4", [[1, 2], [3, 4]]),
        ("-3", [[-3]]),
        (".5 1/3", [[F(1, 2), F(1, 3)]]),
        (" 7 ", [[7]]),
    ],
)
def test_numbers_on_the_command_line(text, expected):
    assert read_array(text, "--dz").tolist() == expected


def test_a_file_beats_numbers_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "3.csv").write_text("7")
    assert read_array("3.csv", "--dz").tolist() == [[7]]


@proven(60)
@given(st.lists(st.integers(1, 3), min_size=2, max_size=4).flatmap(lambda s: arrays(s, fractions)))
def test_what_is_written_as_csv_is_read_back(array):
    import tempfile
    from pathlib import Path

    array = compact(array)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(csv_text(array))
        back = read_array(str(path), "--dz")
    assert back.reshape(array.shape).tolist() == as_array(array).tolist()
    assert back.ndim == array.ndim or 1 in array.shape


MATRICES = ["--input", "0 1 2; 3 4 5; 6 7 8", "--kernel", "0 1; 2 3", "--dz", "-1 -2; -3 -4"]


def test_outputs_of_every_kind(cnngrad, tmp_path):
    names = ["all.json", "all.csv", "all.npz", "all.txt"]
    outputs = [word for name in names for word in ("--output", tmp_path / name)]
    run = cnngrad("conv-backward", *MATRICES, *outputs, "--quiet")
    assert run == (0, "", "")
    assert json.loads((tmp_path / "all.json").read_text())["results"]["dW"] == [
        [-27, -37],
        [-57, -67],
    ]
    with np.load(tmp_path / "all.npz") as arrays_:
        assert arrays_["dA_prev"].tolist() == [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]]
        assert arrays_["db"].tolist() == [-10]
    assert "Step 4 of 4" in (tmp_path / "all.txt").read_text()
    assert (tmp_path / "all.csv").read_text() == (
        "# dA_prev\n0,-1,-2\n-2,-10,-10\n-6,-17,-12\n\n\n# dW\n-27,-37\n-57,-67\n\n\n# db\n-10\n"
    )


def test_npy_holds_one_array(cnngrad, tmp_path):
    path = tmp_path / "dW.npy"
    run = cnngrad("conv-backward", *MATRICES, "--output", path)
    assert run.code == 2
    assert "--gradient" in run.err
    assert not path.exists()
    assert cnngrad("conv-backward", *MATRICES, "--gradient", "dW", "--output", path).code == 0
    assert np.load(path).tolist() == [[-27, -37], [-57, -67]]


def test_a_problem_file_may_name_the_files_beside_it(cnngrad, tmp_path):
    (tmp_path / "image.csv").write_text("0 1 2\n3 4 5\n6 7 8\n")
    problem = {
        "op": "conv-backward",
        "A_prev": "image.csv",
        "W": "0 1; 2 3",
        "dZ": [[-1, -2], [-3, -4]],
    }
    (tmp_path / "problem.json").write_text(json.dumps(problem))
    run = cnngrad("conv-backward", tmp_path / "problem.json", "--format", "json")
    assert json.loads(run.out)["results"]["db"] == [-10]


def test_options_beat_the_problem_file(cnngrad, tmp_path):
    problem = {"op": "conv-backward", "input": [[1, 2]], "kernel": [[1]], "dz": [[1, 1]]}
    (tmp_path / "problem.json").write_text(json.dumps(problem))
    run = cnngrad("conv-backward", tmp_path / "problem.json", "--dz", "3 4", "--format", "json")
    assert json.loads(run.out)["results"]["db"] == [7]


def test_standard_input_gives_a_matrix_or_a_problem(cnngrad):
    run = cnngrad(
        "conv-backward", *MATRICES[:4], "--dz", "-", "--format", "json", stdin=b"-1 -2\n-3 -4\n"
    )
    assert json.loads(run.out)["results"]["db"] == [-10]
    problem = b'{"input": [[1, 2]], "kernel": [[1]], "dz": [[1, 1]]}'
    run = cnngrad("conv-backward", "-", "--format", "json", stdin=problem)
    assert json.loads(run.out)["results"]["db"] == [2]


def test_rounding_in_a_numpy_file_is_told(cnngrad, tmp_path):
    given = ["conv-forward", "--kernel", "3", "--output", tmp_path / "Z.npy", "--force", "--input"]
    assert cnngrad(*given, "5").err.endswith("Z.npy\n")
    for number in (str(2**64 - 1), "1/7"):
        assert "rounded to float64; --output FILE.json keeps" in cnngrad(*given, number).err
    run = cnngrad(*given, "9" * 350)
    assert run.code == 3
    assert "too large for a NumPy file" in run.err


@pytest.mark.parametrize("style", ["table", "json", "csv", "markdown", "latex"])
def test_numbers_beyond_float64_are_written(cnngrad, style):
    numbers = f"{'9' * 350} {'1' * 350}/{'7' * 40}; 1/3 2"
    given = ["--input", numbers, "--window", "2", "--mode", "average", "--format", style]
    run = cnngrad("pool-forward", *given)
    assert run.code == 0
    exact = (int("9" * 350) + Fraction(int("1" * 350), int("7" * 40)) + Fraction(7, 3)) / 4
    assert "2.5000e+349" in run.out or str(exact) in run.out


def test_an_answer_beyond_float64_ends_in_words(cnngrad):
    run = cnngrad("check", "convolution", "9" * 350, "--gradient", "db")
    assert run.code in (1, 3)
    assert "Traceback" not in run.err


def test_fractions_may_outgrow_what_python_prints(cnngrad):
    inputs = " ".join(f"1/{10**390 + k}" for k in range(1, 24, 2))
    run = cnngrad("conv-forward", "--input", inputs, "--kernel", " ".join(["1"] * 12))
    assert run.code == 0, run.err


def test_text_named_npy_is_told_without_numpy_s_advice(tmp_path):
    path = tmp_path / "junk.npy"
    path.write_text("1 2 3")
    with pytest.raises(CnngradError) as raised:
        read_array(str(path), "--dz")
    assert raised.value.found == "a file of another kind"
