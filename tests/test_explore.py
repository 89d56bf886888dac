"""The explorer, driven by its keys and the mouse, at the size of a small terminal."""

import asyncio
import json
import sys

import pytest
from conftest import PATIENCE, SAMPLES

from cnngrad.files import read_problem
from cnngrad.grading.answers import read_answer
from cnngrad.layers import operation
from cnngrad.show.explorer.cell_pane import cell_block
from cnngrad.show.explorer.navigator import CellRef, Navigator
from cnngrad.show.explorer.overlay import Overlay
from cnngrad.show.terminal.display import Display

ARTICLE = SAMPLES / "convolution" / "problem.json"
ALL = sorted(SAMPLES.glob("*/problem.json"))


def problem_in(path):
    return read_problem(str(path)).problem().computed()


@pytest.fixture
def article():
    return problem_in(ARTICLE)


def explored(problem, keys, size=(80, 24), **how):
    """Press the keys; returns what then stands in each part of the screen."""
    pytest.importorskip("textual")
    from textual.widgets import Static

    from cnngrad.show.explorer.app import Explorer

    async def run():
        app = Explorer(problem, **how)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            for key in keys:
                await (pilot.press(key) if isinstance(key, str) else key(app, pilot))
            await pilot.pause()
            seen = {
                part: str(app.query_one(f"#{part}", Static).content)
                for part in ("top", "picture", "formula", "foot")
            }
            seen["title"] = str(app.query_one("#why").border_title)
            seen["app"] = app
            seen["screen"] = app.screen.__class__.__name__
            return seen

    return asyncio.run(asyncio.wait_for(run(), PATIENCE))


# ---- keys -------------------------------------------------------------------------------------


def test_it_begins_with_the_first_step(article):
    seen = explored(article, [])
    assert "Step 1 of 4" in seen["picture"]
    assert "dZ[0,0] = -1" in seen["picture"]
    assert "1/4" in seen["foot"]
    for name in ("dA_prev", "dW", "db"):
        assert name in seen["top"]


def test_left_and_right_home_and_end_walk_the_steps(article):
    assert "Step 3 of 4" in explored(article, ["right", "right"])["picture"]
    assert "Step 2 of 4" in explored(article, ["right", "right", "left"])["picture"]
    assert "Step 4 of 4" in explored(article, ["end"])["picture"]
    assert "Step 4 of 4" in explored(article, ["end", "right"])["picture"]
    assert "Step 1 of 4" in explored(article, ["end", "home", "left"])["picture"]


def test_up_and_down_change_the_gradient_at_the_same_step(article):
    seen = explored(article, ["right", "down"])
    assert "Step 2 of 4" in seen["picture"]
    assert "Multiply rows 0–1, columns 1–2 of A_prev by -2" in seen["picture"]
    assert "Add -2 to db[0]." in explored(article, ["right", "up"])["picture"]


def test_it_plays_to_the_end_and_stops(article, monkeypatch):
    pytest.importorskip("textual")
    from cnngrad.show.explorer import app as explorer

    monkeypatch.setattr(explorer, "PACE", 0.01)

    async def wait(app, pilot):
        while app.walk_of.number < 4 or app._timer is not None:
            await pilot.pause(0.01)

    seen = explored(article, ["space", wait])
    assert "Step 4 of 4" in seen["picture"]
    assert seen["app"]._timer is None


def test_go_to_a_step_by_its_number(article):
    assert "Step 3 of 4" in explored(article, ["g", "3", "enter"])["picture"]
    seen = explored(article, ["g", "9", "9", "enter", "left"])
    assert "Step 3 of 4" in seen["picture"]


def test_a_cursor_asks_each_cell_for_its_formula_without_a_mouse(article):
    seen = explored(article, ["end", "tab", "shift+tab", "tab", "k", "h"])
    assert seen["title"].startswith("dA_prev[")
    seen = explored(article, ["tab", "right", "down", "left"])
    assert "CELLS" in seen["foot"]
    assert "Step 1 of 4" in seen["picture"]  # the arrows moved the cursor, not the step
    seen = explored(article, ["tab", "escape", "right"])
    assert "Step 2 of 4" in seen["picture"]


