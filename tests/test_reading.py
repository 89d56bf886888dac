"""Whatever people have: one text is one matrix, as an argument, a file and standard input."""

import json
from fractions import Fraction

import numpy as np
import pytest

from cnngrad.core.errors import CnngradError
from cnngrad.files import read_array
from cnngrad.files.dialect import Dialect, read_as
from cnngrad.grading.answers import read_answer

F = Fraction
SQUARE = [[1, 2], [3, 4]]

PRINTS = {
    "numpy": "[[1 2]\n [3 4]]",
    "numpy floats": "[[1. 2.]\n [3. 4.]]",
    "numpy in exponents": "[[1.e+00 2.e+00]\n [3.e+00 4.e+00]]",
    "numpy's array": "array([[1, 2],\n       [3, 4]])",
    "numpy's array with its kind": "array([[1., 2.],\n       [3., 4.]], dtype=float32)",
    "numpy's matrix": "matrix([[1, 2],\n        [3, 4]])",
    "np.array": "np.array([[1, 2], [3, 4]])",
    "numpy scalars": "[[np.float64(1.0), np.float64(2.0)], [np.float64(3.0), np.float64(4.0)]]",
    "assigned": "dW = np.array([[1, 2], [3, 4]])",
    "pytorch": "tensor([[1., 2.],\n        [3., 4.]])",
    "pytorch on a device": "tensor([[1., 2.],\n        [3., 4.]], device='cuda:0')",
    "pytorch with a gradient": (
        "tensor([[1., 2.],\n        [3., 4.]], device='cuda:0', dtype=torch.float64,\n"
        "       grad_fn=<MulBackward0>)"
    ),
    "pytorch's parameter": (
        "Parameter containing:\ntensor([[1., 2.],\n        [3., 4.]], requires_grad=True)"
    ),
    "jax": "Array([[1, 2],\n       [3, 4]], dtype=int32)",
    "tensorflow": "tf.Tensor(\n[[1 2]\n [3 4]], shape=(2, 2), dtype=int32)",
    "tensorflow's repr": (
        "<tf.Tensor: shape=(2, 2), dtype=int32, numpy=\n"
        "array([[1, 2],\n       [3, 4]], dtype=int32)>"
    ),
    "tensorflow's variable": (
        "<tf.Variable 'Variable:0' shape=(2, 2) dtype=int32, numpy=\n"
        "array([[1, 2],\n       [3, 4]], dtype=int32)>"
    ),
    "paddle": (
        "Tensor(shape=[2, 2], dtype=float32, place=Place(cpu), stop_gradient=True,\n"
        "       [[1., 2.],\n        [3., 4.]])"
    ),
    "sympy": "Matrix([[1, 2], [3, 4]])",
    "sympy, one row a line": "Matrix([\n[1, 2],\n[3, 4]])",
    "sympy by size": "Matrix(2, 2, [1, 2, 3, 4])",
    "sympy, pretty": "⎡1  2⎤\n⎢    ⎥\n⎣3  4⎦",
    "sympy, pretty in ASCII": "[1  2]\n[    ]\n[3  4]",
    "tuples": "[(1, 2), (3, 4)]",
    "tuples of tuples": "((1, 2), (3, 4))",
    "matlab's literal": "[1 2; 3 4]",
    "matlab's literal with commas": "[1, 2; 3, 4]",
    "matlab's statement": "A = [1 2; 3 4];",
    "matlab's rows in lines": "A = [1 2\n     3 4];",
    "matlab's print": "A =\n\n     1     2\n     3     4\n\n",
    "matlab's print of decimals": "\nans =\n\n    1.0000    2.0000\n    3.0000    4.0000\n",
    "matlab's common factor": "A =\n\n   1.0e+03 *\n\n    0.0010    0.0020\n    0.0030    0.0040\n",
    "columns in parts": " Columns 1 through 1:\n\n   1\n   3\n\n Column 2:\n\n   2\n   4\n",
    "octave's file": (
        "# Created by Octave 7.3.0, Fri Nov 27 2026 <a@b>\n# name: A\n# type: matrix\n"
        "# rows: 2\n# columns: 2\n 1 2\n 3 4\n\n\n"
    ),
    "octave's file of integers": (
        "# Created by Octave 7.3.0\n# name: A\n# type: int32 matrix\n# ndims: 2\n 2 2\n"
        "  1\n  3\n  2\n  4\n\n\n"
    ),
    "mathematica": "{{1, 2}, {3, 4}}",
    "r": "     [,1] [,2]\n[1,]    1    2\n[2,]    3    4",
    "latex": r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    "latex with a name": "W = \\begin{pmatrix}\n1 & 2 \\\\[4pt]\n3 & 4 \\\\\n\\end{pmatrix}",
    "latex array": r"$\left[\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right]$",
    "latex fractions": r"\begin{matrix} \frac{2}{2} & \dfrac42 \\ \tfrac{6}{2} & 4 \end{matrix}",
    "markdown": "| 1 | 2 |\n|---|---|\n| 3 | 4 |",
    "markdown, empty header": "|  |  |\n| --: | --: |\n| 1 | 2 |\n| 3 | 4 |",
    "markdown, named columns": "| a | b |\n|:-:|:-:|\n| 1 | **2** |\n| `3` | $4$ |",
    "pandas' to_markdown": (
        "|    |   0 |   1 |\n|---:|----:|----:|\n|  0 |   1 |   2 |\n|  1 |   3 |   4 |"
    ),
    "pandas": "     0    1\n0  1.0  2.0\n1  3.0  4.0",
    "pandas' csv": ",0,1\n0,1,2\n1,3,4\n",
    "pandas' csv without index": "0,1\n1.0,2.0\n3.0,4.0\n",
    "pandas' csv of named columns": ",a,b\nx,1,2\ny,3,4\n",
    "r's csv": '"","V1","V2"\n"1",1,2\n"2",3,4\n',
    "r's table": '"V1" "V2"\n"1" 1 2\n"2" 3 4\n',
    "r's data frame": "  V1 V2\n1  1  2\n2  3  4",
    "a header of words": "left;right\n1;2\n3;4\n",
    "chinese punctuation": "1，2；3，4",
    "chinese enumeration": "1、2；3、4",
    "full-width forms": "１　２；３　４",
    "full-width brackets": "［［１，２］，［３，４］］",
    "chinese brackets": "【1，2；3，4】",
    "full-width solidus": "２／２ ２．０；６／２ ４",
    "quotes": "“1” “2”; “3” “4”",
    "sep=": "sep=;\n1;2\n3;4\n",
    "a trailing separator": "1,2,\n3,4,\n",
    "a trailing semicolon": "1;2;\n3;4;\n",
    "a semicolon at the end of rows": "1 2;\n3 4;",
    "Excel's line ends": "1,2\r\r\n3,4\r\r\n",
    "an old Mac's line ends": "1,2\r3,4\r",
    "decimal commas": "1,0;2,0\n3,0;4,0\n",
    "decimal commas in quotes": '"1,0","2,0"\n"3,0","4,0"\n',
    "decimal commas and tabs": "1,0\t2\n3\t4\n",
    "one heading": "# dW\n1 2\n3 4\n",
}


