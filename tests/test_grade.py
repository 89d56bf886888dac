"""Marking a class: every answer once, whatever is in the files, on processes and clusters."""

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from classes import hand_in
from conftest import PATIENCE, ROOT, SAMPLES

from cnngrad.core.widths import screen_width
from cnngrad.files import read_problem
from cnngrad.grading.classroom import workers as sharing
from cnngrad.grading.classroom.class_results import ClassResults
from cnngrad.grading.classroom.marking import DIED, Facts, MarkedAnswer, job, mark
from cnngrad.grading.classroom.submissions import Submission, collected
from cnngrad.layers.rules import rules_by_code

ARTICLE = SAMPLES / "convolution" / "problem.json"
RIGHT = {
    "dA_prev": [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]],
    "dW": [[-27, -37], [-57, -67]],
    "db": [-10],
}


def article():
    return read_problem(str(ARTICLE)).problem()


@pytest.fixture(scope="module")
def class_of_500(tmp_path_factory):
    """500 answers, 12 of them broken; and what each is."""
    folder = tmp_path_factory.mktemp("class") / "answers"
    return folder, hand_in(folder, article(), 488, seed=1, broken=12)


@pytest.fixture(scope="module")
def marked_500(class_of_500):
    folder, _ = class_of_500
    return list(sharing.marked(job(article()), submissions(ARTICLE, folder), 1))


def submissions(*where):
    return collected(*where).answers


def hand(folder: Path, **answers) -> Path:
    folder.mkdir(exist_ok=True)
    for name, answer in answers.items():
        text = answer if isinstance(answer, str) else json.dumps(answer)
        (folder / f"{name}.json").write_text(text)
    return folder


# ---- what is made of each answer --------------------------------------------------------------


def test_500_answers_each_with_its_mistake(class_of_500, marked_500):
    folder, kinds = class_of_500
    assert [one.name for one in marked_500] == sorted(p.stem for p in folder.iterdir())
    for kind, one in zip(kinds, marked_500, strict=True):
        record = json.loads(one.text)
        if kind == "broken":
            assert record["error"]
            assert (record["score"], record["max_score"], record["correct"]) == (0, 14, False)
        elif kind == "right":
            assert record["correct"]
            assert one.facts.codes == ()
        else:
            assert not record["correct"]
        if kind in rules_by_code():
            fits = [m for g in record["gradients"].values() for m in g["mistakes"]]
            assert [kind] in [fit["codes"] for fit in fits], (kind, record)
        if kind == "slip":
            assert record["score"] == record["max_score"] - 1


def test_every_rule_of_the_article_is_in_the_class(class_of_500):
    _, kinds = class_of_500
    assert {"kernel-rotated", "overlap-overwritten", "gradient-rotated", "negated"} <= set(kinds)


def test_a_record_is_checks_json(cnngrad, tmp_path):
    answer = {**RIGHT, "dW": [[-67, -57], [-37, -27]]}
    folder = hand(tmp_path / "a", anna=answer)
    marks = json.loads(cnngrad("grade", ARTICLE, folder, "--format", "json").out)
    checked = json.loads(cnngrad("check", ARTICLE, folder / "anna.json", "--format", "json").out)
    assert list(marks) == ["problem", "summary", "submissions"]
    (record,) = marks["submissions"]
    assert record["name"] == "anna"
    assert {key: record[key] for key in checked} == checked
    assert (record["score"], record["max_score"]) == (10, 14)
    assert marks["summary"]["mistakes"] == [
        {"code": "gradient-rotated", "title": "gradient turned by 180°", "submissions": 1}
    ]


