"""Names that people try are answered with the right one, and never with a wrong one."""

import json
import re
import shlex

import pytest

from cnngrad.cli.app import COMMANDS
from cnngrad.core.likely import likely

IMAGE = "[[[[1,2],[3,4]],[[1,2],[3,4]]]]"
"""Two channels."""


@pytest.mark.parametrize(
    ("command", "option", "meant"),
    [
        ("conv-backward", "--filter", "--kernel"),
        ("conv-backward", "--weights", "--kernel"),
        ("conv-backward", "--A_prev", "--input"),
        ("conv-backward", "--x", "--input"),
        ("conv-backward", "--dout", "--dz"),
        ("conv-backward", "--grad-output", "--dz"),
        ("conv-backward", "--lr", "--learning-rate"),
        ("conv-backward", "--pad", "--padding"),
        ("conv-backward", "--strides", "--stride"),
        ("pool-backward", "--size", "--window"),
        ("pool-backward", "--pool-size", "--window"),
        ("dense-backward", "--kernel", "--weights"),
        ("dense-forward", "--w", "--weights"),
        ("conv-forward", "--pading", "--padding"),
    ],
)
def test_an_option_of_another_name_is_answered(cnngrad, command, option, meant):
    run = cnngrad(command, option, "1")
    assert run.code == 2
    assert run.err.endswith(f'No such option: {option}. Did you mean "{meant}"?\n')


@pytest.mark.parametrize("option", ["--zzz", "--colour-of-the-sky", "--attention"])
def test_an_option_that_is_like_none_is_answered_with_none(cnngrad, option):
    run = cnngrad("conv-backward", option, "1")
    assert run.code == 2
    assert run.err.endswith(f"No such option: {option}\n")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("conv", 'Did you mean "conv-backward" or "conv-forward"?'),
        ("conv2d", 'Did you mean "conv-backward" or "conv-forward"?'),
        ("maxpool", 'Did you mean "pool-backward" or "pool-forward"?'),
        ("avgpool", 'Did you mean "pool-backward" or "pool-forward"?'),
        ("linear", 'Did you mean "dense-backward" or "dense-forward"?'),
        ("conv-bakward", 'Did you mean "conv-backward"?'),
        ("examples", 'Did you mean "example"?'),
        ("attention", 'See "cnngrad --help".'),
        ("lstm", 'See "cnngrad --help".'),
    ],
)
def test_a_command_of_another_name_is_answered(cnngrad, word, hint):
    run = cnngrad(word)
    assert run.code == 2
    assert f'There is no command "{word}". {hint}' in run.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(cnngrad, command):
    assert cnngrad("help", command) == cnngrad(command, "--help")


def test_help_alone_and_of_nothing(cnngrad):
    assert cnngrad("help") == cnngrad("--help")
    run = cnngrad("help", "conv-bakward")
    assert run.code == 2
    assert 'Did you mean "conv-backward"?' in run.err


def test_one_letter_for_stride_and_padding(cnngrad):
    given = ["--input", "1 2 3; 4 5 6; 7 8 9", "--format", "json"]
    for command, more in (
        ("conv-forward", ["--kernel", "1 0; 0 1"]),
        ("pool-forward", ["--window", "2"]),
    ):
        short = cnngrad(command, *given, *more, "-s", "2", "-p", "1")
        assert (short.code, short.err) == (0, "")
        assert short == cnngrad(command, *given, *more, "--stride", "2", "--padding", "1")
    for command in ("dense-forward", "explain", "exercise"):
        assert "No such option: -s" in cnngrad(command, "-s", "2").err


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("x", "input"),
        ("dout", "dz"),
        ("filters", "kernel"),
        ("pad", "padding"),
        ("lr", "learning_rate"),
    ],
)
def test_a_key_of_another_name_is_answered(cnngrad, tmp_path, key, meant):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps({"op": "conv-backward", key: 1}))
    assert f'did you mean "{meant}"?' in cnngrad("conv-backward", path).err


