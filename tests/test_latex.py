"""LaTeX: pinned, safe against what a title may hold, and compiled where LaTeX is there."""

import re
import shutil
import subprocess
from fractions import Fraction

import pytest
from conftest import PATIENCE, SAMPLES
from faces import written

from cnngrad.files import read_problem
from cnngrad.layers import operation
from cnngrad.pictures.selection import ALL, Selection
from cnngrad.show.print.latex import text

FRAME = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{xcolor}
\begin{document}
\input{first}
\input{second}
\end{document}
"""
NASTY = r"\input{x} $ & % # _ { } ~ ^ < > | \" − × → é «ß» ą 卷积 € ½ ²"


def sample(name):
    return read_problem(str(SAMPLES / name / "problem.json"), None).problem()


def nasty():
    given = {"A_prev": [[Fraction(1, 3), -2.5]], "W": [[Fraction(1, 7)]], "dZ": [[4, 5]]}
    return operation("conv-backward").problem(given, {}, NASTY)


def wide():
    numbers = [[1000 * k for k in range(40)] for _ in range(40)]
    return operation("conv-forward").problem({"A_prev": numbers, "W": [[1, 2], [3, -4]]}, {})


def dense():
    given = {
        "A_prev": [[1, -2, 3], [4, 5, -6]],
        "W": [[1, 2, 3], [-1, 0, 2]],
        "dZ": [[1, 2], [3, 4]],
    }
    given["Z_prev"] = given["A_prev"]
    return operation("dense-backward").problem(given, {"activation": "tanh"})


def test_the_article(golden):
    problem = sample("convolution")
    golden("convolution.tex", written(".tex", problem, problem.names, ALL))


def test_a_title_holds_no_command():
    first = written(".tex", nasty(), ["db"], ALL).split("\n\n")[1].split("\n")[0]
    assert r"\input" not in first
    assert r"\textbackslash{}input\{x\} \$ \& \% \# \_ \{ \}" in first
    assert text("a\n\nb") == "a b"
    assert text("é 卷") == r"é \ifdefined\Umathcode 卷\else ?\fi{}"


@pytest.mark.parametrize("make", [nasty, wide, dense])
def test_it_compiles(make, tmp_path):
    compiled(tmp_path, make())


@pytest.mark.parametrize("name", ["convolution", "max_overlap_tie", "average_padded", "channels"])
def test_samples_compile_and_keep_to_the_line(name, tmp_path):
    log = compiled(tmp_path, sample(name))
    assert not re.findall(r"Overfull \\hbox.*", log)


def compiled(folder, problem):
    """Compile a problem, twice in one document, as a handout may hold several."""
    if shutil.which("pdflatex") is None:
        pytest.skip("there is no pdflatex here to compile with")
    fragment = written(".tex", problem, problem.names, Selection())
    for name in ("first", "second"):
        (folder / f"{name}.tex").write_text(fragment, encoding="utf-8")
    (folder / "frame.tex").write_text(FRAME)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "frame.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=PATIENCE, check=False)
    log = run.stdout.decode(errors="replace")
    assert run.returncode == 0, log[-2000:]
    assert (folder / "frame.pdf").stat().st_size > 1000
    return log


def test_a_number_as_wide_as_the_page_has_a_line_of_its_own(cnngrad):
    run = cnngrad("conv-forward", "--input", "1" * 60, "--kernel", "3", "--format", "latex")
    assert run.code == 0
    assert "3" * 60 in run.out
