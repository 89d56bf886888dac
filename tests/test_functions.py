"""`cnngrad test`: right functions are never accused, wrong ones are told truly."""

import json
import os
import subprocess
import sys

import function_corpus as corpus
import numpy as np
import pytest
from conftest import ROOT, SAMPLES, until

from cnngrad.core.errors import CnngradError
from cnngrad.testing import assert_gradients
from cnngrad.testing.calls.calling import understood
from cnngrad.testing.calls.local import LocalRunner
from cnngrad.testing.examine import examine
from cnngrad.testing.problems.ladder import ladder

FUNCTIONS = SAMPLES / "functions"


def examined(source, **how):
    runner = LocalRunner(corpus.loaded(source), None)
    return examine(runner, understood(runner.signatures[0], (), **how))


@pytest.mark.parametrize("name", corpus.RIGHT)
def test_a_right_function_is_never_accused(name):
    report = examined(corpus.RIGHT[name])
    assert report.right, (report.results, report.errors)
    assert report.mistakes == ()


@pytest.mark.parametrize("wrong", corpus.WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_function_is_told_truly(wrong):
    report = examined(wrong.code)
    assert not report.right
    named = {code for mistake in report.mistakes for code in mistake.codes}
    assert named & set(wrong.codes), (named, report.results)
    assert all(mistake.explains == mistake.of for mistake in report.mistakes)


def test_the_corpus_is_large_enough():
    assert len(corpus.RIGHT) + len(corpus.WRONG) >= 40


@pytest.mark.parametrize(
    ("file", "function", "calling", "conventions"),
    [
        ("plain.py", "conv_backward", "arrays", {"layout": "nchw", "batch": "sum"}),
        ("plain.py", "max_pool_backward", "arrays", {"ties": "first"}),
        ("plain.py", "avg_pool_backward", "arrays", {"layout": "nchw"}),
        ("cs231n_style.py", "conv_backward_naive", "cs231n", {"kernel_layout": "oihw"}),
        ("cs231n_style.py", "conv_forward_naive", "cs231n", {"layout": "nchw"}),
        ("cs231n_style.py", "max_pool_backward_naive", "cs231n", {"ties": "all"}),
        ("cs231n_style.py", "affine_backward", "cs231n", {"dense_layout": "in-out"}),
        ("cs231n_style.py", "softmax_loss", "arrays", {"batch": "loss-mean"}),
        ("deeplearning_style.py", "conv_backward", "deeplearning.ai", {"layout": "nhwc"}),
        ("deeplearning_style.py", "conv_forward", "deeplearning.ai", {"kernel_layout": "hwio"}),
        ("deeplearning_style.py", "pool_backward", "deeplearning.ai", {"ties": "all"}),
        ("deeplearning_style.py", "linear_backward", "deeplearning.ai", {"batch": "mean"}),
        ("layer_class.py", "Conv2D", "class", {"layout": "nchw"}),
        ("layer_class.py", "Linear", "class", {"dense_layout": "in-out"}),
    ],
)
def test_each_calling_is_understood(cnngrad, file, function, calling, conventions):
    run = cnngrad("test", f"{FUNCTIONS / file}:{function}", "--format", "json")
    report = json.loads(run.out)
    assert run.code == 0, report
    assert report["right"] is True
    assert report["calling"] == calling
    assert report["conventions"].items() >= conventions.items()
    assert all(score["right"] == score["of"] for score in report["results"].values())


def test_pytorch_is_understood(cnngrad):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    run = cnngrad("test", f"{FUNCTIONS / 'torch_style.py'}:ConvFunction", "--format", "json")
    assert run.code == 0
    assert json.loads(run.out)["calling"] == "torch"


def test_the_object_for_machines_is_as_promised(cnngrad):
    run = cnngrad("test", f"{FUNCTIONS / 'no_stride.py'}:conv_backward", "--format", "json")
    assert run.code == 1
    report = json.loads(run.out)
    assert [*report][:10] == [
        "function",
        "op",
        "calling",
        "conventions",
        "problems",
        "right",
        "results",
        "mistakes",
        "smallest",
        "errors",
    ]
    (mistake,) = report["mistakes"]
    assert mistake["code"] == "stride-ignored"
    assert mistake["results"] == ["dA_prev", "dW"]
    assert mistake["explains"] == mistake["of"] > 0
    assert report["smallest"]["problem"]["stride"] == [2, 2]
    assert report["smallest"]["answer"].keys() == report["smallest"]["expected"].keys()


def test_the_smallest_problem_is_read_by_check(cnngrad, tmp_path):
    file = tmp_path / "smallest.json"
    run = cnngrad("test", f"{FUNCTIONS / 'no_stride.py'}:conv_backward", "--output", file)
    assert run.code == 1
    marked = cnngrad("check", file, file, "--format", "json")
    assert marked.code == 1
    mistakes = json.loads(marked.out)["gradients"]["dW"]["mistakes"]
    assert "stride-ignored" in str(mistakes)


def test_a_file_alone_tests_all_that_it_can_tell(cnngrad):
    run = cnngrad("test", FUNCTIONS / "deeplearning_style.py")
    assert run.code == 0
    for name in ("conv_forward", "conv_backward", "pool_forward", "pool_backward"):
        assert f"{name} is right" in run.out
    assert "zero_pad" in run.err


def test_what_is_said_of_a_wrong_function(cnngrad):
    run = cnngrad("test", f"{FUNCTIONS / 'no_stride.py'}:conv_backward")
    assert run.code == 1
    assert "conv_backward is wrong: dA_prev, dW." in run.out
    assert "stride left out" in run.out
    assert "The smallest problem that shows it" in run.out
    assert "stride 2" in run.out


# ---- a call that a person writes -----------------------------------------------------------------

SPAM = """
import numpy as np

def spam(cache, g):
    x, w, options = cache
    kh, kw = w.shape[2:]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    s = options["step"]
    for n, f, i, j in np.ndindex(g.shape):
        dx[n, :, i * s : i * s + kh, j * s : j * s + kw] += g[n, f, i, j] * w[f]
        dw[f] += g[n, f, i, j] * x[n, :, i * s : i * s + kh, j * s : j * s + kw]
    return dw, dx
"""


def test_a_call_may_be_written_down(cnngrad, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(SPAM)
    refused = cnngrad("test", f"{file}:spam")
    assert refused.code == 2
    assert "--op" in refused.err
    how = ["--op", "conv-backward", "--call", 'f((A_prev, W, {"step": stride}), dZ)']
    for returns in ([], ["--returns", "dW, dA_prev"]):
        run = cnngrad("test", f"{file}:spam", *how, *returns, "--format", "json")
        assert run.code == 0, run.out
        assert json.loads(run.out)["calling"] == "call"


@pytest.mark.parametrize(
    ("like", "code"), [("keras", 0), ("deeplearning.ai", 0), ("pytorch", 3), ("nothing", 2)]
)
def test_a_profile_says_the_layout(cnngrad, like, code):
    file = f"{FUNCTIONS / 'deeplearning_style.py'}:conv_backward"
    run = cnngrad("test", file, "--like", like, "--quiet")
    assert run.code == code, run.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plain.py:max_pool_backward", "--mode", "maximum"], 'did you mean "max"?'),
        (["cs231n_style.py:softmax_loss", "--mode", "mse"], "softmax-cross-entropy"),
        (["plain.py:conv_backward", "--op", "convolution"], "conv-backward"),
        (["plain.py:max_pool_backward", "--op", "pool-backward", "--call", "f(dZ)"], None),
    ],
)
def test_an_operation_or_mode_that_is_none_is_refused(cnngrad, words, said):
    run = cnngrad("test", f"{FUNCTIONS / words[0]}", *words[1:])
    if said is None:
        assert run.code == 3  # the name says that it is a max pooling; the call does not fit
    else:
        assert run.code == 2, run.err
        assert said in run.err


