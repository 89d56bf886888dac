"""Exercises for a class: nobody learns another's problem or key, and no two classes mix."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest
from conftest import PATIENCE, ROOT

from cnngrad.grading.classroom import autograder


def files_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_nothing_in_a_student_s_folder_makes_another_s_exercise(cnngrad, tmp_path):
    words = ("--count", 3, "--seed", 123456, "--output", tmp_path / "c")
    run = cnngrad("exercise", "conv-backward", *words)
    assert run.code == 0
    for name in ("student01", "student02", "student03"):
        for file in ("problem.json", "worksheet.md"):
            text = (tmp_path / "c" / name / file).read_text()
            assert "123456" not in text
            assert "seed" not in text
            assert "cnngrad exercise" not in text
        assert "answer.json --hide-solution" in text
    command = (tmp_path / "c" / "keys" / "command.txt").read_text()
    assert command == ("cnngrad exercise conv-backward --difficulty 1 --seed 123456 --count 3\n")
    again = cnngrad(*command.split()[1:], "--output", tmp_path / "d")
    assert again.code == 0
    for name in files_in(tmp_path / "c"):
        assert (tmp_path / "c" / name).read_bytes() == (tmp_path / "d" / name).read_bytes()


def test_a_class_s_seed_is_not_found_by_trying(cnngrad, tmp_path):
    cnngrad("exercise", "conv-backward", "--count", 1, "--output", tmp_path / "c")
    command = (tmp_path / "c" / "keys" / "command.txt").read_text()
    assert int(re.search(r"--seed (\d+)", command)[1]) > 10**12


@pytest.mark.parametrize(
    "roster",
    [
        "Anna Meier\n李明\n\n../evil\nAnna Meier\n",
        "name,mail\nAnna Meier,a@x\n李明,b\n../evil,\nAnna Meier,\n",
    ],
)
def test_names_come_from_a_roster(cnngrad, tmp_path, roster):
    (tmp_path / "r.csv").write_text(roster)
    run = cnngrad(
        *("exercise", "conv-backward", "--roster", tmp_path / "r.csv", "--output", tmp_path / "c")
    )
    assert run.code == 0, run.err
    folders = sorted(p.name for p in (tmp_path / "c").iterdir())
    assert folders == ["Anna Meier", "Anna Meier-2", "_evil", "keys", "李明"]
    for name in ("Anna Meier", "李明"):
        key = tmp_path / "c" / "keys" / f"{name}.json"
        shutil.copy(key, tmp_path / "c" / name / "answer.json")
    marks = json.loads(cnngrad("grade", tmp_path / "c", "--format", "json").out)["submissions"]
    assert [(m["name"], m["correct"]) for m in marks] == [
        ("Anna Meier", True),
        ("Anna Meier-2", False),
        ("_evil", False),
        ("李明", True),
    ]


def test_a_roster_that_names_nobody_is_refused(cnngrad, tmp_path):
    (tmp_path / "r.txt").write_text("name\n\n")
    words = ("--roster", tmp_path / "r.txt", "--output", tmp_path / "c")
    assert cnngrad("exercise", "conv-backward", *words).code == 3
    assert cnngrad("exercise", "conv-backward", *words, "--count", 3).code == 2
    assert not (tmp_path / "c").exists()


def test_a_larger_class_takes_the_place_of_a_smaller_one_whole(cnngrad, tmp_path):
    made = ("--output", tmp_path / "c", "--force", "--seed")
    cnngrad("exercise", "conv-backward", "--count", 2, *made, 1)
    assert cnngrad("exercise", "pool-backward", "--count", 3, *made, 2).code == 0
    for name in ("student01", "student02", "student03"):
        problem = json.loads((tmp_path / "c" / name / "problem.json").read_text())
        assert problem["op"] == "pool-backward"


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_no_two_classes_mix(cnngrad, tmp_path, force):
    made = ("--output", tmp_path / "c")
    assert cnngrad("exercise", "conv-backward", "--count", 5, *made).code == 0
    before = {name: (tmp_path / "c" / name).read_bytes() for name in files_in(tmp_path / "c")}
    (tmp_path / "r.txt").write_text("Zoë\n")
    others = [["--count", 3], ["--roster", tmp_path / "r.txt"], []]
    for words in [*others, *([] if force else [["--count", 12]])]:
        run = cnngrad("exercise", "pool-backward", *words, *made, *force)
        assert run.code == 3, words
        assert {n: (tmp_path / "c" / n).read_bytes() for n in files_in(tmp_path / "c")} == before


def test_old_answers_are_not_left_to_a_new_class(cnngrad, tmp_path):
    made = ("exercise", "conv-backward", "--count", 2, "--output", tmp_path / "c", "--force")
    assert cnngrad(*made).code == 0
    assert cnngrad(*made).code == 0  # the same class anew
    (tmp_path / "c" / "student01" / "answer.json").write_text("{}")
    run = cnngrad(*made)
    assert run.code == 3
    assert "answers to them" in run.err
    assert "student01/answer.json" in run.err


# ---- Gradescope -------------------------------------------------------------------------------


@pytest.fixture
def gradescope(cnngrad, tmp_path):
    """A folder laid out as Gradescope lays it, with an autograder in it."""
    root = tmp_path / "autograder"
    made = ("--gradescope-autograder", root / "source", "--output", tmp_path / "sheet")
    run = cnngrad("exercise", "conv-backward", "--seed", 3, *made)
    assert run.code == 0, run.err
    (root / "submission").mkdir()
    return root


def submitted(root):
    run = subprocess.run(
        ["bash", str(root / "source" / "run_autograder")],
        env={**os.environ, "AUTOGRADER_ROOT": str(root), "PATH": path_of_this_python(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    return json.loads((root / "results" / "results.json").read_text())


def path_of_this_python(root):
    """Where the shell finds this very Python as `python3`."""
    folder = root / "bin"
    folder.mkdir(exist_ok=True)
    script = folder / "python3"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    script.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_an_autograder_marks_as_gradescope_runs_it(gradescope, tmp_path):
    key = (tmp_path / "sheet" / "key.json").read_text()
    (gradescope / "submission" / "my answer.json").write_text(key)
    results = submitted(gradescope)
    assert [test["status"] for test in results["tests"]] == ["passed"] * 3
    wrong = {**json.loads(key), "db": [99]}
    (gradescope / "submission" / "my answer.json").write_text(json.dumps(wrong))
    results = submitted(gradescope)
    assert [test["score"] > 0 for test in results["tests"]] == [True, True, False]


@pytest.mark.parametrize("handed_in", ["scan.pdf", None])
def test_a_pdf_or_nothing_gets_0_and_the_reason(gradescope, handed_in):
    if handed_in:
        (gradescope / "submission" / handed_in).write_bytes(b"%PDF-1.4")
    results = submitted(gradescope)
    assert results["score"] == 0
    assert "Nothing was handed in" in results["output"]
    assert (handed_in or "") in results["output"]


def test_what_the_autograder_itself_cannot_do_is_told_as_a_result(gradescope):
    (gradescope / "source" / "problem.json").write_text("{")
    results = submitted(gradescope)
    assert results["score"] == 0
    assert "JSON is broken" in results["output"]


def test_the_autograder_s_files(gradescope):
    source = gradescope / "source"
    for name in ("setup.sh", "run_autograder"):
        assert stat.S_IMODE((source / name).stat().st_mode) == 0o755
        assert subprocess.run(["bash", "-n", str(source / name)], check=False).returncode == 0
    for requirement in autograder.requirements():
        assert f"'{requirement}'" in (source / "setup.sh").read_text()
    assert "seed" not in (source / "problem.json").read_text()
    assert (source / "cnngrad" / "__main__.py").exists()
    assert not list(source.rglob("*.pyc"))


def test_what_it_requires_is_what_the_package_requires():
    stated = re.search(
        r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.M | re.S
    )
    assert sorted(re.findall(r'"(.*?)"', stated[1])) == sorted(autograder.REQUIRED)
