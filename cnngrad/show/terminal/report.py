"""The marks of a class in the terminal: a line for each student, and a bar chart of mistakes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...core.text import Count, message, say, series
from ...core.widths import flush_left, flush_right, screen_width
from ...grading.classroom.class_results import ClassResults, ClassSummary
from ...grading.classroom.class_results import score as written
from ...grading.classroom.exports import digest
from .display import Display
from .layout import Block, Line, flow, indented, length, stacked, text, wrapped

NAME, SCORE, DIAGNOSIS = message("name"), message("score"), message("diagnosis")
RIGHT_MARK, WRONG_MARK, NO_MARK = "✓", "✗", "–"
WIDEST_NAME, LEAST_NAME = 24, 8
LEAST_DIAGNOSIS = 24
"""Characters that a diagnosis needs; where there are fewer, it stands below its line."""

ALL_RIGHT = message("all right")
SUMMARY = message("{submissions:# answer|# answers}: {right} all right, mean score {mean}.")
SUMMARY_ERRORS = message(
    "{submissions:# answer|# answers}: {right} all right, mean score {mean}."
    " {errors:One could not be marked and counts 0.|# could not be marked and count 0.}"
)
SUMMARY_NONE = message(
    "{submissions:# answer, which could not be marked.|# answers, none of which could be marked.}"
)
NOT_READ = message("{count:One file was|# files were} not read: {names}.")
LATE, UPLOAD, ID = message("late"), message("upload {upload} counts"), message("id {id}")
INTERRUPTED = message("Interrupted: {done} of {total:# answer|# answers} {done:was|were} marked.")
UNWRITTEN = message("{path} is not written.")
INCOMPLETE = message(
    "{folder} is not complete: run it again with --force, which writes over what is there."
)
BY_GRADIENT = message("{name} right: {right} of {marked}")
CHART = message("The most common mistakes")
NO_MISTAKES = message("No mistake was recognised.")
COUNT = message("{count} · {share}")
MORE = message("… and {count:# more kind|# more kinds} of mistake")
UNEXPLAINED = message("In {count} answers, a wrong gradient fits no known mistake.")
UNEXPLAINED_ONE = message("In one answer, a wrong gradient fits no known mistake.")
BARS = 12
"""So many mistakes are in the chart."""


def report(ledger: ClassResults, look: Display) -> Iterator[Block]:
    """Draw the marks of a class, line by line."""
    tally = ledger.tally
    widths = _Widths(tally, look.width)
    yield stacked([widths.header(), Block([[]])])
    for record in ledger.records():
        yield widths.row(record)
    yield text("")
    yield from summary(tally, look)
    if tally.unread:
        yield text("")
        yield wrapped(not_read(tally.unread), look.width - 2, "faint", " ")


def summary(tally: ClassSummary, look: Display) -> Iterator[Block]:
    """What the marks come to, and the chart."""
    width = look.width - 2
    yield wrapped(in_words(tally), width, "heading", " ")
    parts = [
        say(BY_GRADIENT, name=name, right=right, marked=tally.submissions)
        for name, right in tally.gradients.items()
    ]
    yield Block([[(" ", ""), *line] for line in flow([*map(text, parts)], width, 3, 0).lines])
    yield text("")
    yield from chart(tally, look)


def in_words(tally: ClassSummary) -> str:
    """How many answers, how many right, and the mean score."""
    template = SUMMARY_ERRORS if tally.marked else SUMMARY_NONE
    return say(
        template if tally.errors else SUMMARY,
        submissions=Count(tally.submissions),
        right=Count(tally.right),
        errors=Count(tally.errors),
        mean=share(tally.mean),
    )


def share(part: float) -> str:
    """A part of the whole, from 0 to 1; only nothing is 0%, and only the whole is 100%.

    >>> share(0.256), share(0.004), share(0.9999), share(1)
    ('26%', '0.4%', '99.9%', '100%')
    """
    percent = 100 * part
    if 0 < percent < 1 or 99 < percent < 100:
        return f"{min(max(percent, 0.1), 99.9):.1f}%"
    return f"{percent:.0f}%"


def not_read(unread: Sequence[str]) -> str:
    """That there are files which are no part of an answer; all of them are named."""
    return say(NOT_READ, count=Count(len(unread)), names=series(unread))


def labels(record: Mapping[str, Any]) -> list[str]:
    """What a delivery says of a student: an id, that it came late, which upload counts."""
    said = [say(ID, id=record["id"])] if "id" in record else []
    said += [say(LATE)] if record.get("late") else []
    return said + ([say(UPLOAD, upload=record["upload"])] if "upload" in record else [])


def interrupted(
    done: int, total: int, folders: Sequence[Path], missing: Sequence[Path]
) -> list[str]:
    """What there is of a class whose marking was interrupted.

    Parameters
    ----------
    done, total
        How many of the answers were marked.
    folders
        Those that lack some students' files.
    missing
        Reports that were to be written.
    """
    said = [say(INTERRUPTED, done=Count(done), total=Count(total))]
    said += [say(INCOMPLETE, folder=folder) for folder in folders]
    return said + [say(UNWRITTEN, path=path) for path in missing]


def chart(tally: ClassSummary, look: Display) -> Iterator[Block]:
    """The class's mistakes as bars, the most common first."""
    ranked = tally.ranked()
    if not ranked:
        yield text(f" {say(NO_MISTAKES)}", "faint")
    else:
        yield stacked([text(f" {say(CHART)}", "heading"), Block([[]])])
        shown = ranked[:BARS]
        titles = max(screen_width(words) for _, words, _ in shown)
        top = shown[0][2]
        for _, words, count in shown:
            yield _bar(words, count, top, tally.submissions, titles, look)
        if len(ranked) > BARS:
            yield text(f" {say(MORE, count=Count(len(ranked) - BARS))}", "faint")
    if tally.unexplained:
        template = UNEXPLAINED if tally.unexplained > 1 else say(UNEXPLAINED_ONE)
        yield text("")
        yield wrapped(say(template, count=tally.unexplained), look.width - 2, "faint", " ")


