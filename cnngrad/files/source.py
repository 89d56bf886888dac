"""Where data comes from: a file, standard input, or the command line itself."""

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

from ..core.errors import CnngradError, FileError, closest
from ..core.punctuation import plain_signs
from ..core.text import say, series

KINDS = (".json", ".csv", ".tsv", ".txt", ".npy", ".npz")
"""The endings of answers that a class hands in."""
TEXTS = (".json", ".csv", ".tsv", ".txt", ".dat", ".md", ".tex")
ARRAYS = (".npy", ".npz", ".xlsx", ".mat", ".safetensors", ".pt", ".pth")
"""Files of arrays; all but the first two need the extra `files`, or PyTorch."""
READABLE = (*TEXTS, *ARRAYS)
_NUMBERS = re.compile(
    r"\s*($|[\[{]|[+\-]?\s*\.?\d|[+\-]?[\u00bc-\u00be\u2150-\u215e]|[_?](?=[\s,;]|$)"
    r"|[+\-]?(nan|inf)\w*[\s,;])",
    re.IGNORECASE,
)
"""How numbers begin: also with a cell that is left open."""
_A_NUMBER = re.compile(r"[+\-]?(?:\d+\.?\d*|\.\d+)(?:/\d+|[eE][+\-]?\d+)?")
_MEMBER = re.compile(r"(.*\.(?:xlsx|mat|safetensors|pt|pth|npz)):(.+)", re.IGNORECASE | re.DOTALL)
STDIN = "standard input"
TEXT_LIMIT = 20_000_000
BINARY_LIMIT = 2_000_000_000


