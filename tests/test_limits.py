"""What costs too much is refused with its figures, at once; on the command line only."""

import json
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from cnngrad.core import limits
from cnngrad.core.denominators import MAX_DIGITS, common_digits
from cnngrad.core.errors import CnngradError
from cnngrad.core.limits import Cost, enforce, refuse_costly
from cnngrad.layers.convolution.functions import conv2d

PADDED = ("conv-forward", "--input", "1 2; 3 4", "--kernel", "1 2; 3 4", "--padding")


@pytest.fixture
def small_machine(monkeypatch):
    """One with a gigabyte of memory."""
    monkeypatch.setattr(limits, "memory", lambda: 1_000_000_000)


def allocating_nothing(monkeypatch):
    """Whatever computes something fails."""

    def computed(*_arguments):
        raise AssertionError("something is computed")

    monkeypatch.setattr("cnngrad.layers.convolution.layer.ConvForward.compute", computed)


def test_what_takes_too_much_memory_is_refused_before_anything_is_computed(
    cnngrad, monkeypatch, small_machine
):
    allocating_nothing(monkeypatch)
    run = cnngrad(*PADDED, 4000)
    assert (run.code, run.out) == (3, "")
    assert "64,016,009 numbers" in run.err
    assert "at most 500 MB, half of this machine's memory, and 60 seconds" in run.err
    assert "--no-limits" in run.err


@pytest.mark.parametrize("place", [0, 1, 5])
def test_no_limits_lets_it_take_what_it_takes(cnngrad, monkeypatch, place):
    monkeypatch.setattr(limits, "memory", lambda: 1_000)
    words = [*PADDED, "2", "--format", "csv"]
    assert cnngrad(*words).code == 3
    run = cnngrad(*words[:place], "--no-limits", *words[place:])
    assert run.code == 0, run.err
    assert len(run.out.splitlines()) == 5


def test_behind_two_dashes_it_is_a_word_like_any_other(cnngrad):
    assert cnngrad("conv-backward", "--", "--no-limits").code == 3


def test_the_help_tells_of_it(cnngrad):
    assert "--no-limits" in cnngrad("--help").out


def test_python_functions_have_no_limits(cnngrad, monkeypatch):
    cnngrad("example", "convolution")
    monkeypatch.setattr(limits, "memory", lambda: 1)
    assert conv2d(np.ones((3, 3)), np.ones((2, 2))).shape == (2, 2)
    refuse_costly(Cost(cells=10**12))


def test_too_long_is_too_much_as_well():
    enforce(True)
    try:
        with pytest.raises(CnngradError) as told:
            refuse_costly(Cost(cells=10, products=10**12))
        assert "2,500 seconds" in told.value.found
        refuse_costly(Cost(cells=10, products=10**9))
    finally:
        enforce(False)


def test_hundreds_of_thousands_of_layers_are_refused_before_they_are_read(cnngrad, tmp_path):
    layers = [{"op": "relu"}] * 300_000
    network = {"layers": layers, "input": [1], "target": [1], "loss": "squared-error"}
    (tmp_path / "net.json").write_text(json.dumps(network))
    run = cnngrad("network-backward", tmp_path / "net.json")
    assert (run.code, run.out) == (3, "")
    assert "300,000 layers" in run.err


def test_weights_that_would_be_drawn_are_counted_first(cnngrad, tmp_path, small_machine):
    network = {
        "layers": [
            {"op": "dense", "units": 5000},
            {"op": "sigmoid"},
            {"op": "dense", "units": 5000},
        ],
        "init": "he",
        "input": [1, 2, 3],
        "target": [0] * 5000,
        "loss": "squared-error",
    }
    (tmp_path / "net.json").write_text(json.dumps(network))
    run = cnngrad("network-backward", tmp_path / "net.json")
    assert (run.code, run.out) == (3, "")
    assert "25,005,000 numbers" in run.err


# ---- fractions --------------------------------------------------------------------------------


def unit_fractions(count):
    random = Random(1)
    return [Fraction(1, random.randrange(10**11, 10**12)) for _ in range(count)]


def test_digits_of_the_common_denominator():
    thirds = np.array([Fraction(1, 3), Fraction(1, 30), 2], object)
    assert common_digits([thirds, np.array([1, 2])]) == 2
    many = np.array(unit_fractions(3000), object)
    assert MAX_DIGITS < common_digits([many]) <= 12 * 3000


def test_fractions_of_endless_denominators_are_floats_and_that_is_told(cnngrad, tmp_path):
    numbers = unit_fractions(3_000)
    rows = [numbers[k : k + 100] for k in range(0, 3_000, 100)]
    (tmp_path / "A.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
    given = ("conv-forward", "--input", tmp_path / "A.csv", "--kernel", "1 1")
    run = cnngrad(*given, "--format", "json")
    assert run.code == 0
    assert "more than 2,000 digits" in run.err
    assert "--exact" in run.err
    data = json.loads(run.out)
    assert data["exact"] is False
    assert data["results"]["Z"][0][0] == float(numbers[0] + numbers[1])
    few = cnngrad("conv-forward", "--input", "1/3 1/7", "--kernel", "1", "--format", "json")
    assert json.loads(few.out)["exact"] is True
    assert few.err == ""


# ---- answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("save", [np.save, np.savez_compressed])
def test_an_answer_s_shape_is_looked_at_before_its_cells(cnngrad, tmp_path, monkeypatch, save):
    name = "dW.npy" if save is np.save else "dW.npz"
    folder = tmp_path / "answers"
    folder.mkdir()
    save(folder / name, np.zeros((700, 700)))
    (folder / "bert.json").write_text('{"db": [-10]}')

    def loaded(*_arguments, **_options):
        raise AssertionError("cells are read")

    monkeypatch.setattr(np, "load", loaded)
    run = cnngrad("check", "convolution", folder / name, "--gradient", "dW")
    assert (run.code, run.out) == (3, "")
    assert "700×700" in run.err
    problem = tmp_path / "p.json"
    problem.write_text(
        '{"op": "conv-backward", "input": [[1, 2], [3, 4]], "kernel": [[1]],'
        ' "dz": [[1, 1], [1, 1]]}'
    )
    marked = json.loads(cnngrad("grade", problem, folder, "--format", "json").out)["submissions"]
    assert [one["score"] for one in marked] == [0, 0]
    assert "far too large" in json.dumps(marked)


def test_a_text_of_megabytes_is_no_answer_to_a_small_problem(cnngrad, tmp_path):
    (tmp_path / "a.json").write_text("[[" + "1," * 600_000 + "1]]")
    run = cnngrad("check", "convolution", tmp_path / "a.json", "--gradient", "dW")
    assert (run.code, run.out) == (3, "")
    assert "far too large" in run.err
