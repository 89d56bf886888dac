"""Specs: commands, options, keys of files and of network layers come from one entry each."""

import json

import pytest
import typer

from cnngrad import layers
from cnngrad.cli.app import app
from cnngrad.core.functions import FUNCTIONS
from cnngrad.core.names import ACTIVATIONS
from cnngrad.core.settings import OneOf, Setting, YesNo
from cnngrad.core.spec import meant
from cnngrad.layers import OPERATIONS, operation, spec, specs
from cnngrad.layers.pooling import layer as pooling

TAKES_ANY = ("explain", "explore", "gradcheck", "check")
GIVEN = ["--input", "1 2; 3 4", "--window", "2", "--dz", "5"]


def options_of(name):
    """Every name on the command line → the words of its choice, if it is one."""
    command = typer.main.get_command(app).get_command(None, name)
    return {
        option: tuple(getattr(parameter.type, "choices", ()))
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_command_has_what_its_spec_says(name):
    known = options_of(name)
    for operand in spec(name).operands:
        assert f"--{operand.key}" in known
    for setting in spec(name).settings:
        for option in (*setting.options, *setting.negatives):
            assert option in known
        if isinstance(setting.kind, OneOf):
            assert known[setting.options[0]] == setting.kind.words


@pytest.mark.parametrize("name", TAKES_ANY)
def test_a_command_for_any_problem_has_all_options(name):
    known = options_of(name)
    for kind in specs():
        for operand in kind.operands:
            assert f"--{operand.key}" in known
        for setting in kind.settings:
            assert set(setting.options) | set(setting.negatives) <= set(known)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_problem_has_the_settings_and_modes_of_its_spec(name):
    found = operation(name)
    assert found.spec is spec(name)
    for mode, problem in zip(found.spec.modes, found.problems, strict=True):
        assert problem.options == found.spec.settings_of(mode)
        assert problem.operands == found.spec.operands
        assert problem.op == name


def test_every_boolean_setting_has_its_negative():
    booleans = [s for kind in specs() for s in kind.settings if isinstance(s.kind, YesNo)]
    assert {s.name for s in booleans} >= {"ceil_mode", "count_include_pad", "flip"}
    assert all(setting.negatives for setting in booleans)


def test_an_option_says_no_to_what_the_file_says(cnngrad, tmp_path):
    given = {"op": "pool-forward", "input": [[1, 2, 3]], "window": [1, 2], "ceil_mode": True}
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(given))
    csv = ["--format", "csv"]
    assert cnngrad("pool-forward", path, *csv).out == "2,3\n"
    assert cnngrad("pool-forward", path, "--no-ceil-mode", *csv).out == "2\n"


def test_the_activations_are_those_that_can_be_computed():
    assert tuple(FUNCTIONS) == ACTIVATIONS


@pytest.mark.parametrize(
    ("given", "op"),
    [
        ("input kernel", "conv-forward"),
        ("input kernel dz", "conv-backward"),
        ("input weights", "dense-forward"),
        ("input weights dz z activation", "dense-backward"),
        ("input window", "pool-forward"),
        ("window dz mode", "pool-backward"),
        ("input kernel stride groups", "conv-forward"),
        ("input", None),
        ("stride padding", None),
        ("", None),
    ],
)
def test_the_options_tell_the_operation(given, op):
    found = meant(given.split(), specs())
    assert (found.name if found else None) == op


@pytest.fixture
def shouting(monkeypatch):
    """Pooling with a new setting: one entry in its spec."""
    setting = Setting("shout", YesNo(), False, help="Say it louder.")
    old = {name: spec(name) for name in ("pool-forward", "pool-backward")}
    new = {name: kind._replace(settings=(*kind.settings, setting)) for name, kind in old.items()}
    found = layers._named
    monkeypatch.setattr(
        layers,
        "_named",
        lambda name, part: new.get(name) if part == "spec" and name in new else found(name, part),
    )
    for problem in (pooling.MaxForward, pooling.MaxBackward):
        monkeypatch.setattr(problem, "options", (*problem.options, setting))


@pytest.mark.parametrize("command", ["pool-forward", "pool-backward", *TAKES_ANY])
def test_a_new_setting_is_an_option_of_every_command(shouting, cnngrad, command):
    shown = cnngrad(command, "--help").out
    assert "--shout / --no-shout" in shown
    assert "Say it louder." in shown


def test_a_new_setting_is_read_from_the_command_line_and_from_files(shouting, cnngrad, tmp_path):
    def settings(*arguments):
        return json.loads(cnngrad("pool-backward", *arguments, "--format", "json").out)["settings"]

    path = tmp_path / "problem.json"
    data = {"op": "pool-backward", "input": "1 2; 3 4", "window": 2, "dz": "5", "shout": True}
    path.write_text(json.dumps(data))
    assert settings(*GIVEN, "--shout")["shout"] is True
    assert settings(*GIVEN)["shout"] is False
    assert settings(path)["shout"] is True
    assert settings(path, "--no-shout")["shout"] is False
    path.write_text(json.dumps({**data, "shout": 2}))
    assert "shout is not true or false." in cnngrad("pool-backward", path).err


def test_a_new_setting_is_a_key_of_network_layers(shouting, cnngrad, tmp_path):
    path = tmp_path / "network.json"
    data = {
        "layers": [{"op": "max-pool", "window": 2, "shout": True}, {"op": "flatten"}],
        "input": [[[[1, 2], [3, 4]]]],
        "target": [[1]],
        "loss": "squared-error",
    }
    path.write_text(json.dumps(data))
    run = cnngrad("network-backward", path, "--quiet")
    assert (run.code, run.err) == (0, "")