def test_what_is_missing_counts_as_wrong(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", anna={"db": [-10], "dW": RIGHT["dW"]}, bert={"db": [-10]})
    run = cnngrad("grade", ARTICLE, folder, "--format", "json")
    anna, bert = json.loads(run.out)["submissions"]
    assert (anna["score"], anna["max_score"], anna["correct"]) == (5, 14, False)
    assert bert["missing"] == ["dA_prev", "dW"]
    run = cnngrad("grade", ARTICLE, folder, "--gradient", "db", "--format", "json")
    anna, _ = json.loads(run.out)["submissions"]
    assert (anna["score"], anna["max_score"], anna["correct"]) == (1, 1, True)


def test_weights(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", anna={"dA_prev": RIGHT["dA_prev"], "dW": [[-27, -37], [0, 0]]})
    run = cnngrad(
        "grade", ARTICLE, folder, "--weights", "dA_prev=2,dW=3,db=1/2", "--format", "json"
    )
    (record,) = json.loads(run.out)["submissions"]
    assert (record["score"], record["max_score"]) == (3.5, 5.5)
    assert record["points"] == {"dA_prev": [2, 2], "dW": [1.5, 3], "db": [0, 0.5]}


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("dW", "dA_prev=2,dW=2,db=1"),
        ("dw=2", 'did you mean "dW"'),
        ("dW=x", "needs a number"),
        ("dW=-1", "no negative"),
        ("dA_prev=0,dW=0,db=0", "nothing to score"),
        ("dW=1e308,db=1e-308", "so large"),
        ("dW=1/1000001", "so small"),
    ],
)
def test_weights_that_make_no_sense(cnngrad, tmp_path, weights, words):
    folder = hand(tmp_path / "a", anna=RIGHT)
    run = cnngrad("grade", ARTICLE, folder, "--weights", weights)
    assert run.code == 2
    assert words in run.err


