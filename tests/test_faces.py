"""Every number on every face is the engine's: each face is read back and compared."""

import json
from fractions import Fraction

import numpy as np
import pytest
from conftest import SAMPLES
from faces import of_figure, of_latex, of_markdown, of_page, written

from cnngrad.cli.output import printed
from cnngrad.files import read_problem
from cnngrad.layers import operation
from cnngrad.pictures import outline as story
from cnngrad.pictures.selection import ALL, SizeBudget
from cnngrad.pictures.step_view import panel
from cnngrad.show.formats import BY_ENDING

FACES = {
    "page": lambda problem: of_page(written(".html", problem)),
    "figure": lambda problem: of_figure(written(".svg", problem), problem.names),
    "markdown": lambda problem: of_markdown(written(".md", problem)),
    "latex": lambda problem: of_latex(written(".tex", problem)),
}
NAMES = [
    "convolution",
    "max_pooling",
    "average_pooling",
    "average_padded",
    "batch",
    "channels",
    "dilation",
    "groups",
    "max_overlap_tie",
    "stride_padding",
]


def sample(name):
    return read_problem(str(SAMPLES / name / "problem.json"), None).problem()


def forward(name):
    backward = sample(name)
    kind = type(backward).forward
    known = {setting.name for setting in kind.options}
    given = {key: array for key, array in backward.given.items() if key != "dZ"}
    return kind(given, {k: v for k, v in backward.settings.items() if k in known})


def dense():
    given = {
        "A_prev": [[1, -2, 3], [4, 5, -6]],
        "W": [[1, 2, 3], [-1, 0, 2]],
        "dZ": [[1, 2], [3, 4]],
    }
    return operation("dense-backward").problem(given, {})


PROBLEMS = {
    **{name: (sample, name) for name in NAMES},
    "convolution forward": (forward, "convolution"),
    "average forward": (forward, "average_padded"),
    "max forward": (forward, "max_pooling"),
    "dense": (dense,),
}


def plane_of(problem, name, full, title):
    """The plane of a matrix that a title such as `dA_prev[0,1]` names, or the row."""
    inside = title[len(name) :].strip("[]")
    leading = tuple(map(int, inside.split(","))) if inside else ()
    leading = (0,) * (full.ndim - 2 - len(leading)) + leading
    return np.atleast_2d(full[leading]).tolist()


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("case", PROBLEMS)
def test_every_matrix_is_the_engines(face, case):
    make, *arguments = PROBLEMS[case]
    problem = make(*arguments)
    shown = FACES[face](problem)
    seen = set()
    for section, step, title, grid in shown:
        name = title.partition("[")[0]
        if title.startswith("sum for ") or name == "adds":
            continue
        if name in problem.given:
            full = problem.arrays[name]
        else:
            assert name == section
            plan = problem.trace(name).plan
            divided = step is None or step > np.prod(plan.sources)
            full = problem.compute()[name] if divided else plan.partial_result(step)
        assert grid == plane_of(problem, name, full, title), (section, step, title)
        seen.add((section, step, name))
    for name in problem.names:
        trace = problem.trace(name)
        assert (name, None, name) in seen
        if len(trace.shape) > 1:
            assert {step for s, step, n in seen if (s, n) == (name, name)} == {
                None,
                *range(1, len(trace) + 1),
            }
    assert {n for s, step, n in seen if not s} == set(problem.given)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("case", ["convolution", "stride_padding", "average_padded", "channels"])
def test_what_a_step_adds_is_what_the_result_grows_by(face, case):
    problem = sample(case)
    added: dict = {}
    for section, step, title, grid in FACES[face](problem):
        if title == "adds":
            cells = [cell for row in grid for cell in row if cell is not None]
            added[section, step] = added.get((section, step), 0) + sum(cells)
    assert added
    for (name, step), total in added.items():
        plan = problem.trace(name).plan
        assert total == (plan.partial_result(step) - plan.partial_result(step - 1)).sum()


@pytest.mark.parametrize("face", FACES)
def test_what_falls_outside_the_input_is_drawn_as_a_hole(face):
    shown = FACES[face](sample("average_padded"))
    (adds,) = [grid for _, step, title, grid in shown if (step, title) == (2, "adds")]
    assert adds == [[None, None], [2, 2]]


@pytest.mark.parametrize("ending", [".html", ".svg", ".md", ".txt"])
def test_every_overlap_is_spelled_out(cnngrad, tmp_path, ending):
    file = tmp_path / f"out{ending}"
    problem = SAMPLES / "stride_padding" / "problem.json"
    given = ["conv-backward", problem, "--gradient", "dW", "--steps", "4", "--quiet"]
    assert cnngrad(*given, "--output", file).code == 0
    text = file.read_text(encoding="utf-8")
    added = text.replace("\N{MINUS SIGN}", "-").partition("Already filled")[2]
    for i, j in [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]:
        assert f"dW[{i},{j}]: " in added
    assert " more" not in added.partition("finished")[0]


