"""The marks of a class as one page that needs nothing else, written piece by piece."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from ...core.text import Count, message, say
from ...grading.classroom.class_results import ClassResults, ClassSummary
from ...grading.classroom.exports import digest, messages
from ...grading.classroom.marking import likeliest
from ..terminal import report as words
from .page_template import escaped, shell

KICKER = message("Marks")
ANSWERS, RIGHT, MEAN, ERRORS = (
    message("{count:answer|answers}"),
    message("all right"),
    message("mean score"),
    message("could not be marked"),
)
MEAN_WITH_ERRORS = message("mean score; what could not be marked counts 0")
GRADIENTS = message("Right gradients")
STUDENTS = message("Every answer")

_ROWS = "\0rows\0"
_BREAKS = re.compile(r"[-_+.]")
"""Where a long name may go on in the next line."""


def report_page(title: str, ledger: ClassResults) -> Iterator[str]:
    """The page, piece by piece.

    Parameters
    ----------
    title
        What was asked.
    ledger
        The marks.
    """
    tally = ledger.tally
    body = "".join(
        [
            f"<style>{(files(__package__) / 'report.css').read_text(encoding='utf-8')}</style>",
            f'<main class="report"><p class="kicker">{say(KICKER)}</p><h1>{escape(title)}</h1>',
            _tiles(tally),
            _section(say(GRADIENTS), _gradients(tally)),
            _section(say(words.CHART), _chart(tally)),
            _section(say(STUDENTS), _table(tally) + _unread(tally)),
            "</main>",
        ]
    )
    head, _, tail = shell(title, body).partition(_ROWS)
    yield head
    for record in ledger.records():
        yield _row(record, list(tally.gradients))
    yield tail


def _section(heading: str, inside: str) -> str:
    return f"<section><h2>{escaped(heading)}</h2>{inside}</section>"


def _tiles(tally: ClassSummary) -> str:
    tiles = [
        (f"{tally.submissions:,}", say(ANSWERS, count=Count(tally.submissions))),
        (f"{tally.right:,}", say(RIGHT)),
        (words.share(tally.mean), say(MEAN)),
    ]
    if tally.errors:
        tiles[-1] = (words.share(tally.mean), say(MEAN_WITH_ERRORS))
        tiles.append((f"{tally.errors:,}", say(ERRORS)))
    inside = "".join(f"<div><b>{number}</b><span>{what}</span></div>" for number, what in tiles)
    return f'<div class="tiles">{inside}</div>'


def _gradients(tally: ClassSummary) -> str:
    all_of_them = max(tally.submissions, 1)
    rows = [(name, n, n / all_of_them, n / all_of_them) for name, n in tally.gradients.items()]
    return _bars(rows, "bars fine")


def _chart(tally: ClassSummary) -> str:
    ranked = tally.ranked()
    if not ranked:
        return f"<p>{escaped(say(words.NO_MISTAKES))}</p>"
    top = ranked[0][2]
    rows = [(title, n, n / top, n / tally.submissions) for _, title, n in ranked]
    said = ""
    if tally.unexplained:
        template = words.UNEXPLAINED if tally.unexplained > 1 else say(words.UNEXPLAINED_ONE)
        said = f'<p class="more">{escaped(say(template, count=tally.unexplained))}</p>'
    return _bars(rows, "bars") + said


def _bars(rows: list[tuple[str, int, float, float]], classes: str) -> str:
    """Bars from (title, count, length from 0 to 1, share of all)."""
    inside = "".join(
        f'<dt>{escaped(title)}</dt><dd><i style="width:{75 * long:.1f}%"></i>'
        f"{say(words.COUNT, count=count, share=words.share(part))}</dd>"
        for title, count, long, part in rows
    )
    return f'<dl class="{classes}">{inside}</dl>'


def _table(tally: ClassSummary) -> str:
    heads = [say(words.NAME), say(words.SCORE), *tally.gradients, say(words.DIAGNOSIS)]
    row = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f'<table class="students"><thead><tr>{row}</tr></thead><tbody>{_ROWS}</tbody></table>'


def _unread(tally: ClassSummary) -> str:
    return f'<p class="more">{escaped(words.not_read(tally.unread))}</p>' if tally.unread else ""


def _row(record: Mapping[str, Any], names: list[str]) -> str:
    words_of_name = _BREAKS.sub(r"\g<0><wbr>", escape(record["name"]))
    name = f'<th scope="row">{words_of_name}</th>'
    if delivered := words.labels(record):
        name = name.replace("</th>", f"<br><small>{escape(', '.join(delivered))}</small></th>")
    score = f'<td class="number">{record["score"]:g} / {record["max_score"]:g}</td>'
    if "error" in record:
        blank = f'<td class="mark">{words.NO_MARK}</td>' * len(names)
        return f"<tr>{name}{score}{blank}<td><pre>{escape(record['error'])}</pre></td></tr>\n"
    marks = "".join(_mark(record["gradients"].get(gradient)) for gradient in names)
    return f"<tr>{name}{score}{marks}<td>{_said(record)}</td></tr>\n"


def _mark(gradient: Mapping[str, Any] | None) -> str:
    if gradient is None:
        return f'<td class="mark">{words.NO_MARK}</td>'
    fine = gradient["correct"]
    mark, kind = (words.RIGHT_MARK, "yes") if fine else (words.WRONG_MARK, "no")
    return f'<td class="mark {kind}"><b>{mark}</b></td>'


def _said(record: Mapping[str, Any]) -> str:
    notes = [*map(escaped, record.get("notes", ()))]
    if record["correct"]:
        return "<br>".join([escaped(say(words.ALL_RIGHT)), *notes])
    short = "<br>".join([*map(escaped, digest(record)), *notes])
    wrong = [gradient for gradient in record["gradients"].values() if likeliest(gradient)]
    full = [message for gradient in wrong for message in messages(gradient)]
    if not full:
        return short
    paragraphs = "".join(f"<p>{escaped(message)}</p>" for message in full)
    return f"<details><summary>{short}</summary>{paragraphs}</details>"
