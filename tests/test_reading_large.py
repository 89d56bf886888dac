"""Large texts are read at once: the same numbers as cell by cell, or left to that reader."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnngrad.core.decimals import DecimalArray, WrittenDecimals
from cnngrad.core.errors import CnngradError
from cnngrad.core.numbers import alike, as_array, parse, rounded
from cnngrad.files import plain_numbers, read_array
from cnngrad.files.json_text import nested_array, read_json
from cnngrad.files.plain_numbers import plain_list, plain_table
from cnngrad.files.source import Source
from cnngrad.files.text_matrix import passages, read_passage

F = Fraction


def cell_by_cell(text):
    """What the reader that looks at every cell makes of a text; None where it refuses it."""
    try:
        return read_passage(passages("text", text)[0], parse).tolist()
    except CnngradError:
        return None


NUMBERS = st.one_of(
    st.integers(-(10**4), 10**4).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
    st.floats(-1e6, 1e6).map(repr),
    st.sampled_from(["-0", "+5", ".5", "5.", "-0.00", "007", "9223372036854775807", "1" * 30]),
)


@st.composite
def tables(draw):
    width, height = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    separator = draw(st.sampled_from([",", ";", "\t", ", "]))
    kind = draw(st.sampled_from([NUMBERS, st.integers(-99, 99).map(str), st.just("0.25")]))
    rows = [[draw(kind) for _ in range(width)] for _ in range(height)]
    lines = [separator.join(row) for row in rows]
    for _ in range(draw(st.integers(0, 2))):
        lines.insert(draw(st.integers(0, len(lines))), "")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))


@st.composite
def spoiled(draw):
    text = draw(tables())
    k = draw(st.integers(0, len(text)))
    return text[:k] + draw(st.sampled_from(list(',;. -+e1x\n\t/"#'))) + text[k:]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.one_of(tables(), spoiled()), st.booleans())
@example("1,2\n3,4,\n", True)
@example("1,2,\n3,4,\n", True)
@example("1,,2\n3,4,5\n", False)
@example("0,1\n0.5,1.5\n", False)
@example("1.2.3,4\n5,6\n", False)
@example("1-2,3\n4,5\n", True)
def test_a_table_is_read_alike_at_once_and_cell_by_cell(text, wide):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_numbers, "_WIDE", 1 if wide else 1000)
        at_once = plain_table(text.encode(), 0)
    if at_once is not None:
        assert at_once.tolist() == cell_by_cell(text)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.data())
def test_a_list_is_read_alike_at_once_and_cell_by_cell(data):
    shape = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    size = int(np.prod(shape))
    cells = data.draw(st.lists(NUMBERS, min_size=size, max_size=size))
    nested = np.array(cells, object).reshape(shape).tolist()
    indent = data.draw(st.sampled_from([None, 1]))
    text = json.dumps(nested, indent=indent).replace('"', "")
    if data.draw(st.booleans()):
        k = data.draw(st.integers(0, len(text)))
        text = text[:k] + data.draw(st.sampled_from(list(",[] -+e1\n"))) + text[k:]
    at_once = plain_list(text.encode(), 0)
    if at_once is None:
        return
    try:
        slow = nested_array(read_json(Source("text", ".json", text.encode())), "text").tolist()
    except CnngradError:
        slow = cell_by_cell(text)
    assert at_once.tolist() == slow


def test_what_is_plain_is_read_at_once():
    rng = np.random.default_rng(1)
    whole = rng.integers(-999, 999, (70, 80))
    for separator in ",;\t":
        text = "\n".join(separator.join(map(str, row)) for row in whole.tolist())
        found = plain_table(text.encode())
        assert found.dtype == np.int64
        assert found.tolist() == whole.tolist()
    text = "\n".join(",".join(f"{cell / 100:.2f}" for cell in row) for row in whole.tolist())
    found = plain_table(text.encode())
    assert isinstance(found, DecimalArray)
    assert found.tolist() == [[F(cell, 100) for cell in row] for row in whole.tolist()]
    floats = rng.standard_normal((40, 50)) * 1e-3
    found = plain_list(json.dumps(floats.tolist()).encode())
    assert isinstance(found, WrittenDecimals)
    assert found.astype(float).tolist() == floats.tolist()
    assert found.tolist() == [[F(str(cell)) for cell in row] for row in floats.tolist()]


def test_channels_and_samples_of_a_large_table():
    cells = np.arange(2 * 3 * 40 * 100).reshape(2, 3, 40, 100)
    text = "\n\n".join(
        "\n".join(
            "\n".join(",".join(map(str, row)) for row in channel) + "\n" for channel in sample
        )
        for sample in cells.tolist()
    )
    assert plain_table(text.encode()).tolist() == cells.tolist()
    narrow = cells.reshape(2, 3, 1000, 4)
    text = "\n\n".join(
        "\n".join(
            "\n".join(",".join(map(str, row)) for row in channel) + "\n" for channel in sample
        )
        for sample in narrow.tolist()
    )
    assert plain_table(text.encode()).tolist() == narrow.tolist()


def test_long_lists_in_an_object_are_arrays_at_once(tmp_path):
    big = [[k / 4 for k in range(500)] for _ in range(20)]
    data = {"dZ": big, "title": "[" + "1, " * 3000 + "1]", "W": [[1, "1/3"]]}
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(data))
    assert read_array(str(path), "--dz", ("dZ",)).tolist() == big
    del data["title"]
    path.write_text(json.dumps(data))
    found = read_json(Source("text", ".json", path.read_bytes()))
    assert isinstance(found["dZ"], DecimalArray)
    assert found["W"] == [[1, F(1, 3)]] or found["W"] == [[1, "1/3"]]
    assert read_array(str(path), "--dz", ("W",)).tolist() == [[1, F(1, 3)]]


ARRAYS = [
    DecimalArray(np.array([[150, 200], [-25, 0]]), 100),
    WrittenDecimals(np.array([15, 2, -25, 0]), np.array([1, 0, 2, 0]), b"1.5,2,-.25,0", (2, 2)),
]


@pytest.mark.parametrize("array", ARRAYS)
def test_decimals_behave_as_the_array_of_their_fractions(array):
    plain = np.array([[F(3, 2), 2], [F(-1, 4), 0]], object)
    assert array.tolist() == plain.tolist()
    assert (array.shape, array.ndim, array.size, len(array)) == ((2, 2), 2, 4, 2)
    assert array[0, 0] == F(3, 2)
    assert array[1].tolist() == [F(-1, 4), 0]
    assert array.ravel().tolist() == plain.ravel().tolist()
    assert array.reshape(1, -1).tolist() == [[F(3, 2), 2, F(-1, 4), 0]]
    assert array.reshape((4, 1)).shape == (4, 1)
    assert (array + 1).tolist() == (plain + 1).tolist()
    assert (array == plain).all()
    assert array.sum() == plain.sum()
    assert array.T.tolist() == plain.T.tolist()
    assert np.asarray(array).tolist() == plain.tolist()
    assert np.concatenate([array, array]).shape == (4, 2)
    assert rounded(array).tolist() == [[1.5, 2.0], [-0.25, 0.0]]
    assert as_array(array) is array
    scaled = alike(array)[0]
    assert [F(int(v), scaled.scale) for v in scaled.values.ravel()] == plain.ravel().tolist()


def test_floats_are_the_nearest_to_what_is_written():
    values = np.array([2**53 + 1, 3, 10**17 + 1])
    array = DecimalArray(values, 10**3)
    assert array.astype(float).tolist() == [float(F(int(v), 1000)) for v in values]


def test_a_large_problem_is_the_same_from_csv_as_from_python(cnngrad, tmp_path):
    from cnngrad.layers import operation

    rng = np.random.default_rng(2)
    cells = rng.integers(-999, 999, (90, 90))
    path = tmp_path / "A.csv"
    path.write_text("\n".join(",".join(f"{c / 100:.2f}" for c in row) for row in cells.tolist()))
    read = read_array(str(path), "--input")
    assert isinstance(read, DecimalArray)
    exact = np.array([[F(c, 100) for c in row] for row in cells.tolist()], object)
    kernel = as_array([[F(1, 2), -1], [3, F(1, 3)]])
    for name, more in (
        ("conv-forward", {"W": kernel}),
        ("conv-backward", {"W": kernel, "dZ": as_array([[1] * 89] * 89)}),
    ):
        results = [
            operation(name).problem({"A_prev": given, **more}, {}).results
            for given in (read, exact)
        ]
        for key, array in results[0].items():
            assert array.tolist() == results[1][key].tolist()
    for mode in ("max", "average"):
        results = [
            operation("pool-forward")
            .problem({"A_prev": given}, {"window": 3, "mode": mode})
            .results
            for given in (read, exact)
        ]
        assert results[0]["A"].tolist() == results[1]["A"].tolist()
    run = cnngrad("pool-forward", "--input", path, "--window", "45", "--format", "csv")
    largest = [[cells[a : a + 45, b : b + 45].max() for b in (0, 45)] for a in (0, 45)]
    assert run.out == "".join(
        ",".join(str(F(int(cell), 100)) for cell in row) + "\n" for row in largest
    )
