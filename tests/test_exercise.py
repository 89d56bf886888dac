"""Exercises: friendly numbers that tell mistakes apart, worksheets, keys and practice."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from conftest import PATIENCE, ROOT, until
from hypothesis import given
from hypothesis import strategies as st
from proofs import proven

from cnngrad.core.errors import CnngradError
from cnngrad.files import read_problem
from cnngrad.files.problem_writer import problem_text
from cnngrad.grading.exercises import KINDS, Wish, confusions, exercises, outcomes

MODES = {"pool-backward": ("max", "average"), "pool-forward": ("max", "average")}
WISHES = [(op, mode) for op in KINDS for mode in MODES.get(op, (None,))]
SAME_ALWAYS = {("not-divided-by-n", "batch-summed"), ("batch-summed", "not-divided-by-n")}
"""On dW and db these are one and the same, whatever the numbers."""


@pytest.mark.parametrize(("op", "mode"), WISHES)
@pytest.mark.parametrize("difficulty", range(1, 6))
def test_mistakes_give_answers_of_their_own(op, mode, difficulty):
    problem = next(exercises(Wish(op, difficulty, mode), seed=11))
    told = {(one, two) for _, one, two in confusions(problem)}
    harmless = {one for one, two in told if two == ""}
    padded = problem.settings.get("padding") not in (None, ((0, 0), (0, 0)))
    if mode == "average" and not padded:
        harmless -= {"padding-counted", "padding-not-counted"}
    if mode == "average":  # padding counts already
        harmless -= {"padding-counted"}
    if mode == "max" and op == "pool-backward" and difficulty < 3:  # no ties are taught yet
        harmless -= {"error-to-all-ties", "error-to-last-tie", "error-split-over-ties"}
        harmless -= {"error-to-first-column-tie"}
    harmless -= {"padding-as-zero"}  # matters only where all cells of a window are negative
    assert harmless == set()
    same = SAME_ALWAYS | {("gradient-rotated", "transposed")}
    if mode == "average":  # each window is filled with one number
        same |= {("gradient-rotated", "error-rotated"), ("error-transposed", "transposed")}
    assert {pair for pair in told if pair[1]} <= same


def test_confusions_are_seen():
    symmetric = {"A_prev": [[1, 1], [1, 1]], "W": [[1, 2], [2, 1]], "dZ": [[1]]}
    from cnngrad.layers import operation

    problem = operation("conv-backward").problem(symmetric, {})
    found = confusions(problem)
    assert ("dA_prev", "kernel-rotated", "") in found
    assert ("dA_prev", "kernel-transposed", "") in found


def test_a_kernel_overlaps_and_a_batch_has_samples():
    first, *_, last = (next(exercises(Wish("conv-backward", d), 5)) for d in range(1, 6))
    codes = {outcome.code for outcome in outcomes(first) if not outcome.harmless(first)}
    assert "overlap-overwritten" in codes
    assert last.shapes["A_prev"][0] == 2
    assert {"not-divided-by-n", "stride-ignored", "padding-not-cropped"} <= {
        outcome.code for outcome in outcomes(last)
    }


@proven(25)
@given(st.sampled_from(WISHES), st.integers(1, 5), st.integers(0, 10**9))
def test_any_seed_gives_a_small_problem_that_can_be_read_back(which, difficulty, seed):
    op, mode = which
    problem = next(exercises(Wish(op, difficulty, mode), seed))
    assert problem.exact
    assert max(abs(array).max() for array in problem.given.values()) < 50
    with TemporaryDirectory() as folder:
        path = Path(folder, "problem.json")
        path.write_text(problem_text(problem, "a note"))
        again = read_problem(str(path)).problem()
    assert again.settings == problem.settings
    for name, array in problem.results.items():
        assert np.array_equal(array, again.results[name])


def test_the_same_seed_gives_the_same_and_another_another():
    wish = Wish("conv-backward", 3)
    one, two = next(exercises(wish, 1)), next(exercises(wish, 1))
    assert np.array_equal(one.given["A_prev"], two.given["A_prev"])
    several = [p.given["A_prev"].tolist() for p in exercises(wish, 1, 30)]
    assert several[0] == one.given["A_prev"].tolist()
    assert len({str(cells) for cells in several}) == 30


def test_wishes_are_granted():
    wish = Wish(
        "conv-backward", 1, None, "5,6", "3,2", "2,1", "1,0", samples=2, channels=3, filters=4
    )
    problem = next(exercises(wish, 1))
    assert problem.shapes["A_prev"] == (2, 3, 5, 6)
    assert problem.shapes["W"] == (4, 3, 3, 2)
    assert problem.settings["stride"] == (2, 1)
    assert problem.settings["padding"] == ((1, 1), (0, 0))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish("conv-backwards"), 'did you mean "conv-backward"'),
        (Wish("conv-backward", 6), "1 to 5"),
        (Wish("conv-backward", mode="max"), "has no mode"),
        (Wish("pool-backward", filters=2), "has no filters"),
        (Wish("conv-backward", size="100"), "at most 400 cells"),
        (Wish("conv-backward", size=2, kernel_size=3), "does not fit"),
        (Wish("conv-backward", stride="x"), "stride"),
    ],
)
def test_impossible_wishes_say_why(wish, words):
    with pytest.raises(CnngradError, match=re.escape(words)):
        next(exercises(wish, 1))


# ---- the command ------------------------------------------------------------------------------


def test_the_sheet_shows_no_solution(cnngrad):
    run = cnngrad("exercise", "conv-backward", "--seed", 3)
    assert run.code == 0
    assert "--seed 3" in run.err
    assert run.out.count("__") == 9 + 4 + 1
    assert "-20" not in run.out  # dA_prev[1,1]
    assert max(map(len, run.out.splitlines())) <= 80


def test_folder_of_one_exercise(cnngrad, tmp_path):
    folder = tmp_path / "mine"
    run = cnngrad("exercise", "conv-backward", "--seed", 3, "--output", folder)
    assert run.code == 0
    assert sorted(os.listdir(folder)) == ["key.json", "key.md", "problem.json", "worksheet.md"]
    problem = folder / "problem.json"
    assert cnngrad("check", problem, folder / "key.json").code == 0
    shown = cnngrad("conv-backward", problem, "--format", "json")
    assert json.loads(shown.out)["results"]["dA_prev"] == [[9, 15, 6], [-3, -20, -15], [0, 3, 9]]
    sheet = (folder / "worksheet.md").read_text()
    assert "-20" not in sheet
    key = (folder / "key.md").read_text()
    assert "Step 4 of 4" in key
    assert re.search(r"overlapping windows overwritten +\| 9 9 6; -3 -9 -6; 0 0 9 ", key)
    again = cnngrad("exercise", "conv-backward", "--output", folder)
    assert again.code == 3
    assert "--force" in again.err


def test_the_note_makes_the_exercise_again(cnngrad, tmp_path):
    options = ["--difficulty", "3", "--seed", "8", "--stride", "1", "--channels", "2"]
    run = cnngrad("exercise", "conv-backward", *options, "--format", "json")
    note = json.loads(run.out)["note"].partition("cnngrad ")[2]
    assert cnngrad(*note.split(), "--format", "json").out == run.out


def test_a_class_of_exercises_is_understood_by_grade(cnngrad, tmp_path):
    folder = tmp_path / "class"
    run = cnngrad("exercise", "pool-backward", "--count", 12, "--output", folder, "--seed", 2)
    assert run.code == 0
    assert sorted(os.listdir(folder)) == ["keys", *(f"student{k:02}" for k in range(1, 13))]
    assert sorted(os.listdir(folder / "student07")) == ["problem.json", "worksheet.md"]
    run = cnngrad("grade", folder, folder / "keys", "--format", "json")
    assert run.code == 0
    assert json.loads(run.out)["summary"]["correct"] == 12

    (folder / "student03" / "answer.json").write_text((folder / "keys/student03.json").read_text())
    (folder / "student04" / "answer.json").write_text((folder / "keys/student03.json").read_text())
    marks = json.loads(cnngrad("grade", folder, "--format", "json").out)["submissions"]
    assert [mark["correct"] for mark in marks] == [False, False, True, *[False] * 9]
    assert len(marks) == 12
    assert marks[0]["error"] == "Nothing was handed in."


@pytest.mark.parametrize("op", KINDS)
def test_worksheet_as_markdown(cnngrad, op):
    text = cnngrad("exercise", op, "--seed", 1, "--difficulty", 4, "--format", "markdown").out
    template = text.split("```")[1]
    shapes = read_problem_text(cnngrad, op)
    for name, cells in json.loads(template).items():
        assert np.shape(cells) == shapes[name]
    assert "\n\n\n" not in text
    assert any(words in text for words in ("Z = A_prev", "of every window", "x_hat", "times W"))
    problem = cnngrad("exercise", op, "--seed", 1, "--difficulty", 4, "--format", "json").out
    run = cnngrad("check", problem, template, "--format", "json")
    assert run.code == 1
    told = json.loads(run.out)
    assert told["score"] == 0
    assert {s["code"] for g in told["gradients"].values() for s in g["slips"]} == {"not-filled-in"}


def read_problem_text(cnngrad, op):
    text = cnngrad("exercise", op, "--seed", 1, "--difficulty", 4, "--format", "json").out
    return read_problem(text).problem().shapes


@pytest.mark.parametrize("difficulty", range(1, 6))
def test_a_dense_layers_weights_fit_one_way_only(difficulty):
    for op in ("dense-forward", "dense-backward"):
        rows, columns = next(exercises(Wish(op, difficulty), 3)).shapes["W"]
        assert rows != columns


def test_the_key_lists_each_mistake_once_and_says_what_it_leaves_out(cnngrad, tmp_path):
    options = ("--seed", 1, "--difficulty", 5, "--output", tmp_path / "mine")
    cnngrad("exercise", "conv-backward", *options)
    key = (tmp_path / "mine" / "key.md").read_text()
    assert "not divided by N" in key
    assert "samples of the batch added up" not in key
    assert "Too large to be listed is what comes out of: dA_prev (2×2×4×4), dW (2×2×3×3)." in key


def test_usage(cnngrad):
    assert cnngrad("exercise").code == 2
    assert cnngrad("exercise", "conv-backward", "--count", 3).code == 2
    run = cnngrad("exercise", "--practice")
    assert run.code == 2
    assert "no terminal" in run.err


# ---- practice, at a terminal ------------------------------------------------------------------


class Terminal:
    """The program at a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self.screen = ""
        main, side = pty.openpty()
        env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
        env.pop("NO_COLOR", None)
        command = [sys.executable, "-m", "cnngrad", *arguments]
        self.process = subprocess.Popen(
            command, env=env, pass_fds=[side], preexec_fn=lambda: os.login_tty(side)
        )
        os.close(side)
        self.main = main

    def wait_for(self, words: str) -> str:
        """Read until the words come; returns all that came since the last time."""
        end = time.monotonic() + PATIENCE
        seen = ""
        while words not in seen:
            assert time.monotonic() < end, f"{words!r} never came: {seen}"
            ready, _, _ = select.select([self.main], [], [], 0.1)
            if ready:
                try:
                    seen += os.read(self.main, 65536).decode()
                except OSError:
                    break
        assert words in seen
        return seen

    def enter(self, line: str) -> None:
        os.write(self.main, (line + "\n").encode())

    def press(self, key: bytes) -> None:
        os.write(self.main, key)

    def code(self) -> int:
        return self.process.wait(PATIENCE)

    def listens(self) -> bool:
        """Whether the line editor has taken the keys over; it does so after its prompt."""
        lines_by_the_system = termios.tcgetattr(self.main)[3] & termios.ICANON
        return not lines_by_the_system or find_spec("readline") is None


