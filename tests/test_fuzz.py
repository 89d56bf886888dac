"""The fuzzer: it reaches every command, and none of the faults that it looks for passes it."""

import pytest
from fuzz.cases import Case, Maker
from fuzz.judging import faults
from fuzz.running import Outcome
from fuzz.seeds import load

GOOD = Outcome(0, "done\n", "", "", {}, {})
FILES = {"a.json": b"{}"}
REFUSAL = "cnngrad: This cannot be.\n"


@pytest.mark.parametrize(
    ("words", "outcome", "kind"),
    [
        ("x", GOOD._replace(code=4), "exit code"),
        ("x", GOOD._replace(code=None, raised="Traceback …\nKeyError: 'x'"), "exception"),
        ("x", GOOD._replace(err="x.py:3: RuntimeWarning: overflow\n"), "leak"),
        ("x", GOOD._replace(out="\x1b[31mred\x1b[0m"), "control character"),
        ("x", GOOD._replace(out="dW = -inf"), "not finite"),
        ("x --format json", GOOD._replace(out='{"dW": NaN}'), "JSON"),
        ("x --format=json", GOOD._replace(out='{"dW": 1'), "JSON"),
        ("x", GOOD._replace(code=3, out=""), "no message"),
        ("x", GOOD._replace(code=2, err=REFUSAL), "printed, then refused"),
        ("x", GOOD._replace(code=2, out="", err=REFUSAL, after=FILES), "written, then refused"),
        ("x", GOOD._replace(before=FILES, after={"a.json": b"[]"}), "overwritten"),
        ("x", GOOD._replace(before=FILES), "overwritten"),
        ("x", GOOD._replace(after={".a.json.tmp": b"[]"}), "left behind"),
        ("x", GOOD._replace(after={"a.json": b'{"dW": [1, 2'}), "broken file"),
        ("x", GOOD._replace(after={"a.json": b"[Infinity]"}), "broken file"),
        ("x", GOOD._replace(after={"a.npy": b"\x93NUMPY"}), "broken file"),
        ("x", GOOD._replace(after={"a.svg": b"<svg>"}), "broken file"),
        ("x", GOOD._replace(after={"a.html": b"<html>"}), "broken file"),
        ("x", GOOD._replace(after={"a.csv": b""}), "broken file"),
    ],
)
def test_a_fault_is_seen(words, outcome, kind):
    case = Case(words.split(), dict(outcome.before))
    assert kind in {fault.kind for fault in faults(case, outcome)}


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("x", GOOD),
        ("x", GOOD._replace(code=1, out="wrong")),
        ("x", GOOD._replace(code=2, out="", err=REFUSAL)),
        ("x inf", GOOD._replace(out="The word inf is no number")),
        ("x --format json", GOOD._replace(out='{"dW": [1, 2]}\n')),
        ("x --force", GOOD._replace(before=FILES, after={"a.json": b"[1]"})),
        ("x", GOOD._replace(after={"folder": None, "folder/a.csv": b"1,2"})),
    ],
)
def test_what_is_well_is_no_fault(words, outcome):
    assert list(faults(Case(words.split(), dict(outcome.before)), outcome)) == []


def test_a_case_is_the_same_each_time():
    maker = Maker(load())
    assert [maker.case(3, k) for k in range(50)] == [Maker(load()).case(3, k) for k in range(50)]
    assert maker.case(3, 7) != maker.case(4, 7)


def test_every_command_has_valid_lines_and_options():
    for command in load().commands:
        assert command.lines, command.name
        assert command.options, command.name
