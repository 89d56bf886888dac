"""Sentences for people stand whole, where a translator finds them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from cnngrad.core import errors

PACKAGE = ROOT / "cnngrad"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CnngradError)
}
PARTS = ("fact", "where", "found", "expected", "fix")
"""What an error says to people, by the names of its parameters."""


def called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2,}", text))


def glued(node: ast.AST) -> Iterator[ast.AST]:
    """Where a text is put together of pieces."""
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr):
            if has_words("".join(v.value for v in part.values if isinstance(v, ast.Constant))):
                yield part
        elif isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Add, ast.Mod)):
            if is_text(part.left) or is_text(part.right):
                yield part
        elif isinstance(part, ast.Call) and called(part) in ("format", "join"):
            mark = part.func.value if isinstance(part.func, ast.Attribute) else None
            sign = mark.value.strip() if isinstance(mark, ast.Constant) else ""
            if called(part) == "format" or has_words(sign) or sign in (",", ";"):
                yield part


def is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and called(node) == "say")


def raw(node: ast.AST) -> Iterator[ast.AST]:
    """Words that no `say` stands around."""
    if isinstance(node, ast.Call) and called(node) in ("say", "message"):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and has_words(node.value):
        yield node
    if isinstance(node, (ast.IfExp, ast.BoolOp, ast.BinOp, ast.JoinedStr)):
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.IfExp) and child is node.test):
                yield from raw(child)


def faults(path: Path) -> list[str]:
    found = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Assign):
            target = call.targets[0]
            if isinstance(target, ast.Attribute) and target.attr in PARTS:
                bad = [*glued(call.value), *raw(call.value)]
                found += [f"{path.relative_to(ROOT)}:{call.lineno}" for _ in bad]
        if not isinstance(call, ast.Call):
            continue
        name = called(call)
        if name in ("say", "message"):
            spoken: list[ast.AST] = [*call.args, *(word.value for word in call.keywords)]
            wrong = [part for node in spoken for part in glued(node)]
        elif name in ERRORS:
            words = [w.value for w in call.keywords if w.arg in PARTS]
            spoken = [*call.args[:1], *words]
            wrong = [part for node in spoken for part in (*glued(node), *raw(node))]
        elif name in ("Option", "Argument", "Setting", "Operand"):
            spoken = [word.value for word in call.keywords if word.arg == "help"]
            wrong = [part for node in spoken for part in (*glued(node), *raw(node))]
        elif name in ("note", "tell", "busy", "progress"):
            spoken = call.args[2:3] if name == "progress" else call.args[:1]
            wrong = [part for node in spoken for part in (*glued(node), *raw(node))]
        elif name == "format" and isinstance(call.func, ast.Attribute):
            wrong = [] if path.name == "text.py" else [call]
        else:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{part.lineno}: {ast.unparse(part):.70}" for part in wrong
        ]
    return sorted(set(found))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_sentence_is_glued(path):
    assert faults(path) == []
