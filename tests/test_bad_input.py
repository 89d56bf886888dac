"""Whatever a person gives: one clear message with its place, exit code 3, no traceback."""

import json
import os

import numpy as np
import pytest

from cnngrad.core.errors import CnngradError
from cnngrad.core.numbers import as_array, parse

GOOD = {
    "op": "conv-backward",
    "input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
    "kernel": [[0, 1], [2, 3]],
    "dz": [[-1, -2], [-3, -4]],
}
MATRICES = ["--input", "0 1 2; 3 4 5; 6 7 8", "--kernel", "0 1; 2 3", "--dz", "-1 -2; -3 -4"]


def backward(cnngrad, **changed):
    """Run conv-backward with one of the three matrices replaced."""
    given = dict(zip(MATRICES[::2], MATRICES[1::2], strict=True))
    given |= {f"--{name}": value for name, value in changed.items()}
    return cnngrad("conv-backward", *(word for pair in given.items() for word in pair))


def refused(run, *words, code=3):
    """A refusal that says all these words and nothing else."""
    assert run.code == code, run
    assert run.out == ""
    assert "Traceback" not in run.err
    for word in words:
        assert word in run.err, run.err


def header(shape):
    """The beginning of a .npy file with this shape and no data."""
    words = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(words).to_bytes(2, "little") + words.encode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", ["nothing to read", "empty.csv"]),
        ("blank.csv", b" \n\n", ["nothing to read"]),
        ("comment.csv", b"# no numbers\n", ["no numbers"]),
        ("binary.csv", bytes(range(256)), ["not text", "byte 128", "UTF-8"]),
        ("nul.csv", b"1,2\0", ["binary", "NUL"]),
        (
            "ragged.csv",
            b"1,2\n3,4,5\n",
            ["rows differ", "line 2", "found     3 cells", "expected  2, as in line 1"],
        ),
        (
            "word.csv",
            b"1,2\n3,four\n",
            ["line 2, cell 2", '"four"', "3,four\n      ^^^^", "such as -3"],
        ),
        ("hole.csv", b"1,2,3\n4,,2\n", ["line 2, cell 2", "an empty cell", "    4,,2\n      ^"]),
        ("tabs.tsv", b"1\t2\n11\t1x\n", ["line 2, cell 2", "    11 1x\n       ^^"]),
        ("rows.csv", b"1 2; 3 4\n5 6; 7 8\n", ["line 1, cell 1", "separate cells in one way"]),
        ("nan.csv", b"1 nan\n2 3\n", ["line 1, cell 2", "not finite", "nan"]),
        ("infinite.csv", b"1 2\n-inf 3\n", ["line 2, cell 1", "not finite"]),
        ("zero.csv", b"1 2\n3 1/0\n", ["line 2, cell 2", "divides by zero", "1/0"]),
        ("large.csv", b"1 1e999999999\n", ["line 1, cell 2", "out of range"]),
        ("long.csv", b"9" * 500 + b" 1\n", ["line 1, cell 1", "too long", "500 characters"]),
        (
            "channels.csv",
            b"1 2\n3 4\n\n1 2\n",
            ["differ in height", "line 4", "1 row\n", "expected  2"],
        ),
        ("samples.csv", b"1 2\n\n3 4\n\n\n1 2\n", ["number of channels", "line 6", "1 channel\n"]),
        ("broken.json", b"[[1, 2],\n [3 4]]", ["JSON is broken", "line 2, column 5", "^"]),
        ("cut.json", b"[[1, 2], [3", ["JSON is broken", "line 1, column 12"]),
        ("ragged.json", b"[[1, 2], [3]]", ["ragged", "[1]", "1 cell\n", "2 cells"]),
        ("word.json", b'[[1, "two"]]', ["dZ[0][1]", '"two"']),
        ("null.json", b"[[1, null]]", ["dZ[0][1]", "null"]),
        ("true.json", b"[[1, true]]", ["dZ[0][1]", "true"]),
        ("nan.json", b"[[1,\n NaN]]", ["not finite", "line 2, column 2", "NaN"]),
        ("infinity.json", b"[[1, -Infinity]]", ["not finite", "line 1, column 6"]),
        ("zero.json", b'[["1/0"]]', ["dZ[0][0]", "divides by zero"]),
        ("five.json", b"[[[[[1]]]]]", ["more than four axes"]),
        ("hollow.json", b"[[]]", ["empty"]),
        ("deep.json", b"[" * 100_000, ["nested too deeply"]),
        ("object.json", b'{"dW": [[1]]}', ["not in this object", "dW", "dZ or dz"]),
        ("array.npy", b"\x93NUMPY\x01\x00garbage", ["NumPy file cannot be read", "np.save"]),
        ("huge.npy", header("(99999999999999999999, 3)"), ["NumPy file cannot be read"]),
        ("open.npy", header("((3, 3)"), ["NumPy file cannot be read"]),
        ("archive.npz", b"PK no zip", ["NumPy file cannot be read"]),
        ("data.xls", b"1,2", ["ending is unknown", ".xls", ".csv", "save the sheet"]),
        ("noending", b"1,2", ["ending is unknown", "no ending"]),
    ],
)
def test_a_bad_file_is_refused_with_its_place(cnngrad, tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    refused(backward(cnngrad, dz=str(path)), name, *words)


def test_a_missing_file_is_named_with_its_neighbour(cnngrad, tmp_path):
    (tmp_path / "dZ.csv").write_text("1")
    refused(backward(cnngrad, dz=str(tmp_path / "dz.csv")), "no such file", 'did you mean "dZ.csv"')


def test_a_name_that_only_shares_its_ending_is_no_neighbour(cnngrad, tmp_path):
    (tmp_path / "hole.csv").write_text("1")
    run = backward(cnngrad, dz=str(tmp_path / "nofile.csv"))
    refused(run, "no such file")
    assert "did you mean" not in run.err


@pytest.mark.parametrize("command", ["conv-backward", "explain", "gradcheck"])
def test_a_mistyped_sample_is_told(cnngrad, command):
    refused(cnngrad(command, "convoluton"), "no sample", 'did you mean "convolution"?')


def test_networks_and_problems_are_told_apart(cnngrad):
    refused(cnngrad("conv-backward", "perceptron"), "run cnngrad network-backward perceptron\n")
    refused(cnngrad("network-backward", "convolution"), "run cnngrad conv-backward convolution\n")


def test_decimal_commas_are_told(cnngrad):
    refused(backward(cnngrad, dz="0,11 0,33"), "a decimal has a point, as 0.11")


def test_rows_mean_the_same_from_standard_input(cnngrad):
    given = ["conv-forward", "--kernel", "1", "--format", "csv", "--input"]
    assert cnngrad(*given, "-", stdin=b"1 2; 3 4\n") == cnngrad(*given, "1 2; 3 4")
    assert cnngrad(*given, "-", stdin=b"1;2\n3;4\n") == cnngrad(*given, "1 2; 3 4")


def test_endless_input_is_refused_at_once(cnngrad):
    refused(cnngrad("conv-backward", "-", stdin=b" " * 20_000_001 + b"1"), "more than 20 MB")


@pytest.mark.parametrize(
    "given",
    [
        ["conv-forward", "--kernel", "1", "--padding", "1000000"],
        ["pool-forward", "--window", "2", "--padding", "1000000", "--mode", "average"],
        ["pool-forward", "--window", "1000000", "--padding", "500000", "--mode", "average"],
    ],
)
def test_what_cannot_fit_is_refused_before_it_is_computed(cnngrad, given):
    run = cnngrad(*given, "--input", "1 2; 3 4")
    refused(run, "The padded input is too large", "less padding", code=2)


@pytest.mark.parametrize(
    "sizes", [{"filters": 10**21, "kernel_size": 1}, {"filters": 1, "kernel_size": 1_000_000}]
)
def test_layers_that_cannot_fit_are_refused(cnngrad, tmp_path, sizes):
    network = {"op": "network-backward", "input": [[1]], "target": [1], "loss": "squared-error"}
    layers = [{"op": "conv", **sizes}, {"op": "flatten"}]
    path = tmp_path / "network.json"
    path.write_text(json.dumps({**network, "init": "integers", "layers": layers}))
    refused(cnngrad("network-backward", path), "layer conv1", "too large to be computed")


def test_a_divisor_beyond_all_bounds_is_refused(cnngrad):
    given = ["--input", "1", "--window", "1", "--mode", "average", "--divisor-override"]
    refused(cnngrad("pool-forward", *given, str(10**20)), "divisor_override", code=2)


def test_a_mode_that_is_no_word_is_refused(cnngrad, tmp_path):
    path = tmp_path / "problem.json"
    path.write_text('{"op": "pool-forward", "mode": ["max"], "window": 1, "input": [[1]]}')
    refused(cnngrad("pool-forward", path), "mode is unknown", "['max']")


def test_nothing_that_steers_a_terminal_reaches_it(cnngrad, tmp_path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(GOOD | {"title": "\x1b[31mred\x07 \ud800\nline"}))
    written = [
        word
        for ending in ("html", "svg", "tex", "md", "txt")
        for word in ("--output", tmp_path / f"out.{ending}")
    ]
    run = cnngrad("conv-backward", path, *written)
    assert run.code == 0
    assert "␛[31mred␇" in run.out
    for text in (run.out, *(p.read_text(encoding="utf-8") for p in tmp_path.glob("out.*"))):
        assert not {"\x1b", "\x07", "\ud800"} & set(text)
    path.write_text(json.dumps(GOOD | {"\x1b[31mkey": 1}))
    refused(cnngrad("conv-backward", path), '"␛[31mkey"')


def test_a_folder_is_no_file(cnngrad, tmp_path):
    (tmp_path / "dZ.csv").write_text("1")
    refused(backward(cnngrad, dz=str(tmp_path)), "This is a folder", "it holds dZ.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(cnngrad, tmp_path):
    path = tmp_path / "dZ.csv"
    path.write_text("1 2")
    path.chmod(0)
    refused(backward(cnngrad, dz=str(path)), "cannot be read", "Permission denied")


def test_a_file_of_100_megabytes_is_refused_at_once(cnngrad, tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    refused(backward(cnngrad, dz=str(path)), "too large", "100.0 MB", "20 MB", ".npy")


def test_object_arrays_are_never_unpickled(cnngrad, tmp_path):
    path = tmp_path / "evil.npy"
    np.save(path, np.array([[object()]]), allow_pickle=True)
    refused(backward(cnngrad, dz=str(path)), "NumPy file cannot be read")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_in_npy_that_is_not_finite_is_named(cnngrad, tmp_path, value):
    path = tmp_path / "dZ.npy"
    np.save(path, np.array([[1.0, 2.0], [value, 4.0]]))
    refused(backward(cnngrad, dz=str(path)), "not finite", "dZ.npy", "[1,0]")


def test_complex_numbers_are_refused(cnngrad, tmp_path):
    path = tmp_path / "dZ.npy"
    np.save(path, np.array([[1j]]))
    refused(backward(cnngrad, dz=str(path)), "no numbers", "complex128")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"strid": 2}, ["unknown key", '"strid"', 'did you mean "stride"?']),
        ({"dz": None}, ["dz", "null"]),
        ({"dz": {"a": 1}}, ["an object"]),
        ({"op": 7}, ["does not say its operation"]),
        ({"op": "conv-backwards"}, ["unknown", 'did you mean "conv-backward"?']),
        ({"op": "pool-backward"}, ["another operation", "cnngrad pool-backward"]),
        ({"stride": 0}, ["stride", "too small", "found     0"]),
        ({"stride": "two"}, ["stride", "'two'"]),
        ({"stride": [1, 2, 3]}, ["stride", "[1, 2, 3]"]),
        ({"stride": 10**9}, ["stride", "too large"]),
        ({"padding": -1}, ["padding", "too small", "found     -1"]),
        ({"padding": "some"}, ["padding", "'some'", "same-lower"]),
        ({"dilation": 0}, ["dilation", "too small"]),
        ({"groups": 0}, ["groups", "positive"]),
        ({"groups": True}, ["groups", "True"]),
        ({"groups": 2}, ["channels do not divide", "2 groups"]),
        ({"batch": "average"}, ["batch", "mean, sum"]),
        ({"dz": [[1, 2, 3]]}, ["dZ does not fit", "1×3", "dZ 2×2", "(3 + 0 + 0 − 2) / 1 + 1 = 2"]),
        ({"kernel": [[1] * 4] * 4}, ["larger than the padded input", "4 rows", "at most 3 rows"]),
        ({"kernel": [[[1]], [[1]]]}, ["kernel's channels", "2×1×1", "W of shape 1×1×1×1"]),
        ({"dz": [1, 2]}, ["dZ has 1 axes"]),
    ],
)
def test_a_bad_problem_file_is_refused(cnngrad, tmp_path, changes, words):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps({**GOOD, **changes}))
    refused(cnngrad("conv-backward", path), "problem.json", *words)


