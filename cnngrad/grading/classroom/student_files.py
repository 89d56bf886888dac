"""What lies in the folder of a class: each student's files, and what is nobody's."""

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ...core.errors import FileError
from ...core.text import Count, say
from .deliveries import METADATA, Delivery, delivered, submitters

PROBLEM = "problem.json"
KEYS = "keys"
"""The folder of the keys, which holds no answers."""
_HANDED_OUT = (PROBLEM, "worksheet.md", "key.md", "key.json", "command.txt", METADATA)
_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db")

MAX_ENTRIES = 200_000
"""Files and folders; whoever has more has named the wrong folder."""
_SIGNATURE_BYTES = 300
_SIGNATURES = {
    ".csv": (b"name,", b",score,max_score,correct"),
    ".json": (b'{\n  "problem": {"file": ', b""),
    ".md": (b"# Feedback for ", b""),
    ".jsonl": (b'{"cnngrad": ', b'"key": '),
}
"""How the reports begin that this program writes, and what else stands in their first lines."""
_RESULTS = (b'{\n  "tests": [', b'{\n  "score": 0,\n  "output":')
_PAGE = b'<main class="report">'


class Found(NamedTuple):
    """One file of a student."""

    path: str
    shown: str
    """As it is seen from the student's folder, as text."""


class HandedIn(NamedTuple):
    """What one student has handed in."""

    delivery: Delivery
    entry: str
    """What lies in the class's folder, as text."""
    files: list[Found]
    folder: str = ""
    """The student's folder; "" where single files lie in the class's."""
    notes: tuple[str, ...] = ()
    """What could not be looked at, and why."""