class AbsentError(FileError):
    """A file does not hold the matrix that is meant."""


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
    member: str = ""
    """The sheet or the array that is meant of those in it."""

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
        try:
            spoken = self.path is None and self.name != STDIN
            text = self.data.decode() if spoken else decoded(self.data)
        except UnicodeDecodeError as error:
            raise FileError(
                say("The file is not text.") if self.path else say("What is given is not text."),
                where=say("{source}, byte {byte}", source=self.name, byte=error.start),
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


def open_source(
    given: str, option: str, folder: Path | None = None, *, within: bool = False
) -> Source:
    """Find the data that a person means: numbers, `-` for standard input, or a file.

    Parameters
    ----------
    given
        What stands on the command line or in a problem file.
    option
        What to call inline numbers in a message, such as `--dz`.
    folder
        Where relative paths start.
    within
        Whether a file must lie in that folder, where links are followed.

    Raises
    ------
    FileError
        The file lies elsewhere, cannot be read, is empty or too large, or has an unknown ending.
    """
    if given.strip() == "-" and folder is None:
        return _sniffed(STDIN, _read_stdin())
    if not given.strip():
        return _sniffed(option, b"")
    path = (folder or Path()) / given
    if path.suffix.lower() not in READABLE and not _exists(path):
        if match := _MEMBER.fullmatch(given):
            path = (folder or Path()) / match[1]
            _refuse_elsewhere(path, folder if within else None)
            return _read_file(path)._replace(member=match[2])
        if looks_like_numbers(given):
            return _sniffed(option, _bytes(given))
    _refuse_elsewhere(path, folder if within else None)
    return _read_file(path)


def _refuse_elsewhere(path: Path, folder: Path | None) -> None:
    """A file that may come from anybody names files of its own folder only."""
    if folder is None or "\0" in str(path):
        return
    home = folder.resolve()
    if not path.resolve().is_relative_to(home):
        raise FileError(
            say("A network file names files of its own folder only."),
            where=str(path),
            expected=say("a file in {folder}", folder=home),
            fix=say("copy the file there"),
        )


def looks_like_numbers(given: str) -> bool:
    """Whether a word that is no file is meant as numbers, perhaps with a slip in them.

    >>> looks_like_numbers("x y; 3 4"), looks_like_numbers("A = [1 2]"), looks_like_numbers("a.b")
    (True, True, False)
    """
    plain = plain_signs(given)
    if _NUMBERS.match(plain) or "\n" in plain or "\\begin{" in plain or "\\frac" in plain:
        return True
    parts = re.split(r"[\s,;|&()\[\]{}=\"]+", plain.strip())
    return len(parts) > 1 and any(map(_A_NUMBER.fullmatch, parts))


def decoded(data: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16, or what old versions of Excel write.

    Raises
    ------
    UnicodeDecodeError
        They are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # as spreadsheets save "Unicode"
        return data.decode("utf-16")
    head = data[:200]
    if len(head) > 3 and b"\0" in head and not len(data) % 2:
        for zeros, encoding in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
            if not zeros.strip(b"\0"):
                return data.decode(encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", data):
            raise
        western = data.decode("cp1252", "replace")
        strange = {sign for sign in western if not sign.isascii()}
        if strange <= _WESTERN:
            return western
        for encoding in ("gb18030", "cp1252"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise


_WESTERN = set("\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u00a0½¼¾·±×°äöüÄÖÜßéèàçêñ")
"""What stands in numbers and headers of western spreadsheets beside ASCII."""


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
        kind = ".xlsx" if b"xl/" in data or b"[Content_Types].xml" in data[:2000] else ".npz"
    elif data.startswith(b"MATLAB 5.0"):
        kind = ".mat"
    else:
        kind = ".csv"
    return _checked(name, kind, data)


def _checked(name: str, kind: str, data: bytes) -> Source:
    limit = BINARY_LIMIT if kind in ARRAYS else TEXT_LIMIT
    if len(data) > limit:
        raise _too_large(name, -1, limit)
    if not data[:1000].strip() and not data.strip():
        raise FileError(say("There is nothing to read."), where=name, found=say("no data at all"))
    return Source(name, kind, data)


def _too_large(name: str, size: int, limit: int) -> CnngradError:
    return FileError(
        say("The file is too large."),
        where=name,
        found=say("{size:.1f} MB", size=size / 1e6)
        if size >= 0
        else say("more than {limit:.0f} MB", limit=limit / 1e6),
        expected=say("at most {limit:.0f} MB", limit=limit / 1e6),
        fix=say("save large arrays as .npy") if limit == TEXT_LIMIT else say("give a part of it"),
    )


def _read_stdin() -> bytes:
    try:
        data = sys.stdin.buffer.read(TEXT_LIMIT + 1)
        if data.startswith((b"\x93NUMPY", b"PK", b"MATLAB 5.0")):
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
                expected=say("a file ending in {endings}", endings=series(READABLE)),
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
            if kind not in READABLE:
                raise FileError(
                    say("The file's ending is unknown."),
                    where=name,
                    found=kind or say("no ending"),
                    expected=series(READABLE),
                    fix=_converts(kind),
                )
            limit = BINARY_LIMIT if kind in ARRAYS else TEXT_LIMIT
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


def _converts(kind: str) -> str:
    """What makes a file that can be read of one that cannot."""
    if kind in (".xls", ".ods", ".numbers"):
        return say("save the sheet as .csv or .xlsx")
    if kind in (".pkl", ".pickle", ".joblib"):
        return say("save the array itself: np.save('x.npy', x)")
    if kind in (".h5", ".hdf5"):
        return say("save the array itself: np.save('x.npy', file['name'][:])")
    return say("give it the ending .txt or .csv if it is text; np.save('x.npy', x) saves an array")


def _inside(folder: Path) -> str:
    files = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in READABLE)
    return say("it holds {files}", files=series(files[:5])) if files else ""


def _neighbour(path: Path) -> str:
    """What is there and has nearly the same name; that its ending is the same says little."""
    try:
        near = {p.stem: p.name for p in path.parent.iterdir() if p.suffix.lower() in READABLE}
    except OSError:
        return ""
    meant = closest(path.stem, near, likeness=0.7)
    return say('did you mean "{name}"?', name=near[meant]) if meant else ""
