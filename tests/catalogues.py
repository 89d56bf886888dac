"""Catalogues of sentences, gathered from the code, for translators and for tests.

`python -m tests.catalogues` brings each language's catalogue up to date: new sentences come in
without a translation, those that are gone go, what is there is compiled, and what is missing or
at fault is said. `--missing` says it, and writes nothing.
"""

import ast
import io
import json
import string
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "cnngrad"
SAMPLES = PACKAGE.parent / "samples"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("zh",)
KEYWORDS = ("say", "message")
"""What sentences stand in."""


def path_of(language: str) -> Path:
    """Where the catalogue of a language is kept."""
    return LOCALE / language / "LC_MESSAGES" / "cnngrad.po"


def sentences() -> dict[str, list[str]]:
    """Every sentence of the program, and every title of a sample, with the files that say it."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE.parent).as_posix()
        for sentence in _said_in(ast.parse(path.read_text(encoding="utf-8"))):
            modules = found.setdefault(sentence, [])
            if sentence and name not in modules:
                modules.append(name)
    for path in sorted(SAMPLES.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and data.get("title"):
            found.setdefault(data["title"], []).append(path.relative_to(SAMPLES.parent).as_posix())
    found.pop("", None)
    return found


def _said_in(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        name = (
            call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        )
        if isinstance(call, ast.Call) and name in KEYWORDS and call.args:
            yield from _literal(call.args[0])


def _literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literal(node.body)
        yield from _literal(node.orelse)


def translations(language: str) -> dict[str, str]:
    """What the catalogue of a language says, sentence by sentence."""
    path = path_of(language)
    if not path.exists():
        return {}
    with path.open("rb") as source:
        return {str(entry.id): str(entry.string) for entry in read_po(source) if entry.id}


def catalogue(language: str, said: dict[str, str]) -> Catalog:
    """The catalogue of a language, with a place for every sentence of the program."""
    then = datetime(2026, 11, 27, tzinfo=UTC)
    made = Catalog(
        locale=language,
        project="cnngrad",
        version="1",
        charset="utf-8",
        fuzzy=False,
        last_translator="cnngrad",
        language_team=language,
        msgid_bugs_address="cnngrad",
        creation_date=then,
        revision_date=then,
        header_comment="# Sentences of cnngrad",
    )
    for sentence, modules in sentences().items():
        made.add(sentence, said.get(sentence, ""), locations=[(name, 0) for name in modules])
    return made


def binary(made: Catalog) -> bytes:
    """A catalogue as the program reads it."""
    file = io.BytesIO()
    write_mo(file, made)
    return file.getvalue()


def compiled(translate: Callable[[str], str]) -> bytes:
    """A catalogue in which every sentence is translated by a function."""
    return binary(catalogue("en", {sentence: translate(sentence) for sentence in sentences()}))


def facts(sentence: str) -> set[tuple[str, str, str]]:
    """What stands in a sentence's braces: names, conversions and formats that are no plurals.

    >>> sorted(facts("{count:# cell|# cells} of {name}, {size:.1f} MB"))
    [('count', '', ''), ('name', '', ''), ('size', '', '.1f')]
    """
    found = set()
    for _literal_text, name, forms, conversion in string.Formatter().parse(sentence):
        if name is not None:
            found.add((name, conversion or "", "" if _plural(forms) else forms or ""))
    return found


def _plural(forms: str | None) -> bool:
    return bool(forms) and ("|" in str(forms) or "#" in str(forms) or not str(forms).isascii())


def faults(language: str) -> list[str]:
    """What a catalogue lacks, or says otherwise than the program."""
    said = translations(language)
    known = sentences()
    found = [f"no translation: {sentence!r}" for sentence in known if not said.get(sentence)]
    found += [f"no sentence of the program: {sentence!r}" for sentence in said.keys() - known]
    for sentence, words in said.items():
        if not words:
            continue
        try:
            alike = facts(words) == facts(sentence)
        except ValueError:
            alike = False
        if not alike:
            found.append(f"other facts: {sentence!r}: {words!r}")
        if sentence.count("\n") and sentence.startswith("\b") != words.startswith("\b"):
            found.append(f"lines not kept: {sentence!r}")
    return found


def update(language: str) -> None:
    """Bring the catalogue of a language up to date, and compile it."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    made = catalogue(language, translations(language))
    with path.open("wb") as target:
        write_po(target, made, width=100, include_lineno=False)
    path.with_suffix(".mo").write_bytes(binary(made))


def marked(sentence: str) -> str:
    """A sentence in a language of the tests: its words are in full-width letters.

    Facts, and what stands in quotes or looks like an option, stay.

    >>> marked("{count:# cell|# cells} of {name}")
    '{count:# ｃｅｌｌ|# ｃｅｌｌｓ} ｏｆ {name}'
    """
    told = []
    for literal, name, forms, conversion in string.Formatter().parse(sentence):
        told.append(_wide(literal).replace("{", "{{").replace("}", "}}"))
        if name is not None:
            kind = f"!{conversion}" if conversion else ""
            spec = f":{_wide(str(forms)) if _plural(forms) else forms}" if forms else ""
            told.append("{" + name + kind + spec + "}")
    return "".join(told)


def _wide(text: str) -> str:
    return "".join(
        chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalpha() else sign for sign in text
    )


def main(arguments: list[str]) -> int:
    """Update all languages, unless only what is missing is asked for; 1 where there is any."""
    missing = 0
    for language in LANGUAGES:
        if "--missing" not in arguments:
            update(language)
        for fault in faults(language):
            sys.stdout.write(f"{language}: {fault}\n")
            missing += 1
    sys.stdout.write(f"{len(sentences())} sentences, {missing} to be mended\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