@pytest.mark.parametrize("text", PRINTS.values(), ids=PRINTS)
def test_what_programs_print_is_read_wherever_it_stands(cnngrad, tmp_path, text):
    assert read_array(text, "--dz").tolist() == SQUARE
    for ending in (".txt", ".csv", ".json", ".md"):
        path = tmp_path / f"matrix{ending}"
        path.write_bytes(text.encode())
        assert read_array(str(path), "--dz").tolist() == SQUARE, ending
    run = cnngrad(
        *("conv-forward", "--kernel", "1", "--format", "csv", "--input", "-"), stdin=text.encode()
    )
    assert (run.code, run.out) == (0, "1,2\n3,4\n")


@pytest.mark.parametrize("text", PRINTS.values(), ids=PRINTS)
def test_and_as_an_answer(tmp_path, text):
    if text.startswith("A =\n\n   1.0e+03 *"):
        pytest.skip("an answer with a common factor is refused: its digits are not the cells'")
    path = tmp_path / "answer.csv"
    path.write_bytes(text.encode())
    for given in (text, str(path)):
        answer = read_answer(given, ["dA_prev", "dW"], "dW")
        assert answer["dW"].values.tolist() == SQUARE
        assert answer["dW"].blank is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("½ 1½; –3 —¾", [[F(1, 2), F(3, 2)], [-3, F(-3, 4)]]),
        ("1 2;; 3 4", [[[1, 2]], [[3, 4]]]),
        ("1;;;2", [[[[1]]], [[[2]]]]),
        ("1,2;3,4", SQUARE),
        ("0,5;1,5\n2,5;3,5", [[F(1, 2), F(3, 2)], [F(5, 2), F(7, 2)]]),
        (";\n1;2\n3;4\n;\n5;6\n7;8\n;\n", [SQUARE, [[5, 6], [7, 8]]]),
        (",,\n1,2,\n3,4,\n,,\n,,\n5,6,\n7,8,\n", [[SQUARE], [[[5, 6], [7, 8]]]]),
        ("[1] 1 2 3", [[1, 2, 3]]),
        (" [1]  1  2  3\n [4]  4  5", [[1, 2, 3, 4, 5]]),
        ("tensor(3.)", 3),
        ("[1 2 3]", [1, 2, 3]),
        ("[1; 2]", [[1], [2]]),
        ("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", [SQUARE, [[5, 6], [7, 8]]]),
        ("[[[1 2]\n  [3 4]]\n\n [[5 6]\n  [7 8]]]", [SQUARE, [[5, 6], [7, 8]]]),
        (
            "ans(:,:,1) =\n\n   1   2\n   3   4\n\nans(:,:,2) =\n\n   5   6\n   7   8\n",
            [SQUARE, [[5, 6], [7, 8]]],
        ),
        ("# rows below\n0,1\n2,3\n", [[0, 1], [2, 3]]),
        ("Diagonal Matrix\n\n   5   0\n   0   6\n", [[5, 0], [0, 6]]),
        (
            "# name: A\n# type: matrix\n# ndims: 3\n 2 1 2\n 1\n 2\n 3\n 4\n",
            [[[1, 3]], [[2, 4]]],
        ),
        ("Matrix([[1/2, Rational(1, 3)]])", [[F(1, 2), F(1, 3)]]),
        ("[[Fraction(1, 2), Decimal('0.25')]]", [[F(1, 2), F(1, 4)]]),
        (r"\begin{bmatrix} -\frac{1}{2} & 0{,}5 \end{bmatrix}", None),
    ],
)
def test_other_forms(text, expected):
    if expected is None:
        with pytest.raises(CnngradError):
            read_array(text, "--dz")
    else:
        assert read_array(text, "--dz").tolist() == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("1;2\r\n3;4\r\n".encode("utf-16"), SQUARE),
        ("1;2\r\n3;4\r\n".encode("utf-16-le"), SQUARE),
        ("1;2\r\n3;4\r\n".encode("utf-16-be"), SQUARE),
        (b"\x961;\xbd\r\n3;4\r\n", [[-1, F(1, 2)], [3, 4]]),
        ("größe;menge\r\n1;2\r\n3;4\r\n".encode("cp1252"), SQUARE),
        ("１，２\r\n３，４\r\n".encode("gb18030"), SQUARE),
        ("列一,列二\n1,2\n3,4\n".encode("gb18030"), SQUARE),
    ],
)
def test_encodings_of_spreadsheets(tmp_path, data, expected):
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    assert read_array(str(path), "--dz").tolist() == expected


