"""Files that are written: whole or not at all, over nothing, and with --force as they were."""

import json
import os
import stat
import threading

import pytest

from cnngrad.core.errors import FileError
from cnngrad.files.atomic import write_whole

RUN = ("conv-backward", "convolution")
NOT_ROOT = pytest.mark.skipif(
    not hasattr(os, "chown") or os.geteuid() != 0, reason="only root may give a file away"
)


def left(folder):
    """All that lies in a folder, also what is hidden."""
    return sorted(entry.name for entry in os.scandir(folder))


@pytest.mark.parametrize(
    "outputs",
    [
        ["x.npy"],
        ["ok.json", "ok.npy"],
        ["a.tex", "b.npy"],
        ["a.json", "a.json"],
        ["a.json", "sub/../a.json"],
        ["a.json", "a.odt"],
        ["a.json", "nowhere/a.json"],
        ["a.json", "folder.json"],
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_shown(cnngrad, tmp_path, outputs):
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "sub").mkdir()
    before = left(tmp_path)
    options = [word for name in outputs for word in ("--output", f"{tmp_path}/{name}")]
    run = cnngrad(*RUN, *options)
    assert run.code in (2, 3)
    assert run.out == ""
    assert left(tmp_path) == before


def test_a_numpy_file_that_cannot_hold_the_numbers_is_refused_first(cnngrad, tmp_path):
    large = "9" * 399
    for name in ("x.npy", "x.npz"):
        given = ("--input", large, "--kernel", large, "--output", tmp_path / name)
        run = cnngrad("conv-forward", *given)
        assert (run.code, run.out) == (3, "")
        assert "too large for a NumPy file" in run.err
    assert left(tmp_path) == []


def test_a_network_s_numpy_file_is_looked_at_first(cnngrad, tmp_path):
    large = int("9" * 300)
    network = {
        "layers": [{"op": "dense", "weights": [[large]]}],
        "input": [large],
        "target": [1],
        "loss": "squared-error",
    }
    (tmp_path / "net.json").write_text(json.dumps(network))
    run = cnngrad(
        "network-backward", tmp_path / "net.json", "--exact", "--output", tmp_path / "n.npz"
    )
    assert (run.code, run.out) == (3, "")
    assert "too large for a NumPy file" in run.err
    assert left(tmp_path) == ["net.json"]


def test_force_keeps_a_link_and_writes_what_it_leads_to(cnngrad, tmp_path):
    (tmp_path / "deep").mkdir()
    target = tmp_path / "deep" / "real.json"
    target.write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to("deep/real.json")
    assert cnngrad(*RUN, "--output", link).code == 3
    assert target.read_text() == "old"
    assert cnngrad(*RUN, "--output", link, "--force").code == 0
    assert link.is_symlink()
    assert "dA_prev" in target.read_text()
    assert left(tmp_path / "deep") == ["real.json"]
    assert left(tmp_path) == ["deep", "link.json"]


def test_force_writes_where_a_link_that_leads_nowhere_points(cnngrad, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to("real.json")
    assert cnngrad(*RUN, "--output", link).code == 3
    assert cnngrad(*RUN, "--output", link, "--force").code == 0
    assert link.is_symlink()
    assert "dA_prev" in (tmp_path / "real.json").read_text()


def test_two_names_of_one_file_are_the_same_output(cnngrad, tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    names = ("--output", tmp_path / "real.json", "--output", tmp_path / "link.json")
    run = cnngrad(*RUN, *names, "--force")
    assert run.code == 2
    assert "named twice" in run.err
    assert (tmp_path / "real.json").read_text() == "old"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755, 0o444])
def test_force_keeps_the_mode(cnngrad, tmp_path, mode):
    path = tmp_path / "x.json"
    path.write_text("old")
    path.chmod(mode)
    assert cnngrad(*RUN, "--output", path, "--force").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert "dA_prev" in path.read_text()


@NOT_ROOT
def test_force_keeps_the_owner(cnngrad, tmp_path):
    path = tmp_path / "x.json"
    path.write_text("old")
    os.chown(path, 12345, 54321)
    path.chmod(0o640)
    assert cnngrad(*RUN, "--output", path, "--force").code == 0
    after = path.stat()
    assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (12345, 54321, 0o640)


@NOT_ROOT
def test_where_the_owner_cannot_be_kept_nothing_changes(cnngrad, tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    path.write_text("old")
    os.chown(path, 12345, 54321)

    def refused(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refused)
    run = cnngrad(*RUN, "--output", path, "--force")
    assert run.code == 3
    assert "belongs to somebody else" in run.err
    assert path.read_text() == "old"
    assert left(tmp_path) == ["x.json"]


def test_a_new_file_has_the_mode_that_the_system_gives(cnngrad, tmp_path):
    before = os.umask(0o027)
    try:
        cnngrad(*RUN, "--output", tmp_path / "x.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.json").stat().st_mode) == 0o640


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_pipe_is_not_replaced_by_a_file(cnngrad, tmp_path, force):
    path = tmp_path / "x.json"
    os.mkfifo(path)
    run = cnngrad(*RUN, "--output", path, *force)
    assert (run.code, run.out) == (3, "")
    assert stat.S_ISFIFO(path.lstat().st_mode)
    assert left(tmp_path) == ["x.json"]


@pytest.mark.parametrize("length", [243, 250, 255])
def test_names_as_long_as_the_system_takes_work(cnngrad, tmp_path, length):
    path = tmp_path / ("n" * (length - 5) + ".json")
    assert cnngrad(*RUN, "--output", path).code == 0
    assert cnngrad(*RUN, "--output", path).code == 3
    assert cnngrad(*RUN, "--output", path, "--force").code == 0
    assert left(tmp_path) == [path.name]


def test_a_name_too_long_is_told_before_anything_is_shown(cnngrad, tmp_path):
    run = cnngrad(*RUN, "--output", tmp_path / ("n" * 300 + ".json"))
    assert (run.code, run.out) == (3, "")
    assert "The output cannot be written." in run.err


def test_of_many_at_once_one_wins_and_the_others_are_told(tmp_path):
    path, outcomes = tmp_path / "x.json", []
    gate = threading.Barrier(8)

    def put(k):
        gate.wait()
        try:
            write_whole(path, bytes([48 + k]) * 100_000)
            outcomes.append(k)
        except FileError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=put, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in outcomes if isinstance(one, int)]
    assert path.read_bytes() == bytes([48 + winner]) * 100_000
    assert all("exists already" in one for one in outcomes if isinstance(one, str))
    assert left(tmp_path) == ["x.json"]