def test_a_missing_matrix_is_named(cnngrad, tmp_path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps({key: GOOD[key] for key in ("op", "input", "kernel")}))
    refused(cnngrad("conv-backward", path), "dZ", "--dz", "problem.json")


def test_a_key_that_stands_twice_is_refused(cnngrad):
    refused(cnngrad("conv-backward", "-", stdin=b'{"op": "a", "op": "b"}'), "twice", '"op"')


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[1, 2]", ["a JSON object", "a list"]),
        (b"1 2\n", ["is JSON", "--input"]),
        (b"", ["Standard input is empty"]),
    ],
)
def test_a_problem_that_is_no_object_is_refused(cnngrad, content, words):
    refused(cnngrad("conv-backward", "-", stdin=content), *words)


def test_a_window_larger_than_the_input_is_refused(cnngrad):
    run = cnngrad("pool-forward", "--input", "1 2; 3 4", "--window", "3")
    refused(run, "window is larger", "a window of 3 rows", "at most 2 rows")


def test_a_window_of_nothing_but_padding_is_refused(cnngrad):
    run = cnngrad("pool-forward", "--input", "1 2; 3 4", "--window", "1", "--padding", "1")
    refused(run, "nothing but padding", "window 0 along the rows")


def test_a_setting_of_the_other_mode_is_refused(cnngrad):
    given = ["--input", "1", "--dz", "1", "--window", "1"]
    run = cnngrad("pool-backward", *given, "--mode", "average", "--ties", "all")
    refused(run, "Average pooling has no setting ties", code=2)


