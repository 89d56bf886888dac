"""Long work shows itself on a terminal, and nowhere else. Time is handed out here."""

import io
import itertools
import sys
import threading

import pytest
from conftest import until

from cnngrad.cli import progress as bars
from cnngrad.cli.screen import Screen


class Terminal(io.StringIO):
    """Standard error as a terminal that keeps what was drawn."""

    encoding = "utf-8"

    def isatty(self):
        return True


class AtOnce(threading.Timer):
    """A timer whose time is over as soon as it begins."""

    def start(self):
        self.function()


class Never(threading.Timer):
    """A timer whose time never comes."""

    def start(self):
        pass


def sit_before(monkeypatch, seconds=1.0, timer=AtOnce):
    """A terminal, set in the test itself: pytest puts its own standard error in place before.

    So many seconds pass from one look at the clock to the next.
    """
    drawn = Terminal()
    monkeypatch.setattr(sys, "stderr", drawn)
    monkeypatch.setattr(bars, "monotonic", itertools.count(0, seconds).__next__)
    monkeypatch.setattr(threading, "Timer", timer)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    return drawn


def test_long_work_shows_how_far_it_is_how_fast_and_the_time_left(monkeypatch):
    terminal = sit_before(monkeypatch)
    assert list(bars.progress("abcdefgh", 8, "answers", Screen())) == list("abcdefgh")
    drawn = terminal.getvalue()
    assert "answers" in drawn
    assert "8/8" in drawn
    assert "/s" in drawn


def test_items_may_count_for_many_and_the_end_be_unknown(monkeypatch):
    terminal = sit_before(monkeypatch)
    items = bars.progress(["ab", "cde"], None, "lines", Screen(), size=len)
    assert list(items) == ["ab", "cde"]
    assert "5/?" in terminal.getvalue()


def test_results_still_go_to_standard_output(monkeypatch, capsys):
    terminal = sit_before(monkeypatch)
    for item in bars.progress(["1", "2", "3"], 3, "lines", Screen()):
        print(f"result {item}")  # noqa: T201
    assert capsys.readouterr().out == "result 1\nresult 2\nresult 3\n"
    assert "result" not in terminal.getvalue()
    assert "3/3" in terminal.getvalue()


def test_work_that_cannot_be_counted_is_named(monkeypatch):
    terminal = sit_before(monkeypatch, timer=threading.Timer)
    monkeypatch.setattr(bars, "SECONDS_UNTIL_SHOWN", 0.01)
    with bars.busy("computing", Screen()):
        until(lambda: "computing" in terminal.getvalue())


def test_the_bar_is_gone_when_the_work_fails(monkeypatch):
    terminal = sit_before(monkeypatch)

    def work():
        with bars.busy("computing", Screen()):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert "computing" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")  # its line is wiped


def test_a_moment_shows_nothing(monkeypatch):
    terminal = sit_before(monkeypatch, seconds=0.01, timer=Never)
    list(bars.progress("abc", 3, "answers", Screen()))
    with bars.busy("computing", Screen()):
        pass
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("why", ["quiet", "dumb", "pipe"])
def test_no_bar_where_nobody_wants_it(monkeypatch, why):
    terminal = sit_before(monkeypatch)
    if why == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    if why == "pipe":
        monkeypatch.setattr(terminal, "isatty", lambda: False)
    screen = Screen(quiet=why == "quiet")
    list(bars.progress("abc", 3, "answers", screen))
    with bars.busy("computing", screen):
        pass
    assert terminal.getvalue() == ""