def test_names_that_are_no_results_are_refused(cnngrad):
    file = f"{FUNCTIONS / 'plain.py'}:conv_backward"
    run = cnngrad("test", file, "--returns", "dA_prev, dw")
    assert run.code == 2
    assert 'did you mean "dW"?' in run.err


# ---- what functions do ---------------------------------------------------------------------------

ODD = {
    "an endless loop": ("while True:\n        pass", 3, "no answer within"),
    "an exit": ("import os; os._exit(7)", 3, "exit code 7"),
    "sys.exit": ("import sys; sys.exit(1)", 3, "SystemExit"),
    "None": ("return None", 3, "it gives None back"),
    "a word": ("return 'dx'", 3, "it gives str back"),
    "an exception": ("raise ValueError('spam')", 3, "ValueError: spam"),
}


@pytest.mark.parametrize("what", ODD)
def test_what_cannot_be_run_is_told(cnngrad, tmp_path, what):
    body, code, said = ODD[what]
    file = tmp_path / "odd.py"
    file.write_text(f"def relu_backward(dout, x):\n    {body}\n")
    run = cnngrad("test", f"{file}:relu_backward", "--time-limit", "0.5")
    assert run.code == code
    assert said in run.err
    assert "Traceback" not in run.err


def test_only_own_lines_are_shown(cnngrad, tmp_path):
    file = tmp_path / "odd.py"
    file.write_text(
        "import numpy as np\n\n\ndef relu_backward(dout, x):\n"
        "    return np.linalg.inv(np.zeros((2, 2)))\n"
    )
    run = cnngrad("test", f"{file}:relu_backward")
    assert run.code == 3
    assert "line 5, in relu_backward: return np.linalg.inv(np.zeros((2, 2)))" in run.err
    assert "linalg.py" not in run.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("dout *= x > 0\n    return dout", "writes into what it is given: dZ"),
        ("return np.random.rand(*x.shape)", "gives other numbers"),
        ("STATE.append(1)\n    return dout * len(STATE)", "gives other numbers"),
        ("return dout / 0", "NaN or infinity"),
        ("return (dout * (x > 0)).T", "relu_backward is wrong"),
    ],
)
def test_habits_are_told(cnngrad, tmp_path, body, said):
    file = tmp_path / "odd.py"
    file.write_text(
        "import numpy as np\nSTATE = []\n\n\n"
        f"def relu_backward(dout, x):\n    print('hello from inside')\n    {body}\n"
    )
    run = cnngrad("test", f"{file}:relu_backward")
    assert " ".join(said.split()) in " ".join(run.out.split())
    assert "hello from inside" in run.out
    assert "Warning" not in run.err


