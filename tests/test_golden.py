"""The look, pinned: look at a change before you accept it with `pytest --regenerate`."""

import pytest
from conftest import SAMPLES

CASES = {
    "convolution": ["example", "convolution"],
    "convolution_forward": ["conv-forward", SAMPLES / "convolution" / "problem.json"],
    "max_pooling": ["example", "max_pooling"],
    "max_forward": ["pool-forward", SAMPLES / "max_pooling" / "problem.json"],
    "average_pooling": ["example", "average_pooling"],
    "average_forward": ["pool-forward", SAMPLES / "average_padded" / "problem.json"],
    "stride_padding": ["example", "stride_padding"],
    "channels": ["example", "channels", "--steps", "1-2"],
    "batch": ["example", "batch", "--gradient", "dW"],
    "max_overlap_tie": ["example", "max_overlap_tie"],
    "average_padded": ["example", "average_padded"],
    "examples": ["example"],
}


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_plain(cnngrad, golden, name, columns):
    run = cnngrad(*CASES[name], columns=columns)
    assert run.code == 0, run.err
    golden(f"{name}_{columns}.txt", run.out)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", ["convolution", "max_overlap_tie", "average_pooling"])
def test_in_colour(cnngrad, golden, name, columns):
    run = cnngrad(*CASES[name], columns=columns, color=True)
    golden(f"{name}_{columns}.ansi", run.out)


def test_wide_numbers_stay_whole(cnngrad, golden):
    image = "1/3 -22/7 123456789; 0.001 1000000 -5/13; 7 8 9"
    run = cnngrad(
        "conv-backward",
        "--input",
        image,
        "--kernel",
        "1/3 -7; 22 0.5",
        "--dz",
        "1 -1; 1/9 2",
        columns=60,
    )
    golden("wide_numbers_60.txt", run.out)
    assert max(map(len, run.out.splitlines())) <= 60


def test_a_wide_matrix_comes_in_blocks_of_columns(cnngrad, golden):
    row = " ".join(str(1000 * k) for k in range(30))
    run = cnngrad(
        "conv-forward", "--input", f"{row}; {row}", "--kernel", "1 1; 1 1", "--steps", "15"
    )
    golden("wide_matrix_80.txt", run.out)
    for k in range(29):
        assert str(4000 * k + 2000) in run.out
