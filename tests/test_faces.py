"""Every number on every face is the engine's: each face is read back and compared."""

import json
import re
from fractions import Fraction
from importlib import import_module
from typing import get_args

import numpy as np
import pytest
from conftest import ROOT, SAMPLES
from faces import (
    of_explorer,
    of_figure,
    of_latex,
    of_markdown,
    of_notebook,
    of_page,
    of_text,
    written,
)

from cnngrad.cli.output import printed
from cnngrad.files import read_problem
from cnngrad.layers import operation
from cnngrad.network import backward, read_network
from cnngrad.pictures import outline as story
from cnngrad.pictures.blocks import CompactSteps, Gap, OutlineBlock
from cnngrad.pictures.selection import ALL, Selection, SizeBudget
from cnngrad.pictures.step_view import overview, panel
from cnngrad.show.explorer.navigator import Navigator
from cnngrad.show.formats import BY_ENDING, FORMATS, markdown_table
from cnngrad.show.terminal.display import Display
from cnngrad.show.terminal.document import document, panel_block
from cnngrad.show.web import network_page

FACES = {
    "page": lambda problem: of_page(written(".html", problem)),
    "figure": lambda problem: of_figure(written(".svg", problem), problem.names),
    "markdown": lambda problem: of_markdown(written(".md", problem)),
    "latex": lambda problem: of_latex(written(".tex", problem)),
    "text": lambda problem: of_text(written(".txt", problem)),
    "terminal": lambda problem: of_text(terminal(problem)),
    "notebook": of_notebook,
    "explorer": of_explorer,
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


def terminal(problem):
    """What a wide screen without colours shows of all steps."""
    blocks = document(story.outline(problem, problem.names, ALL, in_lines=True), Display(160))
    return "\n".join(block.plain() for block in blocks)


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
    if face == "explorer":
        pytest.importorskip("textual", reason="Textual, the extra explore, is not installed")
    make, *arguments = PROBLEMS[case]
    problem = make(*arguments)
    seen = compared(problem, FACES[face](problem))
    for name in problem.names:
        trace = problem.trace(name)
        steps = {step for s, step, n in seen if (s, n) == (name, name)}
        walked = set(range(1, len(trace) + 1))
        if face == "explorer":  # the steps alone, of vectors too
            assert steps == walked
        else:
            assert steps == ({None} if len(trace.shape) == 1 else {None, *walked})
    given = set() if face == "explorer" else set(problem.given)
    assert {n for s, step, n in seen if not s} == given


def compared(problem, shown):
    """Hold every matrix against the engine; returns which were seen: result, step, name."""
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
            if "dZ" not in problem.given and not divided:  # made cell by cell, in this order
                full = full.astype(object)
                full.flat[step:] = None
        assert grid == plane_of(problem, name, full, title), (section, step, title)
        seen.add((section, step, name))
    return seen


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


# ---- networks ---------------------------------------------------------------------------------


def network(name):
    return backward(read_network(str(SAMPLES / name / f"{name}.json")))


NETWORKS = {".md": of_markdown, ".tex": of_latex, ".txt": of_text}


@pytest.mark.parametrize("ending", NETWORKS)
def test_a_network_is_written_as_a_problem_is(cnngrad, tmp_path, ending):
    walk, file = network("exact_network"), tmp_path / f"out{ending}"
    run = cnngrad("network-backward", "exact_network", "--quiet", "--output", file)
    assert (run.code, run.err) == (0, "")
    found = {layer.spec.name: {} for layer in walk.layers}
    for section, _, title, grid in NETWORKS[ending](file.read_text(encoding="utf-8")):
        layer = section.partition(":")[0]
        if layer in found:
            found[layer].setdefault(title, []).append(grid)
    for layer in walk.layers:
        problem = layer.backward
        for name in problem.names:
            full = problem.results[name].reshape(problem.trace(name).shape)
            assert plane_of(problem, name, full, name) in found[layer.spec.name][name]
    text = " ".join(file.read_text(encoding="utf-8").split())
    assert "learning rate may be too large" not in text
    assert "The loss was 5 before the step" in text


def test_every_layer_of_a_network_page_is_the_engines():
    walk = network("exact_network")
    page = network_page(walk)
    _, *panels = page.split('<section class="layer" id="panel-')[1:]
    assert len(panels) == len(walk.layers)
    for layer, panel_html in zip(walk.layers, panels, strict=True):
        problem = layer.backward
        known = {*problem.given, *problem.names}
        shown = [m for m in of_page(panel_html) if m.title in known]
        if overview(problem, problem.trace("dA_prev")):  # all cells at once
            shown = [m._replace(step=None) if m.section else m for m in shown]
        seen = compared(problem, shown)
        assert {(name, None, name) for name in problem.names} <= seen
    assert "just above" not in page  # its layers stand in the order of the network
    assert "dZ is the dA_prev of dense1; its shape is 1." in page


@pytest.mark.parametrize("style", ["markdown", "latex"])
def test_a_network_is_printed_in_these_formats_too(cnngrad, style):
    whole = cnngrad("network-backward", "exact_network", "--format", style)
    assert (whole.code, whole.err) == (0, "")
    assert "average-pool1" in whole.out
    layer = cnngrad(
        "network-backward", "exact_network", "--layer", "conv1", "--format", style, "--steps", "1-2"
    )
    assert "Step 2 of 4" in layer.out
    assert "average-pool1" not in layer.out


# ---- what all faces share ---------------------------------------------------------------------


def five_by_five():
    """The overlap of two windows of a 5×5 kernel is 20 cells in dA_prev, and 25 in dW."""
    image = [[(3 * i + j) % 5 for j in range(7)] for i in range(7)]
    given = {"A_prev": image, "W": [[1, 2, 0, 1, 3]] * 5, "dZ": [[1, 2, 0]] * 3}
    return operation("conv-backward").problem(given, {})


@pytest.mark.parametrize("ending", [".html", ".svg", ".md", ".tex", ".txt"])
def test_many_sums_are_capped_alike_on_every_face(ending):
    text = written(ending, five_by_five(), ["dW"], Selection(2, 2, sensible=False))
    text = re.sub(r"\$|\N{MINUS SIGN}", "", text.partition('<script type="application/json"')[0])
    text = text.partition("Already filled")[2].partition("finished")[0]
    assert len(re.findall(r"dW\[\d,\d\]: ", text)) == 12
    assert text.replace(r"\dots{}", "…").count("… and 13 more") == 1


def test_the_explorer_and_the_notebook_cap_them_too():
    from cnngrad import trace

    problem = five_by_five()
    walk = Navigator(problem, ("dW",))
    walk.go(2)
    screen = panel_block(walk.panel, Display(100)).plain()
    assert screen.count("dW[") - screen.count(" of dW[") == 12
    assert "… and 13 more" in screen
    assert trace(problem, "dW")._repr_html_().count("… and 13 more") == 8  # of nine steps


def test_one_step_in_latex_is_a_bare_fragment_for_a_slide(cnngrad, tmp_path):
    file = tmp_path / "step.tex"
    problem = SAMPLES / "convolution" / "problem.json"
    asked = ["--gradient", "dW", "--step", "2", "--quiet", "--output", file]
    assert cnngrad("conv-backward", problem, *asked).code == 0
    text = file.read_text(encoding="utf-8")
    assert [(step, title) for _, step, title, _ in of_latex(text)] == [
        (2, "dW"),
        (2, "A_prev"),
        (2, "dZ"),
        (2, "adds"),
    ]
    for about in ("convolution", "stride", "finished", "Computed", r"\documentclass"):
        assert about not in text


def test_the_table_of_formats_is_readmes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert markdown_table() in readme


def test_an_unknown_ending_is_told_the_known_ones(cnngrad, tmp_path):
    problem = SAMPLES / "convolution" / "problem.json"
    run = cnngrad("conv-backward", problem, "--output", tmp_path / "out.pdf")
    assert run.code == 2
    assert all(kind.ending in run.err for kind in FORMATS)
    help_text = cnngrad("conv-backward", "--help", columns=200).out
    assert all(kind.name in help_text for kind in FORMATS)


@pytest.mark.parametrize("face", ["terminal.document", "print.markdown", "print.latex"])
def test_a_face_knows_every_kind_of_block(face):
    known = import_module(f"cnngrad.show.{face}")._RENDER
    in_pages = {CompactSteps}  # these come to faces of lines alone
    in_lines = {Gap, CompactSteps}  # drawn where a screen and a file differ
    assert set(known) == set(get_args(OutlineBlock)) - (
        in_lines if face == "terminal.document" else in_pages
    )
