"""What a step says, in the terminal: whole sentences, in the right number."""

import re

import pytest
from conftest import SAMPLES

DENSE = ["dense-backward", "--input", "1", "--weights", "2", "--dz", "3"]
POOL = ["pool-backward", "--window", "2", "--input"]


@pytest.mark.parametrize("command", ["pool-backward", "pool-forward", "conv-forward"])
@pytest.mark.parametrize("style", ["table", "markdown"])
def test_one_row_is_a_row(cnngrad, command, style):
    sample = "stride_padding" if command == "conv-forward" else "average_padded"
    problem = SAMPLES / sample / "problem.json"
    out = cnngrad(command, problem, "--format", style, columns=200).out
    assert "row 0, columns 1–2 of" in out or "rows 0–1, columns 1–3 of" in out
    assert "rows 0," not in out
    assert "columns 0 " not in out


def test_one_row_is_a_row_where_steps_take_a_line_each(cnngrad):
    image = "; ".join([" ".join("12" * 40)] * 40)
    error = "; ".join([" ".join("1" * 80)] * 40)
    given = ["--kernel", "1", "--input", image, "--dz", error]
    out = cnngrad("conv-backward", *given, "--gradient", "dA_prev", "--steps", "all").out
    assert "   row 0, column 1   " in out


def test_without_settings_there_is_no_line_for_them(cnngrad):
    given = ["dense-forward", "--input", "1 2", "--weights", "3 4"]
    out = cnngrad(*given).out
    assert out.startswith(" dense-forward\n\n   A_prev")
    assert "`dense-forward`\n" in cnngrad(*given, "--format", "markdown").out


def test_a_sum_of_very_many_terms_knows_how_many(cnngrad):
    error = "; ".join([" ".join("12" * 60)] * 100)
    given = ["--kernel", "1", "--input", error, "--dz", error, "--gradient", "db"]
    out = " ".join(cnngrad("conv-backward", *given).out.split())
    assert "… (11,970 more) … + 2 + 1 + 2 = 18000" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Part of the window lies outside A_prev: the shares that fall there (·) are dropped."),
        (["--exclude-pad"], "(·) and does not count: 4 is divided by the one cell inside."),
    ],
)
def test_what_becomes_of_the_shares_outside(cnngrad, options, said):
    problem = SAMPLES / "average_padded" / "problem.json"
    assert said in cnngrad("pool-backward", problem, *options, "--steps", "1", columns=200).out


@pytest.mark.parametrize(
    ("arguments", "said", "unsaid"),
    [
        ([*POOL, "7 7; 1 2", "--dz", "3"], "One window that an error reaches has its", "ReLU"),
        (
            [*DENSE, "--z", "0", "--activation", "relu"],
            "One number that an error reaches is 0, where ReLU",
            "max",
        ),
    ],
)
def test_a_corner_is_called_by_its_name(cnngrad, arguments, said, unsaid):
    out = cnngrad(*arguments, columns=200).out
    assert said in out
    assert unsaid not in out


@pytest.mark.parametrize("style", ["table", "markdown", "latex"])
@pytest.mark.parametrize(
    ("third", "kernel", "unseen"),
    [
        ("1/3", "0.5", r"\d\.\d"),
        ("0.5", "0.5", r"\d/\d"),
        ("1/2", "0.125", r"\d/\d"),
    ],
)
def test_a_problem_is_written_in_decimals_or_in_fractions(cnngrad, style, third, kernel, unseen):
    given = ["--input", f"0.1 0.25; {third} -2", "--kernel", kernel, "--dz", "1 2; 3 0.7"]
    out = cnngrad("conv-backward", *given, "--format", style).out
    numbers = re.sub(r"\\.*?em\}|0\.3pt", "", out) if style == "latex" else out
    assert not re.search(unseen, numbers), re.search(unseen, numbers)


def test_a_division_keeps_its_fraction(cnngrad):
    given = ["--input", "1 2; 3 4", "--dz", "2.5", "--window", "2", "--mode", "average"]
    out = cnngrad("pool-backward", *given, columns=200).out
    assert "receives 2.5 / 4 = 5/8." in out


def test_a_cell_is_explained_in_the_same_numbers(cnngrad):
    given = ["--input", "0.1 0.25; 0.5 -2", "--kernel", "0.5", "--dz", "1 2; 3 0.7"]
    out = cnngrad("explain", *given, "dW[0,0]").out
    assert "1·0.1 + 2·0.25 + 3·0.5 + 0.7·(-2)" in out
    assert "0.1 → 0.6 → 2.1 → 0.7" in out