def test_bias_must_fit_the_filters(cnngrad):
    refused(cnngrad("conv-forward", *MATRICES[:4], "--bias", "1 2"), "b does not fit", "1: one")


def test_an_existing_output_is_left_alone(cnngrad, tmp_path):
    path = tmp_path / "dA.csv"
    path.write_text("precious")
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dA_prev", "--output", path)
    refused(run, "exists already", "--force")
    assert path.read_text() == "precious"
    run = cnngrad("conv-backward", *MATRICES, "--gradient", "dA_prev", "--output", path, "--force")
    assert run.code == 0
    assert path.read_text() == "0,-1,-2\n-2,-10,-10\n-6,-17,-12\n"
    assert [p.name for p in tmp_path.iterdir()] == ["dA.csv"]


def test_an_output_that_cannot_be_written_is_refused(cnngrad, tmp_path):
    def output(path):
        return cnngrad("conv-backward", *MATRICES, "--output", path)

    refused(output(tmp_path / "nowhere" / "a.json"), "folder does not exist")
    refused(output(tmp_path / "a.doc"), "ending is unknown", ".doc", code=2)
    refused(output(tmp_path), "ending is unknown", code=2)
    folder = tmp_path / "a.json"
    folder.mkdir()
    refused(output(folder), "is a folder")
    assert list(tmp_path.iterdir()) == [folder]


