"""The house: who may import whom, and what each command loads."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from cnngrad.cli.app import COMMANDS

PACKAGE = ROOT / "cnngrad"
FLOW = [
    "signs",
    "plural",
    "errors",
    "exact",
    "notation",
    "numerals",
    "tracing",
    "shapes",
    "settings",
    "problem",
    "functions",
    "layer",
    "update",
    "engine",
    "ops",
    "explain",
    "files",
    "network",
    "gradcheck",
    "homework",
    "views",
    "cli",
]
"""A module imports only from what stands before it, or from its own room."""

LAZY_DOORS = {("tracing", "views"), ("problem", "views")}
"""Imports inside `_repr_html_`: an object shows itself in a notebook, where views are wanted."""


def imports(path: Path, top_level_only: bool = False):
    """(room, line) for each import of this package; outside packages as ("rich", line)."""
    here = [*path.relative_to(ROOT).with_suffix("").parts]
    if here[-1] == "__init__":
        here.append("")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = here[: -node.level] if node.level else []
            full = [*base, *(node.module.split(".") if node.module else [])]
            if full[:1] == ["cnngrad"]:
                names = [full[1]] if len(full) > 1 else [name.name for name in node.names]
                for name in names:
                    yield f"cnngrad.{name}", node.lineno
            elif full:
                yield full[0], node.lineno


def rooms():
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room not in ("__init__", "__main__"):
            yield room, path


def test_every_room_has_its_place_in_the_flow():
    assert {room for room, _ in rooms()} <= set(FLOW)


def test_data_flows_one_way():
    against = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for room, path in rooms()
        for name, line in imports(path)
        if name.startswith("cnngrad.") and (target := name.removeprefix("cnngrad.")) in FLOW
        if FLOW.index(target) > FLOW.index(room) and (room, target) not in LAZY_DOORS
    ]
    assert against == []


def test_an_operation_never_imports_another():
    registry = PACKAGE / "ops" / "__init__.py"
    for path in (PACKAGE / "ops").glob("*.py"):
        if path != registry:
            source = path.read_text(encoding="utf-8")
            others = {p.stem for p in path.parent.glob("*.py")} - {"__init__"}
            tree = ast.parse(source)
            own = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level == 1]
            assert not [n for n in own if n.module in others], path


@pytest.mark.parametrize(
    ("package", "at_home"),
    [
        ("rich", {"views", "cli"}),
        ("typer", {"cli"}),
        ("textual", {"views"}),
        ("distributed", {"homework"}),
        ("PIL", {"views"}),
    ],
)
def test_outside_packages_stay_where_they_belong(package, at_home):
    found = {room for room, path in rooms() if package in {name for name, _ in imports(path)}}
    assert found <= at_home


HEAVY = ("numpy", "rich", "textual", "distributed", "PIL", "pydantic", "multiprocessing", "asyncio")

MATRICES = "--input", "0 1; 2 3", "--kernel", "1", "--dz", "1 2; 3 4"


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["--version"], set()),
        (["--help"], set()),
        *(([command, "--help"], set()) for command in COMMANDS),
        (["conv-backward", *MATRICES], {"numpy"}),
        (["conv-backward", *MATRICES, "--format", "json"], {"numpy"}),
        (["example"], {"numpy"}),
    ],
)
def test_a_command_loads_only_what_it_needs(arguments, allowed):
    program = (
        "import sys; from cnngrad.cli import main; main(sys.argv[1:]);"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert set(run.stderr.split()) <= allowed


def test_importing_the_package_loads_no_rich():
    program = "import sys, cnngrad; print('rich' in sys.modules, 'typer' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False False\n"


def test_every_public_name_can_be_imported():
    import cnngrad

    for name in cnngrad.__all__:
        assert getattr(cnngrad, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cnngrad.nothing
