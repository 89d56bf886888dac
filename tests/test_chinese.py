"""Simplified Chinese: every sentence has its translation, with the facts of the English one."""

import gettext
import re

import catalogues
import pytest

from cnngrad.core import language

MEND = "run `python -m tests.catalogues`, translate what it names in {path}, and run it again"


@pytest.fixture(autouse=True)
def english_again():
    yield
    language.use("en")


@pytest.mark.parametrize("code", catalogues.LANGUAGES)
def test_every_sentence_has_its_translation_with_the_same_facts(code):
    path = catalogues.path_of(code).relative_to(catalogues.PACKAGE.parent)
    faults = catalogues.faults(code)
    assert not faults, "\n".join([MEND.format(path=path), *faults])


@pytest.mark.parametrize("code", catalogues.LANGUAGES)
def test_the_compiled_catalogue_says_what_the_written_one_says(code):
    said = catalogues.translations(code)
    read = gettext.translation(language.DOMAIN, language.FOLDER, [code])
    assert {sentence: read.gettext(sentence) for sentence in said} == said


def test_marks_beside_chinese_signs_are_full_width():
    for words in catalogues.translations("zh").values():
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", words), words