def test_nothing_is_written_when_the_problem_is_bad(cnngrad, tmp_path):
    refused(cnngrad("conv-backward", *MATRICES[:4], "--dz", "1", "--output", tmp_path / "a.json"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["needs A_prev and W and dZ", "--input and --kernel and --dz"]),
        ([*MATRICES, "--gradient", "dw"], ["no result dw", 'did you mean "dW"?']),
        ([*MATRICES, "--steps", "first"], ["--steps", "first"]),
        ([*MATRICES, "--steps", "4-2"], ["--steps", "4-2"]),
        ([*MATRICES, "--colour"], ["--colour"]),
        ([*MATRICES, "--format", "xml"], ["xml"]),
        (["--input", "-", "--kernel", "-", "--dz", "1"], ["Standard input can give one matrix"]),
        (["-", "--dz", "-"], ["Standard input can give one matrix"]),
        ([*MATRICES, "--steps", "9"], ["no such step", "1 to 4"]),
        ([*MATRICES, "--stride", "0"], ["stride is too small"]),
        (["convolution", "--padding", "samee"], ["padding", 'did you mean "same"?']),
        ([*MATRICES, "--format", "jsn"], ['Did you mean "json"?']),
    ],
)
def test_usage_errors_exit_with_2(cnngrad, arguments, words):
    run = cnngrad("conv-backward", *arguments)
    assert run.code == 2
    assert run.out == ""
    for word in words:
        assert word in run.err


@pytest.mark.parametrize("mode", ["avg", "mean"])
def test_other_names_of_the_average_are_understood(cnngrad, mode):
    run = cnngrad("pool-forward", "--input", "1", "--window", "1", "--mode", mode)
    assert run.code == 2
    assert 'Did you mean "average"?' in run.err


def test_a_missing_window_is_a_missing_option(cnngrad):
    refused(cnngrad("pool-forward", "--input", "1"), "needs a window", "--window 2", code=2)


def test_a_mistyped_command_gets_a_suggestion(cnngrad):
    run = cnngrad("conv-backwards")
    assert run.code == 2
    assert 'Did you mean "conv-backward"?' in run.err


@pytest.mark.parametrize(
    "text", ["", "1.2.3", "0x10", "1_000", "--1", "1/", "/2", "1//2", "e5", "½½", "2½3"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CnngradError):
        parse(text)


@pytest.mark.parametrize(
    "data", [[[1], [1, 2]], [["a"]], [[None]], [[float("nan")]], [[1j]], [0.5, None]]
)
def test_python_functions_refuse_what_is_no_number(data):
    with pytest.raises(CnngradError):
        as_array(data)


@pytest.mark.parametrize(
    ("given", "words"), [("NaN 1; 2 3", "not finite"), ("", "nothing to read"), (" ", "nothing")]
)
def test_what_stands_in_place_of_numbers_is_no_missing_file(cnngrad, given, words):
    run = cnngrad("conv-forward", "--input", given, "--kernel", "1")
    assert run.code == 3
    assert words in run.err
