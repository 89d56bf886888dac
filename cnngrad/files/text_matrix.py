"""A matrix as text in whatever form: JSON, lines of numbers, or what another program prints."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from ..core.errors import CnngradError, FileError, nearest
from ..core.numbers import Array
from ..core.punctuation import plain_signs
from ..core.text import either, say, series
from .csv_text import read_lines
from .forms.bracketed import ShortenedError, is_bracketed, read_bracketed
from .forms.documents import titled_passages
from .forms.latex import is_latex, read_latex
from .forms.octave import is_octave, name_in, read_octave
from .forms.passage import Passage
from .forms.printed_tables import (
    is_markdown,
    is_matlab,
    is_matrix_of_r,
    is_vector_of_r,
    read_markdown,
    read_matlab,
    read_matrix_of_r,
    read_vector_of_r,
)
from .source import Source

_HEADING = re.compile(r"\s*#{1,6}\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)\s*:?\s*")
_ASSIGNED = re.compile(
    r"(\s*(?:>>>?\s*)?(?:%\s*)?([A-Za-z_]\w*)\s*(?:=|:=|<-)\s*)(?=$|[\[({<\\|+\-.\d?A-Za-z])"
)
_PAGES = re.compile(r"\s*[A-Za-z_]\w*\(:,:,")


def lines_of(text: str) -> list[str]:
    r"""The lines of a text, whatever ends them; Excel on a Mac ends them with `\r\r\n`.

    >>> lines_of("1,2\r\r\n3,4\r\r\n"), lines_of("1\r2")
    (['1,2', '3,4'], ['1', '2'])
    """
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n").split("\n")


def passages(source: str, text: str) -> list[Passage]:
    """The matrices of a text, each with its heading: `# dW`, or `dW =`.

    Any other line that begins with `#` is a comment.
    """
    original = lines_of(text)
    plain = [plain_signs(line) for line in original]
    if re.match(r"\s*\{\s*'", text):
        return list(_of_dictionary(source, plain, original))
    titled = titled_passages(source, plain, lambda word: word in _results_and_operands())
    if titled:
        return titled
    octave = is_octave(text)
    starts: list[tuple[int, str]] = [(0, "")]
    depth = 0
    for k, line in enumerate(plain):
        if octave:
            if name := name_in(line):
                starts.append((k, name))
            continue
        if depth == 0:
            heading = _HEADING.fullmatch(line)
            if heading and heading[1].rpartition(".")[2].lower() in known_names():
                starts.append((k, heading[1]))
                plain[k] = ""
            elif (assigned := _ASSIGNED.match(line)) and not _PAGES.match(line):
                starts.append((k, assigned[2]))
                plain[k] = " " * len(assigned[1]) + line[len(assigned[1]) :]
        if not line.lstrip().startswith("#"):
            depth += sum(line.count(sign) for sign in "[({")
            depth = max(depth - sum(line.count(sign) for sign in "])}"), 0)
    found = []
    for (start, name), (end, _) in zip(starts, [*starts[1:], (len(plain), "")], strict=True):
        part = plain[start:end]
        if any(_holds_something(line, octave) for line in part) and (name or not octave):
            found.append(Passage(source, start + 1, part, original[start:end], name))
    return found or [Passage(source, 1, plain, original)]


def _of_dictionary(source: str, plain: list[str], original: list[str]) -> Iterator[Passage]:
    """The entries of a dictionary as Python prints it: `{'dW': array(…), 'db': array(…)}`."""
    text = "\n".join(plain)
    keys = list(re.finditer(r"[{,]\s*'([^'\n]*)'\s*:", text))
    for k, key in enumerate(keys):
        end = keys[k + 1].start() if k + 1 < len(keys) else text.rindex("}") if "}" in text else -1
        if end < 0:
            end = len(text)
        only = re.sub(r"[^\n]", " ", text[: key.end()]) + text[key.end() : end]
        lines = only.split("\n")
        yield Passage(source, 1, lines, original[: len(lines)], key[1])


def _holds_something(line: str, octave: bool) -> bool:
    return bool(line.strip()) and (octave or not line.lstrip().startswith("#"))


def known_names() -> frozenset[str]:
    """What operands and results are called, in small letters: only these are headings."""
    return frozenset(name.lower() for name in (*_results_and_operands(), "target", "weights"))


@cache
def _results_and_operands() -> frozenset[str]:
    from ..layers import specs

    operands = [operand for spec in specs() for operand in spec.operands]
    names = {"Z", "A", "loss", "dZ_prev", "dgamma", "dbeta"}
    names |= {name for o in operands for name in (o.name, o.key, f"d{o.name}")}
    return frozenset(names)


def read_passage(passage: Passage, number: Callable[[str], Any]) -> Array:
    """The matrix of a passage, in whatever form it stands.

    Parameters
    ----------
    passage
        The text.
    number
        Reads a single cell.

    Raises
    ------
    CnngradError
        It holds no matrix that can be read; the place is named.
    """
    text = passage.text
    if is_octave(text):
        return read_octave(passage, number)
    if is_latex(text):
        return read_latex(passage, number)
    if is_vector_of_r(text):
        return read_vector_of_r(passage, number)
    if is_matrix_of_r(passage.plain):
        return read_matrix_of_r(passage, number)
    code = passage._replace(plain=list(_without_comments(passage.plain)))
    if is_bracketed(code.text):
        return read_bracketed(code, number)
    if is_markdown(code.plain):
        return read_markdown(code, number)
    if is_matlab(passage.plain):
        return read_matlab(passage, number)
    _refuse_shortened(passage)
    return read_lines(passage, number)


def _without_comments(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        code = line.partition("#")[0]
        if code.lstrip().startswith("%"):
            code = ""
        yield code.ljust(len(line))


def _refuse_shortened(passage: Passage) -> None:
    """Refuse rows such as `1 2 ... 9`, as pandas prints them."""
    for k, line in enumerate(passage.plain):
        match = re.search(r"(?<![\d.])\.\.\.(?![\d.])|…|⋯|⋮", line.partition("#")[0])
        if match and re.search(r"\d", "".join(passage.plain)) and len(line.split()) > 1:
            raise ShortenedError(
                say("The print was shortened: it does not show all its numbers."),
                where=passage.line(k),
                source=passage.pointed(k, match.start(), len(match[0])),
                expected=say("all rows and columns"),
                fix=say("print it whole, as print(frame.to_string()), or save it with to_csv"),
            )


def named(found: list[Passage], names: Sequence[str], source: str) -> Passage:
    """The passage that holds the matrix of one of these names.

    Raises
    ------
    FileError
        There are several passages, and none of this name, or more than one.
    """
    if len(found) == 1:
        return found[0]
    wanted = {name.lower() for name in names}
    chosen = [p for p in found if p.name.lower() in wanted]
    if len(chosen) == 1:
        return chosen[0]
    there = [p.name for p in found if p.name]
    if chosen:
        raise FileError(
            say("A matrix stands twice in this file."), where=source, found=chosen[0].name
        )
    raise FileError(
        say("The matrix is not in this file."),
        where=source,
        found=say("the headings {names}", names=series(there)),
        expected=either(names) if names else say("one matrix"),
        fix=nearest(names[0], there) if names else "",
    )


def begins_as_json(text: str) -> bool:
    """Whether a text begins as a list or an object of JSON does."""
    return re.match(r"\s*(?:\[(?!,)|\{(?!\s*['\[({+\-.\d]))", text) is not None and not (
        is_vector_of_r(text)
    )


def read_after_json(
    error: CnngradError, source: Source, text: str, number: Callable[[str], Any]
) -> Array:
    """The matrix of a text that begins as JSON and is none, such as a print of NumPy.

    Raises
    ------
    CnngradError
        It is none of these either.
    """
    if text.lstrip().startswith("{"):
        raise error
    try:
        return read_passage(named(passages(source.name, text), (), source.name), number)
    except ShortenedError:
        raise
    except CnngradError as other:
        raise (error if source.path and source.kind == ".json" else other) from None
