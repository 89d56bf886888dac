"""A verdict: what was handed in, which cells of it are right, and what most likely happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .marked_result import MarkedResult
from .messages import FULL, brief, in_a_word, result_json


@dataclass(frozen=True, repr=False)
class Verdict:
    """An answer, marked. `json` and the views show it; it computes nothing.

    Examples
    --------
    >>> from cnngrad.grading import check
    >>> from cnngrad.layers import operation
    >>> problem = operation("pool-backward").problem(
    ...     {"A_prev": [[1, 2], [3, 4]], "dZ": [[8]]}, {"window": 2}
    ... )
    >>> check(problem, {"dA_prev": [[2, 2], [2, 2]]})
    <Verdict pool-backward: 0 of 4 cells are right. dA_prev: average pooling's rule used>
    """

    op: str
    gradients: Mapping[str, MarkedResult]
    missing: tuple[str, ...] = ()
    """Results that were not handed in."""

    @property
    def correct(self) -> bool:
        """Whether all that was handed in is right; where nothing was, nothing is."""
        return bool(self.gradients) and all(g.correct for g in self.gradients.values())

    @property
    def score(self) -> int:
        """Cells that are right."""
        return sum(marked.score for marked in self.gradients.values())

    @property
    def max_score(self) -> int:
        """Cells in all."""
        return sum(marked.cells for marked in self.gradients.values())

    def __repr__(self) -> str:
        said = [f"{self.op}: {in_a_word(self.score, self.max_score, self.correct)}"]
        said += [line for marked in self.gradients.values() if (line := brief(marked))]
        return f"<Verdict {' '.join(said)}>"

    def json(self, level: int = FULL) -> dict[str, Any]:
        """The verdict for machines.

        Parameters
        ----------
        level
            1: where; 2: what rule, with nothing that gives the solution away; 3: everything.
        """
        return {
            "op": self.op,
            "correct": self.correct,
            "score": self.score,
            "max_score": self.max_score,
            "gradients": {name: result_json(m, level) for name, m in self.gradients.items()},
        }
