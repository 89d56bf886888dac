"""Where data comes from: a file, standard input, or the command line itself."""

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

from ..core.errors import CnngradError, FileError, closest
from ..core.text import say, series

KINDS = (".json", ".csv", ".tsv", ".txt", ".npy", ".npz")
_NUMBERS = re.compile(
    r"\s*($|[\[{]|[+\-−]?\s*\.?\d|[_?](?=[\s,;]|$)|[+\-]?(nan|inf)\w*[\s,;])", re.IGNORECASE
)
"""How numbers begin: also with a cell that is left open."""
_BINARY = (b"\x93NUMPY", b"PK")
STDIN = "standard input"
TEXT_LIMIT = 20_000_000
BINARY_LIMIT = 2_000_000_000


class Source(NamedTuple):
    """Bytes and what to call them in a message."""

    name: str
    kind: str
    """The file's ending, found out from the content where there is none."""
    data: bytes
    path: Path | None = None
    """Where it lies, if it is a file."""
    sample: str = ""
    """The sample that it is the file of, if any."""

    @property
    def folder(self) -> Path:
        """Where the paths in it start."""
        return self.path.parent if self.path else Path()

    @property
    def argument(self) -> str:
        """What stands for it on a command line."""
        return self.sample or self.name

    def text(self) -> str:
        """The bytes as text.

        Raises
        ------
        FileError
            They are no text.
        """
        if self.data.startswith((b"\xff\xfe", b"\xfe\xff")):  # as spreadsheets save "Unicode"
            encoding = "utf-16"
        else:
            encoding = "utf-8-sig"
        try:
            text = self.data.decode(encoding)
        except UnicodeDecodeError as error:
            raise FileError(
                say("The file is not text.") if self.path else say("What is given is not text."),
                where=say("{name}, byte {start}", name=self.name, start=error.start),
                found=f"0x{self.data[error.start]:02x}",
                expected=say("UTF-8 text"),
                fix=say("save it as UTF-8, or as .npy if it holds a NumPy array")
                if self.path
                else "",
            ) from None
        if "\0" in text:
            raise FileError(
                say("The file is binary."),
                where=self.name,
                found=say("a NUL byte"),
                expected=say("text, as its ending says"),
                fix=say("give a NumPy array the ending .npy"),
            )
        return text


def open_source(given: str, option: str, folder: Path | None = None) -> Source:
    """Find the data that a person means: numbers, `-` for standard input, or a file.

    Parameters
    ----------
    given
        What stands on the command line or in a problem file.
    option
        What to call inline numbers in a message, such as `--dz`.
    folder
        Where relative paths start.

    Raises
    ------
    FileError
        The file cannot be read, is empty or too large, or has an unknown ending.
    """
    if given.strip() == "-" and folder is None:
        return _sniffed(STDIN, _read_stdin())
    if not given.strip():
        return _sniffed(option, b"")
    path = (folder or Path()) / given
    if _NUMBERS.match(given) and path.suffix.lower() not in KINDS and not _exists(path):
        return _sniffed(option, _bytes(given))
    return _read_file(path)


def _bytes(text: str) -> bytes:
    """Words of a command line as they were typed, also where they are no text."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, as JSON can write it
        return text.encode("utf-8", "surrogatepass")


def _sniffed(name: str, data: bytes) -> Source:
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:6]
    if head.startswith((b"[", b"{")):
        kind = ".json"
    elif head.startswith(b"\x93NUMPY"):
        kind = ".npy"
    elif head.startswith(b"PK"):
        kind = ".npz"
    else:
        kind = ".csv"
    return _checked(name, kind, data)


def _checked(name: str, kind: str, data: bytes) -> Source:
    limit = BINARY_LIMIT if kind in (".npy", ".npz") else TEXT_LIMIT
    if len(data) > limit:
        raise _too_large(name, -1, limit)
    if not data.strip():
        raise FileError(say("There is nothing to read."), where=name, found=say("no data at all"))
    return Source(name, kind, data)


def _too_large(name: str, size: int, limit: int) -> CnngradError:
    return FileError(
        say("The file is too large."),
        where=name,
        found=say("{megabytes:.1f} MB", megabytes=size / 1e6)
        if size >= 0
        else say("more than {limit:.0f} MB", limit=limit / 1e6),
        expected=say("at most {limit:.0f} MB", limit=limit / 1e6),
        fix=say("save large arrays as .npy") if limit == TEXT_LIMIT else say("give a part of it"),
    )


def _read_stdin() -> bytes:
    try:
        data = sys.stdin.buffer.read(TEXT_LIMIT + 1)
        if data.startswith(_BINARY):
            data += sys.stdin.buffer.read(BINARY_LIMIT - TEXT_LIMIT)
    except OSError as error:
        raise FileError(
            say("Standard input cannot be read."), found=error.strerror or str(error)
        ) from None
    if not data:
        raise FileError(
            say("Standard input is empty."),
            expected=say("data piped into the program; only one matrix can come from -"),
        )
    return data


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a NUL
        return False


def _read_file(path: Path) -> Source:
    kind, name = path.suffix.lower(), os.fspath(path)
    try:
        if path.is_dir():
            raise FileError(
                say("This is a folder."),
                where=name,
                expected=say("a file ending in {kinds}", kinds=series(KINDS)),
                fix=_inside(path),
            )
        if path.is_symlink() and not path.exists():
            raise FileError(
                say("This link leads to no file."),
                where=name,
                found=say("a link to {target}", target=os.readlink(path)),
            )
        if not path.exists():
            raise FileError(say("There is no such file."), where=name, fix=_neighbour(path))
        if path.is_file():
            if kind not in KINDS:
                raise FileError(
                    say("The file's ending is unknown."),
                    where=name,
                    found=kind or say("no ending"),
                    expected=series(KINDS),
                    fix=say("rename it to what it holds"),
                )
            limit = BINARY_LIMIT if kind in (".npy", ".npz") else TEXT_LIMIT
            if path.stat().st_size > limit:
                raise _too_large(name, path.stat().st_size, limit)
            return _checked(name, kind, path.read_bytes())._replace(path=path)
        with path.open("rb") as pipe:  # a named pipe or a shell's <(…)
            data = pipe.read(TEXT_LIMIT + 1)
        if len(data) > TEXT_LIMIT:
            raise _too_large(name, -1, TEXT_LIMIT)
        return _sniffed(name, data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(say("The file cannot be read."), where=name[:200], found=reason) from None


def _inside(folder: Path) -> str:
    files = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in KINDS)
    return f"it holds {', '.join(files[:5])}" if files else ""


def _neighbour(path: Path) -> str:
    """What is there and has nearly the same name; that its ending is the same says little."""
    try:
        near = {p.stem: p.name for p in path.parent.iterdir() if p.suffix.lower() in KINDS}
    except OSError:
        return ""
    meant = closest(path.stem, near, likeness=0.7)
    return f'did you mean "{near[meant]}"?' if meant else ""