def test_the_cache_of_a_batch_normalisation_is_that_of_its_own_forward(cnngrad, tmp_path):
    file = tmp_path / "layers.py"
    file.write_text(corpus.BATCH_NORM_CACHE)
    run = cnngrad("test", file)
    assert run.code == 0, run.out
    assert "batchnorm_forward is right" in run.out
    assert "batchnorm_backward is right" in run.out


def test_a_setting_that_is_always_refused_is_named_and_left_out(cnngrad, tmp_path):
    source = corpus.CONV.replace(
        "    N, C, H, Wd",
        "    if padding:\n        raise ValueError('no padding')\n    N, C, H, Wd",
    )
    file = tmp_path / "mine.py"
    file.write_text(source)
    run = cnngrad("test", f"{file}:conv_backward")
    assert run.code == 0
    assert "It does not take padding; that is left out. (ValueError: no padding)" in " ".join(
        run.out.split()
    )


def test_a_setting_that_fails_sometimes_is_wrong(cnngrad, tmp_path):
    source = corpus.CONV.replace(
        "    N, C, H, Wd", "    if padding == 2:\n        raise ValueError('two')\n    N, C, H, Wd"
    )
    file = tmp_path / "mine.py"
    file.write_text(source)
    run = cnngrad("test", f"{file}:conv_backward", "--format", "json")
    assert run.code == 1
    assert json.loads(run.out)["errors"][0]["error"] == "ValueError: two"


