"""Long work shows itself on a terminal, and nowhere else."""

import io
import sys
from time import sleep

import pytest

from cnngrad.cli import progress as bars
from cnngrad.cli.screen import Screen


class Terminal(io.StringIO):
    """Standard error as a terminal that keeps what was drawn."""

    encoding = "utf-8"

    def isatty(self):
        return True


def sit_before(monkeypatch):
    """A terminal, set in the test itself: pytest puts its own standard error in place before."""
    drawn = Terminal()
    monkeypatch.setattr(sys, "stderr", drawn)
    monkeypatch.setattr(bars, "SECONDS_UNTIL_SHOWN", 0.01)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    return drawn


def slowly(items):
    for item in items:
        sleep(0.03)
        yield item


def test_long_work_shows_how_far_it_is_how_fast_and_the_time_left(monkeypatch):
    terminal = sit_before(monkeypatch)
    assert list(bars.progress(slowly("abcdefgh"), 8, "answers", Screen())) == list("abcdefgh")
    drawn = terminal.getvalue()
    assert "answers" in drawn
    assert "8/8" in drawn
    assert "/s" in drawn


def test_items_may_count_for_many_and_the_end_be_unknown(monkeypatch):
    terminal = sit_before(monkeypatch)
    items = bars.progress(slowly(["ab", "cde"]), None, "lines", Screen(), size=len)
    assert list(items) == ["ab", "cde"]
    assert "5/?" in terminal.getvalue()


def test_results_still_go_to_standard_output(monkeypatch, capsys):
    terminal = sit_before(monkeypatch)
    for item in bars.progress(slowly(["1", "2", "3"]), 3, "lines", Screen()):
        print(f"result {item}")  # noqa: T201
    assert capsys.readouterr().out == "result 1\nresult 2\nresult 3\n"
    assert "result" not in terminal.getvalue()


def test_work_that_cannot_be_counted_is_named(monkeypatch):
    terminal = sit_before(monkeypatch)
    with bars.busy("computing", Screen()):
        sleep(0.5)
    assert "computing" in terminal.getvalue()


def test_the_bar_is_gone_when_the_work_fails(monkeypatch):
    terminal = sit_before(monkeypatch)

    def work():
        with bars.busy("computing", Screen()):
            sleep(0.5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert terminal.getvalue().endswith("\x1b[2K")  # its line is wiped


def test_a_moment_shows_nothing(monkeypatch):
    terminal = sit_before(monkeypatch)
    monkeypatch.setattr(bars, "SECONDS_UNTIL_SHOWN", 10)
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
    list(bars.progress(slowly("abc"), 3, "answers", screen))
    with bars.busy("computing", screen):
        sleep(0.05)
    assert terminal.getvalue() == ""
