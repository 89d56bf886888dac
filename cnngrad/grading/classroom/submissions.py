"""Who handed in what: each student of a class, the files of their answer, and their problem."""

import os
import re
from collections import Counter
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from ...core.errors import FileError
from ...core.text import say, series
from ...files.source import KINDS, READABLE
from .deliveries import Delivery, delivered, upload
from .student_files import PROBLEM, ClassFolder, Found, HandedIn, text

ANSWER = "answer"
"""A file of this name is the answer, whatever else lies beside it."""
UNPOSED = "-"
_LONGEST_FILE = 200
"""Bytes of a name that a file is given, so that an ending finds room behind it."""


class Submission(NamedTuple):
    """One student's answer that is to be marked."""

    name: str
    files: tuple[str, ...] = ()
    """The files of the answer; none where nothing was handed in that could be read."""
    problem: str = ""
    """The problem file, where each student has one of their own; `UNPOSED` where it is missing."""
    unread: tuple[str, ...] = ()
    """The student's other files, and what could not be looked at."""
    id: str = ""
    late: bool = False
    upload: int = 0
    """Which upload counts, where there were several: 2 for the second."""
    notes: tuple[str, ...] = ()
    """What is to be told of the files."""
    file: str = ""
    """A name for the student's files that any file system takes; no two have the same."""

    @property
    def labels(self) -> dict[str, object]:
        """What a delivery says of the student, for reports."""
        known = {"id": self.id, "late": self.late, "upload": self.upload}
        return {name: value for name, value in known.items() if value}


class Collected(NamedTuple):
    """What lies in the folder of a class."""

    answers: list[Submission]
    unread: list[str]
    """Files that are no part of an answer, seen from the folder."""


def collected(
    problem: Path,
    folder: Path | None = None,
    glob: str = "",
    names: Sequence[str] = (),
    besides: Collection[Path] = (),
    follow_links: bool = False,
) -> Collected:
    """Find everybody's answer, sorted by name.

    Each folder right in the class's folder is a student, and so is each file; but where all such
    files bear names of results, they are one answer.

    Parameters
    ----------
    problem
        A problem file that all answer; or a folder with one folder a student, in each a
        `problem.json`, as `exercise --count` makes it.
    folder
        Where the answers lie. With a folder of problems, they may lie beside them.
    glob
        Which files are answers; unless given, all whose ending can be read.
    names
        The results that can be handed in; a file of such a name holds that result.
    besides
        Files that are nobody's, such as reports that are about to be written.
    follow_links
        Whether symbolic links are followed; never out of the folder.

    Raises
    ------
    FileError
        There is no such folder, or nothing in it.
    """
    each_their_own = problem.is_dir()
    if folder is None and not each_their_own:
        raise FileError(
            say("The folder with the answers is missing."),
            expected=say("cnngrad grade PROBLEM FOLDER"),
            fix=say("only a folder of problems, one a student, may hold the answers itself"),
        )
    known = [*besides] if each_their_own else [*besides, problem]
    there = ClassFolder(folder or problem, known, follow_links)
    joined = _joined(there.students(), names, there)
    students = [_chosen(one, glob, names) for one in joined]
    if glob:  # other files right in the folder are not students, but another homework
        matched = zip(joined, students, strict=True)
        students = [s for one, s in matched if s.files or one.folder or one.delivery.by]
    posed = _posed(problem) if each_their_own else {}
    if each_their_own:
        here = {student.name for student in students}
        students = [s._replace(problem=posed.get(s.name, UNPOSED)) for s in students]
        students += [Submission(name, problem=posed[name]) for name in posed.keys() - here]
    if not students or (glob and not any(student.files for student in students)):
        raise FileError(
            say("There are no answers in this folder."),
            where=str(there.folder),
            expected=glob or say("a folder or a file for each student"),
            fix=say("--glob says which files are answers, such as --glob '*/homework1.json'"),
        )
    answers = _told_apart(students)
    return Collected(answers, sorted(file for s in answers for file in _seen_from(s)))