@pytest.fixture
def terminal():
    """Start the program at a terminal of its own; it ends with the test."""
    started = []

    def start(*arguments: str) -> Terminal:
        started.append(Terminal(*arguments))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        os.close(one.main)


def test_practice_by_hand(terminal):
    terminal = terminal("exercise", "--practice", "--seed", "3", "--no-color")
    terminal.wait_for("dA_prev row 0, 3 numbers: ")
    terminal.enter("hint")
    terminal.wait_for("Begin with one cell")
    terminal.enter("9 x 6")
    terminal.wait_for("is no number")
    terminal.enter("9 9")
    terminal.wait_for("That is 2 numbers, and 3 are asked for.")
    terminal.enter("9 9 6")  # overlapping windows overwritten
    terminal.wait_for("row 1")
    terminal.enter("-3, -9, -6")
    terminal.wait_for("row 2")
    terminal.enter("0 0 9")
    shown = terminal.wait_for("Enter keeps 9 9 6: ")
    assert "4 of 9 cells differ." in shown
    assert "-9✗" in shown
    assert "15" not in shown  # nothing of the solution yet
    terminal.enter("hint")
    assert "more than one window" in " ".join(terminal.wait_for("Enter keeps").split())
    terminal.enter("hint")
    assert "In letters: dA_prev[0,1] =" in " ".join(terminal.wait_for("Enter keeps").split())
    terminal.enter("hint")
    assert "In numbers: dA_prev[0,1] = 3·2 + 3·3" in terminal.wait_for("Enter keeps")
    terminal.enter("hint")
    terminal.wait_for("That was the last hint; show gives the solution.")
    for row, then in (("9 15 6", "row 1"), ("-3 -20 -15", "row 2"), ("0 3 9", "dW row 0")):
        terminal.enter(row)
        terminal.wait_for(then)
    terminal.enter("show")
    assert "8" in terminal.wait_for("db, one number: ")
    terminal.enter("2")
    terminal.wait_for("Another one?")
    terminal.enter("n")
    terminal.wait_for("2 of 3 right")
    assert terminal.code() == 1


