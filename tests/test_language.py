"""Another language: chosen before anything is said, and spoken to the end."""

import os
import re
import string

import pytest
from catalogues import compiled, marked, sentences
from conftest import SAMPLES

from cnngrad.core import language

CODE = "qq"
"""A language of the tests, in which every sentence of the program stands in full-width letters."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("locale")
    target = made / CODE / "LC_MESSAGES" / "cnngrad.mo"
    target.parent.mkdir(parents=True)
    target.write_bytes(compiled(marked))
    return made


@pytest.fixture
def spoken(folder, monkeypatch):
    monkeypatch.setattr(language, "FOLDER", os.fspath(folder))
    for name in ("CNNGRAD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    language.use("en")


def wide(words):
    return marked(words.replace("{", "{{").replace("}", "}}"))


def test_nothing_is_loaded_for_english(spoken, cnngrad, monkeypatch):
    def refused(*_arguments):
        raise AssertionError("a catalogue is opened")

    monkeypatch.setattr("gettext.translation", refused)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert cnngrad("example", "convolution").code == 0


@pytest.mark.parametrize("words", [["--lang", CODE], [f"--lang={CODE}"]])
@pytest.mark.parametrize("first", [True, False])
def test_the_option_may_stand_anywhere(spoken, cnngrad, words, first):
    rest = ["conv-backward", "--help"]
    out = cnngrad(*words, *rest).out if first else cnngrad(*rest, *words).out
    assert wide("Usage: ") in out
    assert wide("Options") in out
    assert wide("Show this message and exit.") in out
    assert wide("default") in out


@pytest.mark.parametrize(
    ("environment", "own"),
    [
        ({"CNNGRAD_LANG": CODE}, True),
        ({"LANG": "qq_XX.UTF-8"}, True),
        ({"LC_MESSAGES": "qq", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "C", "LANG": "qq"}, False),
        ({"CNNGRAD_LANG": "en", "LC_ALL": "qq"}, False),
        ({"LANG": "xx_YY.UTF-8"}, False),
        ({"LANG": "POSIX"}, False),
        ({}, False),
    ],
)
def test_the_environment_chooses(spoken, cnngrad, monkeypatch, environment, own):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (wide("Usage: ") in cnngrad("--help").out) is own


def test_the_option_beats_the_environment(spoken, cnngrad, monkeypatch):
    monkeypatch.setenv("LC_ALL", CODE)
    assert cnngrad("--help", "--lang", "en").out.startswith("Usage: ")


def test_a_language_that_is_not_there_is_a_usage_error(spoken, cnngrad):
    run = cnngrad("--help", "--lang", "xx")
    assert (run.code, run.out) == (2, "")
    assert "There is no such language." in run.err
    assert "en, qq" in run.err
    assert cnngrad("--help", "--lang").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["conv-backward", "--foo"], "No such option: "),
        (["conv-backward", "--stride"], "requires an argument."),
        (["pool-forward", "--mode", "mx"], "is not one of"),
        (["nothing"], "There is no command "),
        (["conv-backward", "--groups", "x"], "is not a valid int."),
        (["conv-backward", "nofile"], "There is no such file, and no sample of this name."),
        (["conv-backward", "convolution", "--stride", "0"], "too small."),
        (["explain", "convolution", "dX[0]"], "This problem has no "),
    ],
)
def test_errors_speak_it(spoken, cnngrad, arguments, said):
    run = cnngrad(*arguments, "--lang", CODE)
    assert run.code in (2, 3)
    assert wide(said) in re.sub(r"\s+", " ", run.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ["example", "convolution"],
        ["example", "max_overlap_tie"],
        ["example", "average_padded"],
        ["example", "lenet_toy", "--learning-rate", "0.1"],
        ["explain", "convolution", "dA_prev[1,1]"],
        ["explain", "max_overlap_tie", "dA_prev[0,1]"],
        ["gradcheck", "max_overlap_tie"],
        ["check", "convolution", "-27 -37; -57 -66", "--gradient", "dW"],
        ["check", "convolution", "1 2 3; 4 5 6; 7 8 9", "--gradient", "dA_prev"],
        ["exercise", "pool-backward", "--seed", "3", "--difficulty", "4"],
        ["exercise", "conv-backward", "--seed", "3", "--format", "markdown"],
        ["conv-backward", "convolution", "--format", "markdown"],
        ["conv-backward", "convolution", "--format", "latex"],
    ],
    ids=" ".join,
)
def test_what_is_shown_holds_no_english_sentence(spoken, cnngrad, arguments):
    english = cnngrad(*arguments).out
    other = cnngrad(*arguments, "--lang", CODE).out
    assert other != english
    assert re.search(r"(?<![-`'\w])(the|is|are|of|this|that|each) [a-z]", shown(other)) is None


def shown(out):
    """What was said, without titles of problems, which their files give, and code."""
    lines = out.splitlines()
    return "\n".join(
        line for line in lines[2:] if not re.match(r"^\s*(%|\\|cnngrad |The article)", line)
    )


def test_numbers_are_the_same_in_every_language(spoken, cnngrad):
    english = cnngrad("conv-backward", "convolution", "--format", "json").out
    assert (
        cnngrad("conv-backward", "convolution", "--format", "json", "--lang", CODE).out == english
    )


def test_a_page_speaks_it(spoken, cnngrad, tmp_path):
    page = tmp_path / "page.html"
    problem = SAMPLES / "convolution" / "problem.json"
    cnngrad("conv-backward", problem, "--output", page, "--quiet", "--lang", CODE)
    html = page.read_text()
    assert wide("One step back") in html
    assert "One step back" not in html
    assert f"{wide('Point at a cell of')} {{name}}" in html


def test_plural_forms_are_chosen_within_the_sentence(spoken, cnngrad):
    run = cnngrad("conv-backward", "convolution", "--steps", "4", "--lang", CODE)
    assert f"3 {wide('steps are left out')}" in run.out
    run = cnngrad("conv-backward", "convolution", "--steps", "2-4", "--lang", CODE)
    assert f"1 {wide('step is left out')}" in run.out


def test_workers_speak_it(spoken, folder, cnngrad, tmp_path, monkeypatch):
    from cnngrad.grading.classroom.marking import job, mark
    from cnngrad.grading.classroom.submissions import Submission

    language.use(CODE)
    work = job(None)
    language.use("en")  # as a process that was started afresh
    nothing = Submission(
        "anna", str(tmp_path / "anna.json"), str(SAMPLES / "convolution" / "problem.json")
    )
    (marked_answer,) = mark(work, [nothing])
    assert wide("read") in marked_answer.text


def test_every_sentence_can_be_filled_in():
    assert len(sentences()) > 1000
    for sentence in sentences():
        list(string.Formatter().parse(sentence))  # raises where a brace is lonely
