"""Colours: when they are shown, and that meanings stay apart however few there are."""

import os
import re
import subprocess
import sys

import pytest
from rich.style import Style

from cnngrad.show.terminal.layout import Block
from cnngrad.show.terminal.painting import colour_system, console, paint

MEANINGS = ("kernel", "pink", "blue", "pink-soft", "blue-soft", "done", "wrong", "")
TERMINALS = {
    "xterm": "standard",
    "linux": "standard",
    "screen": "standard",
    "xterm-16color": "standard",
    "": "standard",
    "screen-256color": "256",
    "xterm-256color": "256",
    "xterm-direct": "truecolor",
}


@pytest.fixture(autouse=True)
def _fresh_styles():
    """Rich remembers how a style is written, and a program sees one terminal only."""
    for forget in (Style.parse.cache_clear, Style._add.cache_clear):
        forget()
    yield
    for forget in (Style.parse.cache_clear, Style._add.cache_clear):
        forget()


def painted(style, capsys):
    paint(Block([[("1", style)]]), console())
    return capsys.readouterr().out


@pytest.mark.parametrize("term", TERMINALS)
def test_meanings_stay_apart_in_every_terminal(monkeypatch, capsys, term):
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("COLORTERM", raising=False)
    assert colour_system() == TERMINALS[term]
    seen = {painted(style, capsys) for style in MEANINGS}
    assert len(seen) == len(MEANINGS)
    if TERMINALS[term] == "standard":
        codes = {int(code) for text in seen for code in re.findall(r"[\d]+", text)}
        assert codes <= {*range(10), *range(30, 38), *range(40, 48)}  # what 8 colours have


def test_a_terminal_that_has_all_colours_gets_the_articles(monkeypatch, capsys):
    monkeypatch.setenv("TERM", "screen")
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert "48;2;247;178;203" in painted("pink", capsys)


def run(*arguments, **environment):
    known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    words = [sys.executable, "-m", "cnngrad", *arguments]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**known, **environment}
    )
    return done.stdout


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        ([], {}, False),  # a pipe
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "TERM": "dumb"}, False),
        (["--color", "auto"], {"FORCE_COLOR": "1"}, True),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "always"], {"TERM": "dumb"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--no-color"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_an_option_beats_no_color_which_beats_the_rest(options, environment, coloured):
    out = run("conv-backward", "convolution", "--steps", "1", *options, **environment)
    assert ("\x1b[" in out) is coloured
    assert ("[-1]" in out) is not coloured  # lit cells carry brackets instead


def test_a_sample_hands_the_colour_on():
    assert "\x1b[" in run("example", "convolution", "--steps", "1", "--color", "always")
    assert "\x1b[" in run("explain", "convolution", "dW[0,0]", "--color", "always")


def test_in_16_colours_a_step_is_told_from_the_next():
    steps = run("pool-backward", "max_overlap_tie", "--color", "always", TERM="xterm")
    assert "\x1b[1;37;45m dZ[0,0] = 2 \x1b[0m" in steps
    assert "\x1b[1;37;44m dZ[0,1] = 3 \x1b[0m" in steps
    assert "\x1b[4;35m" in steps
    assert "\x1b[30;42m" in steps
