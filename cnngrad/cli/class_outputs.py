"""Outputs of a marked class: reports, and a file for each student."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import FileError
from ..core.text import Count, say, series
from ..core.unicode_safety import encoded

if TYPE_CHECKING:
    from ..core.problem import Problem
    from ..grading.classroom.class_results import ClassResults
    from ..grading.classroom.marking import MarkedAnswer
    from ..grading.classroom.submissions import Submission
    from ..network import Network
    from .screen import Screen


class Outputs:
    """What is to be written of a class, and how much of it is there.

    Parameters
    ----------
    reports
        Files with the marks of all, by their endings.
    gradescope, feedback
        Folders with a file for each student.
    force
        Whether files that exist are written over.
    journal
        The journal, where marking is taken up again: what is there already may be the same.
    """

    def __init__(
        self,
        reports: Sequence[Path],
        gradescope: Path | None,
        feedback: Path | None,
        force: bool,
        journal: Path | None,
    ) -> None:
        self.reports = reports
        self.gradescope, self.feedback = gradescope, feedback
        self.force = force
        self.journal = journal
        self._missing = list(reports)

    @property
    def paths(self) -> list[Path]:
        """All that is written, which is nobody's answer."""
        more = (self.gradescope, self.feedback, self.journal)
        return [*self.reports, *(path for path in more if path is not None)]

    @property
    def _folders(self) -> list[Path]:
        return [folder for folder in (self.gradescope, self.feedback) if folder is not None]

    # ---- before anything is marked --------------------------------------------------------------

    def check_reports(self) -> None:
        """Refuse reports that could not be written."""
        from ..files.atomic import check_targets

        for path in self.reports:
            if path.suffix.lower() not in REPORTS:
                raise FileError(
                    say("The report's ending is unknown."),
                    where=str(path),
                    found=path.suffix or say("no ending"),
                    expected=series(REPORTS),
                )
        check_targets(self.reports, self.force)

    def check_students(self, answers: "Sequence[Submission]") -> None:
        """Make the folders for the students, and refuse what must not be overwritten."""
        from ..files.atomic import check_free, make_folder

        again = self.force or self.journal is not None
        for submission in answers:
            for target in self._targets(submission.file):
                check_free(target, again)
        make_folder(*self._folders)

    def _targets(self, name: str) -> Iterator[Path]:
        if self.gradescope is not None:
            yield self._gradescope_file(self.gradescope, name)
        if self.feedback is not None:
            yield self._feedback_file(self.feedback, name)

    @staticmethod
    def _gradescope_file(folder: Path, name: str) -> Path:
        return folder / name / "results.json"

    @staticmethod
    def _feedback_file(folder: Path, name: str) -> Path:
        return folder / f"{name}.md"

    # ---- while it is marked ---------------------------------------------------------------------

    def begin(
        self, ledger: "ClassResults", path: Path, problem: "Problem | Network | None"
    ) -> None:
        """The marks, and what was asked."""
        from ..files.results import settings_of
        from ..network import Network
        from ..network.file import OP

        self._ledger = ledger
        self._said: dict[str, Any] = {"file": str(path)}
        if isinstance(problem, Network):
            settings = {"batch": problem.batch}
            self._said |= {"op": OP, "title": problem.title, "settings": settings}
        elif problem is not None:
            self._said |= {
                "op": problem.op,
                "title": problem.title,
                "settings": settings_of(problem),
            }
        if problem is not None:
            self._said["shapes"] = {name: list(shape) for name, shape in problem.shapes.items()}

    def hand_out(self, name: str, marked: "MarkedAnswer") -> None:
        """Write the files of one student."""
        if not self._folders:
            return
        from ..grading.classroom.exports import gradescope as gradescope_of
        from ..show.print.feedback import no_answer, with_notes

        record = json.loads(marked.text)
        if self.gradescope is not None:
            told = json.loads(marked.feedback) if marked.feedback else None
            results = gradescope_of(record, told)
            words = json.dumps(results, ensure_ascii=False, indent=2) + "\n"
            self._put(self._gradescope_file(self.gradescope, name), words)
        if self.feedback is not None:
            words = marked.handout or no_answer(marked.name, record["error"])
            words = with_notes(words, record.get("notes", ()))
            self._put(self._feedback_file(self.feedback, name), words)

    def _put(self, target: Path, words: str) -> None:
        from ..files.atomic import make_folder, write_whole

        data = encoded(words)
        make_folder(target.parent)
        taken_up = self.journal is not None and not self.force
        if taken_up and target.is_file() and target.read_bytes() == data:
            return  # it was written before the run was cut off
        write_whole(target, data, self.force)

    # ---- when all is marked ---------------------------------------------------------------------

    def show(self, style: str, screen: "Screen") -> None:
        """Print the marks."""
        from .screen import emit

        if style == "table":
            from ..show.terminal.report import report

            screen.show(report(self._ledger, screen.look))
        elif not screen.quiet:
            for piece in PRINTED[style](self._ledger, self._said):
                emit(piece)

    def write(self, screen: "Screen") -> None:
        """Write the reports."""
        from ..files.atomic import write_whole
        from .progress import busy

        for path in self.reports:
            pieces = REPORTS[path.suffix.lower()](self._ledger, self._said)
            with busy(say("writing {name}", name=path.name), screen):
                write_whole(path, map(encoded, pieces), self.force)
            self._missing.remove(path)
            screen.note(say("wrote {path}", path=path))

    def tell_what_is_missing(self, total: int) -> None:
        """Of a class whose marking was interrupted: what there is of it."""
        from ..show.terminal.report import interrupted
        from .streams import tell

        done = self._ledger.tally.submissions
        folders = self._folders if done < total else []
        for line in interrupted(done, total, folders, self._missing):
            tell(line)

    def tell_what_is_written(self, total: int, screen: "Screen") -> None:
        """That each student has a file."""
        for made in self._folders:
            screen.note(
                say("wrote {path}: {count:# student|# students}", path=made, count=Count(total))
            )


Pieces = Callable[["ClassResults", dict[str, Any]], Iterator[str]]


def _json(ledger: "ClassResults", described: dict[str, Any]) -> Iterator[str]:
    from ..grading.classroom.exports import json_pieces

    return json_pieces(described, ledger)


def _csv(ledger: "ClassResults", _described: dict[str, Any]) -> Iterator[str]:
    from ..grading.classroom.exports import csv_pieces

    return csv_pieces(ledger)


def _csv_file(ledger: "ClassResults", described: dict[str, Any]) -> Iterator[str]:
    """The same with the mark by which spreadsheets know that it is UTF-8."""
    yield "\N{BYTE ORDER MARK}"
    yield from _csv(ledger, described)


def _html(ledger: "ClassResults", described: dict[str, Any]) -> Iterator[str]:
    from ..show.web.report import report_page

    return report_page(described.get("title") or described["file"], ledger)


REPORTS: dict[str, Pieces] = {".html": _html, ".csv": _csv_file, ".json": _json}
"""What `--output` writes, by the file's ending."""
PRINTED: dict[str, Pieces] = {"csv": _csv, "json": _json}
"""What `--format` prints, but for the table."""
