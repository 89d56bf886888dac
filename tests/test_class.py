"""What the marks of a class tell the teacher, and what they tell the students."""

import json
import os

import pytest
from conftest import SAMPLES

from cnngrad.cli import class_outputs, main, progress
from cnngrad.grading.classroom.submissions import collected
from cnngrad.show.terminal.report import share

ARTICLE = SAMPLES / "convolution" / "problem.json"
RIGHT = {
    "dA_prev": [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
    "dW": [[-27, -37], [-57, -67]],
    "db": [-10],
}


def hand(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


# ---- the mean ---------------------------------------------------------------------------------


def test_the_mean_says_of_whom_it_is(cnngrad, tmp_path):
    answers = {"a.json": RIGHT, "b.json": "{", "c.json": "{"}
    run = cnngrad("grade", ARTICLE, hand(tmp_path / "a", answers))
    said = " ".join(run.out.split())
    assert "3 answers: 1 all right, mean score 33%. 2 could not be marked and count 0." in said
    run = cnngrad("grade", ARTICLE, hand(tmp_path / "b", {"b.json": "{"}))
    assert "1 answer, which could not be marked." in run.out


def test_nearly_all_is_not_all(cnngrad, tmp_path):
    assert (share(0.9999), share(0.00001)) == ("99.9%", "0.1%")
    files = {f"s{k:03}.json": RIGHT for k in range(200)} | {"z.json": {**RIGHT, "db": [-11]}}
    run = cnngrad("grade", ARTICLE, hand(tmp_path / "a", files), "--format", "json")
    assert json.loads(run.out)["summary"]["mean_score"] < 1


# ---- what a student reads -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "score"),
    [
        ([], "1 of 14 cells is right."),
        (["--weights", "dA_prev=2,dW=2,db=1/2"], "Your score: 0.5 of 4.5 points."),
        (["--gradient", "db"], "Everything is right: 1 of 1 cell."),
    ],
)
def test_a_note_says_what_the_mark_says(cnngrad, tmp_path, options, score):
    folder = hand(tmp_path / "a", {"pia.json": {"db": [-10]}})
    run = cnngrad("grade", ARTICLE, folder, "--feedback", tmp_path / "f", "--quiet", *options)
    assert run.code == 0
    note = (tmp_path / "f" / "pia.md").read_text()
    assert score in note
    assert ("counted as wrong: dA_prev, dW." in note) is ("--gradient" not in options)


@pytest.mark.parametrize(("name", "text"), [("eve.json", '{"db": [1'), ("eve.csv", "1 2")])
def test_the_teachers_folders_and_options_stay_with_the_teacher(cnngrad, tmp_path, name, text):
    folder = hand(tmp_path / "secret", {name: text})
    made = tmp_path / "f", tmp_path / "g", tmp_path / "r.json"
    outputs = ("--feedback", made[0], "--gradescope", made[1], "--output", made[2])
    cnngrad("grade", ARTICLE, folder, *outputs, "--quiet")
    for path in (made[0] / "eve.md", made[1] / "eve" / "results.json"):
        told = path.read_text()
        assert f"where     {name}" in told
        assert "secret" not in told
        assert "--gradient" not in told
    assert "secret" not in json.dumps(json.loads(made[2].read_text())["submissions"])


def test_a_wrong_shape_is_told_as_such(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", {"anna.json": {**RIGHT, "dA_prev": [[1, 2], [3, 4]]}})
    run = cnngrad("grade", ARTICLE, folder, columns=120)
    assert "dA_prev: wrong shape 2×2, 3×3 expected" in run.out
    assert "no known mistake" not in run.out
    assert "wrong shape  █" in run.out


# ---- files that are no answers ------------------------------------------------------------------


def test_what_is_not_read_is_named(cnngrad, tmp_path):
    files = {"anna.json": RIGHT, "peter.docx": "x", "bert/Answer.JSON": RIGHT}
    files |= {"carl/answer.json.txt": RIGHT, "dora/solution.json": RIGHT, "bert/worksheet.md": ""}
    folder = hand(tmp_path / "a", files)
    os.mkfifo(folder / "pipe.json")
    run = cnngrad("grade", ARTICLE, folder, "--format", "json", "--output", tmp_path / "r.html")
    names = ["anna", "bert", "carl", "dora", "peter", "pipe"]
    assert [s["name"] for s in json.loads(run.out)["submissions"]] == names
    assert json.loads(run.out)["summary"]["not_read"] == ["peter.docx"]
    assert json.loads(run.out)["summary"]["correct"] == 4
    page = (tmp_path / "r.html").read_text()
    assert "One file was not read: peter.docx." in page
    assert "pipe.json is no file" in page
    assert "One file was not read: peter.docx." in cnngrad("grade", ARTICLE, folder).out


def test_in_a_class_the_files_of_who_handed_nothing_in_are_named(cnngrad, tmp_path):
    problem = ARTICLE.read_text()
    files = {f"{name}/problem.json": problem for name in ("anna", "bert", "carl")}
    files |= {"anna/my_answer.json": RIGHT, "bert/answer.txt": RIGHT, "keys/anna.json": RIGHT}
    found = collected(hand(tmp_path / "class", files))
    assert found.unread == []
    run = cnngrad("grade", tmp_path / "class", "--format", "json")
    anna, bert, carl = json.loads(run.out)["submissions"]
    assert anna["correct"]
    assert bert["correct"]
    assert carl["reason"] == "Nothing was handed in."


def test_a_class_that_has_handed_in_nothing_is_marked_so(cnngrad, tmp_path):
    cnngrad("exercise", "conv-backward", "--count", "2", "--output", tmp_path / "e", "--quiet")
    run = cnngrad("grade", tmp_path / "e")
    assert run.code == 0
    assert run.out.count("Nothing was handed in.") == 2


def test_an_answer_that_cannot_be_read_keeps_its_student_in_the_table(cnngrad, tmp_path):
    files = {"anna/answer.docx": "", "bert/answer.json": RIGHT, "carl/deep/er/answer.json": RIGHT}
    folder = hand(tmp_path / "a", files)
    run = cnngrad("grade", ARTICLE, folder, "--format", "json")
    anna, bert, carl = json.loads(run.out)["submissions"]
    assert "answer.docx cannot be read as an answer" in anna["reason"]
    assert bert["correct"]
    assert carl["correct"]


# ---- interrupted --------------------------------------------------------------------------------


def test_who_interrupts_hears_how_far_it_came(cnngrad, tmp_path, monkeypatch):
    folder = hand(tmp_path / "a", {f"s{k}.json": RIGHT for k in range(5)})

    def two_and_then_control_c(items, *_):
        for _, item in zip(range(2), items, strict=False):
            yield item
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "progress", two_and_then_control_c)
    run = cnngrad("grade", ARTICLE, folder, "--feedback", tmp_path / "f")
    assert run.code == 130
    assert "2 of 5 answers were marked" in run.err
    assert f"{tmp_path / 'f'} is not complete: run it again with --force" in run.err
    monkeypatch.undo()
    assert (
        main(["grade", str(ARTICLE), str(folder), "--feedback", str(tmp_path / "f"), "--force"])
        == 0
    )


def test_who_interrupts_the_reports_hears_which_are_not_there(cnngrad, tmp_path, monkeypatch):
    folder = hand(tmp_path / "a", {"anna.json": RIGHT})

    def control_c(*_):
        raise KeyboardInterrupt

    monkeypatch.setitem(class_outputs.REPORTS, ".json", control_c)
    files = [tmp_path / "r.html", tmp_path / "r.json"]
    outputs = [word for path in files for word in ("--output", path)]
    run = cnngrad("grade", ARTICLE, folder, *outputs, "--quiet")
    assert run.code == 130
    assert "1 of 1 answer was marked" in run.err
    assert f"{files[1]} is not written" in run.err
    assert str(files[0]) not in run.err
    assert [path.exists() for path in files] == [True, False]


def test_no_folder_is_made_before_its_student_is_marked(cnngrad, tmp_path, monkeypatch):
    folder = hand(tmp_path / "a", {f"s{k}.json": RIGHT for k in range(5)})

    def one_and_then_control_c(items, *_):
        yield next(items)
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "progress", one_and_then_control_c)
    run = cnngrad("grade", ARTICLE, folder, "--gradescope", tmp_path / "g")
    assert run.code == 130
    assert [path.name for path in (tmp_path / "g").iterdir()] == ["s0"]
    made = cnngrad("exercise", "conv-backward", "--count", "3", "--output", tmp_path / "e")
    assert made.code == 130
    assert "1 of 3 exercises were written" in made.err
    assert sorted(path.name for path in (tmp_path / "e").iterdir()) == ["keys", "student01"]


