"""How results are shown: with so many digits, with a summary, in a browser."""

import json
from fractions import Fraction

import pytest

from cnngrad.core.notation import notation, plain, shown_digits

THIRDS = ["--input", "1 2; 3 4", "--kernel", "1/3", "--dz", "1 2; 3 1/9"]


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (Fraction(5, 8), 2, "0.63"),
        (Fraction(-5, 8), 2, "-0.63"),
        (Fraction(1, 2), 3, "0.5"),
        (Fraction(1, 3), 0, "0"),
        (Fraction(2, 3), 0, "1"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(19999, 10000), 3, "2.000"),
        (12345678901234567890, 2, "12345678901234567890"),
        (0.125, 2, "0.13"),
        (Fraction(1, 3), 20, "0." + "3" * 20),
    ],
)
def test_results_are_rounded_to_the_digits_that_are_asked_for(number, digits, text):
    with shown_digits(digits):
        assert plain(number) == text
        assert plain(Fraction(5, 8), given=True) == "5/8"  # as it was given
    assert plain(Fraction(5, 8)) == "5/8"


def test_a_matrix_says_whether_digits_are_left_out():
    with shown_digits(3):
        assert not notation([Fraction(1, 8), 2]).rounded
        assert notation([Fraction(1, 16)]).rounded


def test_digits_change_what_is_shown_and_no_number(cnngrad):
    table = cnngrad("conv-backward", *THIRDS, "--digits", "3", "--gradient", "dA_prev").out
    assert "0.333" in table
    assert "≈ Results are shown with 3 digits behind the point" in table
    told = [
        cnngrad("conv-backward", *THIRDS, "--format", "json", *more).out
        for more in ([], ["--digits", "3"])
    ]
    assert told[0] == told[1]
    assert json.loads(told[0])["fractions"]["dA_prev"][0][0] == "1/3"
    why = cnngrad("explain", "dA_prev[0,1]", *THIRDS, "--digits", "2").out
    assert "≈ 0.67" in why
    assert cnngrad("conv-backward", *THIRDS, "--digits", "-1").code == 2


def test_a_long_run_ends_with_what_each_result_is_and_how_to_see_more(cnngrad):
    image = "; ".join(["1 2 3 4 5"] * 5)
    nine = "1 2 3; 4 5 6; 7 8 9"
    given = ["--input", image, "--kernel", nine, "--dz", nine]
    run = cnngrad("conv-backward", *given)
    short = run.out.partition("── in short ─")[2]
    assert "dW: every cell of dZ times its window of A_prev" in short
    for last_row in ("49   112   190   144    81", "96   141   186", "45"):
        assert last_row in short
    assert "--steps 3" in short
    assert "'dA_prev[0,0]'" in short
    assert "in short" not in cnngrad("conv-backward", *given, "--gradient", "dW").out  # nine steps
    assert "in short" not in cnngrad("example", "convolution").out


def test_open_shows_the_page_that_was_written(cnngrad, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("webbrowser.open", lambda place: shown.append(place) or bool(shown[1:]))
    page = tmp_path / "a page.html"
    problem = ["conv-backward", "convolution", "--quiet", "--open"]
    run = cnngrad(*problem, "--output", page, "--output", tmp_path / "x.md")
    assert run.code == 0
    assert shown == [page.as_uri()]
    assert "There is no browser here" in run.err
    assert cnngrad(*problem, "--output", page, "--force").err == ""
    refused = cnngrad(*problem, "--output", tmp_path / "y.md")
    assert (refused.code, refused.out) == (2, "")
    assert not (tmp_path / "y.md").exists()
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("answer", "right", "other"),
    [("0.6 0.5; 0.625 0.625", "0.625", "5/8"), ("1/8 5/8; 5/8 5/8", "5/8", "0.625")],
)
def test_the_key_is_written_as_the_answer_is(cnngrad, answer, right, other):
    run = cnngrad("check", "average_pooling", answer, "--no-color")
    assert run.code == 1
    table, _, worked = run.out.partition("worked out")
    assert right in table
    assert other not in table
    assert f"dA_prev[0,0] = {right}" in worked
