"""What the words of a command tell is checked before anything is shown."""

import json
import os
import pty
import subprocess
import sys

import pytest

BOTH = ("dense-backward", "--input", "1 2", "--weights", "1 3", "--dz", "4")


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "convolution", "dA_prev[1,1]", "--reverse", "dW[0,0]"],
        ["explain", "convolution", "dA_prev[1,1]", "--reverse", "conv1.dW[0,0]"],
        ["explain", "convolution", "dA_prev[1,1]", "--reverse", "dW["],
        ["explain", "convolution", "dA_prev[1,1]", "dA_prev[9,9]"],
        ["explain", "perceptron", "hidden.dW[0,0]", "nowhere.dW[0,0]"],
        ["check", "convolution", "-10", "--hide-solution", "--hint-level", "3", "--gradient", ""],
        ["check", "convolution", "nowhere.json", "--hide-solution", "--hint-level", "3"],
        ["conv-backward", "convolution", "--gradient", "dX"],
        ["conv-backward", "convolution", "--gradient", ""],
        ["conv-backward", "convolution", "--steps", "99"],
        ["network-backward", "lenet_toy", "--layer", "conv1", "--gradient", "dX"],
        ["network-backward", "lenet_toy", "--layer", "conv1", "--steps", "99999"],
    ],
)
@pytest.mark.parametrize("style", ["table", "json"])
def test_nothing_is_shown_before_a_refusal(cnngrad, words, style):
    run = cnngrad(*words, "--format", style)
    assert run.code in (2, 3)
    assert run.out == ""
    assert run.err.count("cnngrad: ") == 1
    assert run.err.startswith("cnngrad: ")


def test_an_empty_name_is_called_empty(cnngrad):
    run = cnngrad("check", "convolution", "-10", "--gradient", "")
    assert run.err.startswith("cnngrad: The name of the gradient is empty.")


def test_one_step_is_one(cnngrad):
    given = ("--input", "1", "--kernel", "1", "--dz", "1", "--steps", "1-5")
    assert cnngrad("conv-backward", *given).err.startswith("There is one step: ")


@pytest.mark.parametrize("word", ["1 \udcfd", "\udcfd 1; 2 3", "[[1, \udcfd]]", "1 2\ud800"])
def test_words_that_are_no_text_are_told(cnngrad, tmp_path, word):
    run = cnngrad("pool-forward", "--window", "1", "--input", word)
    assert (run.code, run.out) == (3, "")
    assert "no" in run.err
    run = cnngrad("check", "convolution", word, "--gradient", "dW")
    assert (run.code, run.out) == (3, "")
    problem = {"op": "pool-forward", "window": 1, "input": word}
    (tmp_path / "p.json").write_text(json.dumps(problem))
    assert cnngrad("pool-forward", tmp_path / "p.json").code == 3


@pytest.mark.parametrize("op", [["x"], {"x": 1}, 1, None, True, "conv"])
def test_an_operation_that_is_no_word_is_told(cnngrad, tmp_path, op):
    (tmp_path / "net.json").write_text(json.dumps({"op": op}))
    for command in ("network-backward", "conv-backward", "gradcheck"):
        run = cnngrad(command, tmp_path / "net.json")
        assert run.code == 3
        assert run.out == ""


def test_a_quoted_cell_may_be_as_long_as_the_file(cnngrad, tmp_path):
    path = tmp_path / "A.csv"
    path.write_text('"' + " " * 200_000 + '7",2\n')
    run = cnngrad("pool-forward", "--window", "1", "--input", path, "--format", "csv")
    assert run.out == "7,2\n"
    path.write_text('"' + "1" * 200_000 + '",2\n')
    run = cnngrad("pool-forward", "--window", "1", "--input", path)
    assert run.code == 3
    assert "200000 characters" in run.err


def numpy_file(shape):
    header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    numbers = (1).to_bytes(8, "little") + (2).to_bytes(8, "little")
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + numbers


def test_an_array_that_python_2_saved_is_read_without_a_warning(cnngrad, tmp_path):
    (tmp_path / "A.npy").write_bytes(numpy_file("(1L, 2L)"))
    words = ("pool-forward", "--window", "1", "--input", tmp_path / "A.npy", "--format", "csv")
    assert cnngrad(*words).out == "1,2\n"