def test_practice_takes_rounded_numbers_and_counts_only_what_was_asked(terminal):
    options = ("--mode", "average", "--window", "3", "--size", "3", "--difficulty", "3")
    wish = Wish("pool-backward", 3, "average", "3", "3")
    (cell,) = {float(n) for n in next(exercises(wish, 4)).results["dA_prev"].flat}
    assert cell != round(cell, 3)
    terminal = terminal("exercise", "pool-backward", "--practice", "--seed", "4", *options)
    terminal.wait_for("row 0, 3 numbers: ")
    terminal.enter(f"{cell:.2f} {cell:.2f} 99")
    terminal.wait_for("row 1")
    terminal.enter(f"{cell:.2f} {cell:.3f} {cell:.3f}")
    terminal.wait_for("row 2")
    terminal.enter(f"{cell:.3f} {cell:.3f} {cell:.3f}")
    shown = terminal.wait_for("Enter keeps")
    assert shown.count("✗") == 1
    assert "99" in shown
    terminal.enter("quit")
    terminal.wait_for("Left before the first answer was right.")
    assert terminal.code() == 0


def test_practice_speaks_of_what_stands_there_now_and_counts_what_was_done(terminal):
    terminal = terminal("exercise", "--practice", "--seed", "3", "--no-color")
    terminal.wait_for("row 0, 3 numbers: ")
    for question in ("?", "? ? ?"):
        terminal.enter(question)
        assert "numbers with blanks" in terminal.wait_for("row 0, 3 numbers: ")
    for row, then in (("9 9 6", "row 1"), ("-3 -20 -15", "row 2"), ("0 3 0", "Enter keeps 9 9 6")):
        terminal.enter(row)
        shown = terminal.wait_for(then)
    assert "2 of 9 cells differ." in shown
    terminal.enter("9 15 6")
    terminal.wait_for("Enter keeps 0 3 0")
    terminal.enter("hint")
    assert "1 of 9 cells differs." in terminal.wait_for("Enter keeps 0 3 0")
    terminal.enter("0 3 9")
    terminal.wait_for("dW row 0")
    terminal.enter("show")
    terminal.wait_for("db, one number: ")
    terminal.enter("quit")
    terminal.wait_for("1 of 2 right")
    assert terminal.code() == 1


@pytest.mark.parametrize("key", [b"\x03", b"\x04"])
def test_practice_is_left_politely(terminal, key):
    terminal = terminal("exercise", "--practice", "--seed", "3")
    terminal.wait_for("3 numbers: ")
    until(terminal.listens)
    terminal.press(key)
    shown = terminal.wait_for("Stopped.")
    assert "Traceback" not in shown
    assert terminal.code() == 130