class ClassFolder:
    """The folder of a class, looked through once.

    Parameters
    ----------
    folder
        The folder.
    besides
        Files and folders that are nobody's: the problem, and what is about to be written.
    follow_links
        Whether symbolic links are followed; never out of the folder.

    Raises
    ------
    FileError
        There is no such folder, or there is far too much in it.
    """

    def __init__(
        self, folder: Path, besides: Collection[Path] = (), follow_links: bool = False
    ) -> None:
        if not folder.is_dir():
            raise FileError(
                say("This is not a folder.")
                if folder.exists()
                else say("There is no such folder."),
                where=str(folder),
                expected=say("a folder with one answer a student"),
            )
        self.folder = folder
        self.root = os.path.realpath(folder)
        self.follow_links = follow_links
        self.besides = {os.path.realpath(path) for path in besides}
        self.seen = 0

    def students(self) -> list[HandedIn]:
        """Everybody who has handed something in, or has a folder; in the order of their names."""
        metadata = self._metadata()
        whole: list[HandedIn] = []
        parts: dict[tuple[str, str], HandedIn] = {}
        for entry in self._listed(str(self.folder)):
            name = text(entry.name)
            if self._nobodys(entry, at_top=True):
                continue
            delivery = delivered(name, metadata)
            inside = self._of(entry, name, delivery)
            if inside is None:
                continue
            if delivery is None or delivery.by == "gradescope":
                whole.append(inside)
                continue
            # Moodle has a folder for files and one for text, Canvas a file for each upload.
            key = (delivery.name, delivery.id)
            if known := parts.get(key):
                late = known.delivery.late or delivery.late
                inside = known._replace(
                    files=[*known.files, *inside.files],
                    notes=(*known.notes, *inside.notes),
                    delivery=known.delivery._replace(late=late),
                )
            parts[key] = inside
        return sorted([*whole, *parts.values()], key=lambda one: (one.delivery.name, one.entry))

    # ---- one student ----------------------------------------------------------------------------

    def _of(
        self, entry: "os.DirEntry[str]", name: str, delivery: Delivery | None
    ) -> HandedIn | None:
        """What a file or folder right in the class's folder holds; None where it is nobody's."""
        owner = delivery or Delivery(name)
        target, note = self._followed(entry.path, name)
        if note:
            return HandedIn(owner, name, [], notes=(note,))
        if os.path.isdir(target):
            notes: list[str] = []
            files = list(self._files(target, "", notes, {os.path.realpath(target)}))
            own = [file for file in files if not _written_here(file.path)]
            if files and not own:
                return None  # a folder of reports
            return HandedIn(owner, name, own, target, tuple(notes))
        if not _is_file(target):
            return HandedIn(owner, name, [], notes=(say("{name} is no file", name=name),))
        shown = owner.rest or name
        return HandedIn(owner, name, [Found(target, shown)])

    def _files(
        self, folder: str, before: str, notes: list[str], above: set[str]
    ) -> Iterator[Found]:
        """All files in a student's folder, however deep."""
        try:
            entries = self._listed(folder)
        except OSError as error:
            reason = error.strerror or str(error)
            shown = before.rstrip("/") or text(os.path.basename(folder))
            notes.append(say("{name} cannot be read: {reason}", name=shown, reason=reason))
            return
        for entry in entries:
            shown = before + text(entry.name)
            if self._nobodys(entry, at_top=False):
                continue
            target, note = self._followed(entry.path, shown)
            if note:
                notes.append(note)
            elif os.path.isdir(target):
                real = os.path.realpath(target)
                if real in above:
                    notes.append(say("{name} leads back to itself", name=shown))
                else:
                    yield from self._files(target, f"{shown}/", notes, above | {real})
            elif _is_file(target):
                yield Found(target, shown)
            else:
                notes.append(say("{name} is no file", name=shown))

    def _followed(self, path: str, shown: str) -> tuple[str, str]:
        """Where an entry leads, and what is to be said of a link that is not followed."""
        if not os.path.islink(path):
            return path, ""
        if not self.follow_links:
            return path, say("{name} is a link, which is not followed", name=shown)
        real = os.path.realpath(path)
        if not os.path.exists(real):
            return path, say("{name} is a link that leads to no file", name=shown)
        if os.path.commonpath([real, self.root]) != self.root:
            return path, say("{name} is a link that leads out of the folder", name=shown)
        return real, ""

    # ---- what is nobody's -----------------------------------------------------------------------

    def _nobodys(self, entry: "os.DirEntry[str]", at_top: bool) -> bool:
        name = entry.name
        if name.startswith((".", "~$")) or name.lower() in _OF_THE_SYSTEM:
            return True
        if at_top and name == KEYS and entry.is_dir(follow_symlinks=False):
            return True
        if self.besides and os.path.realpath(entry.path) in self.besides:
            return True
        if not entry.is_file(follow_symlinks=False):
            return False
        return name in _HANDED_OUT or (at_top and _written_here(entry.path))

    def _listed(self, folder: str) -> "list[os.DirEntry[str]]":
        """The entries of a folder by name, counted."""
        with os.scandir(folder) as entries:
            listed = list(islice(entries, MAX_ENTRIES - self.seen + 1))
        self.seen += len(listed)
        if self.seen > MAX_ENTRIES:
            raise FileError(
                say("There is far too much in this folder to be a class's."),
                where=str(self.folder),
                found=say("more than {count:#} files and folders", count=Count(MAX_ENTRIES)),
                expected=say("a folder with one answer a student"),
            )
        return sorted(listed, key=lambda entry: entry.name)

    def _metadata(self) -> Mapping[str, str]:
        """Whose the folders of a Gradescope export are."""
        path = self.folder / METADATA
        if path.is_symlink() or not path.is_file():
            return {}
        try:
            return submitters(path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return {}


_SHEET = re.compile(rb"# [^\n]*\n\n`[a-z-]+` ")
"""How a worksheet or key begins, in whatever language: a title, and the operation."""


def text(name: str) -> str:
    r"""A file's name, which may be no text, as text: an odd byte is written \xff."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_file(path: str) -> bool:
    """Whether it is a file, and none that nobody may ever write to, such as a pipe."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def _written_here(path: str) -> bool:
    """Whether a file is a report, a feedback or a journal that this program wrote."""
    ending = os.path.splitext(path)[1].lower()
    known = _SIGNATURES.get(ending)
    if known is None and ending != ".html":
        return False
    try:
        with open(path, "rb") as file:
            begins = file.read(_SIGNATURE_BYTES).removeprefix(b"\xef\xbb\xbf")
            if known is None:
                return _PAGE in begins + file.read(1_000_000)
    except OSError:
        return False
    if ending == ".md" and _SHEET.match(begins):
        return True
    first, more = known
    if begins.startswith(first) and more in begins:
        return True
    return os.path.basename(path) == "results.json" and begins.startswith(_RESULTS)
