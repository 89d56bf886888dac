"""Names of hand-ins as Moodle, Canvas and Gradescope write them: whose, how late, which upload."""

import re
from collections.abc import Mapping
from typing import NamedTuple

METADATA = "submission_metadata.yml"
"""Gradescope's file beside the folders of its export, which says whose each is."""

_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)", re.DOTALL
)
_CANVAS = re.compile(
    r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<submission>\d+)_(?P<rest>.+)", re.DOTALL
)
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_AGAIN = re.compile(r"(.+?) ?\((\d{1,3})\)", re.DOTALL)
_AGAIN_ON_CANVAS = re.compile(r"(.+?)-(\d{1,3})", re.DOTALL)


class Delivery(NamedTuple):
    """What the name of a file or folder says of its student."""

    name: str
    id: str = ""
    late: bool = False
    rest: str = ""
    """What the student called the file; "" of a folder."""
    by: str = ""
    """`moodle`, `canvas` or `gradescope`; "" where the name is the student's own."""


def delivered(entry: str, metadata: Mapping[str, str] | None = None) -> Delivery | None:
    """What a delivered file's or folder's name says; None where it is none of theirs.

    Parameters
    ----------
    entry
        The name.
    metadata
        What `submitters` found in Gradescope's file.

    Examples
    --------
    >>> delivered("Anna Meier_12345_assignsubmission_file_")
    Delivery(name='Anna Meier', id='12345', late=False, rest='', by='moodle')
    >>> delivered("meieranna_LATE_12345_67890_answer-1.csv")
    Delivery(name='meieranna', id='12345', late=True, rest='answer-1.csv', by='canvas')
    >>> delivered("submission_12345", {"submission_12345": "Anna Meier"}).name
    'Anna Meier'
    >>> delivered("anna.json") is None
    True
    """
    if match := _MOODLE.fullmatch(entry):
        return Delivery(match["name"], match["id"], False, match["rest"], "moodle")
    if match := _CANVAS.fullmatch(entry):
        late = match["late"] is not None
        return Delivery(match["name"], match["id"], late, match["rest"], "canvas")
    if match := _GRADESCOPE.fullmatch(entry):
        name = (metadata or {}).get(entry, entry)
        return Delivery(name, match["id"], False, "", "gradescope")
    return None


def upload(stem: str, by: str = "") -> tuple[str, int]:
    """A file's name without the number of a further upload, and that number.

    Browsers write `answer (1)` for the second, and only Canvas writes `answer-1`.

    >>> upload("answer-2", "canvas"), upload("answer (1)"), upload("homework-1")
    (('answer', 2), ('answer', 1), ('homework-1', 0))
    """
    match = _AGAIN.fullmatch(stem)
    if match is None and by == "canvas":
        match = _AGAIN_ON_CANVAS.fullmatch(stem)
    return (match[1], int(match[2])) if match else (stem, 0)


def submitters(text: str) -> dict[str, str]:
    r"""Whose each folder of a Gradescope export is; a group's names stand together.

    Of YAML it reads what Gradescope writes: a folder's name, and `:name:` of each submitter.

    >>> submitters("submission_7:\n  :submitters:\n  - :name: Anna Meier\n    :sid: '12'\n")
    {'submission_7': 'Anna Meier'}
    """
    found: dict[str, list[str]] = {}
    folder = ""
    for line in text.splitlines():
        if match := re.fullmatch(r"['\"]?(submission_\d+)['\"]?:\s*", line):
            folder = match[1]
        elif folder and (match := re.fullmatch(r"\s*-?\s*:?name:\s*(.+?)\s*", line)):
            found.setdefault(folder, []).append(match[1].strip("'\""))
    return {folder: ", ".join(names) for folder, names in found.items()}