def test_a_damaged_header_shows_no_address(cnngrad, tmp_path):
    (tmp_path / "A.npy").write_bytes(numpy_file("(3, 0/0)"))
    run = cnngrad("pool-forward", "--window", "1", "--input", tmp_path / "A.npy")
    assert run.code == 3
    assert " at 0x" not in run.err


def test_no_screen_is_wider_than_a_thousand_columns(cnngrad):
    run = cnngrad("conv-backward", "convolution", columns=100_000_000)
    assert run.code == 0
    assert max(map(len, run.out.splitlines())) in (999, 1000)


# ---- a class --------------------------------------------------------------------------------


@pytest.fixture
def class_of_two(tmp_path):
    """A folder of problems in which the first student's is broken."""
    problem = {"op": "conv-forward", "input": [[1, 2], [3, 4]], "kernel": [[2]]}
    for name in ("anna", "bert"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "problem.json").write_text(json.dumps(problem))
        (tmp_path / name / "answer.json").write_text('{"Z": [[2, 4], [6, 8]]}')
    (tmp_path / "anna" / "problem.json").write_text("{broken")
    return tmp_path


def test_a_broken_problem_stops_nobody_else(cnngrad, class_of_two):
    run = cnngrad("grade", class_of_two, "--format", "json")
    assert run.code == 0, run.err
    first, second = json.loads(run.out)["submissions"]
    assert "broken" in first["error"]
    assert second["score"] == 4


def test_where_all_problems_are_broken_the_first_is_told(cnngrad, class_of_two):
    (class_of_two / "bert" / "problem.json").write_text("{broken, too")
    run = cnngrad("grade", class_of_two)
    assert run.code == 3
    assert "anna" in run.err


def test_names_of_odd_bytes_keep_their_hand_in(cnngrad, class_of_two, tmp_path):
    odd = os.fsencode(class_of_two) + b"/\xff\xfe"
    os.rename(class_of_two / "bert", odd)
    run = cnngrad("grade", class_of_two, "--format", "json")
    scores = {s["name"]: s.get("score") for s in json.loads(run.out)["submissions"]}
    assert scores[r"\xff\xfe"] == 4
    assert len(scores) == 2


def test_a_broken_answer_of_odd_bytes_is_written_about(cnngrad, tmp_path):
    problem = {"op": "conv-forward", "input": [[1]], "kernel": [[2]]}
    (tmp_path / "p.json").write_text(json.dumps(problem))
    (tmp_path / "answers").mkdir()
    for name, text in ((b"\xff.json", '{"Z":'), (b"\xfe.json", '{"Z": 2}')):
        with open(os.fsencode(tmp_path) + b"/answers/" + name, "w") as file:
            file.write(text)
    words = [
        word for name in ("html", "csv", "json") for word in ("--output", f"{tmp_path}/m.{name}")
    ]
    folders = ("--feedback", tmp_path / "f", "--gradescope", tmp_path / "g")
    run = cnngrad("grade", tmp_path / "p.json", tmp_path / "answers", *words, *folders)
    assert run.code == 0, run.err
    assert len(list((tmp_path / "f").iterdir())) == 2
    for name in ("m.html", "m.csv", "m.json"):
        assert r"\xfe" in (tmp_path / name).read_text().replace("\\\\", "\\")


def test_csv_on_a_terminal_steers_nothing(tmp_path):
    problem = {"op": "conv-forward", "input": [[1]], "kernel": [[2]]}
    (tmp_path / "p.json").write_text(json.dumps(problem))
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "e\x1b[31m\x07.json").write_text('{"Z": 2}')
    parent, child = pty.openpty()
    words = ["grade", f"{tmp_path}/p.json", f"{tmp_path}/answers", "--format", "csv"]
    with subprocess.Popen(
        [sys.executable, "-m", "cnngrad", *words],
        stdout=child,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as run:
        os.close(child)
        shown = b""
        while True:
            try:
                part = os.read(parent, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert run.wait() == 0
    os.close(parent)
    assert b"[31m" in shown
    assert b"\x1b" not in shown
    assert b"\x07" not in shown


def test_without_the_package_dask_is_refused_before_a_folder_is_made(
    cnngrad, class_of_two, monkeypatch
):
    monkeypatch.setattr("cnngrad.grading.classroom.cluster.find_spec", lambda _name: None)
    made = class_of_two / "f"
    run = cnngrad("grade", class_of_two, "--dask", "local", "--feedback", made)
    assert (run.code, run.out) == (2, "")
    assert not made.exists()
    assert run.err.startswith("cnngrad: --dask needs")
