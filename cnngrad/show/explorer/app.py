"""The full-screen explorer: walk through the steps, and ask every cell for its formula."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static

from ...core.errors import CnngradError
from ...core.problem import Problem
from ...core.text import say
from ...core.widths import flush_left
from ..terminal.display import Display
from ..terminal.document import panel_block
from ..terminal.layout import Block, indented, stacked
from ..terminal.painting import styles
from . import words
from .cell_pane import cell_block
from .navigator import CellRef, MarkedCells, Navigator
from .overlay import Overlay

PACE = 0.8
"""Seconds between steps while it plays."""
CURSOR, PLAIN_CURSOR = Style.parse("bold white on #6a3fc8"), Style.parse("bold reverse")
"""The cell under the cursor, with colour and without."""
BAR = 18
"""Characters of the progress bar."""


class Explorer(App[None]):
    """Walks through a problem.

    Parameters
    ----------
    problem
        What is asked.
    names
        The results to walk through; all unless told otherwise.
    colour
        Whether lit cells are coloured; else they carry brackets.
    light
        Whether to begin with dark letters on a light ground.
    answer
        A student's answer, to be laid beside the steps.
    save
        Writes a picture of the step; returns where it wrote it.
    """

    CSS = """
    #top, #foot { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    #top { height: auto; }
    #step { height: 1fr; scrollbar-size-vertical: 1; }
    #picture { padding: 1 1 0 0; width: 100%; height: auto; }
    #why { height: auto; max-height: 45%; border-top: solid $secondary;
           border-title-color: $foreground; border-title-style: bold; padding: 0 1;
           scrollbar-size-vertical: 1; }
    #number { dock: bottom; height: 3; display: none; }
    Keys { align: center middle; }
    Keys > Static { width: auto; height: auto; padding: 0 2; background: $panel;
                    border: round $secondary; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("right", "arrow(0,1)"),
        Binding("left", "arrow(0,-1)"),
        Binding("down", "arrow(1,0)"),
        Binding("up", "arrow(-1,0)"),
        Binding("home", "go(1)"),
        Binding("end", "go(-1)"),
        Binding("space", "play"),
        Binding("tab", "hop(1)", priority=True),
        Binding("shift+tab", "hop(-1)", priority=True),
        Binding("escape,enter", "leave"),
        Binding("h", "cursor(0,-1)"),
        Binding("j", "cursor(1,0)"),
        Binding("k", "cursor(-1,0)"),
        Binding("l", "cursor(0,1)"),
        Binding("pagedown", "scroll(1)"),
        Binding("pageup", "scroll(-1)"),
        Binding("g", "ask"),
        Binding("d", "shade"),
        Binding("a", "answer"),
        Binding("s", "save"),
        Binding("question_mark", "keys"),
        Binding("q", "quit"),
    ]

    def __init__(
        self,
        problem: Problem,
        names: tuple[str, ...] = (),
        *,
        colour: bool = True,
        light: bool = False,
        answer: Overlay | None = None,
        save: Callable[[Navigator], Path] | None = None,
    ) -> None:
        super().__init__()
        self.walk_of = Navigator(problem, names)
        self.colour = colour
        self.theme = "textual-light" if light else "textual-dark"
        self.in_cells = False
        self._answer, self._answer_shown = answer, answer is not None
        self._save = save
        self._timer: Timer | None = None
        self._pointed: CellRef | None = None

    def compose(self) -> ComposeResult:
        """Top line, the step, the cell's formula, bottom line."""
        yield Static(id="top")
        with VerticalScroll(id="step", can_focus=False):
            yield Static(id="picture")
        with VerticalScroll(id="why", can_focus=False):
            yield Static(id="formula")
        yield Static(id="foot")
        number = Input(id="number", type="integer", disabled=True)
        number.placeholder = say(words.WHICH)
        yield number

    def on_mount(self) -> None:
        """Draw the first step."""
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay everything out anew."""
        self._draw()

    # ---- drawing ----------------------------------------------------------------------------

    def _look(self) -> Display:
        return Display(max(self.size.width - 2, 30), self.colour)

    def _draw(self) -> None:
        walk = self.walk_of
        self.query_one("#top", Static).update(self._top())
        shown = panel_block(walk.panel, self._look())
        if self._answer and self._answer_shown:
            answer = indented(self._answer.block(walk, self._look()))
            shown = stacked([shown, answer], gap=1)
        self.query_one("#picture", Static).update(painted(shown, walk.spot, self.colour))
        self.query_one("#foot", Static).update(self._foot())
        self._draw_formula()

    def _draw_formula(self) -> None:
        spot = self._pointed or self.walk_of.spot
        if spot is None:
            return
        title, block = cell_block(self.walk_of, spot, self._look())
        said = self._answer.said(spot) if self._answer else ""
        pane = self.query_one("#why")
        pane.border_title = Content(f"{title}; {said}" if said else title)
        self.query_one("#formula", Static).update(painted(block, None, self.colour))

    def _top(self) -> Text:
        walk = self.walk_of
        tabs = Text()
        for name in walk.names:
            shown = "bold reverse" if name == walk.trace.name else ""
            click = Style(meta={"@click": f"app.show('{name}')"})
            tabs.append(f" {name} ", Style.parse(shown) + click)
            tabs.append(" ")
        operation, title = Text(f"{walk.problem.op}  ", "bold"), Text(walk.problem.title, "dim")
        room = max(self.size.width - 4 - tabs.cell_len, 0)
        together = operation + title
        if together.cell_len <= room:
            together.pad_right(room - together.cell_len)
            return together + Text("  ") + tabs
        operation.pad_right(room - operation.cell_len)
        return operation + Text("  ") + tabs + Text("\n") + title

    def _foot(self) -> Text:
        walk = self.walk_of
        done = round(BAR * walk.number / len(walk.trace))
        foot = Text(no_wrap=True)
        foot.append("▶ " if self._timer else "  ")
        foot.append("━" * done, "bold")
        foot.append("─" * (BAR - done), "dim")
        foot.append(f" {walk.number}/{len(walk.trace)}  ")
        foot.append(say(words.IN_CELLS) if self.in_cells else say(words.IN_STEPS), "dim")
        return foot

    # ---- keys -------------------------------------------------------------------------------

    def action_arrow(self, down: int, right: int) -> None:
        """An arrow: through the steps and gradients, or from cell to cell."""
        if self.in_cells:
            self.action_cursor(down, right)
        elif right:
            self._stop()
            self.walk_of.go(self.walk_of.number + right)
            self._draw()
        else:
            self.walk_of.turn(down)
            self._draw()

    def action_go(self, number: int) -> None:
        """Go to a step; -1 is the last."""
        self._stop()
        self.walk_of.go(len(self.walk_of.trace) if number == -1 else number)
        self._draw()

    def action_show(self, name: str) -> None:
        """Turn to another result."""
        self.walk_of.show(name)
        self._draw()

    def action_hop(self, by: int) -> None:
        """Into the cells, and on to the next matrix."""
        self.walk_of.hop(by if self.in_cells else 0)
        self.in_cells, self._pointed = True, None
        self._draw()

    def action_cursor(self, down: int, right: int) -> None:
        """Move the cursor from cell to cell."""
        self._pointed = None
        self.walk_of.move(down, right)
        self._draw()

    def action_leave(self) -> None:
        """Give the arrows back to the steps."""
        self.in_cells = False
        self._draw()

    def action_play(self) -> None:
        """Play, or stop."""
        if self._timer:
            self._stop()
        else:
            if self.walk_of.number == len(self.walk_of.trace):
                self.walk_of.go(1)
            self._timer = self.set_interval(PACE, self._tick)
        self._draw()

    def _tick(self) -> None:
        self.walk_of.go(self.walk_of.number + 1)
        if self.walk_of.number == len(self.walk_of.trace):
            self._stop()
        self._draw()

    def _stop(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

    def action_scroll(self, pages: int) -> None:
        """Scroll a step that is higher than the screen."""
        step = self.query_one("#step")
        step.scroll_relative(y=pages * max(step.size.height - 2, 1), animate=False)

    def action_ask(self) -> None:
        """Ask for the number of a step."""
        number = self.query_one("#number", Input)
        number.disabled = False
        number.display = True
        number.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the step that was asked for."""
        event.input.display = False
        event.input.disabled = True
        if event.value:
            self.action_go(max(int(event.value), 1))
        event.input.value = ""

    def action_shade(self) -> None:
        """Light or dark."""
        self.theme = "textual-light" if self.theme == "textual-dark" else "textual-dark"

    def action_answer(self) -> None:
        """Hide the answer, or show it."""
        self._answer_shown = not self._answer_shown
        self._draw()

    def action_save(self) -> None:
        """Save the picture."""
        if self._save is None:
            return
        try:
            path = self._save(self.walk_of)
        except CnngradError as error:
            self.notify(str(error), severity="error")
        else:
            self.notify(say(words.SAVED, path=path))

    def action_keys(self) -> None:
        """Show the keys."""
        self.push_screen(Keys())

    # ---- the mouse --------------------------------------------------------------------------

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the formula of the cell under the mouse."""
        spot = _spot(event)
        if spot is not None and spot != self._pointed:
            self._pointed = spot
            self._draw_formula()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        spot = _spot(event)
        if spot is not None:
            self.walk_of.spot, self._pointed = spot, None
            self._draw()


class Keys(ModalScreen[None]):
    """All keys; any key closes it."""

    def compose(self) -> ComposeResult:
        """A table."""
        table = Text()
        for keys, meaning in words.KEYS:
            table.append(flush_left(say(keys), 11), "bold")
            table.append(f"{say(meaning)}\n")
        table.append(f"\n{say(words.CLOSE)}", "dim")
        yield Static(table)

    def on_key(self, event: events.Key) -> None:
        """Close."""
        event.stop()
        self.dismiss()

    def on_click(self) -> None:
        """Close."""
        self.dismiss()


def _spot(event: events.MouseEvent) -> CellRef | None:
    name, place = event.style.meta.get("spot", ("", ()))
    return CellRef(name, tuple(place)) if name else None


def painted(block: Block, cursor: CellRef | None, colour: bool = True) -> Text:
    """A block in colour, whose cells know what they are; the one under the cursor stands out."""
    return Text("\n").join(_line(line, cursor, colour) for line in block.lines)


def _line(line: Iterable[tuple[str, str]], cursor: CellRef | None, colour: bool) -> Text:
    text, known = Text(no_wrap=True), styles()
    for written, style in line:
        looks = Style.parse(known[str(style)])
        if not colour:
            looks = looks.without_color
        if isinstance(style, MarkedCells):
            if style.spot == cursor:
                looks = CURSOR if colour else PLAIN_CURSOR
            looks += Style(meta={"spot": tuple(style.spot)})
        text.append(written, looks)
    return text