def result_named(path: str, names: Collection[str]) -> str:
    """The result that a file's name says it holds; "" where it says none.

    >>> result_named("anna/dW.csv", ["dA_prev", "dW", "db"])
    'dW'
    """
    file = text(os.path.basename(path))
    delivery = delivered(file)
    if delivery is None:
        stem, by = _stem(file), ""
    else:
        stem, by = _stem(delivery.rest), delivery.by
    name = upload(stem, by)[0]
    return name if name in names else ""


def problems_in(folder: Path) -> list[str]:
    """The problem files of a class in which each student has one of their own.

    Raises
    ------
    FileError
        There are none.
    """
    return [path for _, path in sorted(_posed(folder).items())]


def _posed(folder: Path) -> dict[str, str]:
    """Each student's problem; a link may lead to anything, and is none."""
    with os.scandir(folder) as entries:
        found = {text(entry.name): os.path.join(entry.path, PROBLEM) for entry in entries}
    posed = {
        name: path
        for name, path in found.items()
        if os.path.isfile(path) and not os.path.islink(path)
    }
    if not posed:
        raise FileError(
            say("There are no problems in this folder."),
            where=str(folder),
            expected=say("a folder for each student with a problem.json in it, or a problem file"),
            fix=say("cnngrad exercise OP --count 30 --output DIR makes such a folder"),
        )
    return posed


def _joined(students: list[HandedIn], names: Sequence[str], there: ClassFolder) -> list[HandedIn]:
    """The same, with files right in the class's folder that belong together taken together.

    Where all of them bear names of results they are one answer. A file that is none, such as a
    PDF, belongs to the answer of the same name.
    """
    single = [s for s in students if not s.folder and not s.delivery.by and s.files]
    rest = [s for s in students if s not in single]
    files = [student.files[0] for student in single]
    if single and all(upload(_stem(file.shown))[0] in names for file in files):
        owner = text(os.path.basename(there.root))
        return [*rest, HandedIn(Delivery(owner), owner, files, there.root)]
    alike: dict[str, list[HandedIn]] = {}
    for student in single:
        alike.setdefault(_stem(student.entry), []).append(student)
    for group in alike.values():
        usable = [s for s in group if _ending(s.files[0]) in READABLE]
        if len(usable) != 1:
            rest += group
            continue
        others = [file for s in group if s is not usable[0] for file in s.files]
        rest.append(usable[0]._replace(files=[*usable[0].files, *others]))
    return rest


# ---- one student's answer ---------------------------------------------------------------------


def _chosen(student: HandedIn, glob: str, names: Sequence[str]) -> Submission:
    """The files of a student that are the answer."""
    delivery = student.delivery
    name = delivery.name
    ending = os.path.splitext(name)[1].lower()
    if not student.folder and not delivery.by and (student.files or ending in READABLE):
        name = _stem(delivery.name)
    usable = [file for file in student.files if _wanted(file, student, glob)]
    choice = _Choice(usable, names, delivery.by)
    taken = {file.path for file in choice.answer}
    return Submission(
        name,
        tuple(file.path for file in choice.answer),
        unread=tuple(file.shown for file in student.files if file.path not in taken),
        id=delivery.id,
        late=delivery.late,
        upload=choice.upload,
        notes=(*student.notes, *choice.notes),
        file=student.entry,
    )


def _wanted(file: Found, student: HandedIn, glob: str) -> bool:
    """Whether a file may be an answer."""
    if glob:
        seen = f"{student.entry}/{file.shown}" if student.folder else student.entry
        return fnmatchcase(seen, glob) or fnmatchcase(file.shown, glob)
    return os.path.splitext(file.shown)[1].lower() in READABLE