# ---- the reports --------------------------------------------------------------------------------


def test_long_scores_stay_in_their_column(cnngrad, tmp_path):
    one_wrong = {**RIGHT, "dA_prev": [[0, -1, -2], [-2, -10, -10], [-6, -17, 0]]}
    folder = hand(tmp_path / "a", {"anna.json": one_wrong, "bert.json": RIGHT})
    run = cnngrad("grade", ARTICLE, folder, "--weights", "dA_prev=2,dW=2,db=1", columns=120)
    rows = [line for line in run.out.splitlines() if "/5" in line]
    assert len({row.index("/5") for row in rows}) == 1


def test_a_spreadsheet_sees_that_the_marks_are_utf8(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", {"李明.json": RIGHT})
    table = tmp_path / "marks.csv"
    run = cnngrad("grade", ARTICLE, folder, "--output", table, "--format", "csv")
    assert table.read_bytes().startswith(b"\xef\xbb\xbfname,")
    assert run.out.startswith("name,")


def test_of_two_folders_that_cannot_both_be_made_none_is(cnngrad, tmp_path):
    answers = hand(tmp_path / "answers", {"anna.json": RIGHT})
    (tmp_path / "file").write_text("kept")
    folders = "--gradescope", tmp_path / "new" / "deep", "--feedback", tmp_path / "file"
    run = cnngrad("grade", ARTICLE, answers, *folders)
    assert run.code == 3
    assert "The folder cannot be made." in run.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers", "file"]