def told(text, **said):
    notes = []
    with read_as(Dialect(tell=notes.append, **said)):
        array = read_array(text, "--dz").tolist()
    return array, notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2;3,4", ["--decimal-mark , reads 1.2 3.4"]),
        ("0,5;1,5\n2,5;3,5", ["0,5 is read as 0.5", "--decimal-mark ."]),
        ("0,1\n1.0,2.0", ["taken for a header", "--header no"]),
        (",0,1\n0,1,2\n1,3,4", ["header", "index", "--header no"]),
        ("| 1 | 2 |\n|---|---|\n| 3 | 4 |", ["--header yes"]),
        ("a,b\n1,2", ["taken for a header"]),
        ("1;2;3", ["3 rows of one cell"]),
    ],
)
def test_what_is_guessed_is_told_in_one_line(text, words):
    _, notes = told(text)
    assert len(notes) == 1
    assert "\n" not in notes[0]
    for word in words:
        assert word in notes[0]


@pytest.mark.parametrize(
    "text", ["1 2; 3 4", "1,2\n3,4", "1;2\n3;4", "0,1\n2,3", "[[1, 2]]", "[1 2; 3 4]", "1, 2; 3, 4"]
)
def test_nothing_is_told_where_nothing_is_guessed(text):
    assert told(text)[1] == []


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("1,2;3,4", {"decimal_mark": ","}, [[F(6, 5), F(17, 5)]]),
        ("1,5 2; 3 4,5", {"decimal_mark": ","}, [[F(3, 2), 2], [3, F(9, 2)]]),
        ("[1,5 2; 3 4]", {"decimal_mark": ","}, [[F(3, 2), 2], [3, 4]]),
        ("0,5\n1,5", {"decimal_mark": ","}, [[F(1, 2)], [F(3, 2)]]),
        ("0,5;1,5\n2,5;3,5", {"decimal_mark": "."}, [[0, 5], [1, 5], [2, 5], [3, 5]]),
        ("0,1\n1.0,2.0", {"header": False}, [[0, 1], [1, 2]]),
        ("0,1\n2,3", {"header": True}, [[2, 3]]),
        (",0,1\n0,1,2", {"header": True}, [[1, 2]]),
        ("| 1 | 2 |\n|---|---|\n| 3 | 4 |", {"header": True}, [[3, 4]]),
    ],
)
def test_what_a_person_says_beats_every_guess(text, said, expected):
    array, notes = told(text, **said)
    assert array == expected
    assert notes == []