def test_the_formula_tells_what_was_what_is_and_what_comes(article):
    seen = explored(article, ["right"])
    assert seen["title"] == "dA_prev[1,1] = -7 after this step, -10 in the end"
    assert "letters" in seen["formula"]
    assert "-3 → -7 → -10 → -10" in seen["formula"]


def test_the_mouse_shows_the_formula_of_the_cell_under_it(article):
    pytest.importorskip("textual")

    def place_of(app, name, place):
        """Where a cell stands in the picture."""
        from cnngrad.show.explorer.navigator import MarkedCells
        from cnngrad.show.terminal.document import panel_block

        for y, line in enumerate(panel_block(app.walk_of.panel, app._look()).lines):
            x = 0
            for text, style in line:
                if isinstance(style, MarkedCells) and style.spot == CellRef(name, place):
                    return x + len(text) // 2, y + 1  # a line of padding above
                x += len(text)
        raise AssertionError(f"{name}{place} is not on the screen")

    async def hover(app, pilot):
        await pilot.hover("#picture", place_of(app, "W", (0, 0, 1, 0)))

    seen = explored(article, [hover])
    assert seen["title"] == "W[1,0] = 2"
    assert "dW[1,0]" in seen["formula"]

    async def click(app, pilot):
        await pilot.click("#picture", place_of(app, "dZ", (0, 0, 1, 1)))

    seen = explored(article, [click, "right"])
    assert seen["title"] == "dZ[1,1] = -4"
    assert "dA_prev[2,2] += dZ[1,1]·W[1,1] = -4·3 = -12" in seen["formula"]


def test_the_keys_are_shown_and_hidden(article):
    assert explored(article, ["question_mark"])["screen"] == "Keys"
    assert explored(article, ["question_mark", "x"])["screen"] == "Screen"


def test_light_and_dark(article):
    assert explored(article, [])["app"].theme == "textual-dark"
    assert explored(article, ["d"])["app"].theme == "textual-light"
    assert explored(article, ["d"], light=True)["app"].theme == "textual-dark"


def test_without_colour_lit_cells_carry_brackets(article):
    assert "[-1]" in explored(article, [], colour=False)["picture"]


def test_the_picture_is_saved_and_nothing_overwritten(article, tmp_path, monkeypatch):
    pytest.importorskip("textual")
    from cnngrad.cli.commands.explore import save

    monkeypatch.chdir(tmp_path)
    explored(article, ["right", "s", "s"], save=save)
    saved = sorted(path.name for path in tmp_path.iterdir())
    assert saved == ["dA_prev-step-2-2.svg", "dA_prev-step-2.svg"]
    assert "<svg" in (tmp_path / "dA_prev-step-2.svg").read_text()


def test_q_leaves(article):
    assert explored(article, ["q"])["app"].return_code == 0


# ---- what is on the screen --------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_nothing_is_wider_than_the_screen(article, size):
    for path in (ARTICLE, SAMPLES / "channels" / "problem.json"):
        seen = explored(problem_in(path), ["down", "right"], size=size)
        for part in ("top", "picture", "formula", "foot"):
            assert max(map(len, seen[part].splitlines())) <= size[0]


@pytest.mark.parametrize(("columns", "lines"), [(80, 2), (120, 1)])
def test_the_title_stands_whole(article, columns, lines):
    heights = []

    async def measure(app, _pilot):
        heights.append(app.query_one("#top").size.height)

    seen = explored(article, [measure], size=(columns, 30))
    assert article.title in seen["top"]
    assert heights == [lines]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parent.name)
def test_every_sample_can_be_walked_and_every_cell_asked(path):
    problem = problem_in(path)
    walk = Navigator(problem)
    for _ in walk.names:
        for number in (1, 2, len(walk.trace)):
            walk.go(number)
            for matrix in walk.matrices:
                spot = CellRef(matrix.name, matrix.place(0, 0))
                title, block = cell_block(walk, spot, Display(78))
                assert title
                assert block.width <= 78
        walk.turn(1)