def _bar(words: str, count: int, top: int, marked: int, titles: int, look: Display) -> Block:
    said = say(COUNT, count=count, share=share(count / marked))
    room = look.width - 4 - screen_width(said) - titles - 2
    above = room < 10
    if above:
        room = look.width - 4 - screen_width(said)
    size = max(round(count / top * max(room, 1)), 1)
    bar: Line = [(" " * size, "blue")] if look.colour else [("█" * size, "")]
    line: Line = [*bar, (f" {said}", "")]
    if above:
        return stacked([text(f" {words}"), Block([[(" ", ""), *line]])])
    return Block([[(f" {flush_left(words, titles)}  ", ""), *line]])


class _Widths:
    """How wide the columns of the table are."""

    def __init__(self, tally: ClassSummary, width: int) -> None:
        self.gradients = list(tally.gradients)
        self.score = max(tally.longest_score, screen_width(say(SCORE)))
        used = 4 + self.score + sum(len(name) + 2 for name in self.gradients)
        widest = min(WIDEST_NAME, max(width - used, LEAST_NAME))
        longest = max(tally.longest_name, screen_width(say(NAME)))
        self.name = min(longest, widest)
        self.rest = width - used - self.name - 2
        self.below = self.rest < LEAST_DIAGNOSIS
        if self.below:
            self.name = min(longest, max(width - used, LEAST_NAME))
        self.width = width

    def header(self) -> Block:
        line: Line = [
            (
                f" {flush_left(say(NAME), self.name)}  {flush_right(say(SCORE), self.score)}",
                "heading",
            )
        ]
        line += [(f"  {name}", "heading") for name in self.gradients]
        if not self.below:
            line.append((f"  {say(DIAGNOSIS)}", "heading"))
        return Block([line])

    def row(self, record: Mapping[str, Any]) -> Block:
        """One student, on as many lines as it takes."""
        names = pieces(record["name"], self.name)
        marks = self._marks(record)
        said = Block([]) if self.below else _said(record, self.rest)
        lines: list[Line] = []
        for k in range(max(len(names), len(said.lines))):
            name = names[k] if k < len(names) else ""
            line: Line = [(f" {flush_left(name, self.name)}  ", "")]
            line += marks if k == 0 else [(" " * length(marks), "")]
            lines.append([*line, ("  ", ""), *said.lines[k]] if k < len(said.lines) else line)
        if not self.below or (record.get("correct") and len(said.lines) < 2):
            return Block(lines)
        return stacked([Block(lines), indented(indented(_said(record, self.width - 4)))])

    def _marks(self, record: Mapping[str, Any]) -> Line:
        score = written(record["score"], record["max_score"])
        line: Line = [(f"{score:>{self.score}}", "")]
        for name in self.gradients:
            gradient = record["gradients"].get(name)
            mark, style = NO_MARK, "faint"
            if gradient is not None:
                fine = gradient["correct"]
                mark, style = (RIGHT_MARK, "right") if fine else (WRONG_MARK, "wrong")
            line += [("  ", ""), (mark, style), (" " * (len(name) - 1), "")]
        return line


def pieces(name: str, width: int) -> list[str]:
    """A name on as many lines as it takes, broken where it has a hyphen or the like.

    >>> pieces("van_der_berg", 9), pieces("abcdef", 4)
    (['van_der_', 'berg'], ['abcd', 'ef'])
    """
    name = "".join(c if c.isprintable() else "�" for c in name)
    lines = []
    while screen_width(name) > width:
        fitting = next(k for k in range(len(name), 0, -1) if screen_width(name[:k]) <= width)
        cut = max(name.rfind(c, 0, fitting) for c in "-_+. ") + 1 or fitting
        lines.append(name[:cut])
        name = name[cut:]
    return [*lines, name]


def _said(record: Mapping[str, Any], width: int) -> Block:
    said = [", ".join(labels(record))] if labels(record) else []
    said += record.get("notes", ())
    notes = [wrapped(words, width, "faint") for words in said]
    if "error" in record:
        # What was found says already which files could not be read.
        return wrapped(record["reason"], width, "faint")
    if record["correct"]:
        return stacked([text(say(ALL_RIGHT), "faint"), *notes])
    return stacked([*(wrapped(words, width) for words in digest(record)), *notes])