def test_the_options_hold_for_every_command_that_reads(cnngrad):
    given = ["conv-forward", "--kernel", "1", "--format", "csv", "--input", "1,2;3,4"]
    run = cnngrad(*given)
    assert (run.out, run.err.count("\n")) == ("1,2\n3,4\n", 1)
    assert "--decimal-mark ," in run.err
    assert cnngrad(*given, "--decimal-mark", ",") == (0, "6/5,17/5\n", "")
    assert cnngrad(*given, "--decimal-mark", "x").code == 2
    assert cnngrad(*given, "--quiet").err == ""
    for command in ("check", "grade", "explain", "explore", "gradcheck", "network-backward"):
        text = cnngrad(command, "--help").out
        assert "--decimal-mark" in text
        assert "--header" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[0 1 2 ... 7 8 9]]", ["shortened", "np.set_printoptions"]),
        ("tensor([[1., 2., ..., 8., 9.]])", ["shortened", "torch.set_printoptions"]),
        ("tf.Tensor([[1 ... 2]], shape=(1, 9))", ["shortened", "x.numpy().tolist()"]),
        ("    0  ...  9\n0  1  ...  2", ["shortened", "to_string"]),
        (r"\begin{bmatrix} 1 & \cdots & 2 \end{bmatrix}", ["not written whole"]),
        ("x y; 3 4", ["A cell holds no number", '"x"']),
        ("[[1, 2], [3 4]]", ["two ways"]),
        ("[[1, 2], [3, 4]", ["A bracket is not closed"]),
        ("[[1, 2], [3, 4)]", ["brackets do not match"]),
        ("[[1 2] [3 4 5]]", ["rows differ in length", "3 cells", "2 cells"]),
        ("[[1 2] 3]", ["A number stands beside a list"]),
        ("[1 2] and more", ["something behind the brackets"]),
        ("0,11 0,33", ["a decimal has a point", "--decimal-mark ,"]),
        (
            "[" + " ".join("1234567890" for _ in range(6)) + "\n" + "123456789 " * 6 + "]",
            ["or one"],
        ),
        ("array([1, 2], [3, 4])", ["not the print of one matrix"]),
        ("1 2 3 x4", ['"x4"']),
        ("ｘ １；３ ４", ["A cell holds no number"]),
        ("# name: A\n# type: matrix\n# rows: x\n# columns: 1\n1\n", ["size", '"x"']),
        ("# name: A\n# type: matrix\n# rows: 3\n# columns: 1\n1\n", ["not whole", "3 numbers"]),
        ("# name: A\n# type: diagonal matrix\n# rows: 99999\n# columns: 99999\n1\n", ["too large"]),
        ("# name: A\n# type: string\n1\n", ["no plain matrix", "string"]),
        ("Columns 1 through 1:\n\n 1\n 2\n\nColumn 2:\n\n 3\n", ["differ in height"]),
    ],
)
def test_what_cannot_be_read_is_told_and_never_called_a_missing_file(text, words):
    with pytest.raises(CnngradError) as raised:
        read_array(text, "--dz")
    assert "no such file" not in str(raised.value)
    for word in words:
        assert word in str(raised.value)