def test_the_own_forward_tells_a_convention_from_a_mistake():
    turned = corpus.CONV_FORWARD.replace("(part * w)", "(part * w[:, :, ::-1, ::-1])")
    back = corpus.CONV.replace("+= W[f] * g", "+= W[f][:, ::-1, ::-1] * g").replace(
        "return dA_prev, dW, db", "return dA_prev"
    )
    forward = corpus.loaded(turned.replace("stride=1, pad=0", "stride=1, padding=0, pad=0"))
    runner = LocalRunner(corpus.loaded(back), forward)
    own, *others = runner.signatures
    report = examine(runner, understood(own, others))
    assert report.right
    assert report.conventions["flipped"] is True
    alone = LocalRunner(corpus.loaded(back), None)
    report = examine(alone, understood(alone.signatures[0], ()))
    assert [mistake.codes for mistake in report.mistakes] == [("kernel-rotated",)]


def test_a_file_that_cannot_be_loaded(cnngrad, tmp_path):
    file = tmp_path / "broken.py"
    file.write_text("def f(:\n")
    run = cnngrad("test", f"{file}:f")
    assert run.code == 3
    assert "The file cannot be loaded." in run.err
    assert "SyntaxError" in run.err
    assert cnngrad("test", tmp_path / "nothing.py").code == 3
    unknown = cnngrad("test", f"{FUNCTIONS / 'plain.py'}:conv_backwards")
    assert unknown.code == 2
    assert 'did you mean "conv_backward"?' in unknown.err


def test_a_file_of_a_package_may_import_from_its_neighbours(cnngrad, tmp_path):
    folder = tmp_path / "layers"
    folder.mkdir()
    (folder / "base.py").write_text("class Layer:\n    pass\n")
    (folder / "relu.py").write_text(
        "import numpy as np\nfrom .base import Layer\n\n\nclass ReLU(Layer):\n"
        "    def forward(self, x):\n        self.x = x\n        return np.maximum(x, 0)\n\n"
        "    def backward(self, grad):\n        return grad * (self.x > 0)\n"
    )
    run = cnngrad("test", f"{folder / 'relu.py'}:ReLU", "--format", "json")
    assert run.code == 0, run.err
    assert json.loads(run.out)["op"] == "activation-backward"