def test_the_files_are_what_output_writes(cnngrad, tmp_path):
    problem = SAMPLES / "convolution" / "problem.json"
    files = [tmp_path / f"out{ending}" for ending in (".html", ".svg", ".md", ".tex", ".json")]
    outputs = [part for file in files for part in ("--output", file)]
    run = cnngrad("conv-backward", problem, "--quiet", *outputs)
    assert (run.code, run.out) == (0, "")
    results = json.loads(files[-1].read_text())["results"]
    page, picture, mark, tex = (file.read_text(encoding="utf-8") for file in files[:-1])
    for shown in (
        of_page(page),
        of_figure(picture, list(results)),
        of_markdown(mark),
        of_latex(tex),
    ):
        finished = {name: grid for section, step, name, grid in shown if section and step is None}
        assert finished == {**results, "db": [results["db"]]}


@pytest.mark.parametrize("style", ["markdown", "latex"])
def test_the_formats_for_standard_output(cnngrad, style):
    problem = SAMPLES / "convolution" / "problem.json"
    run = cnngrad("conv-backward", problem, "--format", style, "--gradient", "dW", "--steps", "2")
    shown = {"markdown": of_markdown, "latex": of_latex}[style](run.out)
    steps = [(step, grid) for _, step, title, grid in shown if title == "dW"]
    assert steps[0] == (2, [[-2, -5], [-11, -14]])
    # A single step in LaTeX stands alone, for a slide.
    assert [step for step, _ in steps] == ([2, None] if style == "markdown" else [2])


@pytest.mark.parametrize("style", ["markdown", "latex"])
def test_a_format_is_printed_while_its_steps_are_worked_out(style, monkeypatch):
    source_matrix = []
    monkeypatch.setattr(story, "panel", lambda *asked: source_matrix.append(asked) or panel(*asked))
    problem = sample("convolution")
    for piece in printed(style, problem, problem.names, ALL):
        if "Step 2 of 4" in piece:
            break
    assert len(source_matrix) < 4  # of eight


@pytest.mark.parametrize("ending", [".html", ".svg", ".md", ".tex"])
def test_a_large_problem_gives_a_digest(cnngrad, tmp_path, ending):
    image = tmp_path / "image.npy"
    np.save(image, np.arange(3 * 60 * 60).reshape(3, 60, 60) % 7)
    error = tmp_path / "dZ.npy"
    np.save(error, np.arange(58 * 58).reshape(58, 58) % 5)
    kernel = tmp_path / "W.npy"
    np.save(kernel, np.arange(27).reshape(3, 3, 3))
    file = tmp_path / f"out{ending}"
    given = ["--input", image, "--kernel", kernel, "--dz", error]
    run = cnngrad("conv-backward", *given, "--quiet", "--output", file)
    assert run.code == 0, run.err
    assert file.stat().st_size < 400_000
    text = file.read_text(encoding="utf-8")
    assert "3364" in text
    assert "Steps 4–3362 are left out." in text.replace("--", "–")
    assert "--steps" not in text.partition("<script>")[0]


HOUSE = ["--kernel", "1 2; 3 4", "--input", "; ".join(["1 2 3 4 5 6 7"] * 7)]
HOUSE += ["--dz", "; ".join(["1 2 3 4 5 6"] * 6)]


@pytest.mark.parametrize("ending", [".html", ".svg", ".md", ".tex", ".txt"])
def test_a_file_holds_more_steps_than_a_screen(cnngrad, tmp_path, ending):
    file = tmp_path / f"out{ending}"
    run = cnngrad("conv-backward", *HOUSE, "--output", file)
    assert "left out" in run.out
    assert run.err == f"wrote {file}\n"
    text = file.read_text(encoding="utf-8")
    assert all(text.count(f"Step {k} of 36") >= 2 for k in range(1, 37))
    assert "left out" not in text


@pytest.mark.parametrize(
    ("usual", "most", "said"),
    [
        (600, 99_999, "steps 4–34 of dA_prev, steps 4–34 of dW are left out; --steps all has them"),
        (600, 600, "are left out, as there is no room for more in one file; --steps A-B chooses"),
    ],
)
def test_who_writes_a_file_hears_of_steps_that_are_left_out(
    cnngrad, tmp_path, monkeypatch, usual, most, said
):
    small = BY_ENDING[".html"]._replace(room=SizeBudget(usual, most))
    monkeypatch.setitem(BY_ENDING, ".html", small)
    file = tmp_path / "out.html"
    run = cnngrad("conv-backward", *HOUSE, "--output", file)
    assert run.err.startswith(f"wrote {file}: ")
    assert said in run.err


@pytest.mark.parametrize("face", ["page", "markdown", "latex"])
def test_a_step_of_gradient_descent_is_shown(face):
    problem = sample("convolution")
    settings = {**problem.settings, "learning_rate": "1/2"}
    shown = FACES[face](operation("conv-backward").problem(problem.given, settings))
    (after,) = [grid for _, _, title, grid in shown if title == "W after"]
    assert np.array_equal(after, problem.given["W"] - problem.results["dW"] * Fraction(1, 2))