def test_a_caret_stands_under_wide_signs():
    with pytest.raises(CnngradError) as raised:
        read_array("１，２；３，四", "--dz")
    line, caret = raised.value.source.splitlines()
    assert line == "１，２；３，四"
    assert caret == " " * 12 + "^^"


def test_matrices_under_headings(cnngrad, tmp_path):
    path = tmp_path / "all.csv"
    path.write_text("# A_prev\n0,1\n2,3\n\n\n# W\n5\n# a comment\n\n# dZ\n1,2\n3,4\n")
    assert read_array(str(path), "--kernel", ("W", "kernel")).tolist() == [[5]]
    given = [word for name in ("input", "kernel", "dz") for word in (f"--{name}", str(path))]
    run = cnngrad("conv-backward", *given, "--gradient", "dA_prev", "--format", "csv")
    assert run == (0, "5,10\n15,20\n", "")
    with pytest.raises(CnngradError, match="not in this file"):
        read_array(str(path), "--bias", ("b", "bias"))


@pytest.mark.parametrize(
    "text",
    [
        "# dW\n1,2\n3,4\n\n# db\n5\n",
        "dW =\n\n   1   2\n   3   4\n\ndb = 5\n",
        "dW = array([[1, 2],\n       [3, 4]])\ndb = array([5])",
        "{'dW': array([[1, 2],\n       [3, 4]]), 'db': array([5])}",
        '{"dW": [[1, 2], [3, 4]], "db": [5]}',
        "# name: dW\n# type: matrix\n# rows: 2\n# columns: 2\n 1 2\n 3 4\n\n\n"
        "# name: db\n# type: scalar\n5\n",
    ],
)
def test_answers_with_several_results(tmp_path, text):
    path = tmp_path / "answer.txt"
    path.write_text(text)
    answer = read_answer(str(path), ["dA_prev", "dW", "db"])
    assert {name: sheet.values.ravel().tolist() for name, sheet in answer.items()} == {
        "dW": [1, 2, 3, 4],
        "db": [5],
    }


def test_an_empty_cell_of_an_answer_is_open(tmp_path):
    path = tmp_path / "answer.csv"
    path.write_text("1,,3\n4,5,\n")
    blank = read_answer(str(path), ["dW"])["dW"].blank
    assert blank.tolist() == [[False, True, False], [False, False, True]]


def test_an_unknown_heading_of_an_answer_is_told(tmp_path):
    path = tmp_path / "answer.csv"
    path.write_text("# dW\n1\n# dZ\n1\n")
    with pytest.raises(CnngradError, match="unknown heading"):
        read_answer(str(path), ["dW", "db"])


def test_a_class_may_write_decimal_commas(cnngrad, tmp_path):
    problem = tmp_path / "problem.json"
    problem.write_text(
        '{"op": "pool-forward", "mode": "average", "window": 2, "input": [[1, 2], [3, 4]]}'
    )
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "anna.csv").write_text("2,5\n")
    given = ["grade", problem, answers, "--format", "json"]
    assert '"correct": true' not in cnngrad(*given).out
    assert '"correct": true' in cnngrad(*given, "--decimal-mark", ",").out


