"""The marks of a class for machines: JSON, CSV, Gradescope; piece by piece."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...core.numbers import index
from ...core.shapes import by
from ...core.text import Count, message, say
from ...core.unicode_safety import one_line
from ..slip_texts import ALL_ALIKE, NOT_FILLED_IN
from .class_results import ClassResults, title
from .marking import WRONG_SHAPE, codes_of, likeliest

ONE = message("{name}: {first}")
TWO = message("{name}: {first}, and {second}")
WRONG = message("{name}: {wrong} of {cells} cells wrong")
OPEN = message("{name}: {count:# cell|# cells} not filled in")
MORE_WRONG = message("{name}: {count:# more cell|# more cells} wrong")
SHAPE = message("{name}: wrong shape {found}, {expected} expected")
MISSING = message("{name}: not handed in")


def digest(record: Mapping[str, Any]) -> list[str]:
    """What happened in one submission, in a few words for each gradient that is wrong."""
    said = []
    for name, gradient in record["gradients"].items():
        if gradient["correct"]:
            continue
        reasons = likeliest(gradient)
        opened = sum(reason.get("code") == NOT_FILLED_IN for reason in reasons)
        for reason in reasons:
            if opened > 1 and reason.get("code") == NOT_FILLED_IN:
                continue
            if reason.get("code") == WRONG_SHAPE:
                found, expected = by(gradient["shape"]), by(gradient["expected_shape"])
                said.append(say(SHAPE, name=name, found=found, expected=expected))
                continue
            titles = [title(code) for code in codes_of(reason)]
            words = ONE if len(titles) == 1 else TWO
            place = name + index(tuple(reason["cell"])) if "cell" in reason else name
            said.append(say(words, name=place, first=titles[0], second=titles[-1]))
        if opened > 1:
            said.append(say(OPEN, name=name, count=Count(opened)))
        if rest := _unnamed(gradient, reasons):
            said.append(say(MORE_WRONG, name=name, count=Count(rest)))
        if not reasons:
            wrong = len(gradient["wrong_cells"])
            said.append(say(WRONG, name=name, wrong=wrong, cells=gradient["cells"]))
    return said + [say(MISSING, name=name) for name in record["missing"]]


def messages(gradient: Mapping[str, Any]) -> list[str]:
    """What is said of one gradient: its likeliest reasons, or one sentence for all its cells."""
    reasons = likeliest(gradient)
    codes = {code for reason in reasons for code in codes_of(reason)}
    rest = _unnamed(gradient, reasons)
    if not codes or (len(codes) == 1 and codes <= {*ALL_ALIKE} and not rest):
        return [gradient["message"]]
    said = [reason["message"] for reason in reasons]
    return [gradient["message"], *said] if rest else said


def _unnamed(gradient: Mapping[str, Any], reasons: list[dict[str, Any]]) -> int:
    """How many wrong cells have no reason, where others have one of their own."""
    alone = [reason for reason in reasons if "cell" in reason]
    return len(gradient["wrong_cells"]) - len(alone) if alone else 0


def json_pieces(problem: Mapping[str, Any], ledger: ClassResults) -> Iterator[str]:
    """One object: `problem`, `summary` and `submissions`, one line each."""
    yield f'{{\n  "problem": {json.dumps(problem, ensure_ascii=False)},\n'
    yield f'  "summary": {json.dumps(ledger.tally.json(), ensure_ascii=False)},\n'
    yield '  "submissions": ['
    for k, line in enumerate(ledger.lines()):
        yield f"{',' if k else ''}\n    {line}"
    yield "\n  ]\n}\n"


def csv_pieces(ledger: ClassResults) -> Iterator[str]:
    """One line a submission, for a spreadsheet."""
    names = list(ledger.tally.gradients)
    scores = ["score", "max_score", "correct", *names]
    said = ["mistakes", "diagnosis", "error", "notes", "not_read"]
    yield _row(["name", *ledger.labels, *scores, *said])
    for record in ledger.records():
        reasons = [reason for g in record["gradients"].values() for reason in likeliest(g)]
        codes = [" + ".join(codes_of(reason)) for reason in reasons]
        failed = "error" in record
        yield _row(
            [
                record["name"],
                *[_label(record.get(label)) for label in ledger.labels],
                record["score"],
                record["max_score"],
                "yes" if record["correct"] else "no",
                *[record["points"].get(name, [""])[0] for name in names],
                "; ".join(dict.fromkeys(codes)),
                "" if failed else "; ".join(digest(record)),
                record["reason"] if failed else "",
                "; ".join(record.get("notes", ())),
                "; ".join(record.get("not_read", ())),
            ]
        )


def _label(value: object) -> object:
    if value is None:
        return ""
    return "yes" if value is True else value


_FORMULA = ("=", "+", "-", "@")
"""What makes a spreadsheet take a text for a formula."""


def _row(cells: list[object]) -> str:
    """A line of CSV; a text that a spreadsheet would run as a formula gets an apostrophe.

    No sign that steers a terminal or ends a line leaves its field.
    """
    plain = [one_line(cell) if isinstance(cell, str) else cell for cell in cells]
    safe = [f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in plain]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(safe)
    return line.getvalue()


def gradescope(record: Mapping[str, Any], told: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A student's `results.json` for Gradescope.

    The names of the fields are those of Gradescope's autograder specification
    (gradescope-autograders.readthedocs.io/en/latest/specs, "Output format").

    Parameters
    ----------
    record
        What the reports say of the submission.
    told
        What the student is told of the gradients, where that is less.
    """
    notes = list(record.get("notes", ()))
    if "error" in record:
        return {
            "score": 0,
            "output": "\n".join([record["error"], *notes]),
            "output_format": "text",
            "visibility": "visible",
            "tests": [],
        }
    gradients = told or record["gradients"]
    tests = []
    for name, (score, most) in record["points"].items():
        test: dict[str, Any] = {"name": name, "score": score, "max_score": most}
        if name in gradients:
            gradient = gradients[name]
            said = messages(gradient)
            test["status"] = "passed" if gradient["correct"] else "failed"
            test["output"] = "\n".join(said)
        else:
            test["status"] = "failed"
            test["output"] = say(MISSING, name=name)
        tests.append({**test, "output_format": "text", "visibility": "visible"})
    return {"tests": tests, **({"output": "\n".join(notes)} if notes else {})}
