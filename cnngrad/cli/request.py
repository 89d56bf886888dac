"""What the options that all operations share ask for."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Request(NamedTuple):
    """What to show, how, and what to write."""

    gradient: Sequence[str] | None = None
    steps: str | None = None
    format: str = "table"
    output: Sequence[Path] | None = None
    force: bool = False
    exact: bool | None = None
    no_color: bool = False
    quiet: bool = False
    check: str | None = None
    """An answer to be marked, instead of showing the solution."""

    def run(
        self,
        op: str,
        problem_file: str | None,
        matrices: Mapping[str, str | None],
        settings: Mapping[str, object],
    ) -> int:
        """Run the operation; only now is NumPy loaded, so that `--help` comes at once."""
        from .run_operation import operate

        return operate(op, problem_file, matrices, settings, self)
