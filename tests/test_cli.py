"""What the program promises to people and to other programs."""

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT, SAMPLES

from cnngrad import __version__
from cnngrad.cli.app import COMMANDS
from cnngrad.files.samples import sample_files

MATRICES = ["--input", "0 1 2; 3 4 5; 6 7 8", "--kernel", "0 1; 2 3", "--dz", "-1 -2; -3 -4"]


@pytest.mark.parametrize(
    ("steps", "told", "note"),
    [
        ("1-2", "2 steps are left out (3–4). See them with --steps 3-4", ""),
        ("4", "3 steps are left out (1–3).", ""),
        ("3-99", "2 steps are left out (1–2).", "There are 4 steps: --steps 3-99 ends there.\n"),
        ("1-4", "", ""),
    ],
)
def test_steps_that_are_not_shown_are_told(cnngrad, steps, told, note):
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dA_prev", "--steps", steps)
    assert told in run.out
    assert ("left out" in run.out) == bool(told)
    assert run.err == note


def test_the_json_is_a_promise(cnngrad):
    run = cnngrad("conv-backward", *MATRICES, "--format", "json")
    assert run.code == 0
    assert run.err == ""
    assert json.loads(run.out) == {
        "cnngrad": __version__,
        "op": "conv-backward",
        "settings": {
            "stride": [1, 1],
            "padding": [[0, 0], [0, 0]],
            "dilation": [1, 1],
            "groups": 1,
            "batch": "mean",
        },
        "shapes": {
            "A_prev": [3, 3],
            "W": [2, 2],
            "dZ": [2, 2],
            "dA_prev": [3, 3],
            "dW": [2, 2],
            "db": [1],
        },
        "exact": True,
        "results": {
            "dA_prev": [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
            "dW": [[-27, -37], [-57, -67]],
            "db": [-10],
        },
    }


def test_fractions_come_as_decimals_and_as_strings(cnngrad):
    given = ["--input", "1 2; 3 4", "--dz", "2.5", "--window", "2", "--mode", "average"]
    data = json.loads(cnngrad("pool-backward", *given, "--format", "json").out)
    assert data["results"] == {"dA_prev": [[0.625, 0.625], [0.625, 0.625]]}
    assert data["fractions"] == {"dA_prev": [["5/8", "5/8"], ["5/8", "5/8"]]}
    assert "5/8" in cnngrad("pool-backward", *given).out


def test_float64_is_said_and_asked_for(cnngrad):
    data = json.loads(cnngrad("conv-backward", *MATRICES, "--float", "--format", "json").out)
    assert data["exact"] is False
    assert data["results"]["db"] == [-10.0]
    assert "float64" in cnngrad("conv-backward", *MATRICES, "--float").out
    assert "exactly" in cnngrad("conv-backward", *MATRICES, "--exact").out


def test_a_third_on_the_command_line_is_exact_to_the_end(cnngrad):
    given = ["--input", "1/3 1", "--kernel", "1/3", "--dz", "1/3 1", "--format", "json"]
    data = json.loads(cnngrad("conv-backward", *given).out)
    assert data["fractions"]["dW"] == [["10/9"]]


def test_csv_of_one_gradient_can_be_read_again(cnngrad):
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dW", "--format", "csv")
    assert run.out == "-27,-37\n-57,-67\n"


def test_steps_as_csv(cnngrad):
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dW", "--format", "csv", "--steps", "2")
    assert run.out == (
        "gradient,step,cell,value,sample,channels,rows,columns,adds\n"
        'dW,2,"dZ[0,1]",-2,0,0,0 1,1 2,-2 -4 -8 -10\n'
    )


@pytest.mark.parametrize(
    ("steps", "shown"),
    [("all", [1, 2, 3, 4]), ("none", []), ("3", [3]), ("2-3", [2, 3]), ("4-9", [4])],
)
def test_steps_are_chosen(cnngrad, steps, shown):
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dA_prev", "--steps", steps)
    assert [k for k in range(1, 10) if f"Step {k} of 4" in run.out] == shown


def test_a_long_trace_shows_its_ends_and_says_what_it_leaves_out(cnngrad):
    image = "; ".join(["1 2 3 4 5 6 7"] * 7)
    run = cnngrad("conv-forward", "--input", image, "--kernel", "1")
    assert [k for k in range(1, 50) if f"Step {k} of 49" in run.out] == [1, 2, 3, 48, 49]
    assert "44 steps are left out (4–47)" in run.out
    assert "--steps 4-47" in run.out


def test_thousands_of_steps_take_a_line_or_two_each(cnngrad):
    image = "; ".join([" ".join(["2"] * 40)] * 40)
    run = cnngrad("conv-forward", "--input", image, "--kernel", "1 2", "--steps", "all")
    lines = run.out.splitlines()
    steps = [line for line in lines if line.startswith(" Step ")]
    assert len(steps) == 40 * 39
    assert steps[41] == " Step 42 of 1560   Z[1,2] = 6   row 1, columns 2–3   adds 2 4"


def test_overlaps_are_spelled_out(cnngrad):
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dA_prev", "--steps", "2")
    assert "dA_prev[1,1]: -3 + -4 = -7" in run.out


def test_a_batch_names_its_samples_and_divides_at_the_end(cnngrad):
    run = cnngrad("example", "batch", "--gradient", "dW")
    assert "sample 0" in run.out
    assert "sample 1" in run.out
    assert "Step 9 of 9" in run.out
    assert "Divide by the number of samples, N = 2" in run.out
    summed = cnngrad("example", "batch", "--gradient", "dW", "--batch", "sum")
    assert "Step 8 of 8" in summed.out
    assert "Divide by" not in summed.out


def test_the_name_of_a_sample_stands_for_its_file(cnngrad):
    by_name = cnngrad("conv-backward", "convolution")
    assert by_name == cnngrad("conv-backward", SAMPLES / "convolution" / "problem.json")


def test_help_comes_in_both_spellings_and_version(cnngrad):
    assert cnngrad("-h").out == cnngrad("--help").out
    assert cnngrad("conv-backward", "-h").out == cnngrad("conv-backward", "--help").out
    assert cnngrad("--version").out == f"cnngrad {__version__}\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal(cnngrad, command):
    shown = cnngrad(*command.split(), "--help", columns=80).out
    assert [line for line in shown.splitlines() if len(line) > 79] == []


def test_plain_text_has_no_escape_codes(cnngrad, monkeypatch):
    assert "\x1b" not in cnngrad("conv-backward", *MATRICES).out
    assert "\x1b" in cnngrad("conv-backward", *MATRICES, color=True).out
    assert "\x1b" not in cnngrad("conv-backward", *MATRICES, "--no-color", color=True).out


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_wins_over_force_color(setting):
    run = subprocess.run(
        [sys.executable, "-m", "cnngrad", "conv-backward", *MATRICES],
        env={**os.environ, "FORCE_COLOR": "1", **setting},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b" not in run.stdout
    assert "[-7]" in run.stdout


def test_colour_and_plain_text_say_the_same(cnngrad):
    import re

    plain = cnngrad("conv-backward", *MATRICES).out
    painted = re.sub(r"\x1b\[[0-9;]*m", "", cnngrad("conv-backward", *MATRICES, color=True).out)

    def words(text):
        return re.sub(r"[\[\]()]", " ", text).split()

    assert words(painted) == words(plain)


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
@pytest.mark.parametrize("name", sorted(sample_files()))
def test_no_line_is_wider_than_the_screen_and_no_number_is_lost(cnngrad, name, columns):
    run = cnngrad("example", name, columns=columns)
    assert run.code == 0
    wide = [line for line in run.out.splitlines() if len(line) > columns]
    assert wide == []


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m cnngrad example convolution | head -1"
    run = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert run.stdout.startswith(" conv-backward")


def test_an_interrupt_exits_with_130(cnngrad, monkeypatch):
    def interrupted(*_arguments, **_settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("cnngrad.cli.run_operation.operate", interrupted)
    run = cnngrad("conv-backward", *MATRICES)
    assert run.code == 130
    assert "Traceback" not in run.err


def test_examples_are_listed_run_and_copied(cnngrad, tmp_path):
    listed = cnngrad("example").out
    for name in sample_files():
        assert name in listed
    mine = tmp_path / "mine"
    assert cnngrad("example", "convolution", "--copy", mine).code == 0
    for path in (SAMPLES / "convolution").iterdir():
        assert (mine / path.name).read_bytes() == path.read_bytes()
    assert cnngrad("example", "convolution", "--copy", mine).code == 3
    (mine / "dZ.csv").write_text("1 1\n1 1\n")
    given = ["--input", mine / "A_prev.csv", "--kernel", mine / "W.csv", "--dz", mine / "dZ.csv"]
    run = cnngrad("conv-backward", *given, "--format", "csv", "--gradient", "db")
    assert run.out == "4\n"
    assert cnngrad("example", "convolutoin").code == 2
    assert 'did you mean "convolution"' in cnngrad("example", "convolutoin").err