def test_the_finished_walk_holds_the_numbers_of_the_engine():
    for path in ALL:
        problem = problem_in(path)
        for name in problem.names:
            walk = Navigator(problem, (name,))
            walk.go(len(walk.trace))
            full = problem.results[name].reshape(walk.trace.shape)
            shown = [m for m in walk.matrices if m.name == name]
            assert shown
            for matrix in shown:
                for i, row in enumerate(matrix.cells):
                    for j, cell in enumerate(row):
                        assert cell == full[matrix.place(i, j)]


def test_going_anywhere_is_the_same_as_walking_there(article):
    there, walked = Navigator(article), Navigator(article)
    there.go(4)
    for number in range(1, 5):
        walked.go(number)
    assert there.panel.picture.equations[0][0] == walked.panel.picture.equations[0][0]


def test_a_large_problem_begins_at_once():
    import numpy as np

    given = {
        "A_prev": np.ones((300, 300), int),
        "W": np.ones((3, 3), int),
        "dZ": np.ones((298, 298), int),
    }
    walk = Navigator(operation("conv-backward").problem(given, {}))
    walk.go(88_804)
    assert walk.panel.number == 88_804
    title, block = cell_block(walk, CellRef("W", (0, 0, 1, 1)), Display(78))
    assert title == "W[1,1] = 1"
    assert len(block.lines) < 12
    walk.show("dW")
    walk.go(44_000)
    title, block = cell_block(walk, CellRef("dW", (0, 0, 1, 1)), Display(78))
    assert title == "dW[1,1] = 88804 in the end"
    assert "This step adds dZ[147,193]·A_prev[148,194] = 1·1 = 1." in block.plain()
    assert block.plain().splitlines()[-1].endswith("→ 88802 → 88803 → 88804")


# ---- an answer ----------------------------------------------------------------------------------


def test_an_answer_lies_beside_the_steps(article, tmp_path):
    file = tmp_path / "answer.json"
    answer = {"dA_prev": [[0, -1, -2], [-2, -9, -10], [-6, -17, -12]], "db": [1, 2]}
    file.write_text(json.dumps(answer))
    overlay = Overlay(article, read_answer(str(file), article.names))
    walk = Navigator(article)
    drawn = overlay.block(walk, Display(78))
    assert "8 of 9 cells of dA_prev are right" in drawn.plain()
    assert "[-9]" in drawn.plain()
    assert drawn.plain().count("[") == 1
    assert overlay.said(CellRef("dA_prev", (0, 0, 1, 1))) == "your answer -9 is wrong"
    assert overlay.said(CellRef("dA_prev", (0, 0, 0, 1))) == "your answer -1 is right"
    walk.show("db")
    assert overlay.block(walk, Display()).plain() == "Your db is 2, but it should be 1."
    walk.show("dW")
    assert overlay.block(walk, Display()).plain() == "Your answer has no dW."
    seen = explored(article, ["tab"], answer=overlay)
    assert "8 of 9 cells" in seen["picture"]
    assert "8 of 9 cells" not in explored(article, ["a"], answer=overlay)["picture"]


# ---- the command ----------------------------------------------------------------------------


def test_it_needs_a_terminal(cnngrad):
    run = cnngrad("explore", ARTICLE)
    assert run.code == 2
    assert "needs a terminal" in run.err


def test_without_textual_the_message_names_the_command(cnngrad, monkeypatch):
    monkeypatch.setitem(sys.modules, "textual", None)
    run = cnngrad("explore", ARTICLE)
    assert run.code == 2
    assert "pip install '.[explore]'" in run.err


def test_bad_requests_end_before_the_screen_opens(cnngrad):
    assert cnngrad("explore", "nowhere.json").code == 3
    assert cnngrad("explore", ARTICLE, "--gradient", "dX").code == 2
    assert cnngrad("explore").code == 2
