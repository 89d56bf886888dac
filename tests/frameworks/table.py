"""The table of agreement as Markdown."""

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Agreement(NamedTuple):
    """How one profile and its framework agree."""

    name: str
    versions: dict[str, str]
    counts: Counter[str]
    kinds: Counter[str]
    refusals: Counter[str]


def added(path: Path, found: Sequence[Agreement]) -> list[Agreement]:
    """What was found, now and by earlier runs that wrote to the same file."""
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known = earlier | {one.name: one._asdict() for one in found}
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    return [
        Agreement(
            name,
            one["versions"],
            Counter(one["counts"]),
            Counter(one["kinds"]),
            Counter(one["refusals"]),
        )
        for name, one in known.items()
    ]


def table(found: Sequence[Agreement], problems: int, day: datetime.date) -> str:
    """A page that says what was run, when, and how it ended.

    >>> import datetime
    >>> "| keras |" in table([], 1, datetime.date(2026, 1, 1))
    False
    """
    lines = [
        "# Profiles held against their frameworks",
        "",
        f"Run on {day} by `python -m tests.frameworks`: for each framework {problems} random",
        "problems that it computes, small whole numbers so that ties are common, every option",
        "that it has; fewer of those that were stopped by the clock on a busy machine. Numbers are",
        "compared within the rounding of the framework's floats.",
        "",
        "| profile | versions | agree | differ | of which kinds | both give none |"
        " departs, as its profile says |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        versions = ", ".join(f"{key} {value}" for key, value in one.versions.items())
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(one.kinds.items()))
        none = one.counts["not-a-number"] + one.counts["both-refuse"]
        departs = one.counts["departs as named"]
        names = [n for n in one.refusals if " " not in n]
        named = f"{departs} ({', '.join(names)})" if departs else "0"
        lines.append(
            f"| {one.name} | {versions} | {one.counts['agrees']} | {one.counts['differs']}"
            f" | {kinds} | {none} | {named} |"
        )
    lines += [
        "",
        "*Both give none*: a window of nothing but padding, which cnngrad refuses and the",
        "framework refuses too, or gives as NaN or the lowest number.",
    ]
    return "\n".join(lines) + "\n"
