"""Languages: which one a person reads, and its catalogue, loaded only where it is wanted."""

import os
from collections.abc import Mapping

from .errors import UsageError
from .text import say, series, speak

ENGLISH = "en"
FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")
"""A folder for each other language: `zh/LC_MESSAGES/cnngrad.mo`."""
DOMAIN = "cnngrad"

_spoken = ENGLISH


def known() -> list[str]:
    """The codes of all languages that have a catalogue, English first."""
    found = sorted(os.listdir(FOLDER)) if os.path.isdir(FOLDER) else []
    return [ENGLISH, *(code for code in found if _has_catalogue(code))]


def _has_catalogue(code: str) -> bool:
    return os.path.exists(os.path.join(FOLDER, code, "LC_MESSAGES", f"{DOMAIN}.mo"))


def meant(name: str) -> str:
    """The code of a language, whatever its country and encoding; empty where it is unknown.

    >>> meant("en_GB.UTF-8"), meant("C"), meant("xx")
    ('en', 'en', '')
    """
    code = name.strip().lower().replace("-", "_").partition(".")[0].partition("_")[0]
    if code in ("c", "posix", ENGLISH):
        return ENGLISH
    return code if code.isalpha() and _has_catalogue(code) else ""


def of_environment(environment: Mapping[str, str]) -> str:
    """The language of CNNGRAD_LANG, or of the locale; English where it is none of ours."""
    for name in ("CNNGRAD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return meant(environment[name]) or ENGLISH
    return ENGLISH


def spoken() -> str:
    """The code of the language in which everything is said."""
    return _spoken


def use(code: str) -> None:
    """Say everything from now on in this language.

    Raises
    ------
    UsageError
        It has no catalogue.
    """
    global _spoken
    language = meant(code)
    if not language:
        raise UsageError(say("There is no such language."), found=code, expected=series(known()))
    _spoken = language
    if language == ENGLISH:
        speak(None)
        return
    import gettext  # only another language needs it

    catalogue = gettext.translation(DOMAIN, FOLDER, [language])
    speak(lambda template: catalogue.gettext(template) if template else "")
