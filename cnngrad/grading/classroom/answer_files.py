"""Answer files: what one student's files hold together, and what cannot be read of them."""

import os
from collections.abc import Mapping, Sequence

from ...core.errors import CnngradError
from ...core.text import say, series
from ...core.trace import Index
from ...files.source import Source, open_source
from ..answers import Answer, UnnamedError, tolerant_answer
from ..outsized import refuse_outsized
from .submissions import result_named


class AnswerFiles:
    """The files of one answer: one that holds all, or one for each result.

    Parameters
    ----------
    paths
        Where they lie.
    shapes
        The results that can be handed in, and their shapes.

    Raises
    ------
    CnngradError
        The only one cannot be opened. Of several, one that cannot costs what it holds.
    """

    def __init__(self, paths: Sequence[str], shapes: Mapping[str, Index]) -> None:
        self.names = names = list(shapes)
        self.notes: list[str] = []
        """What was left out, and why."""
        self._alone = len(paths) == 1
        self._sources: list[tuple[str, Source]] = []
        for path in paths:
            try:
                source = open_source(path, "")
                refuse_outsized(source, shapes)
                self._sources.append((result_named(path, names), source))
            except CnngradError as error:
                self._left_out(path, error)

    @property
    def content(self) -> tuple[tuple[str, str, bytes], ...]:
        """All that an answer's marks depend on."""
        return tuple((name, source.kind, source.data) for name, source in self._sources)

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(len(source.data) for _, source in self._sources)

    def answer(self, gradient: str | None = None) -> Answer:
        """What they hold, as far as it can be read.

        Parameters
        ----------
        gradient
            The only result that is wanted, if it is one.

        Raises
        ------
        CnngradError
            Nothing of it can be read.
        """
        answer: Answer = {}
        for name, source in self._sources:
            try:
                answer = self._read(source, name, gradient) | answer
            except CnngradError as error:
                self._left_out(source.name, error)
        if not answer:
            raise CnngradError(
                say("Nothing that was handed in can be read."), found=series(self.notes, "; ")
            )
        return answer

    def _read(self, source: Source, name: str, gradient: str | None) -> Answer:
        """What one file holds; where it does not say which result that is, its name does."""
        try:
            found, notes = tolerant_answer(source, self.names, gradient)
        except UnnamedError:
            if not name:
                raise
            found, notes = tolerant_answer(source, self.names, name)
        self.notes += notes
        return found

    def _left_out(self, path: str, error: CnngradError) -> None:
        if self._alone:
            raise error
        reason, file = error.fact.rstrip("."), os.path.basename(path)
        self.notes.append(say("{file} is left out ({reason})", file=file, reason=reason))
