"""Simplified Chinese: every sentence has its translation, with the facts of the English one."""

import gettext
import re
import shlex

import catalogues
import pytest
from conftest import ROOT, SAMPLES

from cnngrad.cli.app import COMMANDS
from cnngrad.core import language
from cnngrad.core.widths import screen_width

MEND = "run `python -m tests.catalogues`, translate what it names in {path}, and run it again"


@pytest.fixture(autouse=True)
def english_again():
    yield
    language.use("en")


@pytest.mark.parametrize("code", catalogues.LANGUAGES)
def test_every_sentence_has_its_translation_with_the_same_facts(code):
    path = catalogues.path_of(code).relative_to(catalogues.PACKAGE.parent)
    faults = catalogues.faults(code)
    assert not faults, "\n".join([MEND.format(path=path), *faults])


@pytest.mark.parametrize("code", catalogues.LANGUAGES)
def test_the_compiled_catalogue_says_what_the_written_one_says(code):
    said = catalogues.translations(code)
    read = gettext.translation(language.DOMAIN, language.FOLDER, [code])
    assert {sentence: read.gettext(sentence) for sentence in said} == said


def test_marks_beside_chinese_signs_are_full_width():
    for words in catalogues.translations("zh").values():
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", words), words


README = (ROOT / "docs" / "README.zh.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHOWN = [line for block in BLOCKS for line in block.splitlines() if line.startswith("cnngrad ")]
CALLED = [line for line in SHOWN if not any(word in line for word in ("explore", "--practice"))]


@pytest.fixture
def chinese(cnngrad, monkeypatch):
    """The program, run as in a Chinese locale."""
    for name in ("LC_ALL", "LC_MESSAGES", "CNNGRAD_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    return cnngrad


@pytest.mark.parametrize("line", CALLED)
def test_a_command_of_the_chinese_readme_runs(chinese, monkeypatch, tmp_path, line):
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)
    command = shlex.split(line)
    run = chinese(*command[1:])
    assert run.code in (0, 1), run.err
    assert run.out or "--output" in command


def test_the_chinese_readme_shows_every_command_and_points_to_what_exists():
    assert {line.split()[1] for line in SHOWN} >= set(COMMANDS)
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / "docs" / target).exists(), target


HOMEWORK = SAMPLES / "homework" / "convolution"
LOOK = {
    "zh_convolution": ["example", "convolution"],
    "zh_max_pooling": ["example", "max_pooling"],
    "zh_average_pooling": ["example", "average_pooling"],
    "zh_verdict": [
        "check",
        HOMEWORK / "problem.json",
        HOMEWORK / "answers" / "overlap-overwritten.json",
    ],
}


@pytest.mark.parametrize("name", LOOK)
def test_the_look_in_chinese(chinese, golden, name):
    golden(f"{name}_80.txt", chinese(*LOOK[name]).out)


TABLES = {
    **LOOK,
    "examples": ["example"],
    "network": ["network-backward", "perceptron"],
    "explanation": ["explain", "convolution", "dA_prev[1,1]"],
    "gradcheck": ["gradcheck", "convolution"],
    "class": ["grade", HOMEWORK / "problem.json", HOMEWORK / "answers"],
    "conventions": ["conventions", "pytorch", "mlx"],
}


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("name", TABLES)
def test_no_line_is_wider_than_the_screen(chinese, name, columns):
    run = chinese(*TABLES[name], columns=columns)
    assert run.code in (0, 1), run.err
    assert [line for line in run.out.splitlines() if screen_width(line) > columns] == []


def test_columns_of_a_table_begin_below_their_heads(chinese):
    out = chinese("network-backward", "perceptron").out.splitlines()
    head = next(line for line in out if "参数个数" in line)
    row = next(line for line in out if line.startswith("  hidden"))
    for word, cell in (("给出", "2"), ("参数个数", "6")):
        assert screen_width(head[: head.index(word)]) == screen_width(row[: row.index(cell)])


def test_the_labels_of_an_error_stand_in_one_column(chinese):
    run = chinese("conv-backward", "--input", "1 x", "--kernel", "1", "--dz", "1")
    assert run.code == 3
    assert all(label in run.err for label in ("位置", "实际", "应为"))


def test_the_shell_completes_options_with_their_help(chinese, monkeypatch, capsys):
    monkeypatch.setenv("_CNNGRAD_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "cnngrad conv-backward --gro")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    with pytest.raises(SystemExit):
        chinese()
    assert "--groups\t通道分成的组数。" in capsys.readouterr().out