@pytest.mark.parametrize(
    ("op", "hint"),
    [
        ("maxpool", 'did you mean "max-pool"?'),
        ("AvgPool2d", 'did you mean "average-pool"?'),
        ("Linear", 'did you mean "dense"?'),
        ("conv3d", 'did you mean "conv"?'),
        ("BatchNorm2d", 'did you mean "batch-norm"?'),
        ("attention", ""),
        ("lstm", ""),
    ],
)
def test_a_layer_of_another_name_is_answered(cnngrad, tmp_path, op, hint):
    path = tmp_path / "network.json"
    network = {"layers": [{"op": op}], "input": [1], "target": [1], "loss": "squared-error"}
    path.write_text(json.dumps(network))
    err = cnngrad("network-backward", path).err
    assert "The kind of layer is unknown." in err
    assert (hint in err) if hint else ("did you mean" not in err)


@pytest.mark.parametrize(
    ("loss", "meant"),
    [
        ("cross_entropy", "softmax-cross-entropy"),
        ("CrossEntropyLoss", "softmax-cross-entropy"),
        ("mse", "mean-squared-error"),
        ("bce", "binary-cross-entropy"),
        ("sse", "sum-squared-error"),
        ("hinge", ""),
    ],
)
def test_a_loss_of_another_name_is_answered(cnngrad, tmp_path, loss, meant):
    path = tmp_path / "network.json"
    network = {"layers": [{"op": "relu"}], "input": [1], "target": [1], "loss": loss}
    path.write_text(json.dumps(network))
    err = cnngrad("network-backward", path).err
    assert (f'did you mean "{meant}"?' in err) if meant else ("did you mean" not in err)


@pytest.mark.parametrize(
    ("kind", "meant"), [("maxpool", "pool-backward"), ("conv", "conv-backward")]
)
def test_an_exercise_of_another_name_is_answered(cnngrad, kind, meant):
    assert f'did you mean "{meant}"?' in cnngrad("exercise", kind).err


def test_a_known_name_means_itself():
    names = ["input", "kernel", "weights", "window", "stride", "filters"]
    for name in names:
        assert likely(name, names) == name
        assert likely(name.upper(), names) == name


FIXES = [
    ("conv-forward", {"input": IMAGE, "kernel": "[[[[1]]],[[[2]]]]"}, "set groups to 2"),
    ("dense-forward", {"input": "1 0 3", "weights": "1 0; 0 1; 2 -1"}, "give its transpose"),
    ("dense-forward", {"input": "1;0;3", "weights": "1 0 2; 0 1 -1"}, "give A_prev in one row"),
    (
        "dense-backward",
        {"input": "1;0;3", "weights": "1 0 2; 0 1 -1", "dz": "1;-2"},
        "give A_prev and dZ in one row",
    ),
    (
        "dense-backward",
        {"input": "1 0 3", "weights": "1 0 2; 0 1 -1", "dz": "1;-2"},
        "give its transpose: a row for each sample",
    ),
]


@pytest.mark.parametrize(("command", "given", "fix"), FIXES)
def test_what_is_proposed_works(cnngrad, command, given, fix):
    run = cnngrad(command, *shlex.split(" ".join(f"--{k} '{v}'" for k, v in given.items())))
    assert run.code == 3
    assert fix in re.sub(r"\s+", " ", run.err)
    if "groups" in fix:
        mended = [*given.items(), ("groups", "2")]
    else:
        turned = {"weights"} if fix == "give its transpose" else {"dz"}
        turned = {"input", "dz"} if "in one row" in fix else turned
        mended = [(k, columns_as_rows(v) if k in turned else v) for k, v in given.items()]
    words = shlex.split(" ".join(f"--{k} '{v}'" for k, v in mended))
    assert cnngrad(command, *words).code == 0


def columns_as_rows(matrix):
    rows = [row.split() for row in matrix.split(";")]
    return "; ".join(" ".join(column) for column in zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("conv-forward", {"input": IMAGE, "kernel": "[[[[1]]]]"}),
        ("dense-forward", {"input": "1 0 3", "weights": "1 0; 0 1"}),
        ("dense-backward", {"input": "1 0 3", "weights": "1 0; 0 1; 2 -1", "dz": "1 2 3"}),
    ],
)
def test_what_would_not_work_is_not_proposed(cnngrad, command, given):
    run = cnngrad(command, *shlex.split(" ".join(f"--{k} '{v}'" for k, v in given.items())))
    assert run.code == 3
    assert "groups to" not in run.err
    assert "transpose" not in run.err
