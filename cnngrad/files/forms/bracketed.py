"""Matrices in brackets, as NumPy, PyTorch, JAX, TensorFlow, SymPy, MATLAB and others print them.

`[[1 2] [3 4]]`, `array(…)`, `tensor(…, device=…)`, `tf.Tensor(…)`, `Matrix(…)`, `[1 2; 3 4]`,
`[(1, 2), (3, 4)]`, `{{1, 2}, {3, 4}}`, and rows in brackets one below the other.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ...core.errors import CnngradError, FileError, NumberError, ShapeError
from ...core.numbers import Array, compact, filled
from ...core.text import Count, say
from ..dialect import dialect
from .passage import Passage

_CLOSES = {"[": "]", "(": ")", "{": "}"}
_FRACTION = re.compile(r"\b(?:Fraction|Rational|mpq)\(\s*([+-]?\d+)\s*,\s*(\d+)\s*\)")
_SCALAR = re.compile(
    r"\b(?:np\.|numpy\.|jnp\.)?(?:u?int|float|bfloat)\d*\(([^()]*)\)|\bDecimal\('([^']*)'\)"
)
_SHOWN_TENSOR = re.compile(r"\s*<[\w.]*(?:Tensor|Variable)\b.*?numpy\s*=\s*", re.DOTALL)
_PARAMETER = re.compile(r"\s*Parameter containing:\s*")
_WRAPPER = re.compile(r"\s*(?:[A-Za-z_][\w.]*\s*)\(")
_KEYWORD = re.compile(r"\s*[A-Za-z_]\w*\s*=")
_SHORTENED = re.compile(r"\.\.\.|…|⋯|⋮|⋱")
_BOX = str.maketrans(
    "⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠⎧⎨⎩⎫⎬⎭", "[" * 3 + "]" * 3 + "[" * 3 + "]" * 3 + "[" * 3 + "]" * 3
)
_NUMPY_BREAKS_AFTER = 60
"""NumPy breaks a vector only where a line is full; a shorter line is a row."""
_BEGINS = re.compile(
    r"""\s*(?:[\[(][^,\w]*[\[({+\-.\d_?"'A-Za-z\]]|\{\s*[\[({+\-.\d]|<[\w.]*(?:Tensor|Variable)\b"""
    r"""|Parameter\ containing:|[A-Za-z_][\w.]*\s*\(\s*[\[(\d+\-.\n<A-Za-z]|[⎡⎛])""",
    re.VERBOSE,
)


class Leaf(NamedTuple):
    """A cell: its text and where it begins."""

    text: str
    offset: int


class ShortenedError(FileError):
    """A print leaves numbers out."""


def is_bracketed(text: str) -> bool:
    """Whether a text begins as a matrix in brackets does.

    >>> is_bracketed("tensor([[1., 2.]])"), is_bracketed("[1 2; 3 4]"), is_bracketed("1 2; 3 4")
    (True, True, False)
    """
    return _BEGINS.match(text) is not None


def read_bracketed(passage: Passage, number: Callable[[str], Any]) -> Array:
    """Read a matrix in brackets.

    Parameters
    ----------
    passage
        The text.
    number
        Reads a single cell.

    Raises
    ------
    FileError
        It was shortened, or its brackets do not close.
    NumberError
        A cell holds no number.
    ShapeError
        Its rows differ in length.
    """
    text = passage.text.translate(_BOX)
    if match := _SHORTENED.search(text):
        raise passage.at_offset(_shortened(text, match[0]), match.start(), len(match[0]))
    try:
        return _Reader(passage, _without_calls(text), number).array()
    except RecursionError:
        raise FileError(
            say("The brackets are nested too deeply."),
            where=passage.source,
            expected=say("at most four levels: samples, channels, rows, columns"),
        ) from None


def _shortened(text: str, sign: str) -> ShortenedError:
    if re.search(r"\btensor\(", text):
        fix = say("print it whole: torch.set_printoptions(profile='full'), or print(x.tolist())")
    elif re.search(r"tf\.|Tensor", text):
        fix = say("print it whole: print(x.numpy().tolist())")
    else:
        fix = (
            "print it whole: np.set_printoptions(threshold=sys.maxsize), or print(x.tolist());"
            " or save it with np.save"
        )
    return ShortenedError(
        say("The print was shortened: it does not show all its numbers."),
        found=say('"{sign}"', sign=sign),
        expected=say("all rows and columns"),
        fix=fix,
    )


def _without_calls(text: str) -> str:
    """Cells such as `Fraction(1, 2)` and `np.float64(0.5)` as numbers, just as long."""
    if "(" not in text:
        return text
    text = _FRACTION.sub(lambda m: f"{m[1]}/{m[2]}".ljust(len(m[0])), text)
    return _SCALAR.sub(lambda m: (m[1] or m[2] or "").ljust(len(m[0])), text)


class _Reader:
    """Reads one text; positions are those of the passage."""

    def __init__(self, passage: Passage, text: str, number: Callable[[str], Any]) -> None:
        self.passage, self.text, self.number = passage, text, number

    def array(self) -> Array:
        start, end = self._unwrapped(0, len(self.text))
        shape: tuple[int, ...] = ()
        if isinstance(start, tuple):  # Matrix(2, 3, [...])
            *shape_, start = start
            shape = tuple(shape_)
        if self._skip(start, end) < end and self.text[self._skip(start, end)] not in _CLOSES:
            nested: Any = self._scalar(start, end)
        else:
            nested = self._groups(start, end)
        cells: list[Any] = []
        found = self._shape(nested)
        self._collect(nested, found, cells)
        array = filled(cells, found)
        if shape and array.size == shape[0] * shape[1]:
            array = array.reshape(shape)
        return compact(array)

    def _error(self, error: CnngradError, offset: int, length: int = 1) -> CnngradError:
        return self.passage.at_offset(error, min(offset, len(self.passage.text)), length)

    def _skip(self, start: int, end: int) -> int:
        while start < end and self.text[start].isspace():
            start += 1
        return start

    def _unwrapped(self, start: int, end: int) -> tuple[Any, int]:
        """Where the brackets begin and end inside calls such as `tensor(…, dtype=…)`."""
        text = self.text
        while end > start and (text[end - 1].isspace() or text[end - 1] in ";,."):
            end -= 1
        if match := _PARAMETER.match(text, start, end):
            return self._unwrapped(match.end(), end)
        if match := _SHOWN_TENSOR.match(text, start, end):
            return self._unwrapped(
                match.end(), text.rindex(">", start, end) if ">" in text[start:end] else end
            )
        if match := _WRAPPER.match(text, start, end):
            close = self._closing(match.end() - 1, end)
            positional = [
                part
                for part in self._arguments(match.end(), close)
                if not _KEYWORD.match(text, *part) and text[slice(*part)].strip()
            ]
            if len(positional) == 3 and all(
                text[slice(*p)].strip().isdigit() for p in positional[:2]
            ):
                sizes = [int(text[slice(*part)]) for part in positional[:2]]
                return (*sizes, positional[2][0]), positional[2][1]
            if len(positional) != 1:
                raise self._error(
                    FileError(
                        say("This is not the print of one matrix."),
                        expected=say("one list of numbers in the parentheses"),
                    ),
                    self._skip(start, end),
                )
            return self._unwrapped(*positional[0])
        return start, end

    def _closing(self, start: int, end: int) -> int:
        """Where the bracket at `start` is closed."""
        open_: list[tuple[str, int]] = []
        quote = ""
        for k in range(start, end):
            sign = self.text[k]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "'\"" and open_ and self._opens_text(k):
                quote = sign
            elif sign in _CLOSES:
                open_.append((sign, k))
            elif sign in "])}":
                if _CLOSES[open_[-1][0]] != sign:
                    raise self._error(
                        FileError(
                            say("The brackets do not match."),
                            found=sign,
                            expected=_CLOSES[open_[-1][0]],
                        ),
                        k,
                    )
                open_.pop()
                if not open_:
                    return k
        raise self._error(
            FileError(say("A bracket is not closed."), fix=say("add what is missing at the end")),
            open_[-1][1] if open_ else start,
        )

    def _opens_text(self, k: int) -> bool:
        """Whether a quote begins a text (and is no transpose sign, as in `A'`)."""
        return not (self.text[k - 1].isalnum() or self.text[k - 1] in "])")

    def _arguments(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts between commas outside of brackets."""
        parts, k, begin = [], start, start
        while k < end:
            if self.text[k] in _CLOSES:
                k = self._closing(k, end)
            elif self.text[k] == "<":
                k = max(self.text.find(">", k, end), k)
            elif self.text[k] == ",":
                parts.append((begin, k))
                begin = k + 1
            k += 1
        return [*parts, (begin, end)]

    def _scalar(self, start: int, end: int) -> Leaf:
        start = self._skip(start, end)
        return Leaf(self.text[start:end].strip(), start)

    def _groups(self, start: int, end: int) -> Any:
        """One group in brackets, or rows in brackets below each other."""
        groups: list[Any] = []
        k = self._skip(start, end)
        while k < end:
            if self.text[k] not in _CLOSES:
                raise self._error(
                    FileError(
                        say("There is something behind the brackets."),
                        found=say('"{text}"', text=self.text[k:end].split("\n")[0][:30]),
                        expected=say("one matrix, and nothing else"),
                    ),
                    k,
                )
            close = self._closing(k, end)
            if self.text[k + 1 : close].strip() or not groups:
                groups.append(self._group(k + 1, close, outermost=True))
            k = self._skip(close + 1, end)
            if k < end and self.text[k] in ",;":
                k = self._skip(k + 1, end)
        if len(groups) == 1:
            return groups[0]
        return [g for g in groups if g != []]

    def _group(self, start: int, end: int, outermost: bool = False) -> Any:
        """What stands inside one pair of brackets."""
        if not any(sign in self.text[start:end] for sign in "[({"):
            return self._row_or_rows(start, end, outermost)
        items: list[Any] = []
        ways: dict[str, int] = {}
        k = self._skip(start, end)
        while k < end:
            if self.text[k] not in _CLOSES:
                raise self._error(
                    FileError(
                        say("A number stands beside a list."),
                        found=say('"{text}"', text=self.text[k:end].split()[0][:30]),
                        expected=say("a list in brackets, as beside it"),
                    ),
                    k,
                )
            close = self._closing(k, end)
            items.append(self._group(k + 1, close))
            if ";" not in self.text[k:close] and len(items[-1]) > 1:
                ways.setdefault("," if "," in self.text[k:close] else " ", k)
            if len(ways) > 1:
                raise self._error(
                    FileError(
                        say("The cells are separated in two ways."),
                        expected=say("commas between all cells, or blanks between all"),
                    ),
                    k,
                    close + 1 - k,
                )
            k = self._skip(close + 1, end)
            if k < end and self.text[k] in ",;":
                k = self._skip(k + 1, end)
        return items

    def _row_or_rows(self, start: int, end: int, outermost: bool) -> Any:
        """A list of cells, or rows that `;` (or, in the outermost brackets, a new line) ends."""
        body = self.text[start:end]
        if ";" in body:
            return [
                self._cells(*row)
                for part in self._split(start, end, ";")
                for row in self._split(*part, "\n")
                if self.text[slice(*row)].strip()
            ]
        lines = [line for line in self._split(start, end, "\n") if self.text[slice(*line)].strip()]
        if outermost and len(lines) > 1:
            rows = [self._cells(*line) for line in lines]
            open_ended = any(self.text[slice(*line)].rstrip().endswith(",") for line in lines[:-1])
            same = len({len(row) for row in rows}) == 1
            wide = all(len(self.text[slice(*line)]) >= _NUMPY_BREAKS_AFTER for line in lines[:-1])
            if not open_ended and same and wide and len(rows[0]) > 1:
                raise self._error(self._two_readings(rows), start - 1)
            if not open_ended and not wide:
                return rows
        return self._cells(start, end)

    def _two_readings(self, rows: list[list[Leaf]]) -> CnngradError:
        return ShapeError(
            say("These lines can be rows, or one long vector that NumPy broke into lines."),
            found=say("{rows} lines of {columns} numbers", rows=len(rows), columns=len(rows[0])),
            fix=say("end each row with ; for a matrix; write it with commas for a vector"),
        )

    def _split(self, start: int, end: int, sign: str) -> list[tuple[int, int]]:
        parts, begin = [], start
        while (at := self.text.find(sign, begin, end)) >= 0:
            parts.append((begin, at))
            begin = at + 1
        return [*parts, (begin, end)]

    def _cells(self, start: int, end: int) -> list[Leaf]:
        body = self.text[start:end]
        if "," not in body or dialect().decimal_mark == ",":
            return [Leaf(m[0], start + m.start()) for m in re.finditer(r'"[^"]*"|\S+', body)]
        cells = [
            Leaf(self.text[slice(*part)].strip(), self._skip(*part))
            for part in self._split(start, end, ",")
        ]
        if len(cells) > 1 and not cells[-1].text:
            cells.pop()
        return cells

    def _shape(self, nested: Any) -> tuple[int, ...]:
        shape: list[int] = []
        while isinstance(nested, list):
            shape.append(len(nested))
            if len(shape) > 4:
                raise ShapeError(
                    say("The matrix has more than four axes."),
                    where=self.passage.source,
                    found=say("brackets nested five deep or more"),
                    expected=say("at most four: samples, channels, rows, columns"),
                )
            nested = nested[0] if nested else None
        if 0 in shape:
            raise ShapeError(
                say("The matrix is empty."),
                where=self.passage.source,
                expected=say("at least one number"),
            )
        return tuple(shape)

    def _collect(self, nested: Any, shape: tuple[int, ...], cells: list[Any]) -> None:
        if not shape:
            if isinstance(nested, list):
                raise self._ragged(nested, say("a number, as beside it"))
            cells.append(self._number(nested))
            return
        if isinstance(nested, Leaf) or len(nested) != shape[0]:
            expected = say("{count:# cell|# cells}, as in the first row", count=Count(shape[0]))
            raise self._ragged(nested, expected)
        for part in nested:
            self._collect(part, shape[1:], cells)

    def _ragged(self, nested: Any, expected: str) -> CnngradError:
        leaf = nested
        while not isinstance(leaf, Leaf) and leaf:
            leaf = leaf[0]
        count = len(nested) if not isinstance(nested, Leaf) else 1
        error = ShapeError(
            say("The rows differ in length."),
            found=say("{count:# cell|# cells}", count=Count(count)),
            expected=expected,
        )
        if isinstance(leaf, Leaf):
            return self._error(error, leaf.offset, len(leaf.text))
        return error.at(self.passage.source)

    def _number(self, leaf: Leaf) -> Any:
        try:
            comma = dialect().decimal_mark == ","
            return self.number(leaf.text.replace(",", ".") if comma else leaf.text)
        except NumberError as error:
            if len(leaf.text.split()) > 1:
                error.fix = error.fix or say("separate the cells in one way: commas or blanks")
            raise self._error(error, leaf.offset, len(leaf.text)) from None