class _Choice:
    """Which of a student's files are the answer."""

    def __init__(self, files: list[Found], names: Sequence[str], by: str) -> None:
        self._by = by
        self.answer: list[Found] = []
        self.upload = 0
        """Which upload counts, where there were several."""
        self.notes: list[str] = []
        if called := [file for file in files if self._named(file).lower() == ANSWER]:
            self._take(called)
        elif results := [file for file in files if self._named(file) in names]:
            for name in names:
                if several := [file for file in results if self._named(file) == name]:
                    self._take(several)
        else:
            self._take_sole(files)

    def _take_sole(self, files: list[Found]) -> None:
        """The only file that is likely to be the answer, whatever it is called."""
        sure = [file for file in files if _ending(file) in KINDS]
        tables = [file for file in sure if _ending(file) != ".txt"]
        objects = [file for file in sure if _ending(file) == ".json"]
        for likely in (files, sure, tables, objects):
            if len({self._named(file) for file in likely}) == 1:
                self._take(likely)
                return
        if files:
            listed = series(file.shown for file in files)
            self.notes.append(say("several files could be the answer: {files}", files=listed))

    def _take(self, files: list[Found]) -> None:
        """Of several uploads of one file, the last."""

        def order(file: Found) -> tuple[int, float, str]:
            return self._number(file), _written_at(file.path), file.shown

        *_, last = files = sorted(files, key=order)
        self.answer.append(last)
        number = self._number(last)
        if len(files) > 1:
            listed = series(file.shown for file in files)
            self.notes.append(say("of {files}, {last} counts", files=listed, last=last.shown))
            number = max(number, len(files) - 1)
        elif self._by != "canvas":
            return
        self.upload = max(self.upload, number + 1 if number else 0)

    def _named(self, file: Found) -> str:
        return upload(_stem(file.shown), self._by)[0]

    def _number(self, file: Found) -> int:
        return upload(_stem(file.shown), self._by)[1]


def _ending(file: Found) -> str:
    return os.path.splitext(file.shown)[1].lower()


def _written_at(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _stem(file: str) -> str:
    """A file's name without its ending; some systems hide one and add another.

    >>> _stem("anna.json"), _stem("answer.json.txt"), _stem("deep/a.b.json"), _stem("anna.pdf")
    ('anna', 'answer', 'a.b', 'anna')
    """
    file = os.path.basename(file)
    stem, ending = os.path.splitext(file)
    if ending.lower() not in READABLE:
        return stem
    while ending.lower() in READABLE:
        file = stem
        stem, ending = os.path.splitext(file)
    return file


# ---- all together -----------------------------------------------------------------------------


def _told_apart(students: list[Submission]) -> list[Submission]:
    """The same by name, no two of one name, and each with a name for files that is its own.

    Of two with one name, each gets its id or the name of its file behind it.
    """
    often = Counter(student.name for student in students)
    told = [
        s if often[s.name] == 1 else s._replace(name=f"{s.name} ({s.id})" if s.id else s.file)
        for s in students
    ]
    often = Counter(student.name for student in told)
    numbered: Counter[str] = Counter()
    files: set[str] = set()
    found = []
    for student in sorted(told, key=lambda one: (one.name, one.file)):
        name = student.name
        if often[name] > 1:
            numbered[name] += 1
            name = f"{name} #{numbered[name]}"
        found.append(student._replace(name=name, file=_file_name(name, files)))
    return found


_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


def file_names(names: Sequence[str]) -> list[str]:
    """Names for files or folders, one for each of these, that any file system takes.

    >>> file_names(["Anna", "anna", "../x"])
    ['Anna', 'anna-2', '_x']
    """
    taken: set[str] = set()
    return [_file_name(name, taken) for name in names]


def _file_name(name: str, taken: set[str]) -> str:
    """A name for a student's files: it leads nowhere else, and differs from those taken."""
    safe = _UNSAFE.sub("_", name).strip(". ") or "_"
    while len(safe.encode("utf-8", "replace")) > _LONGEST_FILE:
        safe = safe[:-1]
    number, own = 1, safe
    while own.lower() in taken:
        number += 1
        own = f"{safe}-{number}"
    taken.add(own.lower())
    return own


def _seen_from(student: Submission) -> list[str]:
    """A student's unread files with the name of the student before them."""
    return [f"{student.name}/{file}" if student.name != _stem(file) else file
            for file in student.unread]  # fmt: skip
