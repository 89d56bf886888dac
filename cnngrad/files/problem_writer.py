"""Problem files and answers, written so that a person can read them."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..core.conventions import ARTICLE, PROFILES, REQUIRED
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.settings import Setting


def problem_text(problem: Problem, note: str = "") -> str:
    """A problem file that `read_problem` reads back.

    Parameters
    ----------
    problem
        What is asked; settings that are as they are anyway are left out.
    note
        A remark for people, which the program passes over.
    """
    data: dict[str, Any] = {"op": problem.op}
    if problem.title:
        data["title"] = problem.title
    if note:
        data["note"] = note
    like = problem.settings.get("like", ARTICLE)
    kinds = problem.kinds_of(problem.settings)
    for setting in problem.options:
        value = problem.settings[setting.name]
        profile = ARTICLE if setting.name == "like" else like
        usual = PROFILES[profile].value(setting.name, kinds, setting.default)
        if value is not None and (
            usual == REQUIRED or value != _read(setting, usual, problem.dims)
        ):
            data[setting.name] = str(value) if isinstance(value, Fraction) else value
    if "mode" in problem.settings:
        data["mode"] = problem.settings["mode"]
    for operand in problem.operands:
        if operand.name in problem.given:
            data[operand.key] = _cells(problem.given_in_layout[operand.name])
    return _object(data)


def _read(setting: Setting, value: object, dims: int) -> object:
    return None if value is None else setting.read(value, dims)


def answer_text(results: Mapping[str, Array]) -> str:
    """An answer as a student could hand it in; fractions stand as "5/8"."""
    return _object({name: _cells(array) for name, array in results.items()})


def _cells(array: Array) -> Any:
    if array.ndim > 1:
        return [_cells(part) for part in array]
    return [str(cell) if isinstance(cell, Fraction) else cell for cell in array.tolist()]


def _object(data: Mapping[str, Any]) -> str:
    lines = [f"  {json.dumps(key)}: {_value(value, '  ')}" for key, value in data.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _value(value: Any, indent: str) -> str:
    """Nested lists with one line for each row."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        inner = ",\n".join(f"{indent}  {_value(part, indent + '  ')}" for part in value)
        return f"[\n{inner}\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
