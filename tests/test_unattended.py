"""A class that nobody looks at while it is marked: everybody has a row, whatever is in it."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys

import pytest
from conftest import SAMPLES, until
from unattended import KINDS, RIGHT, deliver, put

from cnngrad.grading.classroom import student_files
from cnngrad.grading.classroom.submissions import collected

ARTICLE = SAMPLES / "convolution" / "problem.json"
PROGRAM = [sys.executable, "-m", "cnngrad"]


@pytest.fixture(scope="module")
def class_of_300(tmp_path_factory):
    folder = tmp_path_factory.mktemp("moodle") / "answers"
    return folder, deliver(folder)


def rows_of(table):
    return list(csv.DictReader(io.StringIO(table)))


# ---- everybody, in every report ---------------------------------------------------------------


def test_everybody_has_the_same_marks_in_every_report(cnngrad, class_of_300, tmp_path):
    folder, kinds = class_of_300
    reports = [tmp_path / f"m.{ending}" for ending in ("json", "csv", "html")]
    words = [word for path in reports for word in ("--output", path)]
    made = ("--feedback", tmp_path / "f", "--gradescope", tmp_path / "g")
    run = cnngrad("grade", ARTICLE, folder, *words, *made, columns=200)
    assert run.code == 0, run.err
    data, table, page = (path.read_text("utf-8-sig") for path in reports)
    records = {one["name"]: one for one in json.loads(data)["submissions"]}
    rows = {row["name"]: row for row in rows_of(table)}
    assert list(records) == list(rows) == sorted(kinds)
    assert len(records) == 300
    for name, kind in kinds.items():
        _, score, word = KINDS[kind]
        record, row = records[name], rows[name]
        assert (record["score"], record["max_score"]) == (score, 14), (kind, record)
        assert (row["score"], row["max_score"]) == (str(score), "14")
        assert (record["id"], row["id"]) == (f"{10000 + int(name[-3:])}",) * 2
        assert word in data
        told = f"{record.get('error', '')} {record.get('notes', '')} {record.get('not_read', '')}"
        assert word in told, (kind, record)
        shown = re.search(rf"^ {name} +{score}/14 .*$", run.out, re.MULTILINE)
        assert shown, (kind, name)
        assert f'<th scope="row">{name}' in page
        assert f">{score} / 14<" in page
        assert (tmp_path / "f" / f"{name}.md").exists()
        results = json.loads((tmp_path / "g" / name / "results.json").read_text())
        assert sum(test["score"] for test in results["tests"]) == score
    summary = json.loads(data)["summary"]
    scores = [KINDS[kind][1] for kind in kinds.values()]
    assert summary["mean_score"] == round(sum(scores) / (14 * 300), 4)
    failed = [name for name, record in records.items() if "error" in record]
    assert summary["errors"] == len(failed)
    assert f"{len(failed)} could not be marked and count 0." in run.out
    unread = [file for file in summary["not_read"] if file.endswith("scan.pdf")]
    assert len(unread) == sum(kind == "PDF only" for kind in kinds.values())
    for report in (run.out, page):
        said = " ".join(report.split())
        assert all(file.split("/")[0] in said for file in unread)


def test_no_cell_of_a_csv_is_left_by_what_a_student_wrote(cnngrad, class_of_300):
    folder, _ = class_of_300
    run = cnngrad("grade", ARTICLE, folder, "--format", "csv")
    assert "\r" not in run.out
    assert len(run.out.splitlines()) == 301
    assert not re.search(r"(^|,)\"?=", run.out, re.MULTILINE)


# ---- who is a student -------------------------------------------------------------------------


def names(folder, **how):
    return [s.name for s in collected(ARTICLE, folder, names=tuple(RIGHT), **how).answers]


def test_moodle_s_folders_for_files_and_for_text_are_one_student(tmp_path):
    put(tmp_path / "a" / "Anna Meier_77_assignsubmission_file_" / "scan.pdf", "x")
    put(tmp_path / "a" / "Anna Meier_77_assignsubmission_onlinetext_" / "answer.json", "{}")
    put(tmp_path / "a" / "Anna Meier_78_assignsubmission_file_" / "answer.json", "{}")
    put(tmp_path / "a" / "Bert_79_assignsubmission_file_answer.json", "{}")
    found = collected(ARTICLE, tmp_path / "a").answers
    assert [s.name for s in found] == ["Anna Meier (77)", "Anna Meier (78)", "Bert"]
    assert [len(s.files) for s in found] == [1, 1, 1]
    assert found[0].unread == ("scan.pdf",)


def test_canvas_tells_who_was_late_and_the_last_upload_counts(cnngrad, tmp_path):
    folder = tmp_path / "a"
    put(folder / "meieranna_LATE_12_900_answer.json", "{")
    put(folder / "meieranna_LATE_12_901_answer-1.json", json.dumps(RIGHT))
    put(folder / "zweibert_13_902_dA_prev.csv", "0 -1 -2\n-2 -10 -10\n-6 -17 -12\n")
    put(folder / "zweibert_13_903_dW.csv", "-27 -37\n-57 -67\n")
    put(folder / "zweibert_13_904_db-2.csv", "-10\n")
    run = cnngrad("grade", ARTICLE, folder, "--format", "csv")
    anna, bert = rows_of(run.out)
    assert (anna["name"], anna["id"], anna["late"], anna["upload"]) == (
        "meieranna",
        "12",
        "yes",
        "2",
    )
    assert (anna["score"], bert["score"]) == ("14", "14")
    assert "answer-1.json counts" in anna["notes"]
    assert (bert["late"], bert["upload"]) == ("", "3")


def test_gradescope_s_export_names_its_students(cnngrad, tmp_path):
    folder = tmp_path / "a"
    put(folder / "submission_7" / "answer.json", json.dumps(RIGHT))
    put(folder / "submission_8" / "scan.pdf", "x")
    put(
        folder / "submission_metadata.yml",
        "---\nsubmission_7:\n  :submitters:\n  - :name: Anna Meier\n    :sid: '12'\n"
        "  - :name: Bert Zwei\n    :sid: '13'\n  :created_at: 2026-01-01\n"
        "submission_8:\n  :submitters:\n  - :name: ../Cleo\n    :sid: '14'\n",
    )
    run = cnngrad("grade", ARTICLE, folder, "--format", "json", "--feedback", tmp_path / "f")
    first, second = json.loads(run.out)["submissions"]
    assert (first["name"], first["id"], first["score"]) == ("../Cleo", "8", 0)
    assert (second["name"], second["id"], second["score"]) == ("Anna Meier, Bert Zwei", "7", 14)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "f"]
    assert len(list((tmp_path / "f").iterdir())) == 2


def test_files_named_after_results_are_one_answer(cnngrad, tmp_path):
    put(tmp_path / "anna" / "dA_prev.csv", "0 -1 -2\n-2 -10 -10\n-6 -17 -12\n")
    put(tmp_path / "anna" / "dW.csv", "-27 -37\n-57 -67\n")
    (one,) = json.loads(cnngrad("grade", ARTICLE, tmp_path / "anna", "--format", "json").out)[
        "submissions"
    ]
    assert (one["name"], one["score"]) == ("anna", 13)
    put(tmp_path / "anna" / "bert.json", json.dumps(RIGHT))
    assert names(tmp_path / "anna") == ["bert", "dA_prev", "dW"]


def test_reports_of_an_earlier_run_are_nobody_s(cnngrad, tmp_path):
    folder = tmp_path / "a"
    put(folder / "anna.json", json.dumps(RIGHT))
    put(folder / "bert.json", "{")
    outputs = [folder / f"marks.{ending}" for ending in ("csv", "json", "html")]
    words = [word for path in outputs for word in ("--output", path)]
    words += ["--feedback", folder / "fb", "--gradescope", folder / "gs"]
    words += ["--resume", folder / "journal.jsonl"]
    assert cnngrad("grade", ARTICLE, folder, *words).code == 0
    assert names(folder) == ["anna", "bert"]
    put(folder / "marks.json", '{"db": [-10]}')  # a student of this name
    assert names(folder) == ["anna", "bert", "marks"]


def test_the_problem_and_what_is_handed_out_are_nobody_s(tmp_path):
    put(tmp_path / "p.json", ARTICLE.read_text())
    for name in ("worksheet.md", "key.md", "key.json", "problem.json", "keys/anna.json"):
        put(tmp_path / name, "{}")
    put(tmp_path / "anna.json", "{}")
    found = collected(tmp_path / "p.json", tmp_path)
    assert [s.name for s in found.answers] == ["anna"]


def test_whoever_names_the_whole_system_is_told_at_once(cnngrad, tmp_path, monkeypatch):
    monkeypatch.setattr(student_files, "MAX_ENTRIES", 50)
    for k in range(60):
        put(tmp_path / "a" / f"{k % 7}" / f"f{k}.txt", "x")
    run = cnngrad("grade", ARTICLE, tmp_path / "a")
    assert (run.code, run.out) == (3, "")
    assert "far too much in this folder" in run.err


# ---- links ------------------------------------------------------------------------------------


def test_links_are_followed_only_if_asked_and_never_out_of_the_folder(tmp_path):
    folder = tmp_path / "a"
    put(tmp_path / "secret.json", "{}")
    put(folder / "anna" / "answer.json", "{}")
    (folder / "bert").mkdir()
    (folder / "bert" / "answer.json").symlink_to("../anna/answer.json")
    (folder / "cleo").mkdir()
    (folder / "cleo" / "answer.json").symlink_to(tmp_path / "secret.json")
    (folder / "dora").symlink_to("anna")
    (folder / "emil").mkdir()
    (folder / "emil" / "loop").symlink_to(".")
    (folder / "emil" / "dead.json").symlink_to("nowhere.json")
    (folder / "finn.json").symlink_to("finn.json")

    def files(**how):
        return {s.name: len(s.files) for s in collected(ARTICLE, folder, **how).answers}

    nobody = dict.fromkeys(["anna", "bert", "cleo", "dora", "emil", "finn"], 0)
    assert files() == {**nobody, "anna": 1}
    assert files(follow_links=True) == {**nobody, "anna": 1, "bert": 1, "dora": 1}
    told = {s.name: s.notes for s in collected(ARTICLE, folder, follow_links=True).answers}
    assert "leads out of the folder" in told["cleo"][0]
    assert any("leads back to itself" in note for note in told["emil"])


def test_a_linked_problem_is_none(cnngrad, tmp_path):
    put(tmp_path / "c" / "anna" / "problem.json", ARTICLE.read_text())
    (tmp_path / "c" / "bert").mkdir()
    (tmp_path / "c" / "bert" / "problem.json").symlink_to("../anna/problem.json")
    put(tmp_path / "c" / "bert" / "answer.json", json.dumps(RIGHT))
    run = cnngrad("grade", tmp_path / "c", "--format", "json")
    _, bert = json.loads(run.out)["submissions"]
    assert "There is no problem for bert" in bert["error"]
    assert (bert["score"], bert["max_score"]) == (0, 14)


# ---- killed, and taken up again ---------------------------------------------------------------


def gone(process):
    """Whether a process has ended; one that nobody has waited for counts as ended."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def descendants(process):
    """All processes that a process has started, and theirs."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == process:
                found += [int(entry), *descendants(int(entry))]
    return found


@pytest.mark.skipif(not os.path.exists("/proc"), reason="processes are looked up in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_the_program(class_of_300, tmp_path, number):
    folder, _ = class_of_300
    journal = tmp_path / "journal"
    words = ["grade", str(ARTICLE), str(folder), "--jobs", "2", "--resume", str(journal)]
    with subprocess.Popen(
        [*PROGRAM, *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as run:
        until(lambda: len(descendants(run.pid)) >= 3)
        workers = descendants(run.pid)
        run.send_signal(number)
        said = run.communicate(timeout=300)[1].decode()  # nobody holds the pipe
        code = run.returncode
    until(lambda: all(map(gone, workers)))
    assert "Traceback" not in said
    if number == signal.SIGKILL:
        assert code == -signal.SIGKILL
    else:
        assert code == 128 + number
        assert said.splitlines()[-1] == (
            "cnngrad: interrupted" if number == signal.SIGINT else "cnngrad: terminated"
        )


def test_a_class_killed_half_way_is_taken_up_again(cnngrad, class_of_300, tmp_path):
    folder, _ = class_of_300
    whole = cnngrad("grade", ARTICLE, folder, "--format", "json").out
    journal, feedback = tmp_path / "journal.jsonl", tmp_path / "f"
    words = ["grade", str(ARTICLE), str(folder), "--resume", str(journal)]
    words += ["--feedback", str(feedback), "--format", "json"]

    def half_way():
        return journal.exists() and journal.read_bytes().count(b"\n") >= 120

    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        until(half_way)
        run.kill()
        run.communicate()
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:100]) + lines[100][:30])  # torn
    assert not list(folder.glob("*/.cnngrad-*"))
    again = cnngrad(*words)
    assert again.code == 0, again.err
    strip = re.compile(r'"handout": "[^"]*"')
    assert strip.sub("", again.out) == strip.sub("", whole)
    assert len(list(feedback.glob("*.md"))) == 300
    kept = journal.read_bytes()
    assert kept.startswith(b"".join(lines[:100]))
    third = cnngrad(*words)
    assert third.out == again.out
    assert journal.read_bytes() == kept  # nothing is marked anew


def test_what_changes_a_mark_is_marked_anew(cnngrad, tmp_path):
    folder, journal = tmp_path / "a", tmp_path / "j"
    put(folder / "anna.json", json.dumps(RIGHT))
    put(tmp_path / "p.json", ARTICLE.read_text())

    def run(*more):
        out = cnngrad(
            "grade", tmp_path / "p.json", folder, "--resume", journal, "--format", "json", *more
        )
        assert out.code == 0, out.err
        lines = journal.read_text().splitlines()
        return json.loads(out.out)["submissions"][0]["score"], len(lines)

    assert run() == (14, 1)
    assert run() == (14, 1)
    assert run("--gradient", "db") == (1, 2)
    assert run("--decimals", "1") == (14, 3)
    put(folder / "anna.json", json.dumps({**RIGHT, "db": [3]}))
    assert run() == (13, 4)
    put(folder / "anna.json", json.dumps(RIGHT))
    assert run() == (14, 4)
    put(tmp_path / "p.json", ARTICLE.read_text().replace('"op"', '"batch": "sum", "op"'))
    assert run() == (14, 5)


def test_a_file_that_is_no_journal_stays_as_it_is(cnngrad, tmp_path):
    put(tmp_path / "a" / "anna.json", json.dumps(RIGHT))
    for text in ("precious\n", '{"my": "data"}\n', "precious"):
        put(tmp_path / "j", text)
        run = cnngrad("grade", ARTICLE, tmp_path / "a", "--resume", tmp_path / "j")
        assert (run.code, run.out) == (3, "")
        assert "no journal" in run.err
        assert (tmp_path / "j").read_text() == text