def test_rounded_numbers_and_tolerance(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", anna={**RIGHT, "db": [-10.4]})
    for options, right in (([], 0), (["--decimals", 0], 1), (["--tolerance", "2/5"], 1)):
        run = cnngrad("grade", ARTICLE, folder, *options, "--format", "json")
        assert json.loads(run.out)["summary"]["correct"] == right


def test_an_answer_that_the_program_stumbles_over_stops_nothing(monkeypatch, tmp_path):
    folder = hand(tmp_path / "a", anna=RIGHT, bert=RIGHT)
    from cnngrad.grading.classroom import answer_files, marking

    def stumble(path, *rest):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(answer_files, "tolerant_answer", stumble)
    results = mark(job(article()), submissions(ARTICLE, folder))
    assert [json.loads(one.text)["error"].splitlines()[0] for one in results] == [
        marking.STUMBLED
    ] * 2


# ---- which files ------------------------------------------------------------------------------


def test_answers_in_folders_of_their_own_and_of_other_kinds(tmp_path):
    folder = hand(tmp_path / "a", anna=RIGHT)
    hand(folder / "bert", answer=RIGHT)
    (folder / "carl.csv").write_text("-10")
    (folder / ".hidden.json").write_text("{}")
    (folder / "dora.pdf").write_text("x")
    (folder / ARTICLE.name).write_text(ARTICLE.read_text())
    found = submissions(folder / ARTICLE.name, folder)
    assert [s.name for s in found] == ["anna", "bert", "carl", "dora"]
    assert [len(s.files) for s in found] == [1, 1, 1, 0]


def test_two_files_of_one_name_are_two_submissions(tmp_path):
    folder = hand(tmp_path / "a", anna=RIGHT)
    (folder / "anna.csv").write_text("1")
    assert [s.name for s in submissions(ARTICLE, folder)] == ["anna.csv", "anna.json"]


def test_glob(cnngrad, tmp_path):
    for name in ("anna", "bert"):
        hand(tmp_path / name, answer=RIGHT, other={"db": [1]})
    found = submissions(ARTICLE, tmp_path, "*/other.json")
    assert [Path(*s.files).name for s in found] == ["other.json"] * 2
    assert [s.name for s in found] == ["anna", "bert"]
    feedback = tmp_path / "feedback"
    run = cnngrad("grade", ARTICLE, tmp_path, "--glob", "*/other.json", "--feedback", feedback)
    assert run.code == 0
    assert "1 of 14 cells is right" not in (feedback / "anna.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([ARTICLE, "nowhere"], "no such folder"),
        ([ARTICLE, ARTICLE], "not a folder"),
        ([ARTICLE, "empty"], "no answers"),
        ([ARTICLE], "folder with the answers is missing"),
        (["empty"], "no problems"),
        (["nothing.json", "empty"], "no such file"),
        ([ARTICLE, "full", "--output", "marks.pdf"], ".html, .csv, .json"),
        ([ARTICLE, "full", "--output", "there.csv"], "--force"),
        ([ARTICLE, "full", "--glob", "/x"], "--glob"),
    ],
)
def test_what_cannot_be_marked_is_said(cnngrad, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    hand(tmp_path / "full", anna=RIGHT)
    (tmp_path / "outer").mkdir()
    hand(tmp_path / "outer" / "inner", anna=RIGHT)
    (tmp_path / "there.csv").write_text("")
    run = cnngrad("grade", *arguments)
    assert run.code == 3
    assert words in run.err
    assert run.out == ""


# ---- the reports ------------------------------------------------------------------------------


def test_the_table_names_everybody_and_the_chart_the_mistakes(cnngrad, class_of_500):
    folder, _ = class_of_500
    run = cnngrad("grade", ARTICLE, folder, "--jobs", 1)
    assert run.code == 0
    assert run.err == ""
    assert max(map(len, run.out.splitlines())) <= 80
    assert "\x1b" not in run.out
    for k in range(488):
        assert f"student{k:06}" in run.out
    assert "500 answers: 122 all right" in run.out
    assert "12 could not be marked" in run.out
    chart = run.out.partition("The most common mistakes")[2]
    assert re.search(r"overlapping windows overwritten .*█+ \d+ · \d+%", chart)


def test_no_cell_is_lost_on_a_narrow_terminal(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", a_name_much_longer_than_its_column_is_wide=RIGHT)
    hand(folder, bert={**RIGHT, "db": [10]})
    run = cnngrad("grade", ARTICLE, folder, columns=40)
    assert max(map(len, run.out.splitlines())) <= 40
    assert "13/14" in run.out
    assert "db: sign turned" in run.out


def test_names_in_any_script_stand_in_their_column(cnngrad, tmp_path):
    folder = hand(tmp_path / "a", 李明=RIGHT, Zoë=RIGHT, 王小明王小明王小明王小明王小明=RIGHT)
    (folder / "\x1b[31mred.json").write_text(json.dumps(RIGHT))
    with open(os.path.join(os.fsencode(folder), b"\xff\xfe.json"), "w") as file:
        file.write("{")
    report = tmp_path / "r.json"
    run = cnngrad("grade", ARTICLE, folder, "--output", report)
    assert run.code == 0
    assert "\x1b" not in run.out
    rows = [line for line in run.out.splitlines() if "14/14" in line]
    assert len({screen_width(row[: row.index("14/14")]) for row in rows}) == 1
    names = {mark["name"] for mark in json.loads(report.read_text())["submissions"]}
    assert "李明" in names
    assert len(names) == 5


def test_reports_agree(cnngrad, class_of_500, tmp_path):
    folder, _ = class_of_500
    files = [tmp_path / name for name in ("marks.html", "marks.csv", "marks.json")]
    outputs = [word for path in files for word in ("--output", path)]
    run = cnngrad("grade", ARTICLE, folder, *outputs, "--quiet")
    assert (run.code, run.out, run.err) == (0, "", "")
    html, table, data = (path.read_text("utf-8-sig") for path in files)
    marks = json.loads(data)
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["name"] for row in rows] == [mark["name"] for mark in marks["submissions"]]
    assert [row["score"] for row in rows] == [str(m.get("score", "")) for m in marks["submissions"]]
    assert html.count("<tr>") == 501
    assert marks["summary"]["submissions"] == 500
    assert marks["summary"]["errors"] == 12
    assert marks["summary"]["correct"] == 122
    assert sum(row["correct"] == "yes" for row in rows) == 122


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.links = Counter(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        self.links += [value for name, value in attributes if name in ("src", "href")]


EVIL = "<script>alert(1)<%2Fscript>&\"'"


def test_a_report_is_safe_whatever_a_file_is_called(cnngrad, tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / f"{EVIL}.json").write_text(json.dumps(RIGHT))
    (folder / "=1+1.json").write_text('{"<b>": [1]}')
    (folder / "# [x](y) `.json").write_text("{")
    report, table, feedback = tmp_path / "r.html", tmp_path / "r.csv", tmp_path / "f"
    run = cnngrad(
        *("grade", ARTICLE, folder, "--output", report, "--output", table, "--feedback", feedback)
    )
    assert run.code == 0
    page = Tags(report.read_text())
    assert page.tags["script"] == 0
    assert page.links == []
    assert "'=1+1" in table.read_text()
    written = [path.read_text() for path in feedback.iterdir()]
    assert len(written) == 3
    assert any(text.startswith("# Feedback for \\<script\\>") for text in written)


def test_gradescope(cnngrad, tmp_path):
    broken = "{"
    folder = hand(tmp_path / "a", anna={**RIGHT, "dW": [[27, 37], [57, 67]]}, bert=broken)
    hand(folder, carl={"db": [-10]})
    target = tmp_path / "gradescope"
    run = cnngrad("grade", ARTICLE, folder, "--gradescope", target, "--hint-level", 2)
    assert run.code == 0
    anna = json.loads((target / "anna" / "results.json").read_text())
    assert [test["name"] for test in anna["tests"]] == ["dA_prev", "dW", "db"]
    assert anna["tests"][0] == {
        "name": "dA_prev",
        "score": 9,
        "max_score": 9,
        "status": "passed",
        "output": "All 9 cells are right.",
        "output_format": "text",
        "visibility": "visible",
    }
    wrong = anna["tests"][1]
    assert (wrong["score"], wrong["max_score"], wrong["status"]) == (0, 4, "failed")
    assert "-27" not in wrong["output"]
    bert = json.loads((target / "bert" / "results.json").read_text())
    assert bert["score"] == 0
    assert "JSON is broken" in bert["output"]
    carl = json.loads((target / "carl" / "results.json").read_text())
    assert [test["score"] for test in carl["tests"]] == [1, 0, 0]
    assert sum(test["max_score"] for test in carl["tests"]) == 14
    again = cnngrad("grade", ARTICLE, folder, "--gradescope", target)
    assert again.code == 3
    assert cnngrad("grade", ARTICLE, folder, "--gradescope", target, "--force").code == 0


@pytest.mark.parametrize("level", [1, 2, 3])
def test_feedback_tells_no_more_than_it_should(cnngrad, tmp_path, level):
    overwritten = [[0, -1, -2], [0, -3, -2], [0, -4, -12]]
    folder = hand(tmp_path / "a", anna={**RIGHT, "dA_prev": overwritten})
    run = cnngrad(
        "grade", ARTICLE, folder, "--feedback", tmp_path / "f", "--hint-level", level, "--quiet"
    )
    assert run.code == 0
    text = (tmp_path / "f" / "anna.md").read_text()
    assert "✗" in text
    assert ("-17" in text) is (level == 3)
    assert ("-10 |" in text) is (level == 3)


def test_a_ledger_remembers_in_order():
    with ClassResults(("dW",)) as ledger:
        for k in range(3):
            facts = Facts(correct=k == 1, score=k, max_score=2, right=("dW",) * (k == 1))
            ledger.add(MarkedAnswer(f"s{k}", json.dumps({"name": f"s{k}"}), facts))
        assert [record["name"] for record in ledger.records()] == ["s0", "s1", "s2"]
        assert [record["name"] for record in ledger.records()] == ["s0", "s1", "s2"]
        assert ledger.tally.mean == 0.5
        assert ledger.tally.gradients == {"dW": 1}


STARTS_A_WORKER = """
import os, signal, subprocess, sys
from cnngrad.grading.classroom.workers import deaf

pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
try:
    with deaf() as listen:
        code = "print('ready', flush=True); input()"
        worker = subprocess.Popen([sys.executable, "-c", code], **pipes)
        worker.stdout.readline()
        for process in (worker.pid, os.getpid()):
            os.kill(process, signal.SIGINT)
        print("the cluster stands")
        listen()
        print("never reached")
except KeyboardInterrupt:
    print("interrupted")
worker.communicate(b"\\n", timeout=300)
print("worker:", worker.returncode)
"""

# ---- many hands -------------------------------------------------------------------------------


def test_processes_mark_as_one(class_of_500, marked_500):
    folder, _ = class_of_500
    assert list(sharing.marked(job(article()), submissions(ARTICLE, folder), 2)) == marked_500


def killer(problem, verdict, points, level, name):
    """Stands for an answer that kills the process that marks it."""
    if name == "student000050":
        os.kill(os.getpid(), signal.SIGKILL)
    return ""


def test_an_answer_that_kills_its_process_costs_nobody_else(tmp_path):
    folder = tmp_path / "a"
    hand_in(folder, article(), 120)
    results = list(sharing.marked(job(article(), handout=killer), submissions(ARTICLE, folder), 2))
    assert [one.name for one in results] == [f"student{k:06}" for k in range(120)]
    assert [one.name for one in results if one.facts.failed] == ["student000050"]
    assert DIED in results[50].text


@pytest.fixture
def distributed(monkeypatch):
    """The package, with as much time to connect as a busy machine needs."""
    package = pytest.importorskip("distributed")
    import dask

    from cnngrad.grading.classroom import cluster

    monkeypatch.setattr(cluster, "MAX_SECONDS_TO_CONNECT", PATIENCE)
    timeouts = "distributed.comm.timeouts"
    with dask.config.set({f"{timeouts}.connect": PATIENCE, f"{timeouts}.tcp": PATIENCE}):
        yield package


def test_a_cluster_that_loses_a_worker_marks_every_answer_once(
    class_of_500, marked_500, distributed
):
    from cnngrad.grading.classroom import cluster

    folder, _ = class_of_500
    answers = submissions(ARTICLE, folder)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as local:
        results = []
        for one in cluster.marked(job(article()), answers, local.scheduler_address):
            results.append(one)
            if len(results) == 250:
                os.kill(next(iter(local.workers.values())).pid, signal.SIGKILL)
    assert [one.name for one in results] == [one.name for one in marked_500]
    assert [one.facts for one in results] == [one.facts for one in marked_500]


def test_workers_of_a_local_cluster_leave_ctrl_c_to_the_program():
    """It waits until the cluster stands; a worker never hears it."""
    run = subprocess.run(
        [sys.executable, "-c", STARTS_A_WORKER], capture_output=True, text=True, timeout=PATIENCE
    )
    assert run.stdout.split("\n") == ["the cluster stands", "interrupted", "worker: 0", ""]


@pytest.mark.usefixtures("distributed")
def test_dask_on_the_command_line(cnngrad, tmp_path):
    folder = tmp_path / "a"
    hand_in(folder, article(), 20, broken=2)
    with socket.socket() as usual:
        with suppress(OSError):  # where it is taken, there is another cluster on this machine
            usual.bind(("127.0.0.1", 8787))
            usual.listen()
        run = cnngrad("grade", ARTICLE, folder, "--dask", "local", "--jobs", 1, "--format", "csv")
    assert run.code == 0
    assert run.err == "marking on Dask: local\n"
    assert run.out == cnngrad("grade", ARTICLE, folder, "--format", "csv").out


def test_dask_must_be_installed(cnngrad, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    run = cnngrad("grade", ARTICLE, hand(tmp_path / "a", anna=RIGHT), "--dask", "local")
    assert run.code == 2
    assert "pip install 'cnngrad[dask]'" in run.err


def test_piped_it_is_plain_and_shows_no_bar(tmp_path):
    folder = tmp_path / "a"
    hand_in(folder, article(), 40)
    run = subprocess.run(
        [sys.executable, "-m", "cnngrad", "grade", ARTICLE, folder, "--jobs", "2"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.stderr == ""
    assert "\x1b" not in run.stdout
    assert "40 answers: 10 all right" in run.stdout


def test_nothing_handed_in_and_no_problem(cnngrad, tmp_path):
    for name in ("anna", "bert"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "problem.json").write_text(ARTICLE.read_text())
    answers = hand(tmp_path / "answers", bert=RIGHT, carl=RIGHT)
    run = cnngrad("grade", tmp_path / "class", answers, "--format", "json")
    anna, bert, carl = json.loads(run.out)["submissions"]
    assert anna["error"] == "Nothing was handed in."
    assert bert["correct"]
    assert "carl" in carl["error"]
    assert submissions(tmp_path / "class", answers)[0] == Submission(
        "anna", (), str(tmp_path / "class" / "anna" / "problem.json"), file="anna"
    )