def test_nothing_of_the_file_is_changed_and_no_process_stays(cnngrad, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(corpus.CONV)
    before = file.stat().st_mtime_ns
    assert cnngrad("test", f"{file}:conv_backward", "--quiet").code == 0
    assert file.read_text() == corpus.CONV
    assert file.stat().st_mtime_ns == before


def gone(process):
    """Whether no process has this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
def test_a_worker_ends_with_the_program(tmp_path):
    file = tmp_path / "mine.py"
    marker = tmp_path / "pid"
    file.write_text(
        "import os\n\n\ndef relu_backward(dout, x):\n"
        f"    open({str(marker)!r}, 'w').write(str(os.getpid()))\n"
        "    while True:\n        pass\n"
    )
    program = "from cnngrad.cli import start; start()"
    run = subprocess.Popen(
        [sys.executable, "-c", program, "test", f"{file}:relu_backward", "--time-limit", "600"],
        cwd=ROOT,
    )
    until(lambda: run.poll() is not None or (marker.exists() and marker.read_text()))
    assert run.poll() is None
    worker = int(marker.read_text())
    run.kill()
    run.wait()
    until(lambda: gone(worker))


# ---- for a person's own tests --------------------------------------------------------------------


def test_assert_gradients_passes_and_says_why_it_does_not():
    assert assert_gradients(corpus.loaded(corpus.CONV)).right
    with pytest.raises(AssertionError, match="overlapping windows overwritten"):
        assert_gradients(corpus.loaded(corpus.CONV.replace("dW[f] += ", "dW[f] = ")))
    with pytest.raises(CnngradError, match="cannot be told"):
        assert_gradients(lambda spam: spam)


# ---- a person's own tests tried ------------------------------------------------------------------

ARTICLE = """
import numpy as np
from mine import dense_backward

def test_it():
    dA_prev, dW, db = dense_backward(np.array([[1.0, -2.0]]), np.eye(2)[:1], np.eye(2))
    assert np.allclose(dA_prev, [[1, -2]])
"""


def test_mistakes_that_tests_let_through_are_listed(cnngrad, tmp_path):
    file, tests = tmp_path / "mine.py", tmp_path / "test_mine.py"
    file.write_text(corpus.DENSE)
    tests.write_text(ARTICLE)
    run = cnngrad("test", f"{file}:dense_backward", "--mutants", tests, "--format", "json")
    assert run.code == 1
    report = json.loads(run.out)
    caught = {(m["result"], m["code"]): m["caught"] for m in report["mutants"]}
    assert caught["dA_prev", "negated"] is True
    assert caught["dW", "negated"] is False
    assert report["survived"] == sum(not m["caught"] for m in report["mutants"])


def test_tests_that_fail_as_it_is_are_refused(cnngrad, tmp_path):
    file, tests = tmp_path / "mine.py", tmp_path / "test_mine.py"
    file.write_text(corpus.DENSE)
    tests.write_text(ARTICLE.replace("[[1, -2]]", "[[1, 2]]"))
    run = cnngrad("test", f"{file}:dense_backward", "--mutants", tests)
    assert run.code == 3
    assert "The tests fail with the function as it is." in run.err
    tests.write_text("")
    assert cnngrad("test", f"{file}:dense_backward", "--mutants", tests).code == 2


NO_DILATION = corpus.CONV.replace(", b=None", "").replace(", dilation=1):", "):\n    dilation = 1")


@pytest.mark.parametrize(
    ("kind", "source"), [("dense-backward", corpus.DENSE), ("conv-backward", NO_DILATION)]
)
def test_under_the_tests_that_are_written_none_survives(cnngrad, tmp_path, kind, source):
    run = cnngrad("exercise", kind, "--for-tests", "--output", tmp_path / "made")
    assert run.code == 0, run.err
    (tests,) = (tmp_path / "made").glob("test_*.py")
    function = tests.stem.removeprefix("test_")
    (tmp_path / "made" / "mylayer.py").write_text(source)
    with np.load(tmp_path / "made" / f"{function}.npz") as arrays:
        assert {name.partition("/")[2] for name in arrays} >= {"dZ", "A_prev", "dA_prev"}
    file = tmp_path / "made" / "mylayer.py"
    run = cnngrad("test", f"{file}:{function}", "--mutants", tests, "--format", "json")
    report = json.loads(run.out)
    assert run.code == 0, [m for m in report["mutants"] if not m["caught"]]
    assert report["caught"] == len(report["mutants"]) > 10


# ---- the ladder ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "mode"),
    [
        ("conv-forward", ""),
        ("conv-backward", ""),
        ("pool-forward", "average"),
        ("pool-backward", "max"),
        ("pool-backward", "average"),
        ("dense-backward", ""),
        ("activation-backward", "relu"),
        ("loss", "softmax-cross-entropy"),
    ],
)
def test_the_ladder_is_the_same_every_time_and_begins_small(op, mode):
    rungs, again = ladder(op, mode), ladder(op, mode)
    sizes = [rung.given["A_prev"].size for rung in rungs]
    assert sizes[0] == min(sizes)
    for one, two in zip(rungs, again, strict=True):
        assert one.settings == two.settings
        assert all(np.array_equal(one.given[name], two.given[name]) for name in one.given)
