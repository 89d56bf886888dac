"""What is printed is read back; a text means one matrix, or is refused, wherever it stands."""

import contextlib
import io
import json
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnngrad.cli import main
from cnngrad.core.errors import CnngradError
from cnngrad.files import read_array
from cnngrad.files.dialect import Dialect, read_as
from cnngrad.files.forms.documents import titled_passages
from cnngrad.files.results import csv_text
from cnngrad.layers import operation

FORMATS = {"table": "txt", "json": "json", "csv": "csv", "markdown": "md", "latex": "tex"}
CELLS = st.one_of(st.integers(-99, 99), st.sampled_from([Fraction(1, 2), Fraction(-7, 4), 0]))


@st.composite
def matrices(draw, rows, columns):
    return [[draw(CELLS) for _ in range(columns)] for _ in range(rows)]


def as_text(matrix):
    return "; ".join(" ".join(map(str, row)) for row in matrix)


def printed(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    assert code == 0, err.getvalue()
    return out.getvalue()


@pytest.mark.parametrize(("style", "ending"), FORMATS.items())
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_is_printed_in_every_format_is_read_back(tmp_path, style, ending, data):
    height, width = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 4))
    A_prev = data.draw(matrices(height, width))
    W = data.draw(matrices(2, 2))
    dZ = data.draw(matrices(height - 1, width - 1))
    given_ = ["--input", as_text(A_prev), "--kernel", as_text(W), "--dz", as_text(dZ)]
    steps = data.draw(st.sampled_from(["none"] if style == "csv" else ["none", "all"]))
    text = printed("conv-backward", *given_, "--format", style, "--steps", steps)
    path = tmp_path / f"printed.{ending}"
    path.write_text(text)
    arrays = [np.array(matrix, object) for matrix in (A_prev, W, dZ)]
    names = dict(zip(("A_prev", "W", "dZ"), arrays, strict=True))
    results = operation("conv-backward").problem(names, {}).results
    for name in ("dA_prev", "dW"):
        assert read_array(str(path), "--x", (name,)).tolist() == results[name].tolist()


def test_a_document_shows_a_matrix_as_it_grows_and_the_last_is_read():
    text = "title\n\n dW\n 1 2\n\nthen\n\n dW\n 3 4\n\n 5 6\n\nthe end\n"
    (passage,) = titled_passages("text", text.split("\n"), {"dW"}.__contains__)
    assert passage.plain == [" 3 4", "", " 5 6"]
    assert titled_passages("text", ["1 2", "dW", "3 4"], {"dW"}.__contains__) == []


WRITERS = {
    "json": lambda rows: json.dumps([[str(c) for c in row] for row in rows]),
    "csv": lambda rows: csv_text(np.array(rows, object)),
    "words": as_text,
    "semicolons": lambda rows: "\n".join(";".join(map(str, row)) for row in rows),
    "tabs": lambda rows: "\n".join("\t".join(map(str, row)) for row in rows),
    "brackets": lambda rows: "[" + "; ".join(", ".join(map(str, row)) for row in rows) + "]",
    "numpy": lambda rows: "[" + "\n ".join(f"[{' '.join(map(str, r))}]" for r in rows) + "]",
    "call": lambda rows: f"Matrix({json.dumps([[str(c) for c in r] for r in rows])})",
    "mathematica": lambda rows: (
        "{" + ", ".join(f"{{{', '.join(map(str, r))}}}" for r in rows) + "}"
    ),
    "latex": lambda rows: (
        r"\begin{pmatrix}" + r" \\ ".join(" & ".join(map(str, r)) for r in rows) + r"\end{pmatrix}"
    ),
    "markdown": lambda rows: "\n".join(
        [
            "| " + " | ".join("" for _ in rows[0]) + " |",
            "|" + "---|" * len(rows[0]),
            *("| " + " | ".join(map(str, r)) + " |" for r in rows),
        ]
    ),
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_form_is_read_as_the_matrix_that_was_written(writer, data):
    rows = data.draw(matrices(data.draw(st.integers(2, 4)), data.draw(st.integers(2, 4))))
    assert read_array(writer(rows), "--x").tolist() == rows


def readings(text, folder):
    """What a text is read as, as an argument, a file and standard input; and what is told."""
    found = []
    path = folder / "text.txt"
    path.write_bytes(text.encode())
    for given_ in (text, str(path)):
        notes = []
        with read_as(Dialect(tell=notes.append)):
            try:
                array = read_array(given_, "--x").tolist()
            except CnngradError as error:
                array = error.fact
                notes = []
        found.append((array, [note.partition(": ")[2] for note in notes]))
    return found


SIGNS = "0123456789" * 2 + " ,;.\n\t-/" * 4 + "[](){}&|#\"'_½，；－１" + "ex="


def test_no_two_readings_of_a_text_differ_in_silence(tmp_path):
    rng = random.Random(7)
    seeds = [writer([[1, 2], [3, 4]]) for writer in WRITERS.values()]
    seeds += ["1,2;3,4", "0,5;1,5\n2,5;3,5", "0,1\n1.0,2.0", ",0,1\n0,1,2\n1,3,4", "1;2;3"]
    for _ in range(1500):
        text = rng.choice(seeds)
        for _ in range(rng.randint(0, 4)):
            k = rng.randint(0, len(text))
            text = text[:k] + rng.choice(SIGNS) + text[k + rng.randint(0, 1) :]
        if not text.strip() or text.strip() == "-" or text.startswith("text.txt"):
            continue
        argument, file = readings(text, tmp_path)
        if argument[0] != "There is no such file.":
            assert argument == file, text


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.from_regex(r"[0-9]{1,2}(,[0-9])?", fullmatch=True), min_size=2, max_size=3),
        min_size=2,
        max_size=3,
    )
)
def test_a_comma_that_could_be_a_decimal_mark_is_told(rows):
    for text in ("\n".join(map(";".join, rows)), ";".join(map(" ".join, rows))):
        notes, arrays = [], []
        for mark in (None, ",", "."):
            with read_as(Dialect(decimal_mark=mark, tell=notes.append)):
                try:
                    arrays.append(read_array(text, "--x").tolist())
                except CnngradError:
                    arrays.append(None)
        read, *others = arrays
        if read is not None and any(other not in (None, read) for other in others):
            assert notes, text
