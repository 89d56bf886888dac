"""`exercise --for-tests`: a test file for a function of a person's own."""

from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import ExitCode, UsageError
from ...core.text import say, series

if TYPE_CHECKING:
    from ..screen import Screen


def write_tests(
    op: str, mode: object, folder: Path | None, force: bool, screen: "Screen"
) -> ExitCode:
    """Write the test file, and the same problems and results as an `.npz`."""
    from ...files.atomic import check_free, make_folder, write_whole
    from ...files.results import npz_of
    from ...testing.mutation.literal_tests import KINDS, literal_tests
    from ..progress import busy

    if op not in KINDS:
        raise UsageError(say("There are no tests for {op}.", op=op), expected=series(KINDS))
    if folder is None:
        raise UsageError(
            say("--for-tests makes files."), expected=say("--output DIR to write them to")
        )
    mode = str(mode or "max") if op.startswith("pool") else ""
    with busy(say("looking for problems that show every mistake"), screen):
        made = literal_tests(op, mode)
    tests, numbers = folder / f"test_{made.function}.py", folder / f"{made.function}.npz"
    for path in (tests, numbers):
        check_free(path, force)
    make_folder(folder)
    write_whole(tests, made.text.encode(), force)
    write_whole(numbers, npz_of(made.arrays), force)
    screen.note(say("wrote {tests} and {numbers}", tests=tests, numbers=numbers))
    return ExitCode.DONE
