"""The marks of a class, kept in a temporary file, and what they come to.

The summary stands before the submissions in every report, so all of them have to be marked
before the first line of a report can be written; a file keeps memory flat meanwhile.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from ...core.numbers import Number
from ...core.text import say
from ...core.widths import screen_width
from ...layers.rules import rules_by_code
from ..slip_texts import SLIPS
from ..verdict_texts import WRONG_SHAPE
from .marking import Facts, MarkedAnswer


class ClassResults:
    """All marked submissions in their order."""

    def __init__(
        self,
        gradients: tuple[str, ...],
        unread: Sequence[str] = (),
        labels: Sequence[str] = (),
    ) -> None:
        self.tally = ClassSummary(gradients, unread)
        self.labels = tuple(labels)
        """What deliveries say of students, in columns of their own: `id`, `late`, `upload`."""
        # kept open from line to line; closed by `__exit__`
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> "ClassResults":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, marked: MarkedAnswer) -> None:
        """Enter one submission."""
        self._file.write(marked.text + "\n")
        self.tally.add(marked.name, marked.facts)

    def lines(self) -> Iterator[str]:
        """The JSON object of each submission."""
        self._file.seek(0)
        for line in self._file:
            yield line.rstrip("\n")

    def records(self) -> Iterator[dict[str, Any]]:
        """Each submission as an object."""
        return map(json.loads, self.lines())


class ClassSummary:
    """What the marks of a class come to."""

    def __init__(self, gradients: tuple[str, ...], unread: Sequence[str] = ()) -> None:
        self.unread = unread
        """Files in the folder that were not read."""
        self.submissions = self.errors = self.right = self.unexplained = 0
        self.score = self.max_score = 0.0
        self.gradients = dict.fromkeys(gradients, 0)
        """For each gradient, how many have it right."""
        self.mistakes: Counter[str] = Counter()
        """By code, how many submissions have it."""
        self.longest_name = self.longest_score = 0
        """In columns of a terminal."""

    def add(self, name: str, facts: Facts) -> None:
        """Count one submission."""
        self.submissions += 1
        self.longest_name = max(self.longest_name, screen_width(name))
        if facts.failed:  # it counts as an answer in which nothing is right
            self.errors += 1
            self.max_score += float(facts.max_score)
            written = score(facts.score, facts.max_score)
            self.longest_score = max(self.longest_score, len(written))
            return
        self.longest_score = max(self.longest_score, len(score(facts.score, facts.max_score)))
        self.right += facts.correct
        self.unexplained += facts.unexplained
        self.score += float(facts.score)
        self.max_score += float(facts.max_score)
        self.mistakes.update(facts.codes)
        for gradient in facts.right:
            self.gradients[gradient] = self.gradients.get(gradient, 0) + 1

    @property
    def marked(self) -> int:
        """How many could be marked."""
        return self.submissions - self.errors

    @property
    def mean(self) -> float:
        """The mean score, from 0 to 1; what could not be marked counts 0."""
        return self.score / self.max_score if self.max_score else 0.0

    def ranked(self) -> list[tuple[str, str, int]]:
        """The mistakes as (code, title, submissions), the most common first."""
        return [
            (code, title(code), count)
            for code, count in sorted(self.mistakes.items(), key=lambda pair: (-pair[1], pair[0]))
        ]

    def json(self) -> dict[str, Any]:
        """The summary for machines."""
        return {
            "submissions": self.submissions,
            "errors": self.errors,
            "correct": self.right,
            "mean_score": 1.0 if self.mean == 1 else min(round(self.mean, 4), 0.9999),
            "gradients": dict(self.gradients),
            "mistakes": [
                {"code": code, "title": words, "submissions": count}
                for code, words, count in self.ranked()
            ],
            "unexplained": self.unexplained,
            "not_read": list(self.unread),
        }


def score(reached: Number, most: Number) -> str:
    """A score as it stands in the tables."""
    return f"{reached:g}/{most:g}"


def title(code: str) -> str:
    """A mistake or a slip in a few words."""
    if code in rules_by_code():
        return say(rules_by_code()[code].words.title)
    return say(SLIPS[code].title if code in SLIPS else WRONG_SHAPE)