def test_bfloat16_saved_by_numpy_is_told(tmp_path):
    path = tmp_path / "half.npy"
    np.save(path, np.zeros((2, 2), "V2"))
    with pytest.raises(CnngradError) as raised:
        read_array(str(path), "--dz")
    assert "float32" in raised.value.fix


def test_one_array_of_an_archive(tmp_path):
    np.savez(tmp_path / "all.npz", a=np.array([[1]]), b=np.array([[2]]))
    assert read_array(f"{tmp_path / 'all.npz'}:b", "--dz").tolist() == [[2]]


def test_excel(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append([0.1, None])
    book.active.append([3, "1/3"])
    sheet = book.create_sheet("dW")
    for row in ([None, "a", "b"], ["x", 1, 2], ["y", 3, 4]):
        sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert read_array(f"{path}:dW", "--dz").tolist() == SQUARE
    assert read_array(str(path), "--dz", ("dW",)).tolist() == SQUARE
    with pytest.raises(CnngradError, match="several"):
        read_array(str(path), "--dz", ("dZ",))
    with pytest.raises(CnngradError, match="no array of this name"):
        read_array(f"{path}:dw", "--dz")
    with pytest.raises(CnngradError, match="no number"):
        read_array(f"{path}:Sheet", "--dz")
    answer = read_answer(f"{path}:Sheet", ["dW"])["dW"]
    assert answer.values.tolist() == [[F(1, 10), 0], [3, F(1, 3)]]


def test_matlab_files(tmp_path):
    io = pytest.importorskip("scipy.io")
    path = tmp_path / "data.mat"
    io.savemat(path, {"A": np.array(SQUARE), "dW": np.array([[9]])})
    assert read_array(f"{path}:A", "--dz").tolist() == SQUARE
    assert read_array(str(path), "--dz", ("dW",)).tolist() == [[9]]
    assert read_answer(str(path), ["dA_prev", "dW"])["dW"].values.tolist() == [[9]]
    path.write_bytes(b"MATLAB 5.0 no such thing")
    with pytest.raises(CnngradError, match="cannot be read"):
        read_array(str(path), "--dz")


def test_safetensors(tmp_path):
    pytest.importorskip("safetensors")
    header = json.dumps(
        {
            "a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
            "b": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [8, 12]},
        }
    ).encode()
    header += b" " * (-len(header) % 8)
    data = np.array([1.5, -2], "<f4").tobytes() + bytes.fromhex("c03f00c0")
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)
    for name in "ab":
        assert read_array(f"{path}:{name}", "--dz").tolist() == [[1.5, -2.0]]


def test_pytorch_files(tmp_path):
    torch = pytest.importorskip("torch")
    path = tmp_path / "model.pt"
    torch.save({"conv.weight": torch.tensor(SQUARE), "half": torch.ones(1, 1).bfloat16()}, path)
    assert read_array(f"{path}:conv.weight", "--dz").tolist() == SQUARE
    assert read_array(f"{path}:half", "--dz").tolist() == [[1]]


@pytest.mark.parametrize("ending", ["xlsx", "mat", "safetensors", "pt"])
def test_without_the_package_the_message_names_the_line_that_converts(
    tmp_path, monkeypatch, ending
):
    import sys

    for name in ("openpyxl", "scipy", "scipy.io", "safetensors", "torch"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / f"data.{ending}"
    path.write_bytes(b"PK anything")
    with pytest.raises(CnngradError) as raised:
        read_array(str(path), "--dz")
    assert "package" in raised.value.fact
    assert any(word in raised.value.fix for word in ("np.save", "save the sheet", "writematrix"))


def test_a_long_number_beside_a_broken_cell_is_refused_at_once(cnngrad):
    text = "\t1e" + "9" * 60 + '\t""'
    run = cnngrad("pool-forward", "--input", text, "--window", "1")
    assert run.code == 3
