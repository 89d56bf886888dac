"""Catalogues of sentences, gathered from the code and written, for tests and for translators.

`python -m tests.catalogues` writes `cnngrad/locale/cnngrad.pot`, from which each language's
catalogue is made and kept up to date.
"""

import io
import string
from collections.abc import Callable
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

PACKAGE = Path(__file__).parents[1] / "cnngrad"
LOCALE = PACKAGE / "locale"
KEYWORDS = {"say": None, "message": None}
"""What sentences stand in."""


def template() -> Catalog:
    """Every sentence of the program, with the modules that say it."""
    catalogue = Catalog(project="cnngrad", charset="utf-8", header_comment="# Sentences of cnngrad")
    found = extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
    )
    for name, _line, sentence, _comments, _context in found:
        if isinstance(sentence, str) and sentence:
            catalogue.add(sentence, locations=[(f"cnngrad/{Path(name).as_posix()}", 0)])
    return catalogue


def compiled(translate: Callable[[str], str]) -> bytes:
    """A catalogue in which every sentence is translated by a function."""
    catalogue = template()
    made = Catalog(locale="en", charset="utf-8")
    for entry in catalogue:
        if entry.id:
            made.add(entry.id, translate(str(entry.id)))
    file = io.BytesIO()
    write_mo(file, made)
    return file.getvalue()


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
            plural = "|" in (forms or "") or "#" in (forms or "")
            spec = f":{_wide(forms) if plural else forms}" if forms else ""
            told.append("{" + name + kind + spec + "}")
    return "".join(told)


def _wide(text: str) -> str:
    return "".join(
        chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalpha() else sign for sign in text
    )


if __name__ == "__main__":
    LOCALE.mkdir(exist_ok=True)
    with (LOCALE / "cnngrad.pot").open("wb") as target:
        write_po(target, template(), width=100, omit_header=False, include_lineno=False)