def test_a_file_system_without_hard_links_lets_one_win_too(tmp_path, monkeypatch):
    def refused(*_arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    write_whole(tmp_path / "x.json", b"first")
    with pytest.raises(FileError, match="exists already"):
        write_whole(tmp_path / "x.json", b"second")
    assert (tmp_path / "x.json").read_bytes() == b"first"
    assert left(tmp_path) == ["x.json"]


def test_a_link_to_itself_is_told_plainly(cnngrad, tmp_path):
    loop = tmp_path / "loop.json"
    loop.symlink_to("loop.json")
    run = cnngrad("conv-backward", loop)
    assert run.code == 3
    assert "did you mean" not in run.err
    assert "This link leads to no file." in run.err
    run = cnngrad(*RUN, "--output", loop, "--force")
    assert (run.code, run.out) == (3, "")


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["conv-backward", "--difficulty", "9"],
        ["conv-backward", "--kernel-size", "999"],
        ["conv-backward", "--padding", "x"],
        ["conv-backward", "--size", "1.5"],
        ["conv-backward", "--stride", "0"],
    ],
)
def test_an_exercise_that_cannot_be_posed_makes_no_folder(cnngrad, tmp_path, words):
    run = cnngrad("exercise", *words, "--seed", 7, "--output", tmp_path / "out")
    assert run.code in (2, 3)
    assert left(tmp_path) == []


def test_an_example_is_copied_whole_or_not_at_all(cnngrad, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "problem.json").write_text("old")
    assert cnngrad("example", "convolution", "--copy", tmp_path / "mine").code == 3
    assert left(tmp_path / "mine") == ["problem.json"]
    assert cnngrad("example", "convolution", "--copy", tmp_path / "mine", "--force").code == 0
    assert len(left(tmp_path / "mine")) > 1
    assert "conv-backward" in (tmp_path / "mine" / "problem.json").read_text()
