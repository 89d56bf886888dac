"""Writing files: whole or not at all, and none that exists unless that is asked for."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from ..core.errors import FileError, UsageError
from ..core.text import say

_PART = ".cnngrad-"
"""What a file is called until it is whole; short, as the name it will have may be the longest."""


def check_targets(paths: Iterable[Path], force: bool) -> None:
    """Refuse, before anything is computed, files that could not be written.

    Raises
    ------
    UsageError
        Two of them are the same file.
    FileError
        `check_target` refuses one.
    """
    known: set[str] = set()
    for path in paths:
        same = os.path.realpath(path)
        if same in known:
            raise UsageError(
                say("The same output is named twice."),
                where=str(path),
                fix=say("name it once"),
            )
        known.add(same)
        check_target(path, force)


def check_target(path: Path, force: bool) -> None:
    """Refuse a file that exists or cannot be made, before anything is computed.

    Raises
    ------
    FileError
        It exists (and `force` is not given), is no regular file, or its folder does not exist
        or cannot be written to.
    """
    check_free(path, force)
    if not path.parent.is_dir():
        raise FileError(say("The output's folder does not exist."), where=str(path.parent))
    folder = Path(os.path.realpath(path)).parent if force else path.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(
            say("The output's folder cannot be written to."),
            where=str(folder),
            expected=say("a folder in which you may make files"),
        )


def check_free(path: Path, force: bool) -> None:
    """The same for a file whose folder will be made; raises likewise."""
    with _told(path):
        there = os.lstat(path) if os.path.lexists(path) else None
        if there is None:
            _refuse_long_name(path)
            return
        if stat.S_ISDIR(there.st_mode) or path.is_dir():
            raise FileError(
                say("The output is a folder."), where=str(path), expected=say("a file name")
            )
        if not force:
            raise FileError(
                say("The output file exists already."),
                where=str(path),
                fix=say("choose another name, or overwrite it with --force"),
            )
        if os.path.exists(path) or os.path.islink(path):
            _existing(Path(os.path.realpath(path)), path)


def _refuse_long_name(path: Path) -> None:
    """Ask the system for a name that it cannot have; a missing folder is another matter."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(path)


def _existing(target: Path, path: Path) -> os.stat_result | None:
    """What is known of the file behind a name that is to be replaced; None where it leads nowhere.

    Raises
    ------
    FileError
        It is no regular file: a pipe or a device would be replaced by one.
    """
    try:
        there = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(there.st_mode):
        raise FileError(
            say("The output is no regular file."),
            where=str(path),
            found=_kind(there.st_mode),
            expected=say("a file, or a name that is free"),
        )
    return there


def _kind(mode: int) -> str:
    for known, word in (
        (stat.S_ISFIFO, say("a pipe")),
        (stat.S_ISSOCK, say("a socket")),
        (stat.S_ISCHR, say("a device")),
        (stat.S_ISBLK, say("a device")),
        (stat.S_ISDIR, say("a folder")),
    ):
        if known(mode):
            return word
    return say("something else")


def make_folder(*paths: Path) -> None:
    """Make folders, and those above them, where they do not exist: all of them or none.

    Raises
    ------
    FileError
        The system refuses to.
    """
    made: list[Path] = []
    try:
        for path in paths:
            above = [folder for folder in path.parents if not folder.exists()]
            for folder in (*reversed(above), path):
                new = not folder.exists()
                folder.mkdir(exist_ok=True)
                if new:
                    made.append(folder)
    except OSError as error:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise FileError(
            say("The folder cannot be made."),
            where=str(error.filename),
            found=error.strerror or "",
        ) from None


def write_whole(path: Path, data: bytes | Iterable[bytes], force: bool = False) -> None:
    """Write a file whole or not at all; large ones piece by piece.

    Of two that write a new file of the same name at once, one wins and the other is told.

    Parameters
    ----------
    path
        The file.
    data
        What it will hold.
    force
        Replace a file that exists: the new one has its mode and owner, and where the name is a
        link, it stays one.

    Raises
    ------
    FileError
        It cannot be written, or exists already; what was there before stays.
    """
    with _told(path):
        target = Path(os.path.realpath(path)) if force else path
        there = _existing(target, path) if force else None
        part = target.parent / f"{_PART}{token_hex(6)}"
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o666)
            with os.fdopen(handle, "wb") as file:
                file.writelines([data] if isinstance(data, bytes) else data)
                file.flush()
                if there is not None:
                    _take_over(handle, there, path)
            if force:
                os.replace(part, target)
            else:
                _publish(part, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(part)


_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _take_over(handle: int, there: os.stat_result, path: Path) -> None:
    """Give the new file the owner and the mode of the one that it replaces."""
    if not hasattr(os, "fchown"):
        return
    mine = os.fstat(handle)
    if (mine.st_uid, mine.st_gid) != (there.st_uid, there.st_gid):
        try:
            os.fchown(handle, there.st_uid, there.st_gid)
        except OSError:
            raise FileError(
                say("The output belongs to somebody else, and a new file could not."),
                where=str(path),
                fix=say("choose another name, or ask its owner"),
            ) from None
    os.fchmod(handle, stat.S_IMODE(there.st_mode))


def _publish(part: Path, path: Path) -> None:
    """Give a file that is whole its name, if no other has it by now."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise _came_first(path) from None
    except OSError:  # a file system without hard links
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            raise _came_first(path) from None
        os.replace(part, path)


def _came_first(path: Path) -> FileError:
    return FileError(
        say("The output file exists already: it was made while this ran."),
        where=str(path),
        fix=say("choose another name, or overwrite it with --force"),
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what the system refuses as an error of this output."""
    try:
        yield
    except OSError as error:
        raise FileError(
            say("The output cannot be written."),
            where=str(path),
            found=error.strerror or str(error),
        ) from None
