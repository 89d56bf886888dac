"""The words of Click and Typer, which know no other language: help pages and usage errors."""

import re

from ..core.language import ENGLISH, spoken
from ..core.text import message, say

_SENTENCES = (
    message("Try '{command}' for help."),
    message("Error: {sentence}"),
    message("Invalid value for {option}: {sentence}"),
    message("Invalid value: {sentence}"),
    message("Missing argument {name}."),
    message("Missing option {name}."),
    message("Missing command."),
    message("{sentence} (Possible options: {options})"),
    message("No such option: {option}"),
    message("No such command {name}."),
    message("Option {option} does not take a value."),
    message("Option {option} requires an argument."),
    message("Got unexpected extra argument(s) ({words})"),
    message("{value} is not one of {words}."),
    message("{value} is not a valid int."),
    message("{value} is not a valid float."),
    message("{value} is not a valid boolean. Recognized values: {words}"),
    message("{value} is not in the range {range}."),
)
"""Whole lines of usage errors, with what may stand in them; a sentence may hold another."""

_REMARKS = (message("default: {value}"), message("required"), message("env var: {name}"))
"""What stands in brackets behind the help of an option."""

_HELP = (
    message("Show this message and exit."),
    message("Install completion for the current shell."),
    message("Show completion for the current shell, to copy it or customize the installation."),
)
"""The help of options that are not ours; they are said where ours are."""


def usage_error(words: str) -> str:
    """A usage error as Click shows it, in the language that was chosen."""
    if spoken() == ENGLISH:
        return words
    return "\n".join(_said(line, _SENTENCES) for line in words.split("\n"))


def remarked(help_text: str) -> str:
    """The help of an option, with the remarks in brackets behind it in the language chosen."""
    words, bracket, remarks = help_text.rpartition("  [")
    if spoken() == ENGLISH or not bracket or not remarks.endswith("]"):
        return help_text
    told = "; ".join(_said(remark, _REMARKS) for remark in remarks[:-1].split("; "))
    return f"{words}  [{told}]"


def _said(line: str, templates: tuple[str, ...]) -> str:
    for template in templates:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
        if found := re.fullmatch(pattern, line, re.DOTALL):
            facts = found.groupdict()
            if "sentence" in facts:
                facts["sentence"] = _said(facts["sentence"], templates)
            return say(template, **facts)
    return line
