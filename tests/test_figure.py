"""Figures: what is drawn, that nothing overflows, and the same as a GIF."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import SAMPLES
from faces import SVG, of_figure
from hypothesis import given
from hypothesis import strategies as st
from problems import fractions, problems
from proofs import proven

from cnngrad.core.errors import UsageError
from cnngrad.files import read_problem
from cnngrad.layers import operation
from cnngrad.pictures.selection import ALL, NONE, Selection
from cnngrad.show.image.drawing import Box, Words, measure
from cnngrad.show.image.figure import figure, groups_of
from cnngrad.show.image.gif import animation


def sample(name):
    return read_problem(str(SAMPLES / name / "problem.json"), None).problem()


def step(number):
    return Selection(number, number, sensible=False)


def test_the_article_step_by_step(golden):
    problem = sample("convolution")
    golden("convolution.svg", figure(problem, problem.names, ALL))


def test_one_step_alone(golden):
    problem = sample("convolution")
    drawn = figure(problem, ["dA_prev"], step(2))
    golden("convolution_step_2.svg", drawn)
    shown = of_figure(drawn, ["dA_prev"])
    assert [title for _, _, title, _ in shown] == ["dA_prev", "W", "dZ", "adds"]
    assert "finished" not in drawn


def test_the_options_name_the_step(cnngrad, tmp_path):
    file = tmp_path / "figure.svg"
    problem = SAMPLES / "convolution" / "problem.json"
    for option in ("--steps", "--step"):
        run = cnngrad("conv-backward", problem, option, "3", "--output", file, "--force", "--quiet")
        assert run.code == 0, run.err
        assert re.findall(r"Step \d of 4", file.read_text())[-2:] == ["Step 3 of 4"] * 2


def test_without_steps_there_are_the_results():
    problem = sample("convolution")
    shown = of_figure(figure(problem, problem.names, NONE), problem.names)
    assert [title for section, _, title, _ in shown if section] == ["dA_prev", "dW", "db"]
    assert [title for section, _, title, _ in shown if not section] == ["A_prev", "W", "dZ"]


def texts_of(drawn):
    return [text.text or "" for text in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_a_figure_says_what_it_is_and_what_its_dots_are():
    problem = sample("stride_padding")
    texts = texts_of(figure(problem, problem.names, ALL))
    assert texts[0] == problem.title
    assert texts[1].startswith("stride 2, padding 1")
    assert texts[-1].startswith("A dot (·) lies outside the input")
    alone = texts_of(figure(problem, ["dW"], step(4)))
    assert alone[0] == "Step 4 of 4"
    assert not any("·" in text for text in alone)


def test_many_steps_are_no_wider_than_a_sheet_of_paper_can_bear():
    error = np.arange(49).reshape(7, 7)
    matrices = {"A_prev": np.arange(64).reshape(8, 8), "W": [[1, 2], [3, 4]], "dZ": error}
    problem = operation("conv-backward").problem(matrices, {})
    root = ElementTree.fromstring(figure(problem, problem.names, ALL))
    assert float(root.get("width")) < 1_700 < float(root.get("height"))
    assert [title for _, _, title, _ in of_figure(figure(problem, ["db"], step(1)), ["db"])] == [
        "db"
    ]


def test_colours_are_the_articles():
    problem = sample("convolution")
    for number, colour in [(1, "#f7b2cb"), (2, "#a8d0f5")]:
        drawn = ElementTree.fromstring(figure(problem, ["dA_prev"], step(number)))
        fills = [box.get("fill") for box in drawn.iter(f"{SVG}rect")]
        # A chip, four cells of dA_prev, one of dZ, four that are added; and W in yellow.
        assert (fills.count(colour), fills.count("#ffe38a")) == (10, 4)


def test_any_title_is_only_text():
    nasty = '</title><script>alert(1)</script> & "\x00\x1b'
    given = {"A_prev": [[1, 2]], "W": [[3]], "dZ": [[4, 5]]}
    problem = operation("conv-backward").problem(given, {}, nasty)
    drawn = ElementTree.fromstring(figure(problem, problem.names, ALL))
    assert drawn.find(f"{SVG}title").text == '</title><script>alert(1)</script> & "␀␛'
    assert not list(drawn.iter(f"{SVG}script"))


@proven(25)
@given(st.data())
def test_no_number_leaves_its_cell_and_nothing_the_figure(data):
    wide = fractions.map(lambda number: number * 10**6 / 7)
    problem = data.draw(problems(data.draw(st.sampled_from([fractions, wide]))))
    for group, _ in groups_of(problem, problem.names, Selection()):
        for part in group.parts:
            boxes = []
            for x, y, shape in part.flat():
                if isinstance(shape, Box):
                    boxes.append((x + shape.x, y + shape.y, shape.width, shape.height))
                    assert x + shape.x + shape.width <= part.width + 0.01
                    assert y + shape.y + shape.height <= part.height + 0.01
                elif isinstance(shape, Words) and shape.anchor == "start":
                    width = measure(shape.text, shape.size, shape.bold)
                    assert x + shape.x + width <= part.width + 0.01
                elif shape.anchor == "middle":
                    width = measure(shape.text, shape.size, shape.bold)
                    inside = [
                        box
                        for box in boxes
                        if abs(box[0] + box[2] / 2 - x - shape.x) < 0.01
                        and abs(box[1] + box[3] / 2 - y - shape.y) < 0.01
                    ]
                    assert not inside or width <= max(box[2] for box in inside)


def test_an_animation_has_every_step_and_the_result(tmp_path):
    image = pytest.importorskip("PIL.Image", reason="Pillow, the extra gif, is not installed")
    file = tmp_path / "steps.gif"
    file.write_bytes(animation(sample("convolution"), ["dA_prev"], ALL))
    with image.open(file) as picture:
        assert picture.n_frames == 5
        picture.seek(0)
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 16)}
        assert min(abs(r - 0xF7) + abs(g - 0xB2) + abs(b - 0xCB) for r, g, b in colours) < 12


def test_without_pillow_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    with pytest.raises(UsageError, match="needs Pillow") as caught:
        animation(sample("convolution"), ["dA_prev"], ALL)
    assert "pip install '.[gif]'" in caught.value.fix
